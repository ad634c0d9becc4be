"""What an operator means, by the kinds of what stands on both sides.

    a * X, X * a      scaling, for a number a
    X * Y, X * y, x' * X, x' * y, x * y'      the matrix product
    x * y, x .* y, X .* Y      entry by entry
    x / a, x ./ y     entry by entry; a matrix below / is refused: A * inv(B) or A ./ B
    a ^ b             a power of numbers; X ^ 2 is X * X, X ^ -1 the inverse; x .^ a and x ** a are powers of entries

A formula with an @ is written as in NumPy: there * and / are entry by entry, and a vector stretches along rows.
"""

from __future__ import annotations

from collections.abc import Callable

from chainrule.notation.nodes import Add, Div, Kron, MatMul, Mul, Neg, Node, Pow
from chainrule.notation.vocabulary import exp, log, sqnorm

from .functions import inverse
from .infer import Inference
from .part import Part
from .sizes import Shape, is_one
from .sizes import Size as Unknown
from .syntax import Syntax

POWERS = 16
"""The largest power of a matrix."""

PRODUCTS = {("matrix", "matrix"), ("matrix", "vector"), ("row", "matrix"), ("row", "vector"), ("vector", "row")}
AS_IN_NUMPY = PRODUCTS | {("vector", "vector"), ("vector", "matrix")}
NORMS = ("norm2", "norm", "normF")
VERBS = {"+": "add", "-": "subtract", "*": "multiply", ".*": "multiply", "/": "divide", "./": "divide", "**": "raise"}


def operate(infer: Inference, tree: Syntax, x: Part, right: Syntax) -> Part:
    """x (operator) y"""
    if tree.head == "^" and x.kind == "matrix" and right.head == "name" and right.word == "T":
        return infer.transpose(tree, x)
    y = infer(right)
    match tree.head:
        case "+":
            return elementwise(infer, tree, x, y, Add)
        case "-":
            return elementwise(infer, tree, x, y, lambda a, b: Add(a, Neg(b)))
        case "*":
            return times(infer, tree, x, y)
        case ".*":
            return elementwise(infer, tree, x, y, Mul)
        case "./":
            return elementwise(infer, tree, x, y, Div)
        case "/":
            return over(infer, tree, x, y)
        case "@":
            return matmul(infer, tree, x, y)
        case "⊗":
            return kron(infer, tree, x, y)
        case "^":
            return caret(infer, tree, x, y)
        case ".^" | "**":
            return power(infer, tree, x, y)
    raise AssertionError(tree.head)


def elementwise(infer: Inference, tree: Syntax, x: Part, y: Part, node: Callable[[Node, Node], Node]) -> Part:
    """Entry by entry: equal shapes, or a number with anything; as in NumPy also a vector along rows."""
    if "number" not in (x.kind, y.kind) and x.kind != y.kind:
        stretched = infer.numpy and {x.kind, y.kind} == {"matrix", "vector"}
        if not stretched:
            raise infer.error(_unlike(infer, tree, x, y), tree)
    shape = _stretched(infer, tree, x, y)
    return infer.made(tree, shape, lambda: node(x.make(), y.make()), x.row or y.row)


def _stretched(infer: Inference, tree: Syntax, x: Part, y: Part) -> Shape:
    short, long = sorted((x.shape, y.shape), key=len)
    out: list[Unknown] = list(long)
    for k in range(1, len(short) + 1):
        if is_one(short[-k]) != is_one(long[-k]) and not (short[-k].free or long[-k].free):
            out[-k] = short[-k] if is_one(long[-k]) else long[-k]
        else:
            infer.agree(short[-k], long[-k], f"cannot {_verb(tree)} them entry by entry", tree, x, y)
    return tuple(out)


def _verb(tree: Syntax) -> str:
    return VERBS.get(tree.head, "combine")


def _unlike(infer: Inference, tree: Syntax, x: Part, y: Part) -> str:
    kinds = {x.kind, y.kind}
    if kinds == {"row", "vector"}:
        advice = "transpose one of them with '"
    elif kinds == {"matrix", "vector"}:
        advice = "a product is *; a vector added to every row is x*... written with vector(1)*b', or with @ as in NumPy"
        advice = advice if tree.head in "+-" else "a matrix is scaled by diag(x)*A or A*diag(x)"
    else:
        advice = "transpose the row with '" if "row" in kinds else "make the shapes equal"
    return f"cannot {_verb(tree)} them entry by entry: {infer.shown(x)}, {infer.shown(y)}; {advice}"


# --- products ------------------------------------------------------------------------------------------
def times(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    if "number" in (x.kind, y.kind) or infer.numpy or (x.kind == y.kind and x.kind != "matrix"):
        return elementwise(infer, tree, x, y, Mul)
    return product(infer, tree, x, y, PRODUCTS)


def matmul(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    if "number" in (x.kind, y.kind):
        raise infer.error(f"a number takes *, not @: {infer.shown(x)}, {infer.shown(y)}", tree)
    return product(infer, tree, x, y, AS_IN_NUMPY)


def product(infer: Inference, tree: Syntax, x: Part, y: Part, known: set[tuple[str, str]]) -> Part:
    """The matrix product."""
    if (x.kind, y.kind) not in known:
        advice = {
            ("vector", "matrix"): "transpose the vector, x'*A",
            ("matrix", "row"): "a row on the right needs a column on the left",
            ("row", "row"): "x'*y is the inner product",
        }.get((x.kind, y.kind), "transpose one of them")
        raise infer.error(f"cannot multiply: {infer.shown(x)}, {infer.shown(y)}; {advice}", tree)
    if (x.kind, y.kind) == ("vector", "row"):
        return infer.made(tree, (x.shape[0], y.shape[0]), lambda: MatMul(x.make(), y.make()))
    advice = "cannot multiply, the inner sizes differ"
    infer.agree(x.shape[-1], y.shape[0], advice, tree, x, y)
    left = x.shape[:-1] if x.kind == "matrix" else ()
    right = y.shape[1:] if y.kind == "matrix" else ()
    row = x.kind == "row" and y.kind == "matrix"
    return infer.made(tree, left + right, lambda: MatMul(x.make(), y.make()), row)


def kron(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    """The Kronecker product of two matrices."""
    if x.kind != "matrix" or y.kind != "matrix":
        raise infer.error(f"a Kronecker product asks for two matrices: {infer.shown(x)}, {infer.shown(y)}", tree)
    shape = []
    for a, b in zip(x.shape, y.shape, strict=True):
        shape.append(infer.sizes.fresh(tree.start, tree.end))
        shape[-1].factors = (a, b)
    return infer.made(tree, tuple(shape), lambda: Kron(x.make(), y.make()))


# --- quotients and powers --------------------------------------------------------------------------------
def over(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    if y.kind == "matrix" and not infer.numpy:
        raise infer.error(f"{infer.shown(y)}: below / write inv(...) as a factor, or ./ for entry by entry", tree)
    return elementwise(infer, tree, x, y, Div)


def caret(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    """a ^ b for numbers; a whole power of a square matrix."""
    if x.kind == "number":
        return power(infer, tree, x, y)
    if x.kind != "matrix":
        raise infer.error(f"{infer.shown(x)}: .^ raises every entry; x'*x or norm2(x)^2 is the squared length", tree)
    infer.square("a power", tree, x)
    k = y.literal
    if k == "-1":
        return inverse(infer, tree, x)
    if k is None or not k.isdigit() or not 1 <= int(k) <= POWERS:
        raise infer.error(f"a matrix is raised to -1 or to 1 ... {POWERS}; .^ raises every entry", tree)

    def make() -> Node:
        node = base = x.make()
        for _ in range(int(k) - 1):
            node = MatMul(node, base)
        return node

    return infer.made(tree, x.shape, make)


def power(infer: Inference, tree: Syntax, x: Part, y: Part) -> Part:
    """Entry by entry; an exponent that is an array is e^(y log x). A norm squared is the sum of squares, also at 0."""
    if x.syntax.head == "call" and x.syntax.word in NORMS and y.literal == "2":
        inner = infer(x.syntax.args[0])
        return infer.made(tree, (), lambda: sqnorm(inner.make()))
    if y.kind == "number":
        return infer.made(tree, x.shape, lambda: Pow(x.make(), y.make()), x.row)
    return elementwise(infer, tree, y, x, lambda b, a: exp(Mul(b, log(a))))
