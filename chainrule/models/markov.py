"""A chain of classes: the class of each moment is drawn by the class of the moment before.

hidden={z[t]: Markov(pi, A)}        pi the law of the first, A[j, k] the probability of going from j to k
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.distributions import Domain
from chainrule.distributions.family import SIMPLEX, family
from chainrule.notation.indices import Sum, over
from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import log

MOVES = Domain("rows on the simplex", 2, ("stochastic_rows",))
PATH = Domain("one-hot rows", 2, ("one_hot_rows",), counted=True)


def _draw(rng: np.random.Generator, first: Any, move: Any, size: int) -> Any:
    """One path of this many moments, one class a row."""
    states = [rng.choice(len(first), p=first)]
    for _ in range(size - 1):
        states.append(rng.choice(len(first), p=move[states[-1]]))
    return np.eye(len(first))[states]


@family(
    "Markov",
    domain={"first": SIMPLEX, "move": MOVES},
    support=PATH,
    sample=_draw,
    source="Bishop, PRML (2006), eq. 13.7-13.8",
)
def Markov(z: Node, first: Node, move: Node) -> Node:
    """sum_k z[0, k] log first[k] + sum_tjk z[t-1, j] z[t, k] log move[j, k]; before the first moment z is 0"""
    T, K = z.shape
    start = Sum((t <= 0) * z[t, k] * log(first[k]) for t in over(T) for k in over(K))
    return start + Sum(z[t - 1, j] * z[t, k] * log(move[j, k]) for t in over(T) for j in over(K) for k in over(K))
