"""Moments of a normal vector.

The expected value of a product of normal numbers with mean zero is a sum over all ways of pairing them up, each pair
contributing its covariance. An odd number of them cannot be paired, and gives zero.

Stein's lemma is the step from one pairing to the next: a factor x - m is the covariance times a derivative. It is shown
here for polynomials.

Source: Isserlis (1918); Stein (1981), lemma 1; Petersen and Pedersen, The Matrix Cookbook (2012), sec. 8.2.
"""

from chainrule import (
    Gaussian,
    Normal,
    agrees,
    derive,
    dims,
    equals,
    expect,
    expectation,
    grad,
    matrix,
    outer,
    scalar,
    sqnorm,
    trace,
    vector,
    zeros,
)
from numerics import isserlis as by_hand

(p,) = dims("p")
x, m = vector("x", p), vector("m", p)
V = matrix("V", p, p, psd=True)
a, b, c, d = vector("a", p), vector("b", p), vector("c", p), vector("d", p)
e, f = vector("e", p), vector("f", p)
normal = Gaussian(zeros(p), V)

two = derive(
    expect((a.T @ x) * (b.T @ x), x, normal),
    equals(a.T @ V @ b, expectation),
)
"""Two factors

have one pairing,
"""
three = derive(
    expect((a.T @ x) * (b.T @ x) * (c.T @ x), x, normal),
    equals(0, expectation),
)
"""Three factors

have none,
"""
four = derive(
    expect((a.T @ x) * (b.T @ x) * (c.T @ x) * (d.T @ x), x, normal),
    equals(
        (a.T @ V @ b) * (c.T @ V @ d) + (a.T @ V @ c) * (b.T @ V @ d) + (a.T @ V @ d) * (b.T @ V @ c),
        expectation,
    ),
)
"""Four factors

have three,
"""
six = derive(
    expect((a.T @ x) * (b.T @ x) * (c.T @ x) * (d.T @ x) * (e.T @ x) * (f.T @ x), x, normal),
    equals(
        (a.T @ V @ b) * ((c.T @ V @ d) * (e.T @ V @ f) + (c.T @ V @ e) * (d.T @ V @ f) + (c.T @ V @ f) * (d.T @ V @ e))
        + (a.T @ V @ c)
        * ((b.T @ V @ d) * (e.T @ V @ f) + (b.T @ V @ e) * (d.T @ V @ f) + (b.T @ V @ f) * (d.T @ V @ e))
        + (a.T @ V @ d)
        * ((b.T @ V @ c) * (e.T @ V @ f) + (b.T @ V @ e) * (c.T @ V @ f) + (b.T @ V @ f) * (c.T @ V @ e))
        + (a.T @ V @ e)
        * ((b.T @ V @ c) * (d.T @ V @ f) + (b.T @ V @ d) * (c.T @ V @ f) + (b.T @ V @ f) * (c.T @ V @ d))
        + (a.T @ V @ f)
        * ((b.T @ V @ c) * (d.T @ V @ e) + (b.T @ V @ d) * (c.T @ V @ e) + (b.T @ V @ e) * (c.T @ V @ d)),
        expectation,
    ),
)
"""Six factors

and six have fifteen.
"""

A = matrix("A", p, p, symmetric=True)
B = matrix("B", p, p, symmetric=True)
forms = derive(
    expect((x.T @ A @ x) * (x.T @ B @ x), x, normal),
    equals(trace(A @ V) * trace(B @ V) + 2 * trace(A @ V @ B @ V), expectation),
)
"""Two quadratic forms"""
spread = derive(
    expect((x.T @ A @ x - (trace(A @ V) + m.T @ A @ m)) ** 2, x, Gaussian(m, V)),
    equals(2 * trace(A @ V @ A @ V) + 4 * m.T @ A @ V @ A @ m, expectation),
)
"""The variance of a quadratic form

around any mean.
"""
fourth = derive(
    expect(sqnorm(x) * outer(x, x), x, normal),
    equals(trace(V) * V + 2 * V @ V, expectation),
)
"""Fourth moments as a matrix"""

z, mu = scalar("z"), scalar("mu")
sigma_sq = scalar("sigma_sq", positive=True)
k = [scalar(f"k{j}") for j in range(6)]
g = k[0] + k[1] * z + k[2] * z**2 + k[3] * z**3 + k[4] * z**4 + k[5] * z**5
stein = derive(
    expect((z - mu) * g, z, Normal(mu, sigma_sq)),
    equals(sigma_sq * expect(grad(g, z), z, Normal(mu, sigma_sq)), expectation),
)
"""Stein's lemma on the line

for any polynomial of degree 5,
"""
C = matrix("C", p, p)
h = (x.T @ C @ x) * (a.T @ x) + x.T @ A @ x + b.T @ x
lemma = derive(
    expect((x - m) * h, x, Gaussian(m, V)),
    equals(V @ expect(grad(h, x), x, Gaussian(m, V)), expectation),
)
"""In space

and for cubics of this kind in a vector.
"""

high = derive(
    expect((z - mu) ** 8, z, Normal(mu, sigma_sq)),
    equals(105 * sigma_sq**4, expectation),
)
"""The eighth moment

105 = 7 x 5 x 3 is the number of ways of pairing eight things up.
"""

forms_code = agrees(forms.first, by_hand.two_forms)
spread_code = agrees(spread.last, by_hand.variance_of_a_form)
