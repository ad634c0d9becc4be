"""The statement of an entry: declared symbols, assumptions, names, and what is shown. Hypotheses stand inside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import sympy as sp

from chainrule.judge.context import assumptions_of
from chainrule.notation.indices import Clusters
from chainrule.notation.nodes import Let, Var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Relation,
    weakest,
)
from chainrule.project import Entry

from . import formulas, prose
from .model import Math, Statement, Text, Words
from .register import Register, Topic, assumed, names_in


def symbols_of(topic: Topic) -> tuple[Var, ...]:
    """The symbols that an entry speaks of, in the order of their declaration."""
    nodes = [n for e in topic.entries for n in e.item.formulas]
    nodes += [n for e in topic.entries for a in assumed(e.item) for n in a.statement.formulas]
    found = {v for n in nodes for v in n.atoms(Var)}
    order = [v for c in topic.chapters for v in c.symbols.values()]
    return tuple(dict.fromkeys([v for v in order if v in found] + sorted(found - set(order), key=lambda v: v.name)))


def names_of(topic: Topic) -> tuple[Let, ...]:
    """The let-names that an entry uses, in the order of their declaration, each after the names in its formula."""
    found = names_in(tuple(n for e in topic.entries for n in e.item.formulas))
    order = [let for c in topic.chapters for let in c.lets.values()]
    rest = sorted(found - set(order), key=lambda let: let.name)
    declared = [let for let in order if let in found] + rest
    depth = {let: _depth(let) for let in declared}
    return tuple(dict.fromkeys(sorted(declared, key=lambda let: depth[let])))


def names_again(topic: Topic) -> frozenset[Let]:
    """Names that stand for something else elsewhere in the entry: each is defined where it is used."""
    printed = {let: formulas.inline(let).latex for let in names_of(topic)}
    times = Counter(printed.values())
    return frozenset(let for let, latex in printed.items() if times[latex] > 1)


Meanings = dict[tuple[str, ...], Let]
"""What each name of several meanings stands for at this place, by the way it is printed."""


def meant_here(topic: Topic, entry: Entry, here: Meanings) -> Text:
    """Here x* = ..., for the names of several meanings that this item uses in another one than the items before."""
    used = names_in(entry.item.formulas) & names_again(topic)
    new = [let for let in names_of(topic) if let in used and here.get(formulas.inline(let).latex) != let]
    here.update({formulas.inline(let).latex: let for let in new})
    return (Words("Here "), *prose.listed([(formulas.definition(let),) for let in new]), Words(".")) if new else ()


def _depth(name: Let) -> int:
    """How many definitions have to be read before this one."""
    return max((1 + _depth(inner) for inner in name.value.atoms(Let)), default=0)


def dims_of(symbols: tuple[Var, ...]) -> tuple[sp.Symbol, ...]:
    """The dimensions left open, in the order in which they appear."""
    return tuple(dict.fromkeys(d for v in symbols for size in v.shape for d in sorted(size.free_symbols, key=str)))


def vocabulary(topic: Topic) -> Mapping[str, Math]:
    """How a name in the prose of an entry is printed."""
    symbols, names = symbols_of(topic), names_of(topic)
    dims = {str(d): formulas.size(d) for d in dims_of(symbols)}
    variables = {v.name: formulas.inline(v) for v in symbols}
    lets = {let.name: formulas.inline(let) for let in names}
    by_variable = {n: formulas.inline(let) for c in topic.chapters for n, let in c.lets.items() if len(n) <= 2}
    return {**dims, **by_variable, **variables, **lets}


def statement(register: Register, topic: Topic) -> Statement:
    """Let ... Assume ... Write ... Then ...; If ... then ... where the results stand under different assumptions."""
    parts: list[Text | Math] = [introduced(topic)]
    cases = _cases(topic)
    if len(cases) == 1:
        parts += _displayed("Assume", [formulas.said(a.statement) for a in next(iter(cases))])
    again = names_again(topic)
    once = [let for let in names_of(topic) if let not in again]
    parts += [(Words("Write"),), *map(formulas.definition, once)] if once else []
    for assumptions, conclusions in cases.items():
        own = [formulas.said(a.statement) for a in assumptions] if len(cases) > 1 else []
        parts += [(Words("If "), *prose.listed(own), Words(", then"))] if own else []
        parts += _displayed("" if own else "Then", conclusions)
    parts += [_said_below(again)] if again else []
    refuted = any(v.evidence == 0 for v in register.of_topic(topic))
    return Statement("Claim, as written" if refuted else "Statement", tuple(parts), hypotheses(register, topic))


def _said_below(again: frozenset[Let]) -> Text:
    """x* and nu* stand for something else in each section, and so does what is shown of them."""
    shown = dict.fromkeys(formulas.inline(let) for let in sorted(again, key=lambda let: let.name))
    who = prose.listed([(m,) for m in shown])
    verb = "stand" if len(shown) > 1 else "stands"
    return (*who, Words(f" {verb} for something else in each section: what is shown of them is said there."))


def introduced(topic: Topic) -> Text:
    """Let X in R^(n x p) ..., for any n, p >= 1."""
    symbols = symbols_of(topic)
    dims = [formulas.size(d) for d in dims_of(symbols)]
    who = prose.listed([_together(alike) for alike in _kinds(symbols)])
    sizes = (Words(", for any "), _all_positive(dims)) if dims else ()
    return (Words("Let "), *who, *sizes, Words(".")) if symbols else (Words("For any numbers."),)


def _kinds(symbols: Sequence[Var]) -> list[list[Var]]:
    """Symbols of one shape and one set of properties together, in the order of the first of each."""
    found: dict[tuple[object, ...], list[Var]] = {}
    for v in symbols:
        own = (v.name,) if isinstance(v, Clusters) else ()
        found.setdefault((v.shape, v.declared, *own), []).append(v)
    return list(found.values())


def _together(alike: Sequence[Var]) -> Text:
    """A, B in R^(n x n)."""
    *others, last = alike
    before = [(formulas.spaced(formulas.inline(v), ","), Words(" ")) for v in others]
    return (*(span for pair in before for span in pair), *_symbol(last))


def _all_positive(dims: list[Math]) -> Math:
    """n, p >= 1"""
    latex, typst = r",\,".join(m.latex[0] for m in dims), ", ".join(m.typst[0] for m in dims)
    return formulas.raw(rf"{latex}\ge 1", f"{typst} >= 1")


def _symbol(symbol: Var) -> Text:
    """How a symbol is introduced; an assignment to clusters as the partition that it is."""
    if not isinstance(symbol, Clusters):
        return formulas.declared(symbol)
    name, points, groups = formulas.inline(symbol), formulas.size(symbol.shape[0]), formulas.size(symbol.shape[1])
    cells = formulas.raw(
        rf"{name.latex[0]}_1,\dots,{name.latex[0]}_{{{groups.latex[0]}}}",
        f"{name.typst[0]}_1, dots, {name.typst[0]}_({groups.typst[0]})",
    )
    whole = formulas.raw(rf"\{{1,\dots,{points.latex[0]}\}}", f"{{1, dots, {points.typst[0]}}}")
    nonempty = "nonempty " if "nonempty_columns" in symbol.declared else ""
    return (Words("a partition of "), whole, Words(f" into {nonempty}clusters "), cells)


def _displayed(word: str, said: list[Text]) -> list[Text | Math]:
    """A word, if there is one, then each formula on a line of its own; properties in words follow as one sentence."""
    shown: list[Text | Math] = [t[0] for t in said if len(t) == 1 and isinstance(t[0], Math)]
    worded = [t for t in said if len(t) > 1]
    parts: list[Text | Math] = [*([(Words(word),)] if word and shown else []), *shown]
    if worded:
        before = "and " if shown else f"{word} " if word else ""
        parts.append((Words(before), *prose.listed(worded), Words(".")))
    return parts


def _cases(topic: Topic) -> dict[tuple[Assumption, ...], list[Text]]:
    """What the whole entry shows, by what is assumed: its claims, and its chains from the first formula to the last,
    joined where one goes on where another ended. A chain that another leans on is a step, and is left out."""
    chains = [e.item for e in topic.entries if isinstance(e.item, Derivation) and e.item.lines]
    used = {f.place for c in chains for line in c.lines for f in line.reason.facts}
    again = names_again(topic)
    out: dict[tuple[Assumption, ...], dict[Text, None]] = {}
    for item in (e.item for e in topic.entries if again.isdisjoint(names_in(e.item.formulas))):
        if isinstance(item, Claim):
            out.setdefault(_assumptions([item]), {})[formulas.said(item.statement)] = None
        elif isinstance(item, Derivation) and item.lines and item.place not in used and not _goes_on(item, chains):
            shown, parts = _whole(item, chains)
            if shown.left != shown.right:
                out.setdefault(_assumptions(parts), {})[formulas.said(shown)] = None
    return {assumptions: list(said) for assumptions, said in sorted(out.items(), key=lambda case: bool(case[0]))}


def _assumptions(items: Sequence[Derivation | Claim]) -> tuple[Assumption, ...]:
    """Everything that is assumed on the way, in the order in which it was written; theorems that are cited left out."""
    found = {a for item in items for a in assumptions_of(item) if not a.theorem}
    return tuple(sorted(found, key=lambda a: (a.place.file, a.place.line)))


def _goes_on(item: Derivation, chains: list[Derivation]) -> bool:
    """Whether another chain starts where this one ends. A name alone is a result, not a place to go on from."""
    return not isinstance(item.last, (Let, Var)) and any(c.first == item.last for c in chains if c is not item)


def _whole(item: Derivation, chains: list[Derivation]) -> tuple[Relation, list[Derivation]]:
    """The conclusion of a chain together with the chains that it continues, and these chains."""
    relation, first, seen = item.conclusion.relation, item.first, [item]
    while before := next((c for c in chains if c.last == first and c not in seen), None):
        if isinstance(first, (Let, Var)):
            break
        seen.append(before)
        relation, first = weakest([before.conclusion.relation, relation]), before.first
    return Relation(first, relation, item.last), seen


# --- the margin --------------------------------------------------------------------------------------
def hypotheses(register: Register, topic: Topic) -> tuple[Text, ...]:
    """Where each hypothesis is used, and of which symbols nothing is asked."""
    symbols = vocabulary(topic)
    plain = any(not a.theorem for e in topic.entries for a in assumed(e.item))
    used: dict[str, list[int]] = {}
    for number, verdict in enumerate(register.of_topic(topic), 1):
        for hypothesis in (h for h in verdict.hypotheses if plain or not h.startswith("assumed")):
            used.setdefault(in_words(hypothesis), []).append(number)
    notes = [(*prose.terse(h, symbols), Words(f": {line_ranges(ns)}.")) for h, ns in used.items()]
    free = [v for v in symbols_of(topic) if not v.declared and v.shape]
    if free:
        notes.append((Words("Nothing is asked of "), *prose.listed([(formulas.inline(v),) for v in free]), Words(".")))
    return tuple(notes)


def in_words(hypothesis: str) -> str:
    """X: full column rank -> X of full column rank; what is assumed stands in the statement already."""
    name, colon, properties = hypothesis.partition(": ")
    if not colon:
        return hypothesis
    if name == "assumed":
        return "the assumption"
    said = [formulas.PROPERTY_WORDS.get(p.replace(" ", "_"), p) for p in properties.split(", ")]
    return f"{name} {' and '.join(said)}"


def line_ranges(numbers: list[int]) -> str:
    """line 3; lines 1–4, 7."""
    runs = [
        [n for _, n in group] for _, group in groupby(enumerate(sorted(set(numbers))), key=lambda kn: kn[1] - kn[0])
    ]
    shown = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
    return f"line {shown}" if len(set(numbers)) == 1 else f"lines {shown}"
