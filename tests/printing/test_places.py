"""Places made from indices read as on paper, and their source gives them back."""

import chainrule as cr
from chainrule import delta, dims, each, index, over, position, tensor, vector
from chainrule.printing import latex, text, typst, unicode

T, K, N = dims("T K N")
x, w = vector("x", T), vector("w", K)
t, u = index("t", N), index("u", T)


def test_a_convolution_counts_from_zero():
    y = each(cr.Sum(w[k] * x[2 * t + k - 1] for k in over(K)) for t in over(N))
    assert unicode(y) == "(Σ_{k=0}^{K − 1} wₖ x_{2 t + k − 1})_{t=0}^{N − 1}"


def test_a_plain_sum_counts_from_one():
    assert unicode(cr.Sum(w[k] for k in over(K))) == "Σ_{k=1}^K wₖ"


def test_masks():
    assert unicode((t >= 2 * u + 1) * x[u]) == "[t≥2 u + 1] xᵤ"
    assert unicode(delta(u, t + 1) * position(u)) == "[u=t + 1] u"
    assert latex((t >= u) * x[u]) == r"[t \ge u] x_u"
    assert typst((t >= u) * x[u]) == " [t >= u] x_(u)"


def test_the_source_is_the_formula():
    names = {"x": x, "w": w, "t": t, "u": u, "T": T, "K": K, "N": N, "delta": delta, "position": position}
    for node in (
        x[2 * t + 1] * x[T - 1 - u],
        x[K * t - u],
        (t >= u) * x[u],
        (t < 3) * x[u],
        (u > t + 2) * x[u],
        delta(u, t + 1) * position(2 * u - 1),
        tensor("z", T, N)[u + 1, t],
    ):
        names["z"] = tensor("z", T, N)
        assert eval(text(node), names) == node


def test_a_place_that_is_an_index_is_that_index():
    assert x[u + 1 - 1] == x[u]
    assert t + 0 is t
