"""The problems that are timed: for each its formula, its data, and the best NumPy that we could write by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Data = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A derivative to compute, at several sizes, and how much faster than jitted JAX it is to be at each of them.

    `formula(n)` is in chainrule's language, with typical sizes; `by_hand` takes the data in order. `floor` does only
    the work that nobody who calls NumPy can avoid: how much faster it is than JAX is the most that there is to gain.
    """

    name: str
    sizes: dict[int, float]
    data: Callable[[int], Data]
    formula: Callable[[int], Any]
    by_hand: Callable[..., Any]
    floor: Callable[..., Any]
    floor_is: str
    hessian: bool = False


def random(*shape: int, seed: int) -> Any:
    """Standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)


# --- logistic regression -----------------------------------------------------------------------------
def logistic_data(n: int) -> Data:
    """X (2n, n), labels, weights."""
    return {"X": random(2 * n, n, seed=0), "y": np.sign(random(2 * n, seed=1)), "w": random(n, seed=2) / n**0.5}


def _logistic(size: int) -> Any:
    from chainrule import dims, matrix, softplus, total, vector

    m, n = dims("m n", typical=(2 * size, size))
    X, y, w = matrix("X", m, n), vector("y", m, labels=True), vector("w", n)
    return total(softplus(-y * (X @ w))), w


def logistic_gradient(size: int) -> Any:
    """-X'(y o sigmoid(-y o Xw))"""
    from chainrule import grad

    return grad(*_logistic(size))


def logistic_hessian(size: int) -> Any:
    """X' diag(s) X"""
    from chainrule import hessian

    return hessian(*_logistic(size))


def logistic_gradient_by_hand(X: Any, y: Any, w: Any) -> Any:
    """One exponential, nothing that overflows."""
    return -(X.T @ (y / (1 + np.exp(np.minimum(y * (X @ w), 700)))))


def logistic_hessian_by_hand(X: Any, y: Any, w: Any) -> Any:
    """Rows scaled by the weights, then one product; where it is large, by their roots, and BLAS computes one half."""
    if X.shape[1] > 300:
        e = np.exp(-0.5 * np.abs(X @ w))
        A = (e / (1 + e * e))[:, None] * X
        return A.T @ A
    e = np.exp(-np.abs(X @ w))
    return X.T @ ((e / (1 + e) ** 2)[:, None] * X)


def logistic_gradient_floor(X: Any, y: Any, w: Any) -> Any:
    """The two products with X."""
    return X.T @ (X @ w)


def logistic_hessian_floor(X: Any, y: Any, w: Any) -> Any:
    """X'X, the faster of the two ways."""
    return X.T @ X if X.shape[1] > 300 else X.T @ X[:]


# --- matrix factorisation ----------------------------------------------------------------------------
def factorisation_data(n: int) -> Data:
    """T (n, n), U and V (n, 5)."""
    return {"T": random(n, n, seed=3), "U": random(n, 5, seed=4), "V": random(n, 5, seed=5)}


def factorisation_hessian(size: int) -> Any:
    """2 (V'V) at equal rows, else 0: (n, k, n, k)"""
    from chainrule import dims, hessian, matrix, sqnorm

    n, k = dims("n k", typical=(size, 5))
    T, U, V = matrix("T", n, n), matrix("U", n, k), matrix("V", n, k)
    return hessian(sqnorm(T - U @ V.T), U)


def factorisation_hessian_by_hand(T: Any, U: Any, V: Any) -> Any:
    """Zeros, and the same small matrix at each equal pair of rows."""
    n, k = U.shape
    H = np.zeros((n, k, n, k))
    np.einsum("iaib->iab", H)[...] = 2 * (V.T @ V)
    return H


def factorisation_hessian_floor(T: Any, U: Any, V: Any) -> Any:
    """Zeros, and V'V."""
    n, k = U.shape
    return np.zeros((n, k, n, k)), V.T @ V


# --- a network ---------------------------------------------------------------------------------------
def network_data(n: int) -> Data:
    """Three square layers, one example, its class."""
    scale = (2 / n) ** 0.5
    weights = {f"W{k}": scale * random(n, n, seed=5 + k) for k in (1, 2, 3)}
    return {**weights, "x": random(n, seed=9), "t": np.eye(n)[1]}


def network_hessian(size: int) -> Any:
    """Softmax cross-entropy of W3 relu(W2 relu(W1 x)) in W1: (n, n, n, n)"""
    from chainrule import dims, dot, hessian, logsumexp, matrix, relu, vector

    (n,) = dims("n", typical=(size,))
    W1, W2, W3 = (matrix(f"W{k}", n, n) for k in (1, 2, 3))
    x, t = vector("x", n), vector("t", n, one_hot=True)
    z = W3 @ relu(W2 @ relu(W1 @ x))
    return hessian(logsumexp(z) - dot(t, z), W1)


def network_hessian_by_hand(W1: Any, W2: Any, W3: Any, x: Any, t: Any) -> Any:
    """J'(diag(p) - pp')J between the outer products of x, J the product of the layers where they are on."""
    a = W1 @ x
    b = W2 @ np.maximum(a, 0)
    z = W3 @ np.maximum(b, 0)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    J = (W3 * (b > 0)) @ (W2 * (a > 0))
    M = J.T @ (p[:, None] * (J - p @ J))
    return x[:, None, None] * (M[:, :, None] * x)[:, None]


def network_hessian_floor(W1: Any, W2: Any, W3: Any, x: Any, t: Any) -> Any:
    """The result written once."""
    return np.full((*W1.shape, *W1.shape), 1.0)


# --- a Gaussian --------------------------------------------------------------------------------------
def gaussian_data(d: int) -> Data:
    """A covariance and a scatter matrix."""
    a, b = random(2 * d, d, seed=10), random(2 * d, d, seed=11)
    return {"S": a.T @ a / d + np.eye(d), "C": b.T @ b}


def gaussian_gradient(size: int) -> Any:
    """log det S + tr(S^-1 C) in S"""
    from chainrule import dims, grad, logdet, matrix, trace

    (d,) = dims("d", typical=(size,))
    S, C = matrix("S", d, d, positive_definite=True), matrix("C", d, d, symmetric=True)
    return grad(logdet(S) + trace(S.I @ C), S)


def gaussian_gradient_by_hand(S: Any, C: Any) -> Any:
    """S^-1 - S^-1 C S^-1, one inverse."""
    P = np.linalg.inv(S)
    return P - P @ C @ P


def gaussian_gradient_floor(S: Any, C: Any) -> Any:
    """The inverse and one product."""
    return np.linalg.inv(S) @ C


PROBLEMS = {
    p.name: p
    for p in (
        Problem("logistic gradient", {64: 4, 256: 1.5, 512: 1.15}, logistic_data, logistic_gradient,
                logistic_gradient_by_hand, logistic_gradient_floor, "two products of a matrix and a vector"),
        Problem("logistic Hessian", {64: 3, 256: 3, 512: 3}, logistic_data, logistic_hessian,
                logistic_hessian_by_hand, logistic_hessian_floor, "one product of matrices", True),
        Problem("factorisation Hessian", {20: 10, 50: 50, 100: 500}, factorisation_data, factorisation_hessian,
                factorisation_hessian_by_hand, factorisation_hessian_floor, "an array of zeros", True),
        Problem("network Hessian", {10: 1.4, 30: 1.5, 50: 5}, network_data, network_hessian,
                network_hessian_by_hand, network_hessian_floor, "writing the result", True),
        Problem("Gaussian gradient", {16: 2.3, 64: 2.8, 256: 1.7}, gaussian_data, gaussian_gradient,
                gaussian_gradient_by_hand, gaussian_gradient_floor, "an inverse and a product"),
    )
}  # fmt: skip
