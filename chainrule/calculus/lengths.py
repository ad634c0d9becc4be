"""How long a formula is to read, about in characters; a named formula is as long as its name."""

from __future__ import annotations

from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Div,
    Each,
    Let,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Size,
    Sum,
    Transpose,
    Var,
    children,
)

BAR = 10
"""What each fraction inside the fraction of a fraction costs."""
_known: dict[Node, int] = {}
_deep: dict[Node, int] = {}


def length(node: Node) -> int:
    """The length of a formula; a part that occurs twice counts twice."""
    found = _known.get(node)
    if found is None:
        found = _known[node] = _length(node)
    return found


def fractions(node: Node) -> int:
    """How many fractions stand inside each other; the argument of a function and a name are read by themselves."""
    if isinstance(node, (Let, Apply)):
        return 0
    if node not in _deep:
        inside = max(map(fractions, children(node)), default=0)
        _deep[node] = inside + (isinstance(node, Div) and not isinstance(node.args[1], Number))
    return _deep[node]


def _length(node: Node) -> int:
    inside = sum(map(length, children(node)))
    match node:
        case Var() | Let():
            return len(node.name)
        case Number() | Size() | Delta():
            return len(str(node.args[0])) + 6 * isinstance(node, Delta) + 12 * (node.ndim > 0)
        case Add():
            return inside + 3 - isinstance(node.args[1], Neg)
        case Neg():
            return inside + 1 + 2 * isinstance(node.args[0], Add)
        case Mul():
            return inside + 3 + 2 * sum(isinstance(a, Add) for a in node.args)
        case Div():
            return inside + 3 + 2 * sum(isinstance(a, Add) for a in node.args) + BAR * max(fractions(node) - 2, 0)
        case Apply():
            return inside + len(node.function) + 2
        case Transpose():
            return inside + 2 + 2 * (not isinstance(node.args[0], (Var, Let, Op)))
        case Op():
            return inside + len(node.kind) + 2 if node.kind != "inv" else inside + 2
        case At():
            slice_of_made = node.ndim > 0 and not isinstance(node.args[0], (Var, Let))
            return inside + 2 * len(node.args) + 18 * slice_of_made
        case Sum() | Each():
            return length(node.args[0]) + 5 + 15 * (len(node.args) - 1)
    return inside + 3 + 2 * sum(isinstance(a, Add) for a in children(node))
