"""A structured result by its parts: H[i, j, k, l] = A[j, l] where i = k, else 0, is returned as A alone."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .apart import connected, together

LETTERS = "ijklmnop"


@dataclass(frozen=True)
class Parts:
    """The arrays of which a tensor is the product, each on some of its axes, and how it is put together again."""

    arrays: tuple[Dag, ...]
    says: str


def parts(node: Dag) -> Parts | None:
    """The parts of a tensor that is smaller than it looks: an outer product, a delta, equal entries along an axis."""
    coef, node = dag.scaled(node)
    if node.kind != "contract":
        return None
    _, ops, out, dims = node.args
    sizes = dict(enumerate(dims))
    groups = [together(group, out, sizes) for group in connected([(op, ls) for op, ls in ops if ls])]
    factors = sorted(((op, ls) for op, ls in groups if ls), key=lambda f: min(map(out.index, f[1])))
    inside = {x for _, labels in factors for x in labels}
    if not factors or (len(factors) == 1 and len(set(out)) == len(out) and set(out) <= inside):
        return None
    numbers = [(op, labels) for op, labels in (*groups, *ops) if not labels]
    (first, labels), *rest = factors
    scaled = dag.contract(coef, [(first, labels), *numbers], labels, {})
    arrays = [(scaled, labels), *rest]
    names = _names([op for op, _ in arrays])
    product = " ".join(f"{names[op]}[{_spell(labels, out)}]" for op, labels in arrays)
    return Parts(tuple(names), f"[{', '.join(LETTERS[: len(out)])}] = {product}{_where(out)}")


def _names(arrays: list[Dag]) -> dict[Dag, str]:
    """A, B, ... for matrices, a, b, ... for vectors; a part that stands twice has one name."""
    found: dict[Dag, str] = {}
    for op in arrays:
        letter = "abcdefgh"[len(found)]
        found.setdefault(op, letter.upper() if len(op.dims) > 1 else letter)
    return found


def _spell(labels: tuple[int, ...], out: tuple[int, ...]) -> str:
    return ", ".join(LETTERS[out.index(x)] for x in labels)


def _where(out: tuple[int, ...]) -> str:
    equal = [f"{LETTERS[out.index(x)]} = {LETTERS[k]}" for k, x in enumerate(out) if out.index(x) != k]
    return f" where {' and '.join(equal)}, else 0" if equal else ""
