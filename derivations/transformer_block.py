"""A transformer block.

Two times the same pattern: look at a normalised copy, work out a change, add it. First the places talk to each other
(attention), then each place thinks for itself (a network of one hidden layer).

What is added passes errors back unchanged, whatever the layers do: that is why blocks can be stacked. Each half is
derived and proved for any number of places, heads and any width; the block is one half after the other, and its code is
generated from the whole formula.

Source: Vaswani et al., Attention is all you need (2017); Xiong et al., On layer normalization in the transformer
architecture (2020); Hendrycks and Gimpel, Gaussian error linear units (2016).
"""

from chainrule import (
    Sum,
    agrees,
    derive,
    differentiate,
    dims,
    each,
    equals,
    erf,
    exp,
    let,
    matrix,
    ones,
    outer,
    over,
    pi,
    scalar,
    sqrt,
    tensor,
    total,
    vector,
    vjp,
)
from derivations.attention import causal, heads
from numerics import transformer_block as by_hand


def normalised(X, eps):
    """Each row less its mean, over the root of its variance + eps.    X (T, p)  ->  (T, p)"""
    p = X.shape[1]
    away = X - outer(total(X, axis=1), ones(p)) / p
    return away / sqrt(outer(total(away**2, axis=1), ones(p)) / p + eps)


def layer_norm(X, gain, offset, eps):
    """gain o normalised + offset.    X (T, p), gain, offset (p,)  ->  (T, p)"""
    return normalised(X, eps) * gain + offset


def gelu(x):
    """x times the chance that a standard normal number is below x."""
    return x * (1 + erf(x / sqrt(2))) / 2


def gelu_slope(x):
    """Phi(x) + x phi(x), the normal distribution function and density."""
    return (1 + erf(x / sqrt(2))) / 2 + x * exp(-((x / sqrt(2)) ** 2)) / (sqrt(2) * sqrt(pi))


def causal_heads(X, Wq, Wk, Wv, Wo):
    """Attention of several heads to what has been said.    X (T, p)  ->  (T, p)"""
    d = Wq.shape[-1]
    Q, K, V = heads(X, Wq), heads(X, Wk), heads(X, Wv)
    return Sum(causal(Q[h] @ K[h].T / sqrt(d)) @ V[h] @ Wo[h] for h in over(Wq.shape[0]))


def talk(X, gain, offset, Wq, Wk, Wv, Wo, eps):
    """X + attention of its normalised copy."""
    return X + causal_heads(layer_norm(X, gain, offset, eps), Wq, Wk, Wv, Wo)


def think(X, gain, offset, W1, b1, W2, b2, eps):
    """X + gelu(X' W1 + b1) W2 + b2, X' its normalised copy.    W1 (p, m), b1 (m,), W2 (m, p), b2 (p,)"""
    return X + gelu(layer_norm(X, gain, offset, eps) @ W1 + b1) @ W2 + b2


T, p, N, d, m = dims("T p N d m", typical=(128, 64, 4, 16, 256))
eps = scalar("eps", positive=True)
X, G = matrix("X", T, p), matrix("G", T, p)  # G: the derivative of some loss by the output
gain1, offset1, gain2, offset2 = (vector(name, p) for name in ("gain1", "offset1", "gain2", "offset2"))
Wq, Wk, Wv = (tensor(name, N, p, d) for name in ("Wq", "Wk", "Wv"))
Wo = tensor("Wo", N, d, p)
W1, b1, W2, b2 = matrix("W1", p, m), vector("b1", m), matrix("W2", m, p), vector("b2", p)

Xn = let("Xn", normalised(X, eps))
size = let(
    "r", each(1 / sqrt(Sum((X[t, k] - total(X, axis=1)[t] / p) ** 2 for k in over(p)) / p + eps) for t in over(T))
)


def norm_back(told):
    """What a row is told by its normalised copy: told less its mean and its part along the copy, over the spread."""
    along = total(told * Xn, axis=1) / p
    mean = total(told, axis=1) / p
    return each(size[t] * (told[t] - mean[t] - Xn[t] * along[t]) for t in over(T))


norm = let("LN", layer_norm(X, gain1, offset1, eps))
norm_by_gain = derive(
    vjp(norm, gain1, G),
    equals(total(G * Xn, axis=0), differentiate),
)
"""Layer norm, by the gain"""
norm_by_offset = derive(
    vjp(norm, offset1, G),
    equals(total(G, axis=0), differentiate),
)
"""Layer norm, by the offset"""
norm_by_input = derive(
    vjp(norm, X, G),
    equals(norm_back(G * gain1), differentiate),
)
"""Layer norm, by the input

A shift of the whole row, or a stretch, changes nothing: those two directions are taken out of what comes back. With
eps > 0 the stretch is not taken out whole, since the copy is then a little shorter than it says.
"""

A = let("A", layer_norm(X, gain2, offset2, eps) @ W1 + b1)
thought = let("Y", think(X, gain2, offset2, W1, b1, W2, b2, eps))
bent = let("B", (G @ W2.T) * gelu_slope(A))  # what A is told

thought_by_output_weights = derive(
    vjp(thought, W2, G),
    equals(gelu(A).T @ G, differentiate),
)
"""The second half, by the output weights"""
thought_by_output_bias = derive(
    vjp(thought, b2, G),
    equals(total(G, axis=0), differentiate),
)
"""The second half, by the output bias"""
thought_by_hidden_weights = derive(
    vjp(thought, W1, G),
    equals(layer_norm(X, gain2, offset2, eps).T @ bent, differentiate),
)
"""The second half, by the hidden weights"""
thought_by_hidden_bias = derive(
    vjp(thought, b1, G),
    equals(total(bent, axis=0), differentiate),
)
"""The second half, by the hidden bias"""
thought_by_input = derive(
    vjp(thought, X, G),
    equals(G + norm_back((bent @ W1.T) * gain2), differentiate),
)
"""The second half, by the input

G itself, by the way that adds, and what comes back through the layers.
"""

M = matrix("M", T, p)  # the normalised copy, whatever it is
Q, K, V = (let(name, heads(M, W)) for name, W in (("Q", Wq), ("K", Wk), ("V", Wv)))
P = let("P", each(causal(Q[h] @ K[h].T / sqrt(d)) for h in over(N)))
said = let("Z", causal_heads(M, Wq, Wk, Wv, Wo))
F = let("F", each(G @ Wo[h].T for h in over(N)))  # what each head is told
D = let("D", each(F[h] @ V[h].T for h in over(N)))
Delta = let(
    "Delta",
    each(
        P[h, i, j] * (D[h, i, j] - Sum(P[h, i, l] * D[h, i, l] for l in over(T))) / sqrt(d)
        for h in over(N)
        for i in over(T)
        for j in over(T)
    ),
)

said_by_output_weights = derive(
    vjp(said, Wo, G),
    equals(each((P[h] @ V[h]).T @ G for h in over(N)), differentiate),
)
"""Causal heads, by the output weights"""
said_by_question_weights = derive(
    vjp(said, Wq, G),
    equals(each(M.T @ Delta[h] @ K[h] for h in over(N)), differentiate),
)
"""Causal heads, by the question weights"""
said_by_key_weights = derive(
    vjp(said, Wk, G),
    equals(each(M.T @ Delta[h].T @ Q[h] for h in over(N)), differentiate),
)
"""Causal heads, by the key weights"""
said_by_value_weights = derive(
    vjp(said, Wv, G),
    equals(each(M.T @ P[h].T @ F[h] for h in over(N)), differentiate),
)
"""Causal heads, by the value weights"""
said_by_input = derive(
    vjp(said, M, G),
    equals(
        Sum(Delta[h] @ K[h] @ Wq[h].T + Delta[h].T @ Q[h] @ Wk[h].T + P[h].T @ F[h] @ Wv[h].T for h in over(N)),
        differentiate,
    ),
)
"""Causal heads, by what they read

It was read three times by every head, as question, key and value.
"""

talked = talk(X, gain1, offset1, Wq, Wk, Wv, Wo, eps)
talked_by_input = derive(
    vjp(talked, X, G),
    equals(G + vjp(norm, X, vjp(said, M, G).at(M, norm)), differentiate),
)
"""The first half, by the input

Again G itself, and what the heads say to the copy, handed back through the norm.
"""

halves = (gain2, offset2, W1, b1, W2, b2, eps)
block = let("Y", think(talk(X, gain1, offset1, Wq, Wk, Wv, Wo, eps), *halves))
whole = derive(
    vjp(block, X, G),
    equals(vjp(talked, X, vjp(thought, X, G).at(X, talked)), differentiate),
)
"""The block

The second half hands back to the first, at the place where the first one left off.
"""
shared = derive(
    vjp(block, Wq, G),
    equals(vjp(talked, Wq, vjp(thought, X, G).at(X, talked)), differentiate),
)
"""The block, by a weight of its first half"""

norm_code = agrees(norm, by_hand.layer_norm, gain="gain1", offset="offset1")
norm_back_code = agrees(vjp(norm, X, G), by_hand.layer_norm_by_input, gain="gain1")
gelu_code = agrees(gelu(X), by_hand.gelu)
thought_code = agrees(vjp(thought, X, G), by_hand.think_by_input, gain="gain2", offset="offset2")
block_code = agrees(block, by_hand.block)
