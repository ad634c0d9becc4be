"""Every printed formula is read back, by the precedence that a reader knows, as the formula that was written."""

from __future__ import annotations

import pytest

import chainrule as cr
from chainrule.notation.nodes import Neg, Node
from chainrule.printing import formula
from tests.printing import tokens
from tests.printing.formulas import SIZES, SYMBOLS, by_hand, drawn, i_N, j_p, n
from tests.printing.reading import Reader, same

CUT = {"latex": tokens.latex, "typst": tokens.typst, "unicode": tokens.unicode}
DRAWN = drawn(400)


def read(node: Node, target: str) -> Node:
    """The formula that a reader of its printed form sees."""
    loose = {"i": i_N if node.has(i_N) else cr.index("i", n), "j": j_p}
    return Reader(SYMBOLS, SIZES, loose).read(CUT[target](formula(node, target)))


@pytest.mark.parametrize("target", list(CUT))
def test_drawn_formulas_are_read_back(target: str) -> None:
    wrong = [formula(node, target) for node in DRAWN if same(read(node, target)) != same(node)]
    assert not wrong


@pytest.mark.parametrize("target", list(CUT))
@pytest.mark.parametrize("index", range(len(by_hand())))
def test_formulas_by_hand_are_read_back(target: str, index: int) -> None:
    node = by_hand()[index]
    assert same(read(node, target)) == same(node), formula(node, target)


@pytest.mark.parametrize("target", list(CUT))
def test_a_lost_bracket_would_be_seen(target: str) -> None:
    """The comparison tells apart what brackets tell apart."""
    A, B, w = SYMBOLS["A"], SYMBOLS["Sigma"], SYMBOLS["w"]
    a, b, c = SYMBOLS["c"], SYMBOLS["lam"], SYMBOLS["b1"]
    pairs = [((A * B) @ w, A * (B @ w)), (a - (b - c), a - b - c), (a / (b * c), a / b * c), (A @ (B @ w), A @ B @ w),
             (-(a**2), (-a) ** 2), ((A + B).T, A + B.T), (A.T.I, A.I.T),
             (Neg(Neg(a)), a), ((a + b) ** 2, a + b**2)]  # fmt: skip
    for one, other in pairs:
        assert same(one) != same(other)
        assert formula(one, target) != formula(other, target)
