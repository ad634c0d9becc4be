"""Momentum.

A ball that rolls remembers where it was going. What the gradients agree on adds up, what they quarrel about cancels.

Whatever the gradients are, so that nothing is asked of the loss: what is shown goes from each step to the next.

Source: Polyak, Some methods of speeding up the convergence of iteration methods (1964); Nesterov (1983); Sutskever,
Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning (2013).
"""

from chainrule import (
    agrees,
    assume,
    before,
    derive,
    dims,
    equals,
    index,
    induction,
    let,
    matrix,
    position,
    recur,
    scalar,
    vector,
    zeros,
)
from numerics import optimisers as by_hand

T, d = dims("T d")
t = index("t", T)
G = matrix("G", T, d)  # the gradients as they come, one step a row
w_0 = vector("w_0", d)
lr, mu = scalar("lr"), scalar("mu", unit_interval=True)
g, v, w, u, b, y = (vector(name, d) for name in ("g", "v", "w", "u", "b", "y"))

V = let("V", recur({v: mu * v + g}, {v: zeros(d)}, along={g: G}))
c = vector("c", d)
always = assume(G[t], equals(c))
straight = derive(
    V[t],
    equals((1 - mu ** position(t + 1)) / (1 - mu) * c, induction(t, always)),
)
"""On a straight slope

Where all gradients are one, the velocity grows to that gradient times 1/(1 - mu): with mu = 0.9 the steps become ten
times as long.
"""

ball, speed = recur({w: w - lr * (mu * v + g), v: mu * v + g}, {w: w_0, v: zeros(d)}, along={g: G})
W = let("W", ball)
heavy, last = recur({w: w - lr * g + mu * (w - y), y: w}, {w: w_0, y: w_0}, along={g: G})
between = derive(
    before(heavy)[t] - before(last)[t],
    equals(-lr * before(speed)[t], induction(t)),
)
"""What two steps lie apart

In Polyak's heavy ball the step before is repeated, mu times as long. It is the velocity;
"""
same_ball = derive(
    before(heavy)[t],
    equals(before(W)[t], induction(t, between)),
)
"""The heavy ball is momentum

and so both take the same steps, whatever the gradients are.
"""

ahead, turned = recur({w: w + mu * v - lr * g, v: mu * v - lr * g}, {w: w_0, v: zeros(d)}, along={g: G})
N = let("N", ahead)
looking, kept = recur({y: y - lr * (g + mu * (mu * b + g)), b: mu * b + g}, {y: w_0, b: zeros(d)}, along={g: G})
velocities = derive(
    before(turned)[t],
    equals(-lr * before(kept)[t], induction(t)),
)
"""Nesterov's velocity, in the two ways of writing it

In his method the gradient is taken where the velocity will have led. Programs keep that point instead of the weights:
"""
lookahead = derive(
    before(looking)[t],
    equals(before(N)[t] + mu * before(turned)[t], induction(t, velocities)),
)
"""The point that programs keep

is the weights and mu times the velocity, after every step.
"""

sgd_code = agrees(recur({w: w - lr * g}, {w: w_0}, along={g: G}), by_hand.sgd, w="w_0")
velocity_code = agrees(V, by_hand.velocities)
momentum_code = agrees(W, by_hand.momentum, w="w_0")
nesterov_code = agrees(N, by_hand.nesterov, w="w_0")
