"""Distributions of what is positive: waiting times, sizes, lengths."""

from __future__ import annotations

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import exp, lgamma, log, pi, rational

from .family import POSITIVE, REAL, Moment, family

HALF = rational(1, 2)
KOTZ = "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994)"


@family(
    "Exponential",
    domain={"rate": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, rate, size: rng.exponential(1 / rate, size),
    source=f"{KOTZ}, ch. 19",
    mean=lambda rate: 1 / rate,
    variance=lambda rate: 1 / rate**2,
    statistics=lambda x: (x,),
)
def Exponential(x: Node, rate: Node) -> Node:
    """log rate - rate x"""
    return log(rate) - rate * x


@family(
    "Gamma",
    domain={"shape": POSITIVE, "rate": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, shape, rate, size: rng.gamma(shape, 1 / rate, size),
    source=f"{KOTZ}, ch. 17",
    mean=lambda shape, rate: shape / rate,
    variance=lambda shape, rate: shape / rate**2,
    statistics=lambda x: (log(x), x),
)
def Gamma(x: Node, shape: Node, rate: Node) -> Node:
    """shape log rate - log Gamma(shape) + (shape - 1) log x - rate x"""
    return shape * log(rate) - lgamma(shape) + (shape - 1) * log(x) - rate * x


@family(
    "InverseGamma",
    domain={"shape": POSITIVE, "scale": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, shape, scale, size: scale / rng.gamma(shape, 1, size),
    source=f"{KOTZ}, ch. 17",
    mean=Moment(lambda shape, scale: scale / (shape - 1), lambda shape, scale: (shape - 1,)),
    variance=Moment(
        lambda shape, scale: scale**2 / ((shape - 1) ** 2 * (shape - 2)), lambda shape, scale: (shape - 2,)
    ),
    statistics=lambda x: (log(x), 1 / x),
)
def InverseGamma(x: Node, shape: Node, scale: Node) -> Node:
    """shape log scale - log Gamma(shape) - (shape + 1) log x - scale / x"""
    return shape * log(scale) - lgamma(shape) - (shape + 1) * log(x) - scale / x


@family(
    "Weibull",
    domain={"shape": POSITIVE, "power": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, shape, power, size: power ** (1 / shape) * rng.weibull(shape, size),
    source="Casella and Berger, Statistical Inference (2002), p. 627",
    mean=lambda shape, power: power ** (1 / shape) * exp(lgamma(1 + 1 / shape)),
    variance=lambda shape, power: power ** (2 / shape) * (exp(lgamma(1 + 2 / shape)) - exp(2 * lgamma(1 + 1 / shape))),
)
def Weibull(x: Node, shape: Node, power: Node) -> Node:
    """log shape - log power + (shape - 1) log x - x^shape / power, where power = scale^shape"""
    return log(shape) - log(power) + (shape - 1) * log(x) - x**shape / power


@family(
    "Rayleigh",
    domain={"sigma_sq": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, sigma_sq, size: rng.rayleigh(sigma_sq**0.5, size),
    source=f"{KOTZ}, sec. 18.10",
    mean=lambda sigma_sq: (pi * sigma_sq / 2) ** HALF,
    variance=lambda sigma_sq: (4 - pi) / 2 * sigma_sq,
    statistics=lambda x: (x**2,),
)
def Rayleigh(x: Node, sigma_sq: Node) -> Node:
    """log x - log sigma_sq - x^2 / (2 sigma_sq)"""
    return log(x) - log(sigma_sq) - x**2 / (2 * sigma_sq)


@family(
    "LogNormal",
    domain={"mu": REAL, "sigma_sq": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, mu, sigma_sq, size: rng.lognormal(mu, sigma_sq**0.5, size),
    source=f"{KOTZ}, ch. 14",
    mean=lambda mu, sigma_sq: exp(mu + sigma_sq / 2),
    variance=lambda mu, sigma_sq: (exp(sigma_sq) - 1) * exp(2 * mu + sigma_sq),
    statistics=lambda x: (log(x), log(x) ** 2),
)
def LogNormal(x: Node, mu: Node, sigma_sq: Node) -> Node:
    """-log x - log(2 pi sigma_sq)/2 - (log x - mu)^2 / (2 sigma_sq)"""
    return -log(x) - log(2 * pi * sigma_sq) / 2 - (log(x) - mu) ** 2 / (2 * sigma_sq)


@family(
    "InverseGaussian",
    domain={"mu": POSITIVE, "lam": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, mu, lam, size: rng.wald(mu, lam, size),
    source=f"{KOTZ}, ch. 15",
    mean=lambda mu, lam: mu,
    variance=lambda mu, lam: mu**3 / lam,
    statistics=lambda x: (x, 1 / x),
)
def InverseGaussian(x: Node, mu: Node, lam: Node) -> Node:
    """(log lam - log(2 pi x^3)) / 2 - lam (x - mu)^2 / (2 mu^2 x)"""
    return (log(lam) - log(2 * pi * x**3)) / 2 - lam * (x - mu) ** 2 / (2 * mu**2 * x)


@family(
    "Pareto",
    domain={"alpha": POSITIVE, "least": POSITIVE},
    support=POSITIVE,
    sample=lambda rng, alpha, least, size: least * (1 + rng.pareto(alpha, size)),
    source=f"{KOTZ}, ch. 20",
    mean=Moment(lambda alpha, least: alpha * least / (alpha - 1), lambda alpha, least: (alpha - 1,)),
    variance=Moment(
        lambda alpha, least: alpha * least**2 / ((alpha - 1) ** 2 * (alpha - 2)), lambda alpha, least: (alpha - 2,)
    ),
    statistics=lambda x: (log(x),),
    ends=lambda alpha, least: (least, None),
)
def Pareto(x: Node, alpha: Node, least: Node) -> Node:
    """log alpha + alpha log least - (alpha + 1) log x, where x >= least"""
    return log(alpha) + alpha * log(least) - (alpha + 1) * log(x)
