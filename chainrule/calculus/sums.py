"""Sums as a person writes them: differences, numbers stretched to a shape, a common number in front."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Add, Div, MatMul, Mul, Neg, Node, Number

from .lengths import length
from .products import assembled, factors, hadamard, negative, num

ONE = Fraction(1)
Key = tuple[Node, bool]
Powers = dict[Key, Fraction]
"""Factors to powers; what multiplies and what divides stay apart."""
LONG_BAR = 60
"""A sum longer than this has its number in front: under a bar it could not be broken into lines."""


def added(terms: Sequence[Node]) -> Node:
    """a + b - c: a leading minus of a later term makes a difference."""
    full = [t for t in terms if _filling(t) is None]
    if full and full[0].ndim:  # a number stretches to the shape of the others
        terms = [t if _filling(t) is None else _filling(t) for t in terms]  # type: ignore[misc]
    total = terms[0]
    for term in terms[1:]:
        plus = positive(term)
        total = Add(total, term) if plus is None else Add(total, Neg(plus))
    return total


def positive(term: Node) -> Node | None:
    """The term without its leading minus; None if it has none."""
    match term:
        case Neg():
            inner: Node = term.args[0]
            return inner
        case Number() if term.value.is_negative:
            return Number(-term.value, term.args[1])
        case Mul() | MatMul() | Div():
            first = positive(term.args[0])
            if first is None:
                return None
            second: Node = term.args[1]
            return second if isinstance(term, Mul) and first == num(1) else type(term)(first, second)
    return None


def _filling(term: Node) -> Node | None:
    """The scalar that fills a whole shape: c for c * ones(n)."""
    match term:
        case Number() if term.shape:
            return Number(term.value, sp.Tuple())
        case Neg():
            inner = _filling(term.args[0])
            return None if inner is None else negative(inner)
        case Mul() | Div() if not term.args[1].ndim or (isinstance(term, Mul) and not term.args[0].ndim):
            k = 1 if isinstance(term, Mul) and not term.args[0].ndim else 0
            inner = _filling(term.args[k])
            if inner is None:
                return None
            if isinstance(term, Mul) and inner == num(1):
                other: Node = term.args[1 - k]
                return other
            return type(term)(inner, term.args[1]) if k == 0 else Mul(term.args[0], inner)
    return None


def common_number(coefs: Sequence[Fraction], leads: bool) -> Fraction:
    """The number to be written before a sum: one that all terms share up to sign."""
    size = abs(coefs[0])
    if leads or any(abs(c) != size for c in coefs):
        return ONE
    return -size if all(c < 0 for c in coefs) else size


def bracketed(terms: Sequence[Node]) -> Node:
    """a b + a c as a (b + c): equal terms together; what all terms have as a factor outside, if that is shorter."""
    parts = _together(terms)
    if len(parts) == 1 or len(terms) == 1:
        return _product(*parts[0]) if len(terms) > 1 else terms[0]
    terms = terms if len(parts) == len(terms) else [_product(c, powers) for c, powers in parts]
    plain = added(terms)
    shared = {
        key: min((powers[key] for _, powers in parts), key=abs)
        for key in parts[0][1]
        if all(key in powers for _, powers in parts)
    }
    coef = common_number([c for c, _ in parts], False)
    if not shared and coef == 1:
        return _in_groups(terms)
    inner = [_product(c / coef, {k: p - shared.get(k, 0) for k, p in powers.items()}) for c, powers in parts]
    if len({n.shape for n in inner}) > 1:
        return plain
    inner.sort(key=lambda n: positive(n) is not None)
    if coef.denominator > 1 and not shared and length(added(inner)) > LONG_BAR:
        return added([_times(coef, n) for n in _groups(inner)])
    return min(plain, _product(coef, shared, _in_groups(inner)), key=length)


def _together(terms: Sequence[Node]) -> list[tuple[Fraction, Powers]]:
    """The terms as numbers and factors, those with equal factors as one; what adds up to nothing is left out."""
    found: dict[frozenset[tuple[Key, Fraction]], tuple[Fraction, Powers]] = {}
    for term in terms:
        c, powers = _factors(term)
        key = frozenset(powers.items())
        found[key] = (found[key][0] + c if key in found else c, powers)
    return [part for part in found.values() if part[0]] or [(Fraction(0), _factors(terms[0])[1])]


def _in_groups(terms: Sequence[Node]) -> Node:
    """The sum; a long one with the terms that share a factor in one bracket, if that is shorter."""
    plain = added(terms)
    return plain if length(plain) <= LONG_BAR else min(plain, added(_groups(terms)), key=length)


def _groups(terms: Sequence[Node]) -> list[Node]:
    """Terms that share a factor as one, the longest factor first; what shares none with a minus before it as one."""
    left, made = list(terms), []
    while left:
        powers = [_factors(t)[1] for t in left]
        times = {key: sum(key in p for p in powers) for p in powers for key in p}
        most = max(times, key=lambda key: (times[key] - 1) * length(key[0]), default=None)
        if most is None or times[most] < 2:
            break
        own = [t for t, p in zip(left, powers, strict=True) if most in p]
        left = [t for t in left if t not in own]
        made.append(bracketed(own))
    below = [plus for t in left if (plus := positive(t)) is not None]
    above = [t for t in left if positive(t) is None]
    return [*made, *above, *([negative(added(below))] if below else [])]


def _times(coef: Fraction, term: Node) -> Node:
    """A number times a term."""
    own, powers = _factors(term)
    return _product(coef * own, powers)


def _factors(term: Node) -> tuple[Fraction, Powers]:
    """A term as a number and factors to powers."""
    coef = ONE
    powers: Powers = {}
    for node, p in factors(term):
        if isinstance(node, Neg) and p.denominator == 1:
            coef *= (-1) ** int(p)
            node = node.args[0]
        if isinstance(node, Number) and not node.shape and node.value.is_Rational and p.denominator == 1:
            coef *= Fraction(int(node.value.p), int(node.value.q)) ** int(p)
        else:
            powers[node, p > 0] = powers.get((node, p > 0), Fraction(0)) + p
    return coef, powers


def _product(coef: Fraction, powers: Powers, *more: Node) -> Node:
    """A number times factors: scalars, then what has axes."""
    kept = [*((node, p) for (node, _), p in powers.items() if p), *((node, ONE) for node in more)]
    arrays = [(n, p) for n, p in kept if n.ndim]
    return assembled(coef, [(n, p) for n, p in kept if not n.ndim], hadamard(arrays) if arrays else None)


# --- sums in the DAG ---------------------------------------------------------------------------------
def is_scaled_sum(node: Dag) -> bool:
    """Is it a sum of scalars, vectors or matrices that is only scaled or transposed?"""
    if node.kind != "contract" or len(node.dims) > 2 or len(node.args[1]) != 1:
        return False
    ((inner, labels),) = node.args[1]
    distinct = len(set(labels)) == len(labels) == len(node.dims)
    return inner.kind == "sum" and distinct and set(labels) == set(node.args[2])
