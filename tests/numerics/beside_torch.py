"""What torch computes beside the layers by hand: for each row of the survey of layers, pairs of ours and torch's.

Where torch has the layer, it is torch's; where it has not, the forward pass is written in its words and its automatic
derivative is taken. Needs torch, one of the extra `peers`.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from numerics import (
    activations,
    attention,
    classification_losses,
    contrastive,
    convolution,
    dense,
    gated_networks,
    margin_losses,
    multilayer_perceptron,
    normalisation,
    recurrent,
    redundancy_reduction,
    self_distillation,
    spectral_contrastive,
)
from numerics import transposed_convolution_and_pooling as pooling

F = torch.nn.functional
Pairs = Iterator[tuple[np.ndarray, np.ndarray]]
ROWS: dict[str, Callable[[], Pairs]] = {}
ONE = np.array(1.0)


def row(name):
    """Enters a function of pairs under the name of a row."""

    def enter(make):
        ROWS[name] = make
        return make

    return enter


def drawn(*shape, seed=5):
    return np.random.default_rng((seed, *shape)).normal(size=shape)


def theirs(f, arrays, G):
    """The value of f and the gradients of <G, f> by every array."""
    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    value = f(*leaves)
    value.backward(torch.as_tensor(np.asarray(G, dtype=float)))
    return value.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


def beside(f, arrays, G, forward, back):
    """The pairs of a layer: `back` has our gradient by each array, None where there is none."""
    value, slopes = theirs(f, arrays, G)
    yield forward, value
    yield from ((ours, slope) for ours, slope in zip(back, slopes, strict=True) if ours is not None)


X, G = drawn(4, 5), drawn(4, 5, seed=6)


# --- dense layers ----------------------------------------------------------------------------------
@row("dense")
def _dense():
    W, b, Y = drawn(3, 5), drawn(3), drawn(4, 3)
    back = dense.linear_by_input(W, Y), dense.linear_by_weights(X, Y), dense.linear_by_bias(Y)
    return beside(F.linear, [X, W, b], Y, dense.linear(X, W, b), back)


@row("residual")
def _residual():
    W, b, V = drawn(3, 5), drawn(3), drawn(5, 3)

    def block(x):
        return x + F.linear(torch.tanh(F.linear(x, torch.tensor(W), torch.tensor(b))), torch.tensor(V))

    return beside(block, [X], G, dense.residual(X, W, b, V), [dense.residual_by_input(X, W, b, V, G)])


@row("dropout with a mask")
def _dropout():
    M = (drawn(4, 5, seed=7) > 0).astype(float)
    return beside(
        lambda x: torch.tensor(M) * x / 0.8, [X], G, dense.dropout(X, M, 0.8), [dense.dropout_by_input(M, 0.8, G)]
    )


@row("embedding")
def _embedding():
    tokens, E = np.array([2, 0, 2, 1]), drawn(3, 5)
    S = np.eye(3)[tokens]
    f = lambda e: F.embedding(torch.tensor(tokens), e)
    yield from beside(f, [E], G, dense.embedding(S, E), [dense.embedding_by_table(S, G)])
    yield from beside(f, [E], G, dense.embed(tokens, E), [dense.embed_by_table(tokens, 3, G)])


@row("low-rank adaptation")
def _low_rank():
    W, A, B, s, Y = drawn(3, 5), drawn(2, 5), drawn(3, 2), 0.7, drawn(4, 3)

    def f(x, a, b):
        return F.linear(x, torch.tensor(W) + s * b @ a)

    back = dense.lora_by_input(W, A, B, s, Y), dense.lora_by_down(X, B, s, Y), dense.lora_by_up(X, A, s, Y)
    return beside(f, [X, A, B], Y, dense.lora(X, W, A, B, s), back)


@row("multilayer perceptron, any depth")
def _perceptron():
    Ws, bs = drawn(3, 5, 5), drawn(3, 5)

    def f(x, ws, cs):
        for w, c in zip(ws, cs, strict=True):
            x = torch.tanh(F.linear(x, w, c))
        return x

    by = multilayer_perceptron
    back = by.by_input(X, Ws, bs, G), by.by_weights(X, Ws, bs, G), by.by_biases(X, Ws, bs, G)
    return beside(f, [X, Ws, bs], G, by.output(X, Ws, bs), back)


# --- activations -----------------------------------------------------------------------------------
ACTIVATIONS = {
    "sigmoid": ("sigmoid", torch.sigmoid, ()),
    "tanh": ("tanh", torch.tanh, ()),
    "ReLU": ("relu", F.relu, ()),
    "leaky ReLU": ("leaky_relu", lambda x: F.leaky_relu(x, 0.1), (0.1,)),
    "ELU": ("elu", lambda x: F.elu(x, 1.3), (1.3,)),
    "GELU": ("gelu", F.gelu, ()),
    "GELU by tanh": ("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), ()),
    "SiLU": ("silu", F.silu, ()),
    "softplus": ("softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x)), ()),
    "softmax": ("softmax", lambda x: F.softmax(x, dim=-1), ()),
    "log-softmax": ("log_softmax", lambda x: F.log_softmax(x, dim=-1), ()),
}


def _activation(name, f, more):
    ours, back = getattr(activations, name), getattr(activations, f"{name}_backward")
    return lambda: beside(f, [X], G, ours(X, *more), [back(X, *more, G)])


for _title, _said in ACTIVATIONS.items():
    row(_title)(_activation(*_said))


@row("maxout")
def _maxout():
    Z = drawn(4, 5, 3)
    return beside(lambda z: z.amax(dim=2), [Z], G, activations.maxout(Z), [activations.maxout_backward(Z, G)])


# --- norms -----------------------------------------------------------------------------------------
def _norm(kind, f):
    def pairs():
        gamma, beta, eps = drawn(5), drawn(5, seed=7), 1e-3
        given = () if kind == "rms" else (beta,)
        forward = getattr(normalisation, f"{kind}_norm")(X, gamma, *given, eps)
        by_input = getattr(normalisation, f"{kind}_norm_by_input")(X, gamma, eps, G)
        by_scale = getattr(normalisation, f"{kind}_norm_by_scale")(X, eps, G)
        shift = [normalisation.by_shift(G)] if given else []
        return beside(lambda x, g, *b: f(x, g, *b, eps), [X, gamma, *given], G, forward, [by_input, by_scale, *shift])

    return pairs


row("batch norm")(_norm("batch", lambda x, g, b, eps: F.batch_norm(x, None, None, g, b, training=True, eps=eps)))
row("layer norm")(_norm("layer", lambda x, g, b, eps: F.layer_norm(x, (5,), g, b, eps=eps)))
row("RMS norm")(_norm("rms", lambda x, g, eps: F.rms_norm(x, (5,), g, eps=eps)))


@row("group norm")
def _group_norm():
    x, gamma, beta, eps, g = drawn(2, 3, 2, 6), drawn(3, 2), drawn(3, 2, seed=7), 1e-3, drawn(2, 3, 2, 6, seed=6)

    def f(a, c, b):
        return F.group_norm(a.reshape(2, 6, 6), 3, c.reshape(6), b.reshape(6), eps=eps).reshape(2, 3, 2, 6)

    by = normalisation
    back = by.group_norm_by_input(x, gamma, eps, g), by.group_norm_by_scale(x, eps, g), by.group_norm_by_shift(g)
    return beside(f, [x, gamma, beta], g, by.group_norm(x, gamma, beta, eps), back)


# --- convolutions and pooling ----------------------------------------------------------------------
@row("convolution")
def _convolution():
    for stride, pad, gap in ((1, 0, 1), (2, 1, 1), (1, 2, 3), (3, 0, 2)):
        x, w, b = drawn(2, 3, 11), drawn(4, 3, 3), drawn(4)
        M = convolution.output_length(11, 3, stride, pad, gap)
        g, how = drawn(2, 4, M), (stride, pad, gap)
        back = convolution.by_input(x, w, g, *how), convolution.by_weights(x, w, g, *how), convolution.by_bias(g)
        f = lambda *a, s=stride, p=pad, d=gap: F.conv1d(*a, stride=s, padding=p, dilation=d)
        yield from beside(f, [x, w, b], g, convolution.forward(x, w, b, M, *how), back)


@row("grouped convolution")
def _grouped():
    x, w, b, g = drawn(2, 3, 2, 9), drawn(3, 4, 2, 3), drawn(3, 4), drawn(2, 3, 4, 5)

    def f(a, v, c):
        y = F.conv1d(a.reshape(2, 6, 9), v.reshape(12, 2, 3), c.reshape(12), stride=2, padding=1, groups=3)
        return y.reshape(2, 3, 4, 5)

    back = convolution.grouped_by_input(x, w, g), convolution.grouped_by_weights(x, w, g), None
    return beside(f, [x, w, b], g, convolution.grouped(x, w, b, 5), back)


@row("convolution in the plane")
def _plane():
    x, w, b, g = drawn(2, 3, 8, 7), drawn(4, 3, 3, 3), drawn(4), drawn(2, 4, 4, 4)
    back = convolution.plane_by_input(x, w, g), convolution.plane_by_weights(x, w, g), None
    f = lambda *a: F.conv2d(*a, stride=2, padding=1)
    return beside(f, [x, w, b], g, convolution.plane(x, w, b, 4, 4), back)


@row("transposed convolution")
def _transposed():
    z, w, b, g = drawn(2, 4, 5), drawn(4, 3, 3), drawn(3), drawn(2, 3, 11)
    back = pooling.by_input(w, g, 5, stride=2), pooling.by_weights(z, w, g, stride=2), None
    f = lambda *a: F.conv_transpose1d(*a, stride=2)
    return beside(f, [z, w, b], g, pooling.transposed(z, w, b, 11, stride=2), back)


@row("average pooling")
def _average():
    x, g = drawn(2, 3, 9), drawn(2, 3, 4)
    f = lambda a: F.avg_pool1d(a, 3, stride=2)
    back = [pooling.average_pool_by_input(x, g, 3, stride=2)]
    return beside(f, [x], g, pooling.average_pool(x, 4, 3, stride=2), back)


@row("max pooling")
def _largest():
    x, g = drawn(2, 3, 9), drawn(2, 3, 4)
    f = lambda a: F.max_pool1d(a, 3, stride=2)
    back = [pooling.max_pool_by_input(x, g, 3, stride=2)]
    return beside(f, [x], g, pooling.max_pool(x, 4, 3, stride=2), back)


# --- recurrent networks ----------------------------------------------------------------------------
def _weights(names, d=3, p=2):
    return [drawn(*shape, seed=k) for shape in ((d, d), (d, p), (d,)) for k, _ in enumerate(names)]


@row("recurrent, any length")
def _recurrent():
    (W, U, b), s, x, g = _weights("h"), drawn(3, seed=8), drawn(5, 2), drawn(5, 3)

    def f(W, U, b, s, x):
        out = []
        for t in range(5):
            s = torch.tanh(W @ s + U @ x[t] + b)
            out.append(s)
        return torch.stack(out)

    by, arrays = recurrent, [W, U, b, s, x]
    order = by.by_recurrent_weights, by.by_input_weights, by.by_bias, by.by_start, by.by_input
    return beside(f, arrays, g, by.forward(*arrays), [back(*arrays, g) for back in order])


@row("LSTM, any length")
def _lstm():
    parts, s, q, x, g = _weights("fioz"), drawn(3, seed=8), drawn(3, seed=9), drawn(5, 2), drawn(5, 3)

    def f(*leaves):
        Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, h, c, x = leaves
        out = []
        for t in range(5):
            f, i, o = (torch.sigmoid(A @ h + B @ x[t] + k) for A, B, k in ((Wf, Uf, bf), (Wi, Ui, bi), (Wo, Uo, bo)))
            c = f * c + i * torch.tanh(Wz @ h + Uz @ x[t] + bz)
            h = o * torch.tanh(c)
            out.append(h)
        return torch.stack(out)

    arrays = [*parts, s, q, x]
    back = gated_networks.lstm_backward(*arrays, g)
    names = [part + gate for part in "WUb" for gate in "fioz"]
    yield from beside(f, arrays, g, gated_networks.lstm(*arrays), [back[n] for n in (*names, "s", "q", "X")])
    yield gated_networks.lstm(*arrays)[-1], _cell(arrays)


def _cell(arrays):
    """The last output of torch's own cell, whose gates stand in the order i, f, g, o."""
    cell = torch.nn.LSTMCell(2, 3, dtype=torch.float64)
    gates = dict(zip([part + gate for part in "WUb" for gate in "fioz"], arrays, strict=False))
    with torch.no_grad():
        for name, part in (("weight_ih", "U"), ("weight_hh", "W"), ("bias_ih", "b")):
            getattr(cell, name).copy_(torch.as_tensor(np.concatenate([gates[part + k] for k in "ifzo"])))
        cell.bias_hh.zero_()
        s, q, x = (torch.as_tensor(a) for a in arrays[-3:])
        h, c = s[None], q[None]
        for t in range(5):
            h, c = cell(x[t][None], (h, c))
    return h[0].numpy()


@row("GRU, any length")
def _gru():
    parts, s, x, g = _weights("urn"), drawn(3, seed=8), drawn(5, 2), drawn(5, 3)

    def f(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, h, x):
        out = []
        for t in range(5):
            u, r = (torch.sigmoid(A @ h + B @ x[t] + k) for A, B, k in ((Wu, Uu, bu), (Wr, Ur, br)))
            h = (1 - u) * torch.tanh(Wn @ (r * h) + Un @ x[t] + bn) + u * h
            out.append(h)
        return torch.stack(out)

    arrays = [*parts, s, x]
    back = gated_networks.gru_backward(*arrays, g)
    names = [part + gate for part in "WUb" for gate in "urn"]
    return beside(f, arrays, g, gated_networks.gru(*arrays), [back[n] for n in (*names, "s", "X")])


# --- attention -------------------------------------------------------------------------------------
def _attention(causal):
    Q, K, V, g = (drawn(6, 4, seed=k) for k in range(4))
    kind = "causal_" if causal else ""
    forward = attention.causal_attention if causal else attention.attention
    back = [getattr(attention, f"{kind}by_{name}") for name in ("questions", "keys", "values")]
    found = [by(*a) for by, a in zip(back, ((Q, K, V, g), (Q, K, V, g), (Q, K, g)), strict=True)]
    f = lambda *a: F.scaled_dot_product_attention(*a, is_causal=causal)
    return beside(f, [Q, K, V], g, forward(Q, K, V), found)


row("attention")(lambda: _attention(False))
row("causal attention")(lambda: _attention(True))


@row("attention of many heads")
def _heads():
    x, Wq, Wk, Wv, Wo, g = drawn(6, 8), *(drawn(2, 8, 4, seed=k) for k in range(3)), drawn(2, 4, 8), drawn(6, 8, seed=6)

    def f(x, q, k, v, o):
        return (F.scaled_dot_product_attention(x @ q, x @ k, x @ v) @ o).sum(0)

    arrays = [x, Wq, Wk, Wv, Wo]
    return beside(f, arrays, g, attention.multi_head(*arrays), attention.multi_head_backward(*arrays, g))


# --- losses ----------------------------------------------------------------------------------------
Z, Y = drawn(6, 4), np.eye(4)[np.random.default_rng(3).integers(0, 4, 6)]
CLASSES = torch.as_tensor(Y.argmax(axis=1))
z, y = drawn(7), np.sign(drawn(7, seed=6))


@row("squared error")
def _squared():
    f = lambda a: F.mse_loss(a, torch.tensor(Y), reduction="sum") / 12
    return beside(f, [Z], ONE, classification_losses.squared(Z, Y), [classification_losses.squared_by_output(Z, Y)])


@row("Huber's loss")
def _huber():
    f = lambda a: F.huber_loss(a, torch.tensor(Y), delta=0.7, reduction="sum") / 6
    by = classification_losses
    return beside(f, [Z], ONE, by.huber(Z, Y, 0.7), [by.huber_by_output(Z, Y, 0.7)])


@row("cross-entropy")
def _cross_entropy():
    by = classification_losses
    f = lambda a: F.cross_entropy(a, CLASSES)
    return beside(f, [Z], ONE, by.cross_entropy(Z, Y), [by.cross_entropy_by_output(Z, Y)])


@row("label smoothing")
def _smoothed():
    by = classification_losses
    f = lambda a: F.cross_entropy(a, CLASSES, label_smoothing=0.2)
    return beside(f, [Z], ONE, by.smoothed(Z, Y, 0.2), [by.smoothed_by_output(Z, Y, 0.2)])


@row("temperature")
def _tempered():
    by, t = classification_losses, 0.6
    f = lambda a, u: F.cross_entropy(a / u, CLASSES)
    back = [by.tempered_by_output(Z, Y, t), by.tempered_by_temperature(Z, Y, t)]
    return beside(f, [Z, t], ONE, by.tempered(Z, Y, t), back)


@row("hinge")
def _hinge():
    by = classification_losses
    f = lambda a: F.relu(1 - torch.tensor(y) * a).mean()
    return beside(f, [z], ONE, by.hinge(z, y), [by.hinge_by_output(z, y)])


@row("focal loss")
def _focal():
    by = classification_losses

    def f(a):
        m = torch.tensor(y) * a
        return -(torch.sigmoid(-m) ** 1.5 * F.logsigmoid(m)).mean()

    return beside(f, [z], ONE, by.focal(z, y, 1.5), [by.focal_by_output(z, y, 1.5)])


@row("Kullback-Leibler divergence")
def _divergence():
    by, Q = classification_losses, np.random.default_rng(4).dirichlet(np.ones(4), 6)
    f = lambda a: F.kl_div(F.log_softmax(a, dim=1), torch.tensor(Q), reduction="batchmean")
    return beside(f, [Z], ONE, by.divergence(Z, Q), [by.divergence_by_output(Z, Q)])


@row("triplet loss")
def _triplet():
    A, P, R = (drawn(6, 3, seed=k) for k in range(3))
    f = lambda a, p, r: F.relu(0.5 + ((a - p) ** 2).sum(1) - ((a - r) ** 2).sum(1)).mean()
    back = [getattr(margin_losses, f"triplet_by_{name}")(A, P, R, 0.5) for name in ("anchor", "positive", "negative")]
    return beside(f, [A, P, R], ONE, margin_losses.triplet(A, P, R, 0.5), back)


# --- self-supervised learning ----------------------------------------------------------------------
V, W = drawn(6, 3, seed=1), drawn(6, 3, seed=2)


@row("InfoNCE, NT-Xent")
def _info_nce():
    S, places = drawn(6, 6), torch.arange(6)
    f = lambda a: F.cross_entropy(a, places)
    yield from beside(f, [S], ONE, contrastive.info_nce(S), [contrastive.info_nce_by_scores(S)])
    A, B = contrastive.unit_rows(V), contrastive.unit_rows(W)

    def nt_xent(a):
        both = torch.cat([a, torch.tensor(B)])
        scores = (both @ both.T / 0.5).masked_fill(torch.eye(12, dtype=torch.bool), -torch.inf)
        return F.cross_entropy(scores, (torch.arange(12) + 6) % 12)

    yield from beside(nt_xent, [A], ONE, contrastive.nt_xent(A, B, 0.5), [contrastive.nt_xent_by_view(A, B, 0.5)])


@row("CLIP")
def _clip():
    places = torch.arange(6)

    def f(a, b, s):
        scores = torch.exp(s) * a @ b.T
        return (F.cross_entropy(scores, places) + F.cross_entropy(scores.T, places)) / 2

    back = [getattr(contrastive, f"clip_by_{name}")(V, W, 0.4) for name in ("images", "texts", "scale")]
    return beside(f, [V, W, 0.4], ONE, contrastive.clip(V, W, 0.4), back)


@row("SimSiam")
def _simsiam():
    f = lambda p: -F.cosine_similarity(p, torch.tensor(W)).mean()
    by = self_distillation
    return beside(f, [V], ONE, by.cosine_loss(V, W), [by.cosine_by_prediction(V, W)])


@row("Barlow Twins")
def _barlow():
    def f(a):
        C = a.T @ torch.tensor(W) / 6
        return ((1 - C.diagonal()) ** 2).sum() + 0.1 * (C**2).sum() - 0.1 * (C.diagonal() ** 2).sum()

    by = redundancy_reduction
    return beside(f, [V], ONE, by.barlow(V, W, 0.1), [by.barlow_by_view(V, W, 0.1)])


@row("VICReg")
def _vicreg():
    by = redundancy_reduction
    f = lambda a: F.mse_loss(a, torch.tensor(W), reduction="sum") / 6
    yield from beside(f, [V], ONE, by.invariance(V, W), [by.invariance_by_view(V, W)])
    g = lambda a: F.relu(1 - torch.sqrt(a.var(dim=0) + 1e-4)).mean()
    yield from beside(g, [V], ONE, by.spread(V, 1e-4, 5), [by.spread_by_embedding(V, 1e-4, 5)])

    def h(a):
        C = torch.cov(a.T)
        return ((C**2).sum() - (C.diagonal() ** 2).sum()) / 3

    yield from beside(h, [V], ONE, by.covariance(V, 5), [by.covariance_by_embedding(V, 5)])


@row("spectral contrastive loss")
def _spectral():
    half = np.abs(drawn(6, 6))
    A = (half + half.T) / np.sum(half + half.T)

    def f(v):
        a, w = torch.tensor(A), torch.tensor(A.sum(1))
        S = v @ v.T
        return -2 * (a * S).sum() + (torch.outer(w, w) * S**2).sum()

    by = spectral_contrastive
    return beside(f, [V], ONE, by.loss(A, V), [by.gradient(A, V)])
