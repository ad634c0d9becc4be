"""Proofs of equalities: cancel leading monomials by relations, and clear inverses and denominators."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import islice

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.kernel.atoms import Atom
from chainrule.kernel.check import Checker, Relation, Use, axioms, axioms_of_pair
from chainrule.kernel.factor import content
from chainrule.kernel.poly import Label, Monomial, Poly

from .match import uses

STEPS = 400
"""How many cancellations one reduction may take."""
DEPTH = 5
"""How many inverses and denominators may be cleared one after another."""
WIDTH = 600
"""How many terms a cleared polynomial may have."""
CHOICES = 3
"""How many indices are tried for a common denominator, and how many places for a relation."""
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
        self._completed: set[Atom] = set()
        self._diagonals: set[tuple[Atom, tuple[int, ...]]] = set()
        self._gated: set[Atom] = set()

    def vanishes(self, goal: Poly, depth: int = DEPTH) -> bool:
        """Can the goal be shown to be 0? First without what is special about a 1/p with steps in p."""
        return self._vanishes(goal, depth) or (self._at_gates(goal) and self._vanishes(goal, depth))

    def _vanishes(self, goal: Poly, depth: int) -> bool:
        goal = self.reduce(goal)
        if not goal:
            return True
        if depth == 0 or time.monotonic() > self.until:
            return False
        if self._complete(goal):
            return self._vanishes(goal, depth)
        return any(len(g) <= WIDTH and self._vanishes(g, depth - 1) for g in self._cleared(goal))

    def reduce(self, goal: Poly) -> Poly:
        """The goal with leading monomials cancelled while any relation applies."""
        seen: set[tuple[object, ...]] = set()
        for _ in range(STEPS):
            if not goal or goal.key() in seen or time.monotonic() > self.until:
                return goal
            seen.add(goal.key())
            after = self._next(goal)
            if after is None:
                return goal
            goal = after
        return goal

    def _next(self, goal: Poly) -> Poly | None:
        """The goal after one cancellation; where a relation fits in several places, the shortest outcome."""
        relations = self._relations(goal)
        for m in sorted(goal, key=Monomial.sort_key, reverse=True):
            for relation in relations:
                lead = self._lead(relation)
                if lead is not None:
                    moves = islice(uses(m, goal[m], relation, lead), CHOICES)
                    found = [after for after in (self._without(goal, m, move) for move in moves) if after is not None]
                    if found:
                        return min(found, key=len)
        return None

    def _without(self, goal: Poly, m: Monomial, move: Use) -> Poly | None:
        """The goal without m. Where terms of the relation fall together (A' = -A on the diagonal), they count together;
        None where they cancel each other and leave m as it is, and where m would only be turned round to no good."""
        used, leaned = dict(self.checker.used), dict(self.checker.leaned)
        after = self.checker.use(goal, move)
        if m in after:
            share = (after[m] - goal[m]) / move.coef
            after = self.checker.use(goal, replace(move, coef=-goal[m] / share)) if share else goal
        if after is goal or any(_turned(m, made) for made in after if made not in goal):
            self.checker.used, self.checker.leaned = used, leaned  # not taken
            return None
        return after

    def _relations(self, goal: Poly) -> list[Relation]:
        atoms = dict.fromkeys(a for m in sorted(goal) for a, _, _ in m.factors)
        own = [*(r for a in atoms for r in axioms(a)), *(r for a in atoms for b in atoms for r in axioms_of_pair(a, b))]
        return [*self.facts, *self.checker.derived, *own]

    def _lead(self, relation: Relation) -> Monomial | None:
        """The monomial to be cancelled: the one with most factors; deltas and constants never lead."""
        if relation not in self._led:
            able = [m for m in relation.poly if m.factors and all(k in _touched(m) for k in m.pattern)]
            self._led[relation] = max(able, key=_weight) if able else None
        return self._led[relation]

    # --- completion -----------------------------------------------------------------------------------
    def _complete(self, goal: Poly) -> bool:
        """Where an inverse's axiom meets another relation, their consequence is a new relation.

        P^-1 P = I times a factor b that P ends with: P b may simplify (P = V S V' + c I, b = V with V'V = I), and
        P^-1 (P b) = b is then a relation that leads elsewhere.
        """
        found = self._on_diagonals(goal)
        for a in dict.fromkeys(
            a for m in sorted(goal) for a, _, _ in m.factors if a.kind == "inverse" and len(a.dims) == 2
        ):
            if a in self._completed:
                continue
            self._completed.add(a)
            for b, position in _borders(a):
                for relation, axis in zip(axioms(a), (1, 0), strict=True):
                    found |= self._meet(relation, axis, b, position)
        return found

    def _on_diagonals(self, goal: Poly) -> bool:
        """1/p where two of its indices are one: what p / p = 1 says there may be simpler."""
        found = False
        for m in sorted(goal):
            for a, labels, _ in m.factors:
                holes = tuple(labels.index(k) for k in labels)
                if a.kind != "reciprocal" or len(set(holes)) == len(holes) or (a, holes) in self._diagonals:
                    continue
                self._diagonals.add((a, holes))
                relation = axioms(a)[0]
                made = self.checker.consequence(Use(relation, Fraction(1), holes, (), tuple(dict.fromkeys(holes)), {}))
                if made and len(made) < len(relation.poly):
                    self.checker.admit(relation.name, made)
                    found = True
        return found

    def _at_gates(self, goal: Poly) -> bool:
        """1/p times a step that stands in p, or 1 less the step: open or not, p may be simpler there."""
        before = self.checker.derived
        for a in dict.fromkeys(a for m in sorted(goal) for a, _, _ in m.factors if a.kind == "reciprocal"):
            if a in self._gated:
                continue
            self._gated.add(a)
            relation, axes = axioms(a)[0], tuple(range(len(a.dims)))
            for gate, at in _gates_of(a.payload):
                whole = self.checker.consequence(Use(relation, Fraction(1), axes, (), axes, {}))
                times = Use(relation, Fraction(1), axes, ((gate, at, Fraction(1)),), axes, {})
                opened = self.checker.consequence(times)
                closed = self.checker.use(whole, replace(times, coef=Fraction(-1)))
                if opened and closed and len(opened) < len(whole):
                    self.checker.admit(relation.name, opened)
                    self.checker.admit(relation.name, closed)
        return self.checker.derived != before

    def _meet(self, relation: Relation, axis: int, b: Atom, position: int) -> bool:
        labels = tuple("c" if k == position else ("b", k) for k in range(len(b.dims)))
        holes = ("a", "c") if axis == 1 else ("c", "a")
        out = ("a", *(k for k in labels if k != "c"))
        before = len(relation.poly)
        sizes: dict[Label, sp.Expr] = {"a": relation.poly.dims[1 - axis]}
        made = self.checker.consequence(Use(relation, Fraction(1), holes, ((b, labels, Fraction(1)),), out, sizes))
        least = self.reduce(made)
        if least is made or not least or len(least) > before:
            return False
        self.checker.admit(relation.name, least)
        return True

    # --- clearing -------------------------------------------------------------------------------------
    def _cleared(self, goal: Poly) -> Iterator[Poly]:
        moves: list[Callable[[], Poly]] = []
        boundary = _boundary(goal)
        for a, where in sorted(boundary, key=lambda found: found[0].name, reverse=True):  # the deepest first
            if a.kind == "reciprocal":
                moves.append(partial(self._without_denominator, goal, a, [k for k in where if k is not None]))
        for a, where in boundary:
            if a.kind == "inverse" and len(a.dims) == 2:
                ends = [(axis, side) for side, axis in enumerate(where) if axis is not None]
                moves += [partial(self.checker.clear_matrix, goal, a, axis, side) for axis, side in ends]
        for move in moves:
            with suppress(Unsupported):
                yield move()
        yield from self._common_denominator(goal)

    def _without_denominator(self, goal: Poly, a: Atom, axes: list[int]) -> Poly:
        """p^k goal, where 1/p stands in it at most k times."""
        powers = (p for m in goal for b, ls, p in m.factors if b is a and ls == tuple(m.pattern[k] for k in axes))
        for _ in range(int(max(powers))):
            if len(goal) <= WIDTH:
                goal = self.reduce(self.checker.clear_number(goal, a, axes))
        return goal

    def _common_denominator(self, goal: Poly) -> Iterator[Poly]:
        """Give 1/p to the terms that lack it, at a summed index: term = term p/p."""
        for a in dict.fromkeys(a for m in sorted(goal) for a, _, _ in m.factors if a.kind == "reciprocal"):
            relation = axioms(a)[0]
            one = next((m for m in relation.poly if not m.factors), None)
            lacking = [m for m in sorted(goal) if all(b is not a for b, _, _ in m.factors)]
            if one is None or not lacking or len(lacking) == len(goal) or len(a.dims) != 1:
                continue
            for choice in range(CHOICES):
                made = self._multiplied(goal, lacking, relation, choice)
                if made is not None:
                    yield made

    def _multiplied(self, goal: Poly, lacking: list[Monomial], relation: Relation, choice: int) -> Poly | None:
        """c m + c m (p/p - 1) = c m p/p, at the choice-th index that could carry p."""
        for m in lacking:
            labels = _summed_of_size(m, relation.poly)
            if choice >= len(labels):
                return None
            goal = self.checker.use(goal, Use(relation, goal[m], (labels[choice],), m.factors, m.pattern, m.sizes))
        return goal


def _touched(m: Monomial) -> set[object]:
    return {k for _, ls, _ in m.factors for k in ls}


def _turned(m: Monomial, made: Monomial) -> bool:
    """Do the same factors stand in both, but in a later order? Turning A' = -A only forwards comes to an end."""
    alike = len(m.factors) == len(made.factors) and _atoms(m) == _atoms(made)
    return alike and not made.sort_key() < m.sort_key()


def _atoms(m: Monomial) -> list[tuple[str, Fraction]]:
    return sorted((a.name, p) for a, _, p in m.factors)


def _weight(m: Monomial) -> tuple[object, ...]:
    return (sum(abs(p) * _burden(a) for a, _, p in m.factors), m.sort_key())


def _burden(a: Atom) -> Fraction:
    """Inverses and products weigh more than what they cancel to, step(-x) more than step(x); sizes weigh nothing."""
    weight = {"size": 0, "inverse": 2, "reciprocal": 2, "root": 2, "step": 2, "sign": 3}.get(a.kind, 1)
    return Fraction(weight + (a.kind == "step" and content(a.payload) < 0))


def _boundary(goal: Poly) -> list[tuple[Atom, tuple[int | None, ...]]]:
    """Inverses with an end on an output axis, and reciprocals that stand on output axes only."""
    found: dict[tuple[Atom, tuple[int | None, ...]], None] = {}
    for m in sorted(goal):
        pattern = list(m.pattern)
        for a, ls, _ in m.factors:
            where = tuple(pattern.index(k) if k in pattern else None for k in ls)
            if a.kind == "inverse" and any(k is not None for k in where):
                found[(a, where)] = None
            if a.kind == "reciprocal" and all(k is not None for k in where):
                found[(a, where)] = None
    return list(found)


def _gates_of(p: Poly) -> list[tuple[Atom, tuple[int, ...]]]:
    """The steps among the factors of a polynomial, each with the axes of it that it stands on."""
    found: dict[tuple[Atom, tuple[int, ...]], None] = {}
    for m in sorted(p):
        for a, ls, _ in m.factors:
            if a.kind == "step" and all(k in m.pattern for k in ls) and len(set(m.pattern)) == len(m.pattern):
                found[(a, tuple(m.pattern.index(k) for k in ls))] = None
    return list(found)


def _summed_of_size(m: Monomial, p: Poly) -> list[object]:
    """The summed labels that could carry a polynomial of one axis."""
    labels = dict.fromkeys(k for _, ls, _ in m.factors for k in ls)
    return [k for k in labels if k not in m.pattern and m.sizes[k] == p.dims[0]]


def _borders(a: Atom) -> list[tuple[Atom, int]]:
    """The symbols with two axes that stand at an end of an inverse's payload, and with which axis."""
    found: dict[tuple[Atom, int], None] = {}
    for m in sorted(a.payload):
        for b, ls, _ in m.factors:
            for position, label in enumerate(ls):
                if label in m.pattern and len(b.dims) == 2 and b.kind == "var":
                    found[(b, position)] = None
    return list(found)
