"""The reader: one arm for each kind of node, products and sums with the help of their own rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import (
    Deriv,
    Div,
    Let,
    Letter,
    Node,
    Number,
    Op,
    Reduce,
    Size,
    Softmax,
    Subs,
    Var,
    make_var,
)

from . import entries
from .factor import factored
from .lengths import length
from .letters import at, each, fresh, loose, parts_of
from .order import mark
from .products import along, apply, assembled, num, op, over_scalars, power
from .series_parallel import Piece, Reduced, Stuck, reduced
from .sharing import canonical
from .sums import added, common_number, is_scaled_sum
from .terms import Factor, Term, flatten, fold, symmetric, width
from .written import Place, Written

ONE = Fraction(1)
WIDE = 64
"""A product of more factors than this is not taken apart inside another."""


class TooLong(Unsupported):
    """A formula has more parts than the reader was told to read."""


class Reader:
    """Reads nodes, each once. `names` are folded back; parts of `written` come back as they stand.

    With `indices` everything but single symbols and functions is written by its entries. Where a sum of many terms has
    many common factors the ways to write it are beyond number: after `most` nodes the reader raises TooLong.
    """

    def __init__(
        self, names: Sequence[Let] = (), written: Sequence[Node] = (), indices: bool = False, most: float = inf
    ):
        self.indices, self.most = indices, most
        self.done: dict[Dag, Node] = {}
        self.whole: dict[Dag, Term] = {}
        self.sums: dict[Dag, dict[Node, Fraction]] = {}
        names, written = [canonical(f) for f in names], [canonical(f) for f in written]
        self.written = Written(written)
        inside = [n for f in (*written, *names) for n in sorted(parts_of(f), key=str) if isinstance(n, Let)]
        for let in dict.fromkeys((*names, *inside)):
            node = self.written.plain(let)
            if node is not None and node.kind != "var" and not dag.is_number(node):
                self.name(let, node)

    def name(self, let: Let, node: Dag) -> None:
        """From here on this node is written by its name."""
        if node.kind == "sum" and len(node.dims) <= 2:
            self.sums[node] = {n: c for n, (c, _) in self._collected(self.parts(node)).items() if c}
        self.written.name(let, node)
        self.whole[node] = flatten(node, self.stays)
        self.done.clear()

    # --- one node --------------------------------------------------------------------------------------
    def __call__(self, node: Dag) -> Node:
        """The formula of a node."""
        if node in self.written:
            return self.written[node]
        if node not in self.done:
            if len(self.done) > self.most:
                raise TooLong(f"a formula of more than {self.most:g} parts")
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
                symbol: Node = node.args[0]
                return symbol
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
                return self._sum(node) if is_scaled_sum(node) else self.term(self.flat(node))
            case "function":
                return self.function(node.args[0], node.args[1], self(node.args[2]))
            case "inverse" | "det" | "logdet" | "nuclear":
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
            letters = [self.written.letter(d) for d in x.dims]
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

    # --- products --------------------------------------------------------------------------------------
    def flat(self, node: Dag) -> Term:
        """A node as a term in which named products are written by their names."""
        term = flatten(node, self.stays)
        for name, pattern in self.whole.items():
            if name is not node and name.kind == "contract":
                term = fold(term, name, pattern)
        position = {k: p for p, k in reversed(list(enumerate(term.out)))}
        ends = {f: sorted(position.get(k, len(position)) for k in f.labels) for f in term.factors}
        in_order = sorted(term.factors, key=lambda f: (self.written.place(f.node), mark(f.node), ends[f]))
        return replace(term, factors=tuple(in_order))

    def stays(self, node: Dag) -> bool:
        """Is this product not taken apart inside another? Named ones and scalars are not."""
        if node in self.whole or width(node) > WIDE:
            return True
        return node.kind == "contract" and not node.dims and any(ls for _, ls in node.args[1])

    def term(self, term: Term) -> Node:
        """The formula of a term."""
        if not self.indices and len(term.out) <= 2 and all(len(f.labels) <= 2 for f in term.factors):
            try:
                return self.assembled(term)
            except Stuck:
                pass
        return entries.indexed(self, term)

    def assembled(self, term: Term) -> Node:
        """A term in matrix notation; raises Stuck."""
        made = self.reduce(term)
        return assembled(term.coef, made.scalars, made.body)

    def reduce(self, term: Term) -> Reduced:
        """The scalars and the matrix product of a term; raises Stuck."""
        pieces: list[Piece] = []
        for f in term.factors:
            node = self(f.node)
            node, below = over_scalars(node) if f.power == 1 and f.node not in self.written else (node, [])
            pieces.append(Piece(node, f.labels, f.power, symmetric(f.node)))
            pieces.extend(Piece(d, (), -p) for d, p in below)
        return reduced(pieces, term.out, term.sizes)

    # --- sums ------------------------------------------------------------------------------------------
    def _sum(self, node: Dag) -> Node:
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
        todo = [(ONE, node)]
        while todo:
            c, base = todo.pop()
            scale, base = dag.scaled(base)
            if base.kind == "sum" and (base is node or base not in self.written):
                todo.extend((c * scale * k, m) for k, m in reversed(base.args))
            elif is_scaled_sum(base) and base not in self.written and base.args[1][0][0] not in self.written:
                ((inner, labels),), out = base.args[1], base.args[2]
                turned = [(c * scale * k, dag.transpose(m, [labels.index(p) for p in out])) for k, m in inner.args]
                todo.extend(reversed(turned))
            elif base.kind != "zero":
                found[base] = found.get(base, Fraction(0)) + c * scale
        return [(c, n) for n, c in found.items() if c]

    def add(self, parts: list[tuple[Fraction, Dag]], dims: Sequence[sp.Expr]) -> Node:
        """A sum in the order in which its symbols were met, what is subtracted last; a common number in front."""
        if any(len(n.dims) > 2 for _, n in parts):
            return entries.indexed_sum(self, parts)
        found = self._collected(parts)
        for name, want in self.sums.items():
            self._fold(found, name, want, dims)
        terms = [(c, t, node) for node, (c, t) in found.items() if c]
        if not terms:
            return num(0, dims)
        terms.sort(key=lambda e: (self._place(e[1]), length(e[2]), [mark(f.node) for f in e[1].factors]))
        first = self._place(terms[0][1])
        leads = bool(terms[0][1].factors) and terms[0][0] < -1 and any(c > 0 for c, _, _ in terms)
        leads = leads and all(c < 0 or self._place(t) > first for c, t, _ in terms)
        if not leads:
            terms.sort(key=lambda entry: entry[0] < 0)
        common = common_number([c for c, _, _ in terms], leads)
        total = added([self.term(replace(t, coef=c / common)) for c, t, _ in terms])
        return total if common == 1 else assembled(common, [], total)

    def _collected(self, parts: list[tuple[Fraction, Dag]]) -> dict[Node, tuple[Fraction, Term]]:
        """The terms of a sum by the formula that they read as, equal ones together."""
        found: dict[Node, tuple[Fraction, Term]] = {}
        for c, n in parts:
            term = self.flat(n)
            alone = canonical(self.term(replace(term, coef=ONE)))
            before = found[alone][0] if alone in found else Fraction(0)
            found[alone] = (before + c * term.coef, term)
        return found

    def _fold(
        self, found: dict[Node, tuple[Fraction, Term]], name: Dag, want: dict[Node, Fraction], dims: Sequence[sp.Expr]
    ) -> None:
        """Write ratio * name for the terms of a named sum, if all of them are there in one ratio."""
        ratios = {found[n][0] / c if n in found else Fraction(0) for n, c in want.items()}
        if len(ratios) != 1 or 0 in ratios or name.dims != tuple(dims):
            return
        for n in want:
            del found[n]
        labels = tuple(range(len(dims)))
        whole = Term(ONE, (Factor(name, labels),), labels, dict(enumerate(dims)))
        before = found.get(self.written[name], (Fraction(0), whole))[0]
        found[self.written[name]] = (before + ratios.pop(), whole)

    def _place(self, term: Term) -> Place:
        return max((self.written.place(f.node) for f in term.factors), default=(-1, ""))


def _opaque(node: Dag) -> Node:
    formula: Node = node.args[0]
    open_ones = sorted(loose(formula), key=lambda i: (i.level, i.name, str(i.dim)))
    if not open_ones:
        return formula
    letters = [fresh(i.dim) for i in open_ones]
    return each(formula.xreplace(dict(zip(open_ones, letters, strict=True))), letters)
