"""A stack of products, one slice at a time: a wide array that is summed away again is never made.

    A = np.empty((K, N))
    for k in range(K):                     instead of the array (N, K, d) of all differences, those of one k,
        R_k = X - mu[k]                    which stay in the cache
        A[k] = (R_k**2).sum(axis=1)

It is done for a sum of products, one of whose factors is wide and made entry by entry of narrow arrays. A stack is a
node of its own, `stack`, whose children are what stands outside the loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import make_var

from . import facts
from .blocks import Block, Emitted
from .flatten import Flattening, Product
from .order import Typical, entries, reading_order
from .syntax import Code
from .values import Value, dim_code

WIDE, SLICE, NARROW = 2**16, 2**14, 4
"""From how many entries on an array is wide, and a slice worth a round; by how much a narrow array is smaller."""

Op = tuple[Dag, tuple[int, ...]]


def stacked(roots: Sequence[Dag], typical: Typical) -> dict[Dag, Dag]:
    """What becomes of every node of the formulas, stacks in place of sums over wide arrays."""
    flattening = Flattening(roots, reading_order(roots, []), {}, typical)
    stacks = {}
    for node in flattening.needed(frozenset()):
        found = _stack(node, flattening.products[node], typical) if node.kind == "contract" else None
        if found is not None:
            stacks[node] = found
    done: dict[Dag, Dag] = {}
    for node in dag.order(*roots):
        new = stacks.get(node, node)
        below = [_whitener(done[c.children[0]]) if c.kind == "whitener" else done[c] for c in new.children]
        done[node] = dag.rebuild(new, below)
    return done


def _whitener(matrix: Dag) -> Dag:
    """W with W'W = S^-1 for a positive definite S, or a stack of them."""
    return dag.make("whitener", ((matrix,),), matrix.dims, (matrix,))


# --- which products, and their slices ----------------------------------------------------------------
class _Stuck(Exception):
    """A part has no slice."""


def _stack(node: Dag, product: Product, typical: Typical) -> Dag | None:
    """The product as a stack along the shortest axis that a wide factor has and the result keeps."""
    able = [x for x in product.out if product.out.count(x) == 1]
    for x in sorted(able, key=lambda x: typical(product.dims[x])):
        wide = [f for f, labels in product.factors if x in labels and not set(labels) <= set(product.out)]
        width = max((entries(f, typical) for f in wide if f.kind != "var"), default=0.0)
        if width < WIDE or width < SLICE * typical(product.dims[x]):
            continue
        try:
            slices = _Slices(width / NARROW, typical)
            lonely = _lonely(product.factors, product.dims)
            formula = slices.of(product.coef, _whitened(product), product.out, lonely, x)
        except _Stuck:
            continue
        if slices.opened:
            children = tuple(inside for inside, _ in slices.leaves)
            leaves = tuple((leaf, axis) for (_, axis), leaf in slices.leaves.items())
            return dag.make("stack", (product.out.index(x), formula, leaves, children), node.dims, children)
    return None


def _lonely(ops: Sequence[Op], dims: Sequence[sp.Expr]) -> dict[int, sp.Expr]:
    """The labels that no factor has, and their sizes."""
    held = {y for _, labels in ops for y in labels}
    return {y: d for y, d in enumerate(dims) if y not in held}


class _Slices:
    """Nodes at one place of an axis. Arrays of at most `narrow` entries are computed outside, and read."""

    def __init__(self, narrow: float, typical: Typical):
        self.narrow, self.typical = narrow, typical
        self.leaves: dict[tuple[Dag, int | None], Dag] = {}
        self.done: dict[tuple[Dag, int], Dag] = {}
        self.opened = False

    def of(self, coef: Fraction, ops: Sequence[Op], out: Sequence[int], sizes: Mapping[int, sp.Expr], x: int) -> Dag:
        """A product at one place of the label x; `sizes` are those of labels that no factor has."""
        sliced = [(self._part(node, labels, x), tuple(y for y in labels if y != x)) for node, labels in ops]
        return dag.contract(coef, sliced, [y for y in out if y != x], {y: d for y, d in sizes.items() if y != x})

    def _part(self, node: Dag, labels: Sequence[int], x: int) -> Dag:
        places = [k for k, y in enumerate(labels) if y == x]
        if len(places) > 1:
            raise _Stuck
        return self.at(node, places[0]) if places else self.same(node)

    def same(self, node: Dag) -> Dag:
        """A node that does not have the axis."""
        return self._leaf(node, None) if any(n.kind == "var" for n in dag.order(node)) else node

    def at(self, node: Dag, axis: int) -> Dag:
        """A node at one place of an axis."""
        if (node, axis) not in self.done:
            self.done[node, axis] = self._at(node, axis)
        return self.done[node, axis]

    def _at(self, node: Dag, axis: int) -> Dag:
        power = node.kind == "function" and node.args[0] == "power"
        if node.kind in ("var", "whitener") or (not power and entries(node, self.typical) <= self.narrow):
            if node.kind == "inverse" and axis < len(node.dims) - 2:
                return dag.matrix_function("inverse", self.at(node.args[0], axis))
            return self._leaf(node, axis)
        match node.kind:
            case "function":
                made = dag.function(node.args[0], self.at(node.args[2], axis), node.args[1])
            case "sum":
                made = dag.add(*(dag.scale(c, self.at(n, axis)) for c, n in node.args))
            case "contract":
                coef, ops, out, dims = node.args
                entrywise = {y for _, labels in ops for y in labels} <= set(out)
                if out.count(out[axis]) > 1 or not (entrywise or ops[-1][0].kind == "whitener"):
                    raise _Stuck
                made = self.of(coef, ops, out, _lonely(ops, dims), out[axis])
            case _:
                raise _Stuck
        self.opened |= not power
        return made

    def _leaf(self, node: Dag, axis: int | None) -> Dag:
        """Stands for what is read; what is known of its signs is known of it."""
        if (node, axis) not in self.leaves:
            dims = tuple(d for k, d in enumerate(node.dims) if k != axis)
            known = {"positive": facts.positive, "nonnegative": facts.nonnegative}
            if len(dims) == 2:
                known["positive_definite"] = facts.positive_definite
            said = tuple(word for word, holds in known.items() if holds(node))
            name = f"slice {len(self.leaves)} of {node.uid}"
            self.leaves[node, axis] = dag.var(make_var(name, dims, said), dims)
        return self.leaves[node, axis]


def _whitened(product: Product) -> list[Op]:
    """The factors, with |W b|^2 for b' S^-1 b where S is positive definite."""
    todo, made, fresh = list(product.factors), list[Op](), len(product.dims)
    for white in product.factors:
        sides = _sides(white, product)
        if sides is None:
            continue
        (b, first), (_, second) = sides
        matrix, labels = white
        names = dict(zip(labels[-2:], (fresh, fresh), strict=True))
        whitener = _whitener(matrix.args[0]), (*labels[:-2], fresh, labels[-2])
        axes = [(fresh, *(y for y in side if y not in names)) for side in (first, second)]
        whole = dag.contract(1, [(b, first), whitener], axes[0], {})
        made += [(whole, labels) for labels in axes]
        todo, fresh = [op for op in todo if op not in (white, *sides)], fresh + 1
    return [*made, *todo]


def _sides(white: Op, product: Product) -> tuple[Op, Op] | None:
    """The b on each side of this factor, if it is the S^-1 of b' S^-1 b with a positive definite S."""
    node, labels = white
    if node.kind != "inverse" or not facts.positive_definite(node.args[0]):
        return None
    left, right = ([op for op in product.factors if y in op[1] and op != white] for y in labels[-2:])
    if len(left) != 1 or len(right) != 1 or left[0][0] is not right[0][0] or set(labels[-2:]) & set(product.out):
        return None
    turned = tuple(labels[-1] if y == labels[-2] else y for y in left[0][1])
    return (left[0], right[0]) if turned == right[0][1] else None


# --- as text ---------------------------------------------------------------------------------------
def written(node: Dag, outside: Sequence[Code], emitted: Emitted, taken: set[str]) -> Value:
    """The array of a stack. `outside` are its children's arrays; `emitted` makes the code of a slice from the names of
    its leaves."""
    axis, formula, leaves, _ = node.args
    block, dim = Block(taken), node.dims[axis]
    index = block.fresh(dim.name.lower() if dim.is_Symbol and len(dim.name) == 1 else "k")
    known = {leaf: block.part(x) + _place(at, index) for (leaf, at), x in zip(leaves, outside, strict=True)}
    body = block.body(*emitted([formula], known), f"_{index}")
    rest = [k for k in range(len(node.dims)) if k != axis]
    shape = ", ".join(block.part(dim_code(node.dims[k])) for k in (axis, *rest)) + ("," if not rest else "")
    lines = [f"{{self}} = np.empty(({shape}))", f"for {index} in range({block.part(dim_code(dim))}):"]
    inside = [*body.lines, f"{{self}}[{index}] = {body.result}"]
    lines += [f"    {line}" for text in inside for line in text.split("\n")]
    return Value(block.code(lines, len(node.dims)), (axis, *rest), tuple(range(len(node.dims))))


def _place(axis: int | None, index: str) -> str:
    return "" if axis is None else f"[{', '.join([*':' * axis, index])}]"
