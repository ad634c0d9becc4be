"""Induction along a recurrence: what it shows, and every way in which it could be led to show what is false.

The prover is asked by itself here, without the worlds that would refute a false line before it.
"""

import pytest

from chainrule import (
    I,
    Sum,
    assume,
    at_most,
    before,
    claim,
    derive,
    dims,
    each,
    equals,
    grad,
    index,
    induction,
    let,
    matrix,
    nonnegative,
    over,
    position,
    positive,
    positive_definite,
    recur,
    scalar,
    sqnorm,
    tensor,
    vector,
    zeros,
)
from chainrule.errors import Unsupported
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.judge.facts import shown
from chainrule.judge.prove import prove
from chainrule.kernel import induction as kernel
from chainrule.notation.nodes import Var, make_var
from chainrule.notation.statements import Relation

T, d, K = dims("T d K")
t, j = index("t", T), index("j", d)
a, c, m, p, g = scalar("a"), scalar("c"), scalar("m"), scalar("p"), scalar("g")
r = scalar("r", positive=True)
x, y, X, W = vector("x", T), vector("y", T), matrix("X", T, d), matrix("W", d, d)
h, e, u, s = vector("h", d), vector("e", d), vector("u", d), vector("s", d)

counted = recur({m: m + 1}, {m: 0}, length=T)
powers = recur({p: r * p}, {p: 1}, length=T)
back = recur({p: r * p}, {p: 1}, length=T, backwards=True)
summed = recur({m: m + g}, {m: 0}, along={g: x})
linear = let("H", recur({h: W @ h + u}, {h: s}, along={u: X}))
also = recur({e: u + W @ e}, {e: s}, along={u: X})
twice = recur({h: W @ h + 2 * u}, {h: 2 * s}, along={u: X})
same_twice = assume(X[t], equals(2 * X[t]))


def proof(line, *facts):
    """Is a derivation's only line proved, with nothing left to ask?"""
    statement = Relation(line.first, line.lines[0].relation, line.last)
    found, _ = prove(statement, line.lines[0].reason, tuple(shown(f, judge) for f in facts))
    return found is not None and not found.obligations


TRUE = {
    "a count": derive(before(counted)[t], equals(position(t), induction(t))),
    "a count, after the step": derive(counted[t], equals(position(t) + 1, induction(t))),
    "a power": derive(powers[t], equals(r ** position(t + 1), induction(t))),
    "a power, backwards": derive(back[t], equals(r ** (T - position(t)), induction(t, backwards=True))),
    "two recurrences at once": derive(powers[t] * 1, equals(r * before(powers)[t], induction(t))),
    "two that are one": derive(linear[t], equals(also[t], induction(t))),
    "one entry": derive(before(linear)[t, j], equals(before(also)[t, j], induction(t))),
    "twice the start": derive(
        before(recur({h: W @ h}, {h: 2 * s}, length=T))[t],
        equals(2 * before(recur({h: W @ h}, {h: s}, length=T))[t], induction(t)),
    ),
    "a derivative inside a step": derive(
        before(recur({h: h - grad(sqnorm(h), h) / 4}, {h: s}, length=T))[t],
        equals(before(recur({h: h / 2}, {h: s}, length=T))[t], induction(t, calculus=True)),
    ),
    "one that runs against the induction": derive(
        before(powers)[t] * before(back)[t], equals(before(powers)[t] * before(back)[t] * 1, induction(t))
    ),
    "an input that is written out": derive(
        before(recur({m: m + g}, {m: 0}, along={g: each(2 * position(k) + 1 for k in over(T))}))[t],
        equals(position(t) ** 2, induction(t)),
    ),
}
FALSE = {
    "the state before for the one after": derive(counted[t], equals(position(t), induction(t))),
    "a power, one step off": derive(before(powers)[t], equals(r ** position(t + 1), induction(t))),
    "backwards, one step off": derive(back[t], equals(r ** (T - 1 - position(t)), induction(t, backwards=True))),
    "backwards, as if forwards": derive(back[t], equals(r ** position(t + 1), induction(t, backwards=True))),
    "right at the start alone": derive(before(counted)[t], equals(2 * position(t), induction(t))),
    "right at each step, wrong at the start": derive(before(counted)[t], equals(position(t) + 1, induction(t))),
    "true at the start, and nowhere else": derive(before(counted)[t], equals(-position(t), induction(t))),
    "each entry for the sum of those before": derive(summed[t], equals(x[t], induction(t))),
    "one array for another": derive(
        summed[t], equals(recur({m: m + g}, {m: 0}, along={g: y})[t], induction(t))
    ),
    "a start forgotten": derive(before(twice)[t], equals(2 * before(linear)[t] + s, induction(t))),
    "another start": derive(
        before(recur({h: W @ h}, {h: u}, length=T))[t],
        equals(before(recur({h: W @ h}, {h: s}, length=T))[t], induction(t)),
    ),
    "an input read at its first entry": derive(
        before(recur({m: m + g}, {m: 0}, along={g: each(position(k) for k in over(T))}))[t],
        equals(0, induction(t)),
    ),
    "one that runs against the induction, one step off": derive(
        before(powers)[t] * before(back)[t], equals(r ** T, induction(t))
    ),
    "against the induction, its end taken for its start": derive(
        before(powers)[t] * back[t], equals(r, induction(t))
    ),
    "states exchanged": derive(
        recur({m: p, p: m + p}, {m: 0, p: 1}, length=T)[0][t],
        equals(recur({m: p, p: m + p}, {m: 0, p: 1}, length=T)[1][t], induction(t)),
    ),
    "a bound that grows too slowly": derive(before(counted)[t], at_most(position(t) / 2, induction(t))),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name):
    assert proof(TRUE[name])
    assert judge(TRUE[name])[0].evidence is Evidence.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not(name):
    assert not proof(FALSE[name])
    assert judge(FALSE[name])[0].evidence is Evidence.REFUTED


@pytest.mark.parametrize(
    "formula",
    [
        Sum((t >= k) * x[k] for k in over(T)),  # a mask
        x[t + 1],  # shifted
        grad(sqnorm(before(linear)[t]), s)[j],  # a symbol in its place would not move with s
        Sum(tensor("A", d, T)[k, t] for k in over(d)),  # an axis that is not the first
        Sum(each(tensor("B", T, d)[l, k] for l in over(T))[t] * tensor("B", d, T)[k, t] for k in over(d)),
    ],
)
def test_what_cannot_be_read_at_one_t_is_refused(formula):
    with pytest.raises(Unsupported, match="induction on t"):
        kernel.induction(derive(before(counted)[t], equals(formula)).conclusion, t, False)


@pytest.mark.parametrize(
    "line",
    [
        derive(position(t), equals(0)),
        derive(before(back)[t], equals(0)),
        derive(before(counted)[t], equals(before(counted)[t])),
    ],
)
def test_an_index_of_one_recurrence_and_one_direction_is_asked_for(line):
    wrong = index("k", T) if line.first == line.last else t
    with pytest.raises(Unsupported, match="induction on"):
        kernel.induction(line.conclusion, wrong, False)


def test_a_symbol_with_a_taken_name_is_another_symbol():
    taken = make_var("m at here", (), ())
    line = derive(before(counted)[t] * taken, equals(taken * taken, induction(t)))
    assert not proof(line)
    made = kernel.induction(line.conclusion, t, False)
    assert {v.name for v in made.hypothesis.left.atoms(Var)} == {"m at here", "m at here'"}


def test_a_fact_is_told_where_it_is_read_and_nowhere_else():
    told = assume(x[t], equals(c))
    line = derive(summed[t], equals(c * position(t + 1), induction(t, told)))
    assert proof(line, told)
    other = derive(recur({m: m + g}, {m: 0}, along={g: y})[t], equals(c * position(t + 1), induction(t, told)))
    assert not proof(other, told)


def test_what_the_line_asks_is_asked():
    line = derive(before(recur({m: a * m}, {m: 1}, length=T))[t], equals(a ** position(t), induction(t)))
    verdict = judge(line)[0]
    assert verdict.evidence is Evidence.SAMPLED
    assert "a is positive" in verdict.obligations


def test_signs_and_definiteness_go_from_step_to_step():
    A = matrix("A", d, d)
    grown = recur({A: W @ A @ W.T + I(d)}, {A: I(d)}, length=T)
    squares = recur({h: r * h + u**2}, {h: zeros(d)}, along={u: X})
    for held in (positive(before(powers)[t]), nonnegative(before(squares)[t]), positive_definite(before(grown)[t])):
        assert judge(claim(held, induction(t)))[0].evidence is Evidence.PROVED
    assert judge(claim(positive(before(squares)[t]), induction(t)))[0].evidence is Evidence.REFUTED
