"""Derivatives on the DAG, and their way back into notation."""

from chainrule.calculus.readback import derivative as derivative
from chainrule.calculus.readback import read as read
from chainrule.calculus.readback import read_verified as read_verified
from chainrule.calculus.reverse import differentiate as differentiate
from chainrule.calculus.reverse import gradients as gradients
from chainrule.calculus.reverse import jacobian as jacobian
from chainrule.calculus.steps import steps as steps
