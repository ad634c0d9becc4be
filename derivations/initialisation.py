"""How large the first weights are.

A signal passes many layers. If each of them makes it a little larger it explodes, a little smaller and it vanishes; the
variance of the first weights decides which.

The weights of a unit are drawn with mean 0, variance `sigma_sq`, uncorrelated; nothing else is used of them, but
for ReLU that a weight vector is as likely as its opposite.

Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010); He, Zhang,
Ren and Sun, Delving deep into rectifiers (2015), sec. 2.2.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    as_node,
    assume,
    by,
    derive,
    dims,
    dot,
    equals,
    expect,
    expectation,
    index,
    induction,
    matrix,
    outer,
    over,
    position,
    recur,
    relu,
    scalar,
    sqnorm,
    vector,
    zeros,
)
from numerics import initialisation as by_hand

n, m, S, L = dims("n m S L")  # inputs, outputs, outcomes, layers
sigma_sq, v = scalar("sigma_sq", positive=True), scalar("v", positive=True)
w, x, delta = vector("w", n), vector("x", n), vector("delta", m)

forwards = derive(
    expect(dot(w, x) ** 2, w, mean=zeros(n), covariance=sigma_sq * I(n)),
    equals(sigma_sq * sqnorm(x), expectation),
)
"""A unit's variance, for given inputs"""
over_inputs = derive(
    expect(sigma_sq * sqnorm(x), x, mean=zeros(n), covariance=v * I(n)),
    equals(n * sigma_sq * v, expectation),
)
"""and for inputs of variance v

A layer of `n` inputs multiplies the variance by n sigma_sq: it is kept where sigma_sq = 1/n.
"""
c = vector("c", m)
backwards = derive(
    expect(dot(c, delta) ** 2, c, mean=zeros(m), covariance=sigma_sq * I(m)),
    equals(sigma_sq * sqnorm(delta), expectation),
)
"""On the way back

an error is a sum over the `m` outputs, so that its variance is kept where sigma_sq = 1/m.
"""
xavier = 2 / (as_node(n) + m)
compromise = derive(
    1 / xavier,
    equals((as_node(n) + m) / 2, algebra),
)
"""Xavier

takes the mean of both sizes for each of them.
"""

q, W = vector("q", S, simplex=True), matrix("W", S, n)  # outcomes, each as likely as its opposite
spread = assume(Sum(q[s] * outer(W[s], W[s]) for s in over(S)), equals(sigma_sq * I(n)))
half = derive(
    Sum(q[s] * (relu(dot(W[s], x)) ** 2 + relu(-dot(W[s], x)) ** 2) / 2 for s in over(S)),
    equals(Sum(q[s] * dot(W[s], x) ** 2 for s in over(S)) / 2, algebra),
    equals(x.T @ Sum(q[s] * outer(W[s], W[s]) for s in over(S)) @ x / 2, algebra),
    equals(sigma_sq * sqnorm(x) / 2, by(spread)),
)
"""ReLU halves it

What it cuts off of a weight vector it keeps of the opposite one: the mean square is half the variance;
"""
he = derive(
    n * (2 / as_node(n)) / 2 * v,
    equals(v, algebra),
)
"""He

so it is kept where sigma_sq = 2/n.
"""

l, a, u = index("l", L), scalar("a", positive=True), scalar("u")
deep = derive(
    recur({u: a * u}, {u: v}, length=L)[l],
    equals(a ** position(l + 1) * v, induction(l)),
)
"""Through many layers

the factor `a` of one layer is raised to a power: after 50 layers 0.9 has become 0.005, and 1.1 has become 117.
"""

unit_code = agrees(sigma_sq * sqnorm(x), by_hand.variance_of_a_unit)
