"""Sums over clusters without an array of every point by every cluster: sum_k C[i,k] f(x_i, m_k) = f(x_i, (C m)_i).

Each row of C holds one 1, so that weighting by C and summing over k picks the cluster of point i. Picking goes through
sums, products and functions down to what depends on k alone, where it is the product C @ m.
"""

from __future__ import annotations

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .facts import declared


def gathered(root: Dag) -> tuple[Dag, dict[Dag, Dag]]:
    """The formula with every such sum picked, and what became of each of its nodes."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(root):
        new = dag.rebuild(node, [done[c] for c in node.children])
        while new.kind == "contract" and (better := _picked_once(new)) is not None:
            new = better
        done[node] = new
    return done[root], done


def _picked_once(node: Dag) -> Dag | None:
    coef, ops, out, dims = node.args
    for n, (c, labels) in enumerate(ops):
        if "one_hot_rows" not in declared(c) or len(labels) != 2:
            continue
        i, k = labels
        others = [op for m, op in enumerate(ops) if m != n]
        if i == k or k in out or sum(c is o and k in ls for o, ls in others):
            continue
        with_k = [(o, ls) for o, ls in others if k in ls]
        if not any(i in ls and o.kind in ("sum", "function") and ls.count(k) == 1 for o, ls in with_k):
            continue
        if any(not _can_pick(o, ls, k) for o, ls in with_k):
            continue
        rest = [(o, ls) for o, ls in others if k not in ls]
        new = [pick(o, ls, c, i, k) for o, ls in with_k]
        return dag.contract(coef, [*rest, *new], out, dict(enumerate(dims)))
    return None


def _can_pick(node: Dag, labels: tuple[int, ...], k: int) -> bool:
    return labels.count(k) == 1


def pick(node: Dag, labels: tuple[int, ...], c: Dag, i: int, k: int) -> tuple[Dag, tuple[int, ...]]:
    """sum over k of C[i, k] node[labels], as a node and its labels: k gives way to i."""
    if k not in labels:
        return node, labels
    wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
    match node.kind:
        case "function":
            inner, axes = pick(node.args[2], labels, c, i, k)
            return dag.function(node.args[0], inner, node.args[1]), axes
        case "sum":
            sizes = dict(zip(labels, node.dims, strict=True)) | {i: c.dims[0]}
            terms = [(b, *_opened_pick(term, labels, c, i, k)) for b, term in node.args]
            return dag.add(*(dag.contract(b, [(t, ls)], wanted, sizes) for b, t, ls in terms)), wanted
        case "contract" if i in labels:
            return _opened_pick(node, labels, c, i, k)
    return dag.contract(1, [(c, (i, k)), (node, labels)], wanted, {}), wanted


def _opened_pick(node: Dag, labels: tuple[int, ...], c: Dag, i: int, k: int) -> tuple[Dag, tuple[int, ...]]:
    """Picking in a product: each factor that holds k is picked on its own, since C is 0 or 1."""
    if node.kind != "contract":
        return pick(node, labels, c, i, k)
    coef, ops, out, dims = node.args
    if len(set(out)) < len(out):
        wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
        return dag.contract(1, [(c, (i, k)), (node, labels)], wanted, {}), wanted
    label_of = dict(zip(out, labels, strict=True))
    names = {n: label_of.get(n, ("inner", n)) for n in range(len(dims))}
    sizes = {names[n]: d for n, d in enumerate(dims)} | {i: c.dims[0]}
    factors = [pick(op, tuple(names[n] for n in ls), c, i, k) for op, ls in ops]  # type: ignore[misc]
    wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
    return dag.contract(coef, factors, wanted, sizes), wanted
