"""Distributions of errors with heavy tails: Laplace's, and Student's on the line and in space."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import abs_, lgamma, log, logdet, pi

from .family import COVARIANCE, POSITIVE, REAL, VECTOR, Moment, family

KOTZ = "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995)"


@family(
    "Laplace",
    domain={"mu": REAL, "b": POSITIVE},
    support=REAL,
    sample=lambda rng, mu, b, size: rng.laplace(mu, b, size),
    source=f"{KOTZ}, ch. 24",
    mean=lambda mu, b: mu,
    variance=lambda mu, b: 2 * b**2,
)
def Laplace(x: Node, mu: Node, b: Node) -> Node:
    """-log(2 b) - |x - mu| / b"""
    return -log(2 * b) - abs_(x - mu) / b


@family(
    "StudentT",
    domain={"nu": POSITIVE, "mu": REAL, "sigma_sq": POSITIVE},
    support=REAL,
    sample=lambda rng, nu, mu, sigma_sq, size: mu + sigma_sq**0.5 * rng.standard_t(nu, size),
    source=f"{KOTZ}, ch. 28",
    mean=Moment(lambda nu, mu, sigma_sq: mu, lambda nu, mu, sigma_sq: (nu - 1,)),
    variance=Moment(lambda nu, mu, sigma_sq: sigma_sq * nu / (nu - 2), lambda nu, mu, sigma_sq: (nu - 2,)),
)
def StudentT(x: Node, nu: Node, mu: Node, sigma_sq: Node) -> Node:
    """log Gamma((nu + 1)/2) - log Gamma(nu/2) - log(nu pi sigma_sq)/2
    - (nu + 1)/2 log(1 + (x - mu)^2 / (nu sigma_sq))"""
    start = lgamma((nu + 1) / 2) - lgamma(nu / 2) - log(nu * pi * sigma_sq) / 2
    return start - (nu + 1) / 2 * log(1 + (x - mu) ** 2 / (nu * sigma_sq))


def _draw_t(rng: np.random.Generator, nu: float, mu: Any, Sigma: Any, size: Any) -> Any:
    """A normal vector over the root of an independent chi-square over nu."""
    scale = np.sqrt(rng.chisquare(nu, size) / nu)
    return mu + rng.multivariate_normal(np.zeros(len(mu)), Sigma, size) / scale[..., None]


@family(
    "MultivariateT",
    domain={"nu": POSITIVE, "mu": VECTOR, "Sigma": COVARIANCE},
    support=VECTOR,
    sample=_draw_t,
    source="Bishop, PRML (2006), eq. 2.162",
    mean=Moment(lambda nu, mu, Sigma: mu, lambda nu, mu, Sigma: (nu - 1,)),
    variance=Moment(lambda nu, mu, Sigma: nu / (nu - 2) * Sigma, lambda nu, mu, Sigma: (nu - 2,)),
)
def MultivariateT(x: Node, nu: Node, mu: Node, Sigma: Node) -> Node:
    """log Gamma((nu + d)/2) - log Gamma(nu/2) - (d log(nu pi) + log det Sigma)/2
    - (nu + d)/2 log(1 + (x - mu)' Sigma^-1 (x - mu) / nu)"""
    d = x.shape[0]
    start = lgamma((nu + d) / 2) - lgamma(nu / 2) - (d * log(nu * pi) + logdet(Sigma)) / 2
    return start - (nu + d) / 2 * log(1 + (x - mu).T @ Sigma.I @ (x - mu) / nu)
