"""500 random formulas: their derivatives, taken on the DAG, are what central differences in high precision say.

Three readings meet: the DAG's derivative in the tests' own interpreter, the dual numbers of worlds, and differences of
values of the formula as written.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import sympy as sp

from chainrule.calculus import differentiate
from chainrule.errors import ChainruleError, Unsupported
from chainrule.forms.lower import lower
from chainrule.notation.nodes import (
    DERIVATIVES,
    FUNCTIONS,
    KINDS,
    OPS,
    REDUCTIONS,
    Apply,
    Deriv,
    Indicator,
    Node,
    Op,
    Position,
    Recurrence,
    Reduce,
    Shifted,
    Var,
)
from chainrule.notation.vocabulary import grad, hessian
from chainrule.worlds.arithmetic import Undecided, precision
from tests.fuzz.expressions import MOVING, scalars
from tests.fuzz.interpreter import Reading
from tests.fuzz.worlds import BITS, Kink, apart, difference, direction, paired, value, world_for

COUNT, BATCHES = 600, 20
FORMULAS = scalars(COUNT, "derivatives")


def variable(formula: Node, rng: Random) -> Var:
    return rng.choice(sorted((v for v in formula.atoms(Var) if v in MOVING), key=lambda v: v.name))


def read(node: Node, world) -> object:  # type: ignore[no-untyped-def]
    with precision(BITS):
        return Reading(world)(lower(node, differentiate))


def test_every_kind_of_node_and_every_function_is_drawn() -> None:
    drawn = [part for formula in FORMULAS for part in sp.preorder_traversal(formula) if isinstance(part, Node)]
    elsewhere = {Indicator, Position, Shifted, Recurrence}  # drawn in tests/code and tests/kernel/test_places.py
    assert not [kind for kind in KINDS if kind not in elsewhere and not any(isinstance(part, kind) for part in drawn)]
    assert {part.function for part in drawn if isinstance(part, Apply)} == set(FUNCTIONS)
    assert {part.kind for part in drawn if isinstance(part, Op)} == set(OPS) - {"nuclear"}  # it has no derivative
    assert {part.kind for part in drawn if isinstance(part, Reduce)} == set(REDUCTIONS)
    assert {part.kind for part in drawn if isinstance(part, Deriv)} == set(DERIVATIVES)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_gradients_and_hessians(batch: int) -> None:
    outcome: Counter[str] = Counter()
    for number in range(batch, COUNT, BATCHES):
        outcome[compared(number)] += 1
    assert set(outcome) <= {"same", "kink", "unsupported"}, outcome
    assert outcome["same"] > 0.7 * sum(outcome.values()), outcome


def compared(number: int) -> str:
    """One formula: its value, its gradient, and for every third the Hessian times a vector."""
    formula, rng = FORMULAS[number], Random(number)
    symbol, world = variable(formula, rng), world_for([formula], rng, number // 7)
    along = direction(symbol, world, rng)
    try:
        slope, duals = grad(formula, symbol), value(grad(formula, symbol), world)
        straight = difference(formula, world, symbol, along)
        assert not apart(read(formula, world), value(formula, world)), f"value of {formula}"
        assert not apart(read(slope, world), duals), f"gradient of {formula} in {symbol}, by DAG and by duals"
        assert not apart(paired(read(slope, world), along), straight), f"gradient of {formula} in {symbol}"
        if number % 3 == 0:
            bent = difference(slope, world, symbol, along)
            assert not apart(paired(read(hessian(formula, symbol), world), along), bent), (
                f"Hessian of {formula} in {symbol}"
            )
    except (Kink, Undecided):
        return "kink"
    except Unsupported:
        return "unsupported"
    except ChainruleError as error:
        return f"{type(error).__name__}: {error.text} in {formula}"
    return "same"
