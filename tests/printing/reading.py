"""Printed mathematics read back into a formula, by the rules of precedence that a reader knows and nothing else."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.notation.nodes import (
    REDUCTIONS,
    Add,
    Apply,
    At,
    Deriv,
    Div,
    Each,
    Expect,
    Let,
    Letter,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Range,
    Reduce,
    Size,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
)  # fmt: skip
from chainrule.printing.names import take_apart
from tests.printing.tokens import Token, commas

INFIX = {"times": Mul, "over": Div, "kron": cr.kron, "/": Div}
ACCENTS = {"\u0304": "bar", "\u0302": "hat", "\u0303": "tilde", "\u0307": "dot"}


class Reader:
    """A reader of tokens who knows the symbols, the sizes and the declared letters."""

    def __init__(self, symbols: dict[str, Node], sizes: dict[str, sp.Symbol], letters: dict[str, Letter]):
        names = sorted(((take_apart(name), node) for name, node in symbols.items()), key=lambda s: -len(s[0].below))
        self.names = dict(names)  # the longest name first: w_ols before w
        self.sizes, self.letters = sizes, letters

    def read(self, tokens: list[Token]) -> Node:
        self.tokens, self.at = tokens, 0
        node = self.sum()
        assert self.at == len(tokens), f"stopped at {tokens[self.at :]}"
        return node

    def inside(self, tokens: list[Token]) -> Node:
        return Reader.__new__(Reader)._like(self).read(tokens)

    def _like(self, other: Reader) -> Reader:
        self.names, self.sizes, self.letters = other.names, other.sizes, other.letters
        return self

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", None)

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def sign(self, *names: str) -> str | None:
        kind, value = self.peek()
        if kind == "sign" and value in names:
            self.at += 1
            return str(value)
        return None

    # --- sums, products ------------------------------------------------------------------------------
    def sum(self) -> Node:
        node = self.infix(negative=self.sign("-") is not None)
        while sign := self.sign("+", "-"):
            term = self.infix(negative=False)
            node = Add(node, Neg(term) if sign == "-" else term)
        return node

    def infix(self, negative: bool) -> Node:
        """A minus before a (x) b stands before the whole; before factors side by side, before the first."""
        start = self.at
        node = self.product(False)
        if not negative:
            return self.chain(node)
        dotted = isinstance(node, MatMul) and node.args[0].ndim == 1 and not node.args[0].row and not node.args[1].row
        if dotted or (self.peek()[0] == "sign" and self.peek()[1] in INFIX):
            return minus(self.chain(node))
        self.at = start
        return self.product(True)

    def chain(self, node: Node) -> Node:
        while sign := self.sign(*INFIX):
            node = INFIX[sign](node, self.product(False))
        return node

    def product(self, negative: bool) -> Node:
        factors = [self.factor()]
        while self.sign("dot") or self.starts():
            factors.append(self.factor())
        first = minus(factors[0]) if negative else factors[0]
        for factor in factors[1:]:
            first = Mul(first, factor) if first.ndim == 0 or factor.ndim == 0 else MatMul(first, factor)
        return first

    def starts(self) -> bool:
        kind, value = self.peek()
        if kind in ("end", "until"):
            return False
        return kind != "sign" or value in ("sum", "nabla", "partial", "expect")

    def factor(self) -> Node:
        if self.sign("sum"):
            return self.big_sum()
        if head := self.sign("nabla", "partial"):
            node = self.derivative(head)
            while self.peek() == ("until", "eval"):
                self.take()
                node = self.evaluated(node, self.take()[1])
            return node
        return self.scripted()

    # --- binders and derivatives ---------------------------------------------------------------------
    def ranges(self, below: list[Token], above: list[Token]) -> list[Range]:
        found: list[Range] = []
        ends = commas(above) if above else []
        for k, part in enumerate(commas(below)):
            (_, name), *rest = part
            if rest[0] == ("sign", "in"):
                clusters = self.names[take_apart(rest[1][1])]
                letter = Letter(Str(name), clusters.shape[0], sp.Integer(0))
                found.append(Range(letter, At(clusters, letter, self.letters[rest[2][1][0][1]])))
            else:
                assert rest == [("sign", "="), ("num", 1)], rest
                letter = Letter(Str(name), self.sizes[ends[k][0][1]], sp.Integer(0))
                found.append(Range(letter))
        return found

    def big_sum(self) -> Node:
        _, below = self.take()
        above = self.take()[1] if self.peek()[0] == "sup" else []
        (where,) = self.ranges(below, above)
        outer, self.letters = self.letters, {**self.letters, where.letter.name: where.letter}
        body = self.product(False)
        self.letters = outer
        return Sum(body, where)

    def derivative(self, head: str) -> Node:
        scripts = {}
        while self.peek()[0] in ("sub", "sup"):
            kind, value = self.take()
            scripts[kind] = value
        kind = "jacobian" if head == "partial" else "hessian" if "sup" in scripts else "grad"
        return Deriv(Str(kind), self.scripted(whole=False), self.inside(scripts["sub"]))

    def evaluated(self, body: Node, condition: list[Token]) -> Node:
        cut = condition.index(("sign", "="))
        return Subs(body, self.inside(condition[:cut]), self.inside(condition[cut + 1 :]))

    # --- atoms and their scripts ---------------------------------------------------------------------
    def scripted(self, whole: bool = True) -> Node:
        """An atom with its scripts; `whole` takes the bar of an evaluation too."""
        token = self.take()
        scripts: list[Token] = []
        while self.peek()[0] in ("sub", "sup", "["):
            scripts.append(self.take())
        expects = token == ("sign", "expect")
        node = self.expected(scripts) if expects else self.dress(*self.base(token, scripts))
        while whole and self.peek() == ("until", "eval"):
            self.take()
            node = self.evaluated(node, self.take()[1])
        return node

    def expected(self, scripts: list[Token]) -> Node:
        (_, below), (_, body), *later = scripts
        cut = below.index(("sign", "follows"))
        law = "normal" if below[cut + 1] == ("sign", "normal") else "moments"
        mean, covariance = (self.inside(part) for part in commas(below[-1][1]))
        node = Expect(Str(law), self.inside(body), self.inside(below[:cut]), mean, covariance)
        return self.dress(node, later)

    def base(self, token: Token, scripts: list[Token]) -> tuple[Node, list[Token]]:
        """The thing that carries the scripts, and the scripts that are left for it."""
        kind, value = token
        match kind:
            case "num":
                return cr.as_node(value), scripts
            case "name" | "bar" | "hat" | "tilde" | "dot" | "accented":
                return self.symbol(token, scripts)
            case "one":
                return Number(sp.Integer(1), sp.Tuple(*self.shape(scripts[0][1]))), scripts[1:]
            case "frac":
                return Div(self.inside(value[0]), self.inside(value[1])), scripts
            case "sqrt":
                return Apply(Str("sqrt"), self.inside(value[0])), scripts
            case "norm(" | "norm":
                return self.norm(value[0] if kind == "norm" else value, scripts)
            case "abs(" | "abs":
                return self.absolute(value[0] if kind == "abs" else value), scripts
            case "op":
                return self.call(value, scripts)
            case "eval(":
                return self.evaluated(self.inside(value), scripts[0][1]), scripts[1:]
            case "(":
                return self.group(value, scripts)
        raise AssertionError(f"cannot read {token}")

    def group(self, inside: list[Token], scripts: list[Token]) -> tuple[Node, list[Token]]:
        if [kind for kind, _ in scripts[:2]] == ["sup", "["]:  # the adjoint of a derivative
            jacobian = self.inside(inside)
            return Deriv(Str("vjp"), *jacobian.args[1:], self.inside(scripts[1][1])), scripts[2:]
        if scripts and scripts[0][0] == "sub" and ("sign", "=") in scripts[0][1]:
            ranges = self.ranges(scripts[0][1], scripts[1][1])
            outer = self.letters
            self.letters = {**outer, **{r.letter.name: r.letter for r in ranges}}
            body = self.inside(inside)
            self.letters = outer
            return Each(body, *(r.letter for r in ranges)), scripts[2:]
        return self.inside(inside), scripts

    def symbol(self, token: Token, scripts: list[Token]) -> tuple[Node, list[Token]]:
        """A name with as many of its scripts as belong to it."""
        kind, value = token
        accents: tuple[str, ...] = ()
        if kind == "accented":
            accents, value = (ACCENTS[value[0]],), value[1]
        elif kind != "name":
            accents, value = (kind,), value[0][0][1]
        below = next((commas(v) for k, v in scripts if k == "sub"), [])
        above = next((v for k, v in scripts if k == "sup"), [])
        starred = ("star",) if above[:1] == [("sign", "star")] else ()
        for name, node in self.names.items():
            parts = tuple("".join(str(v) for _, v in part) for part in below[: len(name.below)])
            if (name.body, name.accents, name.below, name.above) == (value, accents, parts, starred):
                left = [("sub", part) for part in below[len(name.below) :]]
                rest = above[1:] if starred else above
                later = [s for s in scripts if s[0] == "sup"][1:]
                return node, left + ([("sup", rest)] if rest else []) + later
        return self.constant(value, scripts)

    def constant(self, value: str, scripts: list[Token]) -> tuple[Node, list[Token]]:
        if value == "I":
            return cr.I(self.shape(scripts[0][1])[0]), scripts[1:]
        if value == "pi":
            return cr.pi, scripts
        if value == "delta":
            return cr.delta(*self.indices(scripts[0][1])), scripts[1:]
        return Size(self.sizes[value]), scripts

    def shape(self, tokens: list[Token]) -> list[sp.Symbol]:
        return [self.sizes[v] for k, v in tokens if k == "name"]

    def indices(self, tokens: list[Token]) -> list[Letter]:
        return [self.letters[v] for k, v in tokens if k == "name"]

    def norm(self, inside: list[Token], scripts: list[Token]) -> tuple[Node, list[Token]]:
        if scripts[:1] == [("sub", [("num", 1)])]:
            return cr.total(cr.abs_(self.inside(inside))), scripts[1:]
        rest = [s for s in scripts if s != ("sub", [("name", "F")])]
        if rest[:1] == [("sup", [("num", 2)])]:
            return cr.sqnorm(self.inside(inside)), rest[1:]
        return cr.norm(self.inside(inside)), rest

    def absolute(self, inside: list[Token]) -> Node:
        if len(inside) == 2 and inside[0] == ("name", "C") and inside[1][0] == "sub":
            clusters = self.names[take_apart("C")]
            letter = Letter(Str("_"), clusters.shape[0], sp.Integer(0))
            return Sum(cr.as_node(1), Range(letter, At(clusters, letter, *self.indices(inside[1][1]))))
        return cr.abs_(self.inside(inside))

    def call(self, name: str, scripts: list[Token]) -> tuple[Node, list[Token]]:
        axis: Any = int(scripts[0][1][0][1]) if scripts else None
        kind, inside = self.take()
        assert kind == "(", (name, kind)
        x = self.inside(inside)
        later: list[Token] = []
        while self.peek()[0] in ("sub", "sup"):
            later.append(self.take())
        if name in REDUCTIONS:
            axes = tuple(range(x.ndim)) if axis is None else (axis,)
            return Reduce(Str(name), x, sp.Tuple(*axes)), later
        if name == "softmax":
            return Softmax(x, sp.Integer(x.ndim - 1 if axis is None else axis)), later
        return (Op if name in ("trace", "det", "logdet", "diag", "diagof") else Apply)(Str(name), x), later

    def dress(self, node: Node, scripts: list[Token]) -> Node:
        """Indices, then powers, transposes and inverses."""
        for kind, value in scripts:
            if kind == "sub":
                for part in commas(value):
                    node = At(node, *self.indices(part))
            elif value == [("sign", "top")]:
                node = Transpose(node)
            elif value == [("sign", "-"), ("sign", "top")]:
                node = Transpose(cr.inv(node))
            elif node.ndim and value[0] == ("sign", "ring"):
                node = Pow(node, self.inside(value[1:]))
            elif node.ndim:
                assert value == [("sign", "-"), ("num", 1)], value
                node = cr.inv(node)
            else:
                node = Pow(node, self.inside(value))
        return node


def minus(node: Node) -> Node:
    """A minus before a number makes a negative number."""
    match node:
        case Number() if not node.shape and node.value > 0:
            return Number(-node.value, sp.Tuple())
        case Div(args=(Number() as a, Number() as b)) if (
            not a.shape + b.shape and a.value > 0 and b.value > 0 and b.value.is_Rational
        ):
            return Number(-a.value / b.value, sp.Tuple())
    return Neg(node)


# --- harmless differences --------------------------------------------------------------------------------
def same(node: Node) -> Any:
    """The formula up to what paper does not show: where the minus of a product stands, how scalar multiples are
    grouped, the shape of zero, the level of a letter, that |x|^2 is the squared norm."""
    match node:
        case Var() | Let():
            return node.name
        case Number() if node.shape and node.value == 0:
            return 0
        case Number() if not node.shape and node.value.is_negative:
            return ("neg", -node.value)
        case Number():
            return (node.value, *node.shape) if node.shape else node.value
        case Add():
            return _terms(node)
        case Neg():
            return ("neg", same(node.args[0]))
        case Mul() | MatMul():
            return _signed(_flat(node))
        case Div() if (value := _constant(node)) is not None:
            return same(Number(value, sp.Tuple()))
        case Pow(args=(Op() as x, two)) if x.kind == "norm" and two == cr.as_node(2):
            return ("Op", "sqnorm", same(x.args[1]))
        case At(args=(At() as x, *letters)):
            return same(At(x.args[0], *x.args[1:], *letters))
        case Sum():
            return _summed(node)
    return (type(node).__name__, *(_part(a) for a in node.args))


def _constant(node: Node) -> sp.Expr | None:
    """The number that a fraction of numbers is."""
    match node:
        case Number() if not node.shape:
            return node.value
        case Neg():
            inner = _constant(node.args[0])
            return None if inner is None else -inner
        case Div():
            a, b = (_constant(x) for x in node.args)
            return None if a is None or b is None else a / b
    return None


def _part(arg: Any) -> Any:
    if isinstance(arg, Node):
        return same(arg)
    return (arg.name, arg.dim) if isinstance(arg, Letter) else arg if isinstance(arg, sp.Symbol) else str(arg)


def _signed(items: list[Any]) -> Any:
    """A product whose first factor's minus signs stand before the whole."""
    first = items[0]
    if isinstance(first, tuple) and first[0] == "neg":
        return ("neg", _signed([first[1], *items[1:]]))
    if isinstance(first, tuple) and first[0] == "product":
        return ("product", *first[1:], *items[1:])
    return ("product", *items)


def _terms(node: Node) -> Any:
    terms: list[Any] = []
    while isinstance(node, Add):
        node, right = node.args
        minus = isinstance(right, Neg)
        terms.append(("-" if minus else "+", same(right.args[0] if minus else right)))
    return ("sum", same(node), *reversed(terms))


def _flat(node: Node) -> list[Any]:
    """The factors of a product; a matrix product on the right of another keeps its brackets."""
    left, right = node.args
    scalar = left.ndim == 0 or right.ndim == 0
    if isinstance(node, Mul) and not scalar:
        return [("entrywise", same(left), same(right))]
    if isinstance(node, MatMul) and left.ndim == 1 and not left.row and not right.row:
        return [("dotted", same(left), same(right))]
    first = _flat(left) if isinstance(left, (Mul, MatMul)) else [same(left)]
    if isinstance(node, Mul) and left.ndim == 0 and isinstance(right, (Mul, MatMul)):
        return first + _flat(right)
    if isinstance(node, Mul) and left.ndim == 0 and isinstance(right, Neg) and isinstance(right.args[0], (Mul, MatMul)):
        start, *rest = _flat(right.args[0])
        return [*first, ("neg", start), *rest]
    return [*first, same(right)]


def _summed(node: Sum) -> Any:
    body, ranges = node.body, list(node.ranges)
    if body == cr.as_node(1) and len(ranges) == 1 and ranges[0].weight is not None:
        return ("size", *(_part(a) for a in ranges[0].weight.args[::2]))
    while isinstance(body, Sum) and same(body)[0] != "size":
        body, ranges = body.body, ranges + list(body.ranges)
    return ("Sum", same(body), *((_part(r.letter), r.weight is not None and same(r.weight)) for r in ranges))
