"""Activations.

What makes a network more than one matrix: a bend after every layer. Each row says what a bend makes of the derivative G
by its output; for all that work entry by entry this is G times the slope.

Some bends have a kink at 0. There they have no derivative, and every program takes a convention. What is shown for them
is shown where no entry is 0; the rows say so. Where X may be anything, nothing is assumed.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.3.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    derive,
    differentiate,
    dims,
    each,
    equals,
    erf,
    exp,
    let,
    logsumexp,
    matrix,
    maximum,
    ones,
    outer,
    over,
    pi,
    rational,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    step,
    tanh,
    tensor,
    total,
    vjp,
)
from numerics import activations as by_hand


def leaky_relu(x, a):
    """x where x > 0, else a x."""
    return relu(x) - a * relu(-x)


def elu(x, a):
    """x where x > 0, else a (e^x - 1)."""
    return relu(x) + a * (exp(-relu(-x)) - 1)


def normal_cdf(x):
    """The standard normal's distribution function."""
    return (1 + erf(x / sqrt(2))) / 2


def normal_density(x):
    """The standard normal's density."""
    return exp(-(x**2) / 2) / sqrt(2 * pi)


def gelu(x):
    """x Phi(x)"""
    return x * normal_cdf(x)


def cubic(x):
    """What stands in the tanh of GELU's other form."""
    return sqrt(2 / pi) * (x + rational(44715, 10**6) * x**3)


def gelu_tanh(x):
    """x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2"""
    return x * (1 + tanh(cubic(x))) / 2


def silu(x):
    """x sigmoid(x)"""
    return x * sigmoid(x)


def log_softmax(X):
    """x - log sum exp(x) in every row of X (N, d)."""
    return X - outer(logsumexp(X, axis=1), ones(X.shape[1]))


def maxout(Z):
    """The largest of the k pieces of each unit.    Z (N, d, k)  ->  (N, d)"""
    return maximum(Z, axis=2)


N, d, k = dims("N d k")
X = matrix("X", N, d)  # one example a row
G = matrix("G", N, d)  # the derivative of some loss by the output
bent = matrix("X", N, d, nonzero_entries=True)  # away from the kinks
a = scalar("a", positive=True)

S = let("S", sigmoid(X))
by_sigmoid = derive(
    vjp(S, X, G),
    equals(G * S * (1 - S), differentiate),
)
"""Sigmoid

Written with its own value. The slope is at most 1/4: many of them in a row let little through.
"""
mirrored = derive(
    sigmoid(-X),
    equals(1 - sigmoid(X)),
)
"""Sigmoid's mirror"""

H = let("T", tanh(X))
by_tanh = derive(
    vjp(H, X, G),
    equals(G * (1 - H**2), differentiate),
)
"""Hyperbolic tangent

At 0 its slope is 1.
"""
stretched = derive(
    tanh(X),
    equals(2 * sigmoid(2 * X) - 1),
)
"""It is a stretched sigmoid"""

by_relu = derive(
    vjp(relu(bent), bent, G),
    equals(G * step(bent), differentiate),
)
"""ReLU

All or nothing. At the kink the convention here, as in most programs, is 0.
"""
homogeneous = derive(
    relu(a * X),
    equals(a * relu(X)),
)
"""ReLU knows no scale

For every a > 0: what a layer's weights are multiplied by can be divided out in the next layer.
"""

by_leaky_relu = derive(
    vjp(leaky_relu(bent, a), bent, G),
    equals(G * (step(bent) + a * step(-bent)), differentiate),
)
"""Leaky ReLU

A silent unit still learns a little.
"""

by_elu = derive(
    vjp(elu(bent, a), bent, G),
    equals(G * (step(bent) + a * exp(-relu(-bent)) * step(-bent)), differentiate),
    equals(G * (step(bent) + (elu(bent, a) + a) * step(-bent))),
)
"""ELU

The last line has the slope in terms of the value. For a = 1 there is no kink, and the slope at 0 is 1.
"""

by_gelu = derive(
    vjp(gelu(X), X, G),
    equals(G * (normal_cdf(X) + X * normal_density(X)), differentiate),
)
"""GELU

An entry is multiplied by the probability that a standard normal lies below it.
"""

u = let("u", cubic(X))
by_gelu_tanh = derive(
    vjp(gelu_tanh(X), X, G),
    equals(
        G * ((1 + tanh(u)) / 2 + X * (1 - tanh(u) ** 2) * sqrt(2 / pi) * (1 + 3 * rational(44715, 10**6) * X**2) / 2),
        differentiate,
    ),
)
"""GELU's other form

It is near GELU, but not GELU: its slope has to be taken of the form that was computed.
"""

by_silu = derive(
    vjp(silu(X), X, G),
    equals(G * S * (1 + X * (1 - S)), differentiate),
    equals(G * (S + silu(X) * (1 - S))),
)
"""SiLU, or swish"""

by_softplus = derive(
    vjp(softplus(X), X, G),
    equals(G * sigmoid(X), differentiate),
)
"""Softplus

A ReLU with its corner rounded off;
"""
both_ways = derive(
    softplus(X) - softplus(-X),
    equals(X),
)
"""Softplus' mirror

what it is to one side more than to the other is x, as for ReLU.
"""

P = let("P", softmax(X))
by_softmax = derive(
    vjp(P, X, G),
    equals(P * (G - outer(total(P * G, axis=1), ones(d))), differentiate),
)
"""Softmax

In every row: what G has on average, under the probabilities, is taken off it. Leaving this out is the usual mistake.
"""
level = derive(
    total(vjp(P, X, G), axis=1),
    equals(0, differentiate),
)
"""Softmax sees differences only

So what comes back through it adds up to 0 in every row.
"""

by_log_softmax = derive(
    vjp(log_softmax(X), X, G),
    equals(G - P * outer(total(G, axis=1), ones(d)), differentiate),
)
"""Log-softmax

No probability is divided by, so none can be too small.
"""

Z = tensor("Z", N, d, k)  # k pieces for each unit
mask = let("M", vjp(maxout(Z), Z, ones(N, d)))
by_maxout = derive(
    vjp(maxout(Z), Z, G),
    equals(each(G[i, j] * mask[i, j, l] for i in over(N) for j in over(d) for l in over(k)), differentiate),
)
"""Maxout

G goes to the piece that was the largest; M is 1 there and 0 elsewhere. At a tie, a kink, the first piece has it.
"""

U, V = matrix("U", N, d), matrix("V", N, d)
two_pieces = derive(
    V + relu(U - V),
    equals((U + V + abs_(U - V)) / 2, algebra),
)
"""Maxout of two pieces

The larger of two entries, by a ReLU or by an absolute value.
"""

sigmoid_code = agrees(S, by_hand.sigmoid)
sigmoid_backward_code = agrees(vjp(S, X, G), by_hand.sigmoid_backward)
tanh_code = agrees(H, by_hand.tanh)
tanh_backward_code = agrees(vjp(H, X, G), by_hand.tanh_backward)
relu_code = agrees(relu(X), by_hand.relu)
relu_backward_code = agrees(vjp(relu(X), X, G), by_hand.relu_backward)
leaky_relu_code = agrees(leaky_relu(X, a), by_hand.leaky_relu)
leaky_relu_backward_code = agrees(vjp(leaky_relu(bent, a), bent, G), by_hand.leaky_relu_backward)
elu_code = agrees(elu(X, a), by_hand.elu)
elu_backward_code = agrees(vjp(elu(bent, a), bent, G), by_hand.elu_backward)
gelu_code = agrees(gelu(X), by_hand.gelu)
gelu_backward_code = agrees(vjp(gelu(X), X, G), by_hand.gelu_backward)
gelu_tanh_code = agrees(gelu_tanh(X), by_hand.gelu_tanh)
gelu_tanh_backward_code = agrees(vjp(gelu_tanh(X), X, G), by_hand.gelu_tanh_backward)
silu_code = agrees(silu(X), by_hand.silu)
silu_backward_code = agrees(vjp(silu(X), X, G), by_hand.silu_backward)
softplus_code = agrees(softplus(X), by_hand.softplus)
softplus_backward_code = agrees(vjp(softplus(X), X, G), by_hand.softplus_backward)
softmax_code = agrees(P, by_hand.softmax)
softmax_backward_code = agrees(vjp(P, X, G), by_hand.softmax_backward)
log_softmax_code = agrees(log_softmax(X), by_hand.log_softmax)
log_softmax_backward_code = agrees(vjp(log_softmax(X), X, G), by_hand.log_softmax_backward)
maxout_code = agrees(maxout(Z), by_hand.maxout)
maxout_backward_code = agrees(vjp(maxout(Z), Z, G), by_hand.maxout_backward)
