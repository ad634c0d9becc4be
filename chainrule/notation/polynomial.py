"""Is a formula, as it is written, a polynomial in a symbol, and of which degree at most?"""

from __future__ import annotations

from .nodes import (
    Add,
    At,
    Deriv,
    Div,
    Each,
    Expect,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Shifted,
    Subs,
    Sum,
    Transpose,
    Var,
)

LINEAR = ("trace", "diag", "diagof")


def degree(f: Node, x: Var) -> int | None:
    """A bound on the degree of f in x, None where f is not seen to be a polynomial. A derivative lowers no bound."""
    if x not in f.atoms(Var):
        return 0
    match f:
        case Var():
            return 1
        case Let():
            return degree(f.value, x)
        case Neg(args=(g,)) | Transpose(args=(g,)) | At(args=(g, *_)) | Shifted(args=(g, *_)) | Each(body=g):
            return degree(g, x)
        case Add(args=(g, h)):
            return _largest(degree(g, x), degree(h, x))
        case Mul(args=(g, h)) | MatMul(args=(g, h)) | Kron(args=(g, h)):
            return _total(degree(g, x), degree(h, x))
        case Div(args=(g, h)):
            return degree(g, x) if x not in h.atoms(Var) else None
        case Pow(args=(g, Number(value=k))) if k.is_Integer and k >= 0:
            return _times(degree(g, x), int(k))
        case Reduce(args=(_, g, _)) if f.kind == "sum":
            return degree(g, x)
        case Op(args=(_, g)) if f.kind in LINEAR:
            return degree(g, x)
        case Op(args=(_, g)) if f.kind == "sqnorm":
            return _times(degree(g, x), 2)
        case Sum():
            return _total(degree(f.body, x), *(degree(r.weight, x) for r in f.ranges if r.weight is not None))
        case Subs(args=(g, y, value)):
            return _composed(g, x, y, degree(value, x))
        case Deriv():
            return _total(degree(f.args[1], x), *(degree(v, x) for v in f.args[3:]))
        case Expect():
            return _composed(f.body, x, f.variable, _largest(degree(f.mean, x), degree(f.covariance, x)))
    return None


def _composed(f: Node, x: Var, y: Var, inner: int | None) -> int | None:
    """The degree in x where y is a polynomial in x of degree `inner`."""
    outer = 0 if y == x else degree(f, x)
    return outer if inner == 0 else _total(outer, _product(degree(f, y), inner))


def _largest(*degrees: int | None) -> int | None:
    known = [d for d in degrees if d is not None]
    return max(known, default=0) if len(known) == len(degrees) else None


def _total(*degrees: int | None) -> int | None:
    known = [d for d in degrees if d is not None]
    return sum(known) if len(known) == len(degrees) else None


def _product(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a * b


def _times(d: int | None, k: int) -> int | None:
    return _product(d, k)
