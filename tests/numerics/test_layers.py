"""Every hand-written backward pass against the complex step: at usual sizes, and with batch 1, one channel, width 1.

Im f(x + ih) / h is f'(x) to full precision, since nothing is subtracted: f runs on complex numbers. What asks for
signs, or calls a function of real numbers only, gets a real difference of high order instead.
Source: Squire and Trapp, SIAM Review 40 (1998).
"""

import numpy as np
import pytest

from numerics import (
    activations,
    alignment_uniformity,
    classification_losses,
    contrastive,
    dense,
    density_ratios,
    margin_losses,
    multilayer_perceptron,
    normalisation,
    redundancy_reduction,
    self_distillation,
    spectral_contrastive,
)

H = 1e-30
SIZES = {"usual": (4, 5, 3), "batch 1": (1, 5, 3), "width 1": (4, 1, 1), "all 1": (1, 1, 1)}


def by_complex_step(f, x):
    """The derivative of a real function of an array, in the shape of the array."""
    x = np.asarray(x, dtype=float)
    found = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[k] += 1j * H
        found[k] = np.imag(f(moved)) / H
    return found


def by_differences(f, x, h=1e-3):
    """The same by five-point stencils of two lengths, extrapolated: for what does not take complex numbers."""
    x = np.asarray(x, dtype=float)
    found = np.empty(x.shape)
    for k in np.ndindex(x.shape):

        def stencil(h, k=k):
            def at(s):
                moved = x.copy()
                moved[k] += s * h
                return f(moved)

            return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)

        found[k] = (16 * stencil(h / 2) - stencil(h)) / 15
    return found


def assert_backward(forward, backward, x, out=None, slope=by_complex_step, rtol=1e-12):
    """<G, forward(x)> has the derivative backward(G), for a G drawn in the shape of the output; of a loss, G is 1."""
    rng = np.random.default_rng(0)
    G = rng.standard_normal(np.shape(forward(np.asarray(x, dtype=float))))
    expected = slope(lambda v: np.sum(G * forward(v)), x)
    found = backward(G)
    assert found.shape == np.shape(x)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * max(1, np.abs(expected).max()))


def assert_gradient(loss, gradient, x, slope=by_complex_step, rtol=1e-12):
    expected = slope(loss, x)
    assert np.shape(gradient) == np.shape(x)
    np.testing.assert_allclose(gradient, expected, rtol=rtol, atol=rtol * max(1, np.abs(expected).max()))


@pytest.fixture(params=SIZES)
def drawn(request):
    """(N, p, q) and a drawer of arrays."""
    rng = np.random.default_rng(3)
    return SIZES[request.param], lambda *shape: rng.standard_normal(shape)


def one_hot(N, K):
    return np.eye(K)[np.arange(N) % K]


def test_dense(drawn):
    (N, p, q), draw = drawn
    X, W, b, V = draw(N, p), draw(q, p), draw(q), draw(p, q)
    assert_backward(lambda X: dense.linear(X, W, b), lambda G: dense.linear_by_input(W, G), X)
    assert_backward(lambda W: dense.linear(X, W, b), lambda G: dense.linear_by_weights(X, G), W)
    assert_backward(lambda b: dense.linear(X, W, b), dense.linear_by_bias, b)
    assert_backward(lambda X: dense.residual(X, W, b, V), lambda G: dense.residual_by_input(X, W, b, V, G), X)
    M = (draw(N, p) > 0).astype(float)
    assert_backward(lambda X: dense.dropout(X, M, 0.8), lambda G: dense.dropout_by_input(M, 0.8, G), X)
    A, B = draw(2, p), draw(q, 2)
    assert_backward(lambda A: dense.lora(X, W, A, B, 0.5), lambda G: dense.lora_by_down(X, B, 0.5, G), A)
    assert_backward(lambda B: dense.lora(X, W, A, B, 0.5), lambda G: dense.lora_by_up(X, A, 0.5, G), B)
    assert_backward(lambda X: dense.lora(X, W, A, B, 0.5), lambda G: dense.lora_by_input(W, A, B, 0.5, G), X)


def test_embedding(drawn):
    (N, d, m), draw = drawn
    tokens, E = np.arange(N) // 2 % m, draw(m, d)
    S = np.eye(m)[tokens]
    np.testing.assert_array_equal(dense.embedding(S, E), dense.embed(tokens, E))
    assert_backward(lambda E: dense.embed(tokens, E), lambda G: dense.embed_by_table(tokens, m, G), E)
    G = draw(N, d)
    np.testing.assert_allclose(dense.embedding_by_table(S, G), dense.embed_by_table(tokens, m, G), atol=1e-15)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_a_multilayer_perceptron(drawn, depth):
    (N, d, _), draw = drawn
    X, Ws, bs = draw(N, d), draw(depth, d, d), draw(depth, d)
    net = multilayer_perceptron
    assert_backward(lambda W: net.output(X, W, bs), lambda G: net.by_weights(X, Ws, bs, G), Ws)
    assert_backward(lambda b: net.output(X, Ws, b), lambda G: net.by_biases(X, Ws, bs, G), bs)
    assert_backward(lambda X: net.output(X, Ws, bs), lambda G: net.by_input(X, Ws, bs, G), X)


SMOOTH = ("tanh", "gelu", "gelu_tanh", "softmax", "log_softmax")
REAL = ("sigmoid", "silu", "softplus", "relu")


@pytest.mark.parametrize("name", SMOOTH + REAL)
def test_activations(drawn, name):
    (N, d, _), draw = drawn
    X = draw(N, d)
    forward, backward = getattr(activations, name), getattr(activations, f"{name}_backward")
    slope, rtol = (by_complex_step, 1e-12) if name in SMOOTH else (by_differences, 1e-9)
    assert_backward(forward, lambda G: backward(X, G), X, slope=slope, rtol=rtol)


@pytest.mark.parametrize("name", ["leaky_relu", "elu"])
def test_activations_with_a_parameter(drawn, name):
    (N, d, _), draw = drawn
    X = draw(N, d)
    forward, backward = getattr(activations, name), getattr(activations, f"{name}_backward")
    assert_backward(lambda X: forward(X, 0.3), lambda G: backward(X, 0.3, G), X, slope=by_differences, rtol=1e-9)


def test_maxout(drawn):
    (N, d, k), draw = drawn
    Z = np.argsort(draw(N, d, k), axis=None).reshape(N, d, k) / 10  # no two alike
    assert_backward(activations.maxout, lambda G: activations.maxout_backward(Z, G), Z, slope=by_differences, rtol=1e-9)


@pytest.mark.parametrize("x", [-1e3, -40.0, 0.0, 40.0, 1e3])
def test_activations_do_not_overflow(x):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        X, G = np.array([[x, -x, 1.0]]), np.ones((1, 3))
        for name in SMOOTH + REAL:
            assert np.all(np.isfinite(getattr(activations, name)(X)))
            assert np.all(np.isfinite(getattr(activations, f"{name}_backward")(X, G)))
        for name in ("leaky_relu", "elu"):
            assert np.all(np.isfinite(getattr(activations, name)(X, 0.3)))
            assert np.all(np.isfinite(getattr(activations, f"{name}_backward")(X, 0.3, G)))


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_batch_and_layer_norm(drawn, kind):
    (N, d, _), draw = drawn
    X, gamma, beta, eps = draw(N, d), draw(d), draw(d), 0.1
    norm = getattr(normalisation, f"{kind}_norm")
    by_input, by_scale = (getattr(normalisation, f"{kind}_norm_by_{what}") for what in ("input", "scale"))
    assert_backward(lambda X: norm(X, gamma, beta, eps), lambda G: by_input(X, gamma, eps, G), X)
    assert_backward(lambda g: norm(X, g, beta, eps), lambda G: by_scale(X, eps, G), gamma)
    assert_backward(lambda b: norm(X, gamma, b, eps), normalisation.by_shift, beta)


def test_rms_norm(drawn):
    (N, d, _), draw = drawn
    X, gamma, eps = draw(N, d), draw(d), 0.1
    by_input, by_scale = normalisation.rms_norm_by_input, normalisation.rms_norm_by_scale
    assert_backward(lambda X: normalisation.rms_norm(X, gamma, eps), lambda G: by_input(X, gamma, eps, G), X)
    assert_backward(lambda g: normalisation.rms_norm(X, g, eps), lambda G: by_scale(X, eps, G), gamma)


@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (1, 2, 4, 5), (3, 1, 4, 5), (3, 2, 1, 5), (3, 2, 4, 1), (1, 1, 1, 1)])
def test_group_norm(shape):
    draw = np.random.default_rng(3).standard_normal
    X, gamma, beta, eps = draw(shape), draw(shape[1:3]), draw(shape[1:3]), 0.1
    norm = normalisation.group_norm
    assert_backward(
        lambda X: norm(X, gamma, beta, eps), lambda G: normalisation.group_norm_by_input(X, gamma, eps, G), X
    )
    assert_backward(lambda g: norm(X, g, beta, eps), lambda G: normalisation.group_norm_by_scale(X, eps, G), gamma)
    assert_backward(lambda b: norm(X, gamma, b, eps), normalisation.group_norm_by_shift, beta)


def test_one_group_is_layer_norm_of_an_image():
    draw = np.random.default_rng(3).standard_normal
    X, gamma, beta = draw((3, 1, 4, 5)), draw((1, 4)), draw((1, 4))
    flat = normalisation.layer_norm(X.reshape(3, 20), np.repeat(gamma, 5), np.repeat(beta, 5), 0.1)
    np.testing.assert_allclose(normalisation.group_norm(X, gamma, beta, 0.1).reshape(3, 20), flat, atol=1e-14)


def test_losses(drawn):
    (N, K, _), draw = drawn
    Z, Y, C, V, t = draw(N, K), draw(N, K), one_hot(N, K), draw(N, K), 1.7
    L = classification_losses
    Q = np.exp(draw(N, K))
    Q /= Q.sum(axis=1, keepdims=True)
    assert_gradient(lambda Z: L.squared(Z, Y), L.squared_by_output(Z, Y), Z)
    for loss, gradient, rest in (
        (L.cross_entropy, L.cross_entropy_by_output, (C,)),
        (L.smoothed, L.smoothed_by_output, (C, 0.1)),
        (L.tempered, L.tempered_by_output, (C, t)),
        (L.distilled, L.distilled_by_output, (V, t)),
        (L.divergence, L.divergence_by_output, (Q,)),
        (L.reverse_divergence, L.reverse_divergence_by_output, (Q,)),
    ):
        assert_gradient(lambda Z: loss(Z, *rest), gradient(Z, *rest), Z)  # noqa: B023
    for loss, gradient, rest in (
        (L.huber, L.huber_by_output, (Y, 0.5)),
        (L.classes_hinge, L.classes_hinge_by_output, (C,)),
    ):
        assert_gradient(lambda Z: loss(Z, *rest), gradient(Z, *rest), Z, slope=by_differences, rtol=1e-9)  # noqa: B023
    found = L.tempered_by_temperature(Z, C, t)
    assert_gradient(lambda t: L.tempered(Z, C, t), found, np.array(t))


def test_losses_of_two_classes(drawn):
    (N, _, _), draw = drawn
    z, y = draw(N), np.where(np.arange(N) % 2, 1.0, -1.0)
    L = classification_losses
    for loss, gradient, rest in (
        (L.binary_cross_entropy, L.binary_cross_entropy_by_output, ((y + 1) / 2,)),
        (L.hinge, L.hinge_by_output, (y,)),
        (L.squared_hinge, L.squared_hinge_by_output, (y,)),
        (L.focal, L.focal_by_output, (y, 2.5)),
    ):
        assert_gradient(lambda z: loss(z, *rest), gradient(z, *rest), z, slope=by_differences, rtol=1e-9)  # noqa: B023


def test_contrastive(drawn):
    (n, d, _), draw = drawn
    S, U, A, B = draw(n, n), draw(n, d), draw(n, d), draw(n, d)
    C = contrastive
    assert_gradient(C.info_nce, C.info_nce_by_scores(S), S)
    assert_backward(C.unit_rows, lambda G: C.unit_rows_backward(U, G), U)
    assert_gradient(lambda A: C.nt_xent(A, B, 0.7), C.nt_xent_by_view(A, B, 0.7), A)
    for k, gradient in enumerate((C.clip_by_images, C.clip_by_texts, C.clip_by_scale)):
        args = (A, B, np.array(0.3))

        def loss(x, k=k, args=args):
            return C.clip(*args[:k], x, *args[k + 1 :])

        assert_gradient(loss, gradient(*args), args[k])
    Y = np.full((n, n), 1 / n)
    assert_gradient(lambda S: C.supervised(S, Y), C.supervised_by_scores(S, Y), S)


def test_the_gradient_of_nt_xent_by_the_other_view_is_that_of_the_first_with_the_views_exchanged():
    draw = np.random.default_rng(4).standard_normal
    A, B = draw((4, 3)), draw((4, 3))
    expected = by_complex_step(lambda B: contrastive.nt_xent(A, B, 0.7), B)
    np.testing.assert_allclose(contrastive.nt_xent_by_view(B, A, 0.7), expected, rtol=1e-12)


def test_margins(drawn):
    (N, d, _), draw = drawn
    A, P, R = draw(N, d), draw(N, d), draw(N, d)
    y = (np.arange(N) % 2).astype(float)
    M = margin_losses
    slope = {"slope": by_differences, "rtol": 1e-9}
    assert_gradient(lambda A: M.triplet(A, P, R, 0.5), M.triplet_by_anchor(A, P, R, 0.5), A, **slope)
    assert_gradient(lambda P: M.triplet(A, P, R, 0.5), M.triplet_by_positive(A, P, R, 0.5), P, **slope)
    assert_gradient(lambda R: M.triplet(A, P, R, 0.5), M.triplet_by_negative(A, P, R, 0.5), R, **slope)
    assert_gradient(lambda A: M.contrastive(A, P, y, 2.0), M.contrastive_by_first(A, P, y, 2.0), A, **slope)


def test_self_distillation(drawn):
    (N, d, p), draw = drawn
    P, Z, c = draw(N, d), draw(N, d), draw(d)
    D = self_distillation
    assert_gradient(lambda P: D.cosine_loss(P, Z), D.cosine_by_prediction(P, Z), P)
    assert_gradient(lambda S: D.dino(S, Z, c, 0.5, 0.3), D.dino_by_student(P, Z, c, 0.5, 0.3), P)
    W, H, X, Y = draw(d, p), draw(d, d), draw(N, p), draw(N, p)
    target = Y @ W.T  # held fixed
    loss = lambda W: np.sum((X @ W.T @ H.T - target) ** 2) / (2 * N)
    assert_gradient(loss, D.linear_step(W, H, X, Y), W)


def test_redundancy_reduction(drawn):
    (N, d, _), draw = drawn
    A, B = draw(N, d), draw(N, d)
    R, m = redundancy_reduction, max(N - 1, 1)
    assert_gradient(lambda A: R.barlow(A, B, 0.3), R.barlow_by_view(A, B, 0.3), A)
    assert_gradient(lambda A: R.invariance(A, B), R.invariance_by_view(A, B), A)
    assert_gradient(lambda A: R.covariance(A, m), R.covariance_by_embedding(A, m), A)
    found = R.spread_by_embedding(A, 0.01, m)
    assert_gradient(lambda A: R.spread(A, 0.01, m), found, A, slope=by_differences, rtol=1e-8)


def test_uniformity_and_alignment(drawn):
    (n, d, _), draw = drawn
    Z, V = draw(n, d), draw(n, d)
    U = alignment_uniformity
    assert_gradient(lambda Z: U.alignment(Z, V), U.alignment_by_view(Z, V), Z)
    assert_gradient(lambda Z: U.uniformity(Z, 0.7), U.uniformity_by_embedding(Z, 0.7), Z)


def joint(n, seed=5):
    A = np.random.default_rng(seed).random((n, n)) + 0.1 + 2 * np.eye(n)
    return (A + A.T) / np.sum(A + A.T)


@pytest.mark.parametrize(("n", "k"), [(6, 2), (6, 1), (1, 1)])
def test_the_spectral_loss_is_lowest_at_the_eigenvectors(n, k):
    rng = np.random.default_rng(6)
    A, F = joint(n), rng.standard_normal((n, k))
    loss, gradient = spectral_contrastive.loss, spectral_contrastive.gradient
    assert_gradient(lambda F: loss(A, F), gradient(A, F), F)
    best = spectral_contrastive.minimiser(A, k)
    np.testing.assert_allclose(gradient(A, best), 0, atol=1e-14)
    others = [best + 10.0 ** rng.uniform(-3, 1) * rng.standard_normal(best.shape) for _ in range(200)]
    assert all(loss(A, other) >= loss(A, best) - 1e-14 for other in others)


def test_log_ratios_are_where_the_losses_are_stationary():
    rng = np.random.default_rng(7)
    p, q = rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(5))
    f = rng.standard_normal(5)
    loss, gradient = density_ratios.noise_contrastive, density_ratios.noise_contrastive_gradient
    assert_gradient(lambda f: loss(f, p, q, 3.0), gradient(f, p, q, 3.0), f, slope=by_differences, rtol=1e-9)
    np.testing.assert_allclose(gradient(density_ratios.noise_contrastive_best(p, q, 3.0), p, q, 3.0), 0, atol=1e-15)
    C = rng.integers(1, 9, (4, 3)).astype(float)
    S, k = density_ratios.shifted_pmi(C, 5.0), 5.0
    drawn = np.outer(C.sum(axis=1), C.sum(axis=0)) / C.sum()
    np.testing.assert_allclose(k * drawn / (1 + np.exp(-S)) - C / (1 + np.exp(S)), 0, atol=1e-13)
