"""A hidden Markov model on data that it drew itself: what is seen, the states behind it, and those that are read."""

from functools import cache
from typing import NamedTuple

import numpy as np

from chainrule.report.figures import range_frame, save
from numerics import em, mixtures_of
from numerics import hidden_markov as hmm
from reports.figures.mixture import panels, rise

ALT = (
    "Observations against time, marked by circles, squares and triangles for the state that the best path gives them, "
    "with a line through the means of these states; rings mark the moments at which the path is wrong. Below, the true "
    "states as a pale band with three levels, and the path as a thin line on it that leaves it now and then. The "
    "log-likelihood rises steeply at first, then to a level above that of the parameters that drew the data."
)
T, STAY, MEANS, DEVIATION = 160, 0.94, np.array([-1.5, 0.0, 1.5]), 0.8
"""Moments; how probably a state stays; the mean of each state's observations, and their standard deviation."""


class Run(NamedTuple):
    """Observations, true states and their log-likelihood; the path that was read; what each observation alone says; the
    fit, its states ordered by their means."""

    x: np.ndarray
    states: np.ndarray
    truth: float
    path: np.ndarray
    alone: np.ndarray
    chain: hmm.Chain
    history: np.ndarray


@cache
def run():
    """Drawn from three states, and fitted by Baum and Welch's algorithm."""
    K = len(MEANS)
    pi, A = np.full(K, 1 / K), STAY * np.eye(K) + (1 - STAY) / (K - 1) * (1 - np.eye(K))
    x, states = hmm.sample(np.random.default_rng(0), T, pi, A, lambda rng, z: rng.normal(MEANS[z], DEVIATION))
    density = mixtures_of.NORMAL.log_density
    truth = hmm.log_likelihood(density(x, MEANS, np.full(K, DEVIATION**2)), pi, A)
    chain, history = hmm.fit([x], mixtures_of.NORMAL, K)[:2]
    order = np.argsort(chain.theta[0])
    chain = hmm.Chain(chain.pi[order], chain.A[order][:, order], tuple(part[order] for part in chain.theta))
    log_b = density(x, *chain.theta)
    gamma = hmm.posteriors(log_b, chain.pi, chain.A)[0]
    alone = np.argmax(em.posterior(np.log(gamma.mean(axis=0)) + log_b), axis=1)
    return Run(x, states, truth, hmm.viterbi(log_b, chain.pi, chain.A)[0], alone, chain, history)


def draw(path, look):
    """Observations, states and path, and the rise."""
    found = run()
    fig, axes = panels(look, ("states",))
    observations(axes["data"], found, look)
    states(axes["states"], found, look)
    axes["data"].sharex(axes["states"])
    axes["data"].tick_params(axis="x", labelbottom=False)
    rise(axes["rise"], found.history, look)
    axes["rise"].axhline(found.truth, lw=0.5, ls="--", color=look.accent)
    axes["rise"].annotate(
        "at the true parameters", (len(found.history) - 1, found.truth), (0, -4), textcoords="offset points",
        ha="right", va="top", fontsize=8, color=look.accent,
    )  # fmt: skip
    save(fig, path)


def observations(ax, found, look):
    """A mark a moment; a line through the means of the path's states; rings where the path is wrong."""
    moments = np.arange(T)
    ax.step(moments, found.chain.theta[0][found.path], where="mid", lw=0.6, color=look.soft)
    for k, colour in enumerate(look.clusters[: len(MEANS)]):
        here = found.path == k
        ax.plot(moments[here], found.x[here], look.marks[k], ms=2.6, mfc="none", mec=colour, mew=0.6)
    wrong = found.path != found.states
    ax.plot(moments[wrong], found.x[wrong], "o", ms=6.5, mfc="none", mec=look.accent, mew=0.7)
    ax.set(ylabel="observed")
    ax.set_yticks(np.round([found.x.min(), 0, found.x.max()], 1))
    range_frame(ax, moments, found.x)


def states(ax, found, look):
    """The true states as a band, the path as a line on it."""
    moments = np.arange(T)
    ax.step(moments, found.states + 1, where="mid", lw=4.5, color=look.hair, solid_joinstyle="miter")
    ax.step(moments, found.path + 1, where="mid", lw=0.9, color=look.accent)
    ax.set(xlabel="time", ylabel="state", ylim=(0.6, 3.4))
    ax.set_xticks([0, T // 2, T - 1])
    ax.set_yticks([1, 2, 3])
    range_frame(ax, moments, [1, 3])


def caption():
    """What drew the data, what was found, and how well the states are read."""
    found = run()
    mu, sigma_sq = found.chain.theta
    wrong, alone = (int(np.sum(guess != found.states)) for guess in (found.path, found.alone))
    return (
        f"{T} observations from three states that each stay with probability {STAY}; normal, with means "
        f"{listed(MEANS)} and standard deviation {DEVIATION}. Fitted in {len(found.history) - 1} steps: means "
        f"{listed(mu, 2)}, standard deviations {listed(np.sqrt(sigma_sq), 2)}, states that stay with probability "
        f"{listed(np.diag(found.chain.A), 2)}. The log-likelihood rises from −{-found.history[0]:.1f} to "
        f"−{-found.history[-1]:.1f}; at the true parameters it is −{-found.truth:.1f}. Pale band: the true states. Red "
        f"line: the most probable path, wrong at {wrong} moments (ringed). A mixture that looks at each observation "
        f"alone, with the same components, is wrong at {alone}."
    )


def listed(values, digits=1):
    """-1.5, 0 and 1.5."""
    words = [f"{value:.{digits}f}".replace("-", "−") for value in values]
    return f"{', '.join(words[:-1])} and {words[-1]}"
