"""Three networks, trained.

A perceptron and a convolutional network read digits, a recurrent one guesses the next letter of a tale. All that they
learn by is derived here, and the same run with derivatives written by hand has the same losses.

The digits are drawn by `numerics/strokes.py`, the tale stands in `numerics/tale.py`. Sizes are open: n examples, S by S
pixels, filters of K by K that move by 2, pieces of T letters.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.5, 9.5, 10.2.2.
"""

from chainrule import (
    Sum,
    agrees,
    derive,
    differentiate,
    dims,
    each,
    equals,
    grad,
    let,
    logsumexp,
    matrix,
    over,
    recur,
    relu,
    softmax,
    tanh,
    tensor,
    total,
    vector,
    zeros,
)
from numerics import training as by_hand

n, p, d, k = dims("n p d k", typical=(100, 144, 32, 10))
S, K, M, C, T = dims("S K M C T", typical=(12, 3, 5, 6, 25))
Y = matrix("Y", n, k)  # the right answers, one-hot
W, b, V, c = matrix("W", d, p), vector("b", d), matrix("V", k, d), vector("c", k)
X = matrix("X", n, p)

hidden = let("H", tanh(X @ W.T + b))
scores = let("Z", hidden @ V.T + c)
perceptron = (total(logsumexp(scores, axis=1)) - total(Y * scores)) / n

answers = let("P", softmax(scores))
by_scores = derive(
    grad(perceptron, V),
    equals((answers - Y).T @ hidden / n, differentiate),
)
"""By the last weights

what is answered less what is right, met with what the layer was given,
"""
carried = let("Delta", ((answers - Y) @ V) * (1 - hidden**2) / n)
by_first = derive(grad(perceptron, W), equals(carried.T @ X, differentiate))
"""and by the first

the same, carried back.
"""

images, filters, bias = tensor("X", n, S, S), tensor("F", C, K, K), vector("b", C)
reader = tensor("V", k, C, M, M)
seen = each(
    Sum(filters[f, u, v] * images[i, 2 * r + u, 2 * s + v] for u in over(K) for v in over(K)) + bias[f]
    for i in over(n)
    for f in over(C)
    for r in over(M)
    for s in over(M)
)
kept = let("A", relu(seen))
read = each(
    Sum(reader[o, f, r, s] * kept[i, f, r, s] for f in over(C) for r in over(M) for s in over(M)) + c[o]
    for i in over(n)
    for o in over(k)
)
convolutional = (total(logsumexp(read, axis=1)) - total(Y * read)) / n

letters, following = tensor("X", T, n, k), tensor("Y", T, n, k)
R, U = matrix("R", d, d), matrix("U", d, k)
h, x = matrix("h", n, d), matrix("x", n, k)
states = let("H", recur({h: tanh(h @ R.T + x @ U.T + b)}, {h: zeros(n, d)}, along={x: letters}))
guesses = states @ V.T + c
recurrent = (total(logsumexp(guesses, axis=2)) - total(following * guesses)) / (T * n)

first_code = agrees(grad(perceptron, W), by_hand.perceptron_by_first_weights)
recurrent_code = agrees(grad(recurrent, R), by_hand.recurrent_by_recurrent_weights, W="R")

FORMULAS = {
    "perceptron": (perceptron, (X, Y, W, b, V, c)),
    "convolutional": (convolutional, (images, Y, filters, bias, reader, c)),
    "recurrent": (recurrent, (letters, following, R, U, b, V, c)),
}
