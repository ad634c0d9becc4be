"""Derivatives through recurrences are those of the loop that a person would write, to the last digits."""

import inspect

import numpy as np
import pytest

import chainrule as cr
from chainrule import before, dims, matrix, recur, sigmoid, sqnorm, tanh, tensor, vector, zeros
from chainrule.calculus.reverse import differentiate
from chainrule.code import numpy_function, numpy_source
from chainrule.errors import NotationError, ShapeError
from chainrule.forms.lower import lower
from chainrule.kernel.normal import Normal

d, p, T, N, L = dims("d p T N L")
W, U, V, X = matrix("W", d, d), matrix("U", d, p), matrix("V", d, d), matrix("X", T, p)
b, s, r = vector("b", d), vector("s", d), vector("r", d)
h, c, x, e = vector("h", d), vector("c", d), vector("x", p), vector("e", d)
G = matrix("G", T, d)

SIZES = {"d": 3, "p": 2, "T": 4, "N": 2, "L": 3}


def data(sizes, *symbols):
    rng = np.random.default_rng(3)
    return {v.name: rng.normal(size=[sizes[str(k)] for k in v.shape]) for v in symbols}


def run(formula, values):
    f = numpy_function(formula)
    return f(*[values[name] for name in inspect.signature(f).parameters])


def complex_step(f, values, name):
    """The derivative of the number f(values) by each entry of one array."""
    out = np.zeros_like(values[name])
    for k in np.ndindex(out.shape):
        moved = values[name].astype(complex)
        moved[k] += 1e-40j
        out[k] = f({**values, name: moved}).imag / 1e-40
    return out


def rnn(v):
    now, out = v["s"], []
    for row in v["X"]:
        now = np.tanh(v["W"] @ now + v["U"] @ row + v["b"])
        out.append(now)
    return np.array(out)


H = recur({h: tanh(W @ h + U @ x + b)}, {h: s}, along={x: X})


@pytest.mark.parametrize("sizes", [SIZES, dict.fromkeys(SIZES, 1)], ids=["distinct", "ones"])
@pytest.mark.parametrize("symbol", [W, U, b, s, X], ids=lambda v: v.name)
def test_a_vanilla_network(symbol, sizes):
    values = data(sizes, W, U, b, s, X, G)
    assert np.allclose(run(H, values), rnn(values), rtol=1e-14)
    expected = complex_step(lambda v: (v["G"] * rnn(v)).sum(), values, symbol.name)
    assert np.allclose(run(cr.vjp(H, symbol, G), values), expected, rtol=1e-12, atol=1e-14)


def gated(v):
    """Two states that hold each other, run from the end."""
    hidden, cell, out = v["s"], v["r"], []
    for row in v["X"][::-1]:
        gate = 1 / (1 + np.exp(-(v["W"] @ hidden + v["U"] @ row)))
        hidden, cell = np.tanh(cell) * gate, gate * cell + np.tanh(v["V"] @ hidden)
        out.append(cell)
    return np.array(out[::-1])


@pytest.mark.parametrize("symbol", [W, U, V, s, r, X], ids=lambda v: v.name)
def test_two_states_backwards(symbol):
    gate = sigmoid(W @ h + U @ x)
    steps = {h: tanh(c) * gate, c: gate * c + tanh(V @ h)}
    cells = recur(steps, {h: s, c: r}, along={x: X}, backwards=True)[1]
    values = data(SIZES, W, U, V, s, r, X, G)
    assert np.allclose(run(cells, values), gated(values), rtol=1e-14)
    expected = complex_step(lambda v: (v["G"] * gated(v)).sum(), values, symbol.name)
    assert np.allclose(run(cr.vjp(cells, symbol, G), values), expected, rtol=1e-12, atol=1e-14)


def test_a_second_derivative():
    loss, values = sqnorm(H), data(SIZES, W, U, b, s, X, G)
    gradient = numpy_function(cr.grad(loss, b))
    names = list(inspect.signature(gradient).parameters)
    expected = np.empty((3, 3))
    for k in range(3):
        moved = values["b"].copy()
        moved[k] += 1e-6
        less = 2 * values["b"] - moved
        up, down = (gradient(*[{**values, "b": at}[n] for n in names]) for at in (moved, less))
        expected[:, k] = (up - down) / 2e-6
    assert np.allclose(run(cr.hessian(loss, b), values), expected, rtol=1e-6, atol=1e-8)


def test_a_recurrence_in_the_step_of_a_recurrence():
    """Layers inside time: what each t starts from is what the layers of the t before made."""
    Ws, u = tensor("Ws", L, d, d), matrix("u", d, d)
    layers = recur({e: tanh(u @ e)}, {e: h}, along={u: Ws})
    deep = recur({h: cr.total(layers, axis=0) / 2 + U @ x}, {h: s}, along={x: X})
    values = data(SIZES, Ws, U, s, X, G)

    def loop(v):
        now, out = v["s"], []
        for row in v["X"]:
            inner, summed = now, 0
            for layer in v["Ws"]:
                inner = np.tanh(layer @ inner)
                summed = summed + inner
            now = summed / 2 + v["U"] @ row
            out.append(now)
        return np.array(out)

    assert np.allclose(run(deep, values), loop(values), rtol=1e-13)
    for name, symbol in (("Ws", Ws), ("s", s), ("X", X), ("U", U)):
        expected = complex_step(lambda v: (v["G"] * loop(v)).sum(), values, name)
        assert np.allclose(run(cr.vjp(deep, symbol, G), values), expected, rtol=1e-11, atol=1e-13), name


def test_a_network_of_any_depth_is_a_loop():
    """Width, depth and batch are open; the code does not grow with the depth, and no layer is unrolled."""
    Ws, bs, M = tensor("Ws", L, d, d), matrix("bs", L, d), matrix("M", N, d)
    A, w, z = matrix("A", N, d), matrix("w", d, d), vector("z", d)
    out = recur({A: tanh(A @ w.T + z)}, {A: M}, along={w: Ws, z: bs})
    gradient = cr.vjp(out, Ws, tensor("Y", L, N, d))
    assert numpy_source(gradient).count("for ") == 2


def test_the_kernel_knows_the_equation_of_a_recurrence():
    normal = Normal()
    step = cr.each(tanh(W @ before(H)[t] + U @ X[t] + b) for t in cr.over(T))
    assert normal(lower(H)) == normal(lower(step))
    assert normal(lower(before(H))) != normal(lower(H))


def test_names_of_states_do_not_matter_and_directions_do():
    normal = Normal()
    again = recur({e: tanh(U @ x + W @ e + b)}, {e: s}, along={x: X})
    other = recur({e: tanh(U @ x + W @ e + b)}, {e: s}, along={x: X}, backwards=True)
    assert normal(lower(again)) == normal(lower(H))
    assert normal(lower(before(other))) != normal(lower(before(H)))


def test_a_state_may_have_the_name_of_a_symbol_outside():
    start = recur({h: W @ h}, {h: h}, length=T)
    value = run(start, {"W": np.eye(3), "h": np.arange(3.0), "T": 2})
    assert np.array_equal(value, np.tile(np.arange(3.0), (2, 1)))
    jacobian = run(cr.jacobian(start, h), {"W": np.eye(3), "h": np.arange(3.0), "T": 2})
    assert np.array_equal(jacobian, np.stack([np.eye(3)] * 2))


def test_what_cannot_be_is_refused():
    with pytest.raises(NotationError, match="each of its states"):
        recur({h: h}, {c: s}, length=T)
    with pytest.raises(NotationError, match="needs a length"):
        recur({h: h}, {h: s})
    with pytest.raises(ShapeError, match="step of h"):
        recur({h: W}, {h: s}, length=T)
    with pytest.raises(ShapeError, match="another length"):
        recur({h: h + e}, {h: s}, along={x: X, e: matrix("M", N, d)})
    with pytest.raises(NotationError, match="nothing is declared"):
        q = vector("q", d, positive=True)
        recur({q: q}, {q: zeros(d)}, length=T)
    with pytest.raises(NotationError, match="before asks"):
        before(X)


def test_a_derivative_inside_a_step():
    """A gradient step is a recurrence: x - g'(x)."""
    f = h.T @ W @ h / 2
    descent = recur({h: h - cr.grad(f, h)}, {h: s}, length=T)
    values = {**data(SIZES, W, s), "T": 4}
    values["W"] = values["W"] + values["W"].T
    out, now = [], values["s"]
    for _ in range(4):
        now = now - values["W"] @ now
        out.append(now)
    assert np.allclose(run(descent, values), out)
    assert lower(descent, differentiate).dims == (T, d)
