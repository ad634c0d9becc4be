"""Normal distributions, on the line and in space."""

from __future__ import annotations

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import log, logdet, outer, pi

from .family import COVARIANCE, POSITIVE, REAL, VECTOR, family


@family(
    "Normal",
    domain={"mu": REAL, "sigma_sq": POSITIVE},
    support=REAL,
    sample=lambda rng, mu, sigma_sq, size: rng.normal(mu, sigma_sq**0.5, size),
    source="Bishop, PRML (2006), eq. 1.46",
    mean=lambda mu, sigma_sq: mu,
    variance=lambda mu, sigma_sq: sigma_sq,
    statistics=lambda x: (x, x**2),
)
def Normal(x: Node, mu: Node, sigma_sq: Node) -> Node:
    """-log(2 pi sigma_sq)/2 - (x - mu)^2 / (2 sigma_sq)"""
    return -log(2 * pi * sigma_sq) / 2 - (x - mu) ** 2 / (2 * sigma_sq)


@family(
    "Gaussian",
    domain={"mu": VECTOR, "Sigma": COVARIANCE},
    support=VECTOR,
    sample=lambda rng, mu, Sigma, size: rng.multivariate_normal(mu, Sigma, size),
    source="Bishop, PRML (2006), eq. 1.52",
    mean=lambda mu, Sigma: mu,
    variance=lambda mu, Sigma: Sigma,
    statistics=lambda x: (x, outer(x, x)),
)
def Gaussian(x: Node, mu: Node, Sigma: Node) -> Node:
    """-(d log(2 pi) + log det Sigma + (x - mu)' Sigma^-1 (x - mu)) / 2"""
    d = x.shape[0]
    return -(d * log(2 * pi) + logdet(Sigma) + (x - mu).T @ Sigma.I @ (x - mu)) / 2
