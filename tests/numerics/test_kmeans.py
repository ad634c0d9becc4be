"""k-means and Iris: the identities hold exactly on the data, and the algorithm reaches the best known sums."""

import itertools

import numpy as np
import pytest

from numerics import iris, kmeans


def test_iris_is_the_file_described():
    x = iris.measurements()
    assert x.shape == (150, 4) and set(iris.species()) == {"setosa", "versicolor", "virginica"}
    assert list(x[34]) == [4.9, 3.1, 1.5, 0.2] and list(x[37]) == [4.9, 3.6, 1.4, 0.1]  # the rows UCI has otherwise
    assert kmeans.total(iris.exact()) * 10000 == 6813706
    assert (iris.exact().astype(float) == x).all()


def test_a_changed_file_is_refused(tmp_path):
    changed = tmp_path / "iris.csv"
    changed.write_bytes(iris.FILE.read_bytes().replace(b"5.1,3.5", b"5.1,3.6", 1))
    with pytest.raises(ValueError, match="SHA-256"):
        iris.rows(changed)


@pytest.mark.parametrize("k, best", [(2, 152.347951760358), (3, 78.851441426146), (4, 57.228473214286)])
def test_restarts_reach_the_best_known_within_sum(k, best):
    labels, m, inertia = kmeans.fit(iris.measurements(), k)
    exact = kmeans.within(iris.exact(), kmeans.one_hot(labels, k))
    assert round(float(exact), 12) == best and round(inertia, 11) == round(best, 11)
    assert len(set(labels)) == k and m.shape == (k, 4)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
def test_total_is_within_plus_between_exactly(k):
    x, C = iris.kmeans_world(k).values()
    assert kmeans.total(x) == kmeans.within(x, C) + kmeans.between(x, C)
    assert kmeans.within(x, C) == kmeans.pairwise(x, C) == kmeans.objective(x, C, kmeans.centroids(x, C))


def test_lloyd_never_raises_the_objective():
    x = iris.measurements()
    rng = np.random.default_rng(1)
    m = x[rng.choice(150, 5, replace=False)]
    path = [kmeans.inertia(x, m)]
    for _ in range(20):
        m = kmeans.lloyd(x, m, steps=1)[1]
        path.append(kmeans.inertia(x, m))
    assert all(later <= earlier * (1 + 1e-15) for earlier, later in itertools.pairwise(path))
    assert path[-1] < path[0]


def test_an_empty_cluster_gets_a_point():
    x = np.array([[0.0], [1.0], [10.0], [11.0]])
    far = np.array([[0.5], [1000.0], [2000.0]])  # two centres that no point is nearest to
    labels, m = kmeans.lloyd(x, far)
    assert sorted(np.bincount(labels, minlength=3)) == [1, 1, 2]
    assert kmeans.inertia(x, m) == 0.5


def test_repeated_points_and_as_many_clusters_as_points():
    x = np.zeros((4, 2))
    labels, m, inertia = kmeans.fit(x, 4, restarts=2)
    assert inertia == 0 and sorted(labels) == [0, 1, 2, 3] and np.isfinite(m).all()


def test_the_first_centres_are_points_and_far_ones_likelier():
    x = np.array([[0.0], [0.1], [100.0]])
    seen = [sorted(kmeans.kmeans_pp(x, 2, np.random.default_rng(s)).ravel()) for s in range(50)]
    assert all(set(s) <= {0.0, 0.1, 100.0} for s in seen)
    assert sum(s[1] == 100.0 for s in seen) >= 48
