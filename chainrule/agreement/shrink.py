"""The smallest input on which a function and a formula disagree: small sizes and small integers, to check by hand."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import Phase, given, settings

from chainrule.agreement.flavours import REPRODUCIBLE, Draw, ladder, repaired, whole
from chainrule.agreement.formula import Region
from chainrule.agreement.lift import FIRST_BITS
from chainrule.agreement.outcome import DISAGREES, Outcome
from chainrule.agreement.structure import structured
from chainrule.agreement.trial import ROOM, Judge, Trial
from chainrule.errors import Undefined
from chainrule.evidence import Counterexample
from chainrule.notation.dims import Dim
from chainrule.worlds.arithmetic import Undecided, precision

TRIES = 40
"""Inputs for each rung of sizes."""

RUNGS = 8
"""Rungs of the ladder that are tried."""

NOTE = "left: the formula; right: the function"

SHRUNK = [Phase.generate, Phase.shrink]
FOUND = [Phase.generate]

STEPS = 200
"""Simplifications tried on an input that no small integers replace."""


def disagreement(found: Outcome, judge: Judge, wrong: list[Trial]) -> Outcome:
    """The outcome with the smallest disagreeing input."""
    search = Search(judge, floats=not found.lifted)
    rungs = ladder(judge.problem.drawn, judge.problem.dims)[:RUNGS]
    small = search.by_integers(rungs) or search.simpler(_smallest(wrong))
    apart = search.with_sizes_apart()
    return replace(
        found,
        outcome=DISAGREES,
        worst=shown(small.region, *other_side(judge, small)),
        apart=shown(apart.region, *other_side(judge, apart)) if apart else None,
        why=small.why or "it computes another function than the formula",
    )


def _smallest(wrong: list[Trial]) -> Trial:
    return min(wrong, key=lambda t: sum(x.size for x in t.region.draw.values.values()))


@dataclass(frozen=True)
class Search:
    """Looks for small inputs on which the function disagrees; where there is no lift, `floats` decide."""

    judge: Judge
    floats: bool

    def trial(self, draw: Draw) -> Trial | None:
        """The trial at this input if the two disagree there."""
        problem = self.judge.problem
        try:
            draw = problem.complete(draw)
            with precision(FIRST_BITS):
                if not self.floats and self.judge.near(draw, problem.formula.at(draw)):
                    return None
            trial = self.judge.trial(problem.formula.region(draw))
        except (Undefined, Undecided):
            return None
        return trial if trial.disagrees or (self.floats and trial.error_node > ROOM) else None

    def by_integers(self, rungs: list[dict[Dim, int]]) -> Trial | None:
        """Hypothesis's smallest integers at the smallest sizes that show it."""
        return next((found for sizes in rungs if (found := self._at(sizes, SHRUNK)) is not None), None)

    def with_sizes_apart(self) -> Trial | None:
        """An input whose sizes all differ and exceed 1: it shows what square or single ones may hide."""
        symbols = self.judge.problem.drawn
        names = self.judge.problem.dims
        if len(names) < 2:
            return None
        return self._at(repaired(symbols, {name: 2 + k for k, name in enumerate(reversed(names))}), FOUND)

    def _at(self, sizes: dict[Dim, int], phases: list[Phase]) -> Trial | None:
        caught: list[Trial] = []

        @settings(max_examples=TRIES, report_multiple_bugs=False, phases=phases, **REPRODUCIBLE)
        @given(whole(self.judge.problem.drawn, sizes))
        def agree(draw: Draw) -> None:
            trial = self.trial(draw)
            if trial is not None:
                caught.append(trial)
                raise AssertionError

        try:
            agree()
        except AssertionError:
            return caught[-1]
        return None

    def simpler(self, trial: Trial) -> Trial:
        """Entries replaced by 0, by 1, by an integer, by two digits, as long as the two still disagree."""
        tried = 0
        for var, x in trial.region.draw.values.items():
            for place in np.ndindex(x.shape):
                now = float(trial.region.draw.values[var][place])
                for simple in dict.fromkeys((0.0, 1.0, float(np.round(now)), float(f"{now:.2g}"))):
                    tried += 1
                    if simple == now or tried > STEPS:
                        continue
                    better = self.trial(_changed(trial.region.draw, var, place, simple))
                    if better is not None:
                        trial = better
                        break
        return trial


def _changed(draw: Draw, var: Any, place: tuple[int, ...], value: float) -> Draw:
    """One entry changed; an array that no longer has its declared structure is rebuilt to have it."""
    x = draw.values[var].copy()
    x[place] = value
    return replace(draw, values={**draw.values, var: structured(var, x, np.random.default_rng(0))})


# --- as it is printed ------------------------------------------------------------------------------
def shown(region: Region, right: Any, note: str) -> Counterexample:
    """An input, with the formula's value on the left and the function's on the right."""
    return Counterexample(
        sizes={str(k): v for k, v in region.draw.sizes.items()},
        values={v.name: _texts(x) for v, x in region.draw.values.items()},
        left=_nested([x.str(8, radius=False) for x in region.exact], region.shape),
        right=right,
        note=note,
    )


def other_side(judge: Judge, trial: Trial) -> tuple[Any, str]:
    """The function's own value, or what it did instead."""
    if trial.why:
        return trial.why, NOTE
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _texts(judge.function(**judge.problem.arguments(trial.region.draw))), NOTE


def _texts(x: Any) -> Any:
    x = np.asarray(x)
    return _nested([f"{float(v):.8g}" for v in x.ravel()], x.shape)


def _nested(texts: list[str], shape: tuple[int, ...]) -> Any:
    return np.array(texts, dtype=object).reshape(shape).tolist()
