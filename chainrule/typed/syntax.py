"""The grammar: tokens to a tree, by precedence. What an operator means is decided later, when the shapes are known.

    sum      :=  product (("+" | "-") product)*
    product  :=  power (("*" | "/" | ".*" | "./" | "@" | "⊗") power)*         from left to right
    power    :=  postfix (("^" | ".^" | "**") power)?                         from right to left
    postfix  :=  atom ("'" | ".T" | ".I")*
    atom     :=  number | name | name "(" arguments ")" | "(" sum ")" | "-" product | "+" product

A minus in front takes the whole product that follows: -x*y is -(x*y), and -x^2 is -(x^2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import FormulaError
from .tokens import Token, tokens

DEPTH = 60
"""How deep brackets and operators may nest."""

PARTS = 600
"""How many operators, names and numbers a formula may have."""

STRENGTH = {"+": 10, "-": 10, "*": 20, "/": 20, ".*": 20, "./": 20, "@": 20, "⊗": 20, "^": 30, ".^": 30, "**": 30}
PREFIX = 15
POSTFIX = ("'", ".T", ".I")


@dataclass(frozen=True, slots=True)
class Syntax:
    """A part of the text: `head` is "number", "name", "call", "neg" or an operator; `word` is what stands there.

    `at` is the token that an error points to; `start` and `end` bound the whole part.
    """

    head: str
    word: str
    args: tuple[Syntax, ...]
    at: Token
    start: int
    end: int
    axis: Syntax | None = None
    depth: int = field(default=1)


def parse(source: str) -> Syntax:
    """The tree of a formula. Raises FormulaError at the character where the text stops being one."""
    reader = Reader(source)
    tree = reader.sum(0)
    reader.finish()
    return tree


RELATIONS = ("=", "<=", ">=")


def parse_relation(source: str) -> Syntax:
    """The tree of a constraint: its head is the sign, its arguments the two sides."""
    reader = Reader(source)
    left = reader.sum(0)
    sign = reader.take()
    if sign.text not in RELATIONS:
        raise reader.error("a constraint has one = or <= or >= between two formulas, as in A*x = b", sign)
    right = reader.sum(0)
    if reader.next.text in RELATIONS:
        raise reader.error("a constraint has one sign between two formulas; give each pair as its own", reader.next)
    reader.finish()
    return reader.made(sign.text, sign.text, (left, right), sign, left.start)


class Reader:
    """Reads one formula from its tokens."""

    def __init__(self, source: str):
        self.source, self.tokens, self.here, self.level, self.parts = source, tokens(source), 0, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.here]

    def take(self) -> Token:
        token = self.next
        self.here += token.kind != "end"
        return token

    def error(self, message: str, token: Token) -> FormulaError:
        return FormulaError(message, self.source, token.start, token.end)

    def made(
        self, head: str, word: str, args: tuple[Syntax, ...], at: Token, start: int, axis: Syntax | None = None
    ) -> Syntax:
        """A part, if the formula has not become too large with it."""
        self.parts += 1
        depth = 1 + max((a.depth for a in args), default=0)
        if self.parts > PARTS:
            raise self.error(f"the formula has more than {PARTS} parts; differentiate it in pieces", at)
        if depth > DEPTH:
            raise self.error(f"the formula is nested more than {DEPTH} deep; set brackets or shorten it", at)
        return Syntax(head, word, args, at, start, self.tokens[self.here - 1].end, axis, depth)

    # --- the grammar -----------------------------------------------------------------------------------
    def sum(self, strength: int) -> Syntax:
        """Everything from here that binds more strongly than this."""
        self.level += 1
        if self.level > 2 * DEPTH:
            raise self.error(f"the formula is nested more than {DEPTH} deep", self.next)
        left = self.postfixed(self.atom(strength))
        while STRENGTH.get(self.next.text, 0) > strength and self.next.kind == "sign":
            sign = self.take()
            own = STRENGTH[sign.text]
            right = self.sum(own - 1 if own == 30 else own)
            left = self.made(sign.text, sign.text, (left, right), sign, left.start)
        self.level -= 1
        return left

    def postfixed(self, part: Syntax) -> Syntax:
        while self.next.kind == "sign" and self.next.text in POSTFIX:
            sign = self.take()
            part = self.made(".I" if sign.text == ".I" else "'", sign.text, (part,), sign, part.start)
        return part

    def atom(self, strength: int) -> Syntax:
        token = self.take()
        if token.kind == "number":
            return self.made("number", token.text, (), token, token.start)
        if token.kind == "name":
            return self.call(token) if self.next.text == "(" else self.made("name", token.text, (), token, token.start)
        if token.text == "(":
            return self.bracketed(token)
        if token.text in ("-", "+"):
            inner = self.sum(max(strength, PREFIX))
            return self.made("neg", "-", (inner,), token, token.start) if token.text == "-" else inner
        raise self.error(self.unexpected(token), token)

    def bracketed(self, opening: Token) -> Syntax:
        if self.next.text == ")":
            raise self.error("there is nothing between these brackets", self.next)
        inner = self.sum(0)
        self.close(opening)
        return inner

    def call(self, name: Token) -> Syntax:
        """name(argument, argument, axis=number)"""
        opening = self.take()
        args: list[Syntax] = []
        axis = None
        while self.next.text != ")" and axis is None:
            if self.next.text == "axis" and self.tokens[self.here + 1].text == "=":
                self.here += 2
                axis = self.sum(0)
            else:
                args.append(self.sum(0))
            if self.next.text != ",":
                break
            self.take()
        self.close(opening)
        return self.made("call", name.text, tuple(args), name, name.start, axis)

    def close(self, opening: Token) -> None:
        token = self.next
        if token.text == ")":
            self.take()
            return
        if token.kind == "end":
            raise self.error("this bracket is never closed; write ) where it ends", opening)
        raise self.error(self.missing(token, "or ) "), token)

    def finish(self) -> None:
        if self.next.kind != "end":
            raise self.error(self.missing(self.next, ""), self.next)

    # --- errors ----------------------------------------------------------------------------------------
    def missing(self, token: Token, closing: str) -> str:
        if token.text == ")":
            return "this bracket closes nothing; take it away, or open one before"
        if token.kind in ("name", "number") or token.text == "(":
            return f"an operator {closing}is missing before {token.text!r}; a product is written with *"
        return f"{token.text!r} cannot stand here; expected an operator {closing}or the end"

    def unexpected(self, token: Token) -> str:
        if token.kind == "end" and self.here == 0:
            return "the formula is empty; write for instance norm2(X*w - y)^2"
        before = self.tokens[max(self.here - 2, 0)].text if token.kind != "end" else self.tokens[self.here - 1].text
        after = f" after {before!r}" if before and before != token.text else ""
        found = "the text ends" if token.kind == "end" else f"found {token.text!r}"
        return f"{found}{after}; expected a number, a name, a function or an opening bracket"
