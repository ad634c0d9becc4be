"""RMSProp and Adam.

Each weight takes steps of its own length: the mean of its gradients, by the root of the mean of their squares.

A mean that starts at 0 is too small at first. Adam divides by the sum of the weights in it, and this is the whole of
bias correction. An expectation is a weighted sum over finitely many runs; the gradients of one run may depend on each
other as they like.

Source: Tieleman and Hinton, Lecture 6.5 (2012); Kingma and Ba, Adam: a method for stochastic optimization (2015), sec.
3; Loshchilov and Hutter, Decoupled weight decay regularization (2019).
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    assume,
    by,
    claim,
    derive,
    dims,
    each,
    equals,
    index,
    induction,
    let,
    matrix,
    over,
    position,
    positive,
    recur,
    scalar,
    sign,
    sqrt,
    tensor,
    vector,
    zeros,
)
from numerics import optimisers as by_hand

T, d, S = dims("T d S")
t = index("t", T)
G = matrix("G", T, d)  # the gradients as they come, one step a row
beta = scalar("beta", unit_interval=True)
g, m, w = vector("g", d), vector("m", d), vector("w", d)
M = let("M", recur({m: beta * m + (1 - beta) * g}, {m: zeros(d)}, along={g: G}))

q = vector("q", S, simplex=True)  # the probabilities of S runs,
R = tensor("R", T, S, d)  # and the gradients in each
r, ms = matrix("r", S, d), matrix("m_s", S, d)
MS = let("M_s", recur({ms: beta * ms + (1 - beta) * r}, {ms: zeros(S, d)}, along={r: R}))
c = vector("c", d)
stationary = assume(R[t].T @ q, equals(c))
mean = derive(
    MS[t].T @ q,
    equals((1 - beta ** position(t + 1)) * c, induction(t, stationary)),
)
"""The mean of the average

is too small by the factor 1 - beta^t after t steps, if all gradients have one mean `c`. Steps count from 1 on paper and
from 0 here.
"""

p = scalar("p")
weights = recur({p: beta * p + (1 - beta)}, {p: 0}, length=T)
sum_of_weights = derive(
    weights[t],
    equals(1 - beta ** position(t + 1), induction(t)),
)
"""The sum of the weights

That factor is what the average makes of ones:
"""
rests = claim(positive(weights[t]), induction(t))
"""which is never 0"""
corrected_mean = derive(
    MS[t].T @ q / weights[t],
    equals((1 - beta ** position(t + 1)) * c / weights[t], by(mean, rests)),
    equals(weights[t] * c / weights[t], by(sum_of_weights, rests)),
    equals(c, by(rests)),
)
"""Bias correction

Divided by the sum of the weights, the average is right on average, from the first step on.
"""

a = scalar("a", positive=True)
squares = let("S", recur({m: beta * m + (1 - beta) * g**2}, {m: zeros(d)}, along={g: G}))
larger = let("S_a", recur({m: beta * m + (1 - beta) * (a * g) ** 2}, {m: zeros(d)}, along={g: G}))
scaled_squares = derive(larger[t], equals(a**2 * squares[t], induction(t)))
"""The squares of a loss in other units

are `a`^2 times as large at every step,
"""
z = vector("z", d, positive=True)  # a root of mean squares; in the other units it is a z
same_step = derive(a * g / (a * z), equals(g / z, algebra))
"""The units of the loss do not matter

and their roots `a` times, so that the steps are the same (with eps = 0). This is why one step length serves so many
losses.
"""

x, lr = vector("x", d), scalar("lr")
first_square = derive((1 - beta) * x**2 / (1 - beta), equals(abs_(x) ** 2, algebra))
"""The first corrected square

has |x| for its root, and what it divides
"""
first_step = derive(lr * ((1 - beta) * x / (1 - beta)), equals(lr * abs_(x) * sign(x), algebra))
"""The first step

is lr |x| sign(x). So the step is of length lr in every weight: only the sign of the gradient counts.
"""

beta1, beta2 = scalar("beta1", unit_interval=True), scalar("beta2", unit_interval=True)
eps, decay = scalar("eps", positive=True), scalar("decay")
w_0 = vector("w_0", d)


def averaged(of, rate):
    """The average of a sequence, by the sum of its weights."""
    made = recur({m: rate * m + (1 - rate) * g}, {m: zeros(d)}, along={g: of})
    return each(made[s] / (1 - rate ** position(s + 1)) for s in over(T))


move = let("D", averaged(G, beta1) / (sqrt(averaged(G**2, beta2)) + eps))
adam = recur({w: w - lr * g}, {w: w_0}, along={g: move})
adamw = recur({w: w - lr * decay * w - lr * g}, {w: w_0}, along={g: move})

average_code = agrees(M, by_hand.average)
corrected_code = agrees(averaged(G, beta), by_hand.corrected)
adam_code = agrees(adam, by_hand.adam, w="w_0")
adamw_code = agrees(adamw, by_hand.adamw, w="w_0")
