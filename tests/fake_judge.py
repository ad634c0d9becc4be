"""A judge that answers by the item's name, for tests of what is said of a verdict, not of judging."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import chainrule
from chainrule.errors import EngineBug, Unsupported
from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.notation.statements import Derivation

WORLD = Counterexample({"n": 2}, {"A": [["0", "1"], ["0", "0"]], "x": ["0", "1"], "lam": "3"}, ["1", "0"], ["2", "0"])


def judge(item, name):
    """PROVED, except the last line of items whose name says otherwise."""
    lines = item.lines if isinstance(item, Derivation) else ()
    found = [Verdict(Evidence.PROVED, name, k, line.place, rests_on=("sums",)) for k, line in enumerate(lines, 1)]
    found = found or [Verdict(Evidence.PROVED, name, 0, item.place)]
    last, place = found[-1].line, found[-1].place
    word = name.rpartition(".")[2].split("_")[0]
    match word:
        case "wrong":
            found[-1] = Verdict(Evidence.REFUTED, name, last, place, "the sign is lost", counterexample=WORLD)
        case "open":
            found[-1] = Verdict(Evidence.OPEN, name, last, place, "no proof was found")
        case "sampled":
            found[-1] = Verdict(Evidence.SAMPLED, name, last, place, sizes=("n = 3",))
        case "unsupported":
            raise Unsupported("no arm for this node", item.place)
        case "crash":
            raise KeyError("the engine's own")
        case "contradiction":
            raise EngineBug("proved and refuted", item.place)
    return found


def module() -> types.ModuleType:
    """In the place of chainrule.judge."""
    found = types.ModuleType("chainrule.judge")
    found.__path__ = [str(Path(chainrule.__file__).parent / "judge")]  # what it consists of is as it was
    found.judge = judge  # type: ignore[attr-defined]
    return found


def install() -> None:
    """For a process of its own."""
    sys.modules["chainrule.judge"] = module()
