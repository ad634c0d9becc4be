"""k-means: N points in K clusters, each cluster around its mean.

A clustering is written twice. As an indicator C (N, K), one 1 in each row: the form of the formulas. As labels (N,)
of integers: the form of the algorithms. `one_hot` leads from the second to the first.
Source: Lloyd (1982); Arthur and Vassilvitskii (2007).
"""

import numpy as np


def one_hot(labels, K):
    """C[i, k] = 1 where labels[i] = k, else 0.    labels (N,) of 0..K-1  ->  C (N, K)"""
    return np.eye(K, dtype=int)[labels]


# --- the sums of squares, for any assignment -------------------------------------------------------
def centroids(x, C):
    """m_k = sum_i C_ik x_i / n_k, n_k = sum_i C_ik.    x (N, d), C (N, K)  ->  m (K, d)

    Domain: every cluster holds a point.
    """
    return C.T @ x / C.sum(axis=0)[:, None]


def total(x):
    """T = sum_i ||x_i - mean||^2.    x (N, d)  ->  ()"""
    return np.sum((x - x.mean(axis=0)) ** 2)


def within(x, C):
    """W = sum_k sum_{i in C_k} ||x_i - m_k||^2.    x (N, d), C (N, K)  ->  ()

    Domain: every cluster holds a point.
    """
    return np.sum((x - C @ centroids(x, C)) ** 2)


def between(x, C):
    """B = sum_k n_k ||m_k - mean||^2.    x (N, d), C (N, K)  ->  ()

    Domain: every cluster holds a point.
    """
    return np.sum(C.sum(axis=0)[:, None] * (centroids(x, C) - x.mean(axis=0)) ** 2)


def pairwise(x, C):
    """W = sum_k 1/(2 n_k) sum_{i, j in C_k} ||x_i - x_j||^2.    x (N, d), C (N, K)  ->  ()

    Domain: every cluster holds a point. It holds an (N, N, d) array.
    """
    squares = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    return np.sum(C * (squares @ C) / (2 * C.sum(axis=0)))


def objective(x, C, m):
    """J = sum_k sum_{i in C_k} ||x_i - m_k||^2 at any centres m.    x (N, d), C (N, K), m (K, d)  ->  ()"""
    return np.sum((x - C @ m) ** 2)


# --- the algorithm ---------------------------------------------------------------------------------
def square_distances(x, m):
    """||x_i - m_k||^2.    x (N, d), m (K, d)  ->  (N, K)"""
    return np.sum((x[:, None, :] - m[None, :, :]) ** 2, axis=2)


def assign(x, m):
    """The nearest centre of each point, the first one at a tie.    x (N, d), m (K, d)  ->  labels (N,)"""
    return np.argmin(square_distances(x, m), axis=1)


def inertia(x, m):
    """sum_i min_k ||x_i - m_k||^2, the objective at the best assignment.    x (N, d), m (K, d)  ->  ()"""
    return np.sum(np.min(square_distances(x, m), axis=1))


def fill_empty(labels, distances):
    """Give each empty cluster the point farthest from its own centre, and never empty another cluster to do so.

    labels (N,), distances (N, K) with N >= K  ->  labels (N,) in which each cluster holds a point
    """
    labels, K = labels.copy(), distances.shape[1]
    for k in range(K):
        counts = np.bincount(labels, minlength=K)
        if counts[k] == 0:
            own = distances[np.arange(len(labels)), labels]
            own[counts[labels] == 1] = -1
            labels[np.argmax(own)] = k
    return labels


def lloyd(x, m, steps=300):
    """Assign, then recentre, until the labels stay. No step increases the objective.

    x (N, d), m (K, d) with N >= K  ->  labels (N,), centres (K, d). Source: Lloyd (1982).
    """
    K, labels = len(m), None
    for _ in range(steps):
        distances = square_distances(x, m)
        nearest = fill_empty(np.argmin(distances, axis=1), distances)
        if labels is not None and np.array_equal(nearest, labels):
            break
        labels = nearest
        m = centroids(x, one_hot(labels, K))
    return labels, m


def kmeans_pp(x, K, rng):
    """K starting centres among the points, each drawn with probability proportional to its squared distance to the
    centres before it.    x (N, d), rng a numpy Generator  ->  m (K, d).  Source: Arthur and Vassilvitskii (2007).

    Where every point already lies on a centre, the next is drawn uniformly.
    """
    m = [x[rng.integers(len(x))]]
    for _ in range(K - 1):
        nearest = square_distances(x, np.array(m)).min(axis=1)
        weight = nearest.sum()
        m.append(x[rng.choice(len(x), p=nearest / weight if weight > 0 else None)])
    return np.array(m)


def fit(x, K, restarts=50, seed=0):
    """The best of `restarts` runs of Lloyd from k-means++ starts.    x (N, d), 1 <= K <= N  ->  labels, m, inertia"""
    rng = np.random.default_rng(seed)
    runs = (lloyd(x, kmeans_pp(x, K, rng)) for _ in range(restarts))
    labels, m = min(runs, key=lambda run: inertia(x, run[1]))
    return labels, m, inertia(x, m)
