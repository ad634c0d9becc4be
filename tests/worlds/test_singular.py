"""The sum of the singular values lies in its ball: of full matrices, of low rank, of equal and of zero values."""

import numpy as np
import pytest
from flint import arb

from chainrule.errors import Unsupported
from chainrule.worlds.arithmetic import OPAQUE, Balls, Rationals, precision
from chainrule.worlds.dual import Dual
from chainrule.worlds.singular import nuclear

LOST = 30
"""So many bits of the precision may be lost to the rotations."""


def _balls(x):
    out = np.empty(x.shape, dtype=object)
    out.ravel()[:] = [arb(int(v)) for v in x.flat]
    return out


@pytest.mark.parametrize("bits", [64, 128, 400])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 1), (3, 2, 2), (4, 4, 4), (5, 3, 2)])
def test_it_is_that_of_lapack_and_sharp(bits, shape):
    m, n, r = shape
    rng = np.random.default_rng(bits + m)
    for _ in range(5):
        x = rng.integers(-5, 6, (m, r)) @ rng.integers(-5, 6, (r, n))
        with precision(bits):
            found = nuclear(_balls(x), Balls())
            assert float(found.rad()) <= 2.0 ** (LOST - bits) * max(1, np.abs(x).max())
            assert abs(float(found.mid()) - np.linalg.norm(x, "nuc")) <= 1e-12 * (1 + np.abs(x).max())


def test_what_is_known_is_in_the_ball():
    with precision(128):
        equal = nuclear(_balls(np.array([[3, 4], [4, -3]])), Balls())
        assert equal.contains(10) and not equal.contains(arb(10) + arb(2) ** -100)
        assert nuclear(_balls(np.zeros((2, 3), int)), Balls()) == 0
        wide = np.array([[arb(3, 0.5)]], dtype=object)
        assert nuclear(wide, Balls()).contains(2.5) and nuclear(wide, Balls()).contains(3.5)


def test_rationals_have_no_value_for_it_and_dual_numbers_no_slope():
    assert nuclear(_balls(np.eye(2)), Rationals()) is OPAQUE
    x = np.array([[Dual(arb(1), arb(1), arb(0))]], dtype=object)
    with pytest.raises(Unsupported, match="no derivative"):
        nuclear(x, Balls())
