"""Deep formulas: the text grows with the depth, not with the number of paths through it."""

import pytest

from chainrule.calculus.lengths import length
from chainrule.calculus.readback import derivative, reading, verified
from chainrule.calculus.reverse import differentiate
from chainrule.forms.lower import lower
from chainrule.notation.dims import dims
from chainrule.notation.nodes import Let
from chainrule.notation.vocabulary import grad, matrix, sqnorm, tanh, vector
from chainrule.search.equal import equal

(d,) = dims("d")


def network(depth, residual):
    h = vector("x", d)
    weights = [matrix(f"W{k}", d, d) for k in range(depth)]
    for weight in weights:
        h = h + tanh(weight @ h) if residual else tanh(weight @ h)
    return sqnorm(h), weights[0]


def size(node):
    """The length of a formula and of every name that it needs."""
    found, todo = {}, [node]
    while todo:
        part = todo.pop()
        if part in found:
            continue
        found[part] = length(part.value if isinstance(part, Let) else part)
        todo.extend(_names(part.value if isinstance(part, Let) else part))
    return sum(found.values())


def _names(node):
    if isinstance(node, Let):
        return [node]
    return [name for a in node.args for name in _names(a)]


@pytest.mark.parametrize("residual", [False, True])
def test_twenty_layers_read_back_in_linear_size(residual):
    sizes = []
    for depth in (10, 20):
        formula, weight = network(depth, residual)
        sizes.append(size(derivative(grad(formula, weight))))
    assert sizes[1] < 2.5 * sizes[0]
    assert sizes[1] < 2000


@pytest.mark.parametrize("residual", [False, True])
def test_the_deep_gradient_is_exact_name_by_name(residual):
    formula, weight = network(20, residual)
    low = lower(grad(formula, weight), differentiate)
    made, named = reading(low, written=[formula])
    assert len(named) >= 19
    assert verified(low, made, equal, named)


def test_names_avoid_the_symbols_that_are_there():
    h, t1 = vector("x", d), matrix("t1", d, d)
    for weight in [t1, *(matrix(f"W{k}", d, d) for k in range(9))]:
        h = tanh(weight @ h)
    made = derivative(grad(sqnorm(h), t1))
    assert {n.name for n in made.atoms(Let)}.isdisjoint({"t1"})
    assert made.has(Let)
