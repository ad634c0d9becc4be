"""A label is its own reciprocal: a relation that wants one is multiplied with it, and what is no label is not lent."""

import pytest

from chainrule import algebra, derive, differentiate, dims, equals, grad, matrix, relu, scalar, step, total, vector
from chainrule.evidence import Evidence
from chainrule.judge import judge

n, p = dims("n p")
y, m, X, w = vector("y", n, labels=True), vector("m", n), matrix("X", n, p), vector("w", p)
a, b, z = scalar("a", labels=True), scalar("b", nonzero=True), scalar("z")
u, v = 1 - y * m, 1 - a * z

TRUE = {
    "a label, a step and its relu": derive(y * step(u) * relu(u), equals(y * relu(u), algebra)),
    "of a number": derive(a * step(v) * relu(v), equals(a * relu(v), algebra)),
    "what is no label stays": derive(b * step(1 - b * z) * relu(1 - b * z), equals(b * relu(1 - b * z), algebra)),
    "the gradient of the squared hinge": derive(
        grad(total(relu(1 - y * (X @ w)) ** 2), w), equals(-2 * X.T @ (y * relu(1 - y * (X @ w))), differentiate)
    ),
}
FALSE = {
    "the label lost": derive(y * step(u) * relu(u), equals(relu(u), algebra)),
    "the step alone": derive(y * step(u) * relu(u), equals(y * step(u), algebra)),
    "the sign turned": derive(a * step(v) * relu(v), equals(-a * relu(v), algebra)),
    "a number for its reciprocal": derive(b * relu(1 - b * z), equals(relu(1 - b * z) / b, algebra)),
}


@pytest.mark.parametrize("name", TRUE)
def test_proved(name):
    assert judge(TRUE[name])[0].evidence is Evidence.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_refuted(name):
    assert judge(FALSE[name])[0].evidence is Evidence.REFUTED
