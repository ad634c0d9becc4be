"""A common factor of a sum: X' X w - X' y is X' (X w - y). Offered, never forced: the shorter text is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .order import mark
from .sums import common_number
from .terms import Factor, Label, Term, contraction

if TYPE_CHECKING:
    from .reader import Reader

ONE = Fraction(1)
TRIED = 6
"""How many common factors are looked at for one sum."""
Role = tuple[tuple[str, int, bool], ...]
Place = tuple[Dag, bool, Role]


Parts = list[tuple[Fraction, Dag]]


def factored(reader: Reader, parts: Parts, dims: Sequence[sp.Expr]) -> Iterator[Dag]:
    """The sum with one common factor taken out of two terms or more, in each way that does not raise the rank."""
    if len(dims) > 2:
        return
    terms = [_aligned(reader.flat(n), c) for c, n in parts]
    yield from _scalars_out(terms, dims)
    yield from _by_denominator(terms, dims)
    places: dict[Place, dict[int, Factor]] = {}
    plain: set[Place] = set()
    for t, term in enumerate(terms):
        for f in term.factors:
            for place, tied in _places(f, term):
                places.setdefault(place, {}).setdefault(t, f)
                plain |= set() if tied else {place}
    several = ((p, found) for p, found in places.items() if len(found) >= 2 and p in plain)
    able = [(p, found) for p, found in several if _fits(p, found, len(dims), terms)]
    able.sort(key=lambda entry: (-len(entry[1]), -len(entry[0][0].dims), mark(entry[0][0]), entry[0][2]))
    for place, found in able[:TRIED]:
        yield _taken_out(parts, dims, terms, place, found)


def _scalars_out(terms: list[Term], dims: Sequence[sp.Expr]) -> Iterator[Dag]:
    """Every scalar that all terms have, outside, to the power that they share."""
    have = [{(f.node, f.power > 0): f.power for f in t.factors if not f.labels} for t in terms]
    shared = [key for key in have[0] if key[0].kind != "size" and all(key in h for h in have)]
    outside = {key: min((h[key] for h in have), key=abs) for key in shared}
    if len(outside) < 2:
        return
    inner = []
    for t in terms:
        rest = [f._replace(power=f.power - outside.get((f.node, f.power > 0), 0) * (not f.labels)) for f in t.factors]
        inner.append(contraction(t.coef, [f for f in rest if f.power], t.out, t.sizes))
    labels = tuple(range(len(dims)))
    scalars = [Factor(node, (), p) for (node, _), p in outside.items()]
    yield _before(dag.add(*inner), labels, scalars, labels, dict(enumerate(dims)))


def _before(
    bracket: Dag, at: tuple[Label, ...], outside: list[Factor], out: Sequence[Label], sizes: dict[Label, sp.Expr]
) -> Dag:
    """outside * bracket; the number that all terms of the bracket have stands outside too."""
    number = ONE
    if bracket.kind == "sum":
        number = common_number([c for c, _ in bracket.args], False)
        bracket = dag.add(*(dag.scale(c / number, n) for c, n in bracket.args))
    return contraction(number, [*outside, Factor(bracket, at)], out, sizes)


def _by_denominator(terms: list[Term], dims: Sequence[sp.Expr]) -> Iterator[Dag]:
    """The terms that are divided by the same scalars as one fraction: a / q + (b + c) / q^2."""
    groups: dict[frozenset[Factor], list[Term]] = {}
    for t in terms:
        groups.setdefault(frozenset(f for f in t.factors if not f.labels and f.power < 0), []).append(t)
    if len(groups) == 1 or all(len(own) == 1 for below, own in groups.items() if below):
        return
    labels = tuple(range(len(dims)))
    made = []
    for below, own in groups.items():
        inner = [contraction(t.coef, [f for f in t.factors if f not in below], t.out, t.sizes) for t in own]
        if not below:
            made.extend(inner)
            continue
        bars = sorted(below, key=lambda f: mark(f.node))
        made.append(_before(dag.add(*inner), labels, bars, labels, dict(enumerate(dims))))
    yield dag.add(*made)


def _aligned(term: Term, coef: Fraction) -> Term:
    """The term with its output labels named by their position."""
    new: dict[Label, Label] = {k: ("out", p) for p, k in reversed(list(enumerate(term.out)))}
    factors = tuple(Factor(f.node, tuple(new.get(k, k) for k in f.labels), f.power) for f in term.factors)
    sizes = {new.get(k, k): d for k, d in term.sizes.items()}
    return Term(coef * term.coef, factors, tuple(new[k] for k in term.out), sizes)


def _places(f: Factor, term: Term) -> Iterator[tuple[Place, bool]]:
    """How a factor hangs in its term: for each axis, on which output axis or on a summed one, and if it is shared.

    An axis on the output may also be taken for a summed one that a delta ties to the output, W = I W; it is said so.
    """
    if len(set(f.labels)) < len(f.labels) or f.node.kind == "size":
        return
    others = {k for g in term.factors if g is not f for k in g.labels} | {k for k in term.out if term.out.count(k) > 1}
    if abs(f.power) != 1:
        others |= set(f.labels)
    ways: list[list[tuple[str, int, bool]]] = []
    for a, k in enumerate(f.labels):
        on_output = [("out", p, k in others) for p, label in enumerate(term.out) if label == k]
        matrix = len(f.labels) == len(term.out) == 2
        ways.append([*on_output, ("in", a, True)] if matrix or not on_output else on_output)
    for role in product(*ways):
        outs = [p for kind, p, _ in role if kind == "out"]
        ins = {k for k, (kind, _, _) in zip(f.labels, role, strict=True) if kind == "in"}
        if len(set(outs)) == len(outs) and ins <= {*others, *term.out}:
            yield (f.node, f.power > 0, role), not ins.isdisjoint(term.out)


def _fits(place: Place, found: dict[int, Factor], axes: int, terms: list[Term]) -> bool:
    """What is left in the bracket has no higher rank than what stands outside; a scalar is taken out of all or none."""
    factor, _, role = place
    private = {p for kind, p, shared in role if kind == "out" and not shared}
    rank = sum(kind == "in" for kind, _, _ in role) + axes - len(private)
    most = max(len(f.labels) for t in found for f in terms[t].factors)
    if not factor.dims and len(found) < len(terms):
        return False
    return rank <= min(axes + 1, max(1, axes, most), 2)


def _taken_out(parts: Parts, dims: Sequence[sp.Expr], terms: list[Term], place: Place, found: dict[int, Factor]) -> Dag:
    """factor * (the rest of each term that has it), and the other terms; the power that all of them have goes out."""
    factor, positive, role = place
    private = {("out", p) for kind, p, shared in role if kind == "out" and not shared}
    outer: list[Label] = [("out", p) for p in range(len(dims))]
    holes: list[Label] = [("hole", a) for a, (kind, _, _) in enumerate(role) if kind == "in"]
    kept = [k for k in outer if k not in private]
    axes = [*(k for k in kept if k == ("out", 0)), *holes, *(k for k in kept if k != ("out", 0))]
    size = min(abs(f.power) for f in found.values())
    one = size if positive else -size
    inner = []
    for t, f in found.items():
        term = terms[t]
        at = {("hole", a): f.labels[a] for a in range(len(role))} | dict(zip(outer, term.out, strict=True))
        rest = [g if g is not f else g._replace(power=g.power - one) for g in term.factors]
        inner.append(contraction(term.coef, [g for g in rest if g.power], [at[k] for k in axes], term.sizes))
    labels = tuple(("hole", a) if kind == "in" else ("out", p) for a, (kind, p, _) in enumerate(role))
    sizes = dict(zip(outer, dims, strict=True)) | {("hole", a): factor.dims[a] for a in range(len(role))}
    new = _before(dag.add(*inner), tuple(axes), [Factor(factor, labels, one)], outer, sizes)
    others = [dag.scale(c, n) for t, (c, n) in enumerate(parts) if t not in found]
    return dag.add(new, *others)
