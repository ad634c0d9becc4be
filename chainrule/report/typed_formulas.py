"""An appendix of typed formulas: each with its gradient and its second derivative, taken and judged for this page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sympy.core.symbol import Str

from chainrule.diff import Derived, derived
from chainrule.diff.domain import plainly
from chainrule.diff.engine import names_in
from chainrule.errors import ChainruleError, Place
from chainrule.evidence import Evidence
from chainrule.laws import all_laws
from chainrule.notation.nodes import At, Deriv, Each, Let, Node, Number, Var
from chainrule.settings import SettingsError
from chainrule.typed import read_formula

from . import formulas, prose
from .front import in_words
from .kronecker import as_matrix
from .lines import law
from .model import Block, Chain, Code, Heading, Math, Page, Paragraph, Row, Text, Words

ORDERS = (1, 2)
FEW = 3
"""Laws that fit beside a line; more are counted."""
LONG = 340
"""A derivative of more letters than this, its names included, is given as text, which breaks anywhere."""
LETTERS = "fghF"
"""What the formula is called: the first of these that is no symbol in it."""


def page(file: Path, stem: str, number: str) -> Page:
    """The page of a file of formulas. Errors: SettingsError where the file is not one; a formula's own error."""
    table = _read(file)
    blocks: list[Block] = []
    rows: list[Row] = []
    for k, case in enumerate(table["formula"]):
        made = [_derived(file, case, order) for order in ORDERS]
        chain = _chain(case["name"], made, 1 + k * len(ORDERS))
        rows += chain.rows
        blocks += [Heading((Words(_capital(case["name"])),), 3), Paragraph(_typed(case), soft=True), chain]
    counted: Text = (Words(f"{len(table['formula'])} formulas, {len(rows)} derivatives: {_counts(rows)}. {HOW}"),)
    return Page(
        stem, number, str(table["title"]), number, prose.read(str(table.get("lead", "")), {}),
        blocks=(Paragraph(counted, soft=True), *blocks),
        evidence=min((r.evidence for r in rows), default=Evidence.OPEN),
    )  # fmt: skip


HOW = (
    "A second derivative has the axes of the variable twice: by a vector it is a matrix; by a matrix it has four "
    "indices, and is also written as a matrix where it is a Kronecker product, the entries of the variable row by row. "
    "By a symmetric matrix, derivatives are symmetrised."
)


def _read(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return {**table, "title": table["title"], "formula": [_case(c) for c in table["formula"]]}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        said = f"a file of formulas has a title, and [[formula]] tables with name, text and wrt: {error}"
        raise SettingsError(said, Place(str(file), 1)) from None


def _case(table: dict[str, str]) -> dict[str, str]:
    return {"name": table["name"], "text": table["text"], "wrt": table["wrt"], "declare": table.get("declare", "")}


def _derived(file: Path, case: dict[str, Any], order: int) -> Derived:
    try:
        return derived(read_formula(case["text"], case["declare"]), case["wrt"], order)
    except ChainruleError as error:
        lines = file.read_text(encoding="utf-8").splitlines()
        line = next((n for n, text in enumerate(lines, 1) if repr(case["name"])[1:-1] in text), 1)
        raise SettingsError(f"{case['name']}: {error.text}", Place(str(file), line)) from error


def _typed(case: dict[str, Any]) -> Text:
    """As it was typed, what was declared, and by which symbol it is differentiated."""
    declared: Text = (Words(", where "), Code(case["declare"])) if case["declare"] else ()
    return (Code(case["text"]), Words(", by "), Code(case["wrt"]), *declared)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(rows: list[Row]) -> str:
    from chainrule.evidence import Verdict

    return in_words([Verdict(r.evidence) for r in rows])


# --- one formula ---------------------------------------------------------------------------------------
def _chain(name: str, made: list[Derived], first: int) -> Chain:
    node = made[0].formula.node
    taken = {v.name for v in node.atoms(Var)}
    f = Let(Str(next(letter for letter in LETTERS if letter not in taken)), node)
    return Chain(name, formulas.definition(f), tuple(_row(f, d, first + k) for k, d in enumerate(made)))


def _row(f: Let, found: Derived, number: int) -> Row:
    verdict = found.verdict
    where: list[Text] = [formulas.said(p) for p in plainly(found.given)]
    rests: list[Text] = [(Words("where "), *prose.listed(where))] if where else []
    rests += [(Words(verdict.why),)] if verdict.why and verdict.evidence < Evidence.CITED else []
    return Row(number, None, _formula(f, found), verdict.evidence, _laws(verdict.rests_on), tuple(rests))


def _laws(rests_on: tuple[str, ...]) -> Text:
    known = {law.name for law in all_laws()}
    laws = [n for n in rests_on if n in known]
    if len(laws) > FEW:
        return (Words(f"{len(laws)} laws"),)
    return prose.listed([(law(n),) for n in laws], ", ")


def _formula(f: Let, found: Derived) -> Text:
    """The derivative of f, =, and its formula; an array with more than two axes entry by entry; a long one as text."""
    left, right = _sides(f, found)
    written = found.shown("text")
    if len(written) > LONG:
        return (formulas.joined(left, "="), Words(" "), Code(written))
    named = names_in(found.result)
    said: list[Math] = [formulas.related(left, "=", formulas.of(right))]
    said += [formulas.definition(let) for let in named]
    ends = [", where " if k == 0 else "; " for k in range(len(named))]
    return (*_between(said, ends), *_matrix(found))


def _matrix(found: Derived) -> Text:
    """As a Kronecker product, where it is one."""
    matrix = as_matrix(found.result)
    return () if matrix is None else (Words("; as a matrix "), formulas.of(matrix))


def _between(said: list[Math], ends: list[str]) -> Iterator[Math | Words]:
    for formula, end in zip(said, [*ends, ""], strict=True):
        yield formula
        if end:
            yield Words(end)


def _sides(f: Let, found: Derived) -> tuple[Math, Node]:
    goal, result = found.goal, found.result
    if isinstance(result, Each) and result.ndim == len(result.letters) == 2 * found.variable.ndim:
        half = found.variable.ndim
        one, two = (
            formulas.inline(At(found.variable, *part)) for part in (result.letters[:half], result.letters[half:])
        )
        return _entry(formulas.inline(f), one, two), result.body
    zero = isinstance(result, Number) and result.value == 0
    shown = _named(goal, f)
    return formulas.of(shown), Number(0, ()) if zero and not result.shape else result


def _entry(f: Math, one: Math, two: Math) -> Math:
    """d^2 f / dU_ij dU_kl"""
    return formulas.raw(
        rf"\frac{{\partial^2 {f.latex[0]}}}{{\partial {one.latex[0]}\,\partial {two.latex[0]}}}",
        f"frac(partial^2 {f.typst[0]}, partial {one.typst[0]} thin partial {two.typst[0]})",
    )


def _named(goal: Deriv, f: Let) -> Node:
    """The derivative that was asked for, of the formula by its name."""
    return goal.xreplace({f.value: f})
