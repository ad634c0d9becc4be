"""The formula's side of the comparison: its exact value, and how far rounding alone may move it.

Two regions of doubt belong to every input. R_in: the largest change of the exact value when each input moves by one
ulp of its largest entry, declared structure kept, plus half an ulp of the value itself. R_node: the same with every
operation of the formula moved by one ulp as well. No tolerance is chosen: both come from the problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from flint import arb

from chainrule.agreement.flavours import Draw, concrete
from chainrule.agreement.structure import FIXED, Floats
from chainrule.notation.dims import Shape
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Deriv,
    Div,
    Each,
    Expect,
    Eye,
    Kron,
    Letter,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Recurrence,
    Reduce,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
    make_var,
)
from chainrule.worlds.arithmetic import PRECISIONS, Balls, Undecided, precision
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import World, exact, extents

ULP = 2.0**-52
HALF_ULP = 2.0**-53
UNDERFLOW = 2.0**-1022
"""Below this float64 has no full precision: nothing smaller is asked of anybody."""

RUNS = 3
"""Perturbed evaluations for each of the two regions."""

SHARP = 2.0**-20
"""The value's own ball is at most this part of the region of doubt."""

ROUNDED = (Add, Mul, Div, Pow, Apply, Reduce, Softmax, MatMul, Op, Kron, Sum, Deriv, Expect)
"""Kinds whose result is rounded; the others only name, move or negate."""

EXACT_OPS = ("diag", "diagof")


@dataclass(frozen=True)
class Region:
    """An input, the formula's exact value there (entries in reading order), and the two regions of doubt."""

    draw: Draw
    shape: tuple[int, ...]
    exact: list[Any]
    doubt_in: list[Any]
    doubt_node: list[Any]


# --- one-ulp moves ---------------------------------------------------------------------------------
def moved(var: Var, x: Floats, rng: np.random.Generator) -> Floats:
    """Each entry moved by one ulp of the largest, up or down, keeping what the symbol declares."""
    has = var.properties
    if has & FIXED:
        return x
    signs = rng.choice([-1.0, 1.0], x.shape)
    if has & {"symmetric", "skew"}:
        low = np.tril(signs)
        flipped = np.swapaxes(np.tril(signs, -1), -1, -2)
        signs = low + flipped if "symmetric" in has else np.tril(signs, -1) - flipped
    step: Any = np.abs(x) if has & {"positive", "nonnegative"} else np.full(x.shape, np.abs(x).max(initial=0.0))
    if has & {"diagonal", "lower_triangular"}:
        step = np.where(x == 0, 0.0, step)
    return np.asarray(x + ULP * step * signs, dtype=float)


# --- the formula with rounded operations ------------------------------------------------------------
class Noise:
    """The formula with every operation multiplied by a symbol of its own, whose entries are 1 + ulp or 1 - ulp."""

    def __init__(self, formula: Node):
        self.symbols: list[Var] = []
        self._done: dict[tuple[Node, tuple[Letter, ...]], Node] = {}
        self.formula = self._walk(formula, ())

    def values(self, sizes: Mapping[Any, int], rng: np.random.Generator) -> dict[Var, Floats]:
        """The noise at these sizes."""
        return {v: 1.0 + ULP * rng.choice([-1.0, 1.0], concrete(v, sizes)) for v in self.symbols}

    def _walk(self, node: Node, around: tuple[Letter, ...]) -> Node:
        """The same node, noisy; `around` are the bound indices that enclose it."""
        if isinstance(node, (Var, Number)) or not node.args:
            return node
        key = (node, around)
        if key not in self._done:
            self._done[key] = self._rounded(node, self._inside(node, around), around)
        return self._done[key]

    def _inside(self, node: Node, around: tuple[Letter, ...]) -> list[Any]:
        inner = around
        if isinstance(node, Sum):
            inner = around + tuple(r.letter for r in node.ranges)
        if isinstance(node, Each):
            inner = around + node.letters
        if isinstance(node, Recurrence):  # rounding moves every step alike: a symbol cannot depend on t
            groups = {k: sp.Tuple(*(self._walk(a, inner) for a in node.args[k])) for k in (3, 4, 6)}
            return [groups.get(k, a) for k, a in enumerate(node.args)]
        kept = _kept(node)
        return [self._walk(a, inner) if isinstance(a, Node) and k not in kept else a for k, a in enumerate(node.args)]

    def _rounded(self, node: Node, parts: list[Any], around: tuple[Letter, ...]) -> Node:
        if isinstance(node, Op) and node.kind in ("inv", "det", "logdet"):
            wobbly = [self._nearly_one(node.args[1].shape, around) for _ in range(2)]
            parts[1] = MatMul(MatMul(wobbly[0], parts[1]), wobbly[1])
        again: Node = node.func(*parts)
        if not isinstance(node, ROUNDED) or (isinstance(node, Op) and node.kind in EXACT_OPS):
            return again
        noise = self._fresh(again.shape, around)
        return Mul(again, Transpose(noise) if again.row else noise)

    def _fresh(self, shape: Shape, around: tuple[Letter, ...]) -> Node:
        """A noise for each value of the indices around and each entry."""
        var = make_var(f"noise {len(self.symbols)}", tuple(k.dim for k in around) + tuple(shape), ())
        self.symbols.append(var)
        return At(var, *around) if around else var

    def _nearly_one(self, shape: Shape, around: tuple[Letter, ...]) -> Node:
        """I + E with |E| an ulp everywhere: (I + E) A (I + F) is what elimination may make of A."""
        ones = Number(sp.Integer(1), sp.Tuple(*shape))
        return Add(Eye(shape[-1]), Add(self._fresh(shape, around), Neg(ones)))


def _kept(node: Node) -> tuple[int, ...]:
    """The places whose formulas stay as written: a variable that is bound, an exponent."""
    match node:
        case Deriv():
            return (2,)
        case Subs() | Pow():
            return (1,)
        case Expect():
            return (1, 2)
    return ()


noise_of = lru_cache(maxsize=64)(Noise)


# --- values and regions ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Formula:
    """A formula, and the symbols that hypotheses define by others."""

    node: Node
    definitions: Mapping[Var, Node] = field(default_factory=dict)

    def at(self, draw: Draw, node: Node | None = None, more: Mapping[Var, Floats] = {}) -> list[Any]:
        """The value, entry by entry, in balls of the current precision. Raises Undefined and Undecided."""
        values = {var: exact(x) for var, x in {**draw.values, **more}.items()}
        world = World(draw.sizes, values, self.definitions)
        found = list(evaluate(self.node if node is None else node, world, Balls()).flat)
        if not all(x.is_finite() for x in found):
            raise Undecided("a value that is not finite")
        return found

    def region(self, draw: Draw) -> Region:
        """The value and the regions of doubt, at the first precision that makes the value sharper than its doubt.

        Raises Undefined where the formula or a one-ulp neighbour has no value, Undecided where balls cannot tell.
        """
        for bits in PRECISIONS[1:]:
            with precision(bits):
                try:
                    found = self._region(draw)
                except Undecided:
                    continue
                if all(x.rad() <= r * SHARP for x, r in zip(found.exact, found.doubt_in, strict=True)):
                    return found
        raise Undecided("no precision encloses the value more sharply than rounding moves it")

    def _region(self, draw: Draw) -> Region:
        rng = np.random.default_rng(len(draw.values))
        y = self.at(draw)
        inner, outer = [arb(0)] * len(y), [arb(0)] * len(y)
        noise = noise_of(self.node)
        for _ in range(RUNS):
            near = Draw(draw.flavour, draw.sizes, {v: moved(v, x, rng) for v, x in draw.values.items()})
            inner = _widest(inner, y, self.at(near))
            outer = _widest(outer, y, self.at(near, noise.formula, noise.values(draw.sizes, rng)))
        floor = _floor(y, inner)
        inner = [a + b for a, b in zip(inner, floor, strict=True)]
        outer = [(a + b).max(c) for a, b, c in zip(outer, floor, inner, strict=True)]
        return Region(draw, extents(self.node.shape, draw.sizes), y, inner, outer)


def _widest(so_far: list[Any], y: list[Any], z: list[Any]) -> list[Any]:
    """The largest change so far; a change that cannot be told from none is none."""
    changes = [abs(a - b) for a, b in zip(y, z, strict=True)]
    return [s if c.contains(0) else s.max(c.mid()) for s, c in zip(so_far, changes, strict=True)]


def _floor(y: list[Any], change: list[Any]) -> list[Any]:
    """Half an ulp of each entry; of the largest entry where one is 0 whatever the inputs do."""
    sizes = [abs(v).mid() for v in y]
    largest = max(sizes, key=float, default=arb(0))
    still = [v.contains(0) and c == 0 for v, c in zip(y, change, strict=True)]
    return [arb(HALF_ULP) * (largest if s else v) + arb(UNDERFLOW) for s, v in zip(still, sizes, strict=True)]
