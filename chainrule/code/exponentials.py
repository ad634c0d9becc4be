"""Sums of exponentials, weighted and under masks: as one exponent, so that all are shifted by the largest that counts.

    sum over j of w_j [i >= j] e^u_ij  =  sum over j of e^(u_ij + log w_j + log [i >= j])          for weights w > 0

The logarithm of a mask is 0 where the mask is 1, and -inf where it is 0: there e^-inf = 0, as it should be, and the
largest exponent is one that the mask lets through. A mask is made of sizes and declared 0 and 1, and no derivative is
taken by it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import facts
from .patterns import argument, is_function

Labels = tuple[Hashable, ...]
Factor = tuple[Dag, Labels]


# --- the rules -------------------------------------------------------------------------------------
def log_of_total(node: Dag) -> Dag | None:
    """log(sum e^u) = logsumexp(u), over any axes."""
    if not is_function(node, "log"):
        return None
    x = argument(node)
    factors = total_of_exponentials(x)
    if factors is None:
        return None
    out = x.args[2]
    labels, exponent = _exponent(factors, out)
    gone = tuple(k for k, label in enumerate(labels) if label not in out)
    return dag.along("logsumexp", exponent, gone)


def quotient(node: Dag) -> Dag | None:
    """e^u / sum e^u = softmax(u); e^u / (A + B) = softmax(u) sigmoid(log A - log B) where A is the sum of the e^u."""
    coef, ops, out, dims = node.args
    for k, (op, part) in enumerate(ops):
        if not is_function(op, "power") or op.args[1] != -1:
            continue
        above = _opened([other for m, other in enumerate(ops) if m != k])
        for total, weight in _totals(argument(op)):
            found = _share(total, above, part)
            if found is not None:
                weights = [] if weight is None else [(weight, part)]
                return dag.contract(coef, [*found, *weights], out, dict(enumerate(dims)))
    return None


def _totals(below: Dag) -> Iterator[tuple[Dag, Dag | None]]:
    """A sum of exponentials that a denominator is, or one of the two that it adds up, with its share of both."""
    if total_of_exponentials(below) is not None:
        yield below, None
    if below.kind != "sum" or len(below.args) != 2 or any(c != 1 for c, _ in below.args):
        return
    (_, a), (_, b) = below.args
    for one, other in ((a, b), (b, a)):
        if total_of_exponentials(one) is not None and (is_function(other, "exp") or total_of_exponentials(other)):
            apart = dag.add(dag.function("log", one), dag.scale(-1, dag.function("log", other)))
            yield one, dag.function("sigmoid", apart)


def _share(total: Dag, above: Sequence[Factor], part: Labels) -> list[Factor] | None:
    """The factors above a sum of exponentials with those that it sums as a softmax."""
    factors, kept = total_of_exponentials(total) or [], total.args[2]
    for at, rest in _found(factors, above, dict(zip(kept, part, strict=True))):
        labels, exponent = _exponent(factors, kept)
        gone = tuple(k for k, label in enumerate(labels) if label not in kept)
        return [*rest, (dag.along("softmax", exponent, gone), tuple(at[x] for x in labels))]
    return None


# --- what they look for ----------------------------------------------------------------------------
def total_of_exponentials(node: Dag) -> list[Factor] | None:
    """The factors of a sum of exponentials, among them weights > 0 and masks; None where it is something else."""
    if node.kind != "contract" or node.args[0] != 1:
        return None
    _, ops, out, _ = node.args
    factors = _opened(ops)
    gone = {x for _, labels in factors for x in labels} - set(out)
    alike = len(set(out)) == len(out) and all(len(set(labels)) == len(labels) for _, labels in factors)
    if not gone or not alike or not set(out) <= {x for _, labels in factors for x in labels}:
        return None
    raised = [op for op, _ in factors if is_function(op, "exp")]
    fits = all(is_function(op, "exp") or facts.positive(op) or _hides(op, labels, gone) for op, labels in factors)
    return factors if raised and fits else None


def _hides(op: Dag, labels: Labels, gone: set[Hashable]) -> bool:
    """Is it a mask, and none that says where to read? [u = 2 t + k] with a sum over u does that."""
    reads = op.kind == "indicator" and op.args[0] == "zero" and bool(gone & set(labels))
    return facts.mask(op) and not reads


def _opened(ops: Sequence[Factor]) -> list[Factor]:
    """The factors, those of products of exponentials among them in their place."""
    made: list[Factor] = []
    for op, labels in ops:
        if not _is_product(op):
            made.append((op, labels))
            continue
        label_of = dict(zip(op.args[2], labels, strict=True))
        made += _opened([(inner, tuple(label_of[x] for x in ls)) for inner, ls in op.args[1]])
    return made


def _is_product(op: Dag) -> bool:
    """A product entry by entry that holds an exponential, or masks alone."""
    if op.kind != "contract" or op.args[0] != 1 or len(set(op.args[2])) < len(op.args[2]):
        return False
    _, ops, out, _ = op.args
    entrywise = {x for _, labels in ops for x in labels} == set(out)
    holds = any(is_function(inner, "exp") or _is_product(inner) for inner, _ in ops)
    return entrywise and bool(ops) and (holds or facts.mask(op))


def _found(
    wanted: Sequence[Factor], among: Sequence[Factor], at: Mapping[Hashable, Hashable]
) -> Iterator[tuple[Mapping[Hashable, Hashable], list[Factor]]]:
    """Every way to find the wanted factors among others: where their labels lie, and the factors that are left."""
    if not wanted:
        yield at, list(among)
        return
    (op, labels), *others = wanted
    for k, (other, places) in enumerate(among):
        if other is op and all(at.get(x, y) == y for x, y in zip(labels, places, strict=True)):
            left = [*among[:k], *among[k + 1 :]]
            yield from _found(others, left, {**at, **dict(zip(labels, places, strict=True))})


def _exponent(factors: Sequence[Factor], out: Labels) -> tuple[Labels, Dag]:
    """The labels of the terms, those that are kept first, and the sum of the logarithms of the factors."""
    sizes = {x: d for op, labels in factors for x, d in zip(labels, op.dims, strict=True)}
    labels = (*out, *(x for x in sizes if x not in out))
    logs = [(argument(op) if is_function(op, "exp") else dag.function("log", op), ls) for op, ls in factors]
    return labels, dag.add(*(dag.contract(1, [log], labels, sizes) for log in logs))
