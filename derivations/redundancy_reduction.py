"""Barlow Twins and VICReg.

No pair of examples is compared. Instead the coordinates are: each should agree with itself across two views, vary, and
say what no other coordinate says.

Source: Zbontar et al., Barlow Twins, ICML (2021); Bardes, Ponce and LeCun, VICReg, ICLR (2022).
"""

from chainrule import (
    agrees,
    assume,
    derive,
    diag,
    diagof,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    nonzero,
    relu,
    scalar,
    sqnorm,
    sqrt,
    step,
    total,
    vjp,
)
from numerics import redundancy_reduction as by_hand

N, d = dims("N d", typical=(128, 64))
A, B = matrix("A", N, d), matrix("B", N, d)  # two views, one example a row
lam, eps = scalar("lam", positive=True), scalar("eps", positive=True)


def off(C):
    """C with zeros on its diagonal.    C (d, d)"""
    return C - diag(diagof(C))


def barlow(C, lam):
    """sum_j (1 - c_jj)^2 + lam sum over i != j of c_ij^2.    C (d, d)"""
    return total((1 - diagof(C)) ** 2) + lam * sqnorm(off(C))


def standardised(U, eps):
    """Every column with mean 0 and variance 1, but for eps.    U (N, d)  ->  (N, d)"""
    centred = U - total(U, axis=0) / U.shape[0]
    return centred / sqrt(total(centred**2, axis=0) / U.shape[0] + eps)


R = matrix("C", d, d)
by_correlations = derive(
    grad(barlow(R, lam), R),
    equals(2 * lam * off(R) - 2 * diag(1 - diagof(R)), differentiate),
)
"""Barlow Twins, by the correlations

On the diagonal they are pulled to 1, elsewhere to 0.
"""

C = let("C", A.T @ B / N)
M = let("M", 2 * lam * off(C) - 2 * diag(1 - diagof(C)))
by_view = derive(
    grad(barlow(C, lam), A),
    equals(B @ M.T / N, differentiate),
)
"""By one of the views

Of standardised embeddings A and B.
"""

U = matrix("U", N, d)
D = let("C", standardised(U, eps).T @ B / N)
whole = derive(
    grad(barlow(D, lam), U),
    equals(vjp(standardised(U, eps), U, B @ (2 * lam * off(D) - 2 * diag(1 - diagof(D))).T / N), differentiate),
)
"""Through the standardisation

It is batch norm without a scale: what comes back is what batch norm makes of the line above.
"""

Z = matrix("Z", N, d)
m = scalar("m", positive=True)  # what variances are divided by: N - 1, or N
centred = let("Y", Z - total(Z, axis=0) / N)
by_invariance = derive(
    grad(sqnorm(A - B) / N, A),
    equals(2 * (A - B) / N, differentiate),
)
"""VICReg: two views agree"""

size = let("sigma", sqrt(total(centred**2, axis=0) / m + eps))
off_kink = assume(nonzero(1 - size))
by_spread = derive(
    grad(total(relu(1 - size)) / d, Z),
    equals(-step(1 - size) * centred / (m * d * size), differentiate),
    given=off_kink,
)
"""Every coordinate varies

The hinge is quiet once a deviation is above 1; assumed is that none is exactly 1. It keeps all embeddings from becoming
one.
"""

K = let("K", centred.T @ centred / m)
by_covariance = derive(
    grad(sqnorm(off(K)) / d, Z),
    equals(4 * centred @ off(K) / (m * d), differentiate),
)
"""No two coordinates say the same

The mean that was taken off does not come back a second time: the columns on the right have mean 0 already.
"""

barlow_code = agrees(barlow(C, lam), by_hand.barlow)
view_code = agrees(by_view.last, by_hand.barlow_by_view)
invariance_code = agrees(sqnorm(A - B) / N, by_hand.invariance)
invariance_gradient_code = agrees(by_invariance.last, by_hand.invariance_by_view)
spread_code = agrees(total(relu(1 - size)) / d, by_hand.spread)
spread_gradient_code = agrees(by_spread.last, by_hand.spread_by_embedding)
covariance_code = agrees(sqnorm(off(K)) / d, by_hand.covariance)
covariance_gradient_code = agrees(by_covariance.last, by_hand.covariance_by_embedding)
