"""Verdicts on integrals and sums over a whole support: is the density one, are its moments what they are said to be?

Two things are put together. That the logarithm of the density is concave in its chart, and with it the tails bounded,
is proved by the kernel for all parameters. The rest is enclosed in balls at drawn parameters: two balls that do not
meet refute the formula, and 30 equal digits in every world leave it SAMPLED, as for any equality of numbers; that a
formula of the parameters is right for all of them is not shown by any number of worlds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from flint import arb

from chainrule.errors import Undefined, Unsupported
from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Integral, Predicate, Reason, composition, concave, differentiate, nonnegative
from chainrule.notation.vocabulary import hessian
from chainrule.worlds.arithmetic import Balls, Rationals, Undecided, precision
from chainrule.worlds.charts import U
from chainrule.worlds.evaluate import Evaluator
from chainrule.worlds.hypotheses import stream
from chainrule.worlds.integral import BITS, Integrand
from chainrule.worlds.reading import read
from chainrule.worlds.source import Entries, Infeasible, Source
from chainrule.worlds.world import World

from .context import Shown
from .curved import smooth
from .prove import prove

WORLDS = 3
"""Worlds in which an integral has to be its value."""
REDRAWS = 8
"""A world that decides nothing is replaced, until so many times the wanted number were drawn."""
DIGITS = 30
STYLES = (Entries(3), Entries(7), Entries(5, 3))
"""How parameters look, in turn: whole numbers, which a number of trials has to be, and fractions."""
SECONDS, ENOUGH, PROVING = 40.0, 30.0, 10.0
"""How long one world may take; after how long no further world is begun; how long a proof of concavity may take."""


def verdict_on_integral(item: Integral, name: str) -> Verdict:
    """The integral against its formula, at drawn parameters."""
    start = time.perf_counter()
    integrand = Integrand(item.log_density, item.variable, item.weight, item.ends, item.counted)
    rests = log_concave(item, integrand)
    found: dict[str, None] = {}
    why = "the integral was not enclosed at any drawn parameters"

    def verdict(evidence: Evidence, **more: object) -> Verdict:
        seconds = time.perf_counter() - start
        return Verdict(evidence, name, 0, item.place, seconds=seconds, **more)  # type: ignore[arg-type]

    try:
        for world in within(SECONDS, lambda: _worlds(item)):
            try:
                left, right = within(SECONDS, partial(_sides, item, integrand, world, bool(rests)))
            except (Undefined, Undecided, ZeroDivisionError) as error:
                why = str(error) or why
                continue
            if not left.overlaps(right):
                wrong = Counterexample({}, _shown(world), left.str(12, radius=False), right.str(12, radius=False))
                return verdict(Evidence.REFUTED, why="the integral is another number", counterexample=wrong)
            if abs(left - right) < arb(10) ** -DIGITS * (1 + abs(right)):
                found[", ".join(f"{v} = {x}" for v, x in _shown(world).items()) or "no parameters"] = None
            if len(found) == WORLDS or (found and time.perf_counter() - start > ENOUGH):
                break
    except (Unsupported, TooMuch) as error:
        why = getattr(error, "text", str(error))
    if not found:
        return verdict(Evidence.OPEN, why=why)
    return verdict(Evidence.SAMPLED, rests_on=("integration in balls", *rests), sizes=tuple(found))


def log_concave(item: Integral, integrand: Integrand) -> tuple[str, ...]:
    """What shows the logarithm concave where the tails are, for all parameters; nothing where it is not shown."""
    if item.counted:
        h, u = item.log_density, item.variable
        if integrand.finite:
            return ()
    else:
        h, u = integrand.chart.log_h, U
    given = [a.statement for a in item.given]
    if item.counted and item.ends[0] is not None:
        given.append(nonnegative(u - item.ends[0]))
    facts = tuple(Shown((said,), Evidence.PROVED, "hypothesis", assumed=True) for said in given)
    ways: list[tuple[Predicate, Reason]] = [(concave(h, u), composition)]
    if smooth(h):
        ways.append((nonnegative(-hessian(h, u)), differentiate))
    for statement, reason in ways:
        try:
            proof, _ = within(PROVING, partial(prove, statement, reason, facts))
        except (Unsupported, Undefined, TooMuch):
            continue
        if proof is not None and proof.evidence is Evidence.PROVED and not proof.obligations:
            return ("tails of what is log-concave",)
    return ()


def _sides(item: Integral, integrand: Integrand, world: World, tails: bool) -> tuple[arb, arb]:
    left = integrand.enclosed(world, tails)
    with precision(BITS):
        right = Evaluator(world, Balls()).value(item.value).item()
    return left, right


def _worlds(item: Integral) -> list[World]:
    """Parameters that meet every hypothesis, small ones first."""
    formulas: tuple[Node, ...] = (item.value, *_parameters(item))
    hypotheses = read(formulas, item.given)
    rng = stream("integral")
    drawn: dict[str, World] = {}
    for k in range(WORLDS * REDRAWS):
        try:
            world = hypotheses.world({}, Source(Rationals(), rng, STYLES[k % len(STYLES)]))
        except Infeasible:
            continue
        if world is not None:
            drawn.setdefault(str(_shown(world)), world)
    return list(drawn.values())


def _parameters(item: Integral) -> Iterator[Var]:
    parts = [item.log_density, item.weight, *(end for end in item.ends if end is not None)]
    found = {v for part in parts for v in part.atoms(Var)} - {item.variable}
    yield from sorted(found, key=lambda v: str(v.name))


def _shown(world: World) -> dict[str, str]:
    return {v.name: str(x.item()) for v, x in sorted(world.values.items(), key=lambda pair: str(pair[0].name))}
