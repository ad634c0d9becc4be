"""Learning from oneself: SimSiam, BYOL and DINO.

One view predicts the embedding of another; no negatives are needed. What keeps everything from collapsing to one point
is that the target is held fixed: its gradient is not taken, although it comes from the same weights.

Holding fixed is no trick of a program: the derivative is taken in one argument of a function of two, and the target is
put in afterwards.

Source: Grill et al., Bootstrap your own latent, NeurIPS (2020); Chen and He, Exploring simple siamese representation
learning, CVPR (2021); Tian, Chen and Ganguli, ICML (2021); Caron et al., DINO, ICCV (2021).
"""

from chainrule import (
    agrees,
    assume,
    by,
    cancel,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    invertible,
    let,
    logsumexp,
    matrix,
    ones,
    outer,
    positive,
    scalar,
    softmax,
    sqnorm,
    sqrt,
    total,
    vector,
    zeros,
)
from numerics import self_distillation as by_hand

N, d, p, k = dims("N d p k", typical=(128, 64, 256, 100))
P, Z = matrix("P", N, d), matrix("Z", N, d)  # predictions and targets, one example a row


def across(v, size):
    """The number of each row, in all of its places.    v (N,)  ->  (N, size)"""
    return outer(v, ones(size))


def lengths(U):
    """The length of each row, in all of its places.    U (N, d)  ->  (N, d)"""
    return across(sqrt(total(U**2, axis=1)), U.shape[1])


def unit_rows(U):
    """Each row over its length.    U (N, d)  ->  (N, d)"""
    return U / lengths(U)


def cosine_loss(P, Z):
    """Minus the mean cosine between rows.    P, Z (N, d)"""
    return -total(unit_rows(P) * unit_rows(Z)) / P.shape[0]


predictions = assume(positive(total(P**2, axis=1)))
targets = assume(positive(total(Z**2, axis=1)))
u, v = let("p", unit_rows(P)), let("z", unit_rows(Z))
by_prediction = derive(
    grad(cosine_loss(P, Z), P),
    equals(-(v - u * across(total(u * v, axis=1), d)) / (N * lengths(P)), differentiate),
    given=(predictions, targets),
)
"""SimSiam's gradient

The part of the target that is orthogonal to the prediction turns it there. Z is a symbol of its own: whatever it was
computed from, nothing goes back through it.
"""
of_length_one = derive(
    total(unit_rows(Z) ** 2, axis=1),
    equals(ones(N)),
    given=targets,
)
"""A row over its length"""
predicted_length_one = derive(
    total(unit_rows(P) ** 2, axis=1),
    equals(ones(N)),
    given=predictions,
)
"""The same of a prediction"""
same = derive(
    sqnorm(u - v) / N,
    equals((total(total(u**2, axis=1)) + total(total(v**2, axis=1)) - 2 * total(u * v)) / N),
    equals((total(ones(N)) + total(ones(N)) - 2 * total(u * v)) / N, by(of_length_one, predicted_length_one)),
    equals(2 + 2 * cosine_loss(P, Z)),
    given=(predictions, targets),
)
"""BYOL's loss is the same

Squared distances of unit vectors are cosines.
"""

W, H = matrix("W", d, p), matrix("H", d, d)  # an encoder and a predictor, both linear
X, Y = matrix("X", N, p), matrix("Y", N, p)  # two views


def miss(W, H, Z):
    """|X W'H' - Z|^2 / 2N, the target Z held fixed."""
    return sqnorm(X @ W.T @ H.T - Z) / (2 * N)


R = let("R", X @ W.T @ H.T - Y @ W.T)
held = derive(
    grad(miss(W, H, Z), W).at(Z, Y @ W.T),
    equals(H.T @ R.T @ X / N, differentiate),
)
"""With the target held fixed

A linear encoder, and the derivative in the one place only.
"""
through = derive(
    grad(miss(W, H, Y @ W.T), W),
    equals(held.last - R.T @ Y / N, differentiate),
)
"""Without

A second part pulls the target to the prediction. The two gradients are not the same, and in general the one above is
the gradient of no loss at all.
"""
collapsed = derive(
    miss(W, H, Y @ W.T).at(W, zeros(d, p)),
    equals(0),
)
"""What is lurking

The encoder that says 0 to everything has no loss at all: without the second part it is still stationary,
"""
still = derive(
    grad(miss(W, H, Z), W).at(Z, Y @ W.T).at(W, zeros(d, p)),
    equals(0, differentiate),
)
"""The collapse is a fixed point

but other fixed points are there, too:
"""

A = let("A", W @ X.T @ X @ W.T)
regular = assume(invertible(A))
best = let("H*", W @ Y.T @ X @ W.T @ A.I)
predictor = derive(
    grad(miss(W, H, Y @ W.T), H).at(H, best),
    equals((best @ A - W @ Y.T @ X @ W.T) / N, differentiate),
    equals(0, cancel(A, given=regular)),
    given=regular,
)
"""The best predictor

A regression of one view's embedding on the other's.
"""

S, V = matrix("S", N, k), matrix("V", N, k)  # a student's and a teacher's scores
c = vector("c", k)
t, s = scalar("t", positive=True), scalar("u", positive=True)
student, teacher = let("P", softmax(S / t)), let("Q", softmax((V - c) / s))
dino = -total(teacher * (S / t - across(logsumexp(S / t, axis=1), k))) / N
by_student = derive(
    grad(dino, S),
    equals((student - teacher) / (t * N), differentiate),
)
"""DINO's gradient

The teacher's scores are centred and sharpened, and held fixed; to the student they are classes.
"""

cosine_code = agrees(cosine_loss(P, Z), by_hand.cosine_loss, given=(predictions, targets))
prediction_code = agrees(by_prediction.last, by_hand.cosine_by_prediction, given=(predictions, targets))
step_code = agrees(held.last, by_hand.linear_step)
dino_code = agrees(dino, by_hand.dino)
student_code = agrees(by_student.last, by_hand.dino_by_student)
