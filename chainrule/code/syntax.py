"""Python expressions as trees: each distinct one is made once, so that a common subexpression is the same object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from fractions import Fraction
from itertools import count
from weakref import WeakValueDictionary


class Level(IntEnum):
    """How tightly Python holds an expression together."""

    COMPARISON = -1
    SUM = 0
    PRODUCT = 1
    SIGN = 2
    POWER = 3
    ATOM = 4


class Code:
    """One expression. `op` is what it is, `text` a name or a template, `rank` how many axes its value has."""

    __slots__ = ("__weakref__", "op", "parts", "rank", "serial", "symmetric", "text")
    op: str
    text: str
    parts: tuple[Code, ...]
    rank: int
    serial: int
    symmetric: bool

    def __repr__(self) -> str:
        return f"<{self.op} {render(self, {})}>"


_table: WeakValueDictionary[object, Code] = WeakValueDictionary()
_serial = count()


def make(op: str, text: str, parts: Iterable[Code] = (), rank: int = 0, symmetric: bool = False) -> Code:
    """The expression, made once. A matrix that is known to be symmetric has no transpose of its own."""
    parts = tuple(parts)
    key = (op, text, parts, rank, symmetric)
    code = _table.get(key)
    if code is None:
        code = Code()
        code.op, code.text, code.parts, code.rank = op, text, parts, rank
        code.serial, code.symmetric = next(_serial), symmetric
        _table[key] = code
    return code


def as_symmetric(code: Code) -> Code:
    """The expression of a matrix that is known to be symmetric."""
    return make(code.op, code.text, code.parts, code.rank, True)


# --- leaves ----------------------------------------------------------------------------------------
def atom(name: str, rank: int = 0) -> Code:
    """An argument of the function."""
    return make("atom", name, (), rank)


def literal(value: Fraction | int) -> Code:
    """A number: 2, 0.5, 1 / 3."""
    value = Fraction(value)
    if value.denominator == 1:
        return make("literal", str(value.numerator))
    if value.denominator in (2, 4, 8):
        return make("literal", repr(float(value)))
    return make("literal", f"{value.numerator} / {value.denominator}")


ONE = literal(1)


def call(template: str, rank: int, *parts: Code) -> Code:
    """A call, an attribute or a comparison inside a call: {} stands for a part, {!} for a part used as an atom."""
    return make("call", template, parts, rank)


def block(template: str, rank: int, *parts: Code) -> Code:
    """Statements, one a line, that build an array called {self}; {0}, {1}, ... are the parts."""
    return make("block", template, parts, rank)


def together(parts: Iterable[Code]) -> Code:
    """What a function returns: an expression, or several."""
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else make("tuple", ",", parts)


# --- arithmetic ------------------------------------------------------------------------------------
STEP, TRUTH = "np.where({} > 0, 1.0, 0.0)", "({} > 0)"
"""1 where positive, else 0; as the factor of a number it is the truth value itself."""
MASK, HIDING = "np.where({}, 1.0, 0.0)", "np.where({}, 0.0, -np.inf)"
"""A truth value as a number, and the logarithm of that number."""


def neg(a: Code) -> Code:
    """-a"""
    if a.op == "neg":
        return a.parts[0]
    if a.op == "literal":
        return make("literal", a.text[1:] if a.text.startswith("-") else f"-{a.text}")
    return make("neg", "-", (a,), a.rank)


def add(a: Code, b: Code) -> Code:
    """a + b, or a - b where b has a sign."""
    if a is b:
        return scale(Fraction(2), a)
    if is_negative(b):
        return make("-", "-", (a, neg(b)), max(a.rank, b.rank))
    return make("+", "+", (a, b), max(a.rank, b.rank))


def mul(a: Code, b: Code) -> Code:
    """a * b, entry by entry; a reciprocal divides, a square is written as one."""
    if a is ONE or b is ONE:
        return b if a is ONE else a
    if a.op == "neg" or b.op == "neg":
        return neg(mul(neg(a), b) if a.op == "neg" else mul(a, neg(b)))
    if _is_step(a) is not _is_step(b) and "literal" not in (a.op, b.op) and not any(map(is_reciprocal, (a, b))):
        a, b = (b, a) if _is_step(a) else (a, b)  # a number first: a truth value takes no sign
        b = call(TRUTH, b.rank, *b.parts)
    if is_reciprocal(b):
        return div(a, b.parts[1])
    if is_reciprocal(a):
        return div(b, a.parts[1])
    if a is b:
        return make("**", "2", (a,), a.rank)
    if a.rank == 0 and b.op == "**" and b.parts[0] is a and b.text.isdigit():
        return make("**", str(int(b.text) + 1), (a,))
    if a.rank == 0 and b.op == "*" and b.parts[0].rank < b.rank:
        return mul(mul(a, b.parts[0]), b.parts[1])
    if a.rank == 0 and a.op != "literal" and _spread_first(b):
        return _with_first(b, lambda x: mul(a, x))
    return make("*", "*", (a, b), max(a.rank, b.rank))


def _spread_first(a: Code) -> bool:
    """x[:, None] * Y: a number is better multiplied to x, which is smaller than the product."""
    return a.op == "*" and a.parts[0].op == "view" and a.parts[1].op != "view"


def _with_first(a: Code, changed: Callable[[Code], Code]) -> Code:
    first, second = a.parts
    return make("*", "*", (make("view", first.text, (changed(first.parts[0]),), first.rank), second), a.rank)


def _is_step(a: Code) -> bool:
    return a.op == "call" and a.text == STEP


def div(a: Code, b: Code) -> Code:
    """a / b, entry by entry; divisors that are numbers are gathered."""
    if a.op == "neg" or b.op == "neg":
        return neg(div(neg(a), b) if a.op == "neg" else div(a, neg(b)))
    if b is ONE:
        return a
    if b.rank == 0 and b.op != "literal" and _spread_first(a):
        return _with_first(a, lambda x: div(x, b))
    if a.op == "/" and a.parts[1].rank == b.rank == 0:
        return div(a.parts[0], mul(a.parts[1], b) if b.op != "literal" else mul(b, a.parts[1]))
    return make("/", "/", (a, b), max(a.rank, b.rank))


def compare(a: Code, sign: str, b: Code, rank: int) -> Code:
    """a >= b, a truth value for every entry."""
    return make("compare", sign, (a, b), rank)


def is_negative(a: Code) -> bool:
    """Is it written with a minus in front?"""
    return a.op == "neg" or (a.op == "literal" and a.text.startswith("-"))


def is_reciprocal(a: Code) -> bool:
    """Is it 1 / x?"""
    return a.op == "/" and a.parts[0] is ONE


def scale(value: Fraction, a: Code) -> Code:
    """value * a: 2 * a, a / 2, -a."""
    if value < 0:
        return neg(scale(-value, a))
    if a is ONE:
        return literal(value)
    if a.op == "*" and a.parts[0].op == "literal" and a.parts[0].text.isdigit():
        return scale(value * int(a.parts[0].text), a.parts[1])
    top = mul(literal(value.numerator), a)
    return top if value.denominator == 1 else div(top, literal(value.denominator))


def matmul(a: Code, b: Code, rank: int) -> Code:
    """a @ b"""
    return make("@", "@", (a, b), rank)


# --- views -----------------------------------------------------------------------------------------
def transposed(a: Code) -> Code:
    """a.T for a matrix; (A' B)' is B' A."""
    if a.op == "T":
        return a.parts[0]
    if a.op == "@" and any(p.op == "T" for p in a.parts) and all(p.rank == 2 for p in a.parts):
        return matmul(transposed(a.parts[1]), transposed(a.parts[0]), 2)
    if a.symmetric:
        return a
    if a.op in ("*", "/") and a.parts[1 if a.op == "*" else 0].rank == 2 and min(p.rank for p in a.parts) == 0:
        first, second = (transposed(p) if p.rank else p for p in a.parts)
        return make(a.op, a.text, (first, second), 2)
    if a.op == "call" and a.text in (MASK, HIDING):
        return call(a.text, 2, transposed(a.parts[0]))
    if a.op == "compare" and all(p.rank < 2 or (p.op == "view" and p.text == COLUMN) for p in a.parts):
        return make(a.op, a.text, map(_turned, a.parts), 2)
    return make("T", ".T", (a,), a.rank)


COLUMN = "[:, None]"


def _turned(a: Code) -> Code:
    """What broadcasts along the rows, along the columns."""
    return a.parts[0] if a.rank == 2 else make("view", COLUMN, (a,), 2) if a.rank else a


def spread(a: Code, where: str) -> Code:
    """a[:, None]: `where` lists a colon for each axis that a has and None for each that it gets."""
    if is_reciprocal(a):
        return div(ONE, spread(a.parts[1], where))
    return make("view", f"[{where}]", (a,), a.rank + where.count("None"))


VIEWS = ("T", "view")


# --- text ------------------------------------------------------------------------------------------
def level(code: Code) -> Level:
    """How tightly the expression holds when it is written out."""
    match code.op:
        case "compare":
            return Level.COMPARISON
        case "+" | "-":
            return Level.SUM
        case "*" | "/" | "@":
            return Level.PRODUCT
        case "neg":
            return Level.SIGN
        case "**":
            return Level.POWER
        case "literal":
            return Level.PRODUCT if "/" in code.text else Level.SIGN if code.text[0] == "-" else Level.ATOM
    return Level.ATOM


def render(code: Code, names: Mapping[Code, str]) -> str:
    """The expression as Python, with the named parts by their names."""
    if code in names:
        return names[code]
    return written(code, names)


def written(code: Code, names: Mapping[Code, str]) -> str:
    """The expression as Python, written out even where it has a name itself."""

    def at(part: Code, wanted: Level) -> str:
        text = render(part, names)
        return text if part in names or level(part) >= wanted else f"({text})"

    match code.op:
        case "atom" | "dim" | "literal":
            return code.text
        case "+" | "-":
            right = Level.SUM if code.op == "+" and code.parts[1].op == "literal" else Level.PRODUCT
            return f"{at(code.parts[0], Level.SUM)} {code.op} {at(code.parts[1], right)}"
        case "*" | "/" | "@":
            mixed = {code.op, code.parts[0].op}  # (A @ B) * C, (a * B) @ C: Python needs no brackets, people do
            apart = mixed == {"*", "@"} or (mixed == {"/", "@"} and code.op == "@")
            return (
                f"{at(code.parts[0], Level.SIGN if apart else Level.PRODUCT)} {code.op} {at(code.parts[1], Level.SIGN)}"
            )
        case "neg":
            return _negative(code.parts[0], names)
        case "**":
            return f"{at(code.parts[0], Level.ATOM)}**{code.text}"
        case "T" | "view":
            return at(code.parts[0], Level.ATOM) + code.text
        case "tuple":
            return ", ".join(at(part, Level.SUM) for part in code.parts)
        case "compare":
            return f"{at(code.parts[0], Level.SUM)} {code.text} {at(code.parts[1], Level.SUM)}"
        case "reduce":
            return _reduced(code, names)
        case "call":
            return _filled(code, names)
    raise AssertionError(f"{code.op} has no text of its own")


def _negative(a: Code, names: Mapping[Code, str]) -> str:
    """-y * z: the sign goes to the first factor, but never into a matrix product, where it would copy a matrix."""
    text = render(a, names)
    if a in names or (level(a) >= Level.PRODUCT and not _begins_with_matmul(a, names)):
        return f"-{text}"
    return f"-({text})"


def _begins_with_matmul(a: Code, names: Mapping[Code, str]) -> bool:
    while a.op in ("*", "/") and a not in names:
        a = a.parts[0]
    return a.op == "@" and a not in names


def _reduced(code: Code, names: Mapping[Code, str]) -> str:
    """x.sum(axis=0) of what has a name, np.sum(x + y, axis=0) of what has none."""
    (part,) = code.parts
    inside = render(part, names)
    if part in names or part.op == "atom":
        return f"{inside}.{code.text}"
    kind, _, which = code.text.removesuffix(")").partition("(")
    return f"np.{kind}({inside}{', ' if which else ''}{which})"


def _filled(code: Code, names: Mapping[Code, str]) -> str:
    """A template with its parts; a part before a dot or bracket is bracketed if it is no atom."""
    pieces = code.text.split("{}")
    text = pieces[0]
    for part, after in zip(code.parts, pieces[1:], strict=True):
        inside = render(part, names)
        tight = after[:1] in (".", "[") and part not in names and level(part) < Level.ATOM
        text += (f"({inside})" if tight else inside) + after
    return text
