"""Names with spaces are the engine's own: no symbol of a formula can be taken for one that a rule brings in."""

import pytest
import sympy as sp

import chainrule as cr
from chainrule.errors import NotationError
from chainrule.notation.sympy_bridge import from_sympy

(n,) = cr.dims("n")


@pytest.mark.parametrize(
    "declare",
    [
        lambda name: cr.scalar(name),
        lambda name: cr.vector(name, n),
        lambda name: cr.clusters(name, n, 2),
        lambda name: cr.choice(name, n, 2),
        lambda name: from_sympy(sp.Symbol(name, real=True)),
        lambda name: from_sympy(sp.MatrixSymbol(name, 2, 2)),
    ],
)
@pytest.mark.parametrize("name", ["the vector of a vjp", "slope's argument", "state 0 of 12", " x", "x\ty"])
def test_a_name_with_spaces_is_refused(declare, name):
    """A symbol called "the vector of a vjp" once stood for the vector of every vjp: vjp(v x, x, w) came out as w w."""
    with pytest.raises(NotationError, match="has spaces"):
        declare(name)


def test_a_name_is_asked_for():
    with pytest.raises(NotationError, match="needs a name"):
        cr.scalar("")
