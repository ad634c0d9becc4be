"""Every proved line against its mutants: what exact testing refutes must never be proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from chainrule.evidence import Evidence
from chainrule.judge.context import Shown
from chainrule.judge.items import _facts, _given, judge
from chainrule.judge.prove import Proof, prove
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import BOUND, Var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Reason,
    Relation,
    differentiate,
)
from chainrule.project.shelves import load
from chainrule.worlds.examine import Outcome, examine
from tests.kernel.identities import IDENTITIES
from tests.mutants.mutations import Mutant, Statement, mutants, parts, replaced, without

ROOT = Path(__file__).parents[2]
A_LINE = 14
"""Mutants of one line."""
SECONDS = 20
"""So long a mutant is examined, and so long a proof of it is sought."""


@dataclass(frozen=True)
class Proved:
    """A line that is proved: its name, what it says, and all that its proof may lean on."""

    name: str
    statement: Statement
    reason: Reason
    facts: tuple[Shown, ...]
    given: tuple[Assumption, ...]


@dataclass(frozen=True)
class Fate:
    """What became of one mutant: refuted, proved, both (a bug in the engine), or neither."""

    name: str
    what: str
    refuted: bool
    proved: bool
    shown: str
    broke: str = ""

    @property
    def conflict(self) -> bool:
        return self.refuted and self.proved

    @property
    def outcome(self) -> str:
        """broken, both, refuted, proved or neither"""
        if self.broke:
            return "broken"
        return "both" if self.conflict else "refuted" if self.refuted else "proved" if self.proved else "neither"


def chapters() -> list[Path]:
    """The files of the shelves, in book order."""
    return [chapter.path for chapter in load(ROOT).chapters]


def proved_in(chapter: Path) -> Iterator[Proved]:
    """Every proved or cited line of one chapter."""
    for read in load(ROOT, [chapter]).chapters:
        for entry in read.entries:
            if isinstance(entry.item, Derivation | Claim):
                for verdict, line in zip(judge(entry.item, entry.full), _lines(entry.item, entry.full), strict=True):
                    if verdict.evidence >= Evidence.CITED:
                        yield line


def corpus() -> list[Proved]:
    """Every identity of the corpus, true and proved in its own tests."""
    return [Proved(f"identity: {one.name}", one.statement(), differentiate, (), ()) for one in IDENTITIES]


def _lines(item: Derivation | Claim, name: str) -> Iterator[Proved]:
    if isinstance(item, Claim):
        facts, given = _facts(item.reason, item.given), _given(item.reason, item.given)
        yield Proved(name, item.statement, item.reason, facts, given)
        return
    before = item.first
    for number, line in enumerate(item.lines, 1):
        facts, given = _facts(line.reason, item.given), _given(line.reason, item.given)
        yield Proved(f"{name}:{number}", Relation(before, line.relation, line.expr), line.reason, facts, given)
        before = line.expr


def fates(line: Proved, count: int = A_LINE) -> Iterator[Fate]:
    """The fate of each of a line's mutants, of the formula and of the properties of its symbols."""
    for mutant in mutants(line.statement, count, line.name):
        yield fate(line, mutant)
    for mutant, poorer in _poorer(line):
        yield fate(poorer, mutant)


def fate(line: Proved, mutant: Mutant) -> Fate:
    """Examine and prove a mutant, each without the other's knowledge. Neither may break."""
    try:
        refuted = _in_time(lambda: examine(mutant.statement, line.given).outcome is Outcome.REFUTED)
        proved = _in_time(lambda: _shown(prove(mutant.statement, line.reason, line.facts)[0]))
    except Exception as error:
        return Fate(line.name, mutant.what, False, False, str(mutant.statement), f"{type(error).__name__}: {error}")
    return Fate(line.name, mutant.what, refuted, proved, str(mutant.statement))


def _in_time(work: Callable[[], bool]) -> bool:
    """The answer of the work; what is stopped has shown nothing."""
    try:
        return within(SECONDS, work)
    except TooMuch:
        return False


def _shown(proof: Proof | None) -> bool:
    return proof is not None and proof.evidence >= Evidence.CITED and not proof.obligations


def _poorer(line: Proved) -> Iterator[tuple[Mutant, Proved]]:
    """The same line about symbols that have lost a property. Facts about them are withdrawn: they may be false now."""
    symbols = {v for part in parts(line.statement) for v in part.atoms(Var) if BOUND not in v.declared}
    for symbol in sorted(symbols, key=lambda v: v.name):
        for name in sorted(symbol.declared):
            poorer, statement = without(line.statement, symbol, name)
            given = tuple(replace(a, statement=replaced(a.statement, symbol, poorer)) for a in line.given)
            kept = tuple(f for f in line.facts if f.assumed or not _speaks_of(f, symbol))
            facts = tuple(
                replace(f, statements=tuple(replaced(s, symbol, poorer) for s in f.statements)) if f.assumed else f
                for f in kept
            )
            yield Mutant(f"{symbol.name} is not {name}", statement), replace(line, facts=facts, given=given)


def _speaks_of(fact: Shown, symbol: Var) -> bool:
    return any(symbol in part.atoms(Var) for s in fact.statements for part in parts(s))


def run(jobs: int, count: int = A_LINE) -> Iterator[tuple[str, list[Fate]]]:
    """The fates of every line, as (name of the chapter, fates), by `jobs` processes, as they come in."""
    with ProcessPoolExecutor(jobs) as pool:
        todo = {pool.submit(_of_chapter, path, count): f"{path.parent.name}/{path.stem}" for path in chapters()}
        todo |= {
            pool.submit(_of_corpus, start, count): f"identities from {start}" for start in range(0, len(IDENTITIES), 20)
        }
        try:
            for done in as_completed(todo):
                yield todo[done], done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _of_chapter(path: Path, count: int) -> list[Fate]:
    return [fate for line in proved_in(path) for fate in fates(line, count)]


def _of_corpus(start: int, count: int) -> list[Fate]:
    return [fate for line in corpus()[start : start + 20] for fate in fates(line, count)]
