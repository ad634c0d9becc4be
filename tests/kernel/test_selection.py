"""Functions of selected rows: what the rule shows, and every way in which it could be led to show what is false.

The prover is asked by itself here, without the worlds that would refute a false line before it.
"""

import pytest

from chainrule import (
    I,
    Sum,
    claim,
    derive,
    diag,
    diagof,
    dims,
    each,
    equals,
    exp,
    log,
    logsumexp,
    matrix,
    maximum,
    nonnegative,
    nonzero,
    ones,
    outer,
    over,
    positive,
    positivity,
    rational,
    relu,
    sigmoid,
    softmax,
    sqrt,
    step,
    tanh,
    tensor,
    total,
    trace,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.judge.prove import prove
from chainrule.notation.statements import Derivation

n, m, p, b = dims("n m p b")
P, R = matrix("P", n, n, permutation=True), matrix("R", n, n, permutation=True)
C = matrix("C", m, n, one_hot_rows=True)
F = matrix("F", m, n, one_hot_rows=True, nonempty_columns=True)
S, B, O = (matrix("S", n, n, **{has: True}) for has in ("stochastic_rows", "binary", "orthogonal"))
T = tensor("T", b, m, n, one_hot_rows=True)
D = tensor("D", n, n, n, one_hot_rows=True, nonempty_columns=True)
A, X, Z, Y = matrix("A", n, n), matrix("X", n, p), tensor("Z", b, n, p), matrix("Y", n, p, positive=True)
N = matrix("N", n, p, nonzero_entries=True)
u, v, w = vector("u", p), vector("v", n), vector("w", n, nonnegative=True)
own = each(Sum(D[i, i, j] * v[j] for j in over(n)) for i in over(n))  # row i of the i-th matrix


def line(left, right):
    return derive(left, equals(right))


TRUE = {
    "exp": line(exp(P @ X), P @ exp(X)),
    "by the columns of a permutation": line(tanh(P.T @ X), P.T @ tanh(X)),
    "one row twice": line(exp(C @ X), C @ exp(X)),
    "a batch": line(sigmoid(T @ Z), T @ sigmoid(Z)),
    "on both sides": line(exp(P @ A @ R.T), P @ exp(A) @ R.T),
    "one permutation after another": line(tanh(P @ R @ X), P @ R @ tanh(X)),
    "a term that is the same in each row": line(tanh(P @ X + outer(ones(n), u)), P @ tanh(X + outer(ones(n), u))),
    "a function of a function": line(relu(tanh(P @ X) - rational(1, 2)), P @ relu(tanh(X) - rational(1, 2))),
    "the softmax of permuted rows": line(softmax(P @ X), P @ softmax(X)),
    "the softmax along what is permuted": line(softmax(P @ v), P @ softmax(v)),
    "a reciprocal, of numbers that are not 0": line(1 / (F @ N), F @ (1 / N)),
    "a reciprocal, of positive numbers, not all chosen": line(1 / (C @ Y), C @ (1 / Y)),
    "a logarithm": line(log(P @ Y), P @ log(Y)),
    "a root": line(sqrt(C @ Y), C @ sqrt(Y)),
    "the largest of all": line(maximum(F @ X, axis=0), maximum(X, axis=0)),
    "the largest in each row": line(maximum(C @ X, axis=1), C @ maximum(X, axis=1)),
    "a sum": line(total(exp(P @ v)), total(exp(v))),
    "signs": claim(positive(C @ Y), positivity),
    "numbers that are not 0": claim(nonzero(P @ N), positivity),
    "two selections by one row": line((C @ v) * (C @ w), C @ (v * w)),
    "a selection of rows and its own square": line(outer(C @ v, ones(n)) * C, C @ diag(v)),
    "all rows add up": line(total(C), m),
    "all columns of a permutation add up": line(total(P, axis=0), ones(n)),
    "two selections by one column": line((P.T @ v) * (P.T @ w), P.T @ (v * w)),
    "a diagonal that is permuted": line(exp(diagof(P @ A @ P.T)), P @ exp(diagof(A))),
}
FALSE = {
    "rows that only sum to 1": line(exp(S @ X), S @ exp(X)),
    "rows of 0 and 1, of which one may be empty": line(exp(B @ X), B @ exp(X)),
    "rows that are only orthonormal": line(exp(O @ X), O @ exp(X)),
    "the columns of rows with one 1": line(exp(C.T @ matrix("K", m, p)), C.T @ exp(matrix("K", m, p))),
    "the other side": line(exp(P @ A), exp(A) @ P),
    "turned round": line(exp(P @ X), P.T @ exp(X)),
    "one side forgotten": line(exp(P @ A @ P.T), P @ exp(A)),
    "two selections of one row added up": line(exp((P + R) @ X), (P + R) @ exp(X)),
    "twice a row": line(exp(2 * P @ X), 2 * P @ exp(X)),
    "a term that stays where it is": line(exp(P @ X + X), P @ exp(X + X)),
    "a row less a row": line(tanh(P @ X - R @ X), P @ tanh(X) - R @ tanh(X) + tanh(P @ X) * tanh(R @ X)),
    "an entry that the row speaks of": line(exp(P * A), P * exp(A)),
    "a diagonal": line(exp(diagof(P)), diagof(P) * exp(1)),
    "a sum over chosen rows": line(total(exp(C @ v)), total(exp(v))),
    "the softmax along what is chosen": line(softmax(C @ v), C @ softmax(v)),
    "the log-sum of what is chosen": line(logsumexp(C @ v), logsumexp(v)),
    "the largest of those that are chosen": line(maximum(C @ X, axis=0), maximum(X, axis=0)),
    "a case supposed of one entry, used of another": claim(nonnegative((P @ (v + w)) * step(v)), positivity),
    "the largest of rows of different matrices": line(maximum(own), maximum(v)),
    "a diagonal matrix of chosen numbers": line(exp(diag(P @ v)), P @ exp(diag(v))),
    "two selections by different rows": line((P @ v) * (R @ w), P @ (v * w)),
    "two rows of one matrix": line(total(C @ v) * total(C @ w), total(v * w * total(C, axis=0) ** 2)),
    "two selections by rows of one number": line(P * R, P),
    "a row and the row before": line((P @ v) * (P.T @ w), P @ (v * w)),
    "all columns add up": line(total(C), n),
    "columns that choose nothing, or twice": line(C.T @ C, I(n)),
    "rows that choose the same": line(C @ C.T, I(m)),
    "a row that is asked elsewhere": line(C @ v, total(v) * ones(m)),
    "a diagonal of selections": line(trace(P), 1),
    "the trace of a permuted matrix, one side": line(trace(P @ A), trace(A)),
    "a sum of squares taken for one": line((C @ v) ** 2, C @ v),
    "columns of a selection that add up to 1": line(total(C, axis=0), ones(n)),
}
UNDEFINED = {
    "a reciprocal of what is not chosen": line(1 / (C @ X), C @ (1 / X)),
    "a logarithm of what is not chosen": line(log(C @ X), C @ log(X)),
}


def proof(item):
    """A proof that owes nothing, found without any world."""
    if isinstance(item, Derivation):
        found, _ = prove(item.conclusion, item.lines[0].reason, ())
    else:
        found, _ = prove(item.statement, item.reason, ())
    return found if found is not None and not found.obligations else None


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name):
    assert proof(TRUE[name])
    assert judge(TRUE[name])[0].evidence is Evidence.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not(name):
    assert not proof(FALSE[name])
    assert judge(FALSE[name])[0].evidence is Evidence.REFUTED


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_is_not_chosen_need_not_have_a_value(name):
    assert not proof(UNDEFINED[name])
    assert judge(UNDEFINED[name])[0].evidence is Evidence.SAMPLED
