"""chainrule convexity FORMULA: convex, concave, neither or unknown, and what shows it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

from chainrule import printing
from chainrule.convexity import Convexity, curvature_of
from chainrule.convexity.certificate import Composition, SecondDerivative
from chainrule.convexity.chapters import Function, functions_of
from chainrule.convexity.engine import Side
from chainrule.diff.domain import plainly
from chainrule.diff.engine import rests_on
from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence
from chainrule.notation.nodes import Node
from chainrule.project import load, load_for
from chainrule.typed import Formula, read_formula

from .blocks import badge, trouble
from .console import console, say
from .formula_page import evidence, hung, remarks, shapes, shown, the_symbol, where
from .world import sizes, world

SIGNS = {"positive": "> 0", "nonnegative": ">= 0", "nonpositive": "<= 0", "": ""}
WORDS = {
    "convex": "convex",
    "concave": "concave",
    "affine": "affine: convex and concave",
    "neither": "neither convex nor concave",
    "unknown": "not known to be convex, or concave",
}


@dataclass(frozen=True)
class Options:
    """What is asked of one formula, beside the formula."""

    wrt: str | None
    declare: tuple[str, ...]
    latex: bool
    as_json: bool


def run(text: str, options: Options) -> int:
    """The exit status: 0 if there is an answer, be it unknown; 2 if the formula could not be read."""
    try:
        written = written_functions(text)
        if written is not None:
            return _of_a_chapter(written, options)
        formula = read_formula(text, ", ".join(options.declare))
        names = [name.strip() for name in the_symbol(formula, options.wrt).split(",")]
        found = curvature_of(formula.node, *map(formula.symbol, names))
        if options.as_json:
            print(json.dumps(fields(found), ensure_ascii=False))
        else:
            say(console(), ["", *_page(formula, found, "latex" if options.latex else "unicode")])
    except ChainruleError as error:
        print(f"! ERROR     {error.text}", file=sys.stderr)
        return 2
    return 0


# --- chapters --------------------------------------------------------------------------------------------
def written_functions(text: str) -> list[Function] | None:
    """The functions of a chapter's file, of a chapter, or of an item; None where the text names none of these."""
    file = Path(text)
    if file.suffix == ".py":
        project = load(Path.cwd(), [file])
        for error in project.errors:
            print("\n".join(trouble(error, project.settings)), file=sys.stderr)
        return functions_of(entry.item for _, entry in project.entries)
    if re.fullmatch(r"[A-Za-z_]\w+(\.[\w\[\]]+)*", text) is None:
        return None
    entries = load_for(Path.cwd(), text).entries
    named = [e.item for c, e in entries if text in (c.name, c.stem, e.full, f"{c.stem}.{e.name}")]
    return functions_of(named) if named else None


def _of_a_chapter(functions: list[Function], options: Options) -> int:
    """One answer for each function; 2 if no item takes a gradient."""
    if not functions:
        print("! ERROR     no item there takes a gradient or a Hessian of a scalar", file=sys.stderr)
        return 2
    for f in functions:
        found = curvature_of(f.formula, f.variable, given=f.given)
        print(json.dumps(fields(found), ensure_ascii=False)) if options.as_json else say(console(), _short(found))
    return 0


def _short(found: Convexity) -> Iterator[str]:
    """f, and below it the answer with its evidence and what shows it."""
    variables = ", ".join(map(printing.unicode, found.variables))
    yield ""
    yield from shown("", found.formula, "unicode")
    certificate = found.certificate
    by = {Composition: "by composition", SecondDerivative: "by its second derivative"}.get(type(certificate), "")
    yield f"       {badge(found.verdict.evidence)}  {WORDS[found.answer]} in {variables}" + (f", {by}" if by else "")


# --- data ------------------------------------------------------------------------------------------------
def fields(found: Convexity) -> dict[str, object]:
    """The answer as data."""
    return {
        "formula": printing.text(found.formula),
        "wrt": [v.name for v in found.variables],
        "answer": found.answer,
        "evidence": found.verdict.evidence.name,
        "rests_on": list(rests_on(found.verdict, found.given)),
        "certificate": _certificate(found.certificate),
        "one_world": found.one_world,
        "refuted": {side.word: _refuted(side) for side in found.sides if side.refuted is not None},
        "missing": [printing.text(node) for node in found.composition.missing],
    }


def _certificate(found: Composition | SecondDerivative | None) -> dict[str, object] | None:
    match found:
        case Composition():
            said = [(printing.text(s.formula), s.word, s.sign, s.rule) for s in found.steps]
            names = ("text", "curvature", "sign", "rule")
            return {"kind": "composition", "steps": [dict(zip(names, s, strict=True)) for s in said]}
        case SecondDerivative():
            kind = "along every line" if found.direction else "hessian"
            return {"kind": kind, "text": printing.text(found.formula), "latex": printing.latex(found.formula)}
    return None


def _refuted(side: Side) -> dict[str, object]:
    found = side.refuted
    assert found is not None, "only a refuted side has two points"
    return {"sizes": found.sizes, "values": found.values, "between": found.left, "chord": found.right}


# --- the page --------------------------------------------------------------------------------------------
def _page(formula: Formula, found: Convexity, page: str) -> Iterator[str]:
    variables = ", ".join(printing.formula(v, page) for v in found.variables)
    yield from shown(f"f({variables}) = ", found.formula, page)
    yield from shapes(formula)
    yield ""
    yield f"   {WORDS[found.answer]} in {variables}" + (" together" if len(found.variables) > 1 else "")
    yield ""
    match found.certificate:
        case Composition():
            yield from _composition(found.certificate, page)
        case SecondDerivative():
            yield from _second(found, found.certificate, variables, page)
        case None:
            yield from _without(found, page)
    if found.certificate is None:
        return
    yield from ("", *evidence(formula, [s.verdict for s in found.sides if s.shown], found.given))


def _composition(found: Composition, page: str) -> Iterator[str]:
    """Each part with its curvature, its sign, and the rule; the parts of a part stand above it."""
    rows = [(printing.formula(s.formula, page), s.word, SIGNS[s.sign], s.rule) for s in found.steps]
    column = min(40, max((cell_len(row[0]) for row in rows), default=0)) + 7
    for k, (text, word, sign, rule) in enumerate(rows, 1):
        said = f"{word:<8} {sign:<5} {rule}".rstrip()
        pieces = list(hung(f"{k:<2} ", text)) if page != "latex" else [f"   {k:<2} {text}"]
        if len(pieces) == 1 and cell_len(pieces[0]) < column:
            yield pieces[0] + " " * (column - cell_len(pieces[0])) + said
        else:
            yield from (*pieces, " " * column + said)


def _second(found: Convexity, second: SecondDerivative, variables: str, page: str) -> Iterator[str]:
    sign = "" if found.answer == "convex" else "−"
    square = "²" if page != "latex" else "^2"
    nabla = "∇" if page != "latex" else r"\nabla "
    if second.direction:
        steps = ", ".join(printing.formula(v, page) for v in second.direction)
        yield from hung("", f"along every line, from ({variables}) by t times ({steps}), at t = 0:")
        yield from shown(f"{sign}d{square}f/dt{square} = ", second.formula, page)
    else:
        yield from shown(f"{sign}{nabla}{square}f({variables}) = ", second.formula, page)
    yield from where(second.formula, page)
    yield from remarks([("so", _why_nonnegative(found, second.formula))])


def _why_nonnegative(found: Convexity, second: Node) -> str:
    word = "semidefinite" if second.ndim else "nonnegative"
    laws = found.verdict.rests_on
    return f"it is {word} everywhere: {', '.join(laws)}"


def _without(found: Convexity, page: str) -> Iterator[str]:
    """Two points for each claim that a chord refutes; what was tried for each that nothing decides."""
    for side in found.sides:
        example = side.refuted
        if example is None:
            crossing = "no chord in the worlds tried crosses f, and no proof was found: "
            tested = crossing if side.verdict.evidence is Evidence.SAMPLED else ""
            yield from hung(f"{badge(side.verdict.evidence)}  ", f"{side.word}: {tested}{side.verdict.why}")
            yield ""
            continue
        at = f", at {sizes(example)}" if example.sizes else ""
        above = "above" if side.word == "convex" else "below"
        yield f"   {badge(side.verdict.evidence)}  not {side.word}: f lies {above} its chord{at}"
        yield ""
        yield from world(example, "f between", "the chord")
        yield from ("", *remarks([("by hand", example.note)]), "")
    if found.answer == "neither" and not found.one_world:
        said = "the two worlds differ in what is held fixed: with less freedom, f may be one or the other"
        yield from remarks([("declare", said)])
    if found.answer == "unknown":
        yield from remarks(_tried(found, page))


def _tried(found: Convexity, page: str) -> list[tuple[str, str]]:
    missing = ", ".join(printing.formula(node, page) for node in found.composition.missing)
    rows = [("no rule", f"says how this bends: {missing}" if missing else "")]
    for side in found.sides:
        if side.second is not None:
            second = printing.formula(side.second.formula, page)
            rows.append(("tried", f"for {side.word}: the second derivative {second} was not seen to be nonnegative"))
    asked = "; ".join(printing.predicate(p, "unicode") for p in plainly(found.given))
    return [*rows, ("declare", f"it has a value where {asked}: say so of the symbols" if asked else "")]
