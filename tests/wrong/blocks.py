"""Blocks of networks that see, backwards: ways past forgotten, windows not turned, means over the wrong axes."""

from chainrule import Sum, delta, derive, differentiate, each, equals, grad, let, outer, over, step, total, vjp
from derivations import convnext_block as convnext
from derivations import networks
from derivations import residual_block as residual
from derivations import vision_transformer as vit
from derivations.transformer_block import gelu
from tests.wrong.pairs import pair


def backward(name, f, variable, told, wrong, right, **given):
    """The vector-Jacobian product of a block, wrong and right."""
    return pair(
        name,
        derive(vjp(f, variable, told), equals(wrong, differentiate), **given),
        derive(vjp(f, variable, told), equals(right, differentiate), **given),
    )


# --- a residual network's block -----------------------------------------------------------------------
r = residual
smooth, smooth_before = {"given": r.no_kink}, {"given": r.no_kink_before}
told_by_closed = let("D", r.norm_back(r.everywhere(r.gain2) * r.G, r.Z2, r.size2))
constants = let("D", r.everywhere(r.gain2) * r.H / r.size2)
first_closed = let("D", r.norm_back(r.everywhere(r.gain1) * r.F, r.Z1, r.size1))
RESIDUAL = [
    backward("the last ReLU forgotten on the way past", r.second, r.x, r.G, r.G, r.H, **smooth),
    backward("the last ReLU forgotten on the way through", r.second, r.w2, r.G,
             r.looked_by_weights(r.A, told_by_closed, r.K), r.looked_by_weights(r.A, r.told2, r.K), **smooth),
    backward("a block's batch norm taken for constants", r.second, r.w2, r.G,
             r.looked_by_weights(r.A, constants, r.K), r.looked_by_weights(r.A, r.told2, r.K), **smooth),
    backward("the gain, from what was not normalised", r.second, r.gain2, r.G, total(r.H * r.V, axis=(0, 2)),
             total(r.H * r.Z2, axis=(0, 2)), **smooth),
    backward("windows that are not turned round", r.second, r.A, r.G,
             each(Sum(r.w2[c, o, k] * r.told2[n, c, t + k - 1] for c in over(r.C) for k in over(r.K))
                  for n in over(r.N) for o in over(r.O) for t in over(r.T)),
             r.looked_by_input(r.w2, r.told2), **smooth),
    backward("the first ReLU forgotten", r.first, r.w1, r.F, r.looked_by_weights(r.x, first_closed, r.K),
             r.looked_by_weights(r.x, r.told1, r.K), **smooth_before),
    backward("the way past the layers forgotten", r.block, r.x, r.G, vjp(r.first, r.x, r.handed), r.whole.last),
]  # fmt: skip

# --- ConvNeXt's block ---------------------------------------------------------------------------------
c = convnext
unscaled = let("D", networks.mixed(c.G, c.W2.T) * c.gelu_slope(c.a))
over_batch = let("D", (c.gained - residual.means(c.gained) - c.Z * residual.means(c.gained * c.Z)) / c.spread)
CONVNEXT = [
    backward("the scale of a layer forgotten on the way back", c.thinking, c.W1, c.G, c.mixed_by_weights(c.S, unscaled),
             c.mixed_by_weights(c.S, c.told_in)),
    backward("the scale of a layer, its bias forgotten", c.thinking, c.scale, c.G,
             total(c.G * networks.mixed(gelu(c.a), c.W2), axis=(0, 2)), total(c.G * c.said, axis=(0, 2))),
    backward("GELU's value for its slope", c.thinking, c.b1, c.G,
             total(networks.mixed(c.told_out, c.W2.T) * gelu(c.a), axis=(0, 2)), total(c.told_in, axis=(0, 2))),
    backward("the norm's means over the batch", c.seeing, c.b, c.R, total(over_batch, axis=(0, 2)),
             total(c.told, axis=(0, 2))),
    backward("a window that met the neighbour on the other side", c.seeing, c.w, c.R,
             each(Sum(c.told[n, h, t] * c.x[n, h, t - k + c.P] for n in over(c.N) for t in over(c.T))
                  for h in over(c.C) for k in over(c.K)),
             c.by_window.last),
    backward("a window read forwards on the way back", c.seeing, c.x, c.R,
             each(Sum(c.told[n, h, t + k - c.P] * c.w[h, k] for k in over(c.K))
                  for n in over(c.N) for h in over(c.C) for t in over(c.T)),
             c.by_looked_at.last),
    backward("a ConvNeXt block, the way past forgotten", c.block, c.x, c.G, vjp(c.seeing, c.x, c.asked), c.whole.last),
]  # fmt: skip

# --- MobileNetV2's inverted residual --------------------------------------------------------------------
m = networks
uncapped = let("G", each(
    Sum(m.narrow[a, l] * m.g[n, a, t] for a in over(m.C)) * step(m.passed)[n, l, t]
    for n in over(m.N) for l in over(m.L) for t in over(m.T)
))  # fmt: skip
MOBILE = [
    backward("relu6, only its lower end", m.inverted, m.deep, m.g,
             each(Sum(uncapped[n, l, t] * m.capped(m.opened)[n, l, t + k - 1] for n in over(m.N) for t in over(m.T))
                  for l in over(m.L) for k in over(m.K)),
             m.inverted_by_deep.last),
    backward("an inverted residual, what was not capped", m.inverted, m.narrow, m.g,
             each(Sum(m.g[n, a, t] * m.passed[n, l, t] for n in over(m.N) for t in over(m.T))
                  for a in over(m.C) for l in over(m.L)),
             m.inverted_by_narrow.last),
    backward("an inverted residual, the way past forgotten", m.inverted, m.x, m.g, m.inverted_by_input.last - m.g,
             m.inverted_by_input.last),
]  # fmt: skip

# --- a vision transformer -------------------------------------------------------------------------------
v = vit
everyone = each((v.V @ v.missed)[e] / (v.B + 1) for i in over(v.B + 1) for e in over(v.d))


def end(name, variable, wrong, right):
    return pair(
        name,
        derive(grad(v.loss, variable), equals(wrong, differentiate)),
        derive(grad(v.loss, variable), equals(right, differentiate)),
    )


VIT = [
    backward("patches told by the rows behind them", v.written, v.patch, v.G,
             each(Sum(v.G[t + 2, e] * v.image[a, v.J * t + k] for t in over(v.B))
                  for e in over(v.d) for a in over(v.C) for k in over(v.J)),
             v.by_patch.last),
    backward("a token told by all rows", v.written, v.token, v.G, total(v.G, axis=0), v.first_row(v.G)),
    end("all rows told what the first one is", v.X, vjp(v.layer_norm(v.X, v.gain3, v.offset3, v.eps), v.X, everyone),
        v.by_rows.last),
    end("the row of the answer told, its norm forgotten", v.X,
        each(delta(i, 0) * (v.V @ v.missed)[e] for i in over(v.B + 1) for e in over(v.d)), v.by_rows.last),
    end("the weights of the classes, from what was not normalised", v.V, outer(v.first_row(v.X), v.missed),
        v.by_classes.last),
]  # fmt: skip
PAIRS = RESIDUAL + CONVNEXT + MOBILE + VIT
