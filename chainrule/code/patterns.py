"""What the rewriting rules look for: a function of something, a number, x + 1, the opposite of x."""

from __future__ import annotations

from fractions import Fraction

from chainrule.forms import dag
from chainrule.forms.dag import Dag


def is_function(node: Dag, name: str) -> bool:
    """Is the node f(u) for the function of this name?"""
    return node.kind == "function" and node.args[0] == name


def argument(node: Dag) -> Dag:
    """The u of f(u)."""
    return node.args[2]


def number_in(node: Dag) -> Fraction | None:
    """The number that fills a node."""
    return node.args[0] if node.kind == "contract" and dag.is_number(node) else None


def one_plus(x: Dag, name: str) -> tuple[Fraction, Dag, Fraction] | None:
    """x = c f(u) + number, f the function of this name: (c, u, number)."""
    if x.kind != "sum" or len(x.args) != 2:
        return None
    for (c, f), (d, one) in (x.args, x.args[::-1]):
        value = number_in(one)
        if is_function(f, name) and value is not None:
            return c, argument(f), d * value
    return None


def plus_number(x: Dag) -> tuple[Dag, Fraction] | None:
    """x = rest + number."""
    if x.kind == "sum":
        for k, (c, term) in enumerate(x.args):
            value = number_in(term)
            if value is not None:
                rest = [dag.scale(b, n) for j, (b, n) in enumerate(x.args) if j != k]
                return dag.add(*rest), c * value
    return None


def minus(x: Dag) -> Dag:
    """-x"""
    coef, base = dag.scaled(x)
    return dag.scale(-coef, base)


def opposite(x: Dag, y: Dag) -> bool:
    """x = -y"""
    (a, p), (b, q) = dag.scaled(x), dag.scaled(y)
    return p is q and a == -b
