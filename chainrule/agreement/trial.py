"""One input, both questions: does the lifted source leave the region of doubt, and how far off is the float result?"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import arb

from chainrule.agreement.balls import NotLiftable, entries
from chainrule.agreement.flavours import Draw
from chainrule.agreement.formula import Region
from chainrule.agreement.lift import FIRST_BITS, LAST_BITS, run
from chainrule.agreement.problem import Problem
from chainrule.worlds.arithmetic import Undecided, precision

ROOM = 64.0
"""How many regions of doubt count as rounding. It decides nothing: between 16 and 256 no verdict changes."""

ALL_DIGITS = 16.0
"""Lost digits of a result that is not finite, or raised: all that a float has."""

NEAR = 2.0**-48
"""A relative difference that the search for counterexamples passes over."""

LARGEST_FLOAT = float(np.finfo(float).max)


@dataclass(frozen=True)
class Trial:
    """One input: what the lift says (None: nothing) and how far off the float result is, in regions of doubt."""

    region: Region
    disagrees: bool | None
    error: float  # of the float result, in units of R_in
    error_node: float  # the same in units of R_node
    why: str = ""


@dataclass
class Judge:
    """One function against one problem."""

    problem: Problem
    function: Callable[..., Any]
    not_lifted: Counter[str] = field(default_factory=Counter)

    def trial(self, region: Region) -> Trial:
        """Both questions at one input."""
        result, said = self._call(region)
        if said and not isinstance(result, np.linalg.LinAlgError):
            return Trial(region, True, math.inf, math.inf, said)
        verdict = self._lifted(region)
        if said:
            return Trial(region, verdict, math.inf, math.inf, said)
        floats = [float(x) for x in np.asarray(result).ravel()]
        inner = worst(floats, region.exact, region.doubt_in)
        return Trial(region, verdict, inner, worst(floats, region.exact, region.doubt_node))

    def _call(self, region: Region) -> tuple[Any, str]:
        """The float result, or the exception, and what is wrong with it, if anything."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                result = self.function(**self.problem.arguments(region.draw))
        except Exception as error:
            return error, f"raises {type(error).__name__}: {error}"
        return result, _misfit(result, region.shape)

    def near(self, draw: Draw, exact: list[Any]) -> bool:
        """Whether the lifted result is so close to the exact value that looking further is no use. It only spares
        time in the search for a small counterexample; no verdict rests on it."""
        try:
            found = entries(run(self.function, self.problem.arguments(draw), FIRST_BITS))
        except Exception:
            return False
        pairs = zip(found, exact, strict=False)
        return len(found) == len(exact) and all((z - y).contains(0) or abs(z - y) < NEAR * abs(y) for z, y in pairs)

    def _lifted(self, region: Region) -> bool | None:
        """Whether the source, run in balls, surely leaves the region of doubt; None where nothing can be said."""
        bits = FIRST_BITS
        while bits <= LAST_BITS:
            try:
                decided = self._at(region, bits)
            except Undecided as error:
                decided, why = None, str(error)
            except (NotLiftable, np.linalg.LinAlgError) as error:
                self.not_lifted[str(error)] += 1
                return None
            except Exception as error:  # the source runs on floats, so it is the lift that cannot follow it
                self.not_lifted[f"{type(error).__name__} in ball arithmetic: {error}"] += 1
                return None
            else:
                why = "the balls stay too wide"
            if decided is not None:
                return decided
            bits *= 2
        self.not_lifted[why] += 1
        return None

    def _at(self, region: Region, bits: int) -> bool | None:
        with precision(bits):
            given = self.problem.enclosed(region.draw)
        found = entries(run(self.function, given, bits))
        if len(found) != len(region.exact):
            raise NotLiftable("in ball arithmetic it returns another shape")
        with precision(bits):
            inside = True
            for z, y, doubt in zip(found, region.exact, region.doubt_node, strict=True):
                off = abs(z - y)
                if off.is_finite() and off > ROOM * doubt:
                    return True
                inside = inside and bool(off.is_finite() and off <= ROOM * doubt)
            return False if inside else None


def _misfit(result: Any, shape: tuple[int, ...]) -> str:
    """What is wrong with the kind or shape of a result, if anything."""
    if isinstance(result, (tuple, list, dict)) or result is None:
        return f"returns a {type(result).__name__}, not an array of shape {shape}"
    array = np.asarray(result)
    if array.dtype.kind not in "fiub":
        return f"returns an array of {array.dtype}, not of real numbers"
    return "" if array.shape == shape else f"returns shape {array.shape}, the formula has shape {shape}"


def worst(found: list[float], exact: list[Any], doubt: list[Any]) -> float:
    """The largest error of the entries, in units of doubt; infinite where a value should be finite and is not."""
    ratio = 0.0
    for x, y, r in zip(found, exact, doubt, strict=True):
        if not math.isfinite(x):
            if not math.isnan(x) and abs(y) >= LARGEST_FLOAT and (y > 0) == (x > 0):
                continue  # too large for a float, and infinity is the right answer
            return math.inf
        off = abs(arb(x) - y)
        ratio = max(ratio, float((off.abs_lower() / r).mid()))
    return ratio


def lost(trial: Trial) -> float:
    """Decimal digits lost beyond what the problem allows; 0 within the region of doubt."""
    if trial.error <= ROOM:
        return 0.0
    return min(ALL_DIGITS, math.log10(trial.error)) if math.isfinite(trial.error) else ALL_DIGITS
