"""Several hundred random formulas and their gradients: the code computes them, at distinct sizes and at ones."""

import pytest

import chainrule as cr
from chainrule.code import numpy_function, symbols
from chainrule.errors import Unsupported
from chainrule.notation.nodes import KINDS
from tests.code.judge import FACTOR, error_in_bounds, values
from tests.code.random_formulas import SYMBOLS, VARIABLES, Maker, m, n, p, q

DISTINCT = {n: 5, p: 2, m: 3, q: 1}
ONES = {n: 2, p: 1, m: 1, q: 1}
BATCH = 20


def _kinds(formula):
    return {type(part) for part in _parts(formula)}


def _parts(formula):
    yield formula
    for arg in formula.args:
        yield from _parts(arg)


def _judged(formula, sizes, seed):
    parameters = symbols(formula)
    extra = [d for d in (n, p, m, q) if d in formula.free_symbols]
    function = numpy_function(formula)
    names = function.__code__.co_varnames[len(parameters) : function.__code__.co_argcount]
    given = {str(d): sizes[d] for d in extra}
    data = values([*SYMBOLS], sizes, seed)

    def called(*arrays):
        return function(*arrays, *(given[name.removeprefix("size_")] for name in names))

    return error_in_bounds(formula, called, parameters, {s: data[s] for s in parameters}, sizes), function.source


@pytest.mark.parametrize("batch", range(16))
def test_random_formulas_and_gradients(batch):
    judged = tight = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        maker = Maker(seed)
        f = maker.formula((), 3) if seed % 2 else maker.formula(maker.shape(), 3)
        for formula in (f, cr.grad(f, maker.rng.choice(VARIABLES))) if f.shape == () else (f,):
            for sizes in (DISTINCT, ONES):
                try:
                    result, source = _judged(formula, sizes, seed)
                except Unsupported as error:
                    assert "Kronecker" in str(error) or "free indices" in str(error), (seed, formula)
                    continue
                if result is not None:
                    judged += 1
                    tight += result[1] < 1e-8
                    assert result[0] < FACTOR, (
                        f"seed {seed}: off by {result[0]:.3g} bounds at {sizes}\n{formula}\n{source}"
                    )
    assert judged > 30 and tight > 0.8 * judged


def test_every_kind_of_node_is_generated():
    found = set()
    for seed in range(320):
        found |= _kinds(Maker(seed).formula((), 3))
    missing = [k.__name__ for k in KINDS if not any(issubclass(f, k) for f in found)]
    assert missing == []


def test_a_wrong_formula_is_seen():
    x = cr.vector("x", n)
    wrong = numpy_function(cr.sqnorm(x) * (1 + cr.rational(1, 10**9)))
    data = values([x], DISTINCT, 1)
    assert error_in_bounds(cr.sqnorm(x), wrong, (x,), data, DISTINCT)[0] > FACTOR
