"""A formula as a combination of functions of one number, each with a coefficient in which the number does not stand.

    -log(2 pi v/u)/2 - u (x - mu)^2 / (2 v)  =  -log(2 pi v)/2  +  1/2 log(u)  -  (x - mu)^2/(2 v) u

The functions are what is to be known of u: powers, logarithms, whatever is made of u and numbers alone. Two densities
of u are of one family where their combinations are of the same functions. This is only another way to write a formula;
that it is the same formula is judged where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add

from chainrule.calculus import read
from chainrule.calculus.lengths import length
from chainrule.errors import Unsupported
from chainrule.notation.nodes import (
    Add,
    Apply,
    Div,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Transpose,
    Var,
    as_node,
)
from chainrule.notation.vocabulary import inv, log, logdet, total, trace
from chainrule.optimality.distribute import collected, shorter
from chainrule.optimality.problem import lower
from chainrule.optimality.words import over, scaled

Product = tuple[tuple[Node, int], ...]
"""Functions of the number, each with its power: ((log(u), 1),); nothing for a constant."""
Combination = dict[Product, Node]
CONSTANT: Product = ()
MOST = 4
"""The highest power of a sum that is multiplied out."""


def plain(formula: Node) -> Node:
    """What cancels cancelled, diag(v)^-1 as diag(1/v)."""
    return read(shorter(lower(formula)), (), (), [])


def gathered(formula: Node) -> Node:
    """The shorter of this and the same multiplied out: 1 + (n - 1)/2 is (1 + n)/2."""
    return min(plain(formula), read(shorter(collected(lower(formula))), (), (), []), key=length)


def combination(f: Node, u: Var) -> Combination:
    """The coefficient of each function of u, a positive number. Errors: Unsupported where f is no such combination."""
    found = {product: plain(coefficient) for product, coefficient in _parts(f, u).items()}
    return {product: c for product, c in found.items() if not (isinstance(c, Number) and c.value == 0)}


def written(product: Product) -> Node:
    """The function as a formula."""
    powers = [g if k == 1 else as_node(1) / g if k == -1 else g**k for g, k in product]
    return reduce(lambda a, b: a * b, powers) if powers else as_node(1)


def combined(coefficients: Mapping[Product, Node], values: Mapping[Product, Node]) -> Node:
    """The sum of the coefficients, each times the value of its function; the constant as it is."""
    terms = [c if p == CONSTANT else scaled(c, values[p]) for p, c in coefficients.items()]
    return reduce(add, terms) if terms else as_node(0)


def _parts(f: Node, u: Var) -> Combination:
    if u not in f.atoms(Var):
        return {CONSTANT: f}
    match f:
        case Var():
            return {((u, 1),): as_node(1)}
        case Let():
            return _parts(f.value, u)
        case Neg(args=(g,)):
            return {p: -c for p, c in _parts(g, u).items()}
        case Add(args=(g, h)) if g.shape == h.shape:
            return _sum(_parts(g, u), _parts(h, u))
        case Mul(args=(g, h)):
            return _product(_parts(g, u), _parts(h, u), lambda a, b: scaled(a, b) if a.ndim == 0 else a * b)
        case MatMul(args=(g, h)):
            return _product(_parts(g, u), _parts(h, u), lambda a, b: a @ b)
        case Div(args=(g, h)):
            p, c = _single(h, u)
            return _product(_parts(g, u), {_power(p, -1): c}, over)
        case Pow(args=(g, Number(value=k))) if k.is_Integer:
            return _raised(g, u, int(k))
        case Transpose(args=(g,)):
            return {p: c.T for p, c in _parts(g, u).items()}
        case Reduce(args=(_, g, _)) if f.kind == "sum":
            return {p: total(c, axis=f.axes) for p, c in _parts(g, u).items()}
    return _function(f, u)


def _function(f: Node, u: Var) -> Combination:
    match f:
        case Op(args=(_, g)) if f.kind == "trace":
            return {p: trace(c) for p, c in _parts(g, u).items()}
        case Op(args=(_, g)) if f.kind == "inv":
            p, c = _single(g, u)
            return {_power(p, -1): inv(c)}
        case Op(args=(_, g)) if f.kind == "logdet":
            p, c = _single(g, u)
            return _sum({CONSTANT: logdet(c)}, _logarithm(p, as_node(g.shape[-1])))
        case Apply(args=(_, g)) if f.function == "log" and (found := _split(g, u)) is not None:
            p, c = found
            return _sum({} if c == as_node(1) else {CONSTANT: log(c)}, _logarithm(p, as_node(1)))
    if f.ndim == 0 and f.atoms(Var) == {u}:
        return {((f, 1),): as_node(1)}
    raise Unsupported(f"{f} is no combination of functions of {u.name}")


def _split(g: Node, u: Var) -> tuple[Product, Node] | None:
    """The one term of g, where it is a power of u itself: the logarithm of it is a sum."""
    try:
        p, c = _single(g, u)
    except Unsupported:
        return None
    return (p, c) if all(h == u for h, _ in p) else None


def _logarithm(product: Product, times: Node) -> Combination:
    """times log of the product."""
    return {((log(g), 1),): scaled(times, as_node(k)) if k != 1 else times for g, k in product}


def _single(f: Node, u: Var) -> tuple[Product, Node]:
    parts = _parts(f, u)
    if len(parts) != 1:
        raise Unsupported(f"{f} is a sum of several functions of {u.name}, and is divided by")
    return next(iter(parts.items()))


def _raised(f: Node, u: Var, k: int) -> Combination:
    parts = _parts(f, u)
    if len(parts) == 1:
        ((p, c),) = parts.items()
        return {_power(p, k): c if c == as_node(1) else c**k}
    if not 0 <= k <= MOST:
        raise Unsupported(f"the power {k} of {f}, a sum of several functions of {u.name}")
    found: Combination = {CONSTANT: as_node(1)}
    for _ in range(k):
        found = _product(found, parts, lambda a, b: scaled(a, b) if a.ndim == 0 else a * b)
    return found


def _power(product: Product, k: int) -> Product:
    return tuple((g, n * k) for g, n in product if n * k)


def _sum(a: Combination, b: Combination) -> Combination:
    both = dict(a)
    for p, c in b.items():
        both[p] = both[p] + c if p in both else c
    return both


def _product(a: Combination, b: Combination, times) -> Combination:  # type: ignore[no-untyped-def]
    found: Combination = {}
    for p, c in a.items():
        for q, e in b.items():
            found = _sum(found, {_times(p, q): times(c, e)})
    return found


def _times(p: Product, q: Product) -> Product:
    powers: dict[Node, int] = dict(p)
    for g, k in q:
        powers[g] = powers.get(g, 0) + k
    return tuple(sorted(((g, k) for g, k in powers.items() if k), key=lambda part: str(part[0])))
