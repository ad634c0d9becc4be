"""Try to refute a statement: exactly, in many small worlds, and say honestly what surviving that means.

Rational equalities are tested over F_p with a bound on the chance of being fooled; then, as everything else, in small
rational worlds, or in balls where functions such as exp are in them. A world in which a side has no value, or in which
a derivative falls on a kink, is skipped and counted. What fails is shrunk and shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from chainrule.errors import Unsupported
from chainrule.evidence import Counterexample
from chainrule.notation.statements import Assumption, Predicate, Relation

from .arithmetic import Modular, Rationals, random_prime
from .check import DIGITS, State, look, residues
from .convexity import Chord, chords
from .hypotheses import Hypotheses, Judged, Statement, stream
from .identity import IdentityTest
from .outcome import Examination, Outcome, Tally
from .press import pressed
from .reading import read
from .shrink import counterexample, shown, simplified, smallest
from .sizes import Assigned, ladder, show
from .source import Entries, Infeasible, Source
from .world import World

CONFIRMING = 6
"""Rational worlds that have to agree after F_p has passed."""


class Effort(NamedTuple):
    """How hard a statement is tried: worlds in which an equality has to hold where F_p has no say, worlds in which an
    inequality or a predicate has to, and whether an inequality is then pressed towards where it is tight."""

    equal: int
    ordered: int
    press: bool


THOROUGH = Effort(24, 60, True)
"""For what rests on being tried."""

BRIEF = Effort(CONFIRMING, 14, False)
"""For what has a proof as well: each flavour of entries twice."""

REDRAWS = 3
"""A world that decides nothing is replaced, until so many times the wanted number were drawn."""

MISSES = 3
"""A size at which so many kinds of entries gave no world is left."""

GENERAL = (Entries(3), Entries(9, 5), Entries(2), Entries(23, 7))
"""How the entries of worlds for equalities look, in turn."""

EXTREMES = (Entries(3), Entries(always=0), Entries(1), Entries(9, 4), Entries(always=1), Entries(2, 3), Entries(30))
"""How the entries of worlds for inequalities look, in turn: both signs, zeros, ones, fractions, large."""


def examine(statement: Statement, given: tuple[Assumption, ...] = (), effort: Effort = THOROUGH) -> Examination:
    """Try to refute a statement under hypotheses. Indices that are free in it take every value."""
    try:
        if isinstance(statement, Predicate) and statement.name == "convex":
            return _convex(statement, given, effort)
        hypotheses = read(statement.formulas, given)
        if isinstance(statement, Relation) and statement.relation == "=":
            return _equality(statement, hypotheses, effort)
        found = tally(statement, hypotheses, effort.ordered, EXTREMES)
        if effort.press and isinstance(statement, Relation) and found.failure is None:
            found.failure = pressed(statement, hypotheses, found.held)
        return _sampled(statement, hypotheses, found)
    except Unsupported as error:
        return Examination(Outcome.UNSUPPORTED, error.text)


def _equality(statement: Relation, hypotheses: Hypotheses, effort: Effort) -> Examination:
    test = IdentityTest(statement, hypotheses).run()
    if test.failed is not None:
        refuted = _confirmed(statement, hypotheses, test.failed)
        if refuted is not None:
            return refuted
    wanted = CONFIRMING if test.certifies else effort.equal
    found = tally(statement, hypotheses, wanted, GENERAL)
    if found.failure is not None or not found.worlds or not test.certifies:
        sampled = _sampled(statement, hypotheses, found)
        return replace(sampled, notes=(*sampled.notes, *test.notes))
    return Examination(
        Outcome.CERTIFIED,
        "both sides agree at random points modulo random primes",
        arithmetic="field",
        sizes=tuple(show(p.sizes) for p in test.passed),
        worlds=found.worlds,
        reps=min(p.reps for p in test.passed),
        error_bound=test.bound,
        skipped=dict(found.skipped),
        notes=(*_notes(found), *test.notes),
    )


def tally(
    statement: Statement, hypotheses: Hypotheses, wanted: int, styles: tuple[Entries, ...], *, real: bool = False
) -> Tally:
    """The statement in rational worlds along the ladder of sizes, until enough decided or one failed."""
    out, rng, misses = Tally(), stream("worlds", wanted), Counter[str]()
    steps = ladder(hypotheses.limits)
    for k in range(wanted * REDRAWS if steps else 0):
        sizes = steps[k % len(steps)]
        if misses[show(sizes)] >= MISSES:
            continue
        entries = styles[(k // len(steps)) % len(styles)]
        world = _world(hypotheses, sizes, Source(Rationals(), rng, entries))
        if world is None:
            misses[show(sizes)] += 1
            continue
        out.add(world, look(world, statement, real=real or out.balls))
        if out.failure is not None or out.worlds == wanted:
            break
    return out


def _world(hypotheses: Hypotheses, sizes: Assigned, source: Source) -> World | None:
    try:
        return hypotheses.world(sizes, source)
    except Infeasible:
        return None


# --- outcomes ------------------------------------------------------------------------------------------
def _sampled(statement: Statement, hypotheses: Hypotheses, found: Tally) -> Examination:
    """What rational worlds alone say."""
    if found.failure is not None:
        small = smallest(statement, hypotheses, real=found.balls)
        failure = small or simplified(found.failure, statement, hypotheses, real=found.balls)
        return _refuted(statement, hypotheses, failure, f"false at {show(dict(found.failure.world.sizes))} too")
    equality = isinstance(statement, Relation) and statement.relation == "="
    if found.worlds:
        how = "exactly" if not found.balls else f"to {DIGITS} digits" if equality else "in rigorous balls"
        return Examination(
            Outcome.SAMPLED,
            f"held in {found.worlds} worlds, {how}",
            arithmetic="real" if found.balls else "ordered",
            sizes=tuple(found.sizes),
            worlds=found.worlds,
            digits=DIGITS if equality and found.balls else None,
            skipped=dict(found.skipped),
            notes=_notes(found),
        )
    if not found.skipped:
        return Examination(Outcome.NO_WORLD, "no world was found in which everything declared and given holds")
    why = "in every world tried: " + ", ".join(f"{state} ({k})" for state, k in found.skipped.items())
    return Examination(Outcome.UNDEFINED, why, skipped=dict(found.skipped), notes=_notes(found))


def _notes(found: Tally) -> tuple[str, ...]:
    texts = {
        State.UNDEFINED.value: "a side has no value",
        State.KINK.value: "a derivative falls on a kink",
        State.UNDECIDED.value: "balls could not decide",
    }
    return tuple(f"{k} worlds skipped: {texts[state]}" for state, k in found.skipped.items())


def _refuted(statement: Statement, hypotheses: Hypotheses, failure: Judged, note: str) -> Examination:
    here = show(dict(failure.world.sizes))
    shown_note = "" if here in note else note
    return Examination(
        Outcome.REFUTED,
        f"false at {here}" if failure.world.sizes else "false for these numbers",
        arithmetic="real" if failure.finding.arithmetic == "balls" else "ordered",
        sizes=(here,),
        worlds=1,
        counterexample=counterexample(failure, statement, hypotheses, shown_note),
    )


def _confirmed(statement: Relation, hypotheses: Hypotheses, sizes: Assigned) -> Examination | None:
    """A failure over F_p, confirmed by a rational world; without one, it counts only where no order and no
    condition could excuse it: sqnorm(x) = 0 has other solutions in F_p than among the reals."""
    failure = smallest(statement, hypotheses)
    if failure is not None:
        return _refuted(statement, hypotheses, failure, f"false at {show(sizes)} too")
    rng = stream("confirm")
    for entries in GENERAL * 4:
        world = _world(hypotheses, sizes, Source(Rationals(), rng, entries))
        finding = look(world, statement) if world is not None else None
        if world is not None and finding is not None and finding.state is State.FAILS:
            found = simplified(Judged(world, finding), statement, hypotheses)
            return _refuted(statement, hypotheses, found, "")
    excused = hypotheses.order_dependent or hypotheses.conditions
    return None if excused else _modulo_a_prime(statement, hypotheses, sizes)


def _modulo_a_prime(statement: Relation, hypotheses: Hypotheses, sizes: Assigned) -> Examination | None:
    """The failure as it stands over F_p."""
    rng = stream("F_p only")
    for _ in range(REDRAWS):
        modular = Modular(random_prime(rng))
        world = hypotheses.world(sizes, Source(modular, rng))
        finding = residues(world, statement, modular.p) if world is not None else None
        if world is None or finding is None or finding.state is not State.FAILS:
            continue
        values = {v.name: shown(world.values[v]) for v in hypotheses.variables if v in world.values}
        example = Counterexample(
            {str(d): k for d, k in sizes.items()},
            values,
            shown(finding.left),
            shown(finding.right),
            f"all numbers modulo the prime {modular.p}; no rational world was found",
        )
        return Examination(
            Outcome.REFUTED, f"false in F_p at {show(sizes)}", "field", (show(sizes),), 1, counterexample=example
        )
    return None


def _convex(claim: Predicate, given: tuple[Assumption, ...], effort: Effort) -> Examination:
    """The chord above f, at every t; the first that fails decides."""
    found: list[Examination] = []
    for chord in chords(claim, given):
        examination = examine(chord.relation, chord.given, effort)
        if examination.counterexample is not None:
            return replace(examination, counterexample=with_mix(examination.counterexample, chord))
        if examination.outcome is not Outcome.SAMPLED:
            return replace(examination, notes=(*examination.notes, f"t = {chord.t}"))
        found.append(examination)
    worlds = sum(e.worlds for e in found)
    return replace(found[0], worlds=worlds, why=f"the chord lay above f in {worlds} worlds")


def with_mix(found: Counterexample, chord: Chord) -> Counterexample:
    """A chord that f crosses: the second point and the mix belong to it."""
    note = f"{', '.join(chord.seconds)}: the second point; f at (1-{chord.called}) and {chord.called} parts of both"
    return replace(found, values={**found.values, chord.called: str(chord.t)}, note=note)
