"""Certificates of convexity, as they are shown: the rules of composition line by line, or the second derivative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chainrule.calculus import differentiate as take
from chainrule.calculus.readback import derivative, read
from chainrule.errors import Place, Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.forms.lower import Lowering
from chainrule.judge.context import Context, Shown
from chainrule.judge.curved import LINEAR, smooth
from chainrule.kernel.bends import AFFINE, CONSTANT, UNKNOWN, Found
from chainrule.kernel.curvature import Curvature
from chainrule.kernel.order import Order
from chainrule.limits import within
from chainrule.notation.nodes import Let, Neg, Node, Var, make_var
from chainrule.notation.statements import Assumption, Derivation, Line, differentiate
from chainrule.notation.vocabulary import hessian, second_variation

HERE = Place("formula", 1)
DERIVING = 10.0
"""Seconds that a second derivative may take."""


@dataclass(frozen=True)
class Step:
    """A part of a formula: its curvature, its sign ("positive", "nonnegative", "nonpositive" or nothing), the rule."""

    formula: Node
    word: str
    sign: str
    rule: str


@dataclass(frozen=True)
class Composition:
    """What the rules of composition read off a formula: its curvature, its parts innermost first, and the parts of
    which no rule speaks."""

    word: str
    steps: tuple[Step, ...]
    missing: tuple[Node, ...]


@dataclass(frozen=True)
class SecondDerivative:
    """The second derivative as a derivation: a Hessian, or along every line at once; `direction` are the symbols of
    the steps along the line, one for each variable, or none."""

    chain: Derivation
    direction: tuple[Var, ...]

    @property
    def formula(self) -> Node:
        return self.chain.last


# --- composition -----------------------------------------------------------------------------------------
def composed(f: Node, variables: tuple[Var, ...], given: tuple[Assumption, ...]) -> Composition:
    """What the rules say of f under hypotheses; unknown, where the formula is beyond them."""
    shown = tuple(Shown((a.statement,), Evidence.PROVED, "hypothesis", assumed=True) for a in given)
    try:
        order = Context(shown, calculus=False).order
        found = Curvature(variables, order).found(f)
    except (Unsupported, Undefined):
        return Composition(UNKNOWN, (), (f,))
    seen: dict[Node, Step] = {}
    for part in _parts(found):
        seen.setdefault(part.formula, Step(part.formula, part.word, _sign(part.formula, order), _rule(part)))
    return Composition(found.word, tuple(seen.values()), tuple(dict.fromkeys(_missing(found))))


def _parts(found: Found) -> Iterator[Found]:
    """The parts that vary, innermost first; an affine one, and a name for another, stands for all in it."""
    if found.word == CONSTANT:
        return
    if found.word != AFFINE:
        for part in found.parts:
            yield from _parts(part)
    if not isinstance(found.formula, Let):
        yield found


def _rule(found: Found) -> str:
    return "" if found.word in (AFFINE, UNKNOWN) else found.rule


def _missing(found: Found) -> Iterator[Node]:
    """The smallest parts of unknown curvature."""
    if found.word == UNKNOWN:
        below = [node for part in found.parts for node in _missing(part)]
        yield from below or [found.formula]


def _sign(f: Node, order: Order) -> str:
    try:
        if order.positive(f):
            return "positive"
        return "nonnegative" if order.nonnegative(f) else "nonpositive" if order.nonnegative(Neg(f)) else ""
    except (Unsupported, Undefined):
        return ""


# --- the second derivative -------------------------------------------------------------------------------
def second_derivative(f: Node, variables: tuple[Var, ...], given: tuple[Assumption, ...]) -> SecondDerivative | None:
    """The Hessian in a number or a vector; for matrices, and for several symbols together, the second derivative along
    every line. None where f is no scalar or has kinks. Errors: Unsupported, TooMuch."""
    if f.shape != () or not smooth(f):
        return None
    x = variables[0]
    if len(variables) == 1 and x.ndim <= 1:
        goal: Node = hessian(f, x)
        return _derived(goal, within(DERIVING, lambda: derivative(hessian(f, x))), given, ())
    steps = _directions(f, variables)
    goal = second_variation(f, dict(zip(variables, steps, strict=True)))
    return _derived(goal, within(DERIVING, lambda: _read(goal, f)), given, steps)


def _derived(goal: Node, result: Node, given: tuple[Assumption, ...], steps: tuple[Var, ...]) -> SecondDerivative:
    return SecondDerivative(Derivation(goal, (Line("=", result, differentiate, HERE),), given, HERE), steps)


def _read(goal: Node, f: Node) -> Node:
    low = Lowering(take)(goal)
    return read(low.node, low.letters, (), [f])


def _directions(f: Node, variables: tuple[Var, ...]) -> tuple[Var, ...]:
    """dX for X: a symbol of its shape, of which no more is said than of a step between two points."""
    taken = {v.name for v in f.atoms(Var)}
    found = []
    for x in variables:
        name = f"d{x.name}"
        while name in taken:
            name = f"d{name}"
        taken.add(name)
        found.append(make_var(name, x.shape, tuple(sorted(x.properties & LINEAR))))
    return tuple(found)
