"""Layers backwards: sums and shares forgotten, matrices untransposed, signs turned, what moves taken for a constant."""

from chainrule import (
    I,
    Sum,
    algebra,
    before,
    claim,
    delta,
    derive,
    diag,
    diagof,
    differentiate,
    dims,
    each,
    equals,
    grad,
    let,
    log,
    logsumexp,
    matrix,
    nonnegative,
    ones,
    outer,
    over,
    pi,
    positive,
    positivity,
    rational,
    recur,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    sqrt,
    step,
    tanh,
    tensor,
    total,
    vector,
    vjp,
    zeros,
)
from derivations import activations, contrastive, dense, normalisation
from tests.wrong.pairs import Pair, pair

N, p, q, r, d, L = dims("N p q r d L")
X, W, b, G = matrix("X", N, p), matrix("W", q, p), vector("b", q), matrix("G", N, q)
Y = dense.linear(X, W, b)
x, one = matrix("x", N, 1), matrix("w", 1, 1)
D, Z, C = matrix("D", N, p), matrix("Z", N, p), matrix("C", N, p, one_hot_rows=True)
s, t, eps = scalar("s"), scalar("t", positive=True), scalar("eps", positive=True)
bent = matrix("B", N, p, nonzero_entries=True)
V, A, B = matrix("V", p, q), matrix("A", r, p), matrix("B", q, r)
S, E = matrix("S", N, r, one_hot_rows=True), matrix("E", r, d)
H = matrix("H", N, d)


def backward(name, f, variable, g, wrong, right, **stands) -> Pair:
    """The vector-Jacobian product of a layer, wrong and right."""
    return pair(
        name,
        derive(vjp(f, variable, g), equals(wrong, differentiate)),
        derive(vjp(f, variable, g), equals(right, differentiate)),
        **stands,
    )


def gradient(name, f, variable, wrong, right, **stands) -> Pair:
    """The gradient of a loss, wrong and right."""
    return pair(
        name,
        derive(grad(f, variable), equals(wrong, differentiate)),
        derive(grad(f, variable), equals(right, differentiate)),
        **stands,
    )


def same(name, formula, wrong, right) -> Pair:
    return pair(name, derive(formula, equals(wrong, algebra)), derive(formula, equals(right, algebra)))


# --- dense layers -----------------------------------------------------------------------------------------------
bias = [vector(f"b{k}", q) for k in range(2)]
square, shared = matrix("K", p, p), matrix("K", p, p)
hidden = tanh(X @ square)
residual = X + tanh(X @ W.T + b) @ V.T
slope = 1 - tanh(X @ W.T + b) ** 2
DENSE = [
    backward("a bias, only the first example counted", Y, b, G, Sum(delta(n, 0) * G[n] for n in over(N)),
             total(G, axis=0)),
    backward("a bias, the mean over the batch for the sum", Y, b, G, total(G, axis=0) / N, total(G, axis=0)),
    backward("weights carried back untransposed", X @ square, X, D, D @ square, D @ square.T),
    backward("weights, error and input exchanged", X @ square, square, D, D.T @ X, X.T @ D),
    backward("a shared weight, the second use written over the first", hidden @ square, square, D,
             hidden.T @ D, hidden.T @ D + X.T @ ((D @ square.T) * (1 - hidden**2))),
    backward("a residual block, the skip forgotten", residual, X, D, ((D @ V) * slope) @ W,
             D + ((D @ V) * slope) @ W),
    backward("a residual block, the skip counted twice", residual, X, D, 2 * D + ((D @ V) * slope) @ W,
             D + ((D @ V) * slope) @ W),
    backward("dropout, no mask on the way back", dense.dropout(Z, C, t), Z, D, D / t, C * D / t),
    backward("dropout, the scale forgotten on the way back", dense.dropout(Z, C, t), Z, D, C * D, C * D / t),
    backward("an embedding, a row read twice gets one share", dense.embedding(S, E), E, H,
             each(Sum(S[n, k] * H[n] for n in over(N)) / (1 + Sum(S[n, k] for n in over(N))) for k in over(r)),
             S.T @ H),
    backward("a low rank, the factor s forgotten", dense.adapted(X, W, A, B, s), A, G, B.T @ G.T @ X,
             s * B.T @ G.T @ X),
    backward("a low rank, the frozen weights forgotten", dense.adapted(X, W, A, B, s), X, G, s * G @ B @ A,
             G @ W + s * G @ B @ A),
]  # fmt: skip

# --- layers on layers -------------------------------------------------------------------------------------------
Ws, bs, top = tensor("Ws", L, d, d), matrix("bs", L, d), matrix("g", N, d)
a, w, c = matrix("a", N, d), matrix("w", d, d), vector("c", d)
e, h, u = matrix("e", N, d), matrix("h", N, d), matrix("u", N, d)
deep = let("H", recur({a: tanh(a @ w.T + c)}, {a: H}, along={w: Ws, c: bs}))
output = Sum(delta(l, L - 1) * deep[l] for l in over(L))
only_last = each(delta(l, L - 1) * top for l in over(L))


def errors(back, backwards=True):
    carried = recur({e: back}, {e: zeros(N, d)}, along={u: only_last, h: deep, w: Ws}, backwards=backwards)
    return (only_last + before(carried)) * (1 - deep**2)


Delta = errors(((u + e) * (1 - h**2)) @ w)
DEEP = [
    backward("the layer's own activities for those below", output, Ws, top, Delta.T @ deep, Delta.T @ before(deep)),
    backward("a deep bias, not added up over the batch", output, bs, top,
             each(Sum(delta(n, 0) * Delta[l, n] for n in over(N)) for l in over(L)), total(Delta, axis=1)),
    backward("the layers' weights untransposed on the way down", output, bs, top,
             total(errors(((u + e) * (1 - h**2)) @ w.T), axis=1), total(Delta, axis=1)),
    backward("errors that run upwards", output, bs, top,
             total(errors(((u + e) * (1 - h**2)) @ w, backwards=False), axis=1), total(Delta, axis=1)),
    backward("the slope of the activation, forgotten on the way down", output, bs, top,
             total(errors((u + e) @ w), axis=1), total(Delta, axis=1)),
]  # fmt: skip

# --- activations ------------------------------------------------------------------------------------------------
P = let("P", softmax(Z))
mean = outer(total(P * D, axis=1), ones(p))
sum_D = outer(total(D, axis=1), ones(p))
cdf, density = activations.normal_cdf(Z), activations.normal_density(Z)
BENDS = [
    backward("softmax, the sign of the mean", P, Z, D, P * (D + mean), P * (D - mean)),
    backward("softmax, its diagonal alone", P, Z, D, P * (1 - P) * D, P * (D - mean)),
    backward("softmax along the wrong axis", P, Z, D, P * (D - total(P * D, axis=0)), P * (D - mean)),
    backward("log-softmax, the sum forgotten", activations.log_softmax(Z), Z, D, D - P * D, D - P * sum_D),
    backward("sigmoid, its slope from x for that from its value", sigmoid(Z), Z, D, D * Z * (1 - Z),
             D * sigmoid(Z) * (1 - sigmoid(Z))),
    backward("tanh, the square forgotten", tanh(Z), Z, D, D * (1 - tanh(Z)), D * (1 - tanh(Z) ** 2)),
    backward("ReLU, gated by the error for the input", relu(bent), bent, D, D * step(D), D * step(bent)),
    backward("leaky ReLU, the leak on the wrong side", activations.leaky_relu(bent, t), bent, D,
             D * (t * step(bent) + step(-bent)), D * (step(bent) + t * step(-bent))),
    backward("ELU, its value for its slope", activations.elu(bent, t), bent, D,
             D * (step(bent) + activations.elu(bent, t) * step(-bent)),
             D * (step(bent) + (activations.elu(bent, t) + t) * step(-bent))),
    backward("GELU, the density forgotten", activations.gelu(Z), Z, D, D * cdf, D * (cdf + Z * density)),
    backward("GELU's tanh form, with the slope of the other", activations.gelu_tanh(Z), Z, D,
             D * (cdf + Z * density),
             D * ((1 + tanh(activations.cubic(Z))) / 2 + Z * (1 - tanh(activations.cubic(Z)) ** 2) * sqrt(2 / pi)
                  * (1 + 3 * rational(44715, 10**6) * Z**2) / 2)),
    backward("SiLU, the product rule's second part forgotten", activations.silu(Z), Z, D, D * sigmoid(Z),
             D * sigmoid(Z) * (1 + Z * sigmoid(-Z))),
]  # fmt: skip

# --- normalisation ----------------------------------------------------------------------------------------------
gamma, beta = vector("gamma", p), vector("beta", p)
feature, example = normalisation.feature_means, normalisation.example_means
batch = normalisation.batch_norm(Z, gamma, beta, eps)
off = Z - feature(Z)
size = let("sigma", sqrt(feature(off**2) + eps))
hat, K = let("Y", off / size), let("K", gamma * D)
right_batch = (K - feature(K) - hat * feature(K * hat)) / size
layer = normalisation.layer_norm(Z, gamma, beta, eps)
row = Z - example(Z)
row_size = let("sigma", sqrt(example(row**2) + eps))
row_hat = let("Y", row / row_size)
right_layer = (K - example(K) - row_hat * example(K * row_hat)) / row_size
root = let("rho", sqrt(example(Z**2) + eps))
NORMS = [
    backward("batch norm, mean and size taken for constants", batch, Z, D, K / size, right_batch),
    backward("batch norm, the size taken for a constant", batch, Z, D, (K - feature(K)) / size, right_batch),
    backward("batch norm, the mean's share forgotten", batch, Z, D, (K - hat * feature(K * hat)) / size, right_batch),
    backward("batch norm, the scale forgotten on the way back", batch, Z, D,
             (D - feature(D) - hat * feature(D * hat)) / size, right_batch),
    backward("batch norm, sums for means", batch, Z, D,
             (K - total(K, axis=0) - hat * total(K * hat, axis=0)) / size, right_batch),
    backward("batch norm's scale, from what was not normalised", batch, gamma, D, total(D * Z, axis=0),
             total(D * hat, axis=0)),
    backward("layer norm, means over the batch", layer, Z, D,
             (K - feature(K) - row_hat * feature(K * row_hat)) / row_size, right_layer),
    backward("layer norm, the means of what comes before the scale", layer, Z, D,
             (K - example(D) - row_hat * example(D * row_hat)) / row_size, right_layer),
    backward("RMS norm, a mean taken off", normalisation.rms_norm(Z, gamma, eps), Z, D,
             (K - example(K) - Z / root * example(K * Z / root)) / root,
             (K - Z / root * example(K * Z / root)) / root),
    backward("RMS norm, eps inside the mean", normalisation.rms_norm(Z, gamma, eps), gamma, D,
             total(D * Z / sqrt(example(Z**2 + p * eps)), axis=0), total(D * Z / root, axis=0)),
]  # fmt: skip

# --- losses -----------------------------------------------------------------------------------------------------
entropy = (total(logsumexp(Z, axis=1)) - total(C * Z)) / N
tempered = (total(logsumexp(Z / t, axis=1)) - total(C * Z / t)) / N
Pt = softmax(Z / t)
y, z = vector("y", N, labels=True), vector("z", N)
n = N
scores, U, T = matrix("S", n, n), matrix("U", n, d), matrix("V", n, d)
Q = let("Q", softmax(U @ T.T / t))
R = matrix("R", n, n)
barlow = total((1 - diagof(R)) ** 2) + t * sqnorm(R - diag(diagof(R)))
away = matrix("Z", n, d)
M = matrix("M", d, p)


def other(S):
    return contrastive.others(S)


LOSSES = [
    gradient("cross-entropy, class less probability", entropy, Z, (C - P) / N, (P - C) / N),
    gradient("cross-entropy, the share 1/N forgotten", entropy, Z, P - C, (P - C) / N),
    gradient("cross-entropy through softmax once more", entropy, Z, P * (P - C) / N, (P - C) / N),
    gradient("the temperature forgotten", tempered, Z, (Pt - C) / N, (Pt - C) / (t * N)),
    gradient("the temperature's own derivative, one power short", tempered, t, -total((Pt - C) * Z) / (t * N),
             -total((Pt - C) * Z) / (t**2 * N)),
    gradient("hinge, the wrong side", total(relu(1 - y * z)), z, -y * step(y * z - 1), -y * step(1 - y * z)),
    gradient("focal loss, the weight taken for a constant", total(sigmoid(-z) ** 2 * softplus(-z)), z,
             -(sigmoid(-z) ** 3), sigmoid(-z) ** 2 * (2 * sigmoid(z) * log(sigmoid(z)) - sigmoid(-z))),
    gradient("InfoNCE, the partner forgotten", contrastive.info_nce(scores), scores, softmax(scores) / n,
             (softmax(scores) - I(n)) / n),
    gradient("InfoNCE by the partners, untransposed", contrastive.info_nce(U @ T.T / t), T, (Q - I(n)) @ U / (n * t),
             (Q - I(n)).T @ U / (n * t)),
    gradient("CLIP, the columns forgotten", contrastive.clip(scores), scores, (softmax(scores) - I(n)) / n,
             (softmax(scores) + softmax(scores, axis=0) - 2 * I(n)) / (2 * n)),
    gradient("one's own score among the negatives", total(log(1 + total(other(U @ U.T), axis=1))), U,
             (lambda O: (O + O.T) @ U)(softmax(U @ U.T)),
             (lambda O: (O + O.T) @ U)(other(U @ U.T) / outer(1 + total(other(U @ U.T), axis=1), ones(n)))),
    gradient("each row's share as a negative of others forgotten", total(log(1 + total(other(U @ U.T), axis=1))), U,
             (other(U @ U.T) / outer(1 + total(other(U @ U.T), axis=1), ones(n))) @ U,
             (lambda O: (O + O.T) @ U)(other(U @ U.T) / outer(1 + total(other(U @ U.T), axis=1), ones(n)))),
    gradient("Barlow Twins, the diagonal in both parts", barlow, R, 2 * t * R - 2 * diag(1 - diagof(R)),
             2 * t * (R - diag(diagof(R))) - 2 * diag(1 - diagof(R))),
    pair(
        "a stop-gradient ignored",
        derive(grad(sqnorm(D @ M.T - X @ M.T) / 2, M), equals((D @ M.T - X @ M.T).T @ D, differentiate)),
        derive(
            grad(sqnorm(D @ M.T - away) / 2, M).at(away, X @ M.T),
            equals((D @ M.T - X @ M.T).T @ D, differentiate),
        ),
    ),
]  # fmt: skip

# --- roots ------------------------------------------------------------------------------------------------------
m, k, l = scalar("m"), scalar("k", positive=True), scalar("l", positive=True)
ROOTS = [
    same("a root of a square is not the number", sqrt(m**2 * k), m * sqrt(k), sqrt(k * m**2)),
    same("a root splits over numbers known to be positive", sqrt(k * l), sqrt(k) + sqrt(l), sqrt(k) * sqrt(l)),
    same("a number leaves a root as its root", sqrt(4 * k), 4 * sqrt(k), 2 * sqrt(k)),
    same("a third root takes out third powers", (8 * k**4) ** rational(1, 3), 2 * k**2, 2 * k * k ** rational(1, 3)),
    same("one over a root", 1 / sqrt(2 * k), sqrt(k) / 2, sqrt(rational(2)) / (2 * sqrt(k))),
    same("the root of a quotient", sqrt(k / l), sqrt(k) / l, sqrt(k) / sqrt(l)),
    same("a root of a root's square", sqrt(rational(2)) ** 3, 2, 2 * sqrt(rational(2))),
]

# --- masks and products, entry by entry -------------------------------------------------------------------------
some, many, few = vector("a", N, positive=True), vector("b", p, positive=True), vector("b", p, nonnegative=True)
masked = each((1 - delta(i, j)) * some[i] * some[j] for i in over(N) for j in over(N))
turned = each((delta(i, j) - 1) * some[i] * some[j] for i in over(N) for j in over(N))
SIGNS = [
    pair(
        "a row without its own entry may be empty",
        claim(positive(total(masked, axis=1)), positivity),
        claim(positive(1 + total(masked, axis=1)), positivity),
    ),
    pair(
        "a mask less one",
        claim(nonnegative(turned), positivity),
        claim(nonnegative(masked), positivity),
    ),
    pair(
        "an outer product with zeros",
        claim(positive(outer(some, few)), positivity),
        claim(positive(outer(some, many)), positivity),
    ),
]
PAIRS = DENSE + DEEP + BENDS + NORMS + LOSSES + ROOTS + SIGNS
