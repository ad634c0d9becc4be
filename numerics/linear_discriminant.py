"""Linear discriminant analysis: normal classes with one covariance.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed.), sec. 4.3.
"""

import numpy as np


def posterior(x, mu0, mu1, Sigma, pi0, pi1):
    """P(class 1 | x) = sigmoid(w'x + b), w = Sigma^-1 (mu1 - mu0).    x, mu (d,), Sigma (d, d), pi > 0  ->  ()"""
    w = np.linalg.solve(Sigma, mu1 - mu0)
    logit = w @ (x - (mu0 + mu1) / 2) + np.log(pi1 / pi0)
    return 1 / (1 + np.exp(-logit))


def scores(x, mu, Sigma, pi):
    """log pi_k + mu_k' Sigma^-1 x - mu_k' Sigma^-1 mu_k / 2.    x (d,), mu (K, d), Sigma (d, d), pi (K,)  ->  (K,)"""
    W = np.linalg.solve(Sigma, mu.T)
    return np.log(pi) + x @ W - np.sum(mu.T * W, axis=0) / 2


def posteriors(x, mu, Sigma, pi):
    """P(class k | x), a softmax of the scores.    x (d,), mu (K, d), Sigma (d, d), pi (K,)  ->  (K,)"""
    s = scores(x, mu, Sigma, pi)
    e = np.exp(s - np.max(s))
    return e / np.sum(e)


def class_means(X, C):
    """The mean of each class.    X (N, d), C (N, K) of 0 and 1, every class with a point  ->  (K, d)"""
    return C.T @ X / C.sum(axis=0)[:, None]


def common_covariance(X, C):
    """The scatter of the classes around their own means, over N.    X (N, d), C (N, K)  ->  (d, d)"""
    away = X - C @ class_means(X, C)
    return away.T @ away / len(X)


def fit(X, C):
    """Proportions, means and the common covariance of greatest likelihood.    ->  pi (K,), mu (K, d), Sigma (d, d)"""
    return C.mean(axis=0), class_means(X, C), common_covariance(X, C)
