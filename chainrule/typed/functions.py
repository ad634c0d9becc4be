"""The functions that a formula may call, by their names here, on matrixcalculus.org and in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING

import sympy as sp
from sympy.core.symbol import Str

from chainrule.notation import vocabulary as v
from chainrule.notation.nodes import FUNCTIONS, Apply, Node, Number

from .declare import by_letter
from .part import Part
from .sizes import dims_of
from .syntax import Syntax

if TYPE_CHECKING:
    from .infer import Inference

Call = Callable[["Inference", Syntax, list[Part]], Part]

ELEMENTWISE = {name: name for name in FUNCTIONS} | {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "logistic": "sigmoid", "gammaln": "lgamma",
}  # fmt: skip
SQUARE = {"tr": v.trace, "trace": v.trace, "det": v.det, "logdet": v.logdet}
WHOLE = {"norm1": lambda x: v.total(v.abs_(x)), "norm2": v.norm, "norm": v.norm, "normF": v.norm, "sqnorm": v.sqnorm,
         "nuclear": v.nuclear}  # fmt: skip
ALONG = {"sum": v.total, "logsumexp": v.logsumexp, "max": v.maximum}
FILLED = ("vector", "matrix", "ones", "zeros")


def call(infer: Inference, tree: Syntax) -> Part:
    """A function of its arguments. Raises FormulaError at an unknown name or a wrong argument."""
    name = tree.word
    if name in FILLED:
        return _filled(infer, tree)
    if name in ("eye", "I"):
        return _eye(infer, tree)
    if name not in NAMES:
        raise infer.error(_unknown(infer, name), tree)
    args = [infer(a) for a in tree.args]
    if tree.axis is not None and name not in (*ALONG, "softmax"):
        raise infer.error(f"{name} takes no axis", tree)
    if name in ELEMENTWISE:
        x = _one(infer, tree, args)
        return infer.made(tree, x.shape, lambda: Apply(Str(ELEMENTWISE[name]), x.make()), x.row)
    if name in SQUARE:
        x = _one(infer, tree, args)
        infer.square(name, tree, x)
        return infer.made(tree, (), lambda: SQUARE[name](x.make()))
    if name in WHOLE:
        x = _one(infer, tree, args)
        return infer.made(tree, (), lambda: WHOLE[name](x.make()))
    return SPECIAL[name](infer, tree, args)


def _unknown(infer: Inference, name: str) -> str:
    if name in infer.symbols or by_letter(name) is not None:
        return f"{name} is a symbol, not a function; a product is written {name}*(...)"
    near = get_close_matches(name, NAMES, 3)
    known = f"near it: {', '.join(near)}" if near else f"there are: {', '.join(NAMES)}"
    return f"there is no function {name}; {known}"


def _count(infer: Inference, tree: Syntax, args: list[Part], n: int) -> list[Part]:
    if len(args) != n:
        plural = "argument" if n == 1 else "arguments"
        raise infer.error(f"{tree.word} takes {n} {plural}; {len(args)} are given", tree)
    return args


def _one(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    return _count(infer, tree, args, 1)[0]


# --- along axes ----------------------------------------------------------------------------------------
def _along(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    """sum(X), sum(X, 0), logsumexp(X, axis=1)"""
    name = tree.word
    if name == "max" and tree.axis is None and len(args) == 2:
        return _hinge(infer, tree, args)
    axis = _axis(infer, tree, args)
    x = args[0]
    reduce = ALONG[name]
    if axis is None:
        return infer.made(tree, (), lambda: reduce(x.make()))
    shape = tuple(s for k, s in enumerate(x.shape) if k != axis)
    return infer.made(tree, shape, lambda: reduce(x.make(), axis))


def _axis(infer: Inference, tree: Syntax, args: list[Part]) -> int | None:
    """The axis that is asked for, by name or as the second argument; None for all."""
    given = infer(tree.axis) if tree.axis is not None else args.pop() if len(args) == 2 else None
    x = _one(infer, tree, args)
    if given is None:
        return None
    axes = len(x.shape)
    word = given.literal or ""
    if word.lstrip("-") not in ("0", "1") or not -axes <= int(word) < axes:
        known = {0: "it has no axis", 1: "it has the axis 0", 2: "it has the axes 0 and 1"}[axes]
        said = f"an axis is 0 (down the columns) or 1 (along the rows); {infer.shown(x)}: {known}"
        raise infer.error(said, given.syntax)
    return int(word) % axes


def _hinge(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    """max(0, x) = relu(x)"""
    zero, x = args if args[0].literal == "0" else args[::-1]
    if zero.literal != "0" or (zero is args[1] and x.shape):
        text = "max(..., axis=0) is the largest of each column; entry by entry there is max(0, x) = relu(x)"
        raise infer.error(f"two arguments of max may mean two things: {text}", tree)
    return infer.made(tree, x.shape, lambda: v.relu(x.make()), x.row)


def _softmax(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    axis = _axis(infer, tree, args)
    x = args[0]
    if x.kind == "number":
        raise infer.error(f"softmax asks for a vector or a matrix; {infer.shown(x)}", tree)
    return infer.made(tree, x.shape, lambda: v.softmax(x.make(), -1 if axis is None else axis), x.row)


# --- matrices --------------------------------------------------------------------------------------------
def inverse(infer: Inference, tree: Syntax, x: Part) -> Part:
    """inv(A), A.I, A^-1"""
    infer.square("an inverse", tree, x)
    return infer.made(tree, x.shape, lambda: v.inv(x.make()))


def _inv(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    return inverse(infer, tree, _one(infer, tree, args))


def _adj(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    """The adjugate, det(A) A^-1."""
    x = _one(infer, tree, args)
    infer.square("adj", tree, x)

    def make() -> Node:
        node = x.make()
        return v.det(node) * v.inv(node)

    return infer.made(tree, x.shape, make)


def _diag(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    """A vector's diagonal matrix; a matrix's diagonal."""
    x = _one(infer, tree, args)
    if x.kind == "matrix":
        infer.square("the diagonal", tree, x)
        return infer.made(tree, x.shape[:1], lambda: v.diagof(x.make()))
    if x.kind == "number":
        raise infer.error(f"diag asks for a vector or a square matrix; {infer.shown(x)}", tree)
    return infer.made(tree, x.shape * 2, lambda: v.diag(x.make().T if x.row else x.make()))


def _kron(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    from .operators import kron

    return kron(infer, tree, *_count(infer, tree, args, 2))


def _dot(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    x, y = _vectors(infer, tree, args)
    infer.agree(x.shape[0], y.shape[0], "an inner product asks for vectors of one size", tree, x, y)
    return infer.made(tree, (), lambda: v.dot(x.make(), y.make()))


def _outer(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    x, y = _vectors(infer, tree, args)
    return infer.made(tree, (*x.shape, *y.shape), lambda: v.outer(x.make(), y.make()))


def _vectors(infer: Inference, tree: Syntax, args: list[Part]) -> list[Part]:
    for x in _count(infer, tree, args, 2):
        if x.kind != "vector":
            raise infer.error(f"{tree.word} asks for two vectors; {infer.shown(x)}", tree)
    return args


def _polygamma(infer: Inference, tree: Syntax, args: list[Part]) -> Part:
    """polygamma(2, x): the order is a number as it stands."""
    order, x = _count(infer, tree, args, 2)
    if order.literal is None or not order.literal.isdigit():
        raise infer.error("polygamma takes its order, 0, 1, 2, ..., and then its argument, as in polygamma(2, x)", tree)
    return infer.made(tree, x.shape, lambda: v.polygamma(int(order.literal or 0), x.make()), x.row)


# --- constants -------------------------------------------------------------------------------------------
def _filled(infer: Inference, tree: Syntax) -> Part:
    """vector(1), matrix(0), ones(n), zeros(n, p)"""
    if tree.word in ("ones", "zeros"):
        shape = tuple(_size(infer, a) for a in tree.args)
        if not 1 <= len(shape) <= 2:
            raise infer.error(f"{tree.word} takes one size or two, as in {tree.word}(n)", tree)
        value = "1" if tree.word == "ones" else "0"
    else:
        axes = 1 if tree.word == "vector" else 2
        shape = tuple(infer.sizes.fresh(tree.start, tree.end) for _ in range(axes))
        given = infer(tree.args[0]).literal if len(tree.args) == 1 else None
        if given is None:
            said = f"{tree.word} is filled with one number, as in {tree.word}(1); scale it by a symbol with *"
            raise infer.error(said, tree)
        value = given
    number = sp.Rational(value)
    return infer.made(tree, shape, lambda: Number(number, sp.Tuple(*dims_of(shape))))


def _eye(infer: Inference, tree: Syntax) -> Part:
    if len(tree.args) > 1:
        raise infer.error("eye takes one size, or none: it is found from what stands around it", tree)
    size = _size(infer, tree.args[0]) if tree.args else infer.sizes.fresh(tree.start, tree.end)
    return infer.eye(tree, size)


def _size(infer: Inference, tree: Syntax):  # type: ignore[no-untyped-def]
    number = tree.head == "number" and tree.word.isdigit() and 1 <= int(tree.word) <= 10**6
    if tree.head != "name" and not number:
        raise infer.error("a size is a name or a positive integer, as in eye(n)", tree)
    if tree.word in infer.symbols and tree.word not in infer.sizes.declared:
        raise infer.error(f"{tree.word} is a symbol; the size of a matrix has a name of its own, as in eye(n)", tree)
    return infer.sizes.named(tree.word, tree.start, tree.end)


SPECIAL: dict[str, Call] = {
    "sum": _along, "logsumexp": _along, "max": _along, "softmax": _softmax,
    "polygamma": _polygamma, "inv": _inv, "adj": _adj, "diag": _diag, "kron": _kron, "dot": _dot, "outer": _outer,
}  # fmt: skip
NAMES = (*ELEMENTWISE, *SQUARE, *WHOLE, *SPECIAL, *FILLED, "eye", "pi")
"""Every name that is no symbol."""
