"""One source for every array library: random formulas and gradients in each that is installed, within one bound."""

import importlib
import importlib.util

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import portable_source, symbols
from chainrule.errors import Unsupported
from tests.code.judge import FACTOR, error_in_bounds, values
from tests.code.random_formulas import SYMBOLS, VARIABLES, Maker, m, n, p, q
from tests.code.test_pages import PAGES

DISTINCT = {n: 5, p: 2, m: 3, q: 1}
SEEDS = 80


def _strict():
    return importlib.import_module("array_api_strict"), importlib.import_module("array_api_strict").asarray


def _jax():
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    return jax.numpy, jax.numpy.asarray


def _torch():
    return importlib.import_module("array_api_compat.torch"), importlib.import_module("torch").asarray


LIBRARIES = {"numpy": lambda: (np, np.asarray), "array_api_strict": _strict, "jax": _jax, "torch": _torch}
"""A namespace and what makes its arrays. The first two are always there."""


@pytest.fixture(params=LIBRARIES)
def library(request):
    if importlib.util.find_spec(request.param) is None and request.param in ("jax", "torch"):
        pytest.skip(f"{request.param} is not installed: pip install 'chainrule[peers]'")
    return LIBRARIES[request.param]()


def compiled(formula, parameters):
    place = {"math": importlib.import_module("math")}
    exec(portable_source(formula, arguments=parameters), place)
    return place["f"]


def judged(formula, library, seed):
    """The error in units of what is allowed; None where the bounds cannot say or the standard has no words."""
    xp, made = library
    parameters = symbols(formula)
    try:
        function = compiled(formula, parameters)
    except Unsupported:
        return None
    names = function.__code__.co_varnames[len(parameters) : function.__code__.co_argcount]
    sizes = {name: DISTINCT[d] for d in DISTINCT for name in (d.name, f"size_{d.name}") if name in names}
    data = values([*SYMBOLS], DISTINCT, seed)

    def called(*arrays):
        found = function(*(made(np.asarray(a, dtype=float)) for a in arrays), **sizes, xp=xp)
        return np.asarray(found, dtype=float)

    found = error_in_bounds(formula, called, parameters, {s: data[s] for s in parameters}, DISTINCT)
    return found and found[0]


class Plain(Maker):
    """Formulas without windows and loops: those are written for NumPy alone."""

    windows = Maker.letters
    recurrence = Maker.each


def test_random_formulas_and_gradients(library):
    errors = []
    for seed in range(SEEDS):
        maker = Plain(seed)
        f = maker.formula((), 3)
        for formula in (f, cr.grad(f, maker.rng.choice(VARIABLES))):
            error = judged(formula, library, seed)
            assert error is None or error < FACTOR, (seed, error, formula, portable_source(formula))
            errors += [] if error is None else [error]
    assert len(errors) > 60


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_numpy_is_left(name):
    source = portable_source(PAGES[name][0])
    assert "np." not in source and "def f(" in source and "*, xp):" in source


def test_a_delta_without_assignment(library):
    xp, made = library
    U, V = cr.matrix("U", n, q), cr.matrix("V", m, q)
    formula = cr.hessian(cr.sqnorm(U @ V.T), U)
    assert "xp.eye" in portable_source(formula)
    u, v = np.ones((3, 2)), np.arange(8.0).reshape(4, 2)
    found = compiled(formula, (U, V))(made(u), made(v), xp=xp)
    wanted = np.einsum("ij,ab->iajb", np.eye(3), 2 * v.T @ v)
    assert np.array_equal(np.asarray(found), wanted)


def test_what_the_standard_cannot_say():
    with pytest.raises(Unsupported, match="erf"):
        portable_source(cr.erf(cr.vector("x", n)))
