"""Where a function is lowest: solved where it can be, with the derivations that show it; else Newton's step as code."""

from chainrule.optimality.door import minimise as minimise
from chainrule.optimality.optimum import Optimum as Optimum
