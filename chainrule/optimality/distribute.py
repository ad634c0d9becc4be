"""A node as a sum of products, multiplied out as far as an unknown stands in its sums; and what can be said shorter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from chainrule.calculus.terms import Factor, Label, Term, flatten, symmetric
from chainrule.forms import dag
from chainrule.forms.dag import Dag

MOST = 60
"""How many terms a sum may be multiplied out to."""
ONE = Fraction(1)
Terms = list[tuple[Fraction, Term]]
UNDONE = {("exp", "log"), ("log", "exp")}


def distributed(node: Dag, x: Dag | None = None) -> Terms:
    """The terms, with their coefficients apart, every sum opened that contains x (without x: every sum); beyond MOST
    of them what is left stays as it is."""
    done: Terms = []
    todo = [(ONE, node)]
    while todo:
        c, part = todo.pop()
        if part.kind == "sum":
            todo.extend((c * k, n) for k, n in reversed(part.args))
            continue
        term = flatten(part, lambda n: False)
        opened = None if len(todo) + len(done) > MOST else _opened(term, x)
        if opened is None:
            done.append((c * term.coef, replaced(term, merged(term))))
        else:
            todo.extend((c, n) for n in opened)
    return [(c, t) for c, t in done if c]


def merged(term: Term) -> tuple[Factor, ...]:
    """Powers of one factor together: x/x is 1, and sum x[i]/x[i] is N. That x is not 0 is asked by the judge."""
    powers: dict[tuple[Dag, tuple[Label, ...]], Fraction] = {}
    for f in term.factors:
        powers[(f.node, f.labels)] = powers.get((f.node, f.labels), Fraction(0)) + f.power
    left = [Factor(node, labels, k) for (node, labels), k in powers.items() if k]
    bare = set(term.sizes) - {k for f in left for k in f.labels} - set(term.out)
    counted = [Factor(dag.size(term.sizes[k]), ()) for k in term.sizes if k in bare]
    return (*left, *counted)


def replaced(term: Term, factors: tuple[Factor, ...]) -> Term:
    """Other factors in place of its own, without its number; what they do not sum over is forgotten."""
    used = {k for f in factors for k in f.labels} | set(term.out)
    return Term(ONE, factors, term.out, {k: d for k, d in term.sizes.items() if k in used})


def gathered(terms: Terms) -> Dag:
    """The sum of the terms: what is in several of them together, x/x is 1."""
    return dag.add(*(dag.scale(c, t.dag()) for c, t in terms))


def _opened(term: Term, x: Dag | None) -> list[Dag] | None:
    """The first sum in a product that contains x, term by term."""
    for k, f in enumerate(term.factors):
        if f.node.kind == "sum" and f.power > 0 and f.power.denominator == 1 and (x is None or x in dag.order(f.node)):
            rest = [*term.factors[:k], *term.factors[k + 1 :]]
            rest += [f._replace(power=f.power - 1)] if f.power > 1 else []
            return [
                Term(term.coef * c, (*rest, f._replace(node=n, power=ONE)), term.out, term.sizes).dag()
                for c, n in f.node.args
            ]
    return None


def collected(node: Dag) -> Dag:
    """The same multiplied out, where less is left of it: sum x + sum (1 - x) is N."""
    other = gathered(distributed(node))
    return other if len(dag.order(other)) < len(dag.order(node)) else node


def shorter(root: Dag) -> Dag:
    """The same with sums inside sums opened, A^-1 A left out, exp(log x) as x. What that asks of x is for the judge."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(root):
        done[node] = _shorter(dag.rebuild(node, [done[c] for c in node.children]))
    return done[root]


def _shorter(node: Dag) -> Dag:
    if node.kind in ("inverse", "logdet"):
        return _of_diagonal(node)
    if node.kind == "sum":
        return _added([n for c, part in node.args for n in _opened_sum(c, part)])
    if node.kind == "contract" and len(node.args[1]) == 1 and node.args[1][0][0].kind == "sum":
        return _added(_opened_sum(ONE, node))
    if node.kind == "contract":
        term = flatten(node, lambda n: False)
        other = _met(cancelled(term))
        return node if other is term else other.dag()
    if node.kind == "function" and node.args[0] == "exp" and node.args[2].kind == "sum":
        return _of_level(node) or _without_logarithms(node)
    if node.kind == "function":
        return _of_level(node) or _undone(node)
    return node


def _of_diagonal(node: Dag) -> Dag:
    """The inverse of diag(v) as diag(1/v), its log-determinant as sum log v."""
    under: Dag = node.args[0]
    if under.kind != "contract" or len(under.dims) != 2 or len(set(under.args[2])) != 1:
        return node
    entries = dag.contract(1, [(under, (0, 0))], (0,), {})
    if node.kind == "inverse":
        return dag.contract(1, [(dag.function("power", entries, Fraction(-1)), (0,))], (0, 0), {})
    return dag.contract(1, [(shorter(dag.function("log", entries)), (0,))], (), {})


def _added(nodes: list[Dag]) -> Dag:
    """Their sum, the numbers among them as one."""
    numbers = [n for n in nodes if n.kind == "contract" and dag.is_number(n)]
    rest = [n for n in nodes if n not in numbers]
    together = sum((n.args[0] for n in numbers), Fraction(0))
    return _clipped(dag.add(*rest, *([dag.number(together, nodes[0].dims)] if together or not rest else [])))


def _clipped(node: Dag) -> Dag:
    """z + relu(-z) as relu(z), wherever relu(u) = relu(-u) + u leaves fewer terms."""
    for c, part in node.args if node.kind == "sum" else ():
        if part.kind == "function" and part.args[0] == "relu":
            u = part.args[2]
            turned = dag.function("relu", _added(_opened_sum(-ONE, u)))
            rest = [dag.scale(k, n) for k, n in node.args if n is not part]
            other = dag.add(*rest, dag.scale(c, turned), *_opened_sum(c, u))
            if other.kind != "sum" or len(other.args) < len(node.args):
                return _clipped(other)
    return node


def _undone(node: Dag) -> Dag:
    inside: Dag = node.args[2]
    if inside.kind == "function" and (node.args[0], inside.args[0]) in UNDONE:
        under: Dag = inside.args[2]
        return under
    return node


def split_exponentials(root: Dag, x: Dag) -> Dag:
    """exp(a + b) as exp(a) exp(b), where x stands in a alone; numbers go with a."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(root):
        made = dag.rebuild(node, [done[c] for c in node.children])
        if made.kind == "function" and made.args[0] == "exp" and made.args[2].kind == "sum":
            inside = [dag.scale(c, n) for c, n in made.args[2].args]
            moving = [n for n in inside if x in dag.order(n) or dag.is_number(n)]
            rest = [n for n in inside if n not in moving]
            if rest and any(x in dag.order(n) for n in moving):
                made = dag.product(shorter(dag.function("exp", dag.add(*moving))), dag.function("exp", dag.add(*rest)))
        done[node] = made
    return done[root]


def _without_logarithms(node: Dag) -> Dag:
    """exp(log r + a) as r exp(a)."""
    out, kept = [], []
    for c, part in node.args[2].args:
        inner, spread = _spread(part)
        if c == 1 and inner.kind == "function" and inner.args[0] == "log":
            out.append(spread(inner.args[2]))
        else:
            kept.append(dag.scale(c, part))
    return dag.product(*out, dag.function("exp", dag.add(*kept))) if out and kept else node


def _spread(part: Dag) -> tuple[Dag, Callable[[Dag], Dag]]:
    """What a node is apart from being spread over axes, and the way to spread another so."""
    number = _number_of(part) if part.dims else None
    if number is None:
        return part, lambda other: other
    axes = tuple(range(len(part.dims)))
    return number, lambda other: dag.contract(1, [(other, ())], axes, dict(enumerate(part.dims)))


def _of_level(node: Dag) -> Dag | None:
    """A function of one number spread over axes, as the number's value spread."""
    if not node.dims:
        return None
    level = _number_of(node.args[2])
    if level is None:
        return None
    labels = tuple(range(len(node.dims)))
    value = _undone(dag.function(node.args[0], level, node.args[1]))
    return dag.contract(1, [(value, ())], labels, dict(enumerate(node.dims)))


def level(node: Dag) -> Dag:
    """The number that fills all axes of a node, where its entries are equal; else the node."""
    found = dag.zero(()) if node.kind == "zero" else _number_of(node)
    return node if found is None else found


def _number_of(node: Dag) -> Dag | None:
    """The number that fills all axes of a node; None where the entries may differ."""
    if node.kind == "sum":
        parts = [(c, _number_of(n)) for c, n in node.args]
        return None if any(n is None for _, n in parts) else dag.add(*(dag.scale(c, n) for c, n in parts if n))
    if node.kind != "contract" or len(set(node.args[2])) < len(node.dims):
        return None
    coef, ops, _, _ = node.args
    return dag.contract(coef, ops, (), {}) if all(not labels for _, labels in ops) else None


def _opened_sum(coef: Fraction, node: Dag) -> list[Dag]:
    """coef * (a + b) as coef a and coef b, where the sum is only scaled, turned or spread."""
    if node.kind == "sum":
        return [dag.scale(coef * c, n) for c, n in node.args]
    if node.kind == "contract" and len(node.args[1]) == 1:
        c, ((inside, labels),), out, dims = node.args
        if inside.kind == "sum" and len(set(labels)) == len(labels) and set(labels) <= set(out):
            sizes = dict(enumerate(dims))
            return [dag.contract(coef * c * k, [(n, labels)], out, sizes) for k, n in inside.args]
    return [dag.scale(coef, node)]


# --- what cancels --------------------------------------------------------------------------------------
def _met(term: Term) -> Term:
    """x/x = 1 inside a product."""
    factors = merged(term)
    gone = {(f.node, f.labels) for f in term.factors} - {(f.node, f.labels) for f in factors}
    return replace(replaced(term, factors), coef=term.coef) if gone else term


def cancelled(term: Term) -> Term:
    """X X^-1 = I inside a product."""
    inverses = [g for g in term.factors if g.node.kind == "inverse" and g.power == 1]
    pairs = [(f, g) for g in inverses for f in term.factors if f.node is g.node.args[0] and f.power == 1]
    for f, g in pairs:
        used = {k for h in term.factors if h not in (f, g) for k in h.labels} | set(term.out)
        for a, b in ((0, 1), (1, 0), (0, 0), (1, 1)) if symmetric(f.node) else ((0, 1), (1, 0)):
            if f.labels[a] == g.labels[b] and f.labels[a] not in used:
                return cancelled(_joined(term, f, g, f.labels[1 - a], g.labels[1 - b]))
    return term


def _joined(term: Term, f: Factor, g: Factor, keep: object, gone: object) -> Term:
    """The term without two factors, one label in place of another."""
    factors = tuple(
        Factor(h.node, tuple(keep if k == gone else k for k in h.labels), h.power)
        for h in term.factors
        if h not in (f, g)
    )
    out = tuple(keep if k == gone else k for k in term.out)
    used = {k for h in factors for k in h.labels} | set(out)
    return Term(term.coef, factors, out, {k: d for k, d in term.sizes.items() if k in used})
