"""A given inequality between entries, summed over some of its indices with weights that are declared nonnegative."""

import pytest

from chainrule import Sum, assume, at_least, at_most, by, derive, dims, dot, index, matrix, over, total, vector
from chainrule.evidence import Evidence
from chainrule.judge import judge

n, K, m = dims("n K m")
A, B = matrix("A", n, K), matrix("B", n, K)
D = matrix("D", n, K, nonnegative=True)
Dt = matrix("D", K, n, nonnegative=True)
E = matrix("E", n, K)
p, q = vector("p", n, nonnegative=True), vector("q", K, simplex=True)
i, k = index("i", n), index("k", K)
less = assume(A[i, k], at_most(B[i, k]))
row = assume(A[i, k], at_most(dot(p, p)))

FOLLOWS = {
    "over both, alone": derive(total(A), at_most(total(B), by(less))),
    "over both, with weights": derive(total(D * A), at_most(total(D * B), by(less))),
    "the weights turned": derive(total(Dt.T * A), at_most(total(Dt.T * B), by(less))),
    "over the first": derive(
        Sum(p[j] * A[j, k] for j in over(n)), at_most(Sum(p[j] * B[j, k] for j in over(n)), by(less))
    ),
    "over the second": derive(dot(A[i], q), at_most(dot(B[i], q), by(less))),
    "weights of both, over the second": derive(dot(D[i], A[i]), at_most(dot(D[i], B[i]), by(less))),
    "over one, alone": derive(total(A[i]), at_most(total(B[i]), by(less))),
    "an average": derive(dot(A[i], q), at_most(dot(p, p), by(row))),
}
DOES_NOT = {
    "weights of no sign": derive(total(E * A), at_most(total(E * B), by(less))),
    "weights of no sign, over one": derive(dot(E[i], A[i]), at_most(dot(E[i], B[i]), by(less))),
    "the other way": derive(dot(D[i], A[i]), at_least(dot(D[i], B[i]), by(less))),
    "weights of another row": derive(
        Sum(p[j] * A[j, k] for j in over(n)), at_most(Sum(p[j] * B[i, k] for j in over(n)), by(less))
    ),
    "weights that sum to something else": derive(Sum(p[j] * A[j, k] for j in over(n)), at_most(dot(p, p), by(row))),
    "more of them": derive(total(A[i]), at_most(total(B), by(less))),
}


@pytest.mark.parametrize("name", FOLLOWS)
def test_it_is_proved(name):
    assert [v.evidence for v in judge(FOLLOWS[name])] == [Evidence.PROVED]


@pytest.mark.parametrize("name", DOES_NOT)
def test_it_is_refuted(name):
    assert [v.evidence for v in judge(DOES_NOT[name])] == [Evidence.REFUTED]
