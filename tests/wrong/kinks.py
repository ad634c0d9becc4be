"""Functions with a corner: what relu, |x|, sign and step let out, what they do at 0, and where a fact is read again."""

from chainrule import (
    I,
    abs_,
    assume,
    at_least,
    by,
    claim,
    derive,
    dims,
    equals,
    matrix,
    nonnegative,
    positive_definite,
    positive_semidefinite,
    positivity,
    relu,
    scalar,
    sign,
    step,
    vector,
)
from tests.wrong.pairs import pair

n, p = dims("n p")
a, b = scalar("a"), scalar("b")
q = scalar("q", positive=True)
s = scalar("s", nonnegative=True)
t = scalar("t", labels=True)
x = vector("x", n)
f, g = vector("f", p), vector("g", p)
A, B = matrix("A", n, n), matrix("B", n, n)
X = matrix("X", n, p)
U = matrix("U", n, p, orthonormal_columns=True)
Q = matrix("Q", p, p, positive_definite=True)
whole = claim(positive_definite(I(p) + Q), positivity)
other = claim(positive_definite(X.T @ X + Q), positivity)
lo, hi = vector("lo", n), vector("hi", n)
in_order = assume(nonnegative(hi - lo))
turned_order = assume(nonnegative(lo - hi))
not_negative = assume(nonnegative(a))
above_q = assume(a, at_least(q))
under_q = assume(q, at_least(b))
below_q = assume(b, at_least(q))

PAIRS = [
    pair(
        "a number is the difference of its halves, not their sum",
        derive(relu(a) + relu(-a), equals(a)),
        derive(relu(a) - relu(-a), equals(a)),
    ),
    pair(
        "a number of any sign, taken out of relu",
        derive(relu(b * a), equals(b * relu(a))),
        derive(relu(q * a), equals(q * relu(a))),
    ),
    pair(
        "a label taken out of relu, as it may be out of a size",
        derive(relu(t * a), equals(relu(a))),
        derive(abs_(t * a), equals(abs_(a))),
    ),
    pair(
        "a number taken out of a size without its own size",
        derive(abs_(b * a), equals(b * abs_(a))),
        derive(abs_(q * a), equals(q * abs_(a))),
    ),
    pair(
        "the size of a sum",
        derive(abs_(a + b), equals(abs_(a) + abs_(b))),
        derive(abs_(a - b), equals(abs_(b - a))),
    ),
    pair(
        "the size of a cut-off number is that number, the size of the number is not",
        derive(abs_(a), equals(relu(a))),
        derive(abs_(relu(a)), equals(relu(a))),
    ),
    pair(
        "two steps make 1, but not at 0",
        derive(step(-a), equals(1 - step(a))),
        derive(a * step(-a), equals(a - a * step(a))),
    ),
    pair(
        "the square of a sign is 1, but not at 0",
        derive(sign(a) ** 2, equals(1)),
        derive(sign(a) ** 2 * a, equals(a)),
    ),
    pair(
        "twice a step less 1 is the sign, but not at 0",
        derive(sign(a), equals(2 * step(a) - 1)),
        derive(a * sign(a), equals(a * (2 * step(a) - 1))),
    ),
    pair(
        "the sign of what may be 0",
        derive(sign(s * a), equals(sign(a))),
        derive(sign(q * a), equals(sign(a))),
    ),
    pair(
        "soft thresholding turned round",
        derive(a - relu(a - q) - relu(-a - q), equals(relu(q - a) - relu(-q - a) + a - q)),
        derive(a - relu(a - q), equals(q - relu(q - a))),
    ),
    pair(
        "relu of a matrix product goes by entries",
        derive(relu(A @ x), equals(A @ relu(x))),
        derive(relu(A @ x) - relu(-A @ x), equals(A @ x)),
    ),
    pair(
        "a product with itself, turned, and with another one",
        claim(positive_semidefinite((A @ B).T @ (B @ A)), positivity),
        claim(positive_semidefinite((A @ B).T @ (A @ B)), positivity),
    ),
    pair(
        "a fact about another matrix, inside an inverse",
        derive((I(p) + Q).I @ f, equals(g, by(whole, other, assume((X.T @ X + Q).I @ f, equals(g))))),
        derive((I(p) + Q).I @ f, equals(g, by(whole, assume((U.T @ U + Q).I @ f, equals(g))))),
    ),
    pair(
        "case by case: one of the two cases fails",
        derive(a + 2 * relu(-a) - relu(a) / 2, at_least(relu(a), positivity)),
        derive(a + 2 * relu(-a) + relu(a) / 2, at_least(relu(a), positivity)),
    ),
    pair(
        "what is left of a number below a bound, and the number itself",
        derive(relu(a - q) - (a - q), equals(relu(a - q))),
        derive(relu(relu(a - q) - (a - q)), equals(relu(q - a))),
    ),
    pair(
        "a square that is none",
        derive(a**2 - a * b + b**2 / 5, at_least(0, positivity)),
        derive(a**2 - a * b + b**2 / 4, at_least(0, positivity)),
    ),
    pair(
        "an odd power of a difference has a sign",
        derive(a**3 - 3 * a**2 * b + 3 * a * b**2 - b**3, at_least(0, positivity)),
        derive((a**3 - 3 * a**2 * b + 3 * a * b**2 - b**3) * (a - b), at_least(0, positivity)),
    ),
    pair(
        "a denominator that is a square, with one factor lost",
        derive(1 / (q**2 + 2 * q * s + s**2), equals(1 / (q + s))),
        derive(1 / (q**2 + 2 * q * s + s**2), equals((1 / (q + s)) ** 2)),
    ),
    pair(
        "relu of less is less, with the order the wrong way round",
        claim(nonnegative(relu(x - lo) - relu(x - hi)), by(turned_order)),
        claim(nonnegative(relu(x - lo) - relu(x - hi)), by(in_order)),
    ),
    pair(
        "both ends of an interval push, unless it is one",
        claim(nonnegative(-relu(lo - x) * relu(x - hi)), positivity),
        claim(nonnegative(-relu(lo - x) * relu(x - hi)), by(in_order)),
    ),
    pair(
        "two known inequalities that do not meet",
        claim(nonnegative(a - b), by(above_q, below_q)),
        claim(nonnegative(a - b), by(above_q, under_q)),
    ),
    pair(
        "a difference of what is clipped has no sign without its facts",
        derive(relu(a) - relu(a - b), at_least(0, positivity)),
        derive(relu(a) - relu(a - s), at_least(0, positivity)),
    ),
    pair(
        "a price of which nothing is known",
        claim(nonnegative(a - x + relu(x - a) - relu(-x - a)), positivity),
        claim(nonnegative(a - x + relu(x - a) - relu(-x - a)), by(not_negative)),
    ),
    pair(
        "nothing lies beyond both ends of an interval, unless the ends are in the wrong order",
        derive(relu(lo - x) * relu(x - hi), equals(0, by(turned_order))),
        derive(relu(lo - x) * relu(x - hi), equals(0, by(in_order))),
    ),
    pair(
        "a square that is at most 0, and one that is at most some number",
        derive(a, equals(0, by(assume(nonnegative(q - a**2))))),
        derive(a, equals(0, by(assume(nonnegative(-(a**2)))))),
    ),
    pair(
        "a quotient by the larger of two numbers, times more than it",
        derive(relu(s - q) / (q + relu(s - q)) * (2 * q + relu(s - q)), equals(relu(s - q))),
        derive(relu(s - q) / (q + relu(s - q)) * (q + relu(s - q)), equals(relu(s - q))),
    ),
]
