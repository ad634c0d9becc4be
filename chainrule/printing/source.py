"""A formula as Python: evaluated with the vocabulary and the symbols by name, the text gives the same formula back."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.notation.dims import Dim
from chainrule.notation.indices import Clusters
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Deriv,
    Div,
    Each,
    Expect,
    Eye,
    Indicator,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Place,
    Position,
    Pow,
    Range,
    Recurrence,
    Reduce,
    Shifted,
    Size,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
    polygamma_order,
)
from chainrule.notation.places import spelled

from .letters import counted, members, readable, sides
from .names import python_name


class Level(IntEnum):
    """How tightly Python holds an expression together."""

    SUM = 0
    PRODUCT = 1
    SIGN = 2
    POWER = 3
    ATOM = 4


class Code(NamedTuple):
    """Source text and how tightly it holds. `plain` text is a Python int or a dimension, not yet a formula."""

    text: str
    level: Level = Level.ATOM
    plain: bool = False


SPELLED = {"sum": "total", "max": "maximum", "abs": "abs_"}
"""What the vocabulary calls a function or reduction, where a Python name stands in its way."""


def text(node: Node) -> str:
    """The formula as Python source, exactly as it was written."""
    return code(readable(node)).text


def text_pieces(node: Node) -> list[str]:
    """The same, cut before each + and - of the outermost sum."""
    node = readable(node)
    return _terms(node) if isinstance(node, Add) else [code(node).text]


def code(node: Node) -> Code:
    """The source of a formula, one arm a kind."""
    match node:
        case Var() | Let():
            return Code(python_name(node.name))
        case Number():
            return _number(node)
        case Size():
            return Code(_dim(node.dim) if node.dim.is_Atom else f"({_dim(node.dim)})", plain=True)
        case Eye():
            return _call("I", _dim(node.args[0]))
        case Delta():
            return _call("delta", *(letter.name for letter in node.args))
        case Add():
            return Code(" ".join(_terms(node)), Level.SUM)
        case Mul() | Div() | MatMul():
            return _product(node)
        case Pow():
            return _power(node)
        case Neg():
            return Code("-" + bracket(lifted(code(node.args[0])), Level.POWER), Level.SIGN)
        case Apply() if (polygamma_order(node.function) or 0) > 1:
            return _call("polygamma", str(polygamma_order(node.function)), code(node.args[1]).text)
        case Apply():
            return _call(SPELLED.get(node.function, node.function), code(node.args[1]).text)
        case Reduce():
            return _reduce(node)
        case Softmax():
            x = node.args[0]
            return _call("softmax", code(x).text, *([] if node.axis == x.ndim - 1 else [f"axis={node.axis}"]))
        case Transpose():
            return Code(_atom(node.args[0]) + ".T")
        case Op():
            return _op(node)
        case Kron():
            return _call("kron", *(code(a).text for a in node.args))
        case Indicator():
            return _indicator(node)
        case Position():
            return _call("position", spelled(node.place))
        case At():
            return _at(node)
        case Shifted():
            return Code(f"{_atom(node.args[0])}[{', '.join(map(spelled, node.places))}]")
        case Sum():
            return _binder(node)
        case Each():
            loops = "".join(f" for {letter.name} in over({_dim(letter.dim)})" for letter in node.letters)
            return Code(f"each({code(node.body).text}{loops})")
        case Subs():
            body, variable, value = node.args
            return Code(f"{_atom(body)}.at({code(variable).text}, {code(value).text})")
        case Deriv():
            return _call(node.kind, *(code(a).text for a in node.args[1:]))
        case Expect():
            f, x, mean, covariance = (code(a).text for a in node.args[1:])
            if node.law == "moments":
                return _call("expect", f, x, f"mean={mean}", f"covariance={covariance}")
            family = "Gaussian" if node.variable.ndim else "Normal"
            return _call("expect", f, x, f"{family}({mean}, {covariance})")
        case Recurrence():
            made = _recurrence(node)
            return _call("before", made.text) if node.before else made
    raise Unsupported(f"the Python printer has no arm for {type(node).__name__}")


def bracket(part: Code, level: Level) -> str:
    """The text, in brackets where it would fall apart at this level."""
    return part.text if part.level >= level else f"({part.text})"


def lifted(part: Code) -> Code:
    """Source that is a formula already: Python would add 1 + 2 before chainrule sees it."""
    if not part.plain:
        return part
    number = part.text.lstrip("-").isdigit()
    inside = part.text[1:-1] if part.text.startswith("(") else part.text
    return _call("rational" if number else "as_node", inside)


def _atom(node: Node) -> str:
    return bracket(lifted(code(node)), Level.ATOM)


def _call(name: str, *arguments: str) -> Code:
    return Code(f"{name}({', '.join(arguments)})")


def _dim(dim: Dim) -> str:
    return str(dim)


def _number(node: Number) -> Code:
    value, sizes = node.value, ", ".join(_dim(d) for d in node.shape)
    if node.shape and value in (0, 1):
        return _call("ones" if value == 1 else "zeros", sizes)
    if node.shape:
        filled = bracket(_number(Number(value, sp.Tuple())), Level.SIGN)
        return Code(f"{filled} * ones({sizes})", Level.PRODUCT)
    match value:
        case sp.Integer():
            return Code(str(value), Level.ATOM if value >= 0 else Level.SIGN, plain=True)
        case sp.Rational():
            return _call("rational", str(value.p), str(value.q))
        case sp.pi:
            return Code("pi")
        case sp.E:
            return Code("exp(1)")
    raise Unsupported(f"the Python printer has no arm for the number {value}")


def _pair(left: Node, right: Node) -> tuple[Code, Code]:
    a, b = code(left), code(right)
    return (lifted(a) if a.plain and b.plain else a), b


def _term(node: Node) -> str:
    """A later term of a sum, with its sign."""
    if isinstance(node, Neg):
        return "- " + _right(code(node.args[0]), Level.PRODUCT)
    return "+ " + _right(code(node), Level.PRODUCT)


def _right(part: Code, level: Level) -> str:
    """A right operand: a leading sign is bracketed too."""
    return f"({part.text})" if part.text.startswith("-") else bracket(part, level)


def _terms(node: Add) -> list[str]:
    """The terms of a sum as written, each after the first with its sign."""
    terms: list[str] = []
    left: Node = node
    while isinstance(left, Add):
        left, right = left.args
        terms.append(_term(right))
        second = right.args[0] if isinstance(right, Neg) else right
    first = code(left)
    return [(lifted(first) if first.plain and code(second).plain else first).text, *reversed(terms)]


def _product(node: Node) -> Code:
    sign = {Mul: "*", Div: "/", MatMul: "@"}[type(node)]
    a, b = _pair(*node.args)
    return Code(f"{bracket(a, Level.PRODUCT)} {sign} {_right(b, Level.SIGN)}", Level.PRODUCT)


def _power(node: Pow) -> Code:
    base, exponent = (code(a) for a in node.args)
    return Code(f"{bracket(lifted(base), Level.ATOM)} ** {_right(exponent, Level.ATOM)}", Level.POWER)


def _reduce(node: Reduce) -> Code:
    x = node.args[1]
    if node.axes == tuple(range(x.ndim)):
        axis = []
    else:
        axis = [f"axis={node.axes[0] if len(node.axes) == 1 else node.axes}"]
    return _call(SPELLED.get(node.kind, node.kind), code(x).text, *axis)


def _op(node: Op) -> Code:
    return Code(_atom(node.args[1]) + ".I") if node.kind == "inv" else _call(node.kind, code(node.args[1]).text)


def _indicator(node: Indicator) -> Code:
    """delta(t, u + 1), or a comparison in brackets."""
    above, below = sides(node.place)
    if node.kind == "zero":
        return _call("delta", spelled(above), spelled(below))
    if isinstance(above, Place) and not above.terms:
        return Code(f"({spelled(below)} <= {spelled(above)})")
    return Code(f"({spelled(above)} >= {spelled(below)})")


def _recurrence(node: Recurrence) -> Code:
    """recur({h: step}, {h: start}, along={x: X}), with the number of the state where there are several."""

    def table(symbols: tuple[Var, ...], values: tuple[Node, ...]) -> str:
        pairs = zip(symbols, values, strict=True)
        return "{" + ", ".join(f"{code(s).text}: {lifted(code(v)).text}" for s, v in pairs) + "}"

    along = [f"along={table(node.slots, node.inputs)}"] if node.slots else [f"length={_dim(node.length)}"]
    way = ["backwards=True"] if node.backwards else []
    made = _call("recur", table(node.states, node.steps), table(node.states, node.starts), *along, *way)
    return Code(f"{made.text}[{node.which}]") if len(node.states) > 1 else made


def _at(node: At) -> Code:
    x, letters = node.args[0], [letter.name for letter in node.args[1:]]
    if isinstance(x, Clusters) and len(letters) == 1:
        letters.append(":")  # C[k] would be the members of a cluster; this is a row of the indicator
    return Code(f"{_atom(x)}[{', '.join(letters)}]")


def _binder(node: Sum) -> Code:
    cluster = counted(node)
    if cluster and node.ranges[0].letter.name == ("j" if cluster[1].name == "i" else "i"):
        return _call("size", f"{python_name(cluster[0].name)}[{cluster[1].name}]")
    loops = "".join(f" for {r.letter.name} in {_set(r, node)}" for r in node.ranges)
    return Code(f"Sum({code(node.body).text}{loops})")


def _set(where: Range, binder: Sum) -> str:
    """What a letter runs over: over(n), the clusters C, or the members C[k] of one."""
    found = members(where)
    if found:
        return f"{python_name(found[0].name)}[{found[1].name}]"
    for inner in binder.ranges:
        cluster = members(inner)
        if cluster and cluster[1] == where.letter:
            return python_name(cluster[0].name)
    return f"over({_dim(where.letter.dim)})"
