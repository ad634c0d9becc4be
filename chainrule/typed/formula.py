"""A text and what was declared of its letters become one formula: the same nodes as those of a chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from chainrule.errors import ChainruleError
from chainrule.notation.nodes import Node, Var

from .declare import Symbol, declarations, kind_of
from .errors import FormulaError
from .infer import Inference, variable
from .magnitude import check_magnitude
from .sizes import Sizes
from .syntax import parse

T = TypeVar("T")


@dataclass(frozen=True)
class Formula:
    """A formula as typed: its text, its node, its symbols in order of appearance, then those only declared."""

    text: str
    node: Node
    symbols: dict[str, Var]

    def symbol(self, name: str) -> Var:
        """The symbol of this name. Raises FormulaError where there is none."""
        if name not in self.symbols:
            known = ", ".join(self.symbols) or "none"
            raise FormulaError(f"there is no symbol {name!r} in this formula; its symbols are: {known}", self.text)
        return self.symbols[name]


def read_formula(text: str, declare: str = "", kinds: Mapping[str, str] | None = None) -> Formula:
    """The formula of a text in the notation of matrixcalculus.org or NumPy.

    `declare` says what the letters are, "X: matrix(n, d), lam: positive"; `kinds` the same as a table, {"x": "vector"}.
    With `kinds` every symbol has to be in it. Nothing is evaluated: a text from a stranger can only be read or refused.

    Errors: FormulaError, with the character. It is raised for every text that is no formula.
    """
    sizes = Sizes()
    symbols = declarations(declare, sizes)
    for name, kind in (kinds or {}).items():
        symbols[name] = _of_kind(name, kind, sizes)
    tree = parse(text)
    infer = Inference(text, symbols, sizes, numpy="@" in text)
    part = infer(tree)
    unlisted = [name for name in infer.seen if kinds is not None and name not in symbols]
    if unlisted:
        said = f"{unlisted[0]} is in the formula, but not among its variables"
        raise FormulaError(said, text, text.find(unlisted[0]))
    listed = {**infer.seen, **symbols} if kinds is None else {name: symbols[name] for name in symbols}
    name_sizes(sizes, listed, infer.symbols)
    found = said_of(text, lambda: Formula(text, part.make(), {name: variable(s) for name, s in listed.items()}))
    check_magnitude(found.node, text)
    return found


def said_of(text: str, make: Callable[[], T]) -> T:
    """What is made of a text; an error of the notation is said as one of the text."""
    try:
        return make()
    except FormulaError:
        raise
    except ChainruleError as error:
        raise FormulaError(error.text, text) from None


def _of_kind(name: str, kind: str, sizes: Sizes) -> Symbol:
    from .functions import NAMES

    if not isinstance(kind, str):
        raise FormulaError(f"the kind of {name} is a word such as vector, not {kind!r}")
    if not name.isidentifier() or not name.isascii() or name.startswith("_") or name in NAMES:
        raise FormulaError(f"{name!r} cannot be the name of a symbol; write letters, and digits or _ behind them")
    return kind_of(name, kind, sizes)


def name_sizes(sizes: Sizes, listed: Mapping[str, Symbol], taken: Iterable[str]) -> None:
    """Names for the sizes; one that belongs to no symbol cannot be known."""
    known = {leaf for s in listed.values() for size in s.shape for leaf in [size.root()]}
    for size in sizes.made:
        root = size.root()
        if root.free and root not in known:
            asked = size.source[size.start : size.end]
            raise FormulaError(
                f"the size of {asked} follows from nothing; give it, as in eye(n) or ones(n), or declare what it meets",
                size.source, size.start, size.end,
            )  # fmt: skip
    sizes.name_all([s.shape for s in listed.values()], taken)
