"""Verdicts on code and on data: is the hand-written function the formula, and does a derivation hold on real data?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from chainrule.agreement.compare import compare, compare_functions
from chainrule.agreement.outcome import AGREES, DISAGREES, Outcome
from chainrule.errors import ChainruleError, NotationError
from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Var
from chainrule.notation.statements import Agreement, Example, Relation
from chainrule.worlds.check import State, look
from chainrule.worlds.world import World, world_of

SECONDS = 60.0
"""How long one comparison may take."""


def verdict_on_agreement(item: Agreement, name: str) -> Verdict:
    """The hand-written function against the formula, and beside it the code generated from the formula.

    That two functions are the same is shown on inputs, never for all: agreement is SAMPLED, disagreement REFUTED.
    """
    start = time.perf_counter()
    try:
        found = within(SECONDS, lambda: compare(item))
    except TooMuch as error:
        return Verdict(Evidence.OPEN, name, 0, item.place, f"the comparison was {error.text}")
    detail = {"by hand": _plain(found), "generated": _generated(item)}
    evidence = Evidence.REFUTED if found.outcome == DISAGREES else Evidence.SAMPLED
    worst = found.worst if found.outcome == DISAGREES else None
    return Verdict(
        evidence,
        name,
        0,
        item.place,
        why="" if found.outcome == AGREES else found.why,
        rests_on=("ball arithmetic" if found.lifted else "floating point on tame inputs",),
        sizes=(f"{found.cases} inputs in {len(found.rows)} flavours",),
        counterexample=worst,
        detail=detail,
        seconds=time.perf_counter() - start,
    )


def _plain(found: Outcome) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "function": found.function,
        "why": found.why,
        "cause": found.cause,
        "lost_digits": found.lost_digits,
        "lifted": found.lifted,
        "not_lifted": found.not_lifted,
        "cases": found.cases,
        "rows": [asdict(row) for row in found.rows],
    }


def _generated(item: Agreement) -> dict[str, Any]:
    """The same comparison for the generated code."""
    from chainrule.code import numpy_function

    try:
        function: Callable[..., Any] = numpy_function(item.formula, "generated", item.arguments)
        one = {"generated": function}
        return _plain(within(SECONDS, lambda: compare_functions(item.formula, one, given=item.given)["generated"]))
    except ChainruleError as error:
        return {"outcome": "none", "why": error.text}


def verdict_on_example(item: Example, name: str) -> Verdict:
    """Every line of a derivation on given data, exactly or in balls; on each, where there are several."""
    start = time.perf_counter()
    worlds, checked = _worlds(item), 0
    for world in worlds:
        before = item.derivation.first
        for k, line in enumerate(item.derivation.lines, 1):
            seen = look(world, Relation(before, line.relation, line.expr))
            if seen.state is State.FAILS:
                sizes = {str(d): n for d, n in world.sizes.items()}
                wrong = Counterexample(sizes, {}, str(seen.left), str(seen.right), f"line {k} on the given data")
                why = f"line {k} is false on the data"
                return Verdict(Evidence.REFUTED, name, 0, item.place, why, counterexample=wrong)
            checked += seen.state is State.HOLDS
            before = line.expr
    evidence = Evidence.SAMPLED if checked == len(worlds) * len(item.derivation.lines) else Evidence.OPEN
    return Verdict(
        evidence,
        name,
        0,
        item.place,
        why="" if evidence is Evidence.SAMPLED else "some lines have no value on the data",
        rests_on=("exact arithmetic on the data",),
        sizes=_sizes(worlds),
        detail={"lines": checked, "values": _ends(item, worlds[-1])},
        seconds=time.perf_counter() - start,
    )


def _sizes(worlds: list[World]) -> tuple[str, ...]:
    """The sizes of the data; how many data have them, if not one."""
    found = Counter(", ".join(f"{d}={n}" for d, n in world.sizes.items()) for world in worlds)
    return tuple(f"{sizes}, {many} times" if many > 1 else sizes for sizes, many in found.items())


def _worlds(item: Example) -> list[World]:
    symbols = {v.name: v for part in (item.derivation.first, *(x.expr for x in item.derivation.lines))
               for v in part.atoms(Var)}  # fmt: skip
    data = item.data()
    found = [data] if isinstance(data, Mapping) else list(data)
    if not found:
        raise NotationError(f"{item.data.__name__}() returned an empty list; a line is checked on one or more data")
    return [_world(item, symbols, one) for one in found]


def _world(item: Example, symbols: Mapping[str, Var], data: Mapping[str, Any]) -> World:
    missing = sorted(set(symbols) - set(data))
    unknown = sorted(set(data) - set(symbols))
    if missing or unknown:
        raise NotationError(
            f"the data name {', '.join(sorted(data))}; the derivation speaks of {', '.join(sorted(symbols))}: "
            + "; ".join([f"{m} has no data" for m in missing] + [f"{u} is no symbol of it" for u in unknown]),
            item.place,
        )
    return world_of({symbols[name]: value for name, value in data.items()})


def _ends(item: Example, world: World) -> dict[str, str]:
    """The value at both ends of a chain of numbers, for the page."""
    if item.derivation.first.shape != ():
        return {}
    seen = look(world, Relation(item.derivation.first, "=", item.derivation.last))
    return {"first": str(seen.left), "last": str(seen.right)}
