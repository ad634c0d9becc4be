"""Iris petals and the straight borders of linear discriminant analysis; how often it is wrong."""

import matplotlib.pyplot as plt
import numpy as np

from chainrule.report.figures import range_frame, save
from numerics import iris, linear_discriminant, quadratic_discriminant

ALT = (
    "Iris flowers by petal length and petal width, the three species marked by circles, squares and triangles. "
    "Straight borders divide the plane; a few flowers of versicolor and virginica lie beyond theirs."
)
LENGTH, WIDTH = (0.6, 7.3), (-0.05, 2.75)
NAMES = ("setosa", "versicolor", "virginica")


def flat(points, X, C):
    """The linear scores of each point.    points (m, d), X (n, d), C (n, K)  ->  (m, K)"""
    pi, mu, Sigma = linear_discriminant.fit(X, C)
    return np.array([linear_discriminant.scores(x, mu, Sigma, pi) for x in points])


def bent(points, X, C):
    """The quadratic scores of each point, against the first class.    ->  (m, K)"""
    pi, mu, S = quadratic_discriminant.fit(X, C)
    pairs = [(mu[0], mu[k], S[0], S[k], pi[0], pi[k]) for k in range(len(pi))]
    return np.array([[quadratic_discriminant.logit(x, *pair) for pair in pairs] for x in points])


def draw_regions(path, look, scores, place):
    """Flowers, regions and borders; a flower beyond its border has a ring around it."""
    petals, C = iris.measurements()[:, 2:4], iris.indicator()
    species, named = np.argmax(C, axis=1), np.argmax(scores(petals, petals, C), axis=1)
    width, height = look.size
    fig, ax = plt.subplots(figsize=(width, height + (0.3 if height < width / 1.5 else 0)), layout="constrained")
    across, up = np.meshgrid(np.linspace(*LENGTH, 160), np.linspace(*WIDTH, 90))
    found = scores(np.stack([across.ravel(), up.ravel()], axis=1), petals, C)
    for k in range(3):
        lead = (found[:, k] - np.delete(found, k, axis=1).max(axis=1)).reshape(across.shape)
        ax.contourf(across, up, lead, [0, np.inf], colors=[look.clusters[k]], alpha=0.07)
        ax.contour(across, up, lead, [0], colors=[look.soft], linewidths=0.5)
        ax.plot(*petals[species == k].T, look.marks[k], ms=2.9, mfc="none", mec=look.clusters[k], mew=0.6)
        ax.annotate(f"Iris {NAMES[k]}", place[k], color=look.clusters[k], fontsize=8, ha="center")
    ax.plot(*petals[species != named].T, "o", ms=7.5, mfc="none", mec=look.accent, mew=0.7)
    ax.set(xlabel="petal length, cm", ylabel="petal width, cm", xlim=LENGTH, ylim=WIDTH, aspect="equal")
    ax.set_xticks([1, 2, 3, 4, 5, 6, 6.9], ["1", "2", "3", "4", "5", "6", "6.9"])
    ax.set_yticks([0.1, 1, 2, 2.5])
    range_frame(ax, petals[:, 0], petals[:, 1])
    save(fig, path)


def errors(scores, X):
    """Flowers on the wrong side: of borders fitted to all, and of borders fitted to all others."""
    C = iris.indicator()
    species = np.argmax(C, axis=1)
    seen = np.sum(np.argmax(scores(X, X, C), axis=1) != species)
    others = [np.arange(len(X)) != i for i in range(len(X))]
    unseen = sum(np.argmax(scores(X[~o], X[o], C[o])) != species[i] for i, o in enumerate(others))
    return int(seen), int(unseen)


def draw(path, look):
    """The linear borders."""
    draw_regions(path, look, flat, [(1.6, 0.75), (3.3, 1.75), (6.5, 1.3)])


def caption():
    """How many are wrong."""
    seen, unseen = errors(flat, iris.measurements()[:, 2:4])
    return (
        "Petal length and width of 150 iris flowers, and the borders of three normal classes with one covariance. "
        f"Ringed: the {seen} flowers beyond their border; with each flower left out of its own fit, {unseen}."
    )


def table():
    """Both methods, two and four measurements."""
    x = iris.measurements()
    rows = [
        (name, words, *map(str, errors(scores, part)))
        for name, scores in (("linear", flat), ("quadratic", bent))
        for words, part in (("petals", x[:, 2:4]), ("all four", x))
    ]
    heads = ("discriminant", "measurements", "wrong", "wrong, left out")
    return "Flowers on the wrong side of their border, of 150.", heads, tuple(rows)
