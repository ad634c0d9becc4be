"""Expectation and maximisation: the posterior of what is hidden, then the parameters that are best under it.

A mixture gives log_joint[i, k] = log pi_k + log p(x_i | k); all that EM needs of it are the two functions of its rows.
Source: Dempster, Laird and Rubin (1977).
"""

from typing import Any, NamedTuple

import numpy as np

from numerics import kmeans

BLEND = 0.1
"""What `start` gives to all components alike, so that none begins with too few points to have a covariance."""


class Fit(NamedTuple):
    """Where a fit ended, the objective at the start and after each step, whether it had settled, and if not, why."""

    parameters: Any
    history: np.ndarray
    converged: bool
    note: str = ""


def log_evidence(log_joint):
    """log p(x_i) = log sum_k exp(log_joint[i, k]), shifted by the largest.    log_joint (N, K)  ->  (N,)

    Domain: in each row an entry is finite.
    """
    top = np.max(log_joint, axis=1)
    return top + np.log(np.sum(np.exp(log_joint - top[:, None]), axis=1))


def total_evidence(log_joint):
    """sum_i log p(x_i).    log_joint (N, K)  ->  ()"""
    return np.sum(log_evidence(log_joint))


def posterior(log_joint):
    """r[i, k] = exp(log_joint[i, k]) / sum_l exp(log_joint[i, l]), shifted by the largest.    (N, K)  ->  (N, K)

    Domain: in each row an entry is finite.
    """
    shifted = np.exp(log_joint - np.max(log_joint, axis=1)[:, None])
    return shifted / np.sum(shifted, axis=1)[:, None]


def weights(r):
    """pi_k = sum_i r_ik / N.    r (N, K)  ->  pi (K,)"""
    return np.sum(r, axis=0) / len(r)


def bound(r, log_joint):
    """sum_ik r_ik (log_joint_ik - log r_ik) <= sum_i log p(x_i), equal at the posterior.    r, log_joint (N, K)  ->  ()

    0 log 0 is 0, and so is 0 times log 0 of the joint.
    """
    used = r > 0
    return np.sum(r[used] * (log_joint[used] - np.log(r[used])))


def start(X, K, rng):
    """Responsibilities to start from: nearly the clusters that Lloyd's algorithm finds from a k-means++ start.

    X (N,) or (N, d), 1 <= K <= N  ->  r (N, K)
    """
    points = X if np.ndim(X) == 2 else X[:, None]
    labels, _ = kmeans.lloyd(points, kmeans.kmeans_pp(points, K, rng))
    return (1 - BLEND) * kmeans.one_hot(labels, K) + BLEND / K


def climb(expect, maximise, parameters, steps=1000, tolerance=1e-10):
    """Maximise and expect in turn, until a step raises the objective by no more than `tolerance * (1 + |objective|)`.

    expect(parameters) -> (hidden, objective); maximise(hidden, parameters) -> parameters. Where a step leads to
    parameters that have no density (a covariance that is not positive definite), the fit ends before it and says so.
    """
    hidden, objective = expect(parameters)
    history = [objective]
    for _ in range(steps):
        try:
            following = maximise(hidden, parameters)
            hidden, objective = expect(following)
        except np.linalg.LinAlgError as error:
            return Fit(parameters, np.array(history), False, f"step {len(history)} has no density: {error}")
        if not np.isfinite(objective):
            return Fit(parameters, np.array(history), False, f"step {len(history)} has the objective {objective}")
        parameters = following
        history.append(objective)
        if history[-1] - history[-2] <= tolerance * (1 + abs(objective)):
            return Fit(parameters, np.array(history), True)
    return Fit(parameters, np.array(history), False, f"still rising after {steps} steps")


def best(runs):
    """The run with the highest objective, among those that settled if any did.    iterable of Fit  ->  Fit"""
    return max(runs, key=lambda run: (run.converged, run.history[-1]))
