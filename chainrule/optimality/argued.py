"""A stationary point and what can be shown of it: that it is one, that it keeps the constraints, that it is lowest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chainrule.calculus import jacobian as jacobian_of
from chainrule.calculus import read
from chainrule.calculus.lengths import length
from chainrule.calculus.readback import derivative
from chainrule.diff.domain import domain
from chainrule.errors import ChainruleError
from chainrule.forms import dag
from chainrule.notation.nodes import Node, Op, Var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Predicate,
    Reason,
    Relation,
    algebra,
    by,
    cancel,
    composition,
    convex,
    differentiate,
    equals,
    invertible,
    positive,
    positive_definite,
    unfold,
)
from chainrule.notation.vocabulary import hessian, jacobian
from chainrule.printing import predicate
from chainrule.search.equal import equal

from .affine import constant_in
from .distribute import distributed, gathered
from .lagrange import Stationary, equation_at
from .lowest import by_square, by_tangent
from .optimum import HIGHEST, LOCAL, LOWEST, PEAK, STATIONARY, Optimum, nth
from .problem import Problem, lower
from .turned import by_reciprocal
from .words import SAYS, because, chain, claimed, provable

UNKNOWN = "the rules see no sign of the second derivative, nor that the objective is convex"


@dataclass(frozen=True, eq=False)
class Argument:
    """A problem, its stationary point, the hypotheses that it needs, and what was shown of its divisors."""

    p: Problem
    s: Stationary
    given: tuple[Assumption, ...]
    solvable: tuple[Claim, ...]
    inside: tuple[Claim, ...]

    @property
    def facts(self) -> tuple[Claim | Assumption, ...]:
        """What a line about the point leans on."""
        return (*self.solvable, *self.inside, *self.given)


def argued(p: Problem, s: Stationary | str) -> Optimum:
    """Everything that is to be judged about a point; without one, the gradient and why there is none."""
    found = Optimum(p.objective, p.x, p.subject_to, p.gradient, given=p.given, symbols=p.symbols)
    found = replace(found, curvature=curvature_of(p, p.given))
    bowl = bowl_of(found, p.given)
    if isinstance(s, str):
        return replace(found, bowl=bowl, why=s + _shape_of(bowl))
    a = argument(p, s)
    impossible = [g.statement for g in a.given if isinstance(g.statement, Predicate) and not g.statement.of.atoms(Var)]
    if impossible:
        asked = predicate(impossible[0], "text")
        return replace(found, bowl=bowl, why=f"a solution would ask that {asked}, which nothing shows")
    found = replace(
        found, point=s.point, multipliers=s.multipliers, given=a.given, solvable=a.solvable, inside=a.inside
    )
    found = replace(found, curvature=curvature_of(p, a.given), stationary=_stationary(a), feasible=_feasible(a))
    return _ordered(a, replace(found, bowl=bowl_of(found, a.given)))


def _shape_of(bowl: Claim | None) -> str:
    if bowl is not None:
        return "; the objective is convex, so that Newton's steps lead to its lowest value if it has one"
    return "; nor is the objective shown convex: a point where its gradient vanishes need not be lowest"


# --- what the point needs -----------------------------------------------------------------------------
def argument(p: Problem, s: Stationary) -> Argument:
    """The hypotheses under which the point exists and lies where its variable does, and the claims that need none."""
    solvable: list[Claim] = []
    given = list(p.given)
    for d in dict.fromkeys((*s.divisors, *_inverted(s.point))):
        said = _divisible(d, given, entries=d in s.weights or d.ndim < 2)
        if isinstance(said, Claim):
            solvable.append(replace(said, place=replace(said.place, part=nth("solvable", len(solvable)))))
        elif said is not None:
            given.append(said)
    inside: list[Claim] = []
    for asked in (*_held(p, s), *_kept(p, s)):
        if isinstance(asked.statement, Predicate) and provable(asked.statement, given):
            inside.append(claimed(nth("inside", len(inside)), asked.statement, given=tuple(given)))
        else:
            given.append(asked)
    shown = tuple(Assumption(c.statement) for c in (*solvable, *inside))
    at_point = p.gradient.last.at(p.x, s.point)
    for asked in domain(p.gradient.first, p.gradient.last, s.point, *s.multipliers, at_point):
        if isinstance(asked.statement, Relation) or not provable(asked.statement, (*given, *shown)):
            given.append(asked)
    return Argument(p, s, tuple(given), tuple(solvable), tuple(inside))


def _inverted(formula: Node) -> list[Node]:
    """What is inverted in a formula: (A / s)^-1 b / s was written A^-1 b."""
    return sorted((op.args[1] for op in formula.atoms(Op) if op.kind == "inv"), key=str)


def _divisible(d: Node, given: Sequence[Assumption], entries: bool) -> Claim | Assumption | None:
    """What makes a formula one that can be divided by, each of its entries or the whole matrix: shown, or assumed."""
    if entries:
        said = positive(d)
        return claimed("solvable", said, given=tuple(given)) if provable(said, given) else None
    for said in (positive_definite(d), invertible(d)):
        if provable(said, given):
            return claimed("solvable", said, given=tuple(given))
    return Assumption(invertible(d))


def _held(p: Problem, s: Stationary) -> list[Assumption]:
    """What is declared of the variable, asked of the point."""
    found = [Assumption(says(s.point)) for name in sorted(p.x.declared) for says in SAYS.get(name, ())]
    if "symmetric" in p.x.properties:
        node = lower(s.point)
        if not equal(node, dag.transpose(node, (1, 0))):
            found.append(Assumption(Relation(s.point, "=", s.point.T)))
    return found


def _kept(p: Problem, s: Stationary) -> list[Assumption]:
    """What is assumed of the variable, asked of the point: the domain of 1 - x > 0."""
    said = [a.statement for a in p.given if any(p.x in part.atoms(Var) for part in a.statement.formulas)]
    return [Assumption(replace(q, of=q.of.at(p.x, s.point))) for q in said if isinstance(q, Predicate)]


# --- stationary and feasible --------------------------------------------------------------------------
def _stationary(a: Argument) -> Derivation:
    p, s = a.p, a.s
    first = p.gradient.last.at(p.x, s.point)
    if s.push is not None:
        return chain("stationary", first, equals(s.push, _leaning(a)), given=a.given)
    opened = equation_at(s, s.point.value)
    lines = [] if opened is None or opened == first else [equals(opened, unfold(s.point))]
    return chain("stationary", first, *lines, equals(0, _cancelling(a)), given=a.given)


def _cancelling(a: Argument) -> Reason:
    """A A^-1 = I where one matrix was divided by; else the facts."""
    if a.s.left is not None and a.s.right is None and len(a.solvable) < 2:
        known = [f for f in a.facts if isinstance(f.statement, Predicate) and f.statement.of == a.s.left]
        return cancel(a.s.left, given=known[0] if known else None)
    if a.s.form is not None and a.s.left is a.s.right is None:
        return algebra
    return _leaning(a)


def _leaning(a: Argument) -> Reason:
    """By what was shown or assumed of the divisors; else by what the names mean."""
    return because(*a.facts, names=(a.s.point, *a.s.multipliers))


def _feasible(a: Argument) -> tuple[Derivation, ...]:
    found: list[Derivation] = []
    for k, c in enumerate(a.p.subject_to):
        r = c.statement
        assert isinstance(r, Relation)
        left, right = (side.at(a.p.x, a.s.point) for side in (r.left, r.right))
        found.append(chain(nth("feasible", k), left, equals(right, _leaning(a)), given=a.given))
    return tuple(found)


# --- curvature ----------------------------------------------------------------------------------------
def curvature_of(p: Problem, given: tuple[Assumption, ...]) -> Derivation | None:
    """The Hessian of a function of a number or a vector."""
    if p.x.ndim > 1:
        return None
    try:
        slope = derivative(jacobian(p.gradient.last, p.x))
        other = read(gathered(distributed(lower(slope), p.symbol)), (), (), [p.objective])
        shown = other if length(other) < length(slope) else slope
        return chain("curvature", hessian(p.objective, p.x), equals(shown, differentiate), given=given)
    except ChainruleError:
        return None


def bowl_of(found: Optimum, given: tuple[Assumption, ...]) -> Claim | None:
    """The objective is convex: by composition, or by its Hessian."""
    said = convex(found.objective, found.variable)
    reasons = [composition] if found.curvature is None else [composition, by(found.curvature)]
    for reason in reasons:
        if provable(said, given, reason):
            return claimed("bowl", said, reason, given)
    return None


def _tests(a: Argument, found: Optimum) -> Iterator[tuple[str, Predicate]]:
    """What a definite second derivative would show: everywhere, or at the point."""
    s = a.s
    divisor = s.left if s.left is not None else s.right
    if s.form is not None and s.weight is not None:  # the gradient is number * (weight o x - b)
        yield LOWEST if s.form.number > 0 else HIGHEST, positive(s.weight)
    elif s.form is not None and divisor is not None:  # the gradient is number * (A x - b)
        if s.left is None or s.right is None:
            yield LOWEST if s.form.number > 0 else HIGHEST, definite(divisor)
    elif found.curvature is not None:
        h = found.curvature.last
        at_point = h.at(a.p.x, s.point)
        whole = on_convex_domain(a)
        yield LOWEST if whole else LOCAL, definite(h)
        yield LOCAL, definite(at_point)
        yield HIGHEST if whole else PEAK, definite(_negated(h))
        yield PEAK, definite(_negated(at_point))


CONVEX = {"symmetric", "positive", "nonnegative", "unit_interval", "positive_definite", "psd"}


def on_convex_domain(a: Argument) -> bool:
    """Two bowls beside a pole are bent everywhere, and neither need be lowest: is the variable free on a convex set?"""
    x, kept = a.p.x, {"positive", "nonnegative", "positive_definite", "positive_semidefinite"}
    for said in (g.statement for g in a.given):
        convex_set = isinstance(said, Predicate) and said.name in kept and _level_in(said.of, x)
        if not convex_set and any(x in part.atoms(Var) for part in said.formulas):
            return False
    return x.declared <= CONVEX


def _level_in(formula: Node, x: Var) -> bool:
    """Is the formula affine in x: x itself, or one whose derivative does not change with x?"""
    return (
        formula == x or constant_in(jacobian_of(lower(formula), dag.var(x, x.shape)), dag.var(x, x.shape)) is not None
    )


def definite(h: Node) -> Predicate:
    """A matrix is positive definite; a number, or each of several, positive."""
    return positive_definite(h) if h.ndim > 1 else positive(h)


def _strict(a: Argument) -> bool:
    """Does the square that was completed vanish at the point alone?"""
    definite_ones = {c.statement.of for c in a.solvable if c.statement.name in ("positive_definite", "positive")}
    return a.s.form is not None and all(d in definite_ones for d in a.s.divisors)


def _negated(h: Node) -> Node:
    return read(dag.scale(-1, lower(h)), (), (), [h])


def _ordered(a: Argument, found: Optimum) -> Optimum:
    """What the order of values shows: lowest, unique, or why neither."""
    lowest = by_square(a, found) or by_tangent(a, found)
    turned = by_reciprocal(a, found) if lowest is None else None
    if turned is not None:
        found = replace(found, conditions=(turned.bowl, turned.level))
        why = "" if turned.unique else "whether another point is as low is not shown"
        return replace(found, kind=LOWEST, lowest=turned.lowest, unique=turned.unique, why=why)
    if lowest is None and a.p.subject_to:
        return replace(found, kind=STATIONARY, why=f"that it is lowest is not shown: {UNKNOWN}")
    for kind, said in _tests(a, found):
        if (lowest is None or kind == LOWEST) and provable(said, a.given):
            unique = next((c for c in a.solvable if c.statement == said), None)
            unique = claimed("unique", said, given=a.given) if unique is None else unique
            return replace(found, kind=kind, lowest=lowest, unique=unique)
    if lowest is not None:
        why = "" if _strict(a) else "whether another point is as low is not shown"
        return replace(found, kind=LOWEST, lowest=lowest, why=why)
    return replace(found, kind=STATIONARY, why=f"that it is lowest is not shown: {UNKNOWN}")
