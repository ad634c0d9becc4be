"""The hand-written function read as mathematics, where that is certain.

First over the symbols that its parameters mean (code_reader), and shown only if it is, in exact worlds, the formula
that the function was compared with. Else by latexify, where its syntax is among what latexify reads rightly: it prints
A*B and A@B alike, drops receivers and axis=, and knows no attribute, so only one `return` of sums, quotients,
constant powers, one kind of product and a few functions of one argument passes. Everything else is left out.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from chainrule.agreement.problem import problem_of
from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence, Verdict
from chainrule.limits import within
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Agreement, Relation
from chainrule.worlds.examine import examine
from chainrule.worlds.outcome import Outcome

from . import formulas
from .code_reader import Reading, reading
from .model import Math, Text, Words

FUNCTIONS = frozenset({"exp", "log", "sqrt", "tanh", "sin", "cos", "tan", "abs"})


SECONDS = 2.0
"""How long a reading may be held against its formula."""


def shown(item: Agreement, verdict: Verdict) -> Math | Text | None:
    """name(parameters) = formula, where its names are what they are; None where no reading is certain."""
    if verdict.evidence is Evidence.REFUTED:
        return None
    try:
        parameters = problem_of(item).parameters
    except ChainruleError:
        return None
    found = reading(item.function, parameters)
    if found is not None and _is(found.value, item):
        return _said(item.function.__name__, [_inline(p) for p in parameters.values()], found)
    read = formula(item.function)
    return formulas.raw(*read) if read else None


def _is(read: Node, item: Agreement) -> bool:
    """Whether the reading is the formula, in every world that was tried."""
    if read.shape != item.formula.shape:
        return False
    try:
        seen = within(SECONDS, lambda: examine(Relation(item.formula, "=", read), item.given))
    except ChainruleError:
        return False
    return seen.outcome in (Outcome.CERTIFIED, Outcome.SAMPLED)


def _inline(parameter: Any) -> Math:
    return formulas.inline(parameter) if isinstance(parameter, Node) else formulas.size(parameter)


def _said(name: str, parameters: list[Math], found: Reading) -> Text:
    escaped = name.replace("_", r"\_")
    left = formulas.raw(
        rf"\mathtt{{{escaped}}}(" + ", ".join(p.latex[0] for p in parameters) + ")",
        f'mono("{name}")(' + ", ".join(p.typst[0] for p in parameters) + ")",
    )
    said: list[Math | Words] = [formulas.related(left, "=", formulas.of(found.value))]
    for k, let in enumerate(found.names):
        said += [Words(", where " if k == 0 else "; "), formulas.definition(let)]
    return tuple(said)


def formula(function: Callable[..., Any]) -> tuple[str, str] | None:
    """The function as (TeX, Typst), or None where it is outside the whitelist."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    body = _single_return(tree)
    if body is None or not readable(body):
        return None
    import latexify

    latex = latexify.get_latex(function, use_math_symbols=True)
    return str(latex), _typst(tree.body[0], body)


def _single_return(tree: ast.Module) -> ast.expr | None:
    """The expression of a function that is a docstring and a return."""
    match tree.body:
        case [ast.FunctionDef(body=[ast.Return(value=ast.expr() as value)], decorator_list=[])]:
            return value
        case [
            ast.FunctionDef(
                body=[ast.Expr(ast.Constant(str())), ast.Return(value=ast.expr() as value)], decorator_list=[]
            )
        ]:
            return value
    return None


def readable(expression: ast.expr) -> bool:
    """Whether every part of an expression is of a kind that latexify prints rightly, with one meaning for a product."""
    operators = {type(n.op) for n in ast.walk(expression) if isinstance(n, ast.BinOp)}
    return not {ast.Mult, ast.MatMult} <= operators and _fine(expression)


def _fine(node: ast.expr) -> bool:
    match node:
        case ast.Name(name):
            return len(name.strip("_")) == len(name)
        case ast.Constant(value):
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case ast.UnaryOp(ast.USub(), operand):
            return _fine(operand)
        case ast.BinOp(base, ast.Pow(), exponent):
            return _fine(base) and isinstance(exponent, ast.Constant)
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Div() | ast.Mult() | ast.MatMult(), right):
            return _fine(left) and _fine(right)
        case ast.Call(ast.Attribute(ast.Name("np"), name), [argument], []):
            return name in FUNCTIONS and _fine(argument)
        case _:
            return False


# --- the same in Typst -------------------------------------------------------------------------------
GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "eta",
        "theta",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "chi",
        "psi",
        "omega",
    ]
)
ABOVE = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.MatMult: 2, ast.Div: 4, ast.Pow: 3}


def _typst(definition: ast.stmt, body: ast.expr) -> str:
    assert isinstance(definition, ast.FunctionDef)
    arguments = ", ".join(_name(a.arg) for a in definition.args.args)
    return f'mono("{definition.name}")({arguments}) = {_print(body, 0)}'


def _name(name: str) -> str:
    return name if len(name) == 1 or name in GREEK else f'"{name}"'


def _print(node: ast.expr, above: int) -> str:
    match node:
        case ast.Name(name):
            return _name(name)
        case ast.Constant(value):
            return str(value)
        case ast.UnaryOp(_, operand):
            shown = f"-{_print(operand, 2)}"
            return f"({shown})" if above > 1 else shown
        case ast.Call(ast.Attribute(_, name), [argument]):
            inside = _print(argument, 0)
            return {"sqrt": f"sqrt({inside})", "abs": f"abs({inside})"}.get(name, f"{name}({inside})")
        case ast.BinOp(left, ast.Div(), right):
            return f"frac({_print(left, 0)}, {_print(right, 0)})"
        case ast.BinOp(left, ast.Pow(), right):
            base = f"({_print(left, 0)})" if not isinstance(left, (ast.Name, ast.Constant)) else _print(left, 0)
            return f"{base}^({_print(right, 0)})"
        case ast.BinOp(left, operator, right):
            level = ABOVE[type(operator)]
            sign = {ast.Add: " + ", ast.Sub: " - "}.get(type(operator), " ")
            shown = _print(left, level) + sign + _print(right, level + 1)
            return f"({shown})" if level < above else shown
        case _:
            raise AssertionError("outside the whitelist")
