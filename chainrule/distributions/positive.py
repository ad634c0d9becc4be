"""Distributions of what is positive: waiting times, sizes, lengths; and of errors with heavy tails."""

from __future__ import annotations

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import abs_, log, pi

from .family import POSITIVE, REAL, family


@family(
    "Exponential",
    domain={"rate": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, rate, size: rng.exponential(1 / rate, size),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 19",
)
def Exponential(x: Node, rate: Node) -> Node:
    """log rate - rate x"""
    return log(rate) - rate * x


@family(
    "Rayleigh",
    domain={"s2": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, s2, size: rng.rayleigh(s2**0.5, size),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), sec. 18.10",
)
def Rayleigh(x: Node, s2: Node) -> Node:
    """log x - log s2 - x^2 / (2 s2)"""
    return log(x) - log(s2) - x**2 / (2 * s2)


@family(
    "LogNormal",
    domain={"mu": REAL, "s2": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, mu, s2, size: rng.lognormal(mu, s2**0.5, size),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 14",
)
def LogNormal(x: Node, mu: Node, s2: Node) -> Node:
    """-log x - log(2 pi s2)/2 - (log x - mu)^2 / (2 s2)"""
    return -log(x) - log(2 * pi * s2) / 2 - (log(x) - mu) ** 2 / (2 * s2)


@family(
    "InverseGaussian",
    domain={"mu": POSITIVE, "lam": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, mu, lam, size: rng.wald(mu, lam, size),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 15",
)
def InverseGaussian(x: Node, mu: Node, lam: Node) -> Node:
    """(log lam - log(2 pi x^3)) / 2 - lam (x - mu)^2 / (2 mu^2 x)"""
    return (log(lam) - log(2 * pi * x**3)) / 2 - lam * (x - mu) ** 2 / (2 * mu**2 * x)


@family(
    "Pareto",
    domain={"alpha": POSITIVE, "least": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, alpha, least, size: least * (1 + rng.pareto(alpha, size)),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 20",
)
def Pareto(x: Node, alpha: Node, least: Node) -> Node:
    """log alpha + alpha log least - (alpha + 1) log x, where x >= least"""
    return log(alpha) + alpha * log(least) - (alpha + 1) * log(x)


@family(
    "Laplace",
    domain={"mu": REAL, "b": POSITIVE},
    support=REAL,
    sample=lambda rng, mu, b, size: rng.laplace(mu, b, size),
    source="Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 24",
)
def Laplace(x: Node, mu: Node, b: Node) -> Node:
    """-log(2 b) - |x - mu| / b"""
    return -log(2 * b) - abs_(x - mu) / b
