"""Normal distributions, on the line and in space."""

from __future__ import annotations

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import log, logdet, outer, pi

from .family import COVARIANCE, POSITIVE, REAL, VECTOR, family


@family(
    "Normal",
    domain={"mu": REAL, "s2": POSITIVE},
    support=REAL,
    sample=lambda rng, mu, s2, size: rng.normal(mu, s2**0.5, size),
    source="Bishop, PRML (2006), eq. 1.46",
    mean=lambda mu, s2: mu,
    variance=lambda mu, s2: s2,
    statistics=lambda x: (x, x**2),
)
def Normal(x: Node, mu: Node, s2: Node) -> Node:
    """-log(2 pi s2)/2 - (x - mu)^2 / (2 s2)"""
    return -log(2 * pi * s2) / 2 - (x - mu) ** 2 / (2 * s2)


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
