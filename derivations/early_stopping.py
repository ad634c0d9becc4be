"""Early stopping.

To stop gradient descent early is to shrink the weights. Steep directions are learned first, flat ones hardly at all, as
if a long weight vector had a price.

The bowl is written in the basis of its eigenvectors, curvatures `l`, with its lowest point at `x`; descent starts at 0.
The step length may change, as a schedule has it. What is left of an error is a recurrence too, so that nothing is asked
of its sign.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 7.8; Bishop, Regularization and complexity control
in feed-forward networks (1995); Ali, Kolter and Tibshirani, A continuous-time view of early stopping (2019).
"""

from chainrule import (
    I,
    agrees,
    algebra,
    derive,
    diag,
    differentiate,
    dims,
    each,
    equals,
    grad,
    index,
    induction,
    let,
    matrix,
    ones,
    over,
    position,
    recur,
    scalar,
    vector,
    zeros,
)
from numerics import early_stopping as by_hand

T, n = dims("T n")
t = index("t", T)
Q, l = matrix("Q", n, n, orthogonal=True), vector("l", n)
x = vector("x", n)  # the lowest point
lr, eta = scalar("lr", positive=True), scalar("eta")
rates = vector("rates", T)  # the step lengths
w, p, e = vector("w", n), vector("p", n), vector("e", n)

A = let("A", Q @ diag(l) @ Q.T)
bowl = (w - x).T @ A @ (w - x) / 2
step = derive(grad(bowl, w), equals(A @ (w - x), differentiate))
"""The gradient of the bowl"""

W = let("W", recur({w: w - eta * A @ (w - x)}, {w: zeros(n)}, along={eta: rates}))
P = let("P", recur({p: (1 - eta * l) * p}, {p: ones(n)}, along={eta: rates}))
learned = derive(
    Q.T @ W[t],
    equals((1 - P[t]) * (Q.T @ x), induction(t)),
)
"""What is learned after t steps

In each direction of its own the weight is 1 - P of what it will be, where P is the product of all 1 - eta l.
"""

c = vector("c", n, positive=True)  # 1 - lr l
powers = derive(
    recur({p: c * p}, {p: ones(n)}, length=T)[t],
    equals(c ** position(t + 1), induction(t)),
)
"""The powers

for a constant step length that product is (1 - lr l)^t after t steps.
"""

lam = scalar("lam", positive=True)
k = vector("k", n, nonnegative=True)  # curvatures
price = let("w*", Q @ diag(k / (k + lam)) @ Q.T @ x)
ridge = derive(
    (Q @ diag(k) @ Q.T + lam * I(n)) @ price - Q @ diag(k) @ Q.T @ x,
    equals(0, algebra),
)
"""Ridge regression on the same bowl

The price lam/2 |w|^2 leaves k/(k + lam) of every direction: (A + lam I) w = A x.
"""
first_order = derive(
    1 - (1 - lr * k),
    equals(lr * k, algebra),
)
"""One step from 0

learns lr k of a direction. For flat ones k/(k + lam) is k/lam: one step is a price of 1/lr;
"""
matching = derive(
    k / (k + 1 / lr),
    equals(lr * k / (1 + lr * k), algebra),
)

path_code = agrees(W, by_hand.path)
closed_code = agrees(each(Q @ ((1 - P[s]) * (Q.T @ x)) for s in over(T)), by_hand.path_in_closed_form)
ridge_code = agrees(price, by_hand.ridge, l="k")
