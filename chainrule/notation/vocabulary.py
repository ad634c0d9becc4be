"""The words of a formula: symbols, functions, derivatives. Each builds one node and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import NotationError, ShapeError

from .dims import as_dim
from .nodes import (
    BOUND,
    Add,
    Apply,
    Counted,
    Delta,
    Deriv,
    Eye,
    Indicator,
    Kron,
    Let,
    Letter,
    Node,
    Number,
    Op,
    Position,
    Recurrence,
    Reduce,
    Softmax,
    Var,
    as_node,
    given_name,
    make_var,
    polygamma_name,
)
from .properties import declared


# --- symbols ---------------------------------------------------------------------------------------
def scalar(name: str, **properties: bool) -> Var:
    """A real number: scalar("lam", positive=True)."""
    return tensor(name, **properties)


def vector(name: str, n: object, **properties: bool) -> Var:
    """A column of n real numbers."""
    return tensor(name, n, **properties)


def matrix(name: str, m: object, n: object, **properties: bool) -> Var:
    """An m by n matrix: matrix("A", n, n, symmetric=True)."""
    return tensor(name, m, n, **properties)


def tensor(name: str, *shape: object, **properties: bool) -> Var:
    """An array with any number of axes; the last two are the matrix, those before them a batch."""
    sizes = tuple(as_dim(d) for d in shape)
    return make_var(given_name(name), sizes, declared(name, sizes, properties))


def let(name: str, value: object) -> Let:
    """A name for a formula: A = let("A", X.T @ X + lam * I(p))."""
    return Let(Str(name), as_node(value))


# --- numbers ---------------------------------------------------------------------------------------
def rational(p: int, q: int = 1) -> Number:
    """The exact number p/q."""
    return Number(sp.Rational(p, q), sp.Tuple())


pi = Number(sp.pi, sp.Tuple())
"""The circle's number."""


def I(n: object) -> Eye:  # noqa: E743
    """The identity matrix of size n."""
    return Eye(as_dim(n))


def ones(*shape: object) -> Number:
    """All ones."""
    return Number(sp.Integer(1), sp.Tuple(*(as_dim(d) for d in shape)))


def zeros(*shape: object) -> Number:
    """All zeros."""
    return Number(sp.Integer(0), sp.Tuple(*(as_dim(d) for d in shape)))


def delta(i: Counted, j: Counted) -> Delta | Indicator:
    """1 where i = j, else 0."""
    if isinstance(i, Letter) and isinstance(j, Letter):
        return Delta(i, j)
    return Indicator(Str("zero"), i - j)


def position(t: Counted) -> Position:
    """An index, or a place made from indices, as a number; it counts from 0."""
    return Position(t)


# --- functions, entry by entry ---------------------------------------------------------------------
def _elementwise(name: str, formula: str) -> Callable[[object], Apply]:
    def function(x: object) -> Apply:
        return Apply(Str(name), as_node(x))

    function.__name__ = name
    function.__doc__ = f"{formula}, entry by entry."
    return function


exp = _elementwise("exp", "e^x")
log = _elementwise("log", "natural logarithm; obligation x > 0")
sin = _elementwise("sin", "sine")
cos = _elementwise("cos", "cosine")
tan = _elementwise("tan", "tangent; obligation cos x != 0")
asin = _elementwise("asin", "inverse sine; obligation -1 < x < 1")
acos = _elementwise("acos", "inverse cosine; obligation -1 < x < 1")
atan = _elementwise("atan", "inverse tangent")
sinh = _elementwise("sinh", "hyperbolic sine")
cosh = _elementwise("cosh", "hyperbolic cosine")
tanh = _elementwise("tanh", "hyperbolic tangent")
sigmoid = _elementwise("sigmoid", "1 / (1 + e^-x)")
softplus = _elementwise("softplus", "log(1 + e^x)")
relu = _elementwise("relu", "max(x, 0); relu'(0) = 0")
step = _elementwise("step", "1 for x > 0, else 0")
abs_ = _elementwise("abs", "|x|; abs'(0) = 0")
sign = _elementwise("sign", "x / |x|, 0 at 0")
sqrt = _elementwise("sqrt", "square root; obligation x >= 0")
erf = _elementwise("erf", "2/sqrt(pi) times the integral of e^(-t^2) from 0 to x")
lgamma = _elementwise("lgamma", "log of the integral of t^(x-1) e^-t over t > 0; obligation x > 0")
digamma = _elementwise("digamma", "lgamma'(x), the slope of log Gamma; obligation x > 0")
trigamma = _elementwise("trigamma", "digamma'(x) = 1/x^2 + 1/(x+1)^2 + ...; obligation x > 0")
log_bessel0 = _elementwise("log_bessel0", "log I_0(x), I_0 the mean of e^(x cos t) over a turn of t")
bessel_ratio = _elementwise("bessel_ratio", "I_1(x) / I_0(x), the slope of log I_0; its derivative asks for x != 0")


def polygamma(order: int, x: object) -> Apply:
    """The derivative of digamma of this order, a constant: digamma, trigamma, polygamma2, ...; obligation x > 0."""
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise NotationError(f"the order of a polygamma function is 0, 1, 2, ...; {order!r} is none of them")
    return Apply(Str(polygamma_name(order)), as_node(x))


# --- along axes ------------------------------------------------------------------------------------
def _reduce(kind: str, x: object, axis: int | tuple[int, ...] | None) -> Reduce:
    node = as_node(x)
    axes = tuple(range(node.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    return Reduce(Str(kind), node, sp.Tuple(*sorted(a % node.ndim if node.ndim else a for a in axes)))


def total(x: object, axis: int | tuple[int, ...] | None = None) -> Reduce:
    """The sum of all entries, or over an axis (NumPy's sum; the name `sum` is Python's)."""
    return _reduce("sum", x, axis)


def logsumexp(x: object, axis: int | tuple[int, ...] | None = None) -> Reduce:
    """log sum exp(x), over all entries or an axis."""
    return _reduce("logsumexp", x, axis)


def maximum(x: object, axis: int | tuple[int, ...] | None = None) -> Reduce:
    """The largest entry, of all or along an axis; at a tie the derivative is the first one's."""
    return _reduce("max", x, axis)


def softmax(x: object, axis: int = -1) -> Softmax:
    """exp(x) / sum exp(x) along an axis."""
    node = as_node(x)
    if not node.ndim:
        raise ShapeError(f"softmax asks for at least one axis; {node.described()} has none")
    return Softmax(node, sp.Integer(axis % node.ndim))


# --- matrices --------------------------------------------------------------------------------------
def _op(kind: str, x: object) -> Op:
    return Op(Str(kind), as_node(x))


def inv(x: object) -> Op:
    """The inverse; obligation: x is invertible."""
    return _op("inv", x)


def trace(x: object) -> Op:
    """The sum of the diagonal."""
    return _op("trace", x)


def det(x: object) -> Op:
    """The determinant."""
    return _op("det", x)


def logdet(x: object) -> Op:
    """log of the determinant; obligation: det x > 0."""
    return _op("logdet", x)


def diag(x: object) -> Op:
    """The diagonal matrix of a vector."""
    return _op("diag", x)


def diagof(x: object) -> Op:
    """The diagonal of a matrix, as a vector."""
    return _op("diagof", x)


def sqnorm(x: object) -> Op:
    """The sum of the squares of all entries."""
    return _op("sqnorm", x)


def norm(x: object) -> Op:
    """The root of the sum of squares of all entries; its derivative asks for x != 0."""
    return _op("norm", x)


def nuclear(x: object) -> Op:
    """The sum of the singular values of a matrix (m, n). It has no derivative here: there is none where one is 0."""
    return _op("nuclear", x)


def dot(x: object, y: object) -> Node:
    """x'y, the sum of the products of two vectors' entries."""
    return as_node(x).T @ as_node(y)


def outer(x: object, y: object) -> Node:
    """x y', the matrix of all products of two vectors' entries."""
    return as_node(x) @ as_node(y).T


def kron(a: object, b: object) -> Kron:
    """The Kronecker product of two matrices."""
    return Kron(as_node(a), as_node(b))


# --- derivatives, not yet taken --------------------------------------------------------------------
def grad(f: object, x: Node) -> Deriv:
    """The gradient of a scalar: the shape of x. For a symmetric x it is the symmetric projection (G + G')/2."""
    return Deriv(Str("grad"), as_node(f), x)


def jacobian(f: object, x: Node) -> Deriv:
    """The derivative: the axes of f, then those of x."""
    return Deriv(Str("jacobian"), as_node(f), x)


def hessian(f: object, x: Node) -> Deriv:
    """The second derivative of a scalar: the axes of x, twice."""
    return Deriv(Str("hessian"), as_node(f), x)


def vjp(f: object, x: Node, v: object) -> Deriv:
    """The vector-Jacobian product: the gradient of <v, f(x)> with v held fixed."""
    return Deriv(Str("vjp"), as_node(f), x, as_node(v))


def second_variation(f: object, along: Mapping[Var, Node]) -> Node:
    """The second derivative of a scalar along a line, d^2/dt^2 f(x + tv) at t = 0, for all x with their v at once."""
    return _variation(_variation(as_node(f), along), along)


def _variation(f: Node, along: Mapping[Var, Node]) -> Node:
    """The sum over all variables of <grad f, v>."""
    slopes = [grad(f, x) * v if x.ndim == 0 else total(grad(f, x) * v) for x, v in along.items()]
    return reduce(Add, slopes)


# --- recurrences -----------------------------------------------------------------------------------
def recur(
    steps: Mapping[Var, object],
    starts: Mapping[Var, object],
    *,
    along: Mapping[Var, object] | None = None,
    length: object = None,
    backwards: bool = False,
) -> Any:
    """The states after each step of s = step(s, x[t]), t = 0, 1, ..., T - 1, from s = start: an axis of t first.

        H = recur({h: tanh(W @ h + U @ x + b)}, {h: h0}, along={x: X})        H[t] = tanh(W @ H[t-1] + U @ X[t] + b)

    `along` says which array a symbol of the steps runs through; without one, give the `length`. Backwards, t runs from
    T - 1 down to 0. Of several states, one array each, in the order of `steps`.
    """
    found = _recurrence("after", steps, starts, along or {}, length, backwards)
    return found[0] if len(found) == 1 else found


def before(after: Node) -> Node:
    """The states before each step of a recurrence, whose states after each step are given: H[t-1], at the first t the
    start. A name in front is looked through."""
    inside = after
    while isinstance(inside, Let):
        inside = inside.value
    if not isinstance(inside, Recurrence):
        raise NotationError(f"before asks for the states of a recurrence; {after.described()} are none")
    args = list(inside.args)
    args[1] = Str("before")
    return Recurrence(*args)


def _recurrence(
    when: str,
    steps: Mapping[Var, object],
    starts: Mapping[Var, object],
    along: Mapping[Var, object],
    length: object,
    backwards: bool,
) -> tuple[Recurrence, ...]:
    if not steps or set(steps) != set(starts):
        raise NotationError("a recurrence has a step and a start for each of its states")
    symbols = [*steps, *along]
    if any(not isinstance(s, Var) or s.declared for s in symbols) or len(set(symbols)) < len(symbols):
        raise NotationError("the states and inputs of a recurrence are symbols of which nothing is declared, each once")
    inputs = [as_node(x) for x in along.values()]
    first = next((x.shape[0] for x in inputs if x.ndim), None)
    many = as_dim(length) if length is not None else first
    if many is None:
        raise NotationError("a recurrence without inputs needs a length")
    bound = {s: Var(s.args[0], s.args[1], sp.Tuple(Str(BOUND))) for s in symbols}
    made = [as_node(step).xreplace(bound) for step in steps.values()]
    begun = [as_node(starts[s]) for s in steps]
    direction = Str("backwards" if backwards else "forwards")
    rest = (
        sp.Tuple(*(bound[s] for s in steps)),
        sp.Tuple(*made),
        sp.Tuple(*begun),
        sp.Tuple(*(bound[s] for s in along)),
        sp.Tuple(*inputs),
        many,
        direction,
    )
    return tuple(Recurrence(sp.Integer(k), Str(when), *rest) for k in range(len(made)))
