"""Signs: what is positive, nonnegative or nonzero in every entry, from declared properties and shown facts."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache

import sympy as sp

from chainrule.notation.nodes import Var, polygamma_order

from . import poly as P
from .atoms import Atom, named
from .factor import content, counts, factored, without_sizes_below
from .places import met
from .poly import Factor, Monomial, Poly
from .reflect import reflects
from .selection import selected

Gate = tuple[Atom, tuple[int, ...]]
GATES = 3
"""How many steps a sum may have for its sign to be looked for case by case."""
COMBINED = 3
"""How many known inequalities are added up."""
ORDER = {"": 0, "nonzero": 1, "nonnegative": 1, "positive": 3}


class Signs:
    """Sign rules over polynomials. `known` holds facts shown elsewhere, of every entry: {polynomial: "positive" | ...};
    `here` what a case supposes, of the one entry that is looked at: the other entries of an atom know nothing of it."""

    def __init__(
        self, known: dict[Poly, str] | None = None, here: dict[Poly, str] | None = None, asked: set[Atom] | None = None
    ):
        self.known = known or {}
        self.here = here or {}
        self.asked = set() if asked is None else asked  # atoms whose sign is being looked for

    def positive(self, poly: Poly) -> bool:
        """Every entry > 0."""
        return self.sign(poly) == "positive"

    def nonnegative(self, poly: Poly) -> bool:
        """Every entry >= 0."""
        return not poly or self.sign(poly) in ("positive", "nonnegative")

    def nonzero(self, poly: Poly) -> bool:
        """No entry is 0."""
        return self.sign(poly) in ("positive", "nonzero") or self.sign(P.scale(-1, poly)) == "positive"

    def sign(self, poly: Poly) -> str:
        """The strongest of positive, nonnegative, nonzero that follows, or nothing."""
        if not poly:
            return "nonnegative"
        for same in (poly, P.scale(1 / abs(content(poly)), poly)) if self.known or self.here else ():
            if same in self.known or same in self.here:
                return self.known.get(same) or self.here[same]
        if _rest_of_one(poly):
            return "positive"
        chosen = selected(poly, onto=False)
        if chosen is not None and (found := self._everywhere().sign(chosen.rows)):
            return found
        if (self.known or self.here) and (found := self._up_to_sizes(poly)):
            return found
        signs = [(self._monomial(m), c) for m, c in poly.items()]
        if len(signs) == 1:
            found, c = signs[0]
            alone = found if c > 0 or found == "nonzero" else "nonzero" if found == "positive" else ""
            return alone or ("nonnegative" if self._combined(poly) else "")
        if any(c < 0 or s not in ("positive", "nonnegative") for s, c in signs):
            return self._of_factors(poly) or ("nonnegative" if self._combined(poly) or self._by_cases(poly) else "")
        return "positive" if any(s == "positive" for s, _ in signs) else "nonnegative"

    def _up_to_sizes(self, poly: Poly) -> str:
        """The sign of what is known, times or over a positive number and sizes, and of a number in every entry."""
        cleared = without_sizes_below(poly)
        for known, sign in {**self.known, **self.here}.items():
            k = without_sizes_below(known)
            if k == cleared or (not k.dims and poly.dims and k and _spread(k, poly.dims) == cleared):
                return sign
        return ""

    def _of_factors(self, poly: Poly) -> str:
        """The sign of a sum that is a product: a^2 - 2ab + b^2 >= 0."""
        number, parts = factored(poly)
        if parts == ((poly, 1),):
            return ""
        signs = []
        for part, power in parts:
            found, turned = self.sign(part), self.sign(P.scale(-1, part))
            if {found, turned} <= {"positive", "nonnegative"}:  # it is 0, and the product with it
                return "nonnegative"
            if found != "positive" and turned in ("positive", "nonnegative"):
                found, number = turned, number * (-1) ** power
            signs.append(_power(found, Fraction(power)))
        found = _product(signs)
        return found if number > 0 or found == "nonzero" else "nonzero" if found == "positive" else ""

    def _combined(self, poly: Poly, most: int = COMBINED) -> bool:
        """a = c k + rest >= 0, where c > 0, k >= 0 is known, and the rest is nonnegative by its terms or again so."""
        for known, sign in {**self.known, **self.here}.items():
            if sign not in ("positive", "nonnegative") or known.dims not in ((), poly.dims):
                continue
            k = known if known.dims == poly.dims else _spread(known, poly.dims)
            for c in dict.fromkeys(poly[m] / k[m] for m in k if m in poly):
                rest = P.add([(1, poly), (-c, k)], poly.dims) if c > 0 else poly
                if c > 0 and (self._by_terms(rest) or (most > 1 and self._combined(rest, most - 1))):
                    return True
        return False

    def _by_terms(self, poly: Poly) -> bool:
        return all(c > 0 and self._monomial(m) in ("positive", "nonnegative") for m, c in poly.items())

    def _by_cases(self, poly: Poly) -> bool:
        """a + b step(z) >= 0, because a + b >= 0 where z >= 0, and a >= 0 where z <= 0."""
        gates = dict.fromkeys(gate for m in poly for gate in _gates(m))
        return len(gates) <= GATES and any(self._either_way(poly, gate) for gate in gates)

    def _either_way(self, poly: Poly, gate: Gate) -> bool:
        step, at = gate
        z = P.contract([(step.payload, at)], range(len(poly.dims)), _sizes(poly))
        closed, opened = _split(poly, gate)
        above, below = (self._supposing(P.scale(s, z), P.scale(s, step.payload)) for s in (1, -1))
        return above.nonnegative(opened) and below.nonnegative(closed)

    def _supposing(self, z: Poly, alone: Poly) -> Signs:
        """The case z >= 0. A number without axes is the same for every entry."""
        if alone.dims:
            return Signs(self.known, {**self.here, z: "nonnegative"}, self.asked)
        return Signs({**self.known, alone: "nonnegative", z: "nonnegative"}, self.here, self.asked)

    def _monomial(self, m: Monomial) -> str:
        """The product of the signs of its components; one that stands there twice is a square."""
        kept, found = set(m.pattern), []
        for (_, rows), times in Counter(m.components).items():
            each = self._component([(named[name], labels, p) for name, p, labels in rows], kept)
            found.append(_power(each, Fraction(times)))
        if len(set(m.pattern)) < len(m.pattern):  # zero off a diagonal
            found.append("nonnegative")
        return _product(found)

    def _component(self, part: list[Factor], kept: set[object]) -> str:
        found = [self.atom(a) if a.power == "exp" else _power(self.atom(a), p) for a, _, p in part]
        summed = [k for _, ls, _ in part for k in ls if k not in kept]
        if not summed:
            return _product(found)
        each = _product(found)
        if each == "positive" or (len(part) == 1 and self._filled(part[0], kept)):
            return "positive"
        alone = [f for f in part if f[0].kind != "indicator"]
        if all(self.atom(a) == "positive" for a, _, _ in alone) and met(part, kept):
            return "positive"  # no term is negative, and one is positive
        closed = len(summed) == sum(len(ls) for _, ls, _ in part)
        return "nonnegative" if each == "nonnegative" or (closed and reflects(part)) else ""

    @staticmethod
    def _filled(factor: Factor, kept: set[object]) -> bool:
        """A column sum of an indicator that leaves no column empty, or the squared norm of something nonzero."""
        a, labels, p = factor
        if a.kind != "var" or not isinstance(a.payload, Var) or len(set(labels)) < len(labels):
            return False
        has = a.payload.properties
        if "nonempty_columns" in has and len(labels) == 2 and labels[0] not in kept:
            return True
        return p == 2 and "nonzero" in has and not any(k in kept for k in labels)

    def _everywhere(self) -> Signs:
        """The same without what a case supposes of one entry."""
        return Signs(self.known, asked=self.asked) if self.here else self

    def atom(self, a: Atom) -> str:
        """The sign of an atom's every entry; nothing of its inside while that sign is itself being looked for."""
        if self.here:
            return self._everywhere().atom(a)
        if a in self.asked:
            return {"reciprocal": "nonzero", "root": "nonnegative"}.get(a.kind, "")
        said = self.known.get(P.of_atom(a), "") if self.known else ""
        if said == "positive":
            return said
        self.asked.add(a)
        try:
            return self._atom(a) or said
        finally:
            self.asked.discard(a)

    def _atom(self, a: Atom) -> str:
        match a.kind:
            case "size":
                return "positive" if counts(a.payload) else ""
            case "constant" | "exp":
                return "positive"
            case "var":
                has = a.payload.properties
                if "positive" in has or ("nonnegative" in has and "nonzero_entries" in has):
                    return "positive"
                return "nonnegative" if "nonnegative" in has else "nonzero" if "nonzero_entries" in has else ""
            case "reciprocal":
                inner = self.sign(a.payload)
                return "positive" if inner in ("positive", "nonnegative") else "nonzero"
            case "root":
                return "positive" if self.sign(a.payload[1]) == "positive" else "nonnegative"
            case "step" | "argmax" | "indicator" | "position":
                return "nonnegative"
        order = polygamma_order(a.kind)  # (-1)^(m + 1) m! (1/x^(m+1) + 1/(x+1)^(m+1) + ...), where x > 0 is asked
        return "" if not order else "positive" if order % 2 else "nonzero"


@lru_cache(maxsize=4096)
def _spread(known: Poly, dims: tuple[sp.Expr, ...]) -> Poly:
    """A number in every entry: asked again for every sign that is looked for."""
    return P.contract([(known, ())], range(len(dims)), dict(enumerate(dims)))


def _rest_of_one(poly: Poly) -> bool:
    """a - b p > 0, a >= b > 0, for a symbol p with entries strictly between 0 and 1."""
    ones = [c for m, c in poly.items() if not m.factors and len(set(m.pattern)) == len(m.pattern)]
    rest = [(m, c) for m, c in poly.items() if m.factors]
    if len(ones) != 1 or len(rest) != 1 or len(poly) != 2:
        return False
    m, c = rest[0]
    (a, labels, power), *others = m.factors
    own = a.kind == "var" and isinstance(a.payload, Var) and "unit_interval" in a.payload.properties
    placed = len(set(m.pattern)) == len(m.pattern) and set(labels) <= set(m.pattern)
    return not others and power == 1 and own and placed and 0 < -c <= ones[0]


def _sizes(poly: Poly) -> dict[object, sp.Expr]:
    return dict(enumerate(poly.dims))


def _gates(m: Monomial) -> list[Gate]:
    """The steps among the factors of a monomial, entry by entry, each with the axes it stands on."""
    pattern = m.pattern
    return [
        (a, tuple(pattern.index(k) for k in ls))
        for a, ls, _ in m.factors
        if a.kind == "step" and all(k in pattern for k in ls) and len(set(pattern)) == len(pattern)
    ]


def _split(poly: Poly, gate: Gate) -> tuple[Poly, Poly]:
    """The polynomial where the step is 0, and where it is 1."""
    closed = Poly(poly.dims, {m: c for m, c in poly.items() if gate not in _gates(m)})
    opened = [(Fraction(1), closed)]
    for m, c in poly.items():
        if m not in closed:
            at = tuple(m.pattern[k] for k in gate[1])
            kept = [f for f in m.factors if f[:2] != (gate[0], at)]
            opened.append((c, P.single(Fraction(1), kept, m.pattern, m.sizes)))
    return closed, P.add(opened, poly.dims)


def _power(sign: str, p: Fraction) -> str:
    if sign in ("positive", "nonnegative"):
        return sign
    if p % 2 == 0:
        return "positive" if sign == "nonzero" else "nonnegative"
    return sign


def _product(signs: list[str]) -> str:
    if all(s == "positive" for s in signs):
        return "positive"
    if all(s in ("positive", "nonnegative") for s in signs):
        return "nonnegative"
    return "nonzero" if all(s in ("positive", "nonzero") for s in signs) else ""
