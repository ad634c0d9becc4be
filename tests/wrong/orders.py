"""Inequalities and convexity: a wrong direction, strict for not strict, a square that is none, a bowl that is none."""

from chainrule import (
    I,
    Sum,
    assume,
    at_least,
    at_most,
    by,
    claim,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    hessian,
    index,
    less_than,
    matrix,
    more_than,
    nonnegative,
    over,
    positive,
    positive_semidefinite,
    positivity,
    rational,
    relu,
    scalar,
    sigmoid,
    softplus,
    sqnorm,
    sqrt,
    total,
    trace,
    vector,
    zeros,
)
from tests.wrong.pairs import pair

n, p, N, d = dims("n p N d")
x = vector("x", n)
y = vector("y", n)
v = vector("v", n, nonzero=True)
X = matrix("X", n, p)
A = matrix("A", n, n)
P = matrix("P", n, n, psd=True)
R = matrix("R", n, n, psd=True)
Q = matrix("Q", n, n, positive_definite=True)
pts = matrix("x", N, d)
w = vector("w", p)
a = scalar("a")
q = scalar("q", positive=True)
r = scalar("r", positive=True)
s = scalar("s", nonnegative=True)
i, j = index("i", n), index("j", n)
k, l = index("k", N), index("l", N)

bowl = sqnorm(X @ w)
bent = derive(hessian(bowl, w), equals(2 * (X.T @ X), differentiate))
dome = derive(hessian(-bowl, w), equals(-2 * X.T @ X, differentiate))
flat_kink = total(-relu(x))
flat = derive(hessian(flat_kink, x), equals(zeros(n, n), differentiate))
corner = total(-((x**2) ** rational(1, 2)))
cornered = derive(hessian(corner, x), equals(zeros(n, n), differentiate))
softly = total(softplus(x))
soft = derive(hessian(softly, x), equals(diag(sigmoid(x) * sigmoid(-x)), differentiate))
well = sqnorm(x) ** 2 - sqnorm(x)
curved = (4 * sqnorm(x) - 2) * I(n) + 8 * x @ x.T
double_well = derive(hessian(well, x), equals(curved, differentiate))
here = assume(positive_semidefinite(curved))
quartic = sqnorm(x) ** 2 + sqnorm(x)
steep = derive(hessian(quartic, x), equals((4 * sqnorm(x) + 2) * I(n) + 8 * (x @ x.T), differentiate))
cubic = a**3
cubic_bends = derive(hessian(cubic, a), equals(6 * a, differentiate))
square_of_a_square = a**4
square_bends = derive(hessian(square_of_a_square, a), equals(12 * a**2, differentiate))
pole = 1 / a**2
pole_bends = derive(hessian(pole, a), equals(6 / a**4, differentiate))

PAIRS = [
    pair(
        "a sum of squares below one of its terms",
        derive(sqnorm(x) + sqnorm(y), at_most(sqnorm(x), positivity)),
        derive(sqnorm(x) + sqnorm(y), at_least(sqnorm(x), positivity)),
    ),
    pair(
        "a square is not positive, only nonnegative",
        derive(sqnorm(x), more_than(0, positivity)),
        derive(sqnorm(v), more_than(0, positivity)),
    ),
    pair(
        "strict where both sides may be equal",
        derive(sqnorm(x), less_than(sqnorm(x) + s, positivity)),
        derive(sqnorm(x), less_than(sqnorm(x) + q, positivity)),
    ),
    pair(
        "a cube has no sign",
        derive(a**3, at_least(0, positivity)),
        derive(a**4, at_least(0, positivity)),
    ),
    pair(
        "a product of two different numbers is no square",
        derive(dot(x, y), at_least(0, positivity)),
        derive(dot(x, x), at_least(0, positivity)),
    ),
    pair(
        "two entries of one vector are two numbers",
        claim(nonnegative(x[i] * x[j]), positivity),
        claim(nonnegative(x[i] * x[i]), positivity),
    ),
    pair(
        "two points have an inner product of any sign",
        derive(pts[k].T @ pts[l], at_least(0, positivity)),
        derive(pts[k].T @ pts[k], at_least(0, positivity)),
    ),
    pair(
        "the outer product of two points",
        claim(positive_semidefinite(pts[k] @ pts[l].T), positivity),
        claim(positive_semidefinite(pts[k] @ pts[k].T), positivity),
    ),
    pair(
        "NumPy's x @ P is a column, not a row",
        claim(positive_semidefinite(x @ P @ x.T), positivity),
        claim(nonnegative(x.T @ P @ x), positivity),
    ),
    pair(
        "the mixed sum over all pairs, with weights",
        derive(
            Sum(x[i] * x[j] * P[i, j] * P[i, j] * P[i, j] for i in over(n) for j in over(n)), at_most(0, positivity)
        ),
        derive(Sum(x[i] * x[i] for i in over(n)), at_least(0, positivity)),
    ),
    pair(
        "a quadratic form of any matrix",
        derive(x.T @ A @ x, at_least(0, positivity)),
        derive(x.T @ P @ x, at_least(0, positivity)),
    ),
    pair(
        "the arithmetic and geometric means, turned round",
        derive(a**2 + q**2, at_most(2 * a * q, positivity)),
        derive((a - q) ** 2, at_least(0, positivity)),
    ),
    pair(
        "twice one thing against the sum of two",
        derive(2 * sqnorm(x), at_most(sqnorm(x) + sqnorm(y), positivity)),
        derive(2 * sqnorm(x) + sqnorm(y), at_least(sqnorm(x) + sqnorm(y), positivity)),
    ),
    pair(
        "off by one part in a million",
        derive(sqnorm(x), at_least(rational(1000001, 1000000) * sqnorm(x), positivity)),
        derive(sqnorm(x), at_least(rational(999999, 1000000) * sqnorm(x), positivity)),
    ),
    pair(
        "subtracting instead of adding a positive number",
        derive(exp(a) - q, at_least(exp(a), positivity)),
        derive(exp(a) + q, at_least(exp(a), positivity)),
    ),
    pair(
        "a reciprocal turns an inequality",
        derive(1 / (q + r), at_least(1 / q, positivity)),
        derive(1 / q + 1 / r, at_least(1 / q, positivity)),
    ),
    pair(
        "a fact that bounds from above, used from below",
        derive(a + sqnorm(x), at_least(q, by(assume(a, at_most(q))))),
        derive(a + sqnorm(x), at_least(q, by(assume(a, at_least(q))))),
    ),
    pair(
        "a fact multiplied by a number of any sign",
        derive(a * a - a * q, at_least(0, by(assume(a, at_least(-1 * q))))),
        derive(2 * a - 2 * q, at_least(0, by(assume(a, at_least(q))))),
    ),
    pair(
        "the root of a number may be 0",
        claim(positive(sqrt(s)), positivity),
        claim(positive(sqrt(q)), positivity),
    ),
    pair(
        "a product of semidefinite matrices: a trace of four",
        derive(trace(P @ R @ P), at_most(0, positivity)),
        derive(trace(P @ R @ P), at_least(0, positivity)),
    ),
    pair(
        "a matrix minus itself made smaller",
        claim(positive_semidefinite(P - R), positivity),
        claim(positive_semidefinite(P + R), positivity),
    ),
    pair(
        "a dome is no bowl",
        claim(convex(-bowl, w), by(dome)),
        claim(convex(bowl, w), by(bent)),
    ),
    pair(
        "the Hessian of another function",
        claim(convex(-bowl, w), by(bent)),
        claim(convex(bowl, w), by(bent)),
    ),
    pair(
        "minus relu: its second derivative vanishes wherever there is one",
        claim(convex(flat_kink, x), by(flat)),
        claim(convex(softly, x), by(soft)),
    ),
    pair(
        "minus the absolute value, written as a root of a square",
        claim(convex(corner, x), by(cornered)),
        claim(convex(softly, x), by(soft)),
    ),
    pair(
        "convex, because the Hessian is nonnegative here",
        claim(convex(well, x), by(double_well, here)),
        claim(convex(quartic, x), by(steep)),
    ),
    pair(
        "a positive definite matrix plus one that is not",
        claim(positive_semidefinite(Q + A), positivity),
        claim(positive_semidefinite(Q + P), positivity),
    ),
    pair(
        "a trace of a product, one of which is only symmetric",
        derive(trace(P @ A), at_least(0, positivity)),
        derive(trace(P @ R), at_least(0, positivity)),
    ),
    pair(
        "all entries of a semidefinite matrix may sum to 0",
        claim(positive(total(P)), positivity),
        claim(positive(total(Q)), positivity),
    ),
    pair(
        "the rows of a definite matrix may sum to less than 0",
        claim(positive(total(Q, axis=1)), positivity),
        claim(positive(total(Q.I)), positivity),
    ),
    pair(
        "the sum of a symmetric matrix's entries",
        claim(nonnegative(total(A)), positivity),
        claim(nonnegative(total(P)), positivity),
    ),
    pair(
        "the Hessian of a number that is not positive everywhere",
        claim(convex(cubic, a), by(cubic_bends)),
        claim(convex(square_of_a_square, a), by(square_bends)),
    ),
    pair(
        "a pole between two bowls",
        claim(convex(pole, a), by(pole_bends)),
        claim(convex(square_of_a_square, a), by(square_bends)),
    ),
]
