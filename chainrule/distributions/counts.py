"""Distributions of what is counted or chosen: a coin, the throws up to the first head, one of several classes."""

from __future__ import annotations

from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import dot, log

from .family import BINARY, ONE_HOT, POSITIVE, SIMPLEX, UNIT, family


@family(
    "Bernoulli",
    domain={"p": UNIT},
    support=BINARY,
    sample=lambda rng, p, size: rng.binomial(1, p, size),
    source="Bishop, PRML (2006), eq. 2.2",
)
def Bernoulli(x: Node, p: Node) -> Node:
    """x log p + (1 - x) log(1 - p)"""
    return x * log(p) + (1 - x) * log(1 - p)


@family(
    "Geometric",
    domain={"p": UNIT},
    support=POSITIVE,
    sample=lambda rng, p, size: rng.geometric(p, size),
    source="Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), sec. 5.2",
)
def Geometric(x: Node, p: Node) -> Node:
    """log p + (x - 1) log(1 - p), x = 1, 2, ... the throw of the first success"""
    return log(p) + (x - 1) * log(1 - p)


@family(
    "Categorical",
    domain={"pi": SIMPLEX},
    support=ONE_HOT,
    sample=lambda rng, pi, size: rng.multinomial(1, pi, size),
    source="Bishop, PRML (2006), eq. 2.26",
)
def Categorical(x: Node, pi: Node) -> Node:
    """<x, log pi>, x one-hot"""
    return dot(x, log(pi))
