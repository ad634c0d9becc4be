"""Read-back: what derivatives look like on paper, and that every one of them is exactly what was read."""

import pytest

import chainrule as cr
from chainrule import (
    I,
    Sum,
    clusters,
    det,
    diag,
    dims,
    each,
    exp,
    grad,
    hessian,
    index,
    inv,
    jacobian,
    kron,
    let,
    log,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    over,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    tanh,
    tensor,
    total,
    trace,
    vector,
    vjp,
)
from chainrule.calculus.readback import derivative, read, read_verified, verified
from chainrule.calculus.reverse import differentiate
from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.lower import Lowering, lower
from chainrule.printing import text
from chainrule.search.equal import equal

n, p, r, m = dims("n p r m")
X, T, M = matrix("X", n, p), matrix("T", p, n), matrix("M", n, p)
U, V = matrix("U", n, r), matrix("V", p, r)
A, B = matrix("A", n, n), matrix("B", n, n)
Q, C = matrix("Q", n, n, symmetric=True), matrix("C", n, n, symmetric=True)
S = matrix("S", n, n, positive_definite=True)
x, y, z, t, w = vector("x", n), vector("y", n), vector("z", n), vector("t", n), vector("w", p)
lam, a = scalar("lam", positive=True), scalar("a")
N, K, d = dims("N K d")
points, centres, k_of = matrix("x", N, d), matrix("mu", K, d), clusters("C", N, K)
scatter = Sum(sqnorm(points[i] - centres[k]) for k in k_of for i in k_of[k])
rho = let("rho", x.T @ Q @ x / (x.T @ x))
G = let("G", X.T @ X + lam * I(p))
res = let("r", y - X @ w)
logistic = total(softplus(-y * (X @ w)))
ridge = sqnorm(y - X @ w) + lam * sqnorm(w)
gaussian = -(n * logdet(S)) / 2 - trace(C @ S.I) / 2

TARGETS = [
    (grad(logistic, w), "-X.T @ (y * sigmoid(-y * (X @ w)))"),
    (grad(sqnorm(X @ w - y), w), "2 * X.T @ (X @ w - y)"),
    (grad(ridge, w), "-2 * X.T @ (y - X @ w) + 2 * lam * w"),
    (hessian(ridge, w), "2 * (X.T @ X + lam * I(p))"),
    (grad(logdet(S), S), "S.I"),
    (grad(logdet(A), A), "A.I.T"),
    (grad(logdet(S) + trace(C @ S.I), S), "S.I - S.I @ C @ S.I"),
    (grad(gaussian, S), "(S.I @ C @ S.I - n * S.I) / 2"),
    (grad(logsumexp(z) - t.T @ z, z), "softmax(z) - t"),
    (jacobian(softmax(z), z), "diag(softmax(z)) - softmax(z) @ softmax(z).T"),
    (grad(sqnorm(M - U @ V.T), U), "-2 * (M - U @ V.T) @ V"),
    (grad(x.T @ A @ x, x), "(A + A.T) @ x"),
    (grad(x.T @ Q @ x, x), "2 * Q @ x"),
    (hessian(x.T @ A @ x, x), "A + A.T"),
    (grad(rho, x), "2 * (Q @ x - rho * x) / (x.T @ x)"),
    (grad(trace(A @ X @ T), X), "A.T @ T.T"),
    (grad(trace(B @ A.I), A), "-A.I.T @ B.T @ A.I.T"),
    (grad(det(A), A), "det(A) * A.I.T"),
    (grad(norm(x), x), "x / norm(x)"),
    (hessian(norm(x), x), "I(n) / norm(x) - x @ x.T / norm(x) ** 3"),
    (grad(sqnorm(res), w), "-2 * X.T @ r"),
    (grad(sqnorm(A @ X), X), "2 * A.T @ A @ X"),
    (grad(total(tanh(X @ w)), w), "X.T @ (1 - tanh(X @ w) ** 2)"),
    (grad(total(X * X * X), X), "3 * X ** 2"),
    (grad(total(exp(X)), X), "exp(X)"),
    (grad(total(X, axis=0).T @ w, X), "ones(n) @ w.T"),
    (grad(total(logsumexp(X, axis=1)), X), "softmax(X)"),
    (grad(logsumexp(X), X), "exp(X) / total(exp(X))"),
    (grad(log(x.T @ x), x), "2 * x / (x.T @ x)"),
    (grad(total(1 / x), x), "-1 / x ** 2"),
    (grad(total(kron(A, B)), A), "total(B) * ones(n, n)"),
    (jacobian(x * z, x), "diag(z)"),
    (jacobian(tanh(x), x), "diag(1 - tanh(x) ** 2)"),
    (jacobian(X @ w, X), "each(delta(i, j) * w for i in over(n) for j in over(n))"),
    (jacobian(A @ x / norm(x), x), "A / norm(x) - A @ x @ x.T / norm(x) ** 3"),
    (vjp(softmax(z), z, t), "softmax(z) * t - t.T @ softmax(z) * softmax(z)"),
    (grad(maximum(x), x), "grad(maximum(x), x)"),
    (grad(scatter, centres), "each(-2 * Sum(x[i] - mu[k] for i in C[k]) for k in over(K))"),
    (
        hessian(logistic, w),
        "X.T @ diag(y ** 2 * sigmoid(-y * (X @ w)) * sigmoid(y * (X @ w))) @ X",
    ),
    (
        hessian(sqnorm(M - U @ V.T), U),
        "each(2 * delta(i, k) * (V.T @ V)[j, l] "
        "for i in over(n) for j in over(r) for k in over(n) for l in over(r))",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("deriv", "wanted"), TARGETS, ids=lambda v: v if isinstance(v, str) else "")
def test_as_a_mathematician_writes_it(deriv, wanted):
    made = derivative(deriv)
    assert text(made) == wanted
    assert made.shape == deriv.shape
    assert verified(lower(deriv, differentiate), made, equal)


def test_given_names_are_folded_back():
    assert text(derivative(hessian(ridge, w), names=[G])) == "2 * G"
    assert text(derivative(grad(x.T @ Q @ x / (x.T @ x), x), names=[rho])) == "2 * (Q @ x - rho * x) / (x.T @ x)"
    P = let("P", A @ B)
    assert text(read(lower(x.T @ (A @ B @ x) + trace(A @ (B @ A @ B))), names=[P])) == "trace(P @ P) + x.T @ P @ x"


def test_a_name_of_less_than_a_product_is_not_forced_on_its_factors():
    twice = let("D", 2 * x)
    assert text(read(lower(A @ x), names=[twice])) == "A @ x"


def test_what_was_written_is_kept():
    formula = (z - A @ x).T @ (B @ (z - A @ x))
    assert text(read(lower(formula), written=[formula])) == text(formula)


def test_the_text_does_not_depend_on_what_was_made_before():
    texts = []
    for k, turn in (("_a", 1), ("_b", -1)):
        rows, out, weights, price = matrix("X" + k, n, p), vector("y" + k, n), vector("w" + k, p), scalar("lam" + k)
        for symbol in (price, weights, out, rows)[::turn]:
            lower(symbol)
        lower(rows @ weights if turn > 0 else out * (rows @ weights))
        loss = total(softplus(-out * (rows @ weights))) + price * sqnorm(weights)
        texts.append([text(derivative(d)).replace(k, "") for d in (grad(loss, weights), hessian(loss, weights))])
    assert texts[0] == texts[1]


def test_free_indices_stay():
    i = index("i", n)
    low = Lowering()(exp(A @ x)[i] * lam)
    assert text(read(low.node, low.letters)) == "lam * exp((A @ x)[i])"


def test_axes_of_a_kronecker_product_have_no_notation():
    with pytest.raises(Unsupported, match="Kronecker"):
        derivative(jacobian(kron(A, B), A))


def test_an_unread_kind_raises():
    odd = dag.make("permanent", (dag.var("v", (n, n)),), ())
    with pytest.raises(Unsupported, match="no arm for permanent"):
        read(odd)


def test_wrong_formulas_are_not_verified():
    low = lower(grad(ridge, w), differentiate)
    for wrong in (2 * X.T @ (y - X @ w) + 2 * lam * w, -2 * X.T @ (y - X @ w) + lam * w, 2 * lam * w):
        assert not verified(low, wrong, equal)


def test_when_nothing_can_be_shown_it_says_so():
    with pytest.raises(Unsupported, match="could not be shown"):
        read_verified(lower(A @ x + B @ x), lambda one, other: False)


def test_every_rank_and_every_batch():
    batch, K3 = tensor("P", m, n, p), tensor("K", m, n, n)
    for formula in (
        inv(K3) @ batch, total(batch, axis=1), softmax(batch, axis=1), softmax(batch), cr.relu(batch) * w,
        logsumexp(batch, axis=(0, 2)), batch.T @ K3, logdet(K3), each(diag(x) * batch[b, i, k] for b in over(m)
        for i in over(n) for k in over(p)), sigmoid(each(x[i] * w for i in over(n))) @ V, jacobian(inv(K3), K3),
    ):  # fmt: skip
        low = lower(formula, differentiate)
        made = read_verified(low, equal, written=[])
        assert made.shape == formula.shape
        assert lower(made, differentiate) is low or equal(lower(made, differentiate), low)
