"""The laws of derivatives, one function each."""

from chainrule.laws.elementwise import ELEMENTWISE as ELEMENTWISE
from chainrule.laws.elementwise import slope_rule as slope_rule
from chainrule.laws.registry import Law as Law
from chainrule.laws.registry import all_laws as all_laws
from chainrule.laws.structure import STRUCTURE as STRUCTURE
