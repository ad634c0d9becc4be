"""Read-back of drawn formulas of every kind, and of their derivatives: each is proved equal to what was read."""

import pytest

from chainrule.calculus.readback import reading, verified
from chainrule.calculus.reverse import differentiate
from chainrule.errors import Undefined, Unsupported
from chainrule.forms.lower import Lowering
from chainrule.notation.nodes import KINDS, Indicator, Position, Recurrence, Shifted
from chainrule.notation.vocabulary import grad, jacobian, total
from chainrule.search.equal import equal
from tests.calculus.drawn_formulas import SHAPES, A, Maker, S, X, x

SEEDS = range(180)


def formulas(seed):
    maker = Maker(seed)
    f = maker.node(SHAPES[seed % len(SHAPES)], 3 if seed % 4 == 0 else 2)
    f = f.T if f.row else f
    return [f, grad(total(f) if f.ndim else f, (x, A, X, S)[seed % 4]), jacobian(f, x)]


@pytest.mark.parametrize("seed", SEEDS)
def test_read_back_is_exact(seed):
    for formula in formulas(seed):
        try:
            low = Lowering(differentiate)(formula)
        except (Undefined, Unsupported) as error:  # log 0, 1/0: the formula drawn has no meaning
            assert "identically" in error.text or "no meaning" in error.text, error
            continue
        for written in ([formula], []):
            made, named = reading(low.node, low.letters, [], written)
            assert made.shape == formula.shape
            assert not made.row
            assert verified(low.node, made, equal, named), str(made)


def test_the_drawing_reaches_every_kind_of_node():
    drawn = [f for seed in SEEDS for f in formulas(seed)]
    unread = {Indicator, Position, Shifted, Recurrence}  # what counts with its indices is written, not read back
    missing = [kind.__name__ for kind in KINDS if kind not in unread and not any(f.has(kind) for f in drawn)]
    assert missing == []
