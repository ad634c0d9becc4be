"""What would make a refuted line true: another formula in its place, or a hypothesis more. Only what the judge proved.

It is looked for among slips of the pen, weaker relations, the derivative taken, and hypotheses that fit the symbols.
What is refuted in small worlds is passed over; of the rest each is judged like any other line. The search has a clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chainrule.calculus.readback import derivative
from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence, Verdict
from chainrule.judge import judge
from chainrule.judge.context import assumptions_of
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Deriv, Node
from chainrule.notation.statements import Claim, Derivation, Item, Line, Predicate, Relation, differentiate
from chainrule.worlds.examine import examine
from chainrule.worlds.outcome import Outcome

from .asking import More, Property, mores
from .neighbours import neighbours

SECONDS = 10.0
"""How long ways to mend one line may be sought."""
SAY, ASK = 1, 2
"""How many of each kind are offered: what may be said instead is said once, and a symbol is asked one thing more."""
WEAKER = {"=": ("<=", ">="), "<": ("<=", ">"), ">": (">=", "<"), "<=": (">=",), ">=": ("<=",)}
LESS = {"positive_definite": ("positive_semidefinite",), "positive": ("nonnegative", "nonzero")}


@dataclass(frozen=True)
class Way:
    """An item of one line that the judge proved. `more` is the hypothesis that it asks beyond what was written, or
    None; `instead` are the part as written and the part in its place, where that is all that was changed; `since` is an
    earlier line (0 is the start) that the line follows from as it stands: it is the lines between that are wrong."""

    item: Derivation | Claim
    verdict: Verdict
    more: More | None = None
    instead: tuple[Node, Node] | None = None
    since: int | None = None

    def __str__(self) -> str:
        if self.since is not None:
            return f"leave it: it follows from {f'line {self.since}' if self.since else 'the start'}"
        if self.more is not None:
            return f"say  {self.more}"
        match self.item:
            case Claim(statement):
                return f"claim  {statement.name}({statement.of})"
            case Derivation(_, lines):
                sign = "" if lines[0].relation == "=" else f"{lines[0].relation} "
                return f"write  {sign}{lines[0].expr}"


def ways(item: Item, line: int, seconds: float = SECONDS) -> tuple[Way, ...]:
    """Ways to mend line `line` (from 1) of a derivation, or a claim; none for code and data."""
    wrong = _one(item, line)
    if wrong is None:
        return ()
    stop = time.monotonic() + seconds
    for since, candidate in _from_earlier(item, line):
        for way in _proved(iter([candidate]), stop, lambda: False):
            return (replace(way, since=since),)
    said: list[Way] = []
    asked: list[Way] = []
    for way in _proved(_saying(wrong), stop, lambda: len(said) >= SAY):
        said.append(way)
    for way in _proved(_asking(wrong), stop, lambda: len(asked) >= ASK):
        if not any(_same_symbol(other.more, way.more) for other in asked):
            asked.append(way)
    return (*said, *asked)


def _one(item: Item, line: int) -> Derivation | Claim | None:
    """The line as an item of its own."""
    match item:
        case Claim():
            return item
        case Derivation(first, lines) if line >= 1:
            before = first if line == 1 else lines[line - 2].expr
            return replace(item, first=before, lines=(lines[line - 1],))
    return None


# --- candidates ----------------------------------------------------------------------------------------
Candidate = tuple[Derivation | Claim, More | None, tuple[Node, Node] | None]


def _from_earlier(item: Item, line: int) -> Iterator[tuple[int, Candidate]]:
    """The line as it stands, after each of the lines before the one that it does not follow from."""
    if isinstance(item, Derivation):
        before = [item.first, *(x.expr for x in item.lines)]
        for since in range(line - 2, -1, -1):
            yield since, (replace(item, first=before[since], lines=(item.lines[line - 1],)), None, None)


def _saying(wrong: Derivation | Claim) -> Iterator[Candidate]:
    """Something else in the place of what was said: a slip undone, a weaker statement, the derivative itself."""
    if isinstance(wrong, Claim):
        yield from ((c, None, None) for c in _other_claims(wrong))
        return
    (line,) = wrong.lines
    for made, old, new in neighbours(line.expr):
        yield replace(wrong, lines=(replace(line, expr=made),)), None, (old, new)
    if line.expr.shape == ():
        for relation in WEAKER[line.relation]:
            yield replace(wrong, lines=(replace(line, relation=relation),)), None, None
    yield from ((d, None, None) for d in _taken(wrong, line))


def _other_claims(wrong: Claim) -> Iterator[Claim]:
    said = wrong.statement
    for name in LESS.get(said.name, ()):
        yield replace(wrong, statement=replace(said, name=name))
    yield replace(wrong, statement=replace(said, of=-said.of))


def _taken(wrong: Derivation, line: Line) -> Iterator[Derivation]:
    """What stood before, its derivatives taken."""
    found = [
        d for d in wrong.first.atoms(Deriv) if not any(d in e.atoms(Deriv) - {e} for e in wrong.first.atoms(Deriv))
    ]
    try:
        made = wrong.first.xreplace({d: derivative(d, name=False) for d in found})
    except ChainruleError:
        return
    if found and made.shape == wrong.first.shape:
        reason = line.reason if line.reason.calculus else differentiate
        yield replace(wrong, lines=(Line("=", made, reason, line.place),))


def _asking(wrong: Derivation | Claim) -> Iterator[Candidate]:
    yield from ((item, more, None) for more, item in mores(wrong))


# --- judging -------------------------------------------------------------------------------------------
def _proved(candidates: Iterator[Candidate], stop: float, enough: Callable[[], bool]) -> Iterator[Way]:
    for item, more, instead in candidates:
        left = stop - time.monotonic()
        if left <= 0 or enough():
            return
        try:
            verdict = within(left, lambda: _judged(item))  # noqa: B023 - it is called at once
        except TooMuch:
            return
        except ChainruleError:
            continue
        if verdict is not None and verdict.evidence is Evidence.PROVED:
            yield Way(item, verdict, more, instead)


def _judged(item: Derivation | Claim) -> Verdict | None:
    """The verdict, or None for what small worlds refute already."""
    reason = item.reason if isinstance(item, Claim) else item.lines[0].reason
    given = (*item.given, *(a for f in reason.facts for a in assumptions_of(f)))
    if examine(_statement(item), given).outcome is Outcome.REFUTED:
        return None
    return judge(item, "mend")[0]


def _statement(item: Derivation | Claim) -> Relation | Predicate:
    return item.statement if isinstance(item, Claim) else item.conclusion


def _same_symbol(one: More | None, other: More | None) -> bool:
    return isinstance(one, Property) and isinstance(other, Property) and one.symbol == other.symbol
