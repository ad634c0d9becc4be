"""Formulas as the writers need them: each in TeX and in Typst, in the pieces between which a line may break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from chainrule import printing
from chainrule.notation.dims import Dim
from chainrule.notation.nodes import Let, Node, Var, as_node
from chainrule.notation.statements import Predicate, Relation
from chainrule.notation.vocabulary import scalar

from .model import Math, Span, Text, Words

LATEX_RELATIONS = {"!=": r"\ne", "=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
TYPST_RELATIONS = {"!=": "!=", "=": "=", "<=": "<=", ">=": ">=", "<": "<", ">": ">"}


def of(node: Node) -> Math:
    """A formula, cut where a line may break."""
    return _styled(printing.pieces(node, "latex"), printing.pieces(node, "typst"))


def inline(node: Node) -> Math:
    """A formula in one piece, for running text."""
    return _styled([printing.latex(node)], [printing.typst(node)])


def _styled(latex: list[str], typst: list[str]) -> Math:
    """The book sets the transpose as an upright T without serifs."""
    return Math(
        tuple(_accents(p.replace(r"\top", r"{\mathsf T}"), TEX_ACCENT, 0) for p in latex),
        tuple(_accents(p.replace("⊤", 'upright(sans("T"))'), TYPST_ACCENT, 1) for p in typst),
    )


ACCENTS = {
    "\u0302": ("hat", "hat"),
    "\u0303": ("tilde", "tilde"),
    "\u0304": ("bar", "macron"),
    "\u0307": ("dot", "dot"),
}
"""Combining marks, and the names of the accents in TeX and in Typst."""


TEX_ACCENT, TYPST_ACCENT = r"\{}{{{}}}", "{}({})"


def _accents(formula: str, spelled: str, which: int) -> str:
    """A letter with an accent, such as the y of a prediction, as an accent over a letter."""
    out = ""
    for letter in formula:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        known = len(marks) == 1 and marks[0] in ACCENTS
        out += f" {spelled.format(ACCENTS[marks[0]][which], base)}" if known else letter
    return out


def raw(latex: str, typst: str) -> Math:
    """A formula that is no node, said twice."""
    return Math((latex,), (typst,))


def joined(*parts: Math | str) -> Math:
    """One piece out of several; a string is the same in TeX and in Typst."""
    sides = [("".join(p.latex), " ".join(p.typst)) if isinstance(p, Math) else (p, p) for p in parts]
    return Math((" ".join(a for a, _ in sides),), (" ".join(b for _, b in sides),))


def relation_sign(relation: str) -> Math:
    """=, <=, ... as it stands at the head of a row."""
    return raw(LATEX_RELATIONS[relation], TYPST_RELATIONS[relation])


def related(left: Math, relation: str, right: Math) -> Math:
    """left (relation) right; it may break before the relation and wherever the right side may."""
    sign = relation_sign(relation)
    return Math(
        (*left.latex, "{}" + sign.latex[0] + " " + right.latex[0], *right.latex[1:]),
        (*left.typst, '""' + sign.typst[0] + " " + right.typst[0], *right.typst[1:]),
    )


def definition(name: Let) -> Math:
    """name = formula."""
    return related(inline(name), "=", of(name.value))


def said(statement: Relation | Predicate) -> Text:
    """A relation, or a property in words: A is positive definite."""
    match statement:
        case Relation():
            return (related(of(statement.left), statement.relation, of(statement.right)),)
        case Predicate(name=name, of=node) if name in OF_NUMBERS and node.shape == ():
            return (related(of(node), OF_NUMBERS[name], raw("0", "0")),)
        case Predicate():
            words = PREDICATE_WORDS[statement.name]
            more = [part for v in statement.variables for part in (Words(", "), inline(v))][1:]
            return (of(statement.of), Words(f" {words}"), *((Words(" in "), *more) if more else ()))


OF_NUMBERS = {"nonzero": "!=", "positive": ">", "nonnegative": ">="}
PREDICATE_WORDS = {
    "positive_definite": "is positive definite",
    "positive_semidefinite": "is positive semidefinite",
    "invertible": "is invertible",
    "nonzero": "is nowhere zero",
    "positive": "is positive",
    "nonnegative": "is nonnegative",
    "convex": "is convex",
}


def symbol(name: str) -> Math:
    """A name as a formula."""
    return inline(scalar(name))


def size(dim: Dim) -> Math:
    """A dimension."""
    return inline(as_node(dim) if getattr(dim, "is_Integer", False) is False else as_node(int(dim)))


# --- declared symbols ------------------------------------------------------------------------------
FIELDS = {"labels": (r"\{-1,1\}", "{-1, 1}"), "binary": (r"\{0,1\}", "{0, 1}")}
PROPERTY_WORDS = {
    "nonzero": "not zero",
    "nonzero_entries": "with no entry zero",
    "unit_interval": "between 0 and 1",
    "simplex": "with nonnegative entries that sum to 1",
    "unit": "of length 1",
    "one_hot": "with one entry 1 and the others 0",
    "stochastic_rows": "with nonnegative rows that sum to 1",
    "one_hot_rows": "with one 1 in each row",
    "nonempty_columns": "with a 1 in each column",
    "symmetric": "symmetric",
    "skew": "skew-symmetric",
    "diagonal": "diagonal",
    "lower_triangular": "lower triangular",
    "invertible": "invertible",
    "psd": "symmetric and positive semidefinite",
    "positive_definite": "symmetric and positive definite",
    "orthonormal_columns": "with orthonormal columns",
    "orthogonal": "orthogonal",
    "permutation": "with one 1 in each row and in each column",
    "full_column_rank": "of full column rank",
}
SIGNS = {"positive": ">", "nonnegative": ">="}


def declared(symbol: Var) -> Text:
    """A symbol with its set and properties: X in R^(n x p) of full column rank."""
    own = sorted(symbol.declared)
    sign = next((SIGNS[p] for p in own if p in SIGNS), "")
    if sign and not symbol.shape:
        return (joined(inline(symbol), relation_sign(sign), "0"),)
    words = [PROPERTY_WORDS[p] for p in own if p in PROPERTY_WORDS]
    if sign:
        words.append("with positive entries" if sign == ">" else "with nonnegative entries")
    member = joined(inline(symbol), raw(r"\in", "in"), _space(symbol))
    return (member, *((Words(" " + " and ".join(words)),) if words else ()))


def _space(symbol: Var) -> Math:
    latex, typst = next((FIELDS[p] for p in sorted(symbol.declared) if p in FIELDS), (r"\mathbb{R}", "RR"))
    if not symbol.shape:
        return raw(latex, typst)
    sizes = [size(d) for d in symbol.shape]
    return raw(
        latex + "^{" + r" \times ".join(s.latex[0] for s in sizes) + "}",
        typst + "^(" + " times ".join(s.typst[0] for s in sizes) + ")",
    )


# --- numbers of a world ------------------------------------------------------------------------------
def array(value: Any) -> Math:
    """A scalar, a column or a matrix of exact numbers, given as nested lists."""
    rows = value if isinstance(value, (list, tuple)) else None
    if rows is None:
        return number(value)
    table = [[number(x) for x in row] if isinstance(row, (list, tuple)) else [number(row)] for row in rows]
    if any(isinstance(x, (list, tuple)) for row in rows if isinstance(row, (list, tuple)) for x in row):
        return _slices(rows)
    return raw(
        r"\begin{pmatrix}" + r"\\".join("&".join(x.latex[0] for x in row) for row in table) + r"\end{pmatrix}",
        "mat(" + "; ".join(", ".join(x.typst[0] for x in row) for row in table) + ")",
    )


def _slices(blocks: Iterable[Any]) -> Math:
    """A tensor, as the list of its slices."""
    parts = [array(b) for b in blocks]
    return raw(r"\;".join(p.latex[0] for p in parts), " thick ".join(p.typst[0] for p in parts))


WORD = re.compile(r"[A-Za-z]{2,}")


def number(value: Any) -> Math:
    """An exact number or a ball, as its text says it: -3/2, [1.41 +/- 2e-5]; a remark that stands in its place."""
    text = str(value)
    if WORD.search(text):
        return raw(rf"\text{{{text}}}", f'"{text}"')
    top, bar, bottom = text.partition("/")
    if bar and top.lstrip("-").isdigit() and bottom.isdigit():
        sign = "-" if top.startswith("-") else ""
        digits = top.lstrip("-")
        return raw(rf"{sign}\tfrac{{{digits}}}{{{bottom}}}", f"{sign}{digits}\\/{bottom}")
    return raw(text.replace("+/-", r"\pm "), text.replace("+/-", "plus.minus "))


def valued(name: Math, value: Any) -> Math:
    """name = value."""
    right = array(value)
    return raw(f"{name.latex[0]}={right.latex[0]}", f"{name.typst[0]} = {right.typst[0]}")


def spaced(math: Math, after: str) -> Span:
    """A formula with a mark of punctuation that must not start a line."""
    return Math((*math.latex[:-1], math.latex[-1] + after), (*math.typst[:-1], f"{math.typst[-1]}{after}"))
