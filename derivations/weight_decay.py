"""Weight decay.

To let the weights shrink a little at every step, or to put a price on their squares: for gradient descent that is the
same thing, and for Adam it is not.

The price lam/2 |w|^2 adds lam w to the gradient. Adam divides that by the root of the mean square as well, so that
weights whose gradients are large hardly shrink. AdamW takes the decay out of the fraction.

Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019).
"""

from chainrule import (
    agrees,
    algebra,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    index,
    induction,
    let,
    matrix,
    recur,
    scalar,
    sqnorm,
    vector,
)
from numerics import weight_decay as by_hand

T, d, n = dims("T d n")
t = index("t", T)
lr, lam, mu, eta = scalar("lr"), scalar("lam"), scalar("mu"), scalar("eta")
rates = vector("rates", T)  # the step lengths
w, w_0, v = vector("w", d), vector("w_0", d), vector("v", d)
A, b = matrix("A", d, d), vector("b", d)
g = A @ w - b  # the gradient of a bowl, where descent has come to

pull = derive(grad(lam / 2 * sqnorm(w), w), equals(lam * w, differentiate))
"""What the price adds to a gradient"""

priced = let("L2", recur({w: w - eta * (g + lam * w)}, {w: w_0}, along={eta: rates}))
decayed = let("WD", recur({w: (1 - eta * lam) * w - eta * g}, {w: w_0}, along={eta: rates}))
same = derive(priced[t], equals(decayed[t], induction(t)))
"""For gradient descent both are one

whatever the step lengths and the price: the weights are the same after every step.
"""

x = vector("x", d)  # any gradient
inside = derive(
    (1 - lr * lam) * w - lr * (mu * v + x),
    equals(w - lr * (mu * v + x + lam * w), algebra),
)
"""With momentum

one step from the same place is the same; but the priced velocity keeps lam w for the steps that follow, and the decayed
one does not.
"""
kept = derive(
    (mu * (v + lam * w) + x + lam * w) - (mu * v + x + lam * w),
    equals(mu * lam * w, algebra),
)
"""What the velocity keeps"""

s = vector("s", d, positive=True)  # the root of the mean square of each weight's gradient
by_price = let("u", lr * (g + lam * w) / s)
by_decay = let("u'", lr * g / s + lr * lam * w)
difference = derive(by_price - by_decay, equals(lr * lam * w * (1 / s - 1), algebra))
"""For Adam they are two

One step from the same place: they differ wherever s is not 1. The priced step shrinks a weight by lr lam / s, less the
larger its gradients are.
"""
sgd_code = agrees(priced, by_hand.priced, w="w_0")
decay_code = agrees(decayed, by_hand.decayed, w="w_0")
price_code = agrees(by_price, by_hand.adaptive_step_with_price)
adamw_code = agrees(by_decay, by_hand.adaptive_step_with_decay)
