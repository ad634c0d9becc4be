"""The law appendix: one row a law. `rows_of_laws` is the one place that knows how the engine's laws look."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.symbol import Str

from chainrule import laws as engine
from chainrule.calculus.readback import derivative
from chainrule.errors import Unsupported
from chainrule.evidence import Evidence
from chainrule.laws import Law
from chainrule.notation.nodes import FUNCTIONS, Apply, Deriv, Node
from chainrule.notation.vocabulary import grad, jacobian, scalar

from . import formulas, prose
from .grounds import grounds
from .lines import anchor
from .model import Block, LawRow, LawTable, Link, Mark, Page, Paragraph, Text, Words
from .register import Register, Topic, assumed, reasons_of

LEAD = (
    "Every reason in this book is one of these. A law is one function in the program: "
    "it gives the rule, this row, and a test."
)


def appendix(register: Register) -> Page:
    """The laws of the engine, the reasons that chapters give by name, and the theorems that they cite."""
    note: Text = (
        Words("A proof that uses only the laws is marked "), Mark(Evidence.PROVED),
        Words(". One that also uses a theorem of the last table is marked "), Mark(Evidence.CITED), Words("."),
    )  # fmt: skip
    tables = [
        LawTable("Reasons", tuple(_reasons(register))),
        *rows_of_laws(register),
        LawTable("Rules of the kernel", tuple(_rules(register))),
        LawTable("Theorems cited", tuple(_theorems(register))),
    ]
    blocks: tuple[Block, ...] = (Paragraph(note, soft=True), *(t for t in tables if t.rows))
    return Page("laws", "Appendix A", "The laws", "Appendix A", (Words(LEAD),), blocks=blocks)


def rows_of_laws(register: Register) -> list[LawTable]:
    """The engine's laws: functions applied entry by entry, and the rest."""
    rows: dict[str, list[LawRow]] = {ENTRYWISE: [], STRUCTURE: []}
    for law in engine.all_laws():
        table = ENTRYWISE if law.name in FUNCTIONS else STRUCTURE
        name, words = law.name.replace("_", " "), (Words(law.says),)
        rows[table].append(LawRow(name, _formula(law), words, (Words(law.source),), _used(register, law.name)))
    return [LawTable(title, tuple(found)) for title, found in rows.items()]


ENTRYWISE, STRUCTURE = "Derivatives of functions, entry by entry", "Derivatives of sums, products and matrix functions"


def _formula(law: Law) -> Text:
    """The law as an equation: for a function of one number its derivative, else what it says of its example."""
    if law.name in FUNCTIONS:
        x = scalar("x")
        return (formulas.related(formulas.of(jacobian(Apply(Str(law.name), x), x)), "=", formulas.of(law.rule(x))),)
    formula, variable = law.example()
    left = jacobian(formula, variable) if formula.ndim else grad(formula, variable)
    right = _taken(left)
    return (formulas.related(formulas.of(left), "=", formulas.of(right)) if right is not None else formulas.of(left),)


def _taken(example: Deriv) -> Node | None:
    """The derivative of an example; None where it has no written form without a derivative sign."""
    try:
        made = derivative(example)
    except Unsupported:
        return None
    return None if made.atoms(Deriv) else made


def _used(register: Register, name: str) -> Text:
    """The entries in which a law is used, by a verdict or by a reason."""
    return _entries(register, [t for t in register.topics if name in _names(register, t)])


MANY = 12
"""More entries than this are counted, not listed."""


def _entries(register: Register, topics: list[Topic]) -> Text:
    if len(topics) > MANY:
        return (Words(f"{len(topics)} of {len(register.topics)} entries"),)
    return prose.listed([(Link(t.shown or t.title, t.stem),) for t in topics], ", ")


def _names(register: Register, topic: Topic) -> set[str]:
    used = {n for v in register.of_topic(topic) for n in v.rests_on}
    return used | {r.name.partition(" ")[0] for e in topic.entries for r in reasons_of(e.item)}


def _reasons(register: Register) -> Iterator[LawRow]:
    """Reasons that chapters give by name: what each grants."""
    seen: dict[str, str] = {}
    for topic in register.topics:
        for reason in (r for e in topic.entries for r in reasons_of(e.item)):
            seen.setdefault(reason.name.partition(" ")[0], reason.says)
    known = {anchor(law.name) for law in engine.all_laws()}
    for name, says in sorted(seen.items()):
        if anchor(name) not in known and name != "by":
            yield LawRow(name.replace("_", " "), (), (Words(says),), used=_used(register, name))


def _rules(register: Register) -> Iterator[LawRow]:
    """What the kernel's certificates used, beside the laws: its own rules, each a line that can be checked by hand."""
    for name in sorted({n for t in register.topics for n in grounds(register, t).rules}):
        used = [t for t in register.topics if name in grounds(register, t).rules]
        yield LawRow(name, used=_entries(register, used))


def _theorems(register: Register) -> Iterator[LawRow]:
    found = {a.theorem: a for t in register.topics for e in t.entries for a in assumed(e.item) if a.theorem}
    for name, assumption in sorted(found.items()):
        where = [t for t in register.topics if any(a.theorem == name for e in t.entries for a in assumed(e.item))]
        said = formulas.said(assumption.statement)
        yield LawRow(name, said, (), (Words(assumption.source),), _entries(register, where))
