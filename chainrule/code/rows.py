"""A function of many wide rows, a block of rows at a time: what is computed on the way stays in the cache.

    for i in range(0, n, step):
        X_i, G_i = X[i:i + step], G[i:i + step]          what is asked of each row is written where it belongs,
        ...                                              what is summed over the rows is added up

It is done where row i of every array on the way depends on row i of the arguments alone, where sums over rows are
results and nothing else is made of them, and where nothing is a product of matrices, which BLAS takes in blocks itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .order import Typical, entries
from .statements import Statements
from .syntax import Code, render, together
from .values import dim_code

LARGE, BLOCK, STEPS = 2**16, 2**15, 5
"""From how many entries on, in blocks of how many, and for how many arrays of that size on the way it pays."""

ROW, STEP = "i", "step"
"""What the first row of a block is called and, behind an underline, what belongs to it; and how many rows it has."""


@dataclass(frozen=True)
class Rows:
    """The size that counts the rows, the arguments that have them, and the other sizes of a row."""

    dim: sp.Expr
    arguments: tuple[Dag, ...]
    width: tuple[sp.Expr, ...]

    def sizes(self, roots: Sequence[Dag]) -> list[sp.Expr]:
        """All that the lines around a block speak of."""
        return [self.dim, *self.width, *(d for root in roots for d in root.dims)]


def rows(roots: Sequence[Dag], typical: Typical) -> Rows | None:
    """How to go through the formulas by rows; None where that cannot be done, or gains nothing."""
    leaves = [node for node in dag.order(*roots) if node.kind == "var" and node.dims]
    for dim in dict.fromkeys(leaf.dims[0] for leaf in leaves):
        arguments = tuple(leaf for leaf in leaves if leaf.dims[0] == dim)
        wide = [node for node in dag.order(*roots) if dim in node.dims and node.kind != "var" and _large(node, typical)]
        if len(wide) >= STEPS and _by_rows(roots, dim):
            widest = max(wide, key=lambda node: entries(node, typical))
            return Rows(dim, arguments, tuple(d for d in widest.dims if d != dim))
    return None


def _large(node: Dag, typical: Typical) -> bool:
    return entries(node, typical) >= LARGE


# --- what may be done by rows ----------------------------------------------------------------------
def _by_rows(roots: Sequence[Dag], dim: sp.Expr) -> bool:
    """Is every node one of rows, or free of rows and small, or a sum over rows of which only sums and multiples are
    made?"""
    sums: set[Dag] = set()
    for node in dag.order(*roots):
        found = _kind(node, dim, sums)
        if found is None:
            return False
        if found == "sum":
            sums.add(node)
    return all(dim in root.dims or root in sums for root in roots)


def _kind(node: Dag, dim: sp.Expr, sums: set[Dag]) -> str | None:
    """rows, free or sum; None for what cannot be done."""
    places = [k for k, d in enumerate(node.dims) if d == dim]
    if len(places) > 1 or any(d != dim and dim in d.free_symbols for d in node.dims):
        return None
    above = [child for child in node.children if child in sums]
    if above:
        return "sum" if not places and _linear(node, sums, dim) else None
    of_rows = any(dim in child.dims for child in node.children)
    match node.kind:
        case "var":
            return "rows" if places == [0] else "free" if not places else None
        case "size":
            return None if dim in node.args[0].free_symbols else "free"
        case "constant":
            return "free"
        case "function" | "sum":
            return "rows" if places else "free" if len(node.dims) < 2 else None
        case "softmax" | "logsumexp" | "max" | "argmax" if of_rows and len(places) == 1:
            return None if node.args[1].dims.index(dim) in node.args[0] else "rows"
        case "contract":
            return _product(node, dim, places)
    return None


def _linear(node: Dag, sums: set[Dag], dim: sp.Expr) -> bool:
    """A sum of sums over rows, or one of them times what is free of rows."""
    if node.kind == "sum":
        return all(n in sums for _, n in node.args)
    if node.kind != "contract":
        return False
    _, ops, _, dims = node.args
    return dim not in dims and sum(op in sums for op, _ in ops) == 1


def _product(node: Dag, dim: sp.Expr, places: list[int]) -> str | None:
    _, ops, out, dims = node.args
    rows = {label for label, d in enumerate(dims) if d == dim}
    held = {label for _, labels in ops for label in labels}
    if any(d != dim and dim in d.free_symbols for d in dims) or len(rows) > 1 or not rows <= held | set(out):
        return None
    if not rows:
        return "free" if len(node.dims) < 2 and all(len(op.dims) < 2 for op, _ in ops) else None
    matrices = any(len(labels) > 1 and not rows & set(labels) for _, labels in ops)
    if matrices or len(set(out)) < len(out):
        return None
    if places:
        return "rows"
    return "sum" if len(out) < 2 else None


# --- as text ---------------------------------------------------------------------------------------
class ByRows:
    """The lines of a function that computes the formulas `roots`, whose expressions for a block are `codes`."""

    def __init__(
        self,
        found: Rows,
        roots: Sequence[Dag],
        codes: Sequence[Code],
        preferred: Mapping[Code, str],
        sizes: Mapping[Code, str],
        blocks: Mapping[str, str],
        taken: Iterable[str],
    ):
        names = {*taken, *blocks.values(), STEP, ROW}
        body = Statements(together(codes), preferred, sizes, names, f"_{ROW}")
        names |= set(body.names.values())
        out = [name for name in (f"out{k or ''}" for k in range(len(roots) + len(names))) if name not in names]

        def text(dim: sp.Expr) -> str:
            return render(dim_code(dim), sizes)

        here, width = f"{ROW}:{ROW} + {STEP}", " * ".join(f"({text(d)})" if d.is_Add else text(d) for d in found.width)
        self.lines = [f"{STEP} = max(1, {BLOCK} // {width if len(found.width) == 1 else f'({width})'})"]
        inside = [f"{name} = {whole}[{here}]" for whole, name in blocks.items()] + body.lines
        for name, root, code in zip(out, roots, codes, strict=False):
            shape = ", ".join(map(text, root.dims)) + ("," if len(root.dims) == 1 else "")
            made = render(code, body.names)
            if found.dim in root.dims:
                self.lines.append(f"{name} = np.empty(({shape}))")
                inside.append(f"{name}[{':, ' * root.dims.index(found.dim)}{here}] = {made}")
            else:
                self.lines.append(f"{name} = np.zeros(({shape}))" if root.dims else f"{name} = 0.0")
                inside.append(f"{name} += {made}")
        self.lines.append(f"for {ROW} in range(0, {text(found.dim)}, {STEP}):")
        self.lines += [f"    {line}" for lines in inside for line in lines.split("\n")]
        self.result = ", ".join(out[: len(roots)])
