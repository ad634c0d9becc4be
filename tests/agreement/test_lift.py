"""The lift: the same source over balls gives the same numbers, and says so where it cannot follow."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.special
from flint import arb

from chainrule.agreement.balls import Ball, NotLiftable, balls, entries
from chainrule.agreement.lift import run
from chainrule.worlds.arithmetic import Undecided, precision
from numerics import kmeans, logistic, ridge

rng = np.random.default_rng(2)
A = rng.standard_normal((5, 3))
B = rng.standard_normal((3, 3))
S = A.T @ A
v = rng.standard_normal(3)
C = np.eye(3)[[0, 1, 2, 0, 1]]


def helper(x):
    return np.tanh(x)


def loop(v, A):
    out = np.zeros(len(A))
    for i in range(len(A)):
        out[i] += helper(A[i] @ v)
    return out


def masks(A):
    out = np.full_like(A, 2.0)
    out[A > 0] = 0
    out[:, 0] *= 3
    return np.where(A < -1, A**2, out)


def diagonal_in_place(B):
    G = B.astype(float).copy()
    G.flat[:: len(G) + 1] += 0.5
    np.add.at(G, (0, [0, 0]), 1.0)
    return G


def closure(v):
    scale = 0.25

    def inner(x):
        return x * scale

    return inner(v) + math.exp(scale) + math.sqrt(2)


def recursion(v):
    return v[0] if len(v) == 1 else v[0] + recursion(v[1:])


CALLS = [
    (loop, {"v": v, "A": A}),
    (masks, {"A": A}),
    (diagonal_in_place, {"B": B}),
    (closure, {"v": v}),
    (recursion, {"v": v}),
    (lambda A: A.mean(axis=0) + A.std(axis=0, ddof=1) + A.var(axis=0) + A.max(axis=0) - A.min(axis=0), {"A": A}),
    (lambda A: np.einsum("ij,ik->jk", A, A, optimize=True), {"A": A}),
    (lambda A: np.linalg.norm(A, axis=1, keepdims=True) / np.linalg.norm(A), {"A": A}),
    (lambda A: (np.argmax(A, axis=1), A)[1][np.arange(5), np.argmax(A, axis=1)], {"A": A}),
    (lambda v: np.outer(v, v) + np.diag(v) + np.tril(np.ones((3, 3))) + np.trace(np.eye(3)), {"v": v}),
    (lambda A: np.concatenate([A[:, 0], np.zeros(2), np.linspace(0, 1, 3)]), {"A": A}),
    (lambda A: np.cumsum(A, axis=1) + np.sort(A, axis=1) + np.logaddexp(0, A), {"A": A}),
    (lambda v: np.subtract.outer(v, v) + np.maximum.reduce(v) + np.hypot(v, 2.0), {"v": v}),
    (lambda A: np.lib.stride_tricks.sliding_window_view(A, 2, axis=0)[::2] ** 2, {"A": A}),
    (lambda A, v: np.vstack([A, v]).T.reshape(2, 9), {"A": A, "v": v}),
    (lambda S, v: np.linalg.solve(S, v) + np.linalg.inv(S) @ v, {"S": S, "v": v}),
    (lambda S: np.linalg.slogdet(S)[1] + np.log(np.linalg.det(S)), {"S": S}),
    (lambda S, v: scipy.linalg.cho_solve(scipy.linalg.cho_factor(S), v), {"S": S, "v": v}),
    (lambda S, v: scipy.linalg.solve_triangular(np.linalg.cholesky(S), v, lower=True), {"S": S, "v": v}),
    (lambda S: scipy.linalg.cholesky(S), {"S": S}),
    (lambda A: np.abs(np.linalg.qr(A)[1]), {"A": A}),
    (lambda A: np.linalg.svd(A, compute_uv=False), {"A": A}),
    (lambda S: np.linalg.eigvalsh(S), {"S": S}),
    (lambda A: np.linalg.pinv(A), {"A": A}),
    (lambda A: scipy.special.logsumexp(A, axis=1) + scipy.special.softmax(A, axis=1)[:, 0], {"A": A}),
    (lambda v: scipy.special.expit(v) + scipy.special.log_expit(v) + np.pi, {"v": v}),
    (ridge.shrinkage, {"X": A, "y": A[:, 0] + 1, "lam": 0.3}),
    (logistic.newton_step, {"X": A, "y": np.sign(A[:, 0]), "w": v}),
    (kmeans.pairwise, {"x": A, "C": C}),
    (kmeans.assign, {"x": A, "m": A[:2]}),
]


@pytest.mark.parametrize("function, arguments", CALLS)
def test_the_lift_computes_what_numpy_computes(function, arguments):
    plain = np.asarray(function(**{k: np.copy(a) if np.ndim(a) else a for k, a in arguments.items()}))
    lifted = run(function, arguments, 256)
    assert np.shape(lifted) == plain.shape
    np.testing.assert_allclose([float(x.mid()) for x in entries(lifted)], plain.ravel(), rtol=1e-11, atol=1e-13)
    assert all(x.rad() < arb(2) ** -180 for x in entries(lifted))


@pytest.mark.parametrize("compare", ["__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__bool__"])
def test_an_undecided_comparison_raises(compare):
    wide = Ball(arb(0, 1))
    with pytest.raises(Undecided):
        getattr(wide, compare)(*([] if compare == "__bool__" else [0]))


def test_decided_comparisons_answer():
    assert Ball(2) > 1 and not Ball(2) < 1 and Ball(2) == 2 and Ball(2) != 3 and not Ball(0)
    assert (balls([1.0, -1.0]) > 0).tolist() == [True, False]


def test_a_maximum_of_wide_balls_encloses_both():
    found = np.maximum(balls(np.array([Ball(arb(0, 1))], dtype=object)), 0)[0].value
    assert found.contains(0) and found.contains(1)


def test_balls_never_become_floats():
    with pytest.raises(NotLiftable):
        float(Ball(1))
    with pytest.raises(NotLiftable):
        np.zeros(2)[:1] = balls([1.0])


@pytest.mark.parametrize(
    "function",
    [
        lambda A: A + np.random.standard_normal(A.shape),
        lambda A: np.fft.fft(A),
        lambda A: np.linalg.eigvals(A.T @ A),
        lambda A: np.linalg.qr(A, mode="complete"),
        lambda A: scipy.linalg.expm(A.T @ A),
    ],
)
def test_what_is_not_listed_says_so(function):
    with pytest.raises(NotLiftable):
        run(function, {"A": A}, 256)


def test_singular_and_repeated_are_undecided_not_answered():
    for function in (np.linalg.inv, lambda A: np.linalg.solve(A, A), lambda A: np.linalg.svd(A)[1]):
        with pytest.raises((Undecided, NotLiftable)):
            run(lambda A, f=function: f(A), {"A": np.ones((3, 3))}, 256)
    with pytest.raises(Undecided):
        run(lambda A: np.linalg.eigh(A)[0], {"A": np.eye(3)}, 256)
    with pytest.raises(np.linalg.LinAlgError):
        run(lambda A: np.linalg.cholesky(A), {"A": -np.eye(3)}, 256)


def test_the_precision_is_put_back_and_the_arguments_untouched():
    import flint

    before = flint.ctx.prec
    given = v.copy()

    def spoil(v):
        v[0] = 7
        v += 1
        return v

    run(spoil, {"v": given}, 512)
    assert flint.ctx.prec == before and (given == v).all()


def test_a_number_of_many_digits_keeps_them():
    with precision(256):
        found = run(lambda z: np.log(1 + np.exp(z)), {"z": np.array([-40.0])}, 256)
        assert abs(entries(found)[0] - (arb(-40).exp()).log1p()) < arb(2) ** -200
