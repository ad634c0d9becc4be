"""Logarithms, determinants, inverses and signs of multiples: what holds, and relatives that must not be proved."""

import pytest

from chainrule import (
    I,
    Sum,
    assume,
    by,
    claim,
    derive,
    diag,
    dims,
    equals,
    index,
    let,
    log,
    logdet,
    matrix,
    ones,
    over,
    positive,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    tensor,
    total,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.judge import judge

n, N, K = dims("n N K")
k = index("k", K)
A = matrix("A", n, n, positive_definite=True)
B = matrix("B", n, n, invertible=True)
S = tensor("S", K, n, n, positive_definite=True)
X, mu = matrix("X", N, n), vector("mu", n)
s, t, p = scalar("s", positive=True), scalar("t"), scalar("p", unit_interval=True)
v, u, q = vector("v", n, positive=True), vector("u", K, positive=True), vector("q", n, unit_interval=True)
scatter = (X - ones(N) @ mu.T).T @ (X - ones(N) @ mu.T)
C = let("C", scatter / N)
definite = assume(positive_definite(C))

TRUE = {
    "log det of an inverse": (logdet(A.I), -logdet(A)),
    "of a multiple": (logdet(s * A), n * log(s) + logdet(A)),
    "of a number": (logdet(3 * A), n * log(3) + logdet(A)),
    "of a batch": (Sum(logdet(u[k] * S[k]) for k in over(K)), n * total(log(u)) + Sum(logdet(S[k]) for k in over(K))),
    "of a diagonal": (logdet(diag(v)), total(log(v))),
    "of a multiple of I": (logdet(s * I(n)), n * log(s)),
    "log of a fraction": (log(s / 6), log(s) - log(2) - log(3)),
}
FALSE = {
    "no sign": (logdet(A.I), logdet(A)),
    "no dimension": (logdet(s * A), log(s) + logdet(A)),
    "a factor outside": (logdet(s * A), s * logdet(A)),
    "a number of no sign": (logdet(t * A), n * log(t) + logdet(A)),
    "a determinant of no sign": (logdet(B.I), -logdet(B)),
    "a diagonal of no sign": (logdet(diag(mu)), total(log(mu))),
    "log of a sum": (log(s + 6), log(s) + log(6)),
}


def evidence(statement):
    return judge(statement)[0].evidence


@pytest.mark.parametrize("name", TRUE)
def test_it_holds(name):
    left, right = TRUE[name]
    assert evidence(derive(left, equals(right))) is Evidence.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_it_is_not_proved(name):
    left, right = FALSE[name]
    assert evidence(derive(left, equals(right))) < Evidence.CERTIFIED


def test_a_size_is_taken_out_of_an_inverse_and_a_determinant():
    score = derive(N * C.I - C.I @ scatter @ C.I, equals(0, by(definite)), given=definite)
    assert evidence(score) is Evidence.PROVED
    assert evidence(derive(logdet(C.I), equals(-logdet(C), by(definite)), given=definite)) is Evidence.PROVED
    wrong = derive(N * C.I - C.I @ scatter @ C.I / N, equals(0, by(definite)), given=definite)
    assert evidence(wrong) is Evidence.REFUTED


def test_numbers_between_0_and_1():
    for true in (1 - p, 1 - q, p * (1 - p), 2 - p, q - q**2, 1 / (1 - p)):
        assert evidence(claim(positive(true), positivity)) is Evidence.PROVED
    for false in (p - 1, 1 - 2 * p, 1 - q - p, 1 - total(q), I(n) - q @ ones(n).T):
        assert evidence(claim(positive(false), positivity)) is Evidence.REFUTED


def test_what_is_known_of_a_mean_is_known_of_the_sum():
    c = assume(positive(sqnorm(mu) / n))
    assert evidence(derive(log(n / sqnorm(mu)), equals(-log(sqnorm(mu) / n), by(c)), given=c)) is Evidence.PROVED
    assert evidence(claim(positive(sqnorm(mu)), positivity)) is Evidence.REFUTED
