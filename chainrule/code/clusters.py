"""Sums over clusters without an array of every point by every cluster: sum_k C[i,k] f(x_i, m_k) = f(x_i, (C m)_i).

Each row of C holds one 1, so that weighting by C and summing over k picks the cluster of point i. Picking goes through
sums, products and functions down to what depends on k alone, where it is the product C @ m.
"""

from __future__ import annotations

from collections.abc import Hashable

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .facts import declared

Labels = tuple[Hashable, ...]


def gathered(*roots: Dag) -> dict[Dag, Dag]:
    """The formulas with every such sum picked: what became of each of their nodes."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(*roots):
        new = dag.rebuild(node, [done[c] for c in node.children])
        while new.kind == "contract" and (better := _picked_once(new)) is not None:
            new = better
        done[node] = new
    return done


def _picked_once(node: Dag) -> Dag | None:
    coef, ops, out, dims = node.args
    for n, (c, labels) in enumerate(ops):
        if "one_hot_rows" not in declared(c) or len(labels) != 2 or labels[0] == labels[1]:
            continue
        i, k = labels
        others = [op for m, op in enumerate(ops) if m != n]
        both = [op for op in others if op[1].count(k) == 1 and _tangled(op[0], op[1], i, k)]
        if not both:
            continue
        rest = [op for op in others if op not in both]
        new = [pick(o, ls, c, i, k) for o, ls in others if (o, ls) in both]
        kept = [(c, labels)] if k in out or any(k in ls for _, ls in rest) else []
        return dag.contract(coef, [*kept, *rest, *new], out, {m: d for m, d in enumerate(dims) if kept or m != k})
    return None


def _tangled(node: Dag, labels: Labels, i: Hashable, k: Hashable) -> bool:
    """Is it a sum or a function of point and cluster at once, or a product that holds one?"""
    if i not in labels or k not in labels:
        return False
    if node.kind != "contract":
        return node.kind in ("sum", "function")
    label_of = dict(zip(node.args[2], labels, strict=True))
    return any(_tangled(op, tuple(label_of.get(x) for x in ls), i, k) for op, ls in node.args[1])


def pick(node: Dag, labels: Labels, c: Dag, i: Hashable, k: Hashable) -> tuple[Dag, Labels]:
    """sum over k of C[i, k] node[labels], as a node and its labels: k gives way to i."""
    if k not in labels:
        return node, labels
    wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
    match node.kind:
        case "function":
            inner, axes = pick(node.args[2], labels, c, i, k)
            return dag.function(node.args[0], inner, node.args[1]), axes
        case "sum":
            sizes = {x: d for x, d in zip(labels, node.dims, strict=True) if x != k} | {i: c.dims[0]}
            terms = [(b, *_opened_pick(term, labels, c, i, k)) for b, term in node.args]
            return dag.add(*(dag.contract(b, [(t, ls)], wanted, sizes) for b, t, ls in terms)), wanted
        case "contract" if i in labels:
            return _opened_pick(node, labels, c, i, k)
    return dag.contract(1, [(c, (i, k)), (node, labels)], wanted, {}), wanted


def _opened_pick(node: Dag, labels: Labels, c: Dag, i: Hashable, k: Hashable) -> tuple[Dag, Labels]:
    """Picking in a product: each factor that holds k is picked on its own, since C is 0 or 1."""
    if node.kind != "contract":
        return pick(node, labels, c, i, k)
    coef, ops, out, dims = node.args
    if len(set(out)) < len(out):
        wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
        return dag.contract(1, [(c, (i, k)), (node, labels)], wanted, {}), wanted
    label_of = dict(zip(out, labels, strict=True))
    names = {n: label_of.get(n, ("inner", n)) for n in range(len(dims))}
    sizes = {names[n]: d for n, d in enumerate(dims) if names[n] != k} | {i: c.dims[0]}
    factors = [pick(op, tuple(names[n] for n in ls), c, i, k) for op, ls in ops]
    wanted = tuple(dict.fromkeys(i if x == k else x for x in labels))
    return dag.contract(coef, factors, wanted, sizes), wanted
