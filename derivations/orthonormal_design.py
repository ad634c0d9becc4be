"""Regression on orthonormal columns.

If the columns of the data are perpendicular and of length 1, every coefficient is decided on its own. Ridge regression
shrinks it by a factor, the lasso by an amount, and the best subset keeps it or drops it.

Where a coefficient is written as its sign times its size, the size is not zero; one that is zero stays zero.

Source: Donoho and Johnstone (1994); Tibshirani (1996); Hastie, Tibshirani and Friedman, table 3.4.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    at_least,
    derive,
    dims,
    equals,
    let,
    matrix,
    positivity,
    relu,
    scalar,
    sign,
    sqnorm,
    step,
    total,
    vector,
)
from numerics import orthonormal_design as by_hand

n, p = dims("n p")
X = matrix("X", n, p, orthonormal_columns=True)
y = vector("y", n)
w = vector("w", p)
lam = scalar("lam", positive=True)
b = vector("b", p)  # any coefficients; those of least squares are X'y
sigma = vector("sigma", p, labels=True)  # their signs
m = vector("m", p, positive=True)  # and sizes

fit = sqnorm(y) - sqnorm(X.T @ y)
split = derive(
    sqnorm(y - X @ w),
    equals(fit + sqnorm(w - X.T @ y)),
    at_least(fit, positivity),
)
"""Each on its own

The error splits into one square for each coefficient; least squares makes them all zero.
"""

ridge = derive(
    sqnorm(w - b) + lam * sqnorm(w),
    equals((1 + lam) * sqnorm(w - b / (1 + lam)) + lam / (1 + lam) * sqnorm(b)),
    at_least(lam / (1 + lam) * sqnorm(b), positivity),
)
"""Ridge regression

It divides every coefficient by 1 + lam.
"""

rest = relu(abs_(b) - lam)
soft = total((w - b) ** 2) / 2 + lam * total(abs_(w))
lasso = derive(
    soft,
    equals(
        total(b**2 - rest**2) / 2
        + total((abs_(w) - rest) ** 2) / 2
        + total(abs_(w) * relu(lam - abs_(b)))
        + 2 * total(relu(w) * relu(-b))
        + 2 * total(relu(-w) * relu(b)),
        algebra,
    ),
    at_least(total(b**2 - rest**2) / 2, positivity),
)
"""The lasso: a bound

Nothing costs less than this: what is left over is a square and three products of things that are not negative.
"""
lasso_there = derive(
    soft.at(w, sigma * relu(m - lam)).at(b, sigma * m),
    equals(total(m**2 - relu(m - lam) ** 2) / 2, algebra),
    equals((total(b**2 - rest**2) / 2).at(b, sigma * m), algebra),
)
"""The lasso: soft thresholding

The bound is met by the coefficient moved lam towards zero, and set to zero if that would carry it beyond.
"""

hard = total((w - b) ** 2) + lam * total(sign(w) ** 2)
subset = derive(
    hard,
    equals(
        total(b**2 - relu(b**2 - lam))
        + total(sign(w) ** 2 * (w - b) ** 2)
        + total(sign(w) ** 2 * relu(lam - b**2))
        + total((1 - sign(w) ** 2) ** 2 * relu(b**2 - lam)),
        algebra,
    ),
    at_least(total(b**2 - relu(b**2 - lam)), positivity),
)
"""The best subset: a bound

Here each coefficient that is not zero costs lam, however small it is.
"""
subset_there = derive(
    hard.at(w, sigma * m * step(m**2 - lam)).at(b, sigma * m),
    equals(total(m**2 - relu(m**2 - lam)), algebra),
)
"""The best subset: hard thresholding

It is met by keeping the coefficients whose squares are above lam.
"""

least_squares_code = agrees(X.T @ y, by_hand.least_squares)
ridge_code = agrees(X.T @ y / (1 + lam), by_hand.ridge)
thresholded = let("S", sign(b) * rest)
lasso_code = agrees(thresholded.at(b, X.T @ y), by_hand.lasso)
subset_code = agrees((b * step(b**2 - lam)).at(b, X.T @ y), by_hand.best_subset)
