"""How a refuted line might be mended: say something else, or ask more. Each way was found and judged for this page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from chainrule.errors import Unsupported
from chainrule.mending import Equal, Given, Property, Way, ways
from chainrule.notation.nodes import Var
from chainrule.notation.statements import Claim, Derivation, Item

from . import formulas
from .grounds import sorted_out
from .lines import MANY_LAWS, Symbols, law, reason_text
from .model import Block, Chain, Heading, Math, Row, Text, Words
from .prose import listed
from .register import Register, Topic

COUNTS = ("", "One way", "Two ways", "Three ways", "Four ways")


@cache
def found(item: Item, line: int) -> tuple[Way, ...]:
    """The ways to mend a line, sought once."""
    return ways(item, line)


def mending(register: Register, topic: Topic, item: Item, line: int, number: int, symbols: Symbols) -> Iterator[Block]:
    """A heading, and each way as a line of its own in the place of line `number` of the page."""
    offered = found(item, line)
    if offered:
        yield Heading((Words(f"{COUNTS[len(offered)]} to mend line {number}"),))
    for way in offered:
        yield Heading(_said(way, number - line), 3)
        yield _chain(register, topic, way, number, symbols)


def in_short(item: Item, line: int) -> Text:
    """The sentence for the head of the page: what is missing, or what should stand there; or nothing."""
    offered = found(item, line)
    asks = next((w for w in offered if w.more is not None), None)
    slip = next((w for w in offered if w.instead is not None and not isinstance(w.item, Claim)), None)
    if slip is not None and slip.instead is not None:
        old, new = slip.instead
        return (
            Words("It holds with "),
            formulas.inline(new),
            Words(" in the place of "),
            formulas.inline(old),
            Words(". "),
        )
    if asks is not None:
        return (Words("It holds "), *_where(asks, "where "), Words(", and nothing here says so. "))
    return ()


def _said(way: Way, above: int) -> Text:
    """The heading of a way; `above` is how many lines the page has before the chain."""
    if way.since is not None:
        earlier = f"line {above + way.since}" if way.since else "where the chain starts"
        return (Words(f"Leave it as it is: it follows from {earlier}"),)
    if way.more is not None:
        return (Words("Ask more: let "), *_asked(way))
    if way.instead is not None:
        old, new = way.instead
        return (Words("Say instead: "), formulas.inline(new), Words(" in the place of "), formulas.inline(old))
    return (Words("Say less" if isinstance(way.item, Claim) or way.item.lines[0].relation != "=" else TAKEN),)


TAKEN = "Say instead: the derivative as the laws give it"


def _asked(way: Way) -> Text:
    """A be symmetric; X have orthonormal columns; AB = BA."""
    return _where(way, "", be="be", have="have")


def _where(way: Way, word: str, be: str = "is", have: str = "has") -> Text:
    match way.more:
        case Property(symbol, name):
            return (*_words(word), *_property(symbol, name, be, have))
        case Equal(left, right):
            return (*_words(word), formulas.related(formulas.size(left), "=", formulas.size(right)))
        case Given(assumption):
            return (*_words(word), *formulas.said(assumption.statement))
        case _:
            raise Unsupported(f"the report has no words for the hypothesis {way.more!r}")


def _words(word: str) -> Text:
    return (Words(word),) if word else ()


def _property(symbol: Var, name: str, be: str, have: str) -> Text:
    sign = formulas.SIGNS.get(name)
    if sign and not symbol.shape:
        return (formulas.joined(formulas.inline(symbol), formulas.relation_sign(sign), "0"),)
    words = formulas.PROPERTY_WORDS.get(name, f"with {name} entries")
    verb, words = (have, words[5:]) if words.startswith("with ") else (be, words)
    return (formulas.inline(symbol), Words(f" {verb} {words}"))


def _chain(register: Register, topic: Topic, way: Way, number: int, symbols: Symbols) -> Chain:
    laws = sorted_out(register, topic, [way.verdict]).laws
    first: Math | Text | None
    formula: Math | Text
    match way.item:
        case Claim(statement, reason):
            first, relation, formula = None, None, formulas.said(statement)
        case Derivation(start, (line,)):
            reason = line.reason
            first, relation, formula = formulas.of(start), formulas.relation_sign(line.relation), formulas.of(line.expr)
        case _:
            raise Unsupported(f"the report has no rows for {way.item!r}")
    rests: list[Text] = (
        [listed([(law(n),) for n in laws], ", ")] if reason.calculus and 0 < len(laws) <= MANY_LAWS else []
    )
    rests += [(Words("the hypothesis joins the statement"),)] if way.more is not None else []
    said = reason_text(register, topic, reason, symbols)
    row = Row(number, relation, formula, way.verdict.evidence, said, tuple(rests))
    return Chain(f"line {number}, mended", first, (row,), anchored=False)
