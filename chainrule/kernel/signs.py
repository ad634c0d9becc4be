"""Signs: what is positive, nonnegative or nonzero in every entry, from declared properties and shown facts."""

from __future__ import annotations

from fractions import Fraction

from chainrule.notation.nodes import Var

from . import poly as P
from .atoms import Atom
from .poly import Factor, Monomial, Poly

ORDER = {"": 0, "nonzero": 1, "nonnegative": 1, "positive": 3}


class Signs:
    """Sign rules over polynomials. `known` holds facts shown elsewhere: {polynomial: "positive" | ...}."""

    def __init__(self, known: dict[Poly, str] | None = None):
        self.known = known or {}

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
        if poly in self.known:
            return self.known[poly]
        if not poly:
            return "nonnegative"
        signs = [(self._monomial(m), c) for m, c in poly.items()]
        if len(signs) == 1:
            found, c = signs[0]
            return found if c > 0 or found == "nonzero" else "nonzero" if found == "positive" else ""
        if any(c < 0 or s not in ("positive", "nonnegative") for s, c in signs):
            return ""
        return "positive" if any(s == "positive" for s, _ in signs) else "nonnegative"

    def _monomial(self, m: Monomial) -> str:
        found = [self._component(part, set(m.pattern)) for part in P.parts(m)]
        if len(set(m.pattern)) < len(m.pattern):  # zero off a diagonal
            found.append("nonnegative")
        return _product(found)

    def _component(self, part: list[Factor], kept: set[object]) -> str:
        found = [_power(self.atom(a), p, a) for a, _, p in part]
        summed = [k for _, ls, _ in part for k in ls if k not in kept]
        if not summed:
            return _product(found)
        each = _product(found)
        if each == "positive" or (len(part) == 1 and self._filled(part[0], kept)):
            return "positive"
        return "nonnegative" if each == "nonnegative" else ""

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

    def atom(self, a: Atom) -> str:
        """The sign of an atom's every entry."""
        match a.kind:
            case "size" | "constant" | "exp":
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
            case "step" | "argmax":
                return "nonnegative"
        return ""


def _power(sign: str, p: Fraction, a: Atom) -> str:
    if a.power == "exp" or sign in ("positive", "nonnegative"):
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
