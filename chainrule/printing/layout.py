"""Where the brackets go: a formula set as a mathematician writes it, decided once for every kind of page.

Nothing is simplified or reordered. Brackets are left out only where they change nothing: 2 (lam w) is 2 lam w.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.notation.dims import Dim
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Counted,
    Delta,
    Deriv,
    Div,
    Each,
    Expect,
    Eye,
    Indicator,
    Kron,
    Let,
    Letter,
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
    make_var,
)

from .letters import counted, from_zero, members, sides
from .products import factors, is_product
from .target import Box, Core, Level, Target


class Layout:
    """The printed form of a formula on one kind of page: one arm a kind of node."""

    def __init__(self, target: Target):
        self.target = target
        self.spelled: dict[Var, Box] = {}

    def box(self, node: Node) -> Box:
        """A formula, set."""
        match node:
            case Var() if node in self.spelled:
                return self.spelled[node]
            case Var() | Let():
                return self.target.name(node.name, scalar=node.ndim == 0)
            case Number():
                return self.number(node)
            case Size():
                return self.size(node.dim)
            case Eye():
                return self.sized("I", node.shape[:1])
            case Delta():
                return self.target.atom(self.target.glyph("delta"), (self.indices(node.args),), kind="letter")
            case Indicator():
                return self.indicator(node)
            case Position():
                return self.box(as_formula(node.place))
            case Add():
                terms = self.terms(node)
                return Box("".join(t.text for t in terms), Level.SUM, tall=any(t.tall for t in terms))
            case Neg():
                return self.negative(node)
            case Mul() | MatMul() if is_product(node):
                return self.product(node)
            case Mul() | Kron():
                return self.infix(node, "times" if isinstance(node, Mul) else "kron")
            case MatMul():
                return self.infix(node, "dot")
            case Div():
                return self.quotient(node)
            case Pow():
                return self.power(node)
            case Apply():
                return self.apply(node.function, node.args[1])
            case Reduce(args=(_, Apply(function="abs") as x, _)) if node.kind == "sum" and x.ndim == 1:
                return self.fenced_norm(x.args[1], ("1",))
            case Reduce():
                whole = node.axes == tuple(range(node.args[1].ndim))
                return self.call(node.kind, node.args[1], () if whole else node.axes)
            case Softmax():
                return self.call("softmax", node.args[0], () if node.axis == node.ndim - 1 else (node.axis,))
            case Transpose():
                return self.transpose(node.args[0])
            case Op():
                return self.op(node.kind, node.args[1])
            case At():
                return self.script(self.box(node.args[0]), below=self.indices(node.args[1:]))
            case Shifted():
                places = ",".join(self.place(at).text for at in node.places)
                return self.script(self.box(node.args[0]), below=places)
            case Sum():
                return self.sum(node)
            case Each():
                return self.each(node)
            case Subs():
                return self.subs(*node.args)
            case Deriv():
                return self.derivative(node)
            case Expect():
                return self.expectation(node)
            case Recurrence():
                return self.recurrence(node)
        raise Unsupported(f"the formula printer has no arm for {type(node).__name__}")

    # --- brackets ------------------------------------------------------------------------------------
    def bracket(self, box: Box) -> Box:
        """The same in brackets."""
        return self.target.atom(self.target.bracket(box.text, box.tall), tall=box.tall, kind="fence")

    def at_least(self, box: Box, level: Level) -> Box:
        """The same, in brackets where it would fall apart."""
        return box if box.level >= level else self.bracket(box)

    def script(self, box: Box, below: str = "", above: str = "") -> Box:
        """A formula with a script, in brackets where it has none to spare."""
        core = box.core
        if core is None or (core.above and not (core.named and above in ("", self.target.signs["top"]))):
            core = self.bracket(box).core
        assert core is not None
        lower = (*core.below, below) if below else core.below
        upper = (*core.above, above) if above else core.above
        found = self.target.atom(core.body, lower, upper, tall=box.tall, kind=box.kind)
        return found if above else found._replace(core=Core(core.body, lower, upper, core.named))

    def indices(self, letters: tuple[Letter, ...]) -> str:
        """Indices side by side; a comma between them where one is longer than a letter."""
        boxes = [self.target.name(letter.name) for letter in letters]
        single = all(b.kind == "letter" and b.core is not None and not b.core.below for b in boxes)
        return self.target.beside([b.text for b in boxes]) if single else ",".join(b.text for b in boxes)

    # --- leaves --------------------------------------------------------------------------------------
    def number(self, node: Number) -> Box:
        """A number; ones carry their shape, zeros are 0."""
        if not node.shape or node.value == 0:
            return self.value(node.value)
        ones = self.sized("one", node.shape)
        if node.value == 1:
            return ones
        box = self.at_least(self.value(node.value), Level.PRODUCT)
        return Box(box.text + self.target.gap(box, ones) + ones.text, Level.PRODUCT, tall=box.tall)

    def value(self, value: sp.Expr) -> Box:
        match value:
            case sp.Integer() if value >= 0:
                return self.target.atom(str(value), kind="number")
            case sp.Rational() if value < 0:
                inner = self.value(-value)
                return Box(self.target.signs["neg"] + inner.text, Level.SIGN, tall=inner.tall)
            case sp.Rational():
                text = self.target.fraction(str(value.p), str(value.q))
                alone = self.target.stacks or len(text) == 1
                return Box(text, Level.FRACTION if alone else Level.INFIX, tall=True, kind="fraction")
            case sp.pi:
                return self.target.name("pi")
            case sp.E:
                return self.target.atom(self.target.signs["e"], kind="letter")
        raise Unsupported(f"the formula printer has no arm for the number {value}")

    def sized(self, sign: str, shape: tuple[Dim, ...]) -> Box:
        """I or 1 with its sizes below."""
        sizes = self.target.signs["by"].join(self.size(d).text for d in shape)
        return self.target.atom(self.target.signs[sign], (sizes,), kind="letter")

    def size(self, dim: Dim) -> Box:
        """A dimension."""
        return self.target.name(dim.name) if isinstance(dim, sp.Symbol) else self.box(dim_as_node(dim))

    # --- sums and products ---------------------------------------------------------------------------
    def terms(self, node: Node) -> list[Box]:
        """The terms of a sum as written, each after the first with its sign."""
        terms: list[Box] = []
        while isinstance(node, Add):
            node, right = node.args
            sign, term = ("minus", right.args[0]) if isinstance(right, Neg) else ("plus", right)
            box = self.at_least(self.box(term), Level.INFIX)
            terms.append(Box(self.target.signs[sign] + box.text, tall=box.tall))
        return [self.box(node), *reversed(terms)]

    def negative(self, node: Neg) -> Box:
        inner = self.at_least(self.box(node.args[0]), Level.INFIX)
        return Box(self.target.signs["neg"] + inner.text, Level.SIGN, tall=inner.tall, trails=inner.trails)

    def product(self, node: Node) -> Box:
        """Factors side by side. A minus before the first stands before them all."""
        negative, items = factors(node)
        boxes = [self.bracket(self.box(f.node)) if f.bracketed else self.box(f.node) for f in items]
        boxes = [self.factor(b, last=k == len(boxes) - 1) for k, b in enumerate(boxes)]
        text = boxes[0].text
        for left, right in pairwise(boxes):
            text += self.between(left, right) + right.text
        tall, trails = any(b.tall for b in boxes), boxes[-1].trails
        sign, level = (self.target.signs["neg"], Level.SIGN) if negative else ("", Level.PRODUCT)
        return Box(sign + text, level, tall=tall, trails=trails)

    def factor(self, box: Box, last: bool) -> Box:
        """A factor in its brackets."""
        return box if box.level >= Level.PRODUCT and (last or not box.trails) else self.bracket(box)

    def between(self, left: Box, right: Box) -> str:
        """A dot where two factors side by side would read as one number or as a function of the second."""
        digits = right.text[0] in "0123456789" or (left.kind == "number" and right.kind == "fraction")
        called = left.text == self.target.functions["sigmoid"] and right.kind == "fence"
        return self.target.signs["dot"] if digits or called else self.target.gap(left, right)

    def infix(self, node: Node, sign: str) -> Box:
        """a (x) b (x) c; any other product in it is bracketed."""
        left, right = node.args
        a, b = self.box(left), self.at_least(self.box(right), Level.FRACTION)
        if not (type(left) is type(node) and not is_product(left) and sign != "dot"):
            a = self.at_least(a, Level.FRACTION)
        return Box(a.text + self.target.signs[sign] + b.text, Level.INFIX, tall=a.tall or b.tall)

    def quotient(self, node: Div) -> Box:
        """A fraction over a scalar; entry by entry over anything else."""
        above, below = (self.box(a) for a in node.args)
        if node.args[1].ndim:
            a, b = self.at_least(above, Level.FRACTION), self.at_least(below, Level.FRACTION)
            return Box(a.text + self.target.signs["over"] + b.text, Level.INFIX, tall=a.tall or b.tall)
        if self.target.stacks:
            text = self.target.fraction(above.text, below.text)
            return Box(text, Level.FRACTION, tall=True, kind="fraction")
        a = self.bracket(above) if above.trails else self.at_least(above, Level.PRODUCT)
        text = self.target.fraction(a.text, self.at_least(below, Level.FRACTION).text)
        return Box(text, Level.INFIX, kind="fraction", tall=a.tall)

    def power(self, node: Pow) -> Box:
        """x^2; entry by entry, with a ring before the exponent, for anything but a scalar. The square of a named square
        is a fourth power."""
        base, exponent = node.args
        ring = self.target.signs["ring"] if base.ndim else ""
        box = self.box(base)
        core = box.core
        square = core is not None and core.named and core.above == (self.target.signs["sq"],)
        if core is not None and square and not ring and isinstance(exponent, Number):
            return self.target.atom(core.body, core.below, (str(2 * exponent.value),), kind=box.kind)
        return self.script(box, above=ring + self.box(exponent).text)

    # --- functions -----------------------------------------------------------------------------------
    def apply(self, name: str, x: Node) -> Box:
        """A function, entry by entry; a root and an absolute value have signs of their own."""
        if name not in ("sqrt", "abs"):
            return self.call(name, x)
        inner = self.box(x)
        text = self.target.root(inner.text) if name == "sqrt" else self.target.fence("abs", inner.text, inner.tall)
        return self.target.atom(text, tall=inner.tall, kind="fence")

    def call(self, name: str, x: Node, axes: tuple[int, ...] = ()) -> Box:
        """f(x), with the axes below f where they are not the usual ones."""
        inner, target = self.box(x), self.target
        head = target.functions.get(name) or target.operator(name)
        below = ",".join(str(a) for a in axes)
        text = target.scripts(head, below, "") + target.bracket(inner.text, inner.tall)
        return target.atom(text, tall=inner.tall, kind="call")

    def transpose(self, x: Node) -> Box:
        """x' raised; the transposed inverse shares its script."""
        top = self.target.signs["top"]
        if isinstance(x, Op) and x.kind == "inv":
            return self.script(self.box(x.args[1]), above=self.target.signs["neg"].strip() + top)
        return self.script(self.box(x), above=top)

    def op(self, kind: str, x: Node) -> Box:
        if kind == "inv":
            return self.script(self.box(x), above=self.target.signs["neg"].strip() + "1")
        if kind == "nuclear":
            return self.fenced_norm(x, ("*",))
        if kind not in ("norm", "sqnorm"):
            return self.call(kind, x)
        return self.fenced_norm(x, ("F",) if x.ndim >= 2 else (), ("2",) if kind == "sqnorm" else ())

    def fenced_norm(self, x: Node, below: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Box:
        """||x||, with what says which norm below and its power above."""
        inner = self.box(x)
        fence = self.target.fence("norm", inner.text, inner.tall)
        return self.target.atom(fence, below, above, tall=inner.tall, kind="fence")

    # --- index notation ------------------------------------------------------------------------------
    def sum(self, node: Sum) -> Box:
        """The summation signs, then a product: a sum in the body is bracketed."""
        cluster = counted(node)
        if cluster:
            text = self.target.fence("abs", self.cluster(*cluster), False)
            return self.target.atom(text, kind="fence")
        signs = "".join(self.target.big_sum(*self.range(r, from_zero(node, r.letter))) for r in node.ranges)
        body = self.at_least(self.box(node.body), Level.PRODUCT)
        return Box(signs + body.text, Level.PRODUCT, tall=True, trails=True)

    def range(self, where: Range, zero: bool) -> tuple[str, str]:
        """What stands below and above the sign of a sum; from 0 where the formula counts with the index."""
        letter, cluster = self.target.name(where.letter.name).text, members(where)
        if cluster:
            return letter + self.target.signs["in"] + self.cluster(*cluster), ""
        return letter + self.target.signs["is"] + ("0" if zero else "1"), self.last(where.letter, zero)

    def last(self, letter: Letter, zero: bool) -> str:
        """The last value of an index."""
        return self.box(dim_as_node(letter.dim - 1)).text if zero else self.size(letter.dim).text

    def place(self, at: Counted) -> Box:
        """A place made from indices."""
        return self.target.name(at.name) if isinstance(at, Letter) else self.box(as_formula(at))

    def indicator(self, node: Indicator) -> Box:
        """[t >= u], 1 where it holds and 0 elsewhere."""
        above, below = (self.place(side).text for side in sides(node.place))
        return self.target.atom(
            self.target.squared(above + self.target.signs["is" if node.kind == "zero" else "reaches"] + below, False),
            kind="fence",
        )

    def cluster(self, clusters: Node, letter: Letter) -> str:
        return self.script(self.box(clusters), below=self.indices((letter,))).text

    def each(self, node: Each) -> Box:
        """The entries in brackets, with what the indices run over."""
        inner, signs = self.box(node.body), self.target.signs
        zero = [from_zero(node, i) for i in node.letters]
        first = ("0" if z else "1" for z in zero)
        starts = ",".join(
            self.target.name(i.name).text + signs["is"] + k for i, k in zip(node.letters, first, strict=True)
        )
        ends = ",".join(map(self.last, node.letters, zero))
        return self.target.atom(self.target.bracket(inner.text, inner.tall), (starts,), (ends,), tall=inner.tall)

    def recurrence(self, node: Recurrence) -> Box:
        """(h_t : h_t = tanh(W h_{t-1}), h_{-1} = s) for all t; the state before the step is h_{t-1}."""
        taken = {part.name for part in node.atoms(Letter)} | {part.name for part in node.atoms(Var)}
        name = next(c for c in ("t", "u", "v", "t1") if c not in taken)
        t = Letter(Str(name), node.length, sp.Integer(0))
        was, start, signs = t - 1, sp.Integer(-1), self.target.signs
        if node.backwards:
            was, start = t + 1, node.length
        over = {s: make_var(s.name, (node.length, *s.shape), ()) for s in node.states}
        now = {s: self.box(At(over[s], t)) for s in node.states}
        outer, inside = self.spelled, {s: self.box(Shifted(over[s], was)) for s in node.states}
        inside |= {slot: self.box(At(x, t)) for slot, x in zip(node.slots, node.inputs, strict=True)}
        self.spelled = {**outer, **inside}
        steps = [self.box(step).text for step in node.steps]
        self.spelled = outer
        said = [now[s].text + signs["is"] + step for s, step in zip(node.states, steps, strict=True)]
        said += [
            self.box(Shifted(over[s], Place(start))).text + signs["is"] + self.box(value).text
            for s, value in zip(node.states, node.starts, strict=True)
        ]
        state = node.states[node.which]
        head = (inside if node.before else now)[state].text
        first = self.target.name(name).text + signs["is"] + "0"
        inner = self.target.bracket(head + signs["with"] + ", ".join(said), True)
        return self.target.atom(inner, (first,), (self.last(t, True),), tall=True)

    # --- derivatives ---------------------------------------------------------------------------------
    def derivative(self, node: Deriv) -> Box:
        """The sign of the derivative and its variable, then an atom."""
        signs, kind, f, x = self.target.signs, node.kind, node.args[1], node.args[2]
        body = self.operand(f)
        head = {"grad": "nabla", "hessian": "nabla", "jacobian": "partial", "vjp": "partial"}[kind]
        name = self.target.scripts(signs[head], self.box(x).text, "2" if kind == "hessian" else "")
        text = name + signs["of"] + body.text
        if kind == "vjp":
            whole = self.target.scripts(self.target.bracket(text, body.tall), "", signs["top"])
            v = self.box(node.args[3]).text
            return self.target.atom(f"{whole}{signs['open']}{v}{signs['close']}", tall=body.tall, kind="call")
        return Box(text, Level.PRODUCT, tall=body.tall, trails=True)

    def operand(self, f: Node) -> Box:
        """What a derivative is taken of: one letter, call or norm, all else in brackets."""
        box = self.box(f)
        normed = isinstance(f, Op) and f.kind in ("norm", "sqnorm")
        raised = box.core is not None and bool(box.core.above) and not normed and not isinstance(f, (Var, Let))
        return self.bracket(box) if raised else self.at_least(box, Level.ATOM)

    def subs(self, body: Node, variable: Node, value: Node) -> Box:
        """A derivative at a value of its variable."""
        box = self.box(body)
        inner = box if isinstance(body, (Deriv, Subs)) else self.at_least(box, Level.ATOM)
        condition = self.box(variable).text + self.target.signs["is"] + self.box(value).text
        text = self.target.evaluated(inner.text, condition)
        return Box(text, Level.PRODUCT, tall=True, trails=True)

    def expectation(self, node: Expect) -> Box:
        """E of a formula in square brackets, with what is said of the random symbol below."""
        target, body = self.target, self.box(node.body)
        said = self.box(node.mean).text + ", " + self.box(node.covariance).text
        law = (target.signs["normal"] if node.law == "normal" else "") + target.bracket(said, False)
        below = self.box(node.variable).text + target.signs["follows"] + law
        head = target.scripts(target.signs["expect"], below, "")
        return target.atom(head + target.squared(body.text, body.tall), tall=body.tall, kind="call")


def as_formula(at: Counted) -> Node:
    """The arithmetic of a place, to be printed as a formula: its indices as if they were symbols."""
    if isinstance(at, Letter):
        return make_var(at.name, (), ())
    assert isinstance(at, Place)
    terms: list[Node] = []
    for letter, coef in at.terms:
        symbol, minus = make_var(letter.name, (), ()), coef.could_extract_minus_sign()
        size = -coef if minus else coef
        term = symbol if size == 1 else Mul(dim_as_node(size), symbol)
        terms.append(Neg(term) if minus else term)
    for const in sp.Add.make_args(at.const) if at.const != 0 or not terms else ():
        minus = const.could_extract_minus_sign()
        terms.append(Neg(dim_as_node(-const)) if minus else dim_as_node(const))
    terms.sort(key=lambda t: isinstance(t, Neg))
    return reduce(Add, terms)


def dim_as_node(dim: Dim) -> Node:
    """The arithmetic of a dimension, to be printed as a formula."""
    match dim:
        case sp.Symbol():
            return Size(dim)
        case sp.Integer() | sp.Rational():
            return Number(dim, sp.Tuple())
        case sp.Add():
            first, *rest = sorted(dim.args, key=lambda a: (a.is_number, str(a)))
            node = dim_as_node(first)
            for term in rest:
                node = Add(node, Neg(dim_as_node(-term)) if term.could_extract_minus_sign() else dim_as_node(term))
            return node
        case sp.Mul():
            first, *rest = dim.args
            node = dim_as_node(first)
            for factor in rest:
                node = Mul(node, dim_as_node(factor))
            return node
        case sp.Pow():
            return Pow(dim_as_node(dim.base), dim_as_node(dim.exp))
    raise Unsupported(f"the formula printer has no arm for the dimension {dim}")
