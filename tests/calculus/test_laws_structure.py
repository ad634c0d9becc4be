"""Every law of `laws/structure.py`, on its own example, to the first and second order."""

import pytest

from chainrule.calculus.recurrences import LAW
from chainrule.calculus.reverse import jacobian
from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.laws import ELEMENTWISE, STRUCTURE, all_laws
from chainrule.notation.dims import dims
from tests.calculus.worlds_for_laws import check

APART = {LAW.name}  # it is held against loops in test_recurrences: what it makes is written, not read back
OTHERS = {law.name: law for law in all_laws() if law not in ELEMENTWISE.values() and law.name not in APART}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", OTHERS)
def test_law(name, order):
    check(OTHERS[name], order)


def test_every_kind_of_node_has_a_law():
    leaves = {"var", "opaque", "size", "constant", "zero"}
    assert set(STRUCTURE) == {"sum", "contract", "inverse", "det", "logdet", "logsumexp", "softmax", "max", "argmax"}
    assert not leaves & set(STRUCTURE)


def test_what_has_no_law_raises():
    (n,) = dims("n")
    x = dag.var("x", (n, n))
    odd = dag.make("permanent", (x,), (), (x,))
    with pytest.raises(Unsupported, match="no law for the derivative of permanent"):
        jacobian(odd, x)
