"""Generated code against the formula itself, evaluated in balls. The bound is the problem's own: how wide the balls
become when every operation of the formula is done with 53 bits."""

import flint
import numpy as np

from chainrule.notation.nodes import Var
from chainrule.worlds.arithmetic import Balls, Undecided, at_precision, precision
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import world_of

FACTOR = 64
"""How many times wider than the balls an error may be; a wrong formula is off by many orders more."""


def called(function, given):
    """What a function returns of the values of its parameters by name, as a tuple."""
    found = function(**{name: given[name] for name in function.__code__.co_varnames[: function.__code__.co_argcount]})
    return found if isinstance(found, tuple) else (found,)


def values(symbols, sizes, seed):
    """Typical numbers with the declared properties, keyed by symbol."""
    rng = np.random.default_rng(seed)
    return {s: _value(s, tuple(sizes[d] for d in s.shape), rng) for s in symbols}


def _value(symbol: Var, shape, rng):
    known = symbol.properties
    z = rng.standard_normal(shape)
    if "one_hot_rows" in known:
        places = np.concatenate([np.arange(shape[1]), rng.integers(0, shape[1], max(shape[0] - shape[1], 0))])
        return np.eye(shape[1])[rng.permutation(places[: shape[0]])]
    if "labels" in known:
        return np.sign(z)
    if "positive_definite" in known:
        return _symmetric(z @ z.T + np.eye(shape[0]))
    if "symmetric" in known:
        return _symmetric(z)
    return np.abs(z) + 0.1 if "positive" in known else z


def _symmetric(z):
    return np.tril(z) + np.tril(z, -1).T


def exact(formula, data):
    """The formula's value at these numbers, rounded once."""
    return _floats(at_precision(lambda balls: evaluate(formula, world_of(data[0], data[1]), balls)), "mid")


def allowed(formula, data):
    """What rounding may change: the width of the balls at 53 bits, or None where they are too wide to decide."""
    try:
        with precision(53):
            return _floats(evaluate(formula, world_of(data[0], data[1]), Balls()), "rad")
    except (Undecided, ZeroDivisionError):
        return None


def _floats(array, part):
    read = np.vectorize(lambda e: float(getattr(flint.arb(e), part)()), otypes=[float])
    return read(array) if array.size else np.zeros(array.shape)


def error_in_bounds(formula, function, parameters, data, sizes):
    """The largest error of the code in units of what is allowed, and the largest bound; None where balls cannot say."""
    bound = allowed(formula, (data, sizes))
    if bound is None or not np.isfinite(bound).all():
        return None
    wanted = exact(formula, (data, sizes))
    found = function(*(data[s] for s in parameters))
    assert np.shape(found) == wanted.shape
    width = bound + 2.0**-52 * np.abs(wanted) + 1e-300
    return float(np.max(np.abs(found - wanted) / width, initial=0.0)), float(
        np.max(bound / (np.abs(wanted) + 1), initial=0.0)
    )
