"""Recurrent networks.

The same step is taken again and again, and each step hands its state to the next. So an error is handed back the same
way: from the last step to the first, through the transpose of what carried the state forwards.

Nothing is unrolled: the length T stays open, and the error is a recurrence of its own, which runs backwards. That it is
the derivative is the law of backpropagation through time, proved by induction on what is left of the sequence.

Source: Werbos, Backpropagation through time, Proc. IEEE 78 (1990); Goodfellow, Bengio and Courville, Deep Learning
(2016), sec. 10.2.2.
"""

from chainrule import (
    Sum,
    agrees,
    before,
    delta,
    derive,
    differentiate,
    dims,
    equals,
    let,
    matrix,
    over,
    recur,
    tanh,
    total,
    vector,
    vjp,
    zeros,
)
from numerics import recurrent as by_hand

T, d, p = dims("T d p", typical=(100, 64, 32))
X = matrix("X", T, p)  # what is read, one time a row
W = matrix("W", d, d)
U = matrix("U", d, p)
b = vector("b", d)
s = vector("s", d)  # the state before the first step
h, x = vector("h", d), vector("x", p)

H = let("H", recur({h: tanh(W @ h + U @ x + b)}, {h: s}, along={x: X}))
G = matrix("G", T, d)  # the derivative of some loss by the states, as it reads them

e, g = vector("e", d), vector("g", d)
carried = let("E", recur({e: W.T @ ((g + e) * (1 - h**2))}, {e: zeros(d)}, along={g: G, h: H}, backwards=True))
error = let("Delta", (G + before(carried)) * (1 - H**2))

by_bias = derive(
    vjp(H, b, G),
    equals(total(error, axis=0), differentiate),
)
"""By the bias

The error at t is what the loss itself says of that state, and what the step after it hands back, times the slope of
tanh. Every step uses the same bias, so its errors are added.
"""

by_recurrent_weights = derive(
    vjp(H, W, G),
    equals(error.T @ before(H), differentiate),
)
"""By the recurrent weights

Each error meets the state that the weights saw: the one *before* the step. Taking the one after it is the usual
mistake.
"""

by_input_weights = derive(
    vjp(H, U, G),
    equals(error.T @ X, differentiate),
)
"""By the input weights"""

by_input = derive(
    vjp(H, X, G),
    equals(error @ U, differentiate),
)
"""By what is read"""

by_start = derive(
    vjp(H, s, G),
    equals(Sum(delta(t, 0) * carried[t] for t in over(T)), differentiate),
)
"""By the start

What the first step hands back.
"""

states_code = agrees(H, by_hand.forward)
error_code = agrees(error, by_hand.errors)
bias_code = agrees(vjp(H, b, G), by_hand.by_bias)
recurrent_code = agrees(vjp(H, W, G), by_hand.by_recurrent_weights)
input_weights_code = agrees(vjp(H, U, G), by_hand.by_input_weights)
input_code = agrees(vjp(H, X, G), by_hand.by_input)
start_code = agrees(vjp(H, s, G), by_hand.by_start)
