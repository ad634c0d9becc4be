"""The scatter matrices of points in classes. They add up: total = within + between."""


def means(X, C):
    """The mean of each class.    X (N, d), C (N, K) of 0 and 1, every class with a point  ->  (K, d)"""
    return C.T @ X / C.sum(axis=0)[:, None]


def total(X):
    """S_T = sum_i (x_i - x_bar)(x_i - x_bar)'.    X (N, d)  ->  (d, d)"""
    away = X - X.mean(axis=0)
    return away.T @ away


def within(X, C):
    """S_W = sum_i (x_i - m)(x_i - m)', m the mean of the class of i.    X (N, d), C (N, K)  ->  (d, d)"""
    away = X - C @ means(X, C)
    return away.T @ away


def between(X, C):
    """S_B = sum_k n_k (m_k - x_bar)(m_k - x_bar)'.    X (N, d), C (N, K)  ->  (d, d)"""
    away = means(X, C) - X.mean(axis=0)
    return (away * C.sum(axis=0)[:, None]).T @ away
