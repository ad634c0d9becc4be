"""The derivative of a typed formula, with its evidence, its steps and its code."""

from chainrule.diff.engine import Derived as Derived
from chainrule.diff.engine import derived as derived
