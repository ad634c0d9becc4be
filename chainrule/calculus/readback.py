"""Read-back: a node of the DAG written as a mathematician would, in the notation of the vocabulary.

What was written is kept: a part that the author wrote is given back as written, a named formula by its name. The rest is
read term by term: as matrix notation where it can be, with indices where it cannot. Nothing is multiplied out.

    read(node)              the formula of a node
    derivative(grad(J, w))  the derivative taken, as a formula
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowered, Lowering
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import (
    Add,
    Deriv,
    Div,
    Let,
    Letter,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Reduce,
    Size,
    Softmax,
    Subs,
    Transpose,
    Var,
    children,
    make_var,
)

from . import entries
from .factor import factored
from .lengths import length
from .letters import at, bound, each, fresh, loose, parts_of
from .products import along, apply, assembled, negative, num, op, power
from .reverse import differentiate
from .series_parallel import Piece, Reduced, Stuck, reduced
from .sharing import canonical, shared
from .terms import Term, flatten, fold, symmetric, width

ONE = Fraction(1)
LONG = 220
"""A formula longer than this, in characters, has its shared parts named."""
WIDE = 64
"""A product of more factors than this is not taken apart inside another."""
PART = 9
"""A shared part shorter than this is not named."""

Same = Callable[[Dag, Dag], bool]


def read(
    node: Dag, letters: Sequence[Letter] = (), names: Sequence[Let] = (), written: Sequence[Node] = (), name: bool = True
) -> Node:
    """The formula of a node; its first axes are at `letters`. Parts equal to a named formula are written by the name,
    parts of the formulas `written` as they stand there. A long formula has its shared parts named t1, t2, ..."""
    return _reading(node, tuple(letters), names, written, name)[0]


def _reading(
    node: Dag, letters: tuple[Letter, ...], names: Sequence[Let], written: Sequence[Node], name: bool = True
) -> tuple[Node, list[tuple[Dag, Let]]]:
    """The formula, and the names that were made for it with the nodes that they stand for."""
    reader = Reader(names, written)
    made = reader.at(node, letters)
    if not name or length(made) <= LONG:
        return made, []
    formula, named = reader.named(node, letters)
    used = parts_of(formula)
    only = {part for part, let in named if let in used}
    return (formula, named) if len(only) == len(named) else Reader(names, written).named(node, letters, only)


def read_verified(
    node: Dag,
    same: Same,
    letters: Sequence[Letter] = (),
    names: Sequence[Let] = (),
    written: Sequence[Node] = (),
) -> Node:
    """The formula of a node, once `same` has shown that it lowers to an equal node: name by name, then the whole.
    If `same` fails, the formula with indices only is tried; raises Unsupported if that cannot be shown either."""
    made, named = _reading(node, tuple(letters), names, written)
    if verified(node, made, same, named):
        return made
    made = Reader(indices=True).at(node, tuple(letters))
    if verified(node, made, same):
        return made
    raise Unsupported(f"{node} was read as {made}, which could not be shown to be equal to it")


def verified(node: Dag, made: Node, same: Same, named: Sequence[tuple[Dag, Let]] = ()) -> bool:
    """Does the formula lower to this node? A name in it is shown once, and then stands for itself."""
    lowering = Lowering(differentiate)
    pairs = [(part, lowering(let.value).node) for part, let in named] + [(node, lowering(made).node)]
    goal, shown = {}, {}  # type: tuple[dict[Dag, Dag], dict[Dag, Dag]]
    for k, (a, b) in enumerate(pairs):
        cut = dag.substitute(a, goal), dag.substitute(b, shown)
        if a is not b and not _equal(*cut, same) and not (goal and same(a, b)):
            return False
        goal[a] = shown[b] = _stand_in(a, k)
    return True


def _equal(a: Dag, b: Dag, same: Same) -> bool:
    """Are they equal? First with the sums and functions that both have held to be symbols, then with nothing held."""
    common = set(dag.order(a)) & set(dag.order(b))
    held = {n: _stand_in(n, n.uid) for n in common if n.children and n.kind != "contract"}
    return a is b or same(dag.substitute(a, held), dag.substitute(b, held)) or (bool(held) and same(a, b))


def _stand_in(node: Dag, number: int) -> Dag:
    """A symbol for a node."""
    return dag.var(make_var(f"part {number}", node.dims, ("symmetric",) if symmetric(node) else ()), node.dims)


def derivative(deriv: Deriv, names: Sequence[Let] = (), name: bool = True) -> Node:
    """The derivative taken and read back. Formulas named in it, and `names`, are written by their names."""
    lowering = Lowering(differentiate)
    low = lowering(deriv)
    if low.groups != (1,) * deriv.ndim:
        return entries.grouped(low, Reader(names, [deriv]))
    return read(low.node, low.letters, names, [deriv], name)


class Reader:
    """Reads nodes, each once. `names` are folded back; parts of `written` come back as they stand."""

    def __init__(self, names: Sequence[Let] = (), written: Sequence[Node] = (), indices: bool = False):
        self.indices = indices
        self.lowering = Lowering(differentiate)
        self.given: dict[Dag, Node] = {}
        self.seen: dict[Dag, int] = {}
        self.whole: dict[Dag, Term] = {}
        self.done: dict[Dag, Node] = {}
        self.called: dict[Node, Node] = {}
        self.renames: dict[Node, Node] = {}
        self.latest: dict[Dag, int] = {}
        self.hints: dict[sp.Expr, str] = {}
        names, written = [canonical(f) for f in names], [canonical(f) for f in written]
        for formula in written:
            self._keep(formula)
        inside = [n for f in (*written, *names) for n in sorted(parts_of(f), key=str) if isinstance(n, Let)]
        for let in dict.fromkeys((*names, *inside)):
            self.fold(let)

    # --- what was written ------------------------------------------------------------------------------
    def _keep(self, formula: Node) -> None:
        """Remember the parts of what was written, and in which order its symbols appear."""
        todo, met = [formula], set()
        while todo:
            part = todo.pop()
            if part in met:
                continue
            met.add(part)
            todo.extend(reversed(children(part)))
            for letter in bound(part):
                self.hints.setdefault(letter.dim, letter.name)
            if isinstance(part, Var):
                self.seen.setdefault(dag.var(part, part.shape), len(self.seen))
            if isinstance(part, (Deriv, Subs, Number, Let)) or loose(part):
                continue
            node = self._plain(part)
            if node is not None and node.kind not in ("var", "zero") and not dag.is_number(node):
                self.given.setdefault(node, Transpose(part) if part.row else part)

    def _plain(self, part: Node) -> Dag | None:
        try:
            low = self.lowering(part)
        except Unsupported:
            return None
        return low.node if not low.letters and low.groups == (1,) * part.ndim else None

    def fold(self, let: Let, node: Dag | None = None) -> None:
        """From here on this formula, or the node that it was read from, is written by its name."""
        node = node or self._plain(let)
        if node is None or node.kind == "var" or dag.is_number(node):
            return
        old, new = self.given.get(node), Transpose(let) if let.row else let
        if old is not None and not isinstance(old, Let):
            self.called[old] = new
        self.given[node] = new
        self.whole[node] = flatten(node, lambda n: n is not node and n in self.whole)
        self.done.clear()

    def _renamed(self, formula: Node) -> Node:
        """What was written, with the parts in it that have got a name written by it; named formulas are left alone."""
        if isinstance(formula, Let) or not formula.args or not self.called:
            return formula
        if formula in self.called:
            return self.called[formula]
        if formula not in self.renames:
            args = [self._renamed(a) if isinstance(a, Node) else a for a in formula.args]
            same = all(a is b for a, b in zip(args, formula.args, strict=True))
            self.renames[formula] = formula if same else shared(formula.func(*args))
        return self.renames[formula]

    def named(
        self, node: Dag, letters: tuple[Letter, ...], only: set[Dag] | None = None
    ) -> tuple[Node, list[tuple[Dag, Let]]]:
        """The formula with its shared parts named (or only these), and the names."""
        self.renames.clear()
        uses: dict[Dag, int] = {}
        for n in dag.order(node):
            for c in n.children:
                uses[c] = uses.get(c, 0) + 1
        taken = {v.args[0].name if isinstance(v.args[0], Var) else "" for v in dag.order(node) if v.kind == "var"}
        taken |= {n.name for n in self.given.values() if isinstance(n, Let)}
        spare = (s for s in (f"t{k}" for k in count(1)) if s not in taken)
        made: list[tuple[Dag, Let]] = []
        for part in dag.order(node):
            shared = uses.get(part, 0) > 1 and part is not node and part.kind not in ("var", "size", "constant")
            wanted = shared if only is None else part in only
            if wanted and part not in self.whole and length(formula := self(part)) >= PART:
                made.append((part, canonical(Let(Str(next(spare)), formula))))
                self.fold(made[-1][1], part)
        return self.at(node, letters), made

    # --- one node --------------------------------------------------------------------------------------
    def __call__(self, node: Dag) -> Node:
        """The formula of a node."""
        if node in self.given:
            return self._renamed(self.given[node])
        if node not in self.done:
            self.done[node] = canonical(self._node(node))
        return self.done[node]

    def at(self, node: Dag, letters: tuple[Letter, ...]) -> Node:
        """The formula of a node whose first axes are at these letters."""
        if not letters:
            return self(node)
        return entries.at_letters(self, node, letters)

    def _node(self, node: Dag) -> Node:
        match node.kind:
            case "var":
                return node.args[0]
            case "opaque":
                return _opaque(node)
            case "size":
                return Size(node.args[0])
            case "constant":
                return Number(node.args[0], sp.Tuple())
            case "zero":
                return num(0, node.dims)
            case "sum":
                return self._sum(node)
            case "contract":
                return self._sum(node) if _sum_inside(node) else self.term(self.flat(node))
            case "function":
                return self.function(node.args[0], node.args[1], self(node.args[2]))
            case "inverse" | "det" | "logdet":
                return op("inv" if node.kind == "inverse" else node.kind, self(node.args[0]))
            case "logsumexp" | "max":
                return along(node.kind, self(node.args[1]), node.args[0])
            case "softmax":
                return self._softmax(*node.args)
            case "argmax":
                return self._argmax(*node.args)
        raise Unsupported(f"read-back has no arm for {node.kind}")

    @staticmethod
    def function(name: str, exponent: Fraction | None, x: Node) -> Node:
        """f(x) entry by entry."""
        if name == "power":
            assert exponent is not None
            return Div(num(1), power(x, -exponent)) if exponent < 0 else power(x, exponent)
        if name == "sqrt" and isinstance(x, Op) and x.kind == "sqnorm":
            return op("norm", x.args[1])
        return apply(name, x)

    def _softmax(self, axes: tuple[int, ...], x: Dag) -> Node:
        inner = self(x)
        if len(axes) == 1:
            return Softmax(inner, sp.Integer(axes[0]))
        top, below = apply("exp", inner), along("sum", apply("exp", inner), axes)
        if below.ndim:  # constant along the axes that were summed
            letters = [self.letter(d) for d in x.dims]
            below = each(at(below, [i for k, i in enumerate(letters) if k not in axes]), letters)
        return Div(top, below)

    def _argmax(self, axes: tuple[int, ...], x: Dag) -> Node:
        """The position of the largest entry is the gradient of the maximum."""
        inner = self(x)
        plain = isinstance(inner, Var) and "symmetric" not in inner.properties
        u = inner if plain else make_var("u", x.dims, ())
        top = Reduce(Str("max"), u, sp.Tuple(*axes))
        slope = Deriv(Str("grad"), top if not top.ndim else along("sum", top, range(top.ndim)), u)
        return slope if plain else Subs(slope, u, inner)

    def letter(self, dim: sp.Expr) -> Letter:
        """A new index; where the author had one over this size, its name is asked for again."""
        return fresh(dim, self.hints.get(dim, ""))

    # --- products --------------------------------------------------------------------------------------
    def flat(self, node: Dag) -> Term:
        """A node as a term in which named products are written by their names."""
        term = flatten(node, self.stays)
        for name, pattern in self.whole.items():
            if name is not node and name.kind == "contract":
                term = fold(term, name, pattern)
        return term

    def stays(self, node: Dag) -> bool:
        """Is this product not taken apart inside another? Named ones and scalars are not."""
        if node in self.whole or width(node) > WIDE:
            return True
        return node.kind == "contract" and not node.dims and any(ls for _, ls in node.args[1])

    def term(self, term: Term) -> Node:
        """The formula of a term."""
        if not self.indices and len(term.out) <= 2 and all(len(f.labels) <= 2 for f in term.factors):
            try:
                return assembled_from(term.coef, self.reduce(term))
            except Stuck:
                pass
        return entries.indexed(self, term)

    def reduce(self, term: Term) -> Reduced:
        """A term in matrix notation; raises Stuck."""
        pieces = [Piece(self(f.node), f.labels, f.power, symmetric(f.node)) for f in term.factors]
        return reduced(pieces, term.out, term.sizes)

    # --- sums ------------------------------------------------------------------------------------------
    def _sum(self, node: Dag) -> Node:
        for name, let in self.given.items():
            part = _subsum(node, name) if isinstance(let, Let) and name.kind == "sum" and name is not node else None
            if part is not None:
                return self.add([(part[0], name), *self.parts(part[1])], node.dims)
        parts = self.parts(node)
        best = self.add(parts, node.dims)
        for made in factored(self, parts, node.dims) if len(parts) > 1 and not self.indices else ():
            other = self(made)
            if length(other) < length(best):
                best = other
        return best

    def parts(self, node: Dag) -> list[tuple[Fraction, Dag]]:
        """The terms of a sum, as numbers times nodes; sums and transposed sums inside it are opened."""
        found: dict[Dag, Fraction] = {}
        todo = [(ONE, node, node)]
        while todo:
            c, n, base = todo.pop()
            scale, base = dag.scaled(base)
            if base.kind == "sum" and (base is node or base not in self.given):
                todo.extend((c * scale * k, m, m) for k, m in reversed(base.args))
            elif _sum_inside(base) and base not in self.given and base.args[1][0][0] not in self.given:
                ((inner, labels),), out = base.args[1], base.args[2]
                turned = [(c * scale * k, dag.transpose(m, [labels.index(p) for p in out])) for k, m in inner.args]
                todo.extend((k, m, m) for k, m in reversed(turned))
            elif base.kind != "zero":
                found[base] = found.get(base, Fraction(0)) + c * scale
        return [(c, n) for n, c in found.items() if c]

    def add(self, parts: list[tuple[Fraction, Dag]], dims: Sequence[sp.Expr]) -> Node:
        """A sum in the order in which its symbols were met, what is subtracted last; a common number in front."""
        if any(len(n.dims) > 2 for _, n in parts):
            return entries.indexed_sum(self, parts)
        found: dict[Node, tuple[Fraction, Term]] = {}
        for c, n in parts:
            term = self.flat(n)
            alone = self.term(replace(term, coef=ONE))
            before = found[alone][0] if alone in found else Fraction(0)
            found[alone] = (before + c * term.coef, term)
        terms = [(c, t, node) for node, (c, t) in found.items() if c]
        if not terms:
            return num(0, dims)
        terms.sort(key=lambda entry: (self._place(entry[1]), length(entry[2])))
        leads = terms[0][0] < 0 and abs(terms[0][0]) != 1 and any(c > 0 for c, _, _ in terms)
        if not leads:
            terms.sort(key=lambda entry: entry[0] < 0)
        common = _common([c for c, _, _ in terms], leads)
        total = added([self.term(replace(t, coef=c / common)) for c, t, _ in terms])
        return total if common == 1 else assembled(common, [], total)

    def _place(self, term: Term) -> int:
        return max((self._last(f.node) for f in term.factors), default=-1)

    def _last(self, node: Dag) -> int:
        """The symbol in a node that was met last."""
        if node not in self.latest:
            for n in dag.order(node):
                own = self.seen.get(n, len(self.seen) + n.uid) if n.kind == "var" else -1
                self.latest[n] = max([own, *(self.latest[c] for c in n.children)])
        return self.latest[node]


def assembled_from(coef: Fraction, made: Reduced) -> Node:
    """The formula of a reduced term."""
    return assembled(coef, made.scalars, made.body)


def added(terms: Sequence[Node]) -> Node:
    """a + b - c: a leading minus of a later term makes a difference."""
    full = [t for t in terms if _filling(t) is None]
    if full and full[0].ndim:  # a number stretches to the shape of the others
        terms = [t if _filling(t) is None else _filling(t) for t in terms]  # type: ignore[misc]
    total = terms[0]
    for term in terms[1:]:
        plus = positive(term)
        total = Add(total, term) if plus is None else Add(total, Neg(plus))
    return total


def _filling(term: Node) -> Node | None:
    """The scalar that fills a whole shape: c for c * ones(n)."""
    match term:
        case Number() if term.shape:
            return Number(term.value, sp.Tuple())
        case Neg():
            inner = _filling(term.args[0])
            return None if inner is None else negative(inner)
        case Mul() | Div() if not term.args[1].ndim or isinstance(term, Mul) and not term.args[0].ndim:
            k = 1 if isinstance(term, Mul) and not term.args[0].ndim else 0
            inner = _filling(term.args[k])
            if inner is None:
                return None
            if isinstance(term, Mul) and inner == num(1):
                return term.args[1 - k]
            return type(term)(inner, term.args[1]) if k == 0 else Mul(term.args[0], inner)
    return None


def _sum_inside(node: Dag) -> bool:
    """Is it a sum of scalars, vectors or matrices that is only scaled or transposed?"""
    if node.kind != "contract" or len(node.dims) > 2 or len(node.args[1]) != 1:
        return False
    ((inner, labels),) = node.args[1]
    return inner.kind == "sum" and len(set(labels)) == len(labels) == len(node.dims) and set(labels) == set(node.args[2])


def positive(term: Node) -> Node | None:
    """The term without its leading minus; None if it has none."""
    match term:
        case Neg():
            inner: Node = term.args[0]
            return inner
        case Number() if term.value.is_negative:
            return Number(-term.value, term.args[1])
        case Mul() | MatMul() | Div():
            first = positive(term.args[0])
            if first is None:
                return None
            one = isinstance(term, Mul) and first == num(1)
            return term.args[1] if one else type(term)(first, term.args[1])
    return None


def _common(coefs: list[Fraction], leads: bool) -> Fraction:
    """The number to be written before a sum: one that all terms share up to sign."""
    size = abs(coefs[0])
    if leads or any(abs(c) != size for c in coefs):
        return ONE
    return -size if all(c < 0 for c in coefs) else size


def _subsum(node: Dag, name: Dag) -> tuple[Fraction, Dag] | None:
    """node = ratio * name + rest, if every term of `name` stands in it in one ratio."""
    if node.kind != "sum":
        return None
    have, want = {n: c for c, n in node.args}, name.args
    ratios = {have.get(n, Fraction(0)) / c for c, n in want}
    if len(ratios) != 1 or 0 in ratios or name.dims != node.dims:
        return None
    ratio = ratios.pop()
    return ratio, dag.add(node, dag.scale(-ratio, name))


def _opaque(node: Dag) -> Node:
    formula = node.args[0]
    loose = sorted(free_letters(formula), key=lambda i: (i.level, i.name, str(i.dim)))
    if not loose:
        return formula
    letters = [fresh(i.dim) for i in loose]
    return each(formula.xreplace(dict(zip(loose, letters, strict=True))), letters)


