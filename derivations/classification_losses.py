"""Losses.

At the top of a network stands one number, and its gradient by the network's output starts the way back. Most of these
gradients are a residual: what was said, less what was right.

All losses are means over the N examples of a batch, and so every gradient has its share 1/N. At a kink a loss has no
derivative; the rows with one say what is assumed.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.2.2; Huber (1964); Weston and Watkins (1999);
Szegedy et al., Rethinking the Inception architecture, CVPR (2016); Hinton, Vinyals and Dean, Distilling the knowledge
in a neural network (2015); Lin et al., Focal loss, ICCV (2017).
"""

from chainrule import (
    abs_,
    agrees,
    assume,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    let,
    log,
    logsumexp,
    matrix,
    nonzero,
    ones,
    outer,
    relu,
    scalar,
    sigmoid,
    sign,
    softmax,
    softplus,
    sqnorm,
    step,
    total,
    vector,
)
from numerics import classification_losses as by_hand


def across(v, size):
    """The number of each row, in all of its places.    v (N,)  ->  (N, size)"""
    return outer(v, ones(size))


def log_softmax(Z):
    """z - log sum exp(z) in every row.    Z (N, K)  ->  (N, K)"""
    return Z - across(logsumexp(Z, axis=1), Z.shape[1])


def cross_entropy(Z, Y):
    """-sum y log softmax(z) / N.    Z, Y (N, K)"""
    return -total(Y * log_softmax(Z)) / Z.shape[0]


N, K = dims("N K", typical=(128, 10))
Z = matrix("Z", N, K)  # what the network says, one example a row
Y = matrix("Y", N, K)  # what is right
C = matrix("Y", N, K, one_hot_rows=True)  # the right class
P = let("P", softmax(Z))

by_squared = derive(
    grad(sqnorm(Z - Y) / (2 * N), Z),
    equals((Z - Y) / N, differentiate),
)
"""The squared error

The residual itself.
"""

k = scalar("k", positive=True)  # where square turns to straight
r = let("r", Z - Y)
huber = total(r**2 - relu(abs_(r) - k) ** 2) / (2 * N)
by_huber = derive(
    grad(huber, Z),
    equals((r - sign(r) * relu(abs_(r) - k)) / N, differentiate),
)
"""Huber's loss

The residual, cut off at k: a wild example pulls no harder than that. The slope has a corner at k, the loss has none.
"""

by_cross_entropy = derive(
    grad(cross_entropy(Z, C), Z),
    equals((P - C) / N, differentiate),
)
"""Cross-entropy

Softmax and logarithm have undone each other: probabilities, less the class.
"""
nothing_to_choose = derive(
    total(by_cross_entropy.last, axis=1),
    equals(0),
)
"""A row adds up to nothing

What one class gains the others lose.
"""

a = scalar("a", unit_interval=True)
by_smoothed = derive(
    grad(cross_entropy(Z, (1 - a) * C + a / K), Z),
    equals((P - (1 - a) * C - a / K) / N, differentiate),
)
"""Label smoothing

The right class is asked for a little less than certainty, so that the scores need not grow without end.
"""

t = scalar("t", positive=True)
tempered = let("P", softmax(Z / t))
by_tempered = derive(
    grad(cross_entropy(Z / t, C), Z),
    equals((tempered - C) / (t * N), differentiate),
)
"""With a temperature

High temperatures soften the choice, and divide the gradient.
"""
by_temperature = derive(
    grad(cross_entropy(Z / t, C), t),
    equals(-total((tempered - C) * Z) / (t**2 * N), differentiate),
)
"""By the temperature

At the best temperature the residuals are uncorrelated with the scores: that is how a network is calibrated.
"""

V = matrix("V", N, K)  # a teacher's scores
teacher = let("Q", softmax(V / t))
distilled = t**2 * total(teacher * (log_softmax(V / t) - log_softmax(Z / t))) / N
by_distilled = derive(
    grad(distilled, Z),
    equals(t * (tempered - teacher) / N, differentiate),
)
"""Distillation

A student is pulled to its teacher's probabilities. The factor t^2 in the loss keeps the pull from fading at high
temperatures: differences of the probabilities shrink as 1/t.
"""

z = vector("z", N)
b = vector("y", N, binary=True)
binary = total(softplus(z) - b * z) / N
by_binary = derive(
    grad(binary, z),
    equals((sigmoid(z) - b) / N, differentiate),
)
"""Two classes, 0 and 1"""

y = vector("y", N, labels=True)
off_kink = assume(nonzero(1 - y * z))
hinge = total(relu(1 - y * z)) / N
by_hinge = derive(
    grad(hinge, z),
    equals(-y * step(1 - y * z) / N, differentiate),
    given=off_kink,
)
"""Hinge, for labels -1 and 1

Who is right with a margin of 1 pulls no more. Assumed: no margin is exactly 1.
"""
q = vector("y", N)  # any numbers, labels or not
by_squared_hinge = derive(
    grad(total(relu(1 - q * z) ** 2) / N, z),
    equals(-2 * q * relu(1 - q * z) / N, differentiate),
)
"""Hinge, squared

The corner is rounded off, and nothing is assumed.
"""

margins = let("M", 1 + Z - across(total(C * Z, axis=1), K))
near = let("S", (1 - C) * step(margins))
classes = total((1 - C) * relu(margins)) / N
no_tie = assume(nonzero(margins))
by_classes = derive(
    grad(classes, Z),
    equals((near - C * across(total(near, axis=1), K)) / N, differentiate),
    given=no_tie,
)
"""Hinge, for several classes

Each wrong class that comes within the margin is pushed down, and each time the right one is pushed up.
"""

gamma = scalar("gamma", positive=True)
p = let("p", sigmoid(y * z))
focal = total(sigmoid(-y * z) ** gamma * softplus(-y * z)) / N
by_focal = derive(
    grad(focal, z),
    equals(y * sigmoid(-y * z) ** gamma * (gamma * p * log(p) - (1 - p)) / N, differentiate),
)
"""Focal loss

p is the probability of the right label. Examples that are sure already are faded out by (1 - p) to a power; for the
power 0 this is logistic regression.
"""

Q = matrix("Q", N, K, positive=True, stochastic_rows=True)
by_divergence = derive(
    grad(total(Q * (log(Q) - log_softmax(Z))) / N, Z),
    equals((P - Q) / N, differentiate),
)
"""Divergence from the right distribution Q

Q's own entropy is a constant: the gradient is that of the cross-entropy.
"""
l = let("l", log_softmax(Z) - log(Q))
by_reverse_divergence = derive(
    grad(total(P * l) / N, Z),
    equals(P * (l - across(total(P * l, axis=1), K)) / N, differentiate),
)
"""The divergence the other way round

Each class is judged by its log-ratio, less the mean log-ratio. Classes that P does not use do not pull.
"""

squared_code = agrees(sqnorm(Z - Y) / (2 * N), by_hand.squared)
squared_gradient_code = agrees(by_squared.last, by_hand.squared_by_output)
huber_code = agrees(huber, by_hand.huber)
huber_gradient_code = agrees(by_huber.last, by_hand.huber_by_output)
cross_entropy_code = agrees(cross_entropy(Z, C), by_hand.cross_entropy)
cross_entropy_gradient_code = agrees(by_cross_entropy.last, by_hand.cross_entropy_by_output)
smoothed_code = agrees(cross_entropy(Z, (1 - a) * C + a / K), by_hand.smoothed)
smoothed_gradient_code = agrees(by_smoothed.last, by_hand.smoothed_by_output)
tempered_code = agrees(cross_entropy(Z / t, C), by_hand.tempered)
tempered_gradient_code = agrees(by_tempered.last, by_hand.tempered_by_output)
temperature_code = agrees(by_temperature.last, by_hand.tempered_by_temperature)
distilled_code = agrees(distilled, by_hand.distilled)
distilled_gradient_code = agrees(by_distilled.last, by_hand.distilled_by_output)
binary_code = agrees(binary, by_hand.binary_cross_entropy)
binary_gradient_code = agrees(by_binary.last, by_hand.binary_cross_entropy_by_output)
hinge_code = agrees(hinge, by_hand.hinge)
hinge_gradient_code = agrees(by_hinge.last, by_hand.hinge_by_output)
squared_hinge_code = agrees(total(relu(1 - y * z) ** 2) / N, by_hand.squared_hinge)
squared_hinge_gradient_code = agrees(by_squared_hinge.last, by_hand.squared_hinge_by_output)
classes_code = agrees(classes, by_hand.classes_hinge)
classes_gradient_code = agrees(by_classes.last, by_hand.classes_hinge_by_output)
focal_code = agrees(focal, by_hand.focal)
focal_gradient_code = agrees(by_focal.last, by_hand.focal_by_output)
divergence_code = agrees(total(Q * (log(Q) - log_softmax(Z))) / N, by_hand.divergence)
divergence_gradient_code = agrees(by_divergence.last, by_hand.divergence_by_output)
reverse_code = agrees(total(P * l) / N, by_hand.reverse_divergence)
reverse_gradient_code = agrees(by_reverse_divergence.last, by_hand.reverse_divergence_by_output)
