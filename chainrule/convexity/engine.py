"""The curvature of a formula in some of its symbols together: judged like any claim, by composition, then by the second
derivative; refuted by a chord that crosses it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from chainrule.diff.domain import domain
from chainrule.errors import ChainruleError, NotationError, Place
from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.judge import judge
from chainrule.limits import within
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Assumption, Claim, Reason, by, composition, concave, convex
from chainrule.worlds.crossed import crossed

from .certificate import Composition, SecondDerivative, composed, second_derivative

Answer = Literal["convex", "concave", "affine", "neither", "unknown"]
HERE = Place("formula", 1)
SECONDS = 30.0
"""Seconds that one answer may take."""


@dataclass(frozen=True)
class Side:
    """One of the two claims, that a formula is convex or concave: its verdict, the second derivative it leans on."""

    word: Literal["convex", "concave"]
    verdict: Verdict
    second: SecondDerivative | None = None

    @property
    def shown(self) -> bool:
        """Checked by the kernel."""
        return self.verdict.evidence >= Evidence.CITED

    @property
    def refuted(self) -> Counterexample | None:
        """The two points, t, and f between them (`left`) beside the chord (`right`)."""
        found = self.verdict.counterexample
        if found is None or self.word == "convex":
            return found
        return replace(found, left=_opposite(found.left), right=_opposite(found.right))


@dataclass(frozen=True)
class Convexity:
    """The answer for f in `variables` together, the other symbols held fixed, where `given` holds.

    convex, concave or affine (both) is proved; neither is refuted twice; unknown is anything less. `sides` are the
    claims that were judged, the deciding one first; `composition` is what the rules read off the formula. With
    `one_world` the two chords that show neither belong to one function: the other symbols have the same values in both.
    """

    formula: Node
    variables: tuple[Var, ...]
    given: tuple[Assumption, ...]
    answer: Answer
    sides: tuple[Side, ...]
    composition: Composition
    one_world: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict of the deciding claim."""
        return self.sides[0].verdict

    @property
    def certificate(self) -> Composition | SecondDerivative | None:
        """What shows the answer: rules of composition, or a second derivative; None where nothing is shown."""
        if self.answer in ("neither", "unknown"):
            return None
        return self.sides[0].second or self.composition


def curvature_of(f: Node, *variables: Var, given: tuple[Assumption, ...] = ()) -> Convexity:
    """Is f (a scalar, or every entry of a tensor) convex in these symbols together?

    It is asked where f has a value: what f asks of its symbols beyond what they are declared becomes a hypothesis.
    Errors: NotationError without symbols; TooMuch where it takes too long.
    """
    if not variables:
        raise NotationError("in which symbols? name at least one of those in the formula", HERE)
    return within(SECONDS, lambda: _answered(f, variables, given))


def _answered(f: Node, variables: tuple[Var, ...], given: tuple[Assumption, ...]) -> Convexity:
    given = (*given, *domain(f))
    read = composed(f, variables, given)
    words: tuple[Literal["convex", "concave"], ...] = ("convex", "concave")
    asked = [_side(w, f, variables, given, read) for w in (words[::-1] if read.word == "concave" else words)[:1]]
    if not asked[0].shown or read.word in ("affine", "constant"):
        asked.append(_side(words[asked[0].word == "convex"], f, variables, given, read))
    asked.sort(key=lambda side: not side.shown)
    answer = _answer(asked)
    one_world = answer == "neither" and _in_one_world(asked, f, variables, given)
    return Convexity(f, variables, given, answer, tuple(asked), read, one_world)


def _in_one_world(asked: list[Side], f: Node, variables: tuple[Var, ...], given: tuple[Assumption, ...]) -> bool:
    """Two chords for the same values of the other symbols take the place of those that were found apart."""
    found = crossed(convex(f, *variables), concave(f, *variables), given)
    if found is None:
        return False
    for word, example in zip(("convex", "concave"), found, strict=True):
        k = next(k for k, side in enumerate(asked) if side.word == word)
        asked[k] = replace(asked[k], verdict=replace(asked[k].verdict, counterexample=example))
    return True


def _answer(asked: list[Side]) -> Answer:
    shown = [side.word for side in asked if side.shown]
    if len(shown) == 2:
        return "affine"
    if shown:
        return shown[0]
    return "neither" if all(side.refuted is not None for side in asked) else "unknown"


def _side(
    word: Literal["convex", "concave"],
    f: Node,
    variables: tuple[Var, ...],
    given: tuple[Assumption, ...],
    read: Composition,
) -> Side:
    """The claim by composition; where that neither shows nor refutes it, by the second derivative."""
    statement = (convex if word == "convex" else concave)(f, *variables)

    def judged(reason: Reason) -> Verdict:
        return judge(Claim(statement, reason, given, HERE), word)[0]

    first = Side(word, judged(composition))
    if first.shown or first.refuted is not None:
        return first
    try:
        second = second_derivative(statement.of, variables, given)
    except ChainruleError:
        return first
    if second is None:
        return first
    return Side(word, judged(by(second.chain)), second)


def _opposite(value: Any) -> Any:
    """The numbers of a counterexample with the other sign."""
    if isinstance(value, list):
        return [_opposite(v) for v in value]
    return value[1:] if value.startswith("-") else value if value == "0" else "-" + value
