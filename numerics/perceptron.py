"""The perceptron: correct the line wherever it errs. Source: Rosenblatt (1958); Novikoff (1962)."""

import numpy as np


def correct(w, x, y):
    """w + y x.    w (p,), x (p,), y = -1 or 1  ->  (p,)"""
    return w + y * x


def fit(X, y, sweeps=1000):
    """Weights that separate the examples, and the number of corrections.    X (n, p), y (n,) of -1 and 1  ->  (p,), int

    Domain: some line through the origin separates the examples; else ArithmeticError after all sweeps.
    """
    w, mistakes = np.zeros(X.shape[1]), 0
    for _ in range(sweeps):
        before = mistakes
        for k in range(len(y)):
            if y[k] * (X[k] @ w) <= 0:
                w, mistakes = correct(w, X[k], y[k]), mistakes + 1
        if mistakes == before:
            return w, mistakes
    raise ArithmeticError(f"no separating line was found in {sweeps} sweeps")


def bound(X, y, u):
    """(R / gamma)^2 for a separating direction u of length 1.    X (n, p), y (n,), u (p,)  ->  ()"""
    return np.max(np.sum(X**2, axis=1)) / np.min(y * (X @ u)) ** 2
