"""The weights of a ridge regression as its price rises: petal width from the other three measurements of Iris."""

import matplotlib.pyplot as plt
import numpy as np

from chainrule.report.figures import save
from numerics import iris, ridge

ALT = (
    "Three ridge weights against lambda on a logarithmic axis. All tend to zero as lambda grows; the weight of sepal "
    "length starts below zero and crosses it on the way, that of sepal width goes the other way."
)
NAMES = ("sepal length", "sepal width", "petal length")
PRICES = np.logspace(-1, 5, 160)


def data():
    """Three standardised measurements, and petal width about its mean."""
    x = iris.measurements()
    X = (x[:, :3] - x[:, :3].mean(axis=0)) / x[:, :3].std(axis=0)
    return X, x[:, 3] - x[:, 3].mean()


def draw(path, look):
    """One line a weight, named where it starts."""
    X, y = data()
    paths = np.array([ridge.closed_form(X, y, price) for price in PRICES])
    fig, ax = plt.subplots(figsize=look.size, layout="constrained")
    for k, name in enumerate(NAMES):
        ax.plot(PRICES, paths[:, k], lw=1.1, color=look.ink)
        ax.annotate(
            name, (PRICES[0], paths[0, k]), (-5, 0), textcoords="offset points", ha="right", va="center", fontsize=8
        )
    ax.axhline(0, lw=0.4, color=look.hair, zorder=0)
    ax.set(xscale="log", xlabel=r"the price $\lambda$ of a long weight vector", xlim=(PRICES[0] * 0.9, PRICES[-1]))
    ax.set_yticks([0, 0.5])
    ax.spines["left"].set_visible(False)
    ax.yaxis.tick_right()
    ax.tick_params(axis="y", length=0)
    save(fig, path)


def caption():
    """What is predicted from what."""
    X, y = data()
    first, last = ridge.closed_form(X, y, PRICES[0]), ridge.closed_form(X, y, PRICES[-1])
    return (
        "Petal width of 150 iris flowers from their other three measurements, standardised: the three weights as the "
        "price rises. The length of the weight vector falls "
        f"from {np.linalg.norm(first):.2f} to {np.linalg.norm(last):.3f}."
    )
