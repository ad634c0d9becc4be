"""Affine maps of random vectors.

Stretch, turn and shift a cloud of points: its middle moves along, and its ellipse is carried by the same matrix.

Mean and covariance ask nothing of the law. That a normal vector stays normal is shown by its density, where the map can
be undone.

Source: Anderson, An Introduction to Multivariate Statistical Analysis (3rd ed.), theorem 2.4.1; Bishop, PRML, sec. 2.3.
"""

from chainrule import (
    Normal,
    agrees,
    algebra,
    at_least,
    derive,
    det,
    dims,
    equals,
    expect,
    expectation,
    let,
    log,
    matrix,
    outer,
    positivity,
    scalar,
    sqnorm,
    trace,
    vector,
)
from numerics import affine_gaussian as by_hand

n, p = dims("n p")
A = matrix("A", n, p)
b = vector("b", n)
m = vector("m", p)  # the mean of x
S = matrix("Sigma", p, p, psd=True)  # and its covariance
x = vector("x", p)

centre = derive(
    expect(A @ x + b, x, mean=m, covariance=S),
    equals(A @ m + b, expectation),
)
"""The mean moves along"""
spread = derive(
    expect(outer(A @ x + b - (A @ m + b), A @ x + b - (A @ m + b)), x, mean=m, covariance=S),
    equals(A @ S @ A.T, expectation),
)
"""The covariance is carried by A"""

c = vector("c", p)
along = derive(
    expect((c.T @ x - c.T @ m) ** 2, x, mean=m, covariance=S),
    equals(c.T @ S @ c, expectation),
    at_least(0, positivity),
)
"""The variance along a direction

It is never negative.
"""
far = derive(
    expect(sqnorm(x - c), x, mean=m, covariance=S),
    equals(sqnorm(m - c) + trace(S), expectation),
    at_least(trace(S), positivity),
)
"""How far from a point

The squared distance of the mean and the trace of the covariance: no point is nearer on average than the mean.
"""

T = matrix("T", p, p, invertible=True)
V = matrix("V", p, p, positive_definite=True)
t = vector("t", p)
moved = let("r", T @ x + t - (T @ m + t))
exponent = derive(
    moved.T @ (T @ V @ T.T).I @ moved,
    equals((x - m).T @ V.I @ (x - m), algebra),
)
"""A normal vector stays normal

At the image of x the exponent of the normal density with the moved mean and covariance is that of the old one at x;
"""
volume = derive(
    det(T @ V @ T.T),
    equals(det(T) ** 2 * det(V), algebra),
)
"""The volume

and the volume has grown by |det T|, by which a density falls.
"""

z, mu, a, sigma_sq = scalar("z"), scalar("mu"), scalar("a", positive=True), scalar("sigma_sq", positive=True)
line = derive(
    Normal(a * mu, a**2 * sigma_sq).log_density(a * z),
    equals(Normal(mu, sigma_sq).log_density(z) - log(a), algebra),
)
"""On the line

The density of a z is that of z, divided by a.
"""

mean_code = agrees(A @ m + b, by_hand.mean)
covariance_code = agrees(A @ S @ A.T, by_hand.covariance)
distance_code = agrees(far.first, by_hand.mean_squared_distance)
