"""A common factor of a sum: X' X w - X' y is X' (X w - y). Offered, never forced: the shorter text is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .order import mark
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
    places: dict[Place, dict[int, Factor]] = {}
    for t, term in enumerate(terms):
        if len(set(term.out)) == len(term.out):
            for f in term.factors:
                for place in _places(f, term):
                    places.setdefault(place, {}).setdefault(t, f)
    able = [(p, found) for p, found in places.items() if len(found) >= 2 and _fits(p, found, len(dims), terms)]
    able.sort(key=lambda entry: (-len(entry[1]), -len(entry[0][0].dims), mark(entry[0][0])))
    for place, found in able[:TRIED]:
        yield _taken_out(parts, dims, terms, place, found)


def _aligned(term: Term, coef: Fraction) -> Term:
    """The term with its output labels named by their position."""
    new: dict[Label, Label] = {k: ("out", p) for p, k in reversed(list(enumerate(term.out)))}
    factors = tuple(Factor(f.node, tuple(new.get(k, k) for k in f.labels), f.power) for f in term.factors)
    sizes = {new.get(k, k): d for k, d in term.sizes.items()}
    return Term(coef * term.coef, factors, tuple(new[k] for k in term.out), sizes)


def _places(f: Factor, term: Term) -> Iterator[Place]:
    """How a factor hangs in its term: for each axis, on which output axis or on a summed one, and if it is shared."""
    if len(set(f.labels)) < len(f.labels) or f.node.kind == "size":
        return
    others = {k for g in term.factors if g is not f for k in g.labels}
    if abs(f.power) != 1:
        others |= set(f.labels)
    role = tuple(
        ("out", term.out.index(k), k in others) if k in term.out else ("in", a, True) for a, k in enumerate(f.labels)
    )
    if all(kind == "out" or f.labels[a] in others for a, (kind, _, _) in enumerate(role)):
        yield (f.node, f.power > 0, role)


def _fits(place: Place, found: dict[int, Factor], axes: int, terms: list[Term]) -> bool:
    """What is left in the bracket has no higher rank than what stands outside; a scalar is taken out of all or none."""
    factor, _, role = place
    private = {p for kind, p, shared in role if kind == "out" and not shared}
    rank = sum(kind == "in" for kind, _, _ in role) + axes - len(private)
    most = max(len(f.labels) for t in found for f in terms[t].factors)
    if not factor.dims and len(found) < len(terms):
        return False
    return rank <= min(axes + 1, max(1, axes, most))


def _taken_out(parts: Parts, dims: Sequence[sp.Expr], terms: list[Term], place: Place, found: dict[int, Factor]) -> Dag:
    factor, positive, role = place
    private = {("out", p) for kind, p, shared in role if kind == "out" and not shared}
    holes: list[Label] = [("hole", a) for a, (kind, _, _) in enumerate(role) if kind == "in"]
    outer: list[Label] = [("out", p) for p in range(len(dims))]
    kept = [k for k in outer if k not in private]
    axes = [*(k for k in kept if k == ("out", 0)), *holes, *(k for k in kept if k != ("out", 0))]
    one = ONE if positive else -ONE
    inner = []
    for t, f in found.items():
        term = terms[t]
        rename = {f.labels[a]: ("hole", a) for a, (kind, _, _) in enumerate(role) if kind == "in"}
        rest = [g if g is not f else g._replace(power=g.power - one) for g in term.factors]
        rest = [Factor(g.node, tuple(rename.get(k, k) for k in g.labels), g.power) for g in rest if g.power]
        sizes = {rename.get(k, k): d for k, d in term.sizes.items()}
        inner.append(contraction(term.coef, rest, axes, sizes))
    labels = tuple(("hole", a) if kind == "in" else ("out", p) for a, (kind, p, _) in enumerate(role))
    sizes = dict(zip(outer, dims, strict=True)) | {("hole", a): factor.dims[a] for a in range(len(role))}
    bracket = [Factor(dag.add(*inner), tuple(axes))]
    new = contraction(ONE, [Factor(factor, labels, one), *bracket], outer, sizes)
    others = [dag.scale(c, n) for t, (c, n) in enumerate(parts) if t not in found]
    return dag.add(new, *others)
