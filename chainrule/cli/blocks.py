"""An item as lines of text: the chain with its evidence, and a failing line with its neighbours and its world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len
from sympy import preorder_traversal

from chainrule.errors import Place
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.nodes import Let
from chainrule.notation.statements import (
    Agreement,
    Assumption,
    Claim,
    Derivation,
    Example,
    Fact,
    Integral,
    Item,
    Line,
    Predicate,
    Reason,
)
from chainrule.printing import unicode
from chainrule.project import ChapterError, Entry
from chainrule.settings import Settings

from .world import WIDTH, inline, sizes, world

FORMULA = 38  # columns of a formula before its evidence stands on a row of its own
Names = Mapping[Place, str]
GLYPHS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


def failure(
    entry: Entry, verdict: Verdict, verdicts: Sequence[Verdict], names: Names, settings: Settings, was: str = ""
) -> list[str]:
    """Why a line fails: the verdict first, the line among its neighbours, the smallest world, what it rests on."""
    place = verdict.place or entry.item.place
    where = f"{settings.relative(place.file)}:{place.line}"
    said_first = f"{badge(verdict.evidence)} {sentence(entry, verdict, was)}   {where}"
    rows = [said_first, "", *statement(entry, verdicts, names)]
    found = verdict.counterexample
    if found is not None:
        rows += ["", f"   the smallest world in which it fails{_at(sizes(found))}", ""]
        rows += world(found, *sides(entry, verdict))
    return rows + remarks(verdict) + mended(entry, verdict)


def mended(entry: Entry, verdict: Verdict) -> list[str]:
    """For a refuted line, what would be true in its place, and what would make it true."""
    if verdict.evidence is not Evidence.REFUTED:
        return []
    from chainrule.mending import ways

    found = ways(entry.item, verdict.line)
    rows = [
        piece for k, way in enumerate(found) for piece in _hung("to mend" if k == 0 else "", f"{'or ' * (k > 0)}{way}")
    ]
    return ["", *(f"   {head:<9} {row}" for head, row in rows)] if rows else []


def remarks(verdict: Verdict) -> list[str]:
    """Why, what was not discharged, and what the world shows."""
    told = [("why", verdict.why), *(("owing", o) for o in verdict.obligations)]
    told += [("by hand", verdict.counterexample.note)] if verdict.counterexample else []
    told += [(key, str(verdict.detail[key])) for key in ("outcome", "the law", "to mend") if key in verdict.detail]
    rows = [f"   {head:<9} {row}" for head, text in told if text for head, row in _hung(head, text)]
    return ["", *rows] if rows else []


def _hung(head: str, text: str) -> list[tuple[str, str]]:
    pieces = wrapped(text, WIDTH - 13)
    return [(head if k == 0 else "", piece) for k, piece in enumerate(pieces)]


def short(verdict: Verdict, was: str = "") -> str:
    """One line for a summary: REFUTED at n = 2: (1, 0) != (2, 0)."""
    found = verdict.counterexample
    if verdict.evidence is Evidence.REFUTED and found is not None:
        return f"REFUTED{' at ' + sizes(found) if found.sizes else ''}: {inline(found.left)} != {inline(found.right)}"
    return verdict.evidence.name + (f", was {was}" if was else "") + (f": {verdict.why}" if verdict.why else "")


def badge(evidence: Evidence) -> str:
    """■ PROVED, in a column of fixed width."""
    return f"{evidence.sign} {evidence.name:<9}"


def sentence(entry: Entry, verdict: Verdict, was: str = "") -> str:
    """What is the matter, in words."""
    n, item = verdict.line, entry.item
    if verdict.evidence is not Evidence.REFUTED:
        what = f"line {n} of {entry.name}" if n else entry.name
        return f"{what} stands lower than before: it was {was}" if was else f"nothing is shown for {what}"
    match item:
        case Derivation():
            return f"line {n} does not follow from {f'line {n - 1}' if n > 1 else 'the start'}"
        case Claim():
            return f"the claim {entry.name} is false"
        case Agreement():
            return f"{_called(item)} does not compute this formula"
        case Example():
            return f"{entry.name} is false on these data"
        case Integral():
            return f"{entry.name} is another number"


def sides(entry: Entry, verdict: Verdict) -> tuple[str, str]:
    """What the two sides of a counterexample are called."""
    match entry.item:
        case Derivation() if verdict.line:
            return (f"line {verdict.line - 1}" if verdict.line > 1 else "start", f"line {verdict.line}")
        case Agreement():
            return ("formula", _called(entry.item))
        case _:
            return ("found", "claimed")


def _called(agreement: Agreement) -> str:
    return getattr(agreement.function, "__name__", "the function")


def _at(where: str) -> str:
    return f", {where}" if where else ""


# --- statements --------------------------------------------------------------------------------------
def statement(entry: Entry, verdicts: Sequence[Verdict], names: Names) -> list[str]:
    """An item as its author wrote it, each line with its evidence and reason; then what its names stand for."""
    by_line = {v.line: v for v in verdicts}
    return [*_statement(entry.item, by_line, names), *_where(entry.item)]


def _statement(item: Item, by_line: dict[int, Verdict], names: Names) -> list[str]:
    match item:
        case Derivation():
            return _derivation(item, by_line, names)
        case Claim():
            return _row("", said(item.statement), by_line.get(0), reason_of(item.reason, names))
        case Agreement():
            rows = [f"   {piece}" for piece in wrapped(unicode(item.formula), WIDTH - 3)]
            return rows + _row("", f"computed by {_called(item)}", by_line.get(0), "agreement")
        case Example():
            return _row("", "every line, on these data", by_line.get(0), _called_data(item))
        case Integral():
            rows = [f"   {piece}" for piece in wrapped(f"E[{unicode(item.weight)}]", WIDTH - 3)]
            reason = "sum over the support" if item.counted else "integral over the support"
            return rows + _row("= ", unicode(item.value), by_line.get(0), reason)


def _where(item: Item) -> list[str]:
    """where  A = XᵀX + λ Iₚ, for each name in the item's formulas, those of the definitions among them."""
    lets = dict.fromkeys(
        let for formula in item.formulas for let in preorder_traversal(formula) if isinstance(let, Let)
    )
    rows: list[str] = []
    for let in lets:
        pieces = wrapped(f"{unicode(let)} = {unicode(let.value)}", WIDTH - 10)
        rows += [f"   {'' if rows or k else 'where':<6} {piece}" for k, piece in enumerate(pieces)]
    return ["", *rows] if rows else []


def _called_data(example: Example) -> str:
    return getattr(example.data, "__name__", "data")


def _derivation(item: Derivation, by_line: dict[int, Verdict], names: Names) -> list[str]:
    rows = [f"   {piece}" for piece in wrapped(unicode(item.first), WIDTH - 3)]
    broken = [n for n, v in by_line.items() if v.evidence is Evidence.REFUTED]
    for n, line in enumerate(item.lines, 1):
        falls = f"; falls with line {min(broken)}" if broken and n > min(broken) and n not in broken else ""
        head = f"{n:>{len(str(len(item.lines)))}}  {GLYPHS[line.relation]} "
        rows += _line(head, line, by_line.get(n), reason_of(line.reason, names) + falls)
    return rows


def _line(head: str, line: Line, verdict: Verdict | None, reason: str) -> list[str]:
    mark = "✗" if verdict is not None and verdict.evidence is Evidence.REFUTED else " "
    return _row(f" {mark} {head}", unicode(line.expr), verdict, reason)


def _row(head: str, formula: str, verdict: Verdict | None, reason: str) -> list[str]:
    """head, formula, evidence in a fixed column, reason; a long formula stands above its evidence."""
    head = head or "   "
    column = max(len(head), 8) + FORMULA
    pieces = wrapped(formula, WIDTH - len(head))
    rows = [(head if k == 0 else " " * len(head)) + piece for k, piece in enumerate(pieces)]
    shown = f"{badge(verdict.evidence)}  {reason}" if verdict is not None else f"{'':<11}  {reason}"
    if len(rows) == 1 and cell_len(rows[0]) < column:
        return [rows[0] + " " * (column - cell_len(rows[0])) + shown]
    return [*rows, " " * column + shown]


def said(predicate: Predicate) -> str:
    """A predicate in words: XᵀX + λI is positive definite."""
    words = predicate.name.replace("_", " ")
    seen = f" in {', '.join(map(unicode, predicate.variables))}" if predicate.variables else ""
    return f"{unicode(predicate.of)} is {words}{seen}"


def reason_of(reason: Reason, names: Names) -> str:
    """A reason and each fact it leans on, by its name, its theorem or its place."""
    return reason.name + (" " + ", ".join(_fact(f, names) for f in reason.facts) if reason.facts else "")


def _fact(fact: Fact, names: Names) -> str:
    theorem = fact.theorem if isinstance(fact, Assumption) else ""
    place = fact.place
    return theorem or names.get(place) or place.part or f"{Path(place.file).name}:{place.line}"


def wrapped(text: str, width: int) -> list[str]:
    """Text in pieces of at most `width` columns, cut before an operator outside brackets where there is one."""
    if cell_len(text) <= width:
        return [text]
    cuts = _cuts(text)
    for depth in sorted({d for _, d in cuts}):
        fits = [k for k, d in cuts if d <= depth and k > 0 and cell_len(text[:k]) <= width]
        if fits:
            return [text[: fits[-1]].rstrip(), *wrapped("  " + text[fits[-1] :].lstrip(), width)]
    return [text]


def _cuts(text: str) -> list[tuple[int, int]]:
    """Where a piece may end, with the depth of brackets there; a space before an operator counts as shallower."""
    depth, found, started = 0, [], False
    for k, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == " " and started:
            found.append((k, 2 * depth + (text[k + 1 : k + 2] not in "+-−=≤≥")))
        started = started or letter != " "
    return found


# --- errors ------------------------------------------------------------------------------------------
def trouble(error: ChapterError, settings: Settings) -> list[str]:
    """A chapter or an item that could not be judged: where, what, and the line itself."""
    where = f"{settings.relative(error.place.file)}:{error.place.line}"
    what = f"{error.chapter}.{error.item}" if error.item else error.chapter
    rows = [f"! ERROR     {what} cannot be judged   {where}", ""]
    rows += [f"   {error.place.line:>4}  {error.source}", ""] if error.source else []
    return rows + [f"   {piece}" for piece in wrapped(f"{error.kind}: {error.text}", WIDTH - 3)]
