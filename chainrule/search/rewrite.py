"""Proofs of equalities: cancel leading monomials by relations, and clear inverses and denominators."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

from chainrule.errors import Unsupported
from chainrule.kernel import poly as P
from chainrule.kernel.atoms import Atom
from chainrule.kernel.check import Checker, Relation, Use, axioms
from chainrule.kernel.poly import Monomial, Poly

from .match import uses

STEPS = 400
"""How many cancellations one reduction may take."""
DEPTH = 5
"""How many inverses and denominators may be cleared one after another."""
WIDTH = 600
"""How many terms a cleared polynomial may have."""
SECONDS = 10.0
"""How long one line's search may take."""


class Rewriter:
    """Reduces polynomials modulo the axioms of their atoms and the given facts."""

    def __init__(self, checker: Checker, definitions: Sequence[Relation] = ()):
        self.checker = checker
        self.facts = checker.facts
        self.definitions = tuple(definitions)
        self.until = time.monotonic() + SECONDS
        self._led: dict[Relation, Monomial | None] = {}

    def vanishes(self, goal: Poly, depth: int = DEPTH) -> bool:
        """Can the goal be shown to be 0?"""
        goal = self.reduce(goal)
        if not goal:
            return True
        if depth == 0 or time.monotonic() > self.until:
            return False
        return any(len(g) <= WIDTH and self.vanishes(g, depth - 1) for g in self._cleared(goal))

    def reduce(self, goal: Poly) -> Poly:
        """The goal with leading monomials cancelled while any relation applies."""
        seen: set[tuple[object, ...]] = set()
        for _ in range(STEPS):
            if not goal or goal.key() in seen or time.monotonic() > self.until:
                return goal
            seen.add(goal.key())
            move = self._next(goal)
            if move is None:
                return goal
            goal = self.checker.use(goal, move)
        return goal

    def _next(self, goal: Poly) -> Use | None:
        relations = self._relations(goal)
        for m in sorted(goal, key=Monomial.sort_key, reverse=True):
            for relation in relations:
                lead = self._lead(relation)
                if lead is not None:
                    for move in uses(m, goal[m], relation, lead):
                        return move
        return None

    def _relations(self, goal: Poly) -> list[Relation]:
        atoms = dict.fromkeys(a for m in goal for a, _, _ in m.factors)
        return [*self.facts, *(r for a in atoms for r in axioms(a))]

    def _lead(self, relation: Relation) -> Monomial | None:
        """The monomial to be cancelled: the one with most factors; deltas and constants never lead."""
        if relation not in self._led:
            able = [m for m in relation.poly if m.factors and all(k in _touched(m) for k in m.pattern)]
            self._led[relation] = max(able, key=_weight) if able else None
        return self._led[relation]

    # --- clearing -------------------------------------------------------------------------------------
    def _cleared(self, goal: Poly):  # type: ignore[no-untyped-def]
        for a, where in _boundary(goal):
            if a.kind == "reciprocal":
                yield self._guarded(lambda a=a, where=where: self.checker.clear_number(goal, a, where))
        for a, where in _boundary(goal):
            if a.kind == "inverse" and len(a.dims) == 2:
                for side, axis in enumerate(where):
                    if axis is not None:
                        turn = 0 if side == 0 else 1
                        yield self._guarded(lambda a=a, x=axis, s=turn: self.checker.clear_matrix(goal, a, x, s))
        yield from self._common_denominator(goal)

    @staticmethod
    def _guarded(make):  # type: ignore[no-untyped-def]
        try:
            return make()
        except Unsupported:
            return dict.fromkeys(range(WIDTH + 1))

    def _common_denominator(self, goal: Poly):  # type: ignore[no-untyped-def]
        """Give 1/p to the terms that lack it, at a summed index: term = term p/p."""
        for a in dict.fromkeys(a for m in goal for a, _, _ in m.factors if a.kind == "reciprocal"):
            relation = axioms(a)[0]
            one = next((m for m in relation.poly if not m.factors), None)
            lacking = [m for m in goal if all(b is not a for b, _, _ in m.factors)]
            if one is None or not lacking or len(lacking) == len(goal) or len(a.dims) != 1:
                continue
            made = goal
            for m in lacking:
                label = _summed_of_size(m, a)
                if label is None:
                    break
                # relation = p/p - 1, and c m = c m - c m (p/p - 1) + c m (p/p - 1): adding c m (p/p - 1) multiplies by p/p
                made = self.checker.use(made, Use(relation, goal[m], (label,), m.factors, m.pattern, m.sizes))
            else:
                yield made


def _touched(m: Monomial) -> set[object]:
    return {k for _, ls, _ in m.factors for k in ls}


def _weight(m: Monomial) -> tuple[object, ...]:
    return (sum(abs(p) * _burden(a) for a, _, p in m.factors), m.sort_key())


def _burden(a: Atom) -> Fraction:
    """Inverses and products weigh more than what they cancel to; sizes weigh nothing."""
    return Fraction({"size": 0, "inverse": 2, "reciprocal": 2, "root": 2}.get(a.kind, 1))


def _boundary(goal: Poly) -> list[tuple[Atom, tuple[int | None, ...]]]:
    """Inverses with an end on an output axis, and reciprocals that stand on output axes only."""
    found: dict[tuple[Atom, tuple[int | None, ...]], None] = {}
    for m in goal:
        pattern = list(m.pattern)
        for a, ls, _ in m.factors:
            where = tuple(pattern.index(k) if k in pattern else None for k in ls)
            if a.kind == "inverse" and any(k is not None for k in where):
                found[(a, where)] = None
            if a.kind == "reciprocal" and all(k is not None for k in where):
                found[(a, where)] = None
    return list(found)


def _summed_of_size(m: Monomial, a: Atom) -> object | None:
    """The one summed label that could carry the atom."""
    able = [k for k in dict.fromkeys(k for _, ls, _ in m.factors for k in ls)
            if k not in m.pattern and m.sizes[k] == a.dims[0]]  # fmt: skip
    return able[0] if len(able) == 1 else None
