"""Marginal and conditional of a Gaussian.

Know a part of a normal vector, and the rest is normal still: its mean moves in proportion to the surprise, and its
covariance shrinks by an amount that does not depend on what was seen.

The covariance of (x, y) has the blocks A, B, B' and C; S is the Schur complement of C. The density is an exponential of
minus half a quadratic form, whose blocks J, K, K' and L are those of the inverse.

Source: Anderson, An Introduction to Multivariate Statistical Analysis (3rd ed.), theorem 2.5.1; Bishop, PRML, sec. 2.3.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    by,
    derive,
    dims,
    equals,
    expect,
    expectation,
    let,
    matrix,
    outer,
    vector,
    zeros,
)
from numerics import conditional_gaussian as by_hand

p, q = dims("p q")
B = matrix("B", p, q)  # the covariance of x with y
C = matrix("C", q, q, positive_definite=True)  # that of y
S = matrix("S", p, p, positive_definite=True)  # the Schur complement A - B C^-1 B'
A = let("A", S + B @ C.I @ B.T)  # the covariance of x

J = let("J", S.I)
K = let("K", -S.I @ B @ C.I)
L = let("L", C.I + C.I @ B.T @ S.I @ B @ C.I)
inverse = [
    derive(A @ J + B @ K.T, equals(I(p), algebra)),
    derive(A @ K + B @ L, equals(0, algebra)),
    derive(B.T @ J + C @ K.T, equals(0, algebra)),
    derive(B.T @ K + C @ L, equals(I(q), algebra)),
]
"""The inverse, block by block

These are the four blocks of the covariance times the precision.
"""

u, v = vector("u", p), vector("v", q)  # the deviations of x and y from their means
split = derive(
    u.T @ J @ u + 2 * u.T @ K @ v + v.T @ L @ v,
    equals((u - B @ C.I @ v).T @ S.I @ (u - B @ C.I @ v) + v.T @ C.I @ v, algebra),
)
"""The exponent splits

The second square is that of a normal y with the covariance C: the marginal. The first, for a given y, is that of a
normal x with the mean moved by B C^-1 v and the covariance S: the conditional.
"""

uncorrelated = assume(B, equals(0))
independent = derive(
    split.first,
    equals(u.T @ S.I @ u + v.T @ C.I @ v, by(uncorrelated)),
)
"""Uncorrelated is independent

Where B is 0 the exponent is a sum of one of x and one of y, and the density a product. That x and y are normal each by
itself is not enough: the hypothesis is that they are so jointly.
"""
same = derive(S, equals(A, by(uncorrelated)), given=uncorrelated)
"""and nothing is learnt of x from y."""

G = let("G", B @ C.I)
e = vector("e", p)
residual = derive(
    expect(outer(u - G @ v, v), u, mean=G @ v, covariance=S),
    equals(0, expectation),
)
"""What is left is not correlated with what was seen"""
back = derive(
    expect(expect(outer(G @ v + e, G @ v + e), e, mean=zeros(p), covariance=S), v, mean=zeros(q), covariance=C),
    equals(A, expectation),
)
"""The other way round

Draw y, and then x around its conditional mean: x has the covariance A again.
"""

M = matrix("M", p, p, positive_definite=True)
x, y, mx, my = vector("x", p), vector("y", q), vector("mu_x", p), vector("mu_y", q)
mean_code = agrees(mx + B @ C.I @ (y - my), by_hand.mean)
covariance_code = agrees(M - B @ C.I @ B.T, by_hand.covariance, A="M")
