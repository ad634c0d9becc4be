"""Linear unbiased estimators of the weights, and their covariances.

Source: Gauss (1823); Aitken (1935); Rao, Linear Statistical Inference (2nd ed.), sec. 4a.
"""

import numpy as np


def covariance(C, S):
    """C S C', the covariance of C y where y has the covariance S.    C (p, n), S (n, n)  ->  (p, p)"""
    return C @ S @ C.T


def least_squares(X):
    """(X'X)^-1 X', which makes the least-squares weights of y.    X (n, p) of full column rank  ->  (p, n)"""
    return np.linalg.pinv(X)


def best(X, var):
    """var (X'X)^-1, the covariance of the least-squares weights.    X (n, p) of full rank, var > 0  ->  (p, p)"""
    R = np.linalg.inv(np.linalg.qr(X)[1])
    return var * R @ R.T
