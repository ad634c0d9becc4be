"""Iris petals under a mixture of three Gaussians: where they are dense, whose each flower is, and how EM climbed."""

from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse

from chainrule.code import numpy_function
from chainrule.report.figures import range_frame, save
from derivations.mixture import full, full_likelihood
from numerics import em, iris, mixture

ALT = (
    "Iris flowers by petal length and petal width, marked by circles, squares and triangles for the component that "
    "most probably drew each, with contours of the fitted density and one dashed ellipse for each of three components. "
    "Beside it the log-likelihood against steps of EM: steep at first, then a long slope, a jump, and a level; marks "
    "of the run with generated steps lie on the curve."
)
LENGTH, WIDTH = (0.5, 7.7), (-0.15, 3.15)
LEVELS = (0.02, 0.06, 0.2, 0.6, 2)
"""Contours go where the density is this, in shares of all flowers a square centimetre."""
DEVIATIONS = 2
"""An ellipse goes where a point is this many standard deviations from its mean."""


@cache
def by_hand():
    """Petals, the mixtures along the run with its components ordered by length, and the log-likelihood of each."""
    petals, run = iris.mixture_run()
    order = np.argsort(run[-1].mu[:, 0])
    run = [mixture.Mixture(*(part[order] for part in theta)) for theta in run]
    return petals, run, np.array([mixture.log_likelihood(petals, *theta) for theta in run])


@cache
def generated():
    """The log-likelihoods of a run from the same start, with steps generated from the declaration of the model."""
    petals, (theta, *rest), _ = by_hand()
    space = {"np": np}
    exec(full.python, space)
    value = numpy_function(full_likelihood.formula, "log_likelihood", full_likelihood.arguments)
    found = [value(petals, *theta)]
    for _ in rest:
        theta = space["em_step"](petals, *theta)
        found.append(value(petals, *theta))
    return np.array(found)


def panels(look, below=()):
    """Axes by name: "data", those `below` it, and "rise" beside them where there is room, else under all."""
    width, height = look.size
    heights = [3.2] + [1] * len(below)
    if width > 5:
        rows, shape = [[name, "rise"] for name in ("data", *below)], {"width_ratios": [2.7, 1]}
    else:
        rows, heights, height = [[name] for name in ("data", *below, "rise")], [*heights, 1.9], 0.95 * width
        shape = {}
    size = (width, height + 0.4 * len(below))
    return plt.subplot_mosaic(rows, figsize=size, layout="constrained", height_ratios=heights, **shape)


def draw(path, look):
    """Flowers, contours and ellipses; the rise."""
    petals, run, history = by_hand()
    fig, axes = panels(look)
    density(axes["data"], petals, run[-1], look)
    rise(axes["rise"], history, look)
    axes["rise"].plot(generated(), "o", ms=2.2, mfc="none", mec=look.accent, mew=0.5)
    save(fig, path)


def density(ax, petals, theta, look):
    """The fitted density by its contours; each component by its ellipse."""
    across, up = np.meshgrid(np.linspace(*LENGTH, 240), np.linspace(*WIDTH, 140))
    joint = mixture.log_joint(np.stack([across.ravel(), up.ravel()], axis=1), *theta)
    ax.contour(
        across, up, np.exp(em.log_evidence(joint)).reshape(across.shape), LEVELS, colors=look.soft, linewidths=0.4
    )
    probable = np.argmax(mixture.responsibilities(petals, *theta), axis=1)
    for k, colour in enumerate(look.clusters[: len(theta.pi)]):
        ax.plot(*petals[probable == k].T, look.marks[k], ms=2.9, mfc="none", mec=colour, mew=0.6)
        ax.add_patch(ellipse(theta.mu[k], theta.Sigma[k], ec=colour, fc=colour))
        ax.plot(*theta.mu[k], "+", ms=9, mew=1.3, color=look.ink)
    ax.set(xlabel="petal length, cm", ylabel="petal width, cm", xlim=LENGTH, ylim=WIDTH, aspect="equal")
    ax.set_xticks([1, 2, 3, 4, 5, 6, 6.9], ["1", "2", "3", "4", "5", "6", "6.9"])
    ax.set_yticks([0.1, 1, 2, 2.5])
    range_frame(ax, petals[:, 0], petals[:, 1])


def ellipse(mean, covariance, ec, fc):
    """Where (x - mean)' covariance^-1 (x - mean) = DEVIATIONS^2."""
    variances, axes = np.linalg.eigh(covariance)
    across, up = 2 * DEVIATIONS * np.sqrt(variances[::-1])
    turn = np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))
    return Ellipse(mean, across, up, angle=turn, ec=ec, fc=(*plt.matplotlib.colors.to_rgb(fc), 0.07), lw=0.9, ls="--")


def rise(ax, history, look):
    """The objective at the start and after each step."""
    steps = np.arange(len(history))
    ax.plot(steps, history, lw=0.8, color=look.ink)
    ax.set_xlabel("steps of EM")
    ax.set_title("log-likelihood", fontsize=8)
    ax.set_yticks([history[0], history[-1]], [f"${value:.0f}$" for value in (history[0], history[-1])])
    ax.set_xticks([0, len(history) // 2, len(history) - 1])
    range_frame(ax, steps, history)


def caption():
    """What is drawn, what was found, and how far both runs lie apart."""
    petals, run, history = by_hand()
    counts = np.bincount(np.argmax(mixture.responsibilities(petals, *run[-1]), axis=1), minlength=3)
    apart = np.abs(history - generated()).max()
    least = np.diff(history).min()
    return (
        f"Three Gaussians for the petals of 150 iris flowers, {len(history) - 1} steps of EM from means at three "
        f"flowers. Marks: whose each flower most probably is ({', '.join(map(str, counts))} of them). Crosses and "
        f"dashed ellipses: means and {DEVIATIONS} standard deviations. Thin lines: where the density is "
        f"{', '.join(f'{level:g}' for level in LEVELS)}. The log-likelihood rises from −{-history[0]:.2f} to "
        f"−{-history[-1]:.2f}, by {least:.4f} or more in every step. Circles are the run with generated steps, of "
        f"which no value differs by more than {apart:.0e}."
    )
