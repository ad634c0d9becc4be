"""Exponentials under masks and with weights: shifted by the largest that counts, so that no offset costs a digit."""

import mpmath
import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function, portable_source
from chainrule.forms import dag
from chainrule.forms.lower import lower

n, m, d = cr.dims("n m d")
A, W, G = cr.matrix("A", n, n), cr.matrix("W", n, m, positive=True), cr.matrix("G", n, n)
S, M, D = cr.matrix("S", n, m), cr.matrix("M", n, m, binary=True), cr.matrix("D", n, m)


def ahead(i, j):
    return (i >= j) * 1


def near(i, j):
    return (i >= j) * (j + 2 >= i)


def other(i, j):
    return 1 - cr.delta(i, j)


def shown(mask):
    return cr.each(mask(i, j) for i in cr.over(n) for j in cr.over(n))


def share(kept):
    """Each row over its sum."""
    return kept / cr.outer(cr.total(kept, axis=1), cr.ones(kept.shape[1]))


def high(weights, a):
    """Each row of weights o e^a over its sum, and the logarithm of the sum, in 60 digits."""
    with mpmath.workdps(60):
        kept = [
            [w * mpmath.exp(mpmath.mpf(x)) for w, x in zip(ws, row, strict=True)]
            for ws, row in zip(weights.tolist(), a.tolist(), strict=True)
        ]
        sums = [mpmath.fsum(row) for row in kept]
        shares = [[x / s for x in row] for row, s in zip(kept, sums, strict=True)]
        return np.array(shares, float), np.array([mpmath.log(s) for s in sums], float)


def at(formula, *arrays):
    """The value with every floating-point fault but underflow turned into an error."""
    with np.errstate(all="raise", under="ignore"):
        return numpy_function(formula)(*arrays)


def exponents(offset, scale, shape=(6, 6)):
    return offset + scale * np.random.default_rng(3).standard_normal(shape)


MASKS = {"causal": (ahead, np.tri(6)), "window": (near, np.tri(6) - np.tri(6, k=-3)), "others": (other, 1 - np.eye(6))}
FAR = [(0.0, 1.0), (1e5, 3.0), (-1e5, 3.0), (0.0, 710.0), (1e5, 710.0)]


@pytest.mark.parametrize("offset, scale", FAR)
@pytest.mark.parametrize("name", MASKS)
def test_under_a_mask(name, offset, scale):
    mask, weights = MASKS[name]
    a = exponents(offset, scale)
    shares, logs = high(weights, a)
    np.testing.assert_allclose(at(share(cr.exp(A) * shown(mask)), a), shares, rtol=1e-13, atol=1e-300)
    rows = cr.log(cr.total(cr.exp(A) * shown(mask), axis=1))
    np.testing.assert_allclose(at(rows, a), logs, rtol=1e-15, atol=1e-14)


@pytest.mark.parametrize("offset, scale", FAR)
@pytest.mark.parametrize("name", MASKS)
def test_derivatives_under_a_mask(name, offset, scale):
    mask, weights = MASKS[name]
    a, g = exponents(offset, scale), np.random.default_rng(4).standard_normal((6, 6))
    p = high(weights, a)[0]
    wanted = p * (g - (p * g).sum(axis=1, keepdims=True))
    found = at(cr.vjp(share(cr.exp(A) * shown(mask)), A, G), a, g)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-14 * np.abs(g).max())
    rows = cr.total(cr.log(cr.total(cr.exp(A) * shown(mask), axis=1)))
    np.testing.assert_allclose(at(cr.grad(rows, A), a), p, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("offset, scale", FAR)
def test_with_weights_and_a_mask_that_is_given(offset, scale):
    rng = np.random.default_rng(5)
    a, w, given = exponents(offset, scale, (5, 7)), rng.uniform(0.1, 9, (5, 7)), np.ones((5, 7))
    given[rng.uniform(size=(5, 7)) < 0.4] = 0
    given[:, 2] = 1
    for kept, arrays, weights in (
        (cr.exp(S) * W, (a, w), w),
        (cr.exp(S) * M, (a, given), given),
        (W * (cr.exp(S) * M), (w, a, given), w * given),
    ):
        shares, logs = high(weights, a)
        np.testing.assert_allclose(at(share(kept), *arrays), shares, rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(at(cr.log(cr.total(kept, axis=1)), *arrays), logs, rtol=1e-14, atol=1e-13)


def test_a_derivative_by_a_mask_is_that_of_the_formula():
    """By the quotient rule, at entries of 0 too, where the logarithm has no slope."""
    rng = np.random.default_rng(6)
    a, g = rng.standard_normal((2, 4, 3))
    given = np.array([[1.0, 0, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]])
    e, s = np.exp(a), (np.exp(a) * given).sum(axis=1, keepdims=True)
    wanted = e * (g / s - (g * e * given).sum(axis=1, keepdims=True) / s**2)
    found = numpy_function(cr.vjp(share(cr.exp(S) * M), M, D), arguments=(S, M, D))(a, given, g)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


def test_two_sums_under_one_logarithm():
    """log(A + B) of two sums of exponentials, as in a contrastive loss: neither overflows."""
    a, b = exponents(1e3, 3.0), exponents(1e3, 3.0, (6, 4))
    loss = cr.log(cr.total(cr.exp(A) * shown(other), axis=1) + cr.total(cr.exp(S), axis=1))
    both = high(np.hstack([1 - np.eye(6), np.ones((6, 4))]), np.hstack([a, b]))
    np.testing.assert_allclose(at(loss, a, b), both[1], rtol=1e-15)
    np.testing.assert_allclose(at(cr.grad(cr.total(loss), A), a, b), both[0][:, :6], rtol=1e-12, atol=1e-300)
    below = cr.total(cr.exp(A) * shown(other), axis=1) + cr.total(cr.exp(S), axis=1)
    part = cr.exp(S) / cr.outer(below, cr.ones(m))
    np.testing.assert_allclose(at(part, b, a), both[0][:, 6:], rtol=1e-12, atol=1e-300)


def test_a_mask_that_hides_a_whole_sum():
    """With one example there is no other: what is left is the sum beside it, forwards and backwards."""
    loss = cr.log(cr.total(cr.exp(A) * shown(other), axis=1) + cr.total(cr.exp(S), axis=1))
    a, b = np.array([[800.0]]), np.array([[1e3, 999.0]])
    assert at(loss, a, b) == pytest.approx(1e3 + np.log1p(np.exp(-1)), rel=1e-15)
    assert at(cr.grad(cr.total(loss), A), a, b) == 0
    np.testing.assert_allclose(at(cr.grad(cr.total(loss), S), a, b), [[1, np.exp(-1)] / (1 + np.exp(-1))], rtol=1e-14)
    assert at(loss, a - 1e5, b - 1e5) == pytest.approx(1e3 - 1e5 + np.log1p(np.exp(-1)), rel=1e-15)


def test_what_is_no_sum_of_exponentials_is_left_alone():
    """A weight that may be negative, a sum over windows, a share of another sum."""
    rng = np.random.default_rng(7)
    a, w = rng.standard_normal((2, 5, 7))
    kept = np.exp(a) * w
    np.testing.assert_allclose(at(share(cr.exp(S) * D), a, w), kept / kept.sum(axis=1, keepdims=True), rtol=1e-9)
    mixed = cr.exp(S) / cr.outer(cr.total(cr.exp(D), axis=1), cr.ones(m))
    np.testing.assert_allclose(at(mixed, a, w), np.exp(a) / np.exp(w).sum(axis=1, keepdims=True), rtol=1e-12)
    turned = cr.exp(A) / cr.outer(cr.ones(n), cr.total(cr.exp(A), axis=1))  # by the sum of another row
    b = rng.standard_normal((4, 4))
    np.testing.assert_allclose(at(turned, b), np.exp(b) / np.exp(b).sum(axis=1), rtol=1e-12)


def test_a_softmax_under_a_mask_is_not_taken_for_positive():
    from chainrule.code import facts

    hidden = dag.function("log", lower(shown(ahead)))
    assert facts.hidden(hidden) and not facts.positive(dag.along("softmax", dag.add(lower(A), hidden), (1,)))
    assert facts.positive(dag.along("softmax", lower(A), (1,)))


@pytest.mark.parametrize("name", ["causal", "window"])
def test_portable_code(name):
    mask, weights = MASKS[name]
    place = {}
    exec(portable_source(share(cr.exp(A) * shown(mask))), place)
    a = exponents(1e5, 3.0)
    np.testing.assert_allclose(place["f"](a, xp=np), high(weights, a)[0], rtol=1e-13, atol=1e-300)
