"""To SymPy and back: scalars and elementwise formulas become expressions, matrices become SymPy's matrix expressions.

Everything is built unevaluated, so that nothing is rewritten on the way. A vector (n,) is an n by 1 matrix there.
What SymPy has no counterpart for raises Unsupported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from chainrule.errors import Unsupported

from .dims import as_dim
from .nodes import (
    Add,
    Apply,
    Div,
    Eye,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Size,
    Transpose,
    Var,
    as_node,
    given_name,
    make_var,
    polygamma_name,
    polygamma_order,
)
from .vocabulary import rational

FUNCTIONS: dict[str, Callable[..., sp.Expr]] = {
    name: getattr(sp, name)
    for name in ["exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "erf", "sign"]
} | {"abs": sp.Abs, "lgamma": sp.loggamma}
COMPOSED: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "sqrt": lambda x: sp.Pow(x, sp.Rational(1, 2), evaluate=False),
    "sigmoid": lambda x: _over(sp.Integer(1), _sum(sp.Integer(1), sp.exp(_minus(x), evaluate=False))),
    "softplus": lambda x: sp.log(_sum(sp.Integer(1), sp.exp(x, evaluate=False)), evaluate=False),
    "relu": lambda x: sp.Max(x, sp.Integer(0), evaluate=False),
}
"""What SymPy spells with other functions; these come back as what they are made of."""


def to_sympy(node: Node) -> sp.Basic:
    """The formula as a SymPy expression: a scalar as an Expr, anything with axes as a MatrixExpr."""
    match node:
        case Var():
            return _symbol(node)
        case Let():
            return to_sympy(node.value)
        case Number() | Size() | Eye():
            return _constant(node)
        case Add() | Neg() | Mul() | Div() | Pow() | Apply():
            return _scalar(node) if node.ndim == 0 else _matrix_arithmetic(node)
        case MatMul():
            return _product(node)
        case Transpose():
            inner = to_sympy(node.args[0])
            return inner if node.ndim == 0 else sp.Transpose(inner)
        case Op():
            return _op(node)
        case Kron():
            return sp.KroneckerProduct(*(to_sympy(a) for a in node.args))
    raise Unsupported(f"SymPy has no counterpart for {type(node).__name__} in {node}")


def _symbol(node: Var) -> sp.Basic:
    if node.ndim == 0:
        known: dict[str, bool] = {k: True for k in ("positive", "nonnegative") if k in node.properties}
        if {"nonzero", "nonzero_entries"} & node.properties:
            known["zero"] = False
        return sp.Symbol(node.name, real=True, **known)
    return sp.MatrixSymbol(node.name, *_sizes(node))


def _sizes(node: Node) -> tuple[sp.Expr, sp.Expr]:
    """Rows and columns; a column has one column, a row one row."""
    if node.ndim > 2:
        raise Unsupported(f"SymPy has no counterpart for {node.described()}: it has more than two axes")
    if node.ndim == 1:
        return (sp.Integer(1), node.shape[0]) if node.row else (node.shape[0], sp.Integer(1))
    return node.shape[0], node.shape[1]


def _constant(node: Node) -> sp.Basic:
    if isinstance(node, Size):
        return node.dim
    if isinstance(node, Eye):
        return sp.Identity(node.shape[0])
    if not node.shape:
        return node.value
    filled = {sp.Integer(0): sp.ZeroMatrix, sp.Integer(1): sp.OneMatrix}
    if node.value not in filled:
        raise Unsupported(f"SymPy has no matrix filled with {node}")
    return filled[node.value](*_sizes(node))


def _sum(*terms: sp.Expr) -> sp.Expr:
    return sp.Add(*terms, evaluate=False)


def _minus(x: sp.Expr) -> sp.Expr:
    return sp.Mul(sp.Integer(-1), x, evaluate=False)


def _over(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    return sp.Mul(a, sp.Pow(b, sp.Integer(-1), evaluate=False), evaluate=False)


def _scalar(node: Node) -> sp.Expr:
    if isinstance(node, Apply):
        return _function(node.function)(to_sympy(node.args[1]))
    parts = [to_sympy(a) for a in node.args]
    match node:
        case Add():
            return _sum(*parts)
        case Neg():
            return _minus(parts[0])
        case Mul():
            return sp.Mul(*parts, evaluate=False)
        case Div():
            return _over(*parts)
        case Pow():
            return sp.Pow(*parts, evaluate=False)
    raise Unsupported(f"SymPy has no counterpart for {type(node).__name__} in {node}")


def _function(name: str) -> Callable[[sp.Expr], sp.Expr]:
    if name in FUNCTIONS:
        return lambda x: FUNCTIONS[name](x, evaluate=False)
    if name in COMPOSED:
        return COMPOSED[name]
    order = polygamma_order(name)
    if order is not None:
        return lambda x: sp.polygamma(order, x, evaluate=False)
    raise Unsupported(f"SymPy has no counterpart for the function {name}")


def _matrix_arithmetic(node: Node) -> sp.MatrixExpr:
    """Sums, scalar multiples, entrywise products and entrywise functions of matrices of one shape."""
    if isinstance(node, Apply):
        t = sp.Dummy("t")
        return ElementwiseApplyFunction(sp.Lambda(t, _function(node.function)(t)), to_sympy(node.args[1]))
    if isinstance(node, Neg):
        return sp.MatMul(sp.Integer(-1), to_sympy(node.args[0]), evaluate=False)
    a, b = node.args
    if isinstance(node, Pow):
        return sp.HadamardPower(to_sympy(a), to_sympy(b))
    if isinstance(node, (Mul, Div)) and b.ndim == 0:
        factor = to_sympy(b) if isinstance(node, Mul) else sp.Pow(to_sympy(b), sp.Integer(-1), evaluate=False)
        return sp.MatMul(factor, to_sympy(a), evaluate=False)
    if isinstance(node, Mul) and a.ndim == 0:
        return sp.MatMul(to_sympy(a), to_sympy(b), evaluate=False)
    if a.shape != b.shape:
        raise Unsupported(f"SymPy does not broadcast {a.described()} and {b.described()}")
    left, right = to_sympy(a), to_sympy(b)
    match node:
        case Add():
            return sp.MatAdd(left, right, evaluate=False)
        case Mul():
            return sp.HadamardProduct(left, right)
        case Div():
            return sp.HadamardProduct(left, sp.HadamardPower(right, sp.Integer(-1)))
    raise Unsupported(f"SymPy has no counterpart for {type(node).__name__} in {node}")


def _product(node: MatMul) -> sp.Basic:
    """A matrix product; one that is a scalar here is the entry of a 1 by 1 matrix there."""
    a, b = (to_sympy(x) for x in node.args)
    if node.args[0].ndim == 1 and not node.args[0].row and not node.args[1].row:
        a = sp.Transpose(a)
    whole = sp.MatMul(a, b, evaluate=False)
    if node.ndim == 1 and not node.row and whole.shape[0] == 1 and node.args[0].ndim == 1:
        return sp.Transpose(whole)
    return sp.Trace(whole) if node.ndim == 0 else whole


def _op(node: Op) -> sp.Basic:
    x = node.args[1]
    if x.ndim == 0 or x.ndim > 2:
        raise Unsupported(f"SymPy has no counterpart for {node}")
    inner = to_sympy(x)
    match node.kind:
        case "inv":
            return sp.Inverse(inner)
        case "trace":
            return sp.Trace(inner)
        case "det":
            return sp.Determinant(inner)
        case "logdet":
            return sp.log(sp.Determinant(inner), evaluate=False)
        case "diag":
            return sp.DiagMatrix(inner)
        case "diagof":
            return sp.DiagonalOf(inner)
        case "sqnorm":
            return _square(inner)
        case "norm":
            return sp.Pow(_square(inner), sp.Rational(1, 2), evaluate=False)
    raise Unsupported(f"SymPy has no counterpart for {node.kind}")


def _square(x: sp.MatrixExpr) -> sp.Expr:
    return sp.Trace(sp.MatMul(sp.Transpose(x), x, evaluate=False))


# --- and back --------------------------------------------------------------------------------------
def from_sympy(expr: sp.Basic, symbols: Mapping[str, Node] | None = None) -> Node:
    """The formula of a SymPy expression. `symbols` gives formulas for names; other names become symbols with the
    properties that SymPy knows (positive, nonnegative, nonzero)."""
    known = symbols or {}
    name = str(getattr(expr, "name", ""))
    if isinstance(expr, (sp.Symbol, sp.MatrixSymbol)):
        return known[name] if name in known else _declare(expr)
    if isinstance(expr, (sp.Rational, sp.NumberSymbol)):
        return _number(expr)
    if isinstance(expr, ElementwiseApplyFunction):
        return _entrywise(expr, known)
    parts = [from_sympy(a, known) for a in expr.args] if not isinstance(expr, _CONSTANT) else []
    match expr:
        case sp.Add() | sp.MatAdd():
            return _fold(Add, parts)
        case sp.MatMul():  # before Mul, of which it is a subclass
            return _matrix_product(parts)
        case sp.Mul():
            return _scalar_product(expr, known)
        case sp.Pow():
            return _power(expr, parts)
        case sp.Transpose():
            return Transpose(parts[0])
        case sp.Inverse():
            return Op(Str("inv"), parts[0])
        case sp.HadamardProduct():
            return _fold(Mul, parts)
        case sp.HadamardPower():
            return Pow(*parts)
        case sp.KroneckerProduct():
            return _fold(Kron, parts)
        case sp.Identity():
            return Eye(as_dim(expr.shape[0]))
        case sp.ZeroMatrix() | sp.OneMatrix():
            value = sp.Integer(0 if isinstance(expr, sp.ZeroMatrix) else 1)
            return Number(value, sp.Tuple(*_shape(expr)))
    return _function_back(expr, parts)


_CONSTANT = (sp.Identity, sp.ZeroMatrix, sp.OneMatrix)


def _declare(expr: Any) -> Var:
    shape = _shape(expr) if isinstance(expr, sp.MatrixSymbol) else ()
    if isinstance(expr, sp.MatrixSymbol):
        return make_var(given_name(str(expr.name)), shape, ())
    if expr.is_real is False:
        raise Unsupported(f"{expr} is not real; a symbol here is a real number")
    flag = "positive" if expr.is_positive else "nonnegative" if expr.is_nonnegative else ""
    return make_var(given_name(expr.name), (), (flag or "nonzero",) if flag or expr.is_nonzero else ())


def _shape(expr: Any) -> tuple[sp.Expr, ...]:
    """A matrix with one column is a vector."""
    rows, columns = expr.shape
    return (rows,) if columns == 1 else (rows, columns)


def _number(expr: sp.Expr) -> Node:
    if isinstance(expr, sp.Rational) or expr in (sp.pi, sp.E):
        return Number(expr, sp.Tuple())
    raise Unsupported(f"{expr} is no number here; there are fractions, pi and e")


def _entrywise(expr: ElementwiseApplyFunction, known: Mapping[str, Node]) -> Node:
    """A function of one variable, entry by entry."""
    (variable,), body = expr.function.variables, expr.function.expr
    inner = from_sympy(expr.expr, known)
    simple = from_sympy(body, {variable.name: make_var(variable.name, (), ())})
    if isinstance(simple, Apply) and isinstance(simple.args[1], Var):
        return Apply(simple.args[0], inner)
    raise Unsupported(f"there is no node for {expr}; only a single function is taken entry by entry")


def _fold(kind: Callable[[Node, Node], Node], parts: list[Node]) -> Node:
    """Left to right."""
    whole = parts[0]
    for part in parts[1:]:
        whole = kind(whole, part)
    return whole


def _scalar_product(expr: sp.Mul, known: Mapping[str, Node]) -> Node:
    """A product; the factors with a negative power go below a fraction, a factor -1 is a minus."""
    above, below = [], []
    for factor in expr.args:
        if isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp.is_negative:
            below.append(factor.base if factor.exp == -1 else sp.Pow(factor.base, -factor.exp, evaluate=False))
        else:
            above.append(factor)
    negative = len(expr.args) > 1 and bool(above) and above[0] == -1
    above = above[1:] if negative else above
    top = _fold(Mul, [from_sympy(a, known) for a in above]) if above else as_node(1)
    whole = Div(top, _fold(Mul, [from_sympy(b, known) for b in below])) if below else top
    return Neg(whole) if negative else whole


def _matrix_product(parts: list[Node]) -> Node:
    if parts[0] == as_node(-1) and len(parts) > 1:
        return Neg(_matrix_product(parts[1:]))
    if isinstance(parts[0], Div) and parts[0].args[0] == as_node(1) and len(parts) > 1:
        return Div(_matrix_product(parts[1:]), parts[0].args[1])
    whole = parts[0]
    for part in parts[1:]:
        whole = Mul(whole, part) if whole.ndim == 0 or part.ndim == 0 else MatMul(whole, part)
    return whole


def _power(expr: sp.Pow, parts: list[Node]) -> Node:
    if expr.base == sp.E:
        return Apply(Str("exp"), parts[1])
    if expr.exp == sp.Rational(1, 2):
        return Apply(Str("sqrt"), parts[0])
    return Div(as_node(1), parts[0]) if expr.exp == -1 else Pow(*parts)


def _function_back(expr: sp.Basic, parts: list[Node]) -> Node:
    names = {kind: name for name, kind in FUNCTIONS.items()}
    if type(expr) in names:
        return Apply(Str(names[type(expr)]), parts[0])
    if isinstance(expr, sp.polygamma) and expr.args[0].is_Integer:
        return Apply(Str(polygamma_name(int(expr.args[0]))), parts[1])
    ops = {sp.Determinant: "det", sp.DiagMatrix: "diag", sp.DiagonalOf: "diagof"}
    if type(expr) in ops:
        return Op(Str(ops[type(expr)]), parts[0])
    if isinstance(expr, sp.Trace):
        return parts[0] if parts[0].ndim == 0 else Op(Str("trace"), parts[0])
    if isinstance(expr, sp.Max) and len(parts) == 2 and rational(0) in parts:
        return Apply(Str("relu"), parts[0] if parts[1] == rational(0) else parts[1])
    raise Unsupported(f"there is no node for {type(expr).__name__} in {expr}")
