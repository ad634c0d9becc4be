"""Reading a formula as it is written: its terms, its exponents, the names in it opened."""

from __future__ import annotations

import sympy as sp

from chainrule.notation.nodes import Add, Div, Let, Neg, Node, Number, Transpose


def opened(f: Node) -> Node:
    """What a name stands for."""
    while isinstance(f, Let):
        f = f.value
    return f


def column(f: Node) -> Node:
    """A row as the column of its entries."""
    f = opened(f)
    return f if not f.row else f.args[0] if isinstance(f, Transpose) else Transpose(f)


def exponent(k: Node) -> sp.Rational | None:
    """The rational number that an exponent is, if it is one."""
    if isinstance(k, Neg):
        inner = exponent(k.args[0])
        return None if inner is None else -inner
    if isinstance(k, Div):
        over, under = exponent(k.args[0]), exponent(k.args[1])
        return None if over is None or not under else over / under
    return k.value if isinstance(k, Number) and k.value.is_Rational and k.shape == () else None


def terms(f: Node) -> list[Node]:
    """The terms of a sum, a minus carried to each."""
    if isinstance(f, Add):
        return [t for part in f.args for t in terms(part)]
    if isinstance(f, Neg) and isinstance(f.args[0], Add | Neg):
        return [t.args[0] if isinstance(t, Neg) else Neg(t) for t in terms(f.args[0])]
    return [f]
