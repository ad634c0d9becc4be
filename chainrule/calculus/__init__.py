"""Derivatives on the DAG, and their way back into notation."""

from chainrule.calculus.reverse import differentiate as differentiate
from chainrule.calculus.reverse import jacobian as jacobian
