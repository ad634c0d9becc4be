"""chainrule solve FORMULA: where a formula typed in is lowest, and everything that shows it, line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from chainrule import printing
from chainrule.code import with_imports
from chainrule.diff.domain import plainly
from chainrule.diff.engine import with_names
from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence, Verdict
from chainrule.limits import within
from chainrule.notation.nodes import Node
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Fact,
    Predicate,
    Reason,
    Relation,
    nonnegative,
)
from chainrule.optimality import Optimum, minimise
from chainrule.optimality.optimum import HIGHEST, LOCAL, LOWEST, PEAK
from chainrule.optimality.verdicts import verdicts
from chainrule.optimality.words import difference
from chainrule.typed import TypedProblem, read_problem
from chainrule.typed.problem import Constraint

from .blocks import GLYPHS, badge, said
from .console import console, say
from .formula_page import beside, hung, remarks, shapes, shown, the_symbol, where

SOLVING = 30.0
"""Seconds that a solution may be looked for."""
Judged = Mapping[str, list[Verdict]]
MEANS = {
    LOWEST: "is lowest",
    LOCAL: "is a strict local minimum: nothing near it is as low",
    HIGHEST: "is no minimum: it is highest",
    PEAK: "is no minimum: it is a strict local maximum",
}


@dataclass(frozen=True)
class Options:
    """What is asked of one problem, beside its objective."""

    wrt: str | None
    subject_to: tuple[str, ...]
    declare: tuple[str, ...]
    code: bool
    latex: bool
    as_json: bool


def run(text: str | None, options: Options) -> int:
    """The exit status: 0 if the problem was read, solved or not; 2 if it could not be read or differentiated."""
    try:
        asked = read_problem(text or "", options.subject_to, ", ".join(options.declare))
        x = asked.objective.symbol(the_symbol(asked.objective, options.wrt))
        symbols = tuple(asked.objective.symbols.values())
        constraints = tuple(_assumed(c) for c in asked.constraints)
        found = within(SOLVING, lambda: minimise(asked.objective.node, x, subject_to=constraints, symbols=symbols))
        judged = verdicts(found)
        if options.as_json:
            print(json.dumps(_fields(asked, found, judged), ensure_ascii=False))
        else:
            say(console(), ["", *_page(asked, found, judged, options)])
    except ChainruleError as error:
        print(f"! ERROR     {error.text}", file=sys.stderr)
        return 2
    return 0


def _assumed(c: Constraint) -> Assumption:
    """An inequality between vectors is one of every entry."""
    if c.relation == "=" or not c.left.ndim:
        return Assumption(Relation(c.left, c.relation, c.right))
    larger, smaller = (c.left, c.right) if c.relation == ">=" else (c.right, c.left)
    return Assumption(nonnegative(difference(larger, smaller)))


# --- as data ------------------------------------------------------------------------------------------
def _fields(asked: TypedProblem, found: Optimum, judged: Judged) -> dict[str, object]:
    """The solution as data."""
    return {
        "objective": printing.text(found.objective),
        "subject_to": [c.text for c in asked.constraints],
        "wrt": found.variable.name,
        "shapes": {name: [str(d) for d in v.shape] for name, v in asked.objective.symbols.items()},
        "kind": found.kind,
        "why": found.why,
        "point": None if found.point is None else _formula(found.point.value),
        "multipliers": {m.name: _formula(m.value) for m in found.multipliers},
        "where": [printing.predicate(p, "text") for p in plainly(_predicates(found))],
        "evidence": _least(judged).name,
        "items": {name: _item(item, judged[name], found.subject_to) for name, item in found.items()},
        "python": with_imports(found.python),
    }


def _formula(node: Node) -> dict[str, str]:
    return {"text": printing.text(node), "latex": printing.latex(node)}


def _item(item: Derivation | Claim, lines: list[Verdict], constraints: Collection[Assumption]) -> dict[str, object]:
    if isinstance(item, Claim):
        return {"claim": said(item.statement), "evidence": lines[0].evidence.name}
    rows = zip(item.lines, lines, strict=True)
    return {
        "first": printing.text(item.first),
        "lines": [
            {
                "relation": x.relation,
                "text": printing.text(x.expr),
                "reason": _because(x.reason, constraints),
                "evidence": v.evidence.name,
            }
            for x, v in rows
        ],
    }


# --- the page -----------------------------------------------------------------------------------------
def _page(asked: TypedProblem, found: Optimum, judged: Judged, options: Options) -> Iterator[str]:
    page = "latex" if options.latex else "unicode"
    x = printing.formula(found.variable, page)
    yield from shown(f"minimise over {x}   ", found.objective, page)
    for k, c in enumerate(asked.constraints):
        sign = printing.sign(c.relation, page)
        head = "subject to" if k == 0 else ""
        yield f"   {head:<{len(x) + 14}}   {printing.formula(c.left, page)} {sign} {printing.formula(c.right, page)}"
    yield from shapes(asked.objective)
    yield ""
    yield from _answer(found, page)
    for name, item in found.items():
        yield ""
        yield from _shown_item(name, item, judged[name], found.subject_to, page)
    if options.code or (found.point is None and not found.subject_to):
        yield from ("", *(f"   {row}".rstrip() for row in with_imports(found.python).rstrip().splitlines()))
    yield ""
    yield from _evidence(found, judged)


def _answer(found: Optimum, page: str) -> Iterator[str]:
    """x* = ..., its multipliers, the names in them; and the same as text."""
    if found.point is None:
        yield from hung("", f"No closed form: {found.why}.")
        return
    for named in (found.point, *found.multipliers):
        yield from shown(f"{printing.formula(named, page)} = ", named.value, page)
    yield from where(found.point.value, page)
    if page != "latex":
        yield ""
        yield from hung("", with_names(found.point.value, "text"))


def _shown_item(
    name: str, item: Derivation | Claim, lines: list[Verdict], constraints: Collection[Assumption], page: str
) -> Iterator[str]:
    head = f"{name:<12}"
    if isinstance(item, Claim):
        text = printing.statement(item.statement, "latex") if page == "latex" else said(item.statement)
        yield from beside(list(hung(head, text)), lines[0], _because(item.reason, constraints))
        return
    yield from shown(head, item.first, page)
    for line, verdict in zip(item.lines, lines, strict=True):
        sign = printing.sign(line.relation, "latex") if page == "latex" else GLYPHS[line.relation]
        rows = list(shown(f"          {sign} ", line.expr, page))
        yield from beside(rows, verdict, _because(line.reason, constraints))


def _because(reason: Reason, constraints: Collection[Assumption]) -> str:
    """The reason, and what it leans on by name."""
    names = ", ".join(dict.fromkeys(_named(f, constraints) for f in reason.facts))
    if reason.name == "by":
        return f"by {names}"
    return f"{reason.name} ({names})" if names else reason.name


def _named(fact: Fact, constraints: Collection[Assumption]) -> str:
    if not isinstance(fact, Assumption):
        return fact.place.part
    return fact.theorem or ("the constraints" if fact in constraints else "what is asked")


def _predicates(found: Optimum) -> tuple[Assumption, ...]:
    return tuple(a for a in found.given if isinstance(a.statement, Predicate))


def _least(judged: Judged) -> Evidence:
    return min(v.evidence for lines in judged.values() for v in lines)


def _evidence(found: Optimum, judged: Judged) -> Iterator[str]:
    """The verdict on the whole, what it rests on and what it asks."""
    lowest = _least(judged)
    yield f"   {badge(lowest)}  {lowest.means}"
    rests = dict.fromkeys(r for lines in judged.values() for v in lines for r in v.rests_on)
    unmet = dict.fromkeys(v.why for lines in judged.values() for v in lines if v.evidence < Evidence.CITED and v.why)
    rows = [
        ("so", _so(found, judged)),
        ("rests on", ", ".join(rests)),
        ("where", _where(found)),
        ("why", "; ".join(unmet)),
    ]
    yield from remarks(rows)


def _so(found: Optimum, judged: Judged) -> str:
    """What follows, in words."""
    if found.point is None:
        return "whatever point meets the conditions is lowest" if found.lowest is not None else ""
    name = printing.unicode(found.point)
    if _least(judged) < Evidence.CITED:
        return f"{name} was found; that it is lowest is not proved: see the lines that stand lower"
    if found.kind not in MEANS:
        return f"{name} is stationary; {found.why}"
    rest = found.why or ("no other point is as low" if found.kind == LOWEST else "")
    return f"{name} {MEANS[found.kind]}" + (f"; {rest}" if rest else "")


def _where(found: Optimum) -> str:
    relations = [a.statement for a in found.given if isinstance(a.statement, Relation)]
    said_ = [printing.predicate(p, "unicode") for p in plainly(_predicates(found))]
    equal = [f"{printing.unicode(r.left)} {GLYPHS[r.relation]} {printing.unicode(r.right)}" for r in relations]
    return "; ".join([*said_, *equal])
