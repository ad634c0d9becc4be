"""Convolutions with a stride, a padding and a gap that stay symbols: views and slices, against sums written out."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function, numpy_source

N, J, C, O, T, K, M = cr.dims("N J C O T K M")
s, p, q = cr.dims("s p q")
x, w, g = cr.tensor("x", N, C, T), cr.tensor("w", O, C, K), cr.tensor("g", N, O, M)
y = cr.each(
    cr.Sum(w[o, c, k] * x[n, c, s * t + q * k - p] for c in cr.over(C) for k in cr.over(K))
    for n in cr.over(N) for o in cr.over(O) for t in cr.over(M)
)  # fmt: skip
xs, ws, gs = cr.tensor("x", N, J, C, T), cr.tensor("w", J, O, C, K), cr.tensor("g", N, J, O, M)
grouped = cr.each(
    cr.Sum(ws[j, o, c, k] * xs[n, j, c, s * t + q * k - p] for c in cr.over(C) for k in cr.over(K))
    for n in cr.over(N) for j in cr.over(J) for o in cr.over(O) for t in cr.over(M)
)  # fmt: skip

CASES = [
    (9, 3, 4, 2, 1, 1),
    (5, 2, 7, 1, 3, 2),
    (11, 3, 2, 3, 0, 2),
    (4, 4, 4, 2, 2, 1),
    (30, 2, 3, 4, 1, 3),
    (1, 1, 1, 1, 1, 1),
]
"""T, K, M, stride, padding, gap: windows that reach outside on either side or on both, or leave much of x unread."""


def seen(size, K, M, s, p, q):
    """[u = s t + q k - p] as an array (T, M, K)."""
    found = np.zeros((size, M, K))
    for t in range(M):
        for k in range(K):
            if 0 <= s * t + q * k - p < size:
                found[s * t + q * k - p, t, k] = 1
    return found


def called(formula, **values):
    function = numpy_function(formula)
    return function(**{name: values[name] for name in function.__code__.co_varnames[: function.__code__.co_argcount]})


@pytest.mark.parametrize("T, K, M, s, p, q", CASES)
def test_one_axis(T, K, M, s, p, q):
    rng = np.random.default_rng(1)
    data = {"x": rng.normal(size=(2, 3, T)), "w": rng.normal(size=(4, 3, K)), "g": rng.normal(size=(2, 4, M))}
    sizes, R = {"T": T, "K": K, "M": M, "s": s, "p": p, "q": q}, seen(T, K, M, s, p, q)
    parts = data["x"], data["w"], data["g"]
    wanted = np.einsum("ock,ncu,utk->not", parts[1], parts[0], R)
    np.testing.assert_allclose(called(y, **data, **sizes), wanted, atol=1e-12)
    wanted = np.einsum("ock,not,utk->ncu", parts[1], parts[2], R)
    np.testing.assert_allclose(called(cr.vjp(y, x, g), **data, **sizes), wanted, atol=1e-12)
    wanted = np.einsum("ncu,not,utk->ock", parts[0], parts[2], R)
    np.testing.assert_allclose(called(cr.vjp(y, w, g), **data, **sizes), wanted, atol=1e-12)


@pytest.mark.parametrize("T, K, M, s, p, q", CASES)
def test_groups(T, K, M, s, p, q):
    rng = np.random.default_rng(2)
    shapes = {"x": (2, 3, 2, T), "w": (3, 4, 2, K), "g": (2, 3, 4, M)}
    data = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    sizes, R = {"T": T, "K": K, "M": M, "s": s, "p": p, "q": q}, seen(T, K, M, s, p, q)
    wanted = np.einsum("jock,njcu,utk->njot", data["w"], data["x"], R)
    np.testing.assert_allclose(called(grouped, **data, **sizes), wanted, atol=1e-12)
    wanted = np.einsum("jock,njot,utk->njcu", data["w"], data["g"], R)
    np.testing.assert_allclose(called(cr.vjp(grouped, xs, gs), **data, **sizes), wanted, atol=1e-12)
    wanted = np.einsum("njcu,njot,utk->jock", data["x"], data["g"], R)
    np.testing.assert_allclose(called(cr.vjp(grouped, ws, gs), **data, **sizes), wanted, atol=1e-12)


def test_no_mask_no_lookup_and_no_einsum():
    for formula in (y, cr.vjp(y, x, g), cr.vjp(y, w, g), grouped, cr.vjp(grouped, xs, gs), cr.vjp(grouped, ws, gs)):
        source = numpy_source(formula)
        assert not any(slow in source for slow in ("np.where", "add.at", "arange", "einsum")), source


def test_the_loop_runs_over_the_shorter_axis():
    long, short = cr.dims("L S", typical=(500, 3))
    z, u = cr.tensor("z", long, short), cr.vector("u", T)
    back = cr.vjp(cr.each(u[s * i + q * j - p] for i in cr.over(long) for j in cr.over(short)), u, z)
    assert "for lag in range(S):" in numpy_source(back)
