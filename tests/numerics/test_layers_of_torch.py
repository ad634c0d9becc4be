"""Layers by hand, forwards and backwards, equal to torch's to 1e-12 in float64. torch is one of the extra `peers`."""

import numpy as np
import pytest

from numerics import activations, attention, classification_losses, convolution, dense, gated_networks, normalisation
from numerics import transposed_convolution_and_pooling as pooling

torch = pytest.importorskip("torch")
F = torch.nn.functional
RNG = np.random.default_rng(5)


def drawn(*shape):
    return RNG.normal(size=shape)


def theirs(f, arrays, G):
    """The value of f and the gradients of <G, f> by every array."""
    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    value = f(*leaves)
    value.backward(torch.as_tensor(np.asarray(G, dtype=float)))
    return value.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


def alike(ours, other):
    np.testing.assert_allclose(ours, other, rtol=1e-12, atol=1e-12)


X, G = drawn(4, 5), drawn(4, 5)
ACTIVATIONS = {
    "sigmoid": (torch.sigmoid, ()),
    "tanh": (torch.tanh, ()),
    "relu": (F.relu, ()),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.1), (0.1,)),
    "elu": (lambda x: F.elu(x, 1.3), (1.3,)),
    "gelu": (F.gelu, ()),
    "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), ()),
    "silu": (F.silu, ()),
    "softplus": (lambda x: torch.logaddexp(x, torch.zeros_like(x)), ()),
    "softmax": (lambda x: F.softmax(x, dim=-1), ()),
    "log_softmax": (lambda x: F.log_softmax(x, dim=-1), ()),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    f, more = ACTIVATIONS[name]
    value, (slope,) = theirs(f, [X], G)
    alike(getattr(activations, name)(X, *more), value)
    alike(getattr(activations, f"{name}_backward")(X, *more, G), slope)


def test_linear():
    W, b, Y = drawn(3, 5), drawn(3), drawn(4, 3)
    value, slopes = theirs(F.linear, [X, W, b], Y)
    alike(dense.linear(X, W, b), value)
    ours = (dense.linear_by_input(W, Y), dense.linear_by_weights(X, Y), dense.linear_by_bias(Y))
    for mine, slope in zip(ours, slopes, strict=True):
        alike(mine, slope)


@pytest.mark.parametrize("kind", ["batch", "layer", "rms"])
def test_norms(kind):
    gamma, beta, eps = drawn(5), drawn(5), 1e-3
    norms = {
        "batch": lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True, eps=eps),
        "layer": lambda x, g, b: F.layer_norm(x, (5,), g, b, eps=eps),
        "rms": lambda x, g, b: x * torch.rsqrt((x**2).mean(-1, keepdim=True) + eps) * g + 0 * b,
    }
    value, (by_input, by_scale, _) = theirs(norms[kind], [X, gamma, beta], G)
    forward, back = getattr(normalisation, f"{kind}_norm"), getattr(normalisation, f"{kind}_norm_by_input")
    alike(forward(X, gamma, eps) if kind == "rms" else forward(X, gamma, beta, eps), value)
    alike(back(X, gamma, eps, G), by_input)
    alike(getattr(normalisation, f"{kind}_norm_by_scale")(X, eps, G), by_scale)


@pytest.mark.parametrize("stride, pad, gap", [(1, 0, 1), (2, 1, 1), (1, 2, 3), (3, 0, 2)])
def test_convolutions(stride, pad, gap):
    x, w, b = drawn(2, 3, 11), drawn(4, 3, 3), drawn(4)
    M = convolution.output_length(11, 3, stride, pad, gap)
    g = drawn(2, 4, M)
    value, slopes = theirs(lambda *a: F.conv1d(*a, stride=stride, padding=pad, dilation=gap), [x, w, b], g)
    alike(convolution.forward(x, w, b, M, stride, pad, gap), value)
    ours = (
        convolution.by_input(x, w, g, stride, pad, gap),
        convolution.by_weights(x, w, g, stride, pad, gap),
        convolution.by_bias(g),
    )
    for mine, slope in zip(ours, slopes, strict=True):
        alike(mine, slope)


def test_convolution_in_the_plane():
    x, w, b = drawn(2, 3, 8, 7), drawn(4, 3, 3, 3), drawn(4)
    g = drawn(2, 4, 4, 4)
    value, (by_input, by_weights, _) = theirs(lambda *a: F.conv2d(*a, stride=2, padding=1), [x, w, b], g)
    alike(convolution.plane(x, w, b, *value.shape[2:]), value)
    alike(convolution.plane_by_input(x, w, g), by_input)
    alike(convolution.plane_by_weights(x, w, g), by_weights)


def test_transposed_convolution():
    z, w, b, T = drawn(2, 4, 5), drawn(4, 3, 3), drawn(3), 11
    g = drawn(2, 3, T)
    value, (by_input, by_weights, _) = theirs(lambda *a: F.conv_transpose1d(*a, stride=2), [z, w, b], g)
    alike(pooling.transposed(z, w, b, T, stride=2), value)
    alike(pooling.by_input(w, g, 5, stride=2), by_input)
    alike(pooling.by_weights(z, w, g, stride=2), by_weights)


def test_pooling():
    x, g = drawn(2, 3, 9), drawn(2, 3, 4)
    value, (slope,) = theirs(lambda a: F.max_pool1d(a, 3, stride=2), [x], g)
    alike(pooling.max_pool(x, 4, 3, stride=2), value)
    alike(pooling.max_pool_by_input(x, g, 3, stride=2), slope)
    value, (slope,) = theirs(lambda a: F.avg_pool1d(a, 3, stride=2), [x], g)
    alike(pooling.average_pool(x, 4, 3, stride=2), value)
    alike(pooling.average_pool_by_input(x, g, 3, stride=2), slope)


@pytest.mark.parametrize("causal", [False, True])
def test_attention(causal):
    Q, K, V, G = (drawn(6, 4) for _ in range(4))
    value, slopes = theirs(lambda *a: F.scaled_dot_product_attention(*a, is_causal=causal), [Q, K, V], G)
    forward = attention.causal_attention if causal else attention.attention
    alike(forward(Q, K, V), value)
    back = [getattr(attention, f"{'causal_' if causal else ''}by_{name}") for name in ("questions", "keys", "values")]
    for f, arrays, slope in zip(back, ((Q, K, V, G), (Q, K, V, G), (Q, K, G)), slopes, strict=True):
        alike(f(*arrays), slope)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_cross_entropy(smoothing):
    Z, Y = drawn(6, 4), np.eye(4)[RNG.integers(0, 4, 6)]
    classes = torch.as_tensor(Y.argmax(axis=1))
    value, (slope,) = theirs(
        lambda z: F.cross_entropy(z, classes, label_smoothing=smoothing, reduction="mean"), [Z], np.array(1.0)
    )
    alike(classification_losses.smoothed(Z, Y, smoothing), value)
    alike(classification_losses.smoothed_by_output(Z, Y, smoothing), slope)


def test_gated_recurrence():
    d, p, T = 3, 2, 5
    names = ("f", "i", "o", "z")
    W, U, b = ({k: drawn(*shape) for k in names} for shape in ((d, d), (d, p), (d,)))
    s, q, X, G = drawn(d), drawn(d), drawn(T, p), drawn(T, d)

    def lstm(*leaves):
        Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, h, c, x = leaves
        out = []
        for t in range(T):
            f, i, o = (torch.sigmoid(A @ h + B @ x[t] + k) for A, B, k in ((Wf, Uf, bf), (Wi, Ui, bi), (Wo, Uo, bo)))
            c = f * c + i * torch.tanh(Wz @ h + Uz @ x[t] + bz)
            h = o * torch.tanh(c)
            out.append(h)
        return torch.stack(out)

    arrays = [*W.values(), *U.values(), *b.values(), s, q, X]
    value, slopes = theirs(lstm, arrays, G)
    alike(gated_networks.lstm(*arrays), value)
    cell = torch.nn.LSTMCell(p, d, dtype=torch.float64)  # torch's own order of the gates: i, f, g, o
    with torch.no_grad():
        for name, parts in (("weight_ih", U), ("weight_hh", W), ("bias_ih", b)):
            getattr(cell, name).copy_(torch.as_tensor(np.concatenate([parts[k] for k in ("i", "f", "z", "o")])))
        cell.bias_hh.zero_()
        h, c = torch.as_tensor(s)[None], torch.as_tensor(q)[None]
        for t in range(T):
            h, c = cell(torch.as_tensor(X[t])[None], (h, c))
    alike(value[-1], h[0].numpy())
    assert len(slopes) == len(arrays)
