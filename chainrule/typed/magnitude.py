"""How large the exact numbers of a formula can become: a tower of powers is refused before anybody computes it."""

from __future__ import annotations

from chainrule.notation.nodes import (
    Add,
    Apply,
    Div,
    Eye,
    Kron,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Size,
    Softmax,
    Transpose,
    Var,
)

from .errors import FormulaError

ENTRY = 5
"""Bits of an entry of a symbol, where symbols are given numbers."""

BITS = 1 << 17
"""Bits that a value may have."""


def check_magnitude(node: Node, text: str) -> None:
    """Raises FormulaError where a value would have more than BITS bits."""
    if bits(node, {}) > BITS:
        raise FormulaError("the powers in this formula are too high to be checked with exact numbers; lower them", text)


def bits(node: Node, done: dict[Node, int]) -> int:
    """About how many bits the value of a formula has, at symbols of a few bits."""
    if node not in done:
        done[node] = min(_bits(node, done), BITS * BITS)
    return done[node]


def _bits(node: Node, done: dict[Node, int]) -> int:
    match node:
        case Var() | Size() | Eye():
            return ENTRY
        case Number():
            parts = (node.value.p, node.value.q) if node.value.is_Rational else ()
            return max((int(part).bit_length() for part in parts), default=ENTRY)
        case Neg(args=(x,)) | Transpose(args=(x,)) | Softmax(args=(x, _)):
            return bits(x, done)
        case Reduce(args=(_, x, _)):
            return bits(x, done) + ENTRY
        case Add(args=(a, b)):
            return max(bits(a, done), bits(b, done)) + 1
        case Mul(args=(a, b)) | Div(args=(a, b)) | MatMul(args=(a, b)) | Kron(args=(a, b)):
            return bits(a, done) + bits(b, done) + 1
        case Apply(args=(_, x)):
            return bits(x, done)
        case Op(args=(_, x)):
            return 4 * bits(x, done)
        case Pow(args=(base, exponent)):
            largest = 1 << min(bits(exponent, done), 40)
            value = exponent.args[0] if isinstance(exponent, Neg) else exponent
            if isinstance(value, Number) and value.value.is_Rational:
                largest = max(abs(int(value.value)), 1)
            return bits(base, done) * largest
    raise AssertionError(type(node).__name__)
