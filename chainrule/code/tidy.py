"""Tidying the DAG: one number in front of each product, symmetric factors one way round, simple inverses gone."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import facts
from .patterns import is_function, minus, number_in


# --- products -------------------------------------------------------------------------------------
def numbers_out(node: Dag) -> Dag | None:
    """(2 A) B = 2 (A B)."""
    coef, ops, out, dims = node.args
    split = [(*dag.scaled(op), ls) for op, ls in ops]
    if all(c == 1 for c, _, _ in split):
        return None
    for c, _, _ in split:
        coef *= c
    return dag.contract(coef, [(op, ls) for _, op, ls in split], out, dict(enumerate(dims)))


def symmetric(node: Dag) -> Dag | None:
    """S' = S for a symmetric matrix; diag(diagof(S)) is another thing."""
    coef, ops, out, _ = node.args
    if (
        len(ops) == 1
        and len(node.dims) == 2
        and ops[0][1] == out[::-1]
        and out[0] != out[1]
        and facts.symmetric(ops[0][0])
    ):
        return dag.scale(coef, ops[0][0])
    return None


def over_deltas(node: Dag) -> Dag | None:
    """A sum of tensors of which one repeats an axis is multiplied term by term: zeros are never stored nor summed."""
    coef, ops, out, dims = node.args
    for k, (op, labels) in enumerate(ops):
        inside = all(x in out for x in labels)
        if op.kind != "sum" or len(op.dims) < 3 or inside or not any(_repeats(n) for _, n in op.args):
            continue
        rest = [o for j, o in enumerate(ops) if j != k]
        sizes = dict(enumerate(dims))
        return dag.add(*(dag.contract(coef * c, [*rest, (n, labels)], out, sizes) for c, n in op.args))
    return None


def _repeats(node: Dag) -> bool:
    return node.kind == "contract" and len(set(node.args[2])) < len(node.dims)


def turned_alike(node: Dag) -> Dag | None:
    """S' u = S u: symmetric factors stand in the one of their two orders that comes first."""
    coef, ops, out, dims = node.args
    places = [k for k, (op, ls) in enumerate(ops) if len(ls) >= 2 and facts.symmetric(op)]
    best = node
    for choice in product((False, True), repeat=min(len(places), 3)):
        turned = {k for k, turn in zip(places, choice, strict=False) if turn}
        new = [(op, (*ls[:-2], ls[-1], ls[-2]) if k in turned else ls) for k, (op, ls) in enumerate(ops)]
        found = dag.contract(coef, new, out, dict(enumerate(dims)))
        if found.kind == "contract" and _spelling(found) < _spelling(best):
            best = found
    return None if best is node else best


def _spelling(node: Dag) -> tuple[object, ...]:
    return tuple(ls for _, ls in node.args[1]), node.args[2]


def power_of_scaled(node: Dag) -> Dag | None:
    """(2 x)^-1 = x^-1 / 2, for whole exponents."""
    if not is_function(node, "power") or node.args[1].denominator != 1:
        return None
    coef, x = dag.scaled(node.args[2])
    return None if coef == 1 else dag.scale(coef ** int(node.args[1]), dag.function("power", x, node.args[1]))


# --- sums -----------------------------------------------------------------------------------------
def numbers_of_terms(node: Dag) -> Dag | None:
    """a - 2 (b / 2) = a - b: each term has one number in front."""
    split = [(c, *dag.scaled(n)) for c, n in node.args]
    if all(inner == 1 for _, inner, _ in split):
        return None
    return dag.add(*(dag.scale(c * inner, base) for c, inner, base in split))


def common_number(node: Dag) -> Dag | None:
    """2 a + 2 b = 2 (a + b); -a - b = -(a + b)."""
    coefs = [c for c, _ in node.args]
    common = abs(coefs[0]) * (-1 if max(coefs) < 0 else 1)
    if common == 1 or {abs(c) for c in coefs} != {abs(common)} or any(number_in(n) is not None for _, n in node.args):
        return None
    return dag.scale(common, dag.add(*(dag.scale(c / common, n) for c, n in node.args)))


# --- matrices -------------------------------------------------------------------------------------
def inverse(node: Dag) -> Dag | None:
    """(S^-1)^-1 = S; Q^-1 = Q'; diag(v)^-1 = diag(1/v); (c S)^-1 = S^-1 / c; (S')^-1 = (S^-1)'."""
    x = node.args[0]
    if x.kind == "inverse":
        return x.args[0]
    last = (*range(len(x.dims) - 2), len(x.dims) - 1, len(x.dims) - 2)
    if "orthogonal" in facts.declared(x):
        return dag.transpose(x, last)
    if x.kind != "contract" or len(x.args[1]) > 1:
        return None
    coef, ops, out, dims = x.args
    if _diagonal(x):
        inner = [(dag.function("power", op, Fraction(-1)), ls) for op, ls in ops]
        return dag.contract(1 / coef, inner, out, dict(enumerate(dims)))
    if coef != 1 and ops:
        return dag.scale(1 / coef, dag.matrix_function("inverse", dag.scale(1 / coef, x)))
    if len(x.dims) == 2 and ops and ops[0][1] == out[::-1]:
        return dag.transpose(dag.matrix_function("inverse", ops[0][0]), last)
    return None


def logdet(node: Dag) -> Dag | None:
    """logdet S^-1 = -logdet S; logdet diag(v) = sum log v for positive v, matrix by matrix."""
    x = node.args[0]
    if x.kind == "inverse":
        return minus(dag.matrix_function("logdet", x.args[0]))
    if not _diagonal(x) or not facts.positive_definite(x):
        return None
    coef, ops, out, dims = x.args
    batch = tuple(range(len(out) - 2))
    diagonal = dag.contract(coef, ops, out[:-1], dict(enumerate(dims)))
    return dag.contract(1, [(dag.function("log", diagonal), (*batch, len(batch)))], batch, {})


def _diagonal(node: Dag) -> bool:
    """diag(v) with one product in each place."""
    return facts.diagonal(node) and all(set(ls) <= set(node.args[2]) for _, ls in node.args[1])
