"""Does the hand-written function compute the formula, and how well? Two questions, asked separately, with no tolerance.

Is it the same function? Its source is run in ball arithmetic; it disagrees where the balls lie surely outside the
region that rounding can explain. Is it stable? Its float64 result is off by more than one-ulp moves of the inputs can
explain; the digits lost are the logarithm of how much more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import Phase, settings
from hypothesis import given as drawn_from
from hypothesis.strategies import tuples

from chainrule.agreement.flavours import FLAVOURS, REPRODUCIBLE, TAME, Draw, draws
from chainrule.agreement.formula import Region
from chainrule.agreement.outcome import AGREES, UNSTABLE, Outcome, Row
from chainrule.agreement.problem import Problem, problem_of
from chainrule.agreement.shrink import disagreement, other_side, shown
from chainrule.agreement.trial import ROOM, Judge, Trial, lost
from chainrule.errors import Undefined, caller
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Agreement, Assumption
from chainrule.worlds.arithmetic import Undecided

DRAWS = 2
"""Inputs of each flavour."""


# --- the inputs ------------------------------------------------------------------------------------
def inputs(problem: Problem) -> tuple[dict[str, list[Region]], int]:
    """Inputs of every flavour with the formula's value, and how many were skipped because it has none there."""
    found: dict[str, list[Region]] = {flavour: [] for flavour in FLAVOURS}
    skipped = 0

    @settings(max_examples=DRAWS, phases=[Phase.generate], **REPRODUCIBLE)
    @drawn_from(tuples(*(draws(problem.drawn, problem.dims, flavour) for flavour in FLAVOURS)))
    def look(drawn: tuple[Draw, ...]) -> None:
        nonlocal skipped
        for draw in drawn:
            try:
                found[draw.flavour].append(problem.formula.region(problem.complete(draw)))
            except (Undefined, Undecided):
                skipped += 1

    look()
    return found, skipped


_known: dict[Any, tuple[dict[str, list[Region]], int]] = {}


def all_inputs(problem: Problem) -> tuple[dict[str, list[Region]], int]:
    """Inputs of every flavour; remembered for the last few problems, which several functions may share."""
    key = (
        problem.formula.node,
        tuple(problem.formula.definitions.items()),
        problem.drawn,
        problem.derived,
        problem.conditions,
    )
    if key not in _known:
        while len(_known) >= 8:
            _known.pop(next(iter(_known)))
        _known[key] = inputs(problem)
    return _known[key]


# --- the answer ------------------------------------------------------------------------------------
def compare(agreement: Agreement, declared: Iterable[Var] = ()) -> Outcome:
    """Whether the function of an agreement computes its formula. `declared` are symbols of the chapter that a
    parameter may mean although the formula does not contain them.

    Raises NotationError where a parameter means nothing, Undefined where no input was found at which the formula has
    a value.
    """
    return judge(problem_of(agreement, declared), agreement.function)


def compare_functions(
    formula: Node,
    functions: Mapping[str, Callable[..., Any]],
    *,
    given: tuple[Assumption, ...] = (),
    names: Mapping[str, str] = {},
) -> dict[str, Outcome]:
    """Several functions against one formula, on the same inputs: by hand, generated, by QR."""
    place = caller()
    return {
        label: replace(compare(Agreement(formula, function, names, given, place)), function=label)
        for label, function in functions.items()
    }


def judge(problem: Problem, function: Callable[..., Any]) -> Outcome:
    """The trials of every flavour, and the verdict on them."""
    regions, skipped = all_inputs(problem)
    if not any(regions.values()):
        raise Undefined("no input was found at which the formula has a value and the hypotheses hold")
    one = Judge(problem, function)
    trials = {flavour: [one.trial(r) for r in found] for flavour, found in regions.items()}
    every = [t for found in trials.values() for t in found]
    lifted = any(t.disagrees is False or (t.disagrees and not t.why) for t in every)
    if not lifted:
        every = [t if t.disagrees else replace(t, disagrees=_by_floats(t)) for t in every]
    found = Outcome(
        AGREES,
        getattr(function, "__name__", "the function"),
        "",
        rows=_rows(trials),
        lifted=lifted,
        not_lifted="" if lifted else one.not_lifted.most_common(1)[0][0] if one.not_lifted else "",
        cases=len(every),
        skipped=skipped,
    )
    wrong = [t for t in every if t.disagrees]
    if wrong:
        return disagreement(found, one, wrong)
    return _stability(found, one, every)


def _by_floats(trial: Trial) -> bool:
    """Where the source cannot be lifted: wrong if it leaves the region of doubt on an input that is tame."""
    return trial.region.draw.flavour in TAME and trial.error_node > ROOM


def _rows(trials: Mapping[str, list[Trial]]) -> tuple[Row, ...]:
    """One row a flavour; the magnitudes share one."""
    grouped: dict[str, list[Trial]] = {}
    for flavour, found in trials.items():
        grouped.setdefault("magnitudes to 710" if flavour.startswith("magnitude") else flavour, []).extend(found)
    return tuple(
        Row(name, len(found), max(t.error for t in found), max(lost(t) for t in found))
        for name, found in grouped.items()
        if found
    )


def _stability(found: Outcome, one: Judge, trials: list[Trial]) -> Outcome:
    bad = max(trials, key=lambda t: (lost(t), t.error_node > ROOM))
    digits = lost(bad)
    how = "the same function" if found.lifted else "the same on tame inputs (compared in floats: not lifted)"
    if not digits:
        return replace(found, why=f"{how}; within rounding on {found.cases} inputs")
    blamed = [t for t in trials if lost(t) == digits]
    cause = "code" if any(t.error_node > ROOM for t in blamed) else "formula as written"
    return replace(
        found,
        outcome=UNSTABLE,
        cause=cause,
        lost_digits=digits,
        worst=shown(bad.region, *other_side(one, bad)),
        why=f"{how}, but {digits:.1f} digits lost on an input of the flavour {bad.region.draw.flavour!r}, "
        f"by the {cause}" + (f" ({bad.why})" if bad.why else ""),
    )
