"""A round bowl, and a price on the singular values: the singular vectors stay, the values are shrunk.

    f(X) = q(X) + c |X|_*,    grad q = k (w X - B),    B = U diag(s) W',  U'U = I, W'W = I, s >= 0

With t = c/k the point is  P = U diag(z) W',  z = relu(s - t)/w. What is given up, G = k (B - w P), is U diag(g) W' with
g = c - k relu(t - s), which lies between 0 and c, and is c where z is not 0. So |G| <= c in the norm that is dual, and
<G, X> <= c |X|_* for every X, with <G, P> = c sum(z) = c |P|_*.

Source: Cai, Candes and Shen (2010), theorem 2.1; Watson (1992) for the slopes of such norms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainrule.calculus import read
from chainrule.calculus.terms import Factor, Term, flatten
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Let, Node, Var, as_node, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Relation,
    algebra,
    at_least,
    at_most,
    by,
    cited,
    equals,
    nonnegative,
    positive,
)
from chainrule.notation.vocabulary import diag, let, nuclear, relu, sqnorm, total

from .affine import Affine, affine, mentions
from .optimum import LOWEST, Optimum, nth
from .problem import Problem, lower
from .words import chain, claimed, fresh, inner, provable, scaled

DUAL = "the sum of the singular values is the norm that is dual to the largest of them"
DUAL_SOURCE = "Horn and Johnson, Matrix Analysis (2nd ed., 2013), sec. 5.6"
VALUES = "a matrix has one set of singular values"
VALUES_SOURCE = "Horn and Johnson, Matrix Analysis (2nd ed., 2013), theorem 2.6.3"
Sure = tuple[Claim | Assumption, ...]


@dataclass(frozen=True, eq=False)
class Shrunk:
    """The parts as formulas: see the head of this file."""

    k: Node
    c: Node
    t: Node
    w: Node | None
    U: Var
    W: Var
    s: Node
    z: Let
    point: Let

    @property
    def values(self) -> Node:
        """g"""
        return self.c - scaled(self.k, relu(self.t - self.s))

    @property
    def given_up(self) -> Node:
        """G = U diag(g) W'"""
        return self.U @ diag(self.values) @ self.W.T


def shrunk(p: Problem) -> Optimum:
    """The point, what was given up for it, and that nothing is lower; without one, why there is none."""
    none = Optimum(p.objective, p.x, p.subject_to, p.gradient, given=p.given, symbols=p.symbols)
    price = _price(p)
    form = affine(lower(p.gradient.last), p.symbol)
    if price is None or isinstance(form, str) or not _round(form):
        return replace(none, why="singular values are shrunk where a round bowl and a price on their sum stand alone")
    parts = _decomposed(form.b, p)
    if parts is None:
        b = read(form.b, (), (), [p.objective])
        return replace(none, why=f"{b} is needed by its singular values: give it as equal to U @ diag(s) @ W.T")
    return _argued(p, none, _written(p, form, price, parts))


def _round(form: Affine) -> bool:
    level = form.weight is None or not form.weight.dims
    return level and form.left is None and form.right is None and form.number > 0


def _price(p: Problem) -> Dag | None:
    """c, where the objective is what has a gradient and c |X|_*."""
    held = dag.var(make_var("the sum of singular values", (), ()), ())
    f, whole = lower(p.objective), lower(nuclear(p.x))
    apart = dag.substitute(f, {whole: held})
    price = affine(apart, held)
    if any(n.kind == "nuclear" for n in dag.order(apart)) or isinstance(price, str):
        return None
    each = dag.scale(price.number, price.weight or dag.number(1))
    return None if mentions(each, p.symbol) else each


def _decomposed(b: Dag, p: Problem) -> tuple[Var, Var, Dag] | None:
    """U, W and s, where b is U diag(s) W', what is given being used."""
    said = [a.statement for a in p.given]
    known = {lower(r.left): lower(r.right) for r in said if isinstance(r, Relation) and r.relation == "="}
    term = flatten(dag.substitute(b, {k: v for k, v in known.items() if k.kind == "var"}), lambda n: False)
    i, j = term.out
    ends = [next((f for f in term.factors if _orthonormal(f) and f.labels[0] == k), None) for k in (i, j)]
    if None in ends or i == j:
        return None
    u, w = (f for f in ends if f is not None)
    rest = tuple(f for f in term.factors if f is not u and f is not w)
    r = u.labels[1]
    if w.labels[1] != r or r in (i, j) or any(not set(f.labels) <= {r} for f in rest):
        return None
    s = Term(term.coef, rest, (r,), {r: term.sizes[r]}).dag()
    return u.node.args[0], w.node.args[0], s


def _orthonormal(f: Factor) -> bool:
    if f.node.kind != "var" or f.power != 1 or len(f.labels) != 2:
        return False
    symbol = f.node.args[0]
    return isinstance(symbol, Var) and "orthonormal_columns" in symbol.properties


def _written(p: Problem, form: Affine, price: Dag, parts: tuple[Var, Var, Dag]) -> Shrunk:
    def write(node: Dag) -> Node:
        return read(node, (), (), [p.objective])

    U, W, values = parts
    w, s, t = (
        None if form.weight is None else write(form.weight),
        write(values),
        write(dag.scale(1 / form.number, price)),
    )
    rest = relu(s - t) if w is None else relu(s - t) / w
    z = let(fresh(("z", "d", "h", "g"), p.taken | {str(U.name), str(W.name)}), rest)
    point = let(f"{p.x.name}*", U @ diag(z) @ W.T)
    return Shrunk(as_node(form.number), write(price), t, w, U, W, s, z, point)


# --- the argument -------------------------------------------------------------------------------------
def _argued(p: Problem, o: Optimum, s: Shrunk) -> Optimum:
    """f = q(P) + a square + c |X|_* - <G, X> + <G, P> >= f(P)."""
    given, solvable = list(p.given), list[Claim]()
    for asked in (nonnegative(s.s), nonnegative(s.c), *(() if s.w is None else (positive(s.w),))):
        if not provable(asked, given):
            given.append(Assumption(asked))
        elif asked.name == "positive":
            solvable.append(claimed(nth("solvable", len(solvable)), asked, given=tuple(given)))
    o = replace(o, kind=LOWEST, point=s.point, solvable=tuple(solvable), given=tuple(given))
    sure: Sure = (*o.solvable, *o.given)
    reason = by(*sure) if sure else algebra
    stationary = chain("stationary", p.gradient.last.at(p.x, s.point), equals(-s.given_up, reason), given=o.given)
    claims = tuple(
        claimed(name, nonnegative(a), reason, o.given)
        for name, a in (("gives up", s.values), ("no more than the price", s.c - s.values))
    )
    aligned = chain(
        "aligned",
        inner(s.given_up, s.point),
        equals(total(s.values * s.z), reason),
        equals(s.c * total(s.z), reason),
        given=o.given,
    )
    o = replace(o, stationary=stationary, conditions=(*claims, aligned))
    return replace(o, lowest=_lowest(p, o, s, claims, aligned))


def _lowest(p: Problem, o: Optimum, s: Shrunk, claims: tuple[Claim, ...], aligned: Derivation) -> Derivation:
    sure: Sure = (*o.solvable, *o.given)
    x, q = p.x, p.smooth
    reason = by(*sure) if sure else algebra
    dual = cited(inner(s.given_up, x), at_most(s.c * nuclear(x)), theorem=DUAL, source=DUAL_SOURCE)
    value = cited(nuclear(s.point), equals(total(s.z)), theorem=VALUES, source=VALUES_SOURCE)
    square = sqnorm(x - s.point)
    bowl = scaled(s.k, square if s.w is None else s.w * square) / 2
    level = q.at(x, s.point) + bowl
    bent = claimed("bowl", nonnegative(bowl), reason, o.given)
    return chain(
        "lowest",
        p.objective,
        at_least(q + inner(s.given_up, x), by(dual, *claims, *sure)),
        equals(level + inner(s.given_up, s.point), reason),
        equals(level + s.c * total(s.z), by(aligned)),
        equals(p.objective.at(x, s.point) + bowl, by(value, *sure)),
        at_least(p.objective.at(x, s.point), by(bent)),
        given=o.given,
    )
