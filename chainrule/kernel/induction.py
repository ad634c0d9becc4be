"""Induction along a recurrence: what holds at its start, and at t + 1 where it holds at t, holds at every t.

Let s[0] be the start and s[t + 1] = f(s[t], x[t]), t = 0, ..., T - 1, and let P(t) be a statement that speaks of s, of
x and of other arrays at t alone, and of t as a number. Then P(t) holds for every t if

    start    P(0) holds with the start in place of s[0],
    next     P(t + 1) follows from P(t), with f(s, x) in place of s[t + 1].

Proof. In both, s, t and what other arrays hold at t and at t + 1 are symbols of which nothing is known but what the
facts say at these places, so that `next` holds whatever they are; and so it holds of the values that they have. P(0) is
`start`. If P(t) holds and t + 1 < T, then `next` is P(t + 1), since s[t + 1] = f(s[t], x[t]). Backwards the first t is
T - 1 and the next one t - 1. Several recurrences of one length that run in one direction are one with more states. Of
one that runs against the induction, r[t] = h(r[t + 1], x[t + 1]) for t + 1 < T is used in the same way: in `next`, r at
t + 1 is the symbol, and r at t is made of it.

P(t) is assumed at one t, never at all of them: t becomes a symbol too, and a hypothesis about a symbol says nothing
about other values. What cannot be read at one t (a mask, a shifted index, a derivative of what moves with t) is
refused.

Source: the principle of induction; Graham, Knuth and Patashnik, Concrete Mathematics (2nd ed., 1994), sec. 1.1 and 2.2.
Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import sympy as sp
from sympy.core.basic import Basic

from chainrule.errors import Unsupported
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Deriv,
    Div,
    Each,
    Expect,
    Indicator,
    Let,
    Letter,
    Mul,
    Neg,
    Node,
    Place,
    Position,
    Recurrence,
    Shifted,
    Size,
    Subs,
    Var,
    as_node,
    make_var,
)
from chainrule.notation.statements import Predicate, Relation

Statement = Relation | Predicate

ENTRYWISE = {"positive", "nonnegative", "nonzero_entries", "labels", "binary", "unit_interval"}
"""Properties of an array that each of its entries has."""
PREDICATES = {"positive", "nonnegative", "nonzero", "invertible", "positive_definite", "positive_semidefinite"}


@dataclass(frozen=True)
class Induction:
    """What is to be shown at the start and at the next t, and what may be used there."""

    start: Statement
    next: Statement
    hypothesis: Statement
    at_start: tuple[Statement, ...]
    at_next: tuple[Statement, ...]


def induction(statement: Statement, t: Letter, backwards: bool, facts: Sequence[Statement] = ()) -> Induction:
    """The two statements that show a third for every t, by induction on its index t. Facts that speak of every t are
    given at the places that the two speak of; what else a fact says stays as it is."""
    if isinstance(statement, Predicate) and statement.name not in PREDICATES:
        raise Unsupported(f"no induction for the predicate {statement.name}")
    if not _speaks_of(t, statement):
        raise Unsupported(f"induction on {t}: the line does not speak of an arbitrary {t}")
    if not any(r.backwards == backwards and r.length == t.dim for f in statement.formulas for r in f.atoms(Recurrence)):
        which = "backwards" if backwards else "forwards"
        raise Unsupported(f"induction on {t}: the line has no recurrence that runs {which} along {t.dim}")
    taken = {v.name for s in (statement, *facts) for f in s.formulas for v in f.atoms(Var)}
    steps = _Steps(t, taken, backwards)
    start, here, after = (_Moment(steps, when) for when in ("start", "here", "next"))
    told = [s for s in facts if _speaks_of(t, s) and (isinstance(s, Relation) or s.name in PREDICATES)]
    return Induction(
        start.statement(statement),
        after.statement(statement),
        here.statement(statement),
        tuple(_readable(start, told)),
        tuple(_readable(here, told) + _readable(after, told)),
    )


def _speaks_of(t: Letter, s: Statement) -> bool:
    return any(t in free_letters(f) for f in s.formulas)


def _readable(moment: _Moment, told: Sequence[Statement]) -> list[Statement]:
    """The facts that can be read at this t; the others are left out, which shows less."""
    found = []
    for s in told:
        with suppress(Unsupported):
            found.append(moment.statement(s))
    return found


@dataclass
class _Steps:
    """The symbols that stand for what is read at a t, the same for the same array."""

    t: Letter
    taken: set[str]
    backwards: bool
    symbols: dict[tuple[object, str], Var] = field(default_factory=dict)

    def symbol(self, key: object, when: str, name: str, shape: Sequence[sp.Expr], has: Sequence[str] = ()) -> Var:
        """The one symbol for a key at a moment, of a name that nothing else has."""
        if (key, when) not in self.symbols:
            while name in self.taken:
                name += "'"
            self.taken.add(name)
            self.symbols[key, when] = make_var(name, tuple(shape), tuple(sorted(has)))
        return self.symbols[key, when]

    def count(self) -> Var:
        """t as a number."""
        return self.symbol("t", "here", f"{self.t.name} as a number", (), ("nonnegative",))


@dataclass
class _Moment:
    """The first t, some t, or the one after it: what a formula is there."""

    steps: _Steps
    when: str

    def statement(self, s: Statement) -> Statement:
        """A statement at this t."""
        if isinstance(s, Relation):
            return Relation(self(s.left), s.relation, self(s.right))
        return Predicate(s.name, self(s.of), s.variables)

    def __call__(self, formula: Node) -> Node:
        """A formula at this t."""
        made = self._of(formula)
        assert isinstance(made, Node)
        if made.shape != formula.shape or made.row != formula.row:
            raise Unsupported(f"{formula} changes its shape when it is read at one {self.steps.t}")
        return made

    def _of(self, node: Basic) -> Basic:
        t = self.steps.t
        if t not in free_letters(node):
            return node
        match node:
            case At(args=(x, first, *others)) if first == t and t not in others:
                return _entry(self.read(x), others)
            case Position():
                return self._number(node)
            case Let():
                return self._of(node.value)
            case At(args=(x, *letters)) if t not in letters:
                return _entry(self(x), letters)
            case At() | Shifted() | Indicator() | Delta() | Deriv() | Subs() | Expect() | Recurrence():
                raise Unsupported(f"induction on {t}: {node} cannot be read at one {t}")
        return node.func(*(self._of(arg) for arg in node.args))

    def _number(self, node: Position) -> Node:
        """c t + b as a number."""
        at, t = node.place, self.steps.t
        terms = ((t, sp.Integer(1)),) if isinstance(at, Letter) else at.terms
        const = sp.Integer(0) if isinstance(at, Letter) else at.const
        slope = dict(terms)[t]
        rest = Place(const, *(sp.Tuple(*term) for term in terms if term[0] != t))
        count = as_node(slope) * self._count()
        return Position(rest) + count if rest.args[1:] else as_node(const) + count

    def _count(self) -> Node:
        """Which t this is, counted from 0."""
        back = self.steps.backwards
        if self.when == "start":
            return Size(self.steps.t.dim) - 1 if back else as_node(0)
        here = self.steps.count()
        return here if self.when == "here" else here - 1 if back else here + 1

    # --- reading an array ---------------------------------------------------------------------------
    def read(self, x: Node) -> Node:
        """An array at this t, which its first axis counts."""
        t = self.steps.t
        match x:
            case Let():
                return self.read(x.value)
            case Recurrence() if not free_letters(x):
                return self._state(x)
            case Each() if x.letters[0].dim == t.dim and t not in free_letters(x):
                body = self(x.body.xreplace({x.letters[0]: t}))
                return Each(body, *x.letters[1:]) if x.letters[1:] else body
            case Neg() | Apply():
                return x.func(*(self.read(a) if isinstance(a, Node) else a for a in x.args))
            case Add() | Mul() | Div() if t not in free_letters(x):
                a, b = x.args
                longest = max(a.ndim, b.ndim)
                if a.shape[:1] == b.shape[:1] == (t.dim,) or a.ndim != b.ndim:
                    return x.func(*(self.read(s) if s.ndim == longest else s for s in (a, b)))
        if free_letters(x):
            raise Unsupported(f"induction on {t}: {x} has indices of its own and cannot be read at one {t}")
        has = x.declared & ENTRYWISE if isinstance(x, Var) else ()
        return self.steps.symbol(x, self.when, f"{x} at {self.when}", x.shape[1:], tuple(has))

    def _state(self, x: Recurrence) -> Node:
        """A state before the step at this t, or after it."""
        before = self._before(x)
        return before[x.which] if x.before else _stepped(x, before, self)[x.which]

    def _before(self, x: Recurrence) -> Sequence[Node]:
        """All states before the step at this t. A recurrence that runs against the induction starts beyond its end."""
        along = x.backwards == self.steps.backwards
        if self.when == "start" and along:
            return x.starts
        first = "start" if self.when == "start" else "here" if along else "next"
        symbols = [
            self.steps.symbol((x.args[2:], k), first, f"{s.name} at {first}", s.shape) for k, s in enumerate(x.states)
        ]
        return symbols if self.when == first else _stepped(x, symbols, _Moment(self.steps, first))


def _stepped(x: Recurrence, before: Sequence[Node], moment: _Moment) -> list[Node]:
    """f(s, x[t]) for every state. Bound symbols first become symbols that stand nowhere else, so that what is put in
    for one of them is not taken for another; a derivative inside a step is taken before."""
    held = dict(zip((*x.states, *x.slots), (*before, *map(moment.read, x.inputs)), strict=True))
    fresh: Mapping[Var, Var] = {
        s: moment.steps.symbol((x.args[2:], s), "inside", f"{s.name} inside", s.shape) for s in held
    }
    made = []
    for step in x.steps:
        inside: Node = step.xreplace(fresh)
        for bound, value in held.items():
            inside = inside.at(fresh[bound], value)
        made.append(inside)
    return made


def _entry(x: Node, letters: Sequence[Letter]) -> Node:
    return At(x, *letters) if letters else x
