"""The Python text of a formula, evaluated with the vocabulary and the symbols by name, is the formula again."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule as cr
from chainrule.notation.nodes import Node, as_node
from chainrule.printing import pieces, python_name, text
from tests.printing.formulas import SIZES, SYMBOLS, by_hand, drawn, i_N, j_p, n

WORDS: dict[str, Any] = {
    **{name: getattr(cr, name) for name in cr.__all__},
    **SIZES,
    **{python_name(name): symbol for name, symbol in SYMBOLS.items()},
    "j": j_p,
}


def read(source: str, **letters: object) -> Node:
    """The formula that Python builds from its text."""
    return as_node(eval(source, {**WORDS, **letters}))


@pytest.mark.parametrize("index", range(400))
def test_a_drawn_formula_comes_back(index: int) -> None:
    node = FORMULAS[index]
    assert read(text(node)) == node


FORMULAS = drawn(400)


def test_formulas_by_hand_come_back() -> None:
    for node in by_hand():
        loose = {"i": i_N if node.has(i_N) else cr.index("i", n)}
        assert read(text(node), **loose) == node, text(node)


def test_pieces_join_to_the_whole() -> None:
    for node in FORMULAS + by_hand():
        assert " ".join(pieces(node, "text")) == text(node)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (
            -2 * SYMBOLS["X"].T @ (SYMBOLS["y"] - SYMBOLS["X"] @ SYMBOLS["w"]) + 2 * SYMBOLS["lam"] * SYMBOLS["w"],
            "-2 * X.T @ (y - X @ w) + 2 * lam * w",
        ),
        (2 * (SYMBOLS["X"].T @ SYMBOLS["y"]), "2 * (X.T @ y)"),
        (SYMBOLS["w*"], "w_star"),
        (
            cr.Sum(cr.sqnorm(SYMBOLS["z"][i] - SYMBOLS["m"][k]) for k in SYMBOLS["C"] for i in SYMBOLS["C"][k]),
            "Sum(sqnorm(z[i] - m[k]) for k in C for i in C[k])",
        ),
        (cr.each(cr.size(SYMBOLS["C"][k]) + 1 for k in SYMBOLS["C"]), "each(size(C[k]) + 1 for k in over(K))"),
        (cr.total(SYMBOLS["X"], axis=0), "total(X, axis=0)"),
    ],
)
def test_reads_as_it_was_written(node: Node, expected: str) -> None:
    assert text(node) == expected


def test_a_filled_number_reads_as_an_equal_formula() -> None:
    import sympy as sp

    from chainrule.notation.nodes import Number

    assert text(Number(sp.Integer(-2), sp.Tuple(n))) == "-2 * ones(n)"
    assert text(Number(sp.E, sp.Tuple())) == "exp(1)"


def test_a_bound_letter_steps_aside() -> None:
    z, w = SYMBOLS["z"], SYMBOLS["w"]
    inside = cr.Sum(z[i].T @ w for i in cr.over(SIZES["N"])).xreplace({w: z[i_N]})
    assert text(inside) == "Sum(z[j].T @ z[i] for j in over(N))"
    assert cr.notation.indices.free_letters(inside) == {i_N}
