"""Formulas with implementations that are right, right but unstable, or wrong: what a comparison has to tell apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import expit
from scipy.special import logsumexp as scipy_logsumexp

from chainrule.notation.dims import dims
from chainrule.notation.indices import Sum, clusters, each, over, size
from chainrule.notation.nodes import Node, as_node
from chainrule.notation.statements import Assumption
from chainrule.notation.vocabulary import (
    I,
    abs_,
    det,
    diag,
    exp,
    grad,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    rational,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    tanh,
    total,
    trace,
    vector,
)

n, p, N, K, d = dims("n p N K d")
X, A, B = matrix("X", n, p), matrix("A", n, n), matrix("B", n, n)
T = matrix("X", n, p, full_column_rank=True)
S = matrix("S", n, n, positive_definite=True)
y, z, v, w = vector("y", n), vector("z", n), vector("v", n), vector("w", p)
t = vector("y", n, labels=True)
lam = scalar("lam", positive=True)
x = matrix("x", N, d)
C = clusters("C", N, K)


@dataclass(frozen=True)
class Kernel:
    """A formula and what computes it: rightly, rightly but losing digits, wrongly."""

    formula: Node
    right: tuple[Callable[..., Any], ...] = ()
    unstable: tuple[Callable[..., Any], ...] = ()
    wrong: tuple[Callable[..., Any], ...] = ()
    given: tuple[Assumption, ...] = field(default=())


# --- softplus, sigmoid, log-sum-exp, softmax ----------------------------------------------------------
def softplus_shifted(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_logaddexp(z):
    return np.logaddexp(0, z)


def softplus_masked(z):
    out = np.zeros_like(z)
    big = z > 0
    out[big] = z[big] + np.log1p(np.exp(-z[big]))
    out[~big] = np.log1p(np.exp(z[~big]))
    return out


def softplus_naive(z):
    return np.log(1 + np.exp(z))


def softplus_threshold(z):
    """Seen only where 20 < z < 28: beyond, log(1 + e^z) is z in floats."""
    return np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, 20))))


def softplus_negative(z):
    return np.log1p(np.exp(-np.abs(z)))


def logsumexp_shifted(z):
    top = z.max()
    return top + np.log(np.sum(np.exp(z - top)))


def logsumexp_scipy(z):
    return scipy_logsumexp(z)


def logsumexp_loop(z):
    top, s = max(z), 0.0
    for entry in z:
        s += np.exp(entry - top)
    return float(top + np.log(s))


def logsumexp_naive(z):
    return np.log(np.sum(np.exp(z)))


def logsumexp_unshifted(z):
    return np.log(np.sum(np.exp(z - z.max())))


def logsumexp_mean(z):
    return logsumexp_shifted(z) - np.log(len(z))


def softmax_shifted(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def softmax_naive(z):
    e = np.exp(z)
    return e / e.sum()


def softmax_smoothed(z):
    e = np.exp(z - np.max(z))
    return e / (e.sum() + 1e-8)


def softmax_sigmoid(z):
    return expit(z)


# --- means, variances, norms --------------------------------------------------------------------------
mean_y = Sum(y[i] for i in over(n)) / as_node(n)
variance = Sum((y[i] - mean_y) ** 2 for i in over(n)) / as_node(n)


def variance_two_pass(y):
    return np.mean((y - y.mean()) ** 2)


def variance_numpy(y):
    return np.var(y)


def variance_one_pass(y):
    return np.mean(y**2) - np.mean(y) ** 2


def variance_sample(y):
    return np.sum((y - y.mean()) ** 2) / max(len(y) - 1, 1)


def variance_off_by_a_millionth(y):
    return np.var(y) * 1.000001


def norm_numpy(y):
    return np.linalg.norm(y)


def norm_single(y):
    return np.sqrt(np.sum(y.astype(np.float32) ** 2))


def norm_one(y):
    return np.abs(y).sum()


# --- least squares and ridge ---------------------------------------------------------------------------
def normal_equations(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


def by_inverse(X, y):
    return np.linalg.inv(X.T @ X) @ X.T @ y


def by_cholesky(X, y):
    return cho_solve(cho_factor(X.T @ X), X.T @ y)


def by_qr(X, y):
    Q, R = np.linalg.qr(X)
    return solve_triangular(R, Q.T @ y)


def by_lstsq(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


def by_lstsq_cut(X, y):
    """A right one where X is well-conditioned: it drops small singular values."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-4 * s[0]
    return Vt[kept].T @ ((U[:, kept].T @ y) / s[kept])


def least_squares_pulled(X, y):
    return np.linalg.solve(X.T @ X + 1e-6 * np.eye(X.shape[1]), X.T @ y)


def ridge_normal(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)


def ridge_svd(X, y, lam):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))


def ridge_in_place(X, y, lam):
    G = X.T @ X
    G.flat[:: len(G) + 1] += lam
    return np.linalg.solve(G, X.T @ y)


def ridge_squared(X, y, lam):
    return np.linalg.solve(X.T @ X + lam**2 * np.eye(X.shape[1]), X.T @ y)


def ridge_added_everywhere(X, y, lam):
    return np.linalg.solve(X.T @ X + lam, X.T @ y)


def ridge_scaled(X, y, lam):
    return np.linalg.solve(X.T @ X + len(X) * lam * np.eye(X.shape[1]), X.T @ y)


def residual_gradient(X, y, w):
    return -2 * X.T @ (y - X @ w)


def residual_gradient_expanded(X, y, w):
    return 2 * (X.T @ X) @ w - 2 * X.T @ y


def residual_gradient_sign(X, y, w):
    return 2 * X.T @ (y - X @ w)


def residual_gradient_half(X, y, w):
    return -X.T @ (y - X @ w)


def residual_gradient_single(X, y, w):
    return -2 * X.T.astype(np.float32) @ (y - X @ w).astype(np.float32)


# --- logistic -------------------------------------------------------------------------------------------
logistic_loss = total(softplus(-t * (X @ w)))


def logistic_gradient(X, y, w):
    return -X.T @ (y * expit(-y * (X @ w)))


def logistic_gradient_divided(X, y, w):
    return -X.T @ (y / (1 + np.exp(y * (X @ w))))


def logistic_gradient_cancelling(X, y, w):
    return X.T @ (y * (1 / (1 + np.exp(-y * (X @ w))) - 1))


def logistic_gradient_sign(X, y, w):
    return X.T @ (y * expit(-y * (X @ w)))


def logistic_gradient_label(X, y, w):
    return -X.T @ (y * expit(-(X @ w)))


def logistic_gradient_zero_one(X, y, w):
    """Right for labels 0 and 1."""
    return X.T @ (expit(X @ w) - y)


# --- matrices -------------------------------------------------------------------------------------------
def quadratic_gradient(A, z):
    return A @ z + A.T @ z


def quadratic_gradient_symmetric(A, z):
    """Right for symmetric A only."""
    return 2 * A @ z


def trace_product(A, B):
    return np.sum(A * B.T)


def trace_einsum(A, B):
    return np.einsum("ij,ji->", A, B)


def trace_hadamard(A, B):
    return np.sum(A * B)


def logdet_cholesky(S):
    return 2 * np.sum(np.log(np.diag(np.linalg.cholesky(S))))


def logdet_slogdet(S):
    return np.linalg.slogdet(S)[1]


def logdet_of_det(S):
    return np.log(np.linalg.det(S))


def logdet_half(S):
    return np.sum(np.log(np.diag(np.linalg.cholesky(S))))


def logdet_absolute(S):
    return np.abs(np.linalg.slogdet(S)[1])


def quadratic_form_solve(S, z):
    return z @ np.linalg.solve(S, z)


def quadratic_form_cholesky(S, z):
    L = np.linalg.cholesky(S)
    half = solve_triangular(L, z, lower=True)
    return half @ half


def quadratic_form_upper(S, z):
    L = np.linalg.cholesky(S)
    half = solve_triangular(L.T, z)
    return half @ half


def scaled_rows(v, X):
    return v[:, None] * X


def scaled_rows_diag(v, X):
    return np.diag(v) @ X


def scaled_columns(v, X):
    return X * v if X.shape[0] == X.shape[1] else v[:, None] * X


def determinant(A):
    return np.linalg.det(A)


def determinant_absolute(A):
    return np.abs(np.linalg.det(A))


# --- kinks and clipping ---------------------------------------------------------------------------------
def relu_right(z):
    return np.maximum(z, 0)


def relu_where(z):
    return np.where(z > 0, z, 0)


def relu_clipped(z):
    return np.clip(z, 0, 600)


def relu_leaky(z):
    return np.where(z > 0, z, 1e-9 * z)


def tanh_right(z):
    return np.tanh(z)


def tanh_exponentials(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def tanh_rational(z):
    return z * (27 + z**2) / (27 + 9 * z**2)


def largest_gap(z):
    return z.max() - z


def largest_gap_absolute(z):
    return np.abs(z).max() - z


# --- k-means --------------------------------------------------------------------------------------------
def centre(k):
    return Sum(x[i] for i in C[k]) / size(C[k])


def centroids(x, C):
    return C.T @ x / C.sum(axis=0)[:, None]


def centroids_loop(x, C):
    out = np.empty((C.shape[1], x.shape[1]))
    for k in range(C.shape[1]):
        out[k] = x[C[:, k] == 1].mean(axis=0)
    return out


def centroids_transposed(x, C):
    return (C.T @ x / C.sum(axis=0)[:, None]).T


def centroids_all(x, C):
    return C.T @ x / len(x)


def within(x, C):
    return np.sum((x - C @ centroids(x, C)) ** 2)


def within_by_squares(x, C):
    m = centroids(x, C)
    return np.sum(x**2) - np.sum(C.sum(axis=0)[:, None] * m**2)


def within_unsquared(x, C):
    return np.sum(np.sqrt(np.sum((x - C @ centroids(x, C)) ** 2, axis=1)))


def square_distances(x):
    return np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)


def square_distances_gram(x):
    s = np.sum(x**2, axis=1)
    return s[:, None] + s[None, :] - 2 * x @ x.T


def distances(x):
    return np.sqrt(square_distances(x))


# --- special failures -----------------------------------------------------------------------------------
def raises(z):
    raise ValueError("not written yet")


def returns_nothing(z):
    np.exp(z)


def returns_column(z):
    return softmax_shifted(z)[:, None]


def rounds(z):
    return np.round(softmax_shifted(z), 12)


KERNELS: dict[str, Kernel] = {
    "softplus": Kernel(
        softplus(z),
        (softplus_shifted, softplus_logaddexp, softplus_masked),
        (softplus_naive,),
        (softplus_threshold, softplus_negative, relu_right),
    ),
    "logsumexp": Kernel(
        logsumexp(z),
        (logsumexp_shifted, logsumexp_scipy, logsumexp_loop),
        (logsumexp_naive,),
        (logsumexp_unshifted, logsumexp_mean),
    ),
    "softmax": Kernel(
        softmax(z),
        (softmax_shifted,),
        (softmax_naive,),
        (softmax_smoothed, softmax_sigmoid, raises, returns_nothing, returns_column),
    ),
    "variance": Kernel(
        variance,
        (variance_two_pass, variance_numpy),
        (variance_one_pass,),
        (variance_sample, variance_off_by_a_millionth),
    ),
    "norm": Kernel(norm(y), (norm_numpy,), (norm_single,), (norm_one,)),
    "least squares": Kernel(
        (T.T @ T).I @ T.T @ y,
        (by_qr, by_lstsq),
        (normal_equations, by_inverse, by_cholesky),
        (least_squares_pulled, by_lstsq_cut),
    ),
    "ridge": Kernel(
        (X.T @ X + lam * I(p)).I @ X.T @ y,
        (ridge_svd,),
        (ridge_normal, ridge_in_place),
        (ridge_squared, ridge_added_everywhere, ridge_scaled),
    ),
    "residual gradient": Kernel(
        grad(sqnorm(y - X @ w), w),
        (residual_gradient,),
        (residual_gradient_single,),
        (residual_gradient_sign, residual_gradient_half),
    ),
    "logistic gradient": Kernel(
        grad(logistic_loss, w),
        (logistic_gradient, logistic_gradient_divided),
        (logistic_gradient_cancelling,),
        (logistic_gradient_sign, logistic_gradient_label, logistic_gradient_zero_one),
    ),
    "quadratic gradient": Kernel(grad(z.T @ A @ z, z), (quadratic_gradient,), (), (quadratic_gradient_symmetric,)),
    "trace of a product": Kernel(trace(A @ B), (trace_product, trace_einsum), (), (trace_hadamard,)),
    "log-determinant": Kernel(logdet(S), (logdet_cholesky, logdet_slogdet), (), (logdet_half, logdet_absolute)),
    "log-determinant of a scaled matrix": Kernel(logdet(rational(10**160) * S), (), (), (logdet_half,)),
    "quadratic form": Kernel(
        z.T @ S.I @ z, (quadratic_form_solve, quadratic_form_cholesky), (), (quadratic_form_upper,)
    ),
    "scaled rows": Kernel(diag(v) @ X, (scaled_rows, scaled_rows_diag), (), (scaled_columns,)),
    "determinant": Kernel(det(A), (determinant,), (), (determinant_absolute,)),
    "relu": Kernel(relu(z), (relu_right, relu_where), (), (relu_clipped, relu_leaky)),
    "tanh": Kernel(tanh(z), (tanh_right,), (tanh_exponentials,), (tanh_rational,)),
    "largest gap": Kernel(maximum(z) - z, (largest_gap,), (), (largest_gap_absolute,)),
    "centroids": Kernel(
        each(centre(k) for k in over(K)),
        (centroids, centroids_loop),
        (),
        (centroids_transposed, centroids_all),
    ),
    "within": Kernel(
        Sum(sqnorm(x[i] - centre(k)) for k in C for i in C[k]),
        (within,),
        (within_by_squares,),
        (within_unsquared,),
    ),
    "square distances": Kernel(
        each(sqnorm(x[i] - x[j]) for i in over(N) for j in over(N)),
        (square_distances,),
        (square_distances_gram,),
        (distances,),
    ),
    "sigmoid of a distance": Kernel(
        sigmoid(abs_(z) - exp(-z * z)),
        (lambda z: expit(np.abs(z) - np.exp(-z * z)),),
        (),
        (lambda z: expit(z - np.exp(-z * z)),),
    ),
}
