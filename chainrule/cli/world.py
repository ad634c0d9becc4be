"""A counterexample as small matrices of characters, to be checked by hand."""

from __future__ import annotations

from itertools import chain
from typing import Any

from rich.cells import cell_len

from chainrule.evidence import Counterexample

WIDTH = 88
INDENT = 7
Block = list[str]


def sizes(found: Counterexample) -> str:
    """n = 2, p = 1"""
    return ", ".join(f"{name} = {value}" for name, value in found.sizes.items())


def world(found: Counterexample, left: str, right: str) -> list[str]:
    """The values of the symbols, and both sides under the names `left` and `right`."""
    values = [named(name, value) for name, value in found.values.items()]
    wide = max(len(left), len(right))
    sides = [named(left.ljust(wide), found.left, flat=True), named(right.ljust(wide), found.right, flat=True)]
    if all(len(side) == 1 for side in sides):
        beside = _beside([*values, list(chain(*sides))], gap=4)
        if beside and cell_len(beside[0]) + INDENT <= WIDTH:
            return [" " * INDENT + row for row in beside]
        return [*_shelved(values), "", *(" " * INDENT + side[0] for side in sides)]
    return [*_shelved(values), "", *_shelved(sides)]


def named(name: str, value: Any, flat: bool = False) -> Block:
    """name = value: a matrix between brackets, a vector as a column, or, if flat, as (1, 0)."""
    rows = _rows(value, flat)
    gap = "  =  " if flat else " = "
    return [(name + gap if k == 0 else " " * (cell_len(name) + len(gap))) + row for k, row in enumerate(rows)]


def inline(value: Any) -> str:
    """A value on one line: 3, (1, 0), ((1, 0), (0, 1))."""
    return f"({', '.join(map(inline, value))})" if isinstance(value, (list, tuple)) else str(value)


def _rows(value: Any, flat: bool) -> Block:
    depth = _depth(value)
    if depth == 0 or (flat and depth == 1) or depth > 2:
        return [inline(value)]
    table = [[str(e) for e in row] for row in value] if depth == 2 else [[str(e)] for e in value]
    columns = [max(map(len, column)) for column in zip(*table, strict=True)]
    return _bracketed(["  ".join(e.rjust(w) for e, w in zip(row, columns, strict=True)) for row in table])


def _bracketed(rows: Block) -> Block:
    if len(rows) == 1:
        return [f"[{rows[0]}]"]
    ends = [("⎡", "⎤"), *[("⎢", "⎥")] * (len(rows) - 2), ("⎣", "⎦")]
    return [f"{left}{row}{right}" for (left, right), row in zip(ends, rows, strict=True)]


def _depth(value: Any) -> int:
    return 1 + _depth(value[0]) if isinstance(value, (list, tuple)) and len(value) else 0


def _beside(blocks: list[Block], gap: int) -> Block:
    """Blocks side by side, tops aligned."""
    height = max(map(len, blocks), default=0)
    columns = []
    for block in blocks:
        wide = max(map(cell_len, block), default=0)
        columns.append([_pad(row, wide) for row in block] + [" " * wide] * (height - len(block)))
    return [(" " * gap).join(row).rstrip() for row in zip(*columns, strict=True)]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _shelved(blocks: list[Block]) -> Block:
    """Blocks side by side, as many in a row as the width allows."""
    shelves: list[list[Block]] = [[]]
    for block in blocks:
        if shelves[-1] and max(map(cell_len, _beside([*shelves[-1], block], 4))) + INDENT > WIDTH:
            shelves.append([])
        shelves[-1].append(block)
    return [" " * INDENT + row if row else row for shelf in shelves for row in _beside(shelf, 4)]
