"""Products that are nonnegative because they read the same from both ends: |A|^2, v'Av, tr(B'MBN).

The factors of a product without free axes form a ring or a chain, as in tr(A M A' N) or v'B'MBv. If a mirror takes the
chain to itself, each factor to its transpose, and what lies on the mirror is positive semidefinite, the product is a
sum of squares: M = RR' and N = SS' make it |R'A'S|^2. Everything in this file is trusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from chainrule.notation.nodes import Var

from .atoms import Atom
from .poly import Factor, Poly

Link = tuple[Atom, bool]
"""A factor, and whether it is walked from its first axis to its last."""


def reflects(part: Sequence[Factor]) -> bool:
    """Is this product, all of whose axes are summed over, a sum of squares by a mirror?"""
    if not all(p.denominator == 1 and 0 < p <= 4 and 1 <= len(ls) <= 2 for _, ls, p in part):
        return False
    links = [(a, ls) for a, ls, p in part for _ in range(int(p))]
    if any(n != 2 for n in Counter(k for _, ls in links for k in ls).values()):
        return False
    if len(links) == 1:
        return _semidefinite(links[0][0])  # its trace
    ends = [k for k, (_, ls) in enumerate(links) if len(ls) == 1]
    walked = _walk(links, ends[0] if ends else 0)
    if walked is None:
        return False
    return _mirrored(walked) if ends else any(_mirrored(ring) for ring in _cuts(walked))


def _walk(links: list[tuple[Atom, tuple[Hashable, ...]]], start: int) -> list[Link] | None:
    """The factors in the order in which their axes meet; None where they do not all meet."""
    left = dict(enumerate(links))
    atom, labels = left.pop(start)
    found, here = [(atom, True)], labels[-1]
    while left:
        k = next((k for k, (_, ls) in left.items() if here in ls), None)
        if k is None:
            return None
        atom, labels = left.pop(k)
        forwards = labels[0] == here
        found.append((atom, forwards))
        here = labels[-1] if forwards else labels[0]
    return found


def _cuts(ring: list[Link]) -> list[list[Link]]:
    """The ring as chains: cut between two factors, or through a semidefinite one, which is then left out."""
    turned = [ring[k:] + ring[:k] for k in range(len(ring))]
    return [*turned, *(t[1:] for t in turned if _semidefinite(t[0][0]))]


def _mirrored(chain: Sequence[Link]) -> bool:
    """Does the chain read the same from its end, each factor transposed, about a semidefinite one or about nothing?"""
    half = len(chain) // 2
    pairs = zip(chain[:half], reversed(chain), strict=False)
    turned = all(a is b and (x != y or a.symmetric or len(a.dims) == 1) for (a, x), (b, y) in pairs)
    return turned and (len(chain) % 2 == 0 or _semidefinite(chain[half][0]))


def _semidefinite(a: Atom) -> bool:
    symbol = _symbol(a)
    if symbol is None or symbol.ndim != 2:
        return False
    return ("psd" if a.kind == "var" else "positive_definite") in symbol.properties


def _symbol(a: Atom) -> Var | None:
    """The symbol that an atom is, or is the inverse of."""
    if a.kind == "var":
        return a.payload if isinstance(a.payload, Var) else None
    if a.kind != "inverse" or not isinstance(a.payload, Poly) or len(a.payload) != 1:
        return None
    ((m, c),) = a.payload.items()
    if c <= 0 or len(m.factors) != 1:
        return None
    ((inner, labels, power),) = m.factors
    plain = inner.kind == "var" and power == 1 and len(labels) == 2 and len(set(labels)) == 2
    plain = plain and set(labels) == set(m.pattern) and len(m.pattern) == 2
    return inner.payload if plain and isinstance(inner.payload, Var) else None
