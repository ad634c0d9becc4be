"""Every law of `laws/elementwise.py`, on its own example, to the first and second order."""

import pytest

from chainrule.calculus.reverse import jacobian
from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.laws import ELEMENTWISE
from chainrule.notation.dims import dims
from chainrule.notation.nodes import FUNCTIONS
from tests.calculus.worlds_for_laws import check


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_law(name, order):
    check(ELEMENTWISE[name], order)


def test_every_function_has_a_law():
    assert set(ELEMENTWISE) == set(FUNCTIONS)


def test_a_function_without_a_law_raises():
    (n,) = dims("n")
    x = dag.var("x", (n,))
    with pytest.raises(Unsupported, match="no law for the derivative of gamma"):
        jacobian(dag.function("gamma", x), x)
