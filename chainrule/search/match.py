"""Where a relation's leading monomial stands inside another monomial."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from chainrule.kernel.check import Relation, Use
from chainrule.kernel.poly import Factor, Label, Monomial


def uses(host: Monomial, coef: Fraction, relation: Relation, lead: Monomial) -> Iterator[Use]:
    """The moves that cancel `coef * host` by this relation, led by this monomial of it; a factor that is its own
    reciprocal, a label, may be wanting in the host: times the relation it is gone from the lead."""
    scale = -coef / relation.poly[lead]
    for binding, rest in _placed(lead, host):
        if not _closed(binding, rest, host, lead) or not all(k in binding for k in lead.pattern):
            continue
        holes = tuple(binding[k] for k in lead.pattern)
        left = {*holes, *host.pattern, *(k for _, ls, _ in rest for k in ls)}
        sizes = {k: d for k, d in host.sizes.items() if k in left}
        yield Use(relation, scale, holes, tuple(rest), host.pattern, sizes)


def _placed(lead: Monomial, host: Monomial) -> Iterator[tuple[dict[Label, Label], list[Factor]]]:
    """Where the lead stands in the host, and what is left of it; else where it stands but for its labels, which are
    then owed."""
    none = dict.fromkeys(range(len(host.factors)), Fraction(0))
    yield from _embeddings(list(lead.factors), host, {}, none)
    own = [f for f in lead.factors if f[0].power == "sign"]
    if own and len(own) < len(lead.factors):
        for binding, rest in _embeddings([f for f in lead.factors if f not in own], host, {}, none):
            if all(k in binding for _, labels, _ in own for k in labels):
                yield binding, [*rest, *((a, tuple(binding[k] for k in labels), p) for a, labels, p in own)]


def _embeddings(
    todo: list[Factor], host: Monomial, binding: dict[Label, Label], taken: dict[int, Fraction]
) -> Iterator[tuple[dict[Label, Label], list[Factor]]]:
    if not todo:
        rest = [(a, ls, p - taken[k]) for k, (a, ls, p) in enumerate(host.factors) if p != taken[k]]
        yield binding, rest
        return
    a, labels, power = todo[0]
    for k, (b, found, available) in enumerate(host.factors):
        left = available - taken[k]
        if b is not a or not (0 < power <= left or left <= power < 0):
            continue
        turns = [found]
        if a.symmetric and found[-1] != found[-2]:
            turns.append((*found[:-2], found[-1], found[-2]))
        for turned in turns:
            bound = _bind(labels, turned, binding)
            if bound is not None:
                yield from _embeddings(todo[1:], host, bound, {**taken, k: taken[k] + power})


def _bind(
    labels: tuple[Label, ...], found: tuple[Label, ...], binding: dict[Label, Label]
) -> dict[Label, Label] | None:
    bound = dict(binding)
    for own, other in zip(labels, found, strict=True):
        if bound.setdefault(own, other) != other:
            return None
    return bound


def _closed(binding: dict[Label, Label], rest: list[Factor], host: Monomial, lead: Monomial) -> bool:
    """Summed labels of the lead stand for different summed labels of the host that nothing else touches."""
    outer = set(lead.pattern)
    inner = [v for k, v in binding.items() if k not in outer]
    if len(set(inner)) < len(inner):
        return False
    outside = set(host.pattern) | {k for _, ls, _ in rest for k in ls} | {binding[k] for k in outer if k in binding}
    return not outside & set(inner)
