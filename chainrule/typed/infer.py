"""From the tree to parts with shapes: which symbol a name is, what an operator means there, which sizes must agree."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from chainrule.notation.nodes import Eye, Node, Number, Size, Transpose
from chainrule.notation.properties import declared
from chainrule.notation.vocabulary import pi, tensor

from .declare import Symbol, unsaid
from .errors import FormulaError
from .part import Part
from .sizes import Shape, Sizes, dim, dims_of, unify
from .sizes import Size as Unknown
from .syntax import Syntax


class Inference:
    """The parts of one formula. `numpy` says that it is written as in NumPy: it has an @, so * is entry by entry."""

    def __init__(self, source: str, symbols: dict[str, Symbol], sizes: Sizes, numpy: bool):
        self.source, self.symbols, self.sizes, self.numpy = source, dict(symbols), sizes, numpy
        self.seen: dict[str, Symbol] = {}
        sizes.source = source

    def error(self, message: str, tree: Syntax, whole: bool = False) -> FormulaError:
        start, end = (tree.start, tree.end) if whole else (tree.at.start, tree.at.end)
        return FormulaError(message, self.source, start, end)

    def __call__(self, tree: Syntax) -> Part:
        """The part that a tree stands for. Raises FormulaError where the shapes do not fit."""
        from . import functions, operators

        match tree.head:
            case "number":
                return self.made(tree, (), lambda: number(tree.word))
            case "name":
                return self.name(tree)
            case "call":
                return functions.call(self, tree)
            case "neg":
                x = self(tree.args[0])
                return self.made(tree, x.shape, lambda: -x.make(), x.row)
            case "'":
                return self.transpose(tree, self(tree.args[0]))
            case ".I":
                return functions.inverse(self, tree, self(tree.args[0]))
        return operators.operate(self, tree, self(tree.args[0]), tree.args[1])

    def made(self, tree: Syntax, shape: Shape, make: Callable[[], Node], row: bool = False) -> Part:
        return Part(shape, row, make, tree)

    # --- names -----------------------------------------------------------------------------------------
    def name(self, tree: Syntax) -> Part:
        from .functions import NAMES

        word = tree.word
        if word not in self.symbols:
            if word in self.sizes.declared:
                size = self.sizes.declared[word]
                return self.made(tree, (), lambda: Size(dim(size)))
            if word == "pi":
                return self.made(tree, (), lambda: pi)
            if word in ("eye", "I"):
                return self.eye(tree, self.sizes.fresh(tree.start, tree.end))
            if word in NAMES:
                raise self.error(f"{word} is a function; write what it is taken of, {word}(...)", tree)
        symbol = self.symbol(tree)
        return self.made(tree, symbol.shape, lambda: variable(symbol))

    def symbol(self, tree: Syntax) -> Symbol:
        word = tree.word
        if word not in self.symbols:
            self.symbols[word] = unsaid(word, self.source, tree.at, self.sizes)
        return self.seen.setdefault(word, self.symbols[word])

    def eye(self, tree: Syntax, size: Unknown) -> Part:
        return self.made(tree, (size, size), lambda: Eye(dim(size)))

    # --- shapes ----------------------------------------------------------------------------------------
    def shown(self, part: Part) -> str:
        """The part as written, with its shape under provisional names: for error messages."""
        self.sizes.name_all([s.shape for s in self.seen.values()], self.symbols)
        sizes = [str(d) for d in dims_of(part.shape)]
        shape = f"(1, {sizes[0]})" if part.row else f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
        kind = {"number": "a number", "vector": "a vector", "row": "a row", "matrix": "a matrix"}[part.kind]
        text = " ".join(self.source[part.syntax.start : part.syntax.end].split())
        return f"{text if len(text) <= 40 else text[:37] + '...'} is {kind} {shape}"

    def agree(self, a: Unknown, b: Unknown, what: str, tree: Syntax, x: Part, y: Part) -> None:
        """Two sizes must be equal; else an error that shows both parts."""
        if not unify(a, b):
            both = self.shown(x) if x is y else f"{self.shown(x)}, {self.shown(y)}"
            raise self.error(f"{what}: {both}; {dim(a)} and {dim(b)} differ", tree)

    def square(self, what: str, tree: Syntax, x: Part) -> None:
        """The part must be a square matrix."""
        if x.kind != "matrix":
            raise self.error(f"{what} asks for a square matrix; {self.shown(x)}", tree)
        self.agree(x.shape[0], x.shape[1], f"{what} asks for a square matrix", tree, x, x)

    def transpose(self, tree: Syntax, x: Part) -> Part:
        row = x.kind == "vector"
        return self.made(tree, x.shape[::-1], lambda: Transpose(x.make()), row)


def variable(symbol: Symbol) -> Node:
    """The symbol as a node, once the sizes have names."""
    flags = dict.fromkeys(symbol.properties, True)
    shape = dims_of(symbol.shape)
    declared(symbol.name, shape, flags)
    return tensor(symbol.name, *shape, **flags)


def number(word: str) -> Number:
    """The exact number that is written: 0.1 is 1/10."""
    value = Fraction(word)
    return Number(sp.Rational(value.numerator, value.denominator), sp.Tuple())
