"""A node as a sum of products, multiplied out as far as an unknown stands in its sums."""

from __future__ import annotations

from fractions import Fraction

from chainrule.calculus.terms import Term, flatten
from chainrule.forms import dag
from chainrule.forms.dag import Dag

MOST = 60
"""How many terms a sum may be multiplied out to."""


def distributed(node: Dag, x: Dag) -> list[tuple[Fraction, Term]]:
    """The terms, with their coefficients apart; beyond MOST of them what is left stays as it is."""
    done: list[tuple[Fraction, Term]] = []
    todo = [(Fraction(1), node)]
    while todo:
        c, part = todo.pop()
        if part.kind == "sum":
            todo.extend((c * k, n) for k, n in part.args)
            continue
        term = flatten(part, lambda n: False)
        opened = None if len(todo) + len(done) > MOST else _opened(term, x)
        if opened is None:
            done.append((c * term.coef, Term(Fraction(1), term.factors, term.out, term.sizes)))
        else:
            todo.extend((c, n) for n in opened)
    return [(c, t) for c, t in done if c]


def _opened(term: Term, x: Dag) -> list[Dag] | None:
    """The first sum in a product that contains x, term by term."""
    for k, f in enumerate(term.factors):
        if f.node.kind == "sum" and f.power > 0 and f.power.denominator == 1 and x in dag.order(f.node):
            rest = [*term.factors[:k], *term.factors[k + 1 :]]
            rest += [f._replace(power=f.power - 1)] if f.power > 1 else []
            return [
                Term(term.coef * c, (*rest, f._replace(node=n, power=Fraction(1))), term.out, term.sizes).dag()
                for c, n in f.node.args
            ]
    return None
