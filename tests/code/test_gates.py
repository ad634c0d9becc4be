"""Gates at magnitudes of 710, where e^710 is no float: alone, in loops and backwards, no fault and no digit."""

import mpmath
import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function, numpy_source

T, d, p = cr.dims("T d p")
h, c, x, s, q = (cr.vector(name, size) for name, size in zip("hcxsq", (d, d, p, d, d), strict=True))
X, G = cr.matrix("X", T, p), cr.matrix("G", T, d)
Ws, Us = [cr.matrix(f"W{k}", d, d) for k in "fioz"], [cr.matrix(f"U{k}", d, p) for k in "fioz"]

f, i, o = (cr.sigmoid(Ws[k] @ h + Us[k] @ x) for k in range(3))
cell = f * c + i * cr.tanh(Ws[3] @ h + Us[3] @ x)
lstm, _ = cr.recur({h: o * cr.tanh(cell), c: cell}, {h: s, c: q}, along={x: X})
gru = cr.recur({h: (1 - i) * cr.tanh(Ws[3] @ (f * h) + Us[3] @ x) + i * h}, {h: s}, along={x: X})

SCALES = (1.0, 710.0, 1e5)


def data(scale):
    """Weights and starts of size 1, inputs of the size that is given."""
    rng = np.random.default_rng(8)
    weights = {v: rng.standard_normal((2, 2)) for v in (*Ws, *Us)}
    return {**weights, X: scale * rng.standard_normal((3, 2)), s: rng.uniform(-1, 1, 2), q: rng.uniform(-1, 1, 2)}


def exactly(values):
    """The states of both networks in 60 digits."""
    with mpmath.workdps(60):
        a = {v: mpmath.matrix(value.tolist()) for v, value in values.items()}

        def gate(act, k, state, t):
            return [act(z) for z in a[Ws[k]] * state + a[Us[k]] * a[X][t, :].T]

        def sigmoid(z):
            return 1 / (1 + mpmath.exp(-z))

        def times(one, other):
            return mpmath.matrix([y * z for y, z in zip(one, other, strict=True)])

        out, memory, state = a[s], a[q], a[s]
        found = [], []
        for t in range(3):
            f, i, o = (gate(sigmoid, k, out, t) for k in range(3))
            memory = times(f, memory) + times(i, gate(mpmath.tanh, 3, out, t))
            out = times(o, map(mpmath.tanh, memory))
            f, i = (gate(sigmoid, k, state, t) for k in range(2))
            state = times([1 - y for y in i], gate(mpmath.tanh, 3, times(f, state), t)) + times(i, state)
            found[0].append([float(y) for y in out])
            found[1].append([float(y) for y in state])
        return map(np.array, found)


def called(formula, values):
    """Every floating-point fault but underflow is an error."""
    function = numpy_function(formula)
    by_name = {v.name: value for v, value in values.items()}
    with np.errstate(all="raise", under="ignore"):
        return function(**{n: by_name[n] for n in function.__code__.co_varnames[: function.__code__.co_argcount]})


@pytest.mark.parametrize("scale", SCALES)
def test_states(scale):
    values = data(scale)
    for formula, wanted in zip((lstm, gru), exactly(values), strict=True):
        np.testing.assert_allclose(called(formula, values), wanted, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("network", [lstm, gru], ids=["lstm", "gru"])
def test_derivatives_are_those_of_differences(network, scale):
    """By the start, along one direction; differences of the exact states are quotients without noise."""
    values = data(scale)
    rng = np.random.default_rng(9)
    away, g, step = rng.standard_normal(2), rng.standard_normal((3, 2)), 1e-5
    slope = called(cr.vjp(network, s, G), {**values, G: g}) @ away
    ends = [list(exactly({**values, s: values[s] + k * step * away}))[network is gru] for k in (1, -1)]
    assert slope == pytest.approx(np.sum(g * (ends[0] - ends[1])) / (2 * step), rel=1e-5, abs=1e-9)


def test_one_way_of_writing_a_sigmoid():
    """In a loop as outside of one."""
    inside, outside = numpy_source(lstm), numpy_source(cr.sigmoid(x))
    assert inside.count("special.expit(") == 3 and outside.count("special.expit(") == 1
    assert "exp(-" not in inside + outside
