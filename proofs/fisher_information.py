"""The score and Fisher's information.

How fast does the probability of the data change with the parameter? On average not at all; but the more it changes for
single data, the more the data say about the parameter.

There are finitely many outcomes. Near the parameter in question, t = 0, outcome i has the probability
p_i + a_i't + t'B_i t/2 up to smaller terms; as the sum is 1 for every t, the a_i sum to 0, and so do the B_i.

Source: Fisher (1925); Lehmann and Casella, Theory of Point Estimation (2nd ed.), sec. 2.5 and lemma 5.3; Cover and
Thomas, Elements of Information Theory (2nd ed.), sec. 11.10.
"""

from chainrule import (
    Gaussian,
    Normal,
    Sum,
    agrees,
    algebra,
    assume,
    by,
    claim,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    expect,
    expectation,
    grad,
    hessian,
    index,
    let,
    log,
    matrix,
    outer,
    over,
    positive_semidefinite,
    positivity,
    scalar,
    tensor,
    vector,
    zeros,
)
from numerics import fisher_information as by_hand

n, m, d = dims("n m d")
p = vector("p", n, simplex=True, positive=True)
A = matrix("A", n, d)
B = tensor("B", n, d, d, symmetric=True)
t = vector("t", d)
i = index("i", n)
probability = p[i] + dot(A[i], t) + t.T @ B[i] @ t / 2

score = derive(
    grad(log(probability), t).at(t, zeros(d)),
    equals(A[i] / p[i], differentiate),
)
"""The score

The slope of the log-probability.
"""
curve = derive(
    hessian(log(probability), t).at(t, zeros(d)),
    equals(B[i] / p[i] - outer(A[i], A[i]) / p[i] ** 2, differentiate),
)
"""Its curvature"""
first = assume(Sum(A[j] for j in over(n)), equals(0))
second = assume(Sum(B[j] for j in over(n)), equals(0))
mean = derive(
    Sum(p[j] * (A[j] / p[j]) for j in over(n)),
    equals(Sum(A[j] for j in over(n)), algebra),
    equals(0, by(first)),
)
"""The score has the mean zero"""
information = let("I", Sum(p[j] * outer(A[j] / p[j], A[j] / p[j]) for j in over(n)))
identity = derive(
    -Sum(p[j] * (B[j] / p[j] - outer(A[j], A[j]) / p[j] ** 2) for j in over(n)),
    equals(information - Sum(B[j] for j in over(n)), algebra),
    equals(information, by(second)),
)
"""Two ways to the information

It is the covariance of the score, and minus the mean curvature of the log-probability.
"""
direction = claim(positive_semidefinite(information), positivity)
"""It is never negative"""

q = vector("q", m, simplex=True, positive=True)  # another experiment,
C = matrix("C", m, d)  # whose slopes sum to 0, too
other = assume(Sum(C[j] for j in over(m)), equals(0))
more = let("I_2", Sum(q[j] * outer(C[j] / q[j], C[j] / q[j]) for j in over(m)))
both = derive(
    Sum(p[j] * q[k] * outer(A[j] / p[j] + C[k] / q[k], A[j] / p[j] + C[k] / q[k]) for j in over(n) for k in over(m)),
    equals(information + more, by(first, other)),
    given=(first, other),
)
"""Independent experiments add

n of them, all alike, say n times as much as one.
"""
J = matrix("J", d, d)
units = derive(
    Sum(p[j] * outer(J.T @ A[j] / p[j], J.T @ A[j] / p[j]) for j in over(n)),
    equals(J.T @ information @ J, algebra),
)
"""In other parameters

with the derivative J of the old ones in the new ones.
"""

z, mu = scalar("z"), scalar("mu")
sigma_sq = scalar("sigma_sq", positive=True)
location = derive(
    expect(grad(Normal(mu, sigma_sq).log_density(z), mu) ** 2, z, Normal(mu, sigma_sq)),
    equals(1 / sigma_sq, expectation),
)
"""The mean of a normal law"""
scale = derive(
    expect(grad(Normal(mu, sigma_sq).log_density(z), sigma_sq) ** 2, z, Normal(mu, sigma_sq)),
    equals(1 / (2 * sigma_sq**2), expectation),
)
"""its variance,"""
cross = derive(
    expect(
        grad(Normal(mu, sigma_sq).log_density(z), mu) * grad(Normal(mu, sigma_sq).log_density(z), sigma_sq),
        z,
        Normal(mu, sigma_sq),
    ),
    equals(0, expectation),
)
"""and nothing between the two."""
x, nu = vector("x", d), vector("nu", d)
S = matrix("Sigma", d, d, positive_definite=True)
gaussian = derive(
    expect(outer(S.I @ (x - nu), S.I @ (x - nu)), x, Gaussian(nu, S)),
    equals(S.I, expectation),
)
"""The mean of a normal vector

whose score is Sigma^-1 (x - nu): the information is the precision.
"""
theta = scalar("theta", unit_interval=True)
coin = derive(
    theta * grad(log(theta), theta) ** 2 + (1 - theta) * grad(log(1 - theta), theta) ** 2,
    equals(1 / (theta * (1 - theta)), differentiate),
)
"""A coin

says most about its probability where that is near 0 or 1.
"""

information_code = agrees(information, by_hand.information)
coin_code = agrees(coin.last, by_hand.coin)
