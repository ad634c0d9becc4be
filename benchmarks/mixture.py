"""One step of EM for a mixture of Gaussians, E and M, full covariances, beside that of scikit-learn, one thread each.

    python benchmarks/mixture.py

All ways run in one process and take turns; a figure is the median of the ratios of the turns, and before anything is
timed the results are compared. Each way is a function X, pi, mu, Sigma -> pi, mu, Sigma: another is one row of `WAYS`.
scikit-learn is one of the extra `peers`; without it the ratios are to the hand-written functions.
"""

from __future__ import annotations

import importlib.util
import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when NumPy is imported

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from numerics import em, mixture

SIZES = {(5000, 16, 8): 2.3, (500, 4, 3): 4.5}
"""N, d, K, and how many times faster than scikit-learn generated code is to be."""
TURNS = 41
TURN = 0.02
"""Seconds that a turn lasts at least."""
EQUAL = 1e-9
"""How far two results may be apart, relative to the larger."""

Step = Callable[..., Any]


def textbook(X: Any, pi: Any, mu: Any, Sigma: Any) -> Any:
    """The hand-written functions, one after the other."""
    r = mixture.responsibilities(X, pi, mu, Sigma)
    means = mixture.means(X, r)
    return em.weights(r), means, mixture.covariances_full(X, r, means)


def posterior(log_joint: Any) -> Any:
    """Columns exponentiated and divided by their sums, in place.    (K, N)  ->  (K, N)"""
    log_joint -= log_joint.max(axis=0)
    np.exp(log_joint, out=log_joint)
    log_joint /= log_joint.sum(axis=0)
    return log_joint


def whitened(X: Any, pi: Any, mu: Any, Sigma: Any) -> Any:
    """A component at a time, in rows of length N: z = L^-1 x - L^-1 mu, and S = YY' with Y = sqrt(r) (x - mu).

    The fastest that keeps all digits wherever the points lie. A product YY' of one array is left to the BLAS, which
    computes one half of it.
    """
    K, x = len(pi), np.ascontiguousarray(X.T)
    L = np.linalg.cholesky(Sigma)
    white = np.linalg.inv(L)
    shift = white @ mu[:, :, None]
    log_joint, covariance = np.empty((K, len(X))), np.empty_like(Sigma)
    for k in range(K):
        z = white[k] @ x
        z -= shift[k]
        z *= z
        np.sum(z, axis=0, out=log_joint[k])
    log_joint *= -0.5
    log_joint += (np.log(pi) - np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1))[:, None]
    r = posterior(log_joint)
    n = r.sum(axis=1)
    means, root = r @ X / n[:, None], np.sqrt(r)
    for k in range(K):
        y = x - means[k][:, None]
        y *= root[k]
        covariance[k] = y @ y.T
    return n / len(X), means, covariance / n[:, None, None]


def features(x: Any) -> Any:
    """1, x_a and x_a x_b for a <= b, as rows.    x (d, N)  ->  (1 + d + d (d + 1) / 2, N)"""
    d, N = x.shape
    rows = np.empty((1 + d + d * (d + 1) // 2, N))
    rows[0], rows[1 : d + 1], at = 1, x, d + 1
    for a in range(d):
        np.multiply(x[a], x[a:], out=rows[at : at + d - a])
        at += d - a
    return rows


def natural(X: Any, pi: Any, mu: Any, Sigma: Any) -> Any:
    """The log joint is linear in the features, and the M step needs their weighted sums: one product each.

    Subtracting the mean of all points keeps digits where they lie far from 0; those of a component whose points are far
    from that mean, in units of its spread, are still lost, two for each factor of ten.
    """
    centre, d = X.mean(axis=0), X.shape[1]
    rows, moved = features(np.ascontiguousarray((X - centre).T)), mu - centre
    i, j = np.triu_indices(d)
    L = np.linalg.cholesky(Sigma)
    white = np.linalg.inv(L)
    precision = np.swapaxes(white, 1, 2) @ white
    linear = (precision @ moved[:, :, None])[:, :, 0]
    constant = np.log(pi) - np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1) - 0.5 * (moved * linear).sum(axis=1)
    theta = np.concatenate([constant[:, None], linear, -precision[:, i, j] * np.where(i == j, 0.5, 1.0)], axis=1)
    sums = posterior(theta @ rows) @ rows.T
    n, second = sums[:, 0], np.empty_like(Sigma)
    means = sums[:, 1 : d + 1] / n[:, None]
    second[:, i, j] = second[:, j, i] = sums[:, d + 1 :] / n[:, None]
    return n / len(X), means + centre, second - means[:, :, None] * means[:, None, :]


def generated() -> Step:
    """The step as it comes out of the declared model, without a look at it."""
    from derivations.mixture import full

    space: dict[str, Any] = {"np": np}
    exec(full.python, space)
    return space["em_step"]


HAND, PEER = "hand-written", "scikit-learn"
WAYS: dict[str, Step] = {
    "generated": generated(),
    HAND: textbook,
    "whitened": whitened,
    "natural parameters": natural,
}


def scikit_learn(X: Any, pi: Any, mu: Any, Sigma: Any) -> Callable[[], Any]:
    """Its own E and M step from the same parameters; the M step factors the covariances, as ours do in the E step."""
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(len(pi), reg_covar=0.0)
    factors = np.swapaxes(np.linalg.inv(np.linalg.cholesky(Sigma)), 1, 2)

    def step() -> Any:
        model.weights_, model.means_, model.covariances_, model.precisions_cholesky_ = pi, mu, Sigma, factors
        model._m_step(X, model._e_step(X)[1])
        return model.weights_, model.means_, model.covariances_

    return step


def problem(N: int, d: int, K: int) -> tuple[Any, Any, Any, Any]:
    """Points around K overlapping centres, and parameters near them."""
    rng = np.random.default_rng(0)
    mu, half = 2 * rng.standard_normal((K, d)), rng.standard_normal((K, d, d)) / 4
    X = mu[rng.integers(0, K, N)] + rng.standard_normal((N, d))
    return X, np.full(K, 1 / K), mu, half @ np.swapaxes(half, 1, 2) + np.eye(d)


def alike(name: str, found: Any, wanted: Any) -> None:
    for f, w in zip(found, wanted, strict=True):
        if np.abs(f - w).max() > EQUAL * np.abs(w).max():
            raise SystemExit(f"{name} computes something else: apart by {np.abs(f - w).max()}")


def seconds(call: Callable[[], Any], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def compared(size: tuple[int, int, int], peer: str) -> dict[str, tuple[float, float]]:
    """Way -> milliseconds, and the peer's time over its time, medians of the turns."""
    data = problem(*size)
    calls: dict[str, Callable[[], Any]] = {name: (lambda way=way: way(*data)) for name, way in WAYS.items()}
    if peer == PEER:
        calls = {PEER: scikit_learn(*data), **calls}
    for name, call in calls.items():
        alike(name, call(), calls[peer]())
    repeats = {name: max(1, round(TURN / min(seconds(call, 1) for _ in range(3)))) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, call in calls.items():
            times[name].append(seconds(call, repeats[name]))
    base = times[peer]
    return {
        name: (statistics.median(ts) * 1e3, statistics.median(b / t for b, t in zip(base, ts, strict=True)))
        for name, ts in times.items()
    }


def main() -> int:
    warnings.simplefilter("ignore")  # that a single step has not converged
    peer = PEER if importlib.util.find_spec("sklearn") else HAND
    print(f"NumPy {np.__version__}" if peer == PEER else f"NumPy {np.__version__}; {PEER} is not installed")
    for size, goal in SIZES.items():
        print("N = {}, d = {}, K = {}".format(*size) + (f"    the goal is {goal}" if peer == PEER else ""))
        for name, (milliseconds, ratio) in compared(size, peer).items():
            print(f"    {name:20}{milliseconds:9.3f} ms    {ratio:5.2f} times as fast as {peer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
