"""Recursive least squares.

A new example arrives, and the best line is corrected, not computed anew. The correction is the surprise, y - x'w, times
a direction that the inverse of the Gram matrix gives; and that inverse is itself corrected by a product of two vectors.

What was learnt so far enters through A = P^-1 and b = A w alone, the Gram matrix and X'y of the past; with lam < 1 the
past is forgotten slowly.

Source: Sherman and Morrison (1950); Plackett (1950); Haykin, Adaptive Filter Theory (4th ed.), ch. 9.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    by,
    claim,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    positive_definite,
    positivity,
    scalar,
    unfold,
    vector,
)
from numerics import recursive_least_squares as by_hand

n, p = dims("n p")
P = matrix("P", p, p, positive_definite=True)  # the state: an inverse Gram matrix,
w = vector("w", p)  # and weights
x = vector("x", p)  # the new example
y = scalar("y")
lam = scalar("lam", positive=True)  # 1 forgets nothing
v = vector("v", p)

A, b = let("A", P.I), let("b", P.I @ w)
past = (v - w).T @ A @ (v - w)
objective = lam * past + (y - x.T @ v) ** 2

A_next = let("A₊", lam * A + x @ x.T)
solvable = claim(positive_definite(A_next), positivity)
"""One more example

The discounted past plus one outer product: still positive definite.
"""

k = let("k", P @ x / (lam + x.T @ P @ x))
P_next = let("P₊", (P - k @ x.T @ P) / lam)
sherman_morrison = derive(
    A_next @ P_next,
    equals((lam * P.I + x @ x.T) @ (P - k @ x.T @ P) / lam, unfold(A_next, P_next)),
    equals(I(p), unfold(k)),
)
"""The inverse is corrected, not computed

The formula of Sherman and Morrison: two vectors instead of a new inverse.
"""

inverse = derive(
    A_next.I,
    equals(P_next, by(solvable)),
)
"""In other words"""

w_next = let("w₊", w + k * (y - x.T @ w))
gradient = derive(
    grad(objective, v),
    equals(2 * lam * A @ (v - w) - 2 * (y - x.T @ v) * x, differentiate),
    equals(2 * (A_next @ v - (lam * b + y * x)), algebra),
)
"""The gradient

The past pulls towards w, the new example towards its target.
"""

stationary = derive(
    gradient.last.at(v, w_next),
    equals(0, unfold(A_next, w_next, k, b)),
)
"""Surprise times gain

The corrected weights are where the gradient vanishes.
"""

batch = derive(
    w_next,
    equals(A_next.I @ (lam * b + y * x), by(solvable)),
)
"""The same as starting again"""

error = derive(
    y - x.T @ w_next,
    equals(lam / (lam + x.T @ P @ x) * (y - x.T @ w), unfold(w_next, k)),
)
"""After the correction

The error on the new example shrinks by a factor that is known before its target is seen.
"""

X = matrix("X", n, p)
t = vector("t", n)
delta = scalar("delta", positive=True)
regularised = (X.T @ X + delta * I(p)).I @ X.T @ t

gain_code = agrees(k, by_hand.gain)
inverse_code = agrees(P_next, by_hand.next_inverse)
weights_code = agrees(w_next, by_hand.next_weights)
online_code = agrees(regularised, by_hand.online, y="t")
"""All the examples

One after another, from P = I/delta: the ridge weights.
"""
