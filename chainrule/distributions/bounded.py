"""Distributions of what has bounds: an interval, shares of a whole, a direction."""

from __future__ import annotations

from chainrule.notation.nodes import Node, as_node
from chainrule.notation.statements import positive
from chainrule.notation.vocabulary import cos, diag, dot, lgamma, log, log_bessel0, outer, pi, sin, total

from .family import INNER_SIMPLEX, POSITIVE, POSITIVES, REAL, UNIT, family

KOTZ = "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995)"


@family(
    "Uniform",
    domain={"a": REAL, "b": REAL},
    support=REAL,
    sample=lambda rng, a, b, size: rng.uniform(a, b, size),
    source=f"{KOTZ}, ch. 26",
    mean=lambda a, b: (a + b) / 2,
    variance=lambda a, b: (b - a) ** 2 / 12,
    ends=lambda a, b: (a, b),
    asks=lambda a, b: (positive(b - a),),
)
def Uniform(x: Node, a: Node, b: Node) -> Node:
    """-log(b - a), where a <= x <= b"""
    return -log(b - a)


@family(
    "Beta",
    domain={"a": POSITIVE, "b": POSITIVE},
    support=UNIT,
    sample=lambda rng, a, b, size: rng.beta(a, b, size),
    source=f"{KOTZ}, ch. 25",
    mean=lambda a, b: a / (a + b),
    variance=lambda a, b: a * b / ((a + b) ** 2 * (a + b + 1)),
    statistics=lambda x: (log(x), log(1 - x)),
    ends=lambda a, b: (as_node(0), as_node(1)),
)
def Beta(x: Node, a: Node, b: Node) -> Node:
    """log Gamma(a + b) - log Gamma(a) - log Gamma(b) + (a - 1) log x + (b - 1) log(1 - x)"""
    return lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log(1 - x)


@family(
    "Dirichlet",
    domain={"alpha": POSITIVES},
    support=INNER_SIMPLEX,
    sample=lambda rng, alpha, size: rng.dirichlet(alpha, size),
    source="Bishop, PRML (2006), eq. 2.38",
    mean=lambda alpha: alpha / total(alpha),
    variance=lambda alpha: (diag(alpha) / total(alpha) - outer(alpha, alpha) / total(alpha) ** 2) / (total(alpha) + 1),
    statistics=lambda x: (log(x),),
)
def Dirichlet(x: Node, alpha: Node) -> Node:
    """log Gamma(sum alpha) - sum log Gamma(alpha_k) + <alpha - 1, log x>, x shares of a whole"""
    return lgamma(total(alpha)) - total(lgamma(alpha)) + dot(alpha - 1, log(x))


@family(
    "VonMises",
    domain={"mu": REAL, "kappa": POSITIVE},
    support=REAL,
    sample=lambda rng, mu, kappa, size: rng.vonmises(mu, kappa, size),
    source="Mardia and Jupp, Directional Statistics (2000), sec. 3.5.4",
    statistics=lambda x: (cos(x), sin(x)),
    ends=lambda mu, kappa: (-pi, pi),
)
def VonMises(x: Node, mu: Node, kappa: Node) -> Node:
    """kappa cos(x - mu) - log(2 pi) - log I_0(kappa), x an angle in radians"""
    return kappa * cos(x - mu) - log(2 * pi) - log_bessel0(kappa)
