"""Names for formulas: what holds for whatever a name may stand for, and what only looks so."""

from chainrule import (
    Sum,
    algebra,
    assume,
    at_least,
    by,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    each,
    equals,
    exp,
    grad,
    index,
    let,
    log,
    logsumexp,
    matrix,
    over,
    positive,
    positive_definite,
    recur,
    scalar,
    softmax,
    total,
    vector,
)
from tests.wrong.pairs import pair

N, K = dims("N K")
a, b = scalar("a"), scalar("b")
x = vector("x", N)
c = vector("c", N, binary=True)
p = vector("p", K, unit_interval=True)
q = matrix("q", N, K, stochastic_rows=True, positive=True)
i, k = index("i", N), index("k", K)
cube, same, square = let("f", a**3), let("g", a**3), let("h", a**2)
J = let("J", each(c[j] * log(p[m]) + (1 - c[j]) * log(1 - p[m]) for j in over(N) for m in over(K)))
L = let("L", each(log(x[j] + p[m]) for j in over(N) for m in over(K)))
posterior, columns = softmax(J, axis=1), softmax(J, axis=0)
evidence = total(logsumexp(J, axis=1))

t = scalar("t", nonzero_entries=True)
w, X = vector("w", N, positive=True), matrix("X", N, K)
C = X.T @ diag(w) @ X
mean, other = let("S", C / total(w)), let("S", C / 2)
known = assume(positive_definite(mean))

state = vector("s", N)


def stepped(start):
    """Three halvings, the half under a name."""
    return recur({state: let("H", state / 2)}, {state: start}, length=3)


PAIRS = [
    pair(
        "a name stands still for a derivative",
        derive(grad(cube, a), equals(0, differentiate)),
        derive(grad(cube, a), equals(3 * a**2, differentiate)),
    ),
    pair(
        "a name stands still for convexity",
        claim(convex(cube, a), composition),
        claim(convex(square, a), composition),
    ),
    pair(
        "what holds for one name is not said of another",
        derive(let("f", a) - b, equals(0, by(assume(let("g", a + 1), equals(b))))),
        derive(let("f", a) - b, equals(0, by(assume(let("g", a), equals(b))))),
    ),
    pair(
        "a name and a symbol that are called alike",
        derive(let("b", a) - b, equals(0)),
        derive(let("b", b) - b, equals(0)),
    ),
    pair(
        "a square, by its name",
        derive(cube, at_least(0)),
        derive(square, at_least(0)),
    ),
    pair(
        "a hypothesis on the name of something else",
        claim(positive(square), by(assume(positive(b**2)))),
        claim(positive(square), by(assume(positive(a**2)))),
        lowered="REFUTED",
    ),
    pair(
        "the bound: a divergence with its sign turned",
        derive(evidence, equals(total(q * (J - log(q))) + total(q * log(posterior / q)))),
        derive(evidence, equals(total(q * (J - log(q))) - total(q * log(posterior / q)))),
    ),
    pair(
        "the bound: the posterior along the wrong axis",
        derive(evidence, equals(total(q * (J - log(q))) - total(q * log(columns / q)))),
        derive(evidence, equals(total(q * (J - log(q))) - total(q * log(posterior / q)))),
    ),
    pair(
        "the bound: the sum of the joints for their log-sum-exp",
        derive(total(J), equals(total(q * (J - log(q))) - total(q * log(posterior / q)))),
        derive(evidence, equals(total(q * (J - log(q))) - total(q * log(posterior / q)))),
    ),
    pair(
        "the formula of the name has no value everywhere",
        derive(total(softmax(L, axis=1)), equals(N)),
        derive(total(softmax(J, axis=1)), equals(N)),
        lowered="SAMPLED",
    ),
    pair(
        "a name with an index in it is not the same for all of its values",
        derive(Sum(let("u", x[j]) - x[i] for j in over(N)), equals(0)),
        derive(Sum(let("u", x[j]) - x[j] for j in over(N)), equals(0)),
    ),
    pair(
        "equal names of equal formulas are equal, of others not",
        derive(exp(cube) / exp(square), equals(1)),
        derive(exp(cube) / exp(same), equals(1)),
    ),
    pair(
        "a quotient by what may be 0",
        derive(let("s", a / b) * b, equals(a)),
        derive(let("s", a / t) * t, equals(a)),
        lowered="SAMPLED",
    ),
    pair(
        "the inverse of a quotient, divided once too often",
        derive(mean.I @ C @ mean.I, equals(mean.I, by(known)), given=known),
        derive(mean.I @ C @ mean.I, equals(total(w) * mean.I, by(known)), given=known),
    ),
    pair(
        "what is known of another quotient",
        derive(mean.I @ C @ mean.I, equals(total(w) * mean.I, by(assume(positive_definite(other))))),
        derive(mean.I @ C @ mean.I, equals(total(w) * mean.I, by(known)), given=known),
        lowered="SAMPLED",
    ),
    pair(
        "a name that moves with the state of a recurrence",
        derive(stepped(w), equals(stepped(x), algebra)),
        derive(stepped(w), equals(stepped(w), algebra)),
    ),
]
