"""Sizes that have to agree: unification of dimensions, and names for those that nobody has named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sympy as sp

from chainrule.notation.dims import Dim, as_dim, dims

NAMES = ("n", "p", "m", "q", "r", "s", "t", "d", "h", "u", "v")
"""Names for sizes, in the order in which they are given; those of symbols are left out."""


@dataclass(eq=False, slots=True)
class Size:
    """A dimension not yet known: equal to another, a declared name, a number, or a product of others."""

    start: int
    end: int
    source: str = ""
    same_as: Size | None = None
    fixed: Dim | None = None
    factors: tuple[Size, ...] = ()
    name: Dim | None = None

    def root(self) -> Size:
        """What it was found to be equal to."""
        node = self
        while node.same_as is not None:
            node = node.same_as
        return node

    @property
    def free(self) -> bool:
        root = self.root()
        return root.fixed is None and not root.factors


Shape = tuple[Size, ...]


def unify(a: Size, b: Size) -> bool:
    """Make two sizes equal; False if they cannot be."""
    a, b = a.root(), b.root()
    if a is b:
        return True
    if a.free or b.free:
        moved, stays = (b, a) if b.free else (a, b)
        if moved in _inside(stays):
            return False
        moved.same_as = stays
        return True
    if a.factors and len(a.factors) == len(b.factors):
        return all(unify(x, y) for x, y in zip(a.factors, b.factors, strict=True))
    return a.fixed is not None and a.fixed == b.fixed


def _inside(size: Size) -> set[Size]:
    return {size}.union(*(_inside(f.root()) for f in size.factors)) if size.factors else {size}


def is_one(size: Size) -> bool:
    """Is it known to be 1? Then NumPy stretches it."""
    return size.root().fixed == 1


@dataclass
class Sizes:
    """The sizes of formulas read together: the declared names, all that were made, and the text that is being read."""

    declared: dict[str, Size] = field(default_factory=dict)
    made: list[Size] = field(default_factory=list)
    source: str = ""

    def fresh(self, start: int, end: int) -> Size:
        """A size of which nothing is known, asked for by this piece of the text."""
        self.made.append(Size(start, end, self.source))
        return self.made[-1]

    def named(self, word: str, start: int, end: int) -> Size:
        """The declared size of this name, or a number."""
        if word in self.declared:
            return self.declared[word]
        number = word.isdigit()
        self.made.append(Size(start, end, self.source, fixed=as_dim(int(word)) if number else dims(word)[0]))
        if not number:
            self.declared[word] = self.made[-1]
        return self.made[-1]

    def name_all(self, shapes: Iterable[Shape], taken: Iterable[str]) -> None:
        """Give every size a name, those of these shapes first, in order."""
        used = {*taken, *self.declared}
        spare = [name for name in NAMES if name not in used] + [f"n{k}" for k in range(1, len(self.made) + 1)]
        names = iter([name for name in spare if name not in used])
        for size in [s for shape in shapes for s in shape] + self.made:
            for part in _leaves(size.root()):
                if part.name is None:
                    part.name = part.fixed if part.fixed is not None else dims(next(names))[0]


def _leaves(size: Size) -> list[Size]:
    return [leaf for f in size.factors for leaf in _leaves(f.root())] if size.factors else [size]


def dim(size: Size) -> Dim:
    """The dimension, once all are named."""
    root = size.root()
    if root.factors:
        return sp.Mul(*(dim(f) for f in root.factors))
    assert root.name is not None, "sizes are named before they are used"
    return root.name


def dims_of(shape: Sequence[Size]) -> tuple[Dim, ...]:
    """The dimensions of a shape."""
    return tuple(dim(s) for s in shape)
