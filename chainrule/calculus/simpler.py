"""Simpler nodes for the same array: terms in which nothing can be cancelled, and sums of such terms.

    kept(node)       what was a product stays one; a sum is multiplied out where a reciprocal is met inside it
    unfolded(node)   products of sums multiplied out, equal terms collected, over one denominator where that shortens
    spread(node)     those sums too that the author wrote

All are proposals, and none asks for anything: x / x is 1 only where x is not 0. What is printed has to be judged.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .cancel import Cancelled, signature
from .order import mark
from .sums import is_scaled_sum
from .terms import Factor, Label, Term, _embed, flatten, width

ONE = Fraction(1)
WIDE = 64
"""A product of more factors than this is not taken apart inside another."""
MANY = 48
"""A product of sums is multiplied out to at most this many terms."""
OPENED = 12
"""A sum of more terms than this is not opened inside another."""
Parts = list[tuple[Fraction, Dag]]


def kept(node: Dag, written: Container[Dag] = ()) -> Dag:
    """The node with what cancels cancelled; what is `written` stays as it is."""
    return Simplifier(written, spread=False)(node)


def unfolded(node: Dag, written: Container[Dag] = ()) -> Dag:
    """The node multiplied out and collected, but for the sums that are `written`."""
    return Simplifier(written, spread=True, whole=written)(node)


def spread(node: Dag, written: Container[Dag] = ()) -> Dag:
    """The node multiplied out and collected, those sums too."""
    return Simplifier(written, spread=True)(node)


class Simplifier:
    """Simplifies each node once, those inside it first. What is `written` stays; sums in `whole` are not opened."""

    def __init__(self, written: Container[Dag], spread: bool, whole: Container[Dag] = ()):
        self.written, self.spread, self.whole = written, spread, whole
        self.done: dict[Dag, Dag] = {}

    def __call__(self, root: Dag) -> Dag:
        for node in dag.order(root):
            if node in self.written:
                self.done[node] = node
            elif node not in self.done:
                new = dag.rebuild(node, [self.done[c] for c in node.children])
                self.done[node] = self._node(new)
        return self.done[root]

    def _node(self, node: Dag) -> Dag:
        match node.kind:
            case "function" if node.args[0] == "power":
                return self._product(node)
            case "function":
                return _undone(node)
            case "sum":
                return self._sum([(ONE, node)], node)
            case "contract" if is_scaled_sum(node):
                return self._sum([(ONE, node)], node)
            case "contract":
                return self._product(node)
        return node

    # --- products ----------------------------------------------------------------------------------------
    def _product(self, node: Dag) -> Dag:
        made = Cancelled(flatten(node, _whole), self.written)
        new = made.node() if made.changed else node
        parts = self._multiplied(new)
        return new if parts is None else self._sum(parts, new)

    def _multiplied(self, node: Dag) -> Parts | None:
        """A product as a sum, if it has a sum in it that is to be opened."""
        if node.kind != "contract":
            return None
        term = flatten(node, _whole)
        for k, f in sorted(enumerate(term.factors), key=lambda e: mark(e[1].node)):
            if f.node.kind == "sum" and f.power == 1 and len(f.node.args) <= MANY and (f.node.dims or not self.spread):
                made = [_with(term, k, c, n, self.written) for c, n in f.node.args]
                if (self.spread and f.node not in self.whole) or any(m.gone for m in made):
                    return [(ONE, m.node()) for m in made]
        return None

    # --- sums --------------------------------------------------------------------------------------------
    def _sum(self, parts: Parts, node: Dag) -> Dag:
        """The terms of a sum, opened and collected; the node itself where nothing came together."""
        terms, opened = self._opened(parts)
        collected = _collected(terms)
        if self.spread and len(collected) > 1:
            collected = self._one_denominator(_opposite(collected))
        if not opened and len(collected) == len(terms) and parts == [(ONE, node)]:
            return node
        return dag.add(dag.zero(node.dims), *(dag.scale(c, n) for c, n in collected))

    def _one_denominator(self, parts: Parts) -> Parts:
        """a / s - x^2 / s^3 as (a s^2 - x^2) / s^3, with the numerator multiplied out, if it has fewer terms."""
        terms = [_aligned(flatten(n, _whole)) for _, n in parts]
        for below in _denominators(terms):
            have = {t: f for t, term in enumerate(terms) for f in term.factors if (f.node, f.labels) == below}
            have = {t: f for t, f in have.items() if f.power < 0}
            most = min(f.power for f in have.values())
            if len(have) < 2 or all(f.power == most for f in have.values()):
                continue
            raised = [dag.scale(parts[t][0], _raised(terms[t], f, f.power - most).node()) for t, f in have.items()]
            numerator = self._sum([(ONE, n) for n in raised], dag.add(*raised))
            tops = [(ONE, numerator)] if numerator.kind != "sum" else list(numerator.args)
            if len(tops) < len(have):
                whole = [_lowered(_aligned(flatten(n, _whole)), below, most) for _, n in tops]
                rest = [p for t, p in enumerate(parts) if t not in have]
                return [*rest, *((c, m.node()) for (c, _), m in zip(tops, whole, strict=True))]
        return parts

    def _opened(self, parts: Parts) -> tuple[Parts, bool]:
        """The terms of sums inside a sum, and of products that are to be multiplied out."""
        todo, opened = list(reversed(parts)), False
        made: Parts = []
        while todo:
            c, node = todo.pop()
            scale, node = dag.scaled(node)
            c *= scale
            if node.kind == "sum" and (len(node.args) <= OPENED or self.spread or not made) and _room(made, todo, node):
                todo.extend((c * k, n) for k, n in reversed(node.args))
            elif is_scaled_sum(node) and _room(made, todo, node.args[1][0][0]):
                todo.extend((c * k, n) for k, n in _turned(node))
                opened = True
            elif node.kind == "contract":
                again = self._multiplied(node) if len(made) + len(todo) < MANY else None
                opened |= again is not None
                if again is None:
                    made.append((c, node))
                else:
                    todo.extend((c, n) for _, n in reversed(again))
            elif node.kind != "zero":
                made.append((c, node))
        return made, opened


def _room(made: Parts, todo: Parts, node: Dag) -> bool:
    return len(made) + len(todo) + len(node.args) <= MANY


def _turned(node: Dag) -> Parts:
    """The terms of a sum that is scaled or transposed."""
    ((inner, labels),), out = node.args[1], node.args[2]
    return [(node.args[0] * k, dag.transpose(n, [labels.index(p) for p in out])) for k, n in reversed(inner.args)]


def _whole(node: Dag) -> bool:
    """Is this product left whole inside another?"""
    return width(node) > WIDE or (node.kind == "contract" and not node.dims and any(ls for _, ls in node.args[1]))


def _with(term: Term, k: int, coef: Fraction, node: Dag, kept: Container[Dag]) -> Cancelled:
    """The term with its k-th factor replaced by one term of the sum that it is."""
    factors = (*term.factors[:k], Factor(node, term.factors[k].labels), *term.factors[k + 1 :])
    whole = Term(term.coef * coef, factors, term.out, term.sizes).dag()
    return Cancelled(flatten(whole, _whole), kept)


def _undone(node: Dag) -> Dag:
    """log(exp(u)) = u = exp(log(u))."""
    name, _, x = node.args
    inverse = {"log": "exp", "exp": "log"}.get(name)
    if inverse and x.kind == "function" and x.args[0] == inverse:
        inner: Dag = x.args[2]
        return inner
    return node


# --- equal terms ---------------------------------------------------------------------------------------
def _collected(parts: Parts) -> Parts:
    """Terms that are equal up to the names of their summed labels, together."""
    found: dict[tuple[object, ...], list[int]] = {}
    terms: list[Term] = []
    coefs: list[Fraction] = []
    nodes: list[Dag] = []
    for c, node in parts:
        term = _aligned(flatten(node, _whole))
        alike = found.setdefault(signature(term), [])
        same = next((k for k in alike if _same(terms[k], term)), None)
        if same is not None:
            coefs[same] += c * term.coef / terms[same].coef
            continue
        alike.append(len(terms))
        terms.append(term)
        coefs.append(c)
        nodes.append(node)
    return [(c, n) for c, n in zip(coefs, nodes, strict=True) if c]


def _aligned(term: Term) -> Term:
    new = {k: ("out", p) for p, k in reversed(list(enumerate(term.out)))}
    factors = tuple(Factor(f.node, tuple(new.get(k, k) for k in f.labels), f.power) for f in term.factors)
    return Term(term.coef, factors, tuple(new[k] for k in term.out), {new.get(k, k): d for k, d in term.sizes.items()})


def _same(a: Term, b: Term) -> bool:
    """Is one the other with other summed labels? Both have their output labels named by position."""
    start = {k: k for k in a.out}
    for binding, taken in _embed(list(a.factors), b, start, {}):
        if len(set(binding.values())) == len(binding) and all(
            f.power == taken.get(k, 0) for k, f in enumerate(b.factors)
        ):
            return True
    return False


def _opposite(parts: Parts) -> Parts:
    """With sigmoid(u) and sigmoid(-u) among the factors, sigmoid(-u) is 1 - sigmoid(u), if that leaves fewer terms."""
    terms = [(c, flatten(n, _whole)) for c, n in parts]
    functions = {f.node for _, t in terms for f in t.factors if f.node.kind == "function"}
    sigmoids = {n for n in functions if n.args[0] == "sigmoid"}
    for down in sorted(sigmoids, key=mark):
        up = dag.function("sigmoid", dag.scale(-1, down.args[2]))
        if up in sigmoids:
            made = [p for c, t in terms for p in _without(c, t, down, up)]
            collected = _collected(made)
            if len(collected) < len(parts):
                return collected
    return parts


def _without(coef: Fraction, term: Term, down: Dag, up: Dag) -> Parts:
    """The term with 1 - up in place of a factor `down`."""
    k = next((k for k, f in enumerate(term.factors) if f.node is down and f.power == 1), None)
    if k is None:
        return [(coef, term.dag())]
    rest, labels = (*term.factors[:k], *term.factors[k + 1 :]), term.factors[k].labels
    made = (Term(term.coef, tuple(factors), term.out, term.sizes) for factors in (rest, (*rest, Factor(up, labels))))
    return [(c, Cancelled(t).node()) for c, t in zip((coef, -coef), made, strict=True)]


# --- one denominator -----------------------------------------------------------------------------------
Below = tuple[Dag, tuple[Label, ...]]


def _denominators(terms: Sequence[Term]) -> list[Below]:
    """What two terms or more divide by, at one place of the output."""
    found: dict[Below, int] = {}
    for term in terms:
        for f in term.factors:
            if f.power < 0 and all(k in term.out for k in f.labels):
                found[f.node, f.labels] = found.get((f.node, f.labels), 0) + 1
    return sorted((below for below, times in found.items() if times > 1), key=lambda below: mark(below[0]))


def _raised(term: Term, f: Factor, p: Fraction) -> Cancelled:
    """The term without this denominator, times it to a power."""
    rest = [g for g in term.factors if g is not f]
    more = [Factor(f.node, f.labels, p)] if p else []
    return Cancelled(Term(term.coef, (*rest, *more), term.out, term.sizes))


def _lowered(term: Term, below: Below, p: Fraction) -> Cancelled:
    """The term over a denominator."""
    return Cancelled(Term(term.coef, (*term.factors, Factor(*below, p)), term.out, term.sizes))
