"""The shortest interpolator.

With more weights than examples many lines run through every example. Ridge regression, at a price that tends to zero,
chooses the one with the shortest weights; so does the pseudo-inverse.

Source: Penrose (1956); Hastie, Montanari, Rosset and Tibshirani, Surprises in high-dimensional ridgeless least squares
interpolation (2022), sec. 2.2.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    claim,
    derive,
    diag,
    dims,
    equals,
    let,
    matrix,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import minimum_norm as by_hand

n, p = dims("n p")
Z = matrix("Z", p, n, full_column_rank=True)  # one example a column: the rows of X = Z' are independent
y = vector("y", n)
w = vector("w", p)
lam = scalar("lam", positive=True)

K = let("K", Z.T @ Z)
solvable = claim(positive_definite(K), positivity)
"""Independent examples"""
shortest = let("w₀", Z @ K.I @ y)
through = derive(
    Z.T @ shortest,
    equals(y, by(solvable)),
)
"""It runs through every example"""

also_through = assume(Z.T @ w, equals(y))
longer = derive(
    sqnorm(w),
    equals(sqnorm(shortest) + sqnorm(w - shortest), by(also_through, solvable)),
    at_least(sqnorm(shortest), by(solvable)),
)
"""No other is as short

Any other weights that run through every example differ by something perpendicular to all the examples.
"""

A = let("A", K + lam * I(n))
priced = claim(positive_definite(A), positivity)
"""With a price"""
ridge = let("w_λ", Z @ A.I @ y)
resolvent = derive(K.I - A.I, equals(lam * K.I @ A.I, by(solvable, priced)))
"""What the price changes"""
distance = derive(
    shortest - ridge,
    equals(lam * Z @ K.I @ A.I @ y, by(resolvent, solvable, priced)),
)
"""How far ridge regression is from it

The price is a factor of the difference.
"""

V = matrix("V", p, n, orthonormal_columns=True)
U = matrix("U", n, n, orthogonal=True)
s = vector("s", n, positive=True)
c = let("c", U.T @ y)
D = let("D", V @ diag(s) @ U.T)  # the data in their singular basis
K_there, A_there = let("K_D", D.T @ D), let("A_D", D.T @ D + lam * I(n))
turned = claim(positive_definite(K_there), positivity)
"""In the singular basis"""
as_pseudo = derive(
    D @ K_there.I @ y,
    equals(V @ diag(1 / s) @ c, by(turned)),
)
"""The pseudo-inverse

It inverts the singular values,
"""
turned_priced = claim(positive_definite(A_there), positivity)
"""In the singular basis, with a price"""
ridge_there = derive(
    D @ A_there.I @ y,
    equals(V @ diag(s / (s**2 + lam)) @ c, by(turned_priced)),
)
"""Ridge regression there

which ridge regression does in part.
"""

kept = derive(1 / s - s / (s**2 + lam), equals(lam / (s * (s**2 + lam))))
"""One direction

By how much ridge regression falls short of inverting a singular value:
"""
small = derive(
    (lam / (s * (s**2 + lam))) ** 2,
    equals(lam**2 / s**6 - lam**3 * (2 * s**2 + lam) / (s**6 * (s**2 + lam) ** 2)),
)
"""Its square

less than lam times a number that does not depend on lam.
"""
limit = derive(
    sqnorm(V @ ((1 / s - s / (s**2 + lam)) * c)),
    equals(total((1 / s - s / (s**2 + lam)) ** 2 * c**2), algebra),
    equals(total((lam / (s * (s**2 + lam))) ** 2 * c**2), by(kept)),
    equals(
        lam**2 * total(c**2 / s**6) - lam**3 * total(c**2 * (2 * s**2 + lam) / (s**6 * (s**2 + lam) ** 2)),
        by(small),
    ),
    at_most(lam**2 * total(c**2 / s**6), positivity),
)
"""The limit

So the distance is at most lam times a number that does not depend on lam: the limit of ridge
regression is the shortest interpolator.
"""

interpolator_code = agrees(shortest, by_hand.interpolator)
pseudo_code = agrees(shortest, by_hand.pseudo)
ridge_code = agrees(ridge, by_hand.ridge)
