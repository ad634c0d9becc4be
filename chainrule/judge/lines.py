"""The verdict on one statement: try to refute it, try to prove it, and say what stands.

What is proved has been tried in a few worlds, in case the engine is wrong; what is not is tried in many.

If a proof and a refutation ever meet, the engine is wrong, and the run stops with both.
"""

from __future__ import annotations

import time
from dataclasses import replace

from chainrule.errors import EngineBug, Place
from chainrule.evidence import Evidence, Verdict
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Deriv, Expect, Var
from chainrule.notation.statements import Assumption, Predicate, Reason, Relation
from chainrule.worlds.examine import BRIEF, THOROUGH, Effort, examine
from chainrule.worlds.outcome import Examination, Outcome

from .context import Shown
from .prove import Proof, prove, unmet

SECONDS = 20.0
"""How long one line may be tested, and how long a proof of it may be searched for."""


def verdict_on(
    statement: Relation | Predicate,
    reason: Reason,
    facts: tuple[Shown, ...],
    given: tuple[Assumption, ...],
    item: str,
    line: int,
    place: Place,
) -> Verdict:
    """Judge one statement for its reason, under its facts and hypotheses."""
    start = time.perf_counter()
    seen = _examined(statement, given, BRIEF)
    proof, why = _searched(statement, reason, facts)
    sound = proof is not None and proof.evidence is Evidence.PROVED and not proof.obligations
    if not (seen.outcome is Outcome.REFUTED or (sound and seen.outcome in (Outcome.SAMPLED, Outcome.CERTIFIED))):
        seen = _examined(statement, given, THOROUGH)
    if proof is not None and sound and seen.outcome is Outcome.REFUTED:
        raise EngineBug(
            f"{item} line {line} was proved and refuted. Proof rests on: {', '.join(proof.rests_on)}. "
            f"Counterexample: {seen.counterexample}",
            place,
        )
    base = Verdict(Evidence.OPEN, item, line, place, sizes=seen.sizes, hypotheses=_hypotheses(statement, given))
    if seen.outcome is Outcome.REFUTED:
        verdict = replace(base, evidence=Evidence.REFUTED, counterexample=seen.counterexample, why=seen.why)
    elif seen.outcome is Outcome.NO_WORLD:
        verdict = replace(base, why=f"the hypotheses may have no model: {seen.why}")
    elif seen.outcome is Outcome.UNDEFINED:
        verdict = replace(base, why=f"nothing is said where nothing is defined: {seen.why}")
    elif proof is None:
        verdict = _tested(base, seen, _hint(statement, reason, facts, why), unmet(statement, facts))
    else:
        verdict = _proved(base, seen, proof)
    return replace(verdict, seconds=time.perf_counter() - start)


def _examined(statement: Relation | Predicate, given: tuple[Assumption, ...], effort: Effort) -> Examination:
    try:
        return within(SECONDS, lambda: examine(statement, given, effort))
    except TooMuch as error:
        return Examination(Outcome.UNSUPPORTED, f"testing was {error.text}")


def _searched(statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...]) -> tuple[Proof | None, str]:
    try:
        return within(SECONDS, lambda: prove(statement, reason, facts))
    except TooMuch as error:
        return None, f"the search for a proof was {error.text}"


def _proved(base: Verdict, seen: Examination, proof: Proof) -> Verdict:
    """Proved, as far as its facts carry; what is asked and not granted leaves only what testing has shown."""
    if proof.obligations:
        asked = "; ".join(proof.obligations)
        why = f"it follows only where {asked}, and nothing here says so"
        return replace(_tested(base, seen, why, proof.obligations), rests_on=proof.rests_on)
    if proof.evidence is Evidence.PROVED:
        return replace(base, evidence=Evidence.PROVED, rests_on=proof.rests_on)
    why = "it stands no higher than the facts that it leans on"
    evidence = max(proof.evidence, Evidence.OPEN)  # a refuted fact shows nothing, but refutes nothing either
    return replace(base, evidence=evidence, rests_on=proof.rests_on, why=why)


def _tested(base: Verdict, seen: Examination, why: str, asked: tuple[str, ...]) -> Verdict:
    """What testing has shown. A line that asks for what nobody has granted was tested only where it has a value."""
    found = {Outcome.CERTIFIED: Evidence.CERTIFIED, Outcome.SAMPLED: Evidence.SAMPLED}.get(seen.outcome, Evidence.OPEN)
    if asked:
        found = min(found, Evidence.SAMPLED)
    bound = seen.error_bound if found is Evidence.CERTIFIED else None
    return replace(base, evidence=found, why=why, error_bound=bound, obligations=asked)


def _hint(statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...], why: str) -> str:
    """Why a true line is not proved: often the reason is too weak for it."""
    if reason.calculus or not isinstance(statement, Relation):
        return why
    derives = statement.left.atoms(Deriv) | statement.right.atoms(Deriv)
    means = statement.left.atoms(Expect) | statement.right.atoms(Expect)
    if means and prove(statement, reason, facts, calculus=True)[0]:
        return f"the reason {reason.name} does not work out expected values; expectation does"
    if derives and prove(statement, reason, facts, calculus=True)[0]:
        return f"the reason {reason.name} does not take derivatives; differentiate does"
    return why


def _hypotheses(statement: Relation | Predicate, given: tuple[Assumption, ...]) -> tuple[str, ...]:
    parts = statement.formulas
    symbols = sorted({v for part in parts for v in part.atoms(Var)}, key=lambda v: v.name)
    said = [f"{v.name}: {', '.join(sorted(v.declared)).replace('_', ' ')}" for v in symbols if v.declared]
    return tuple(said + [f"assumed: {_shown(a.statement)}" for a in given])


def _shown(s: Relation | Predicate) -> str:
    if isinstance(s, Relation):
        return f"{s.left} {s.relation} {s.right}"
    return f"{s.name.replace('_', ' ')}({s.of})"
