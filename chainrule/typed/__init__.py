"""Formulas as text, in the notation of matrixcalculus.org and of NumPy: a grammar of our own, nothing evaluated."""

from chainrule.typed.errors import FormulaError as FormulaError
from chainrule.typed.formula import Formula as Formula
from chainrule.typed.formula import read_formula as read_formula
from chainrule.typed.problem import TypedProblem as TypedProblem
from chainrule.typed.problem import read_problem as read_problem
