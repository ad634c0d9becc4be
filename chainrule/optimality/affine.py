"""Equations affine in the unknown: J u + c = 0, J found by differentiating, and read for what can be divided by.

    s u = b          v o u = b          A u = b          U B = b          A U B = b

An equation in which two different products stand side by side, A U + U B = C, has no such form and is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

from chainrule.calculus import jacobian
from chainrule.calculus.terms import Factor, Term, flatten, symmetric
from chainrule.errors import ChainruleError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.kernel.normal import Normal
from chainrule.notation.nodes import Var, make_var

from .distribute import shorter

ONE = Fraction(1)


@dataclass(frozen=True)
class Affine:
    """number * (left u right - b) = 0; or number * (weight o u - b) = 0. What is absent is None."""

    number: Fraction
    b: Dag
    weight: Dag | None = None
    left: Dag | None = None
    right: Dag | None = None


def mentions(node: Dag, u: Dag) -> bool:
    """Does u stand anywhere in this node?"""
    return u in dag.order(node)


def constant_in(node: Dag, u: Dag) -> Dag | None:
    """The node without u, where it does not change with u: its derivative vanishes, multiplied out."""
    if not mentions(node, u):
        return node
    if has_corners(node, u):
        return None
    try:
        if Normal()(jacobian(node, u)):
            return None
    except ChainruleError:
        return None
    at_zero = dag.substitute(node, {u: dag.zero(u.dims)})
    return None if mentions(at_zero, u) else at_zero


CORNERS = {"step", "sign", "relu", "abs"}


def has_corners(node: Dag, u: Dag) -> bool:
    """Does u stand in a function with a corner or a step? A derivative says nothing of it there."""
    return any(
        (n.kind in ("max", "argmax") or (n.kind == "function" and n.args[0] in CORNERS)) and mentions(n, u)
        for n in dag.order(node)
    )


def affine(equation: Dag, x: Dag) -> Affine | str:
    """The parts of an equation that is affine in x; else why it cannot be divided by what x is multiplied with.

    A symmetric unknown is first held to be any matrix: x and x' count as one, and the solution has to be symmetric.
    """
    if not mentions(equation, x):
        return f"it does not contain {x.args[0].name}"
    if equation.dims != x.dims:
        return "there are not as many equations as unknowns"
    if has_corners(equation, x):
        return f"{x.args[0].name} stands in a function with a corner: which side it is on is a matter of cases"
    u, symmetric = _any(x)
    equation = dag.substitute(equation, {x: u})
    slope = constant_in(jacobian(equation, u), u)
    if slope is None:
        return f"it is not affine in {u.args[0].name}, nor made so by clearing an inverse, a power or a function"
    terms = [(c, _upright(t) if symmetric else t) for c, t in _terms(slope)]
    number = _common([c for c, _ in terms])
    b = shorter(dag.scale(-1 / number, dag.substitute(equation, {u: dag.zero(u.dims)})))
    found = _read([(c / number, t) for c, t in terms], u)
    if isinstance(found, str):
        return found
    weight, left, right = found
    if weight is not None and weight.kind == "contract" and dag.is_number(weight):  # 2 x - b is 2 (x - b/2)
        k = weight.args[0]
        return Affine(number * k, dag.scale(1 / k, b))
    return Affine(number, b, weight, left, right)


def _any(x: Dag) -> tuple[Dag, bool]:
    """The unknown as a matrix of which nothing is said, and whether it was symmetric."""
    symbol = x.args[0]
    symmetric = isinstance(symbol, Var) and "symmetric" in symbol.properties
    return dag.var(make_var(symbol.name, x.dims, ()), x.dims) if symmetric else x, symmetric


def _upright(term: Term) -> Term:
    """A term of x' as one of x."""
    i, j, k, l = term.out
    return replace(term, out=(i, j, l, k)) if (i, j) == (l, k) or i == l or j == k else term


Divisor = tuple[Dag | None, Dag | None, Dag | None]


def _read(terms: list[tuple[Fraction, Term]], u: Dag) -> Divisor | str:
    """Weight, left and right factor of the unknown."""
    rank = len(u.dims)
    if all(t.out[:rank] == t.out[rank:] and len(set(t.out)) == rank for _, t in terms):
        level = all(not set(t.out) & {k for f in t.factors for k in f.labels} for _, t in terms)
        return dag.add(*(_node(c, t, () if level else t.out[:rank]) for c, t in terms)), None, None
    if rank == 1:
        return None, dag.add(*(_node(c, t, t.out) for c, t in terms)), None
    return _two_sided(terms, u) if rank == 2 else f"{u.args[0].name} has {rank} axes"


def _two_sided(terms: list[tuple[Fraction, Term]], u: Dag) -> Divisor | str:
    """A U B from terms whose factors hang on the rows alone and on the columns alone."""
    sides = [_sides(c, t) for c, t in terms]
    if None in sides:
        return "its coefficient is no product of a matrix on the left and one on the right"
    numbers, lefts, rights = zip(*(s for s in sides if s is not None), strict=True)
    if len(set(rights)) == 1:
        whole = dag.add(*map(_times, numbers, lefts))
        return None, _unless_identity(whole), _unless_identity(rights[0])
    if len(set(lefts)) == 1:
        whole = dag.add(*map(_times, numbers, rights))
        return None, _unless_identity(lefts[0]), _unless_identity(whole)
    return f"{u.args[0].name} stands between different matrices, as in A X + X B = C: there is no formula in them alone"


def _times(number: Dag, node: Dag) -> Dag:
    return dag.contract(1, [(number, ()), (node, (0, 1))], (0, 1), {})


def _sides(coef: Fraction, term: Term) -> tuple[Dag, Dag, Dag] | None:
    """What hangs on neither side, a number; the factor on the left; the one on the right."""
    i, j, k, l = term.out
    groups = _hanging(term)
    rows, columns = {i, k}, {j, l}
    left = [n for n, g in enumerate(groups) if g & rows]
    right = [n for n, g in enumerate(groups) if g & columns]
    loose = [n for n, g in enumerate(groups) if not g & (rows | columns)]
    if rows & columns or set(left) & set(right):
        return None
    return _part(coef, term, loose, ()), _part(ONE, term, left, (i, k)), _part(ONE, term, right, (l, j))


def _hanging(term: Term) -> list[set[object]]:
    """For each factor, the labels that hang together with it by summed labels."""
    summed = set(term.summed())
    groups: list[set[object]] = [set(f.labels) for f in term.factors]
    for k in summed:
        met = [g for g in groups if k in g]
        whole = set().union(*met)
        for g in met:
            g |= whole
    for _ in groups:  # chains of summed labels close after as many rounds as there are factors
        for g in groups:
            for h in groups:
                if g & h & summed:
                    g |= h
    return groups


def _part(coef: Fraction, term: Term, chosen: Sequence[int], out: Sequence[object]) -> Dag:
    factors = tuple(_ordered(term.factors[n], out) for n in chosen)
    labels = {k for f in factors for k in f.labels} | set(out)
    return Term(coef, factors, tuple(out), {k: d for k, d in term.sizes.items() if k in labels}).dag()


def _ordered(f: Factor, out: Sequence[object]) -> Factor:
    """A symmetric matrix that is the whole of one side, its axes in the order of that side."""
    turned = f.labels == tuple(reversed(out)) and len(f.labels) == 2 and symmetric(f.node)
    return f._replace(labels=tuple(out)) if turned else f


def _node(coef: Fraction, term: Term, out: Sequence[object]) -> Dag:
    labels = {k for f in term.factors for k in f.labels} | set(out)
    return Term(coef, term.factors, tuple(out), {k: d for k, d in term.sizes.items() if k in labels}).dag()


def _unless_identity(node: Dag) -> Dag | None:
    identity = dag.contract(1, [], (0, 0), {0: node.dims[0]})
    return None if node is identity else node


def _terms(slope: Dag) -> list[tuple[Fraction, Term]]:
    """The terms of the slope, each with its coefficient apart."""
    parts = slope.args if slope.kind == "sum" else ((ONE, slope),)
    found = []
    for c, node in parts:
        term = flatten(node, lambda n: False)
        found.append((c * term.coef, Term(ONE, term.factors, term.out, term.sizes)))
    return found


def _common(coefs: Sequence[Fraction]) -> Fraction:
    """The largest number that divides all; negative where all are."""
    top, below = 0, 1
    for c in coefs:
        top, below = gcd(top, abs(c.numerator)), below * c.denominator // gcd(below, c.denominator)
    return Fraction(-top if all(c < 0 for c in coefs) else top, below)
