"""Distributions of what is counted or chosen: a coin, the throws up to the first head, one of several classes."""

from __future__ import annotations

from chainrule.notation.nodes import Node, as_node
from chainrule.notation.vocabulary import diag, dot, lgamma, log, outer, total

from .family import BINARY, COUNT, COUNTS, FROM_ONE, ONE_HOT, POSITIVE, SIMPLEX, UNIT, family

KOTZ = "Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005)"


@family(
    "Bernoulli",
    domain={"p": UNIT},
    support=BINARY,
    sample=lambda rng, p, size: rng.binomial(1, p, size),
    source="Bishop, PRML (2006), eq. 2.2",
    mean=lambda p: p,
    variance=lambda p: p * (1 - p),
    statistics=lambda x: (x,),
    ends=lambda p: (as_node(0), as_node(1)),
)
def Bernoulli(x: Node, p: Node) -> Node:
    """x log p + (1 - x) log(1 - p)"""
    return x * log(p) + (1 - x) * log(1 - p)


@family(
    "Binomial",
    domain={"trials": POSITIVE, "p": UNIT},
    support=COUNT,
    sample=lambda rng, trials, p, size: rng.binomial(trials, p, size),
    source=f"{KOTZ}, ch. 3",
    mean=lambda trials, p: trials * p,
    variance=lambda trials, p: trials * p * (1 - p),
    statistics=lambda x: (x,),
    ends=lambda trials, p: (as_node(0), trials),
)
def Binomial(x: Node, trials: Node, p: Node) -> Node:
    """log (trials over x) + x log p + (trials - x) log(1 - p), x = 0, ..., trials"""
    chosen = lgamma(trials + 1) - lgamma(x + 1) - lgamma(trials - x + 1)
    return chosen + x * log(p) + (trials - x) * log(1 - p)


@family(
    "Geometric",
    domain={"p": UNIT},
    support=FROM_ONE,
    sample=lambda rng, p, size: rng.geometric(p, size),
    source=f"{KOTZ}, sec. 5.2",
    mean=lambda p: 1 / p,
    variance=lambda p: (1 - p) / p**2,
    statistics=lambda x: (x,),
    ends=lambda p: (as_node(1), None),
)
def Geometric(x: Node, p: Node) -> Node:
    """log p + (x - 1) log(1 - p), x = 1, 2, ... the throw of the first success"""
    return log(p) + (x - 1) * log(1 - p)


@family(
    "NegativeBinomial",
    domain={"size": POSITIVE, "p": UNIT},
    support=COUNT,
    sample=lambda rng, n, p, size: rng.negative_binomial(n, p, size),
    source=f"{KOTZ}, ch. 5",
    mean=lambda size, p: size * (1 - p) / p,
    variance=lambda size, p: size * (1 - p) / p**2,
    statistics=lambda x: (x,),
    ends=lambda size, p: (as_node(0), None),
)
def NegativeBinomial(x: Node, size: Node, p: Node) -> Node:
    """log Gamma(x + size) - log Gamma(size) - log x! + size log p + x log(1 - p), x = 0, 1, ... failures"""
    return lgamma(x + size) - lgamma(size) - lgamma(x + 1) + size * log(p) + x * log(1 - p)


@family(
    "Poisson",
    domain={"rate": POSITIVE},
    support=COUNT,
    sample=lambda rng, rate, size: rng.poisson(rate, size),
    source=f"{KOTZ}, ch. 4",
    mean=lambda rate: rate,
    variance=lambda rate: rate,
    statistics=lambda x: (x,),
    ends=lambda rate: (as_node(0), None),
)
def Poisson(x: Node, rate: Node) -> Node:
    """x log rate - rate - log x!, x = 0, 1, ..."""
    return x * log(rate) - rate - lgamma(x + 1)


@family(
    "Categorical",
    domain={"pi": SIMPLEX},
    support=ONE_HOT,
    sample=lambda rng, pi, size: rng.multinomial(1, pi, size),
    source="Bishop, PRML (2006), eq. 2.26",
    mean=lambda pi: pi,
    variance=lambda pi: diag(pi) - outer(pi, pi),
    statistics=lambda x: (x,),
)
def Categorical(x: Node, pi: Node) -> Node:
    """<x, log pi>, x one-hot"""
    return dot(x, log(pi))


@family(
    "Multinomial",
    domain={"trials": POSITIVE, "pi": SIMPLEX},
    support=COUNTS,
    sample=lambda rng, trials, pi, size: rng.multinomial(trials, pi, size),
    source="Bishop, PRML (2006), eq. 2.34",
    mean=lambda trials, pi: trials * pi,
    variance=lambda trials, pi: trials * (diag(pi) - outer(pi, pi)),
    statistics=lambda x: (x,),
)
def Multinomial(x: Node, trials: Node, pi: Node) -> Node:
    """log trials! - sum log x_k! + <x, log pi>, x counts that add up to trials"""
    return lgamma(trials + 1) - total(lgamma(x + 1)) + dot(x, log(pi))
