"""The code of well-known formulas, word for word: what a reader of the book sees."""

import pytest

import chainrule as cr
from chainrule.code import numpy_source

n, p, N, K, d, m, k = cr.dims("n p N K d m k")
X, y, w = cr.matrix("X", n, p), cr.vector("y", n), cr.vector("w", p)
labels = cr.vector("y", n, labels=True)
lam = cr.scalar("lam", positive=True)
A = cr.let("A", X.T @ X + lam * cr.I(p))
minimiser = cr.let("w*", A.I @ X.T @ y)
objective = cr.sqnorm(y - X @ w) + lam * cr.sqnorm(w)
logistic = cr.total(cr.softplus(-labels * (X @ w)))
x, C = cr.matrix("x", N, d), cr.clusters("C", N, K)
S, mu, v = cr.matrix("S", p, p, positive_definite=True), cr.vector("mu", p), cr.vector("v", p)
gauss = -cr.rational(1, 2) * (v - mu).T @ S.I @ (v - mu) - cr.rational(1, 2) * cr.logdet(S)
Z, Y = cr.matrix("Z", n, k), cr.matrix("Y", n, k)
U, V, T = cr.matrix("U", n, k), cr.matrix("V", m, k), cr.matrix("T", n, m)


def mean(c):
    return cr.Sum(x[i] for i in C[c]) / cr.size(C[c])


within = cr.Sum(cr.sqnorm(x[i] - mean(c)) for c in C for i in C[c])
PAGES = {
    "minimiser": (minimiser, """
        p = X.shape[1]
        A = X.T @ X + lam * np.eye(p)
        return np.linalg.solve(A, X.T @ y)"""),
    "least_squares": ((X.T @ X).I @ X.T @ y, """
        return np.linalg.solve(X.T @ X, X.T @ y)"""),
    "objective": (objective, """
        r = y - X @ w
        return r @ r + lam * (w @ w)"""),
    "gradient": (cr.grad(objective, w), """
        return 2 * (lam * w - X.T @ (y - X @ w))"""),
    "hessian": (cr.hessian(objective, w), """
        p = X.shape[1]
        return 2 * (X.T @ X + lam * np.eye(p))"""),
    "logistic_loss": (logistic, """
        z = X @ w
        return np.sum(np.maximum(-y * z, 0) + np.log1p(np.exp(-np.abs(z))))"""),
    "logistic_gradient": (cr.grad(logistic, w), """
        s = special.expit(-y * (X @ w))
        return -(X.T @ (y * s))"""),
    "logistic_hessian": (cr.hessian(logistic, w), """
        e = np.exp(-np.abs(X @ w))
        return X.T @ ((e / (1 + e)**2)[:, None] * X)"""),
    "within": (within, """
        R = x - C @ (C.T @ x / C.sum(axis=0)[:, None])
        return np.vdot(R, R)"""),
    "gaussian": (gauss, """
        L = np.linalg.cholesky(S)
        z = np.linalg.solve(L, v - mu)
        return -(z @ z + 2 * np.sum(np.log(np.diag(L)))) / 2"""),
    "gaussian_gradient": (cr.grad(gauss, S), """
        P = np.linalg.inv(S)
        z = P @ (v - mu)
        return (np.outer(z, z) - P) / 2"""),
    "cross_entropy_gradient": (cr.grad(cr.total(cr.logsumexp(Z, axis=1)) - cr.total(Z * Y), Z), """
        m = Z.max(axis=1)
        E = np.exp(Z - m[:, None])
        return E / E.sum(axis=1)[:, None] - Y"""),
    "factorisation_hessian": (cr.hessian(cr.sqnorm(T - U @ V.T), U), """
        n = T.shape[0]
        k = U.shape[1]
        i = np.arange(n)
        H = np.zeros((n, k, n, k))
        H[i, :, i, :] = 2 * (V.T @ V)
        return H"""),
    "products": (S @ S @ v, """
        return S @ (S @ v)"""),
    "trace_of_product": (cr.trace(T @ cr.matrix("B", m, n)), """
        return np.sum(T * B.T)"""),
    "cube": (v**3 - v, """
        return v * v * v - v"""),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_page(name):
    formula, body = PAGES[name]
    found = numpy_source(formula, name)
    wanted = "\n".join(line[4:] for line in body.strip("\n").split("\n"))
    assert found.split('"""\n')[-1].rstrip("\n") == wanted


def test_signature_and_docstring():
    assert numpy_source(minimiser, "minimiser").split("    p = ")[0] == (
        "def minimiser(X, y, lam):\n"
        '    """w* = A⁻¹Xᵀy, where A = XᵀX + λ Iₚ\n'
        "\n"
        "    X (n, p), y (n,), lam > 0  ->  (p,)\n"
        '    """\n'
    )


def test_the_same_source_whatever_was_built_before():
    first = numpy_source(cr.grad(objective, w))
    for other in (y - X @ w, lam * cr.sqnorm(w), X.T @ (X @ w), minimiser):
        numpy_source(other)
    assert numpy_source(cr.grad(objective, w)) == first
