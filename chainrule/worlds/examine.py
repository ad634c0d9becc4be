"""Try to refute a statement: exactly, in many small worlds, and say honestly what surviving that means.

Rational equalities are tested over F_p at random points and random primes, with a bound on the chance of being fooled;
then, as everything else, in small rational worlds, or in balls where functions such as exp are in them. A world in which
a side has no value, or in which a derivative falls on a kink, is skipped and counted. What fails is shrunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from math import prod

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.evidence import Counterexample
from chainrule.notation.nodes import Node, Number, Subs, Var
from chainrule.notation.properties import closure
from chainrule.notation.statements import Assumption, Predicate, Relation

from .arithmetic import Modular, Rationals, Undecided, random_prime
from .check import DIGITS, Finding, State, has_property, look, residues
from .degree import Degrees, error_bound
from .elimination import Array
from .hypotheses import Hypotheses, Statement, read, stream
from .sample import Entries, Infeasible, Source, count_values, every_value, is_spread_out
from .shrink import Failure, smallest
from .sizes import Assigned, different, edges, ladder, show
from .world import World, extents

REPS = 2
"""Independent tests over F_p at each size: a fresh prime and a fresh point each."""

ENUMERATED = 64
"""Finite choices (labels, clusters) are all tried where there are at most so many."""

CONFIRMING = 6
"""Rational worlds tried after F_p has passed."""

WORLDS = 24
"""Worlds tried where F_p has no say."""

ORDER_WORLDS = 60
"""Worlds tried for an inequality or a predicate."""

STYLES = (Entries(3), Entries(0), Entries(1), Entries(9, 4), Entries(3), Entries(2, 3), Entries(30))
"""How entries look, in turn: small integers of both signs, zeros, -1 to 1, fractions, large ones."""

EQUALITY_STYLES = (Entries(3), Entries(7, 3), Entries(2), Entries(5, 2))

MIXES = (sp.Rational(1, 2), sp.Rational(1, 4), sp.Rational(9, 10))
"""The t of f((1-t)x + ty) <= (1-t)f(x) + tf(y)."""


class Outcome(Enum):
    """What an examination came to."""

    REFUTED = "false in a world that is shown"
    CERTIFIED = "passed exact identity testing"
    SAMPLED = "held in every world tried"
    NO_WORLD = "no world was found in which the hypotheses hold"
    UNDEFINED = "a side has no value in any world tried"
    UNSUPPORTED = "this statement cannot be given numbers"


@dataclass(frozen=True)
class Examination:
    """The outcome, and what it rests on. `worlds` counts those that decided; `skipped` the others by state.

    `digits` is the agreement in balls, None where the arithmetic was exact; `error_bound` belongs to CERTIFIED: the
    chance that a false identity passes at every listed size, over the numbers that the worlds draw."""

    outcome: Outcome
    why: str
    arithmetic: str = ""
    sizes: tuple[str, ...] = ()
    worlds: int = 0
    reps: int = 0
    error_bound: float | None = None
    digits: int | None = None
    counterexample: Counterexample | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass
class _Tally:
    """What the worlds said so far."""

    skipped: Counter[str] = field(default_factory=Counter)
    sizes: list[str] = field(default_factory=list)
    worlds: int = 0
    balls: bool = False
    failed: World | None = None

    def add(self, finding: Finding, sizes: Assigned) -> None:
        if finding.state in (State.HOLDS, State.FAILS):
            self.worlds += 1
            self.balls = self.balls or finding.arithmetic == "balls"
            if show(sizes) not in self.sizes:
                self.sizes.append(show(sizes))
        else:
            self.skipped[finding.state.value] += 1


def examine(statement: Statement, given: tuple[Assumption, ...] = ()) -> Examination:
    """Try to refute a statement under hypotheses. Free indices in it take every value."""
    try:
        if isinstance(statement, Predicate) and statement.name == "convex":
            return _examine_convex(statement, given)
        sides = (statement.left, statement.right) if isinstance(statement, Relation) else (statement.of,)
        hypotheses = read(sides, given)
        if isinstance(statement, Relation) and statement.relation == "=":
            return _examine_equality(statement, hypotheses)
        return _examine_order(statement, hypotheses)
    except Unsupported as error:
        return Examination(Outcome.UNSUPPORTED, error.text)


# --- equalities --------------------------------------------------------------------------------------
@dataclass
class _Residues:
    """What testing over F_p came to."""

    rational: bool = True
    failed: Assigned | None = None
    undefined: int = 0
    tested: list[tuple[Assigned, int, int]] = field(default_factory=list)  # sizes, degree, reps
    spread_out: bool = True


def _examine_equality(statement: Relation, hypotheses: Hypotheses) -> Examination:
    residue = _over_residues(statement, hypotheses)
    if residue.failed is not None:
        failure = smallest(statement, hypotheses)
        if failure is not None:
            return _refuted(failure, statement, f"over F_p already at {show(residue.failed)}")
        if not hypotheses.order_dependent:
            return _refuted_modulo(statement, hypotheses, residue.failed)
    passed = residue.rational and residue.failed is None and bool(residue.tested)
    tally = _rational_worlds(statement, hypotheses, CONFIRMING if passed else WORLDS, real=not residue.rational)
    if tally.failed is not None:
        return _refuted(_shrunk(statement, hypotheses, tally), statement)
    if not tally.worlds:
        return _nothing(tally)
    if not passed or not residue.spread_out:
        return _sampled(tally)
    bound = sum(error_bound(degree, reps) for _, degree, reps in residue.tested)
    return Examination(
        Outcome.CERTIFIED,
        "both sides are the same at random points modulo random primes",
        arithmetic="field",
        sizes=tuple(show(s) for s, _, _ in residue.tested),
        worlds=tally.worlds + sum(r for _, _, r in residue.tested),
        reps=min(r for _, _, r in residue.tested),
        error_bound=bound,
        skipped=dict(tally.skipped),
        notes=_notes(tally),
    )


def _over_residues(statement: Relation, hypotheses: Hypotheses) -> _Residues:
    """Test over F_p at the different sizes and the edges."""
    out = _Residues(spread_out=all(is_spread_out(names) for names in hypotheses.properties.values()))
    rng = stream("F_p")
    for sizes in different(hypotheses.limits) + edges(hypotheses.limits):
        try:
            reps = _residues_at(statement, hypotheses, sizes, rng, out)
            if out.failed is not None:
                return out
            if reps:
                degrees = Degrees(sizes, hypotheses.properties, hypotheses.definitions)
                degree = degrees.relation(statement.left, statement.right)
                out.tested.append((sizes, degree * _solved(hypotheses, sizes), reps))
        except Infeasible:
            continue
        except Unsupported:
            return _Residues(rational=False)
    return out


def _solved(hypotheses: Hypotheses, sizes: Assigned) -> int:
    """Symbols that were solved for from equations are quotients of determinants: the factor that this costs."""
    if not any(isinstance(c, Relation) and c.relation == "=" for c in hypotheses.conditions):
        return 1
    entries = sum(prod(extents(v.shape, sizes)) for v in hypotheses.variables)
    return 2 * (entries + 1) ** 2


def _residues_at(
    statement: Relation, hypotheses: Hypotheses, sizes: Assigned, rng: object, out: _Residues
) -> int:
    """How many tests each choice of the finite symbols passed at these sizes; 0 where none was decided."""
    choices = _choices(hypotheses, sizes)
    if choices is None:
        return 0
    passed = []
    for fixed in choices:
        reps = REPS if not fixed else 1
        passed.append(sum(_residue_test(statement, hypotheses, sizes, fixed, out) for _ in range(reps)))
        if out.failed is not None:
            return 0
    return min(passed, default=0)


def _choices(hypotheses: Hypotheses, sizes: Assigned) -> list[dict[Var, Array]] | None:
    """Every value of the symbols with finitely many, or None where those are too many."""
    finite = hypotheses.finite
    shapes = {v: extents(v.shape, sizes) for v in finite}
    if prod(count_values(hypotheses.properties[v], shapes[v]) for v in finite) > ENUMERATED:
        return None
    values = [list(every_value(hypotheses.properties[v], shapes[v], Rationals())) for v in finite]
    return [dict(zip(finite, chosen, strict=True)) for chosen in product(*values)]


def _residue_test(
    statement: Relation, hypotheses: Hypotheses, sizes: Assigned, fixed: dict[Var, Array], out: _Residues
) -> bool:
    """One test with a fresh prime and point; undefined ones are drawn again a few times."""
    for _ in range(4):
        rng = stream("F_p", show(sizes), out.undefined, len(out.tested), next(_counter))
        field_ = Modular(random_prime(rng))
        world = hypotheses.world(sizes, Source(field_, rng), _lifted(fixed, field_))
        if world is None:
            return False
        finding = residues(world, statement, field_.p)
        if finding.state is State.UNDEFINED:
            out.undefined += 1
            continue
        if finding.state is State.FAILS:
            out.failed = sizes
        return finding.state is State.HOLDS
    return False
