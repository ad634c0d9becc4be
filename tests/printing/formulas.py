"""Typed formulas drawn at random from every kind of node, and the symbols in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import chain

import sympy as sp
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.notation.nodes import FUNCTIONS, Add, Apply, Div, MatMul, Mul, Neg, Node, Pow, Transpose

n, p, q, K, N = cr.dims("n p q K N")
SIZES = {"n": n, "p": p, "q": q, "K": K, "N": N}

SCALARS = [cr.scalar("lam", positive=True), cr.scalar("c"), cr.scalar("loss"), cr.scalar("sigma"), cr.scalar("b1")]
VECTORS = {
    n: [cr.vector("y", n), cr.vector("r_hat", n), cr.vector("u_old", n)],
    p: [cr.vector("w", p), cr.vector("x_bar", p), cr.vector("w_ols", p), cr.vector("theta", p)],
}
MATRICES = {
    (n, p): [cr.matrix("X", n, p), cr.matrix("W1", n, p)],
    (p, p): [cr.matrix("A", p, p), cr.matrix("Sigma", p, p, positive_definite=True)],
    (n, n): [cr.matrix("K_inv", n, n), cr.matrix("G", n, n)],
    (p, n): [cr.matrix("M", p, n)],
}
C = cr.clusters("C", N, K)
z, m = cr.matrix("z", N, p), cr.matrix("m", K, p)
minimiser = cr.let("w*", MATRICES[p, p][0].I @ VECTORS[p][0])
POINTS = [z, m, C]
SYMBOLS: dict[str, Node] = {
    s.name: s for s in [*SCALARS, *chain(*VECTORS.values(), *MATRICES.values()), *POINTS, minimiser]
}


def scalar(g: random.Random, depth: int) -> Node:
    """A scalar formula."""
    if depth <= 0:
        return g.choice([*SCALARS, *map(cr.as_node, (1, 2, 3, -1, -2)), cr.rational(1, 2), cr.rational(-2, 7), cr.pi,
                         cr.as_node(n)])  # fmt: skip
    d = depth - 1
    size = g.choice([n, p])
    makers: list[Callable[[], Node]] = [
        lambda: Add(scalar(g, d), scalar(g, d)),
        lambda: Add(scalar(g, d), Neg(scalar(g, d))),
        lambda: Mul(scalar(g, d), scalar(g, d)),
        lambda: Div(scalar(g, d), scalar(g, d)),
        lambda: Neg(scalar(g, d)),
        lambda: Pow(scalar(g, d), g.choice([cr.as_node(2), cr.as_node(-1), cr.rational(1, 2), scalar(g, 0)])),
        lambda: Apply(Str(g.choice(FUNCTIONS)), scalar(g, d)),
        lambda: MatMul(Transpose(vector(g, size, d)), vector(g, size, d)),
        lambda: MatMul(vector(g, size, d), vector(g, size, d)),
        lambda: g.choice([cr.sqnorm, cr.norm])(g.choice([vector, matrix_of])(g, p, d)),
        lambda: g.choice([cr.trace, cr.det, cr.logdet])(matrix(g, (p, p), d)),
        lambda: g.choice([cr.total, cr.logsumexp, cr.maximum])(vector(g, size, d)),
        lambda: clustered(g, d),
    ]
    return g.choice(makers)()


def clustered(g: random.Random, d: int) -> Node:
    """A sum in index notation."""
    makers: list[Callable[[], Node]] = [
        lambda: cr.Sum(cr.sqnorm(z[i] - m[k]) for k in C for i in C[k]),
        lambda: cr.Sum(cr.size(C[k]) * m[k].T @ vector(g, p, d) for k in C),
        lambda: cr.Sum(C[i, k] * scalar(g, d) for i in cr.over(N) for k in cr.over(K)),
        lambda: cr.Sum(cr.delta(i, j) + z[i].T @ z[j] for i in cr.over(N) for j in cr.over(N)),
        lambda: cr.Sum(scalar(g, d) * cr.Sum(z[i].T @ z[j] for j in cr.over(N)) for i in cr.over(N)),
    ]
    return g.choice(makers)()


def vector(g: random.Random, size: sp.Expr, depth: int) -> Node:
    """A column."""
    if depth <= 0:
        return g.choice([*VECTORS[size], cr.ones(size)] + ([minimiser] if size == p else []))
    d = depth - 1
    other = p if size == n else n
    makers: list[Callable[[], Node]] = [
        lambda: Add(vector(g, size, d), vector(g, size, d)),
        lambda: Add(vector(g, size, d), Neg(vector(g, size, d))),
        lambda: Add(scalar(g, d), vector(g, size, d)),
        lambda: Mul(vector(g, size, d), vector(g, size, d)),
        lambda: Mul(scalar(g, d), vector(g, size, d)),
        lambda: Mul(vector(g, size, d), scalar(g, d)),
        lambda: Div(vector(g, size, d), g.choice([scalar(g, d), vector(g, size, d)])),
        lambda: Neg(vector(g, size, d)),
        lambda: Pow(vector(g, size, d), cr.as_node(2)),
        lambda: Apply(Str(g.choice(FUNCTIONS)), vector(g, size, d)),
        lambda: cr.softmax(vector(g, size, d)),
        lambda: MatMul(matrix(g, (size, other), d), vector(g, other, d)),
        lambda: MatMul(matrix(g, (size, size), d), vector(g, size, d)),
        lambda: MatMul(vector(g, other, d), matrix(g, (other, size), d)),
        lambda: Transpose(Transpose(vector(g, size, d))),
        lambda: cr.diagof(matrix(g, (size, size), d)),
        lambda: cr.total(matrix(g, (other, size), d), axis=0),
    ]
    if size == p:
        w = VECTORS[p][0]
        makers += [
            lambda: cr.grad(scalar(g, d), w),
            lambda: cr.vjp(vector(g, n, d), w, vector(g, n, d)),
            lambda: cr.grad(w.T @ w + scalar(g, d), w).at(w, vector(g, p, d)),
            lambda: cr.Sum(scalar(g, d) * z[i] for i in cr.over(N)),
            lambda: cr.Sum(z[i] for k in C for i in C[k]),
        ]
    return g.choice(makers)()


def matrix_of(g: random.Random, size: sp.Expr, depth: int) -> Node:
    return matrix(g, (size, size), depth)


def matrix(g: random.Random, shape: tuple[sp.Expr, sp.Expr], depth: int) -> Node:
    """A matrix."""
    if depth <= 0:
        square = [cr.I(shape[0])] if shape[0] == shape[1] else []
        return g.choice([*MATRICES[shape], cr.ones(*shape), *square])
    d = depth - 1
    rows, columns = shape
    inner = g.choice([n, p])
    makers: list[Callable[[], Node]] = [
        lambda: Add(matrix(g, shape, d), matrix(g, shape, d)),
        lambda: Add(matrix(g, shape, d), Neg(matrix(g, shape, d))),
        lambda: Mul(matrix(g, shape, d), matrix(g, shape, d)),
        lambda: Mul(scalar(g, d), matrix(g, shape, d)),
        lambda: Div(matrix(g, shape, d), g.choice([scalar(g, d), matrix(g, shape, d)])),
        lambda: Neg(matrix(g, shape, d)),
        lambda: MatMul(matrix(g, (rows, inner), d), matrix(g, (inner, columns), d)),
        lambda: Transpose(matrix(g, (columns, rows), d)),
        lambda: MatMul(vector(g, rows, d), Transpose(vector(g, columns, d))),
        lambda: cr.softmax(matrix(g, shape, d), axis=g.choice([0, 1])),
        lambda: Pow(matrix(g, shape, d), cr.as_node(3)),
    ]
    if rows == columns:
        makers += [
            lambda: cr.inv(matrix(g, shape, d)),
            lambda: Transpose(cr.inv(matrix(g, shape, d))),
            lambda: cr.inv(Transpose(matrix(g, shape, d))),
            lambda: cr.diag(vector(g, rows, d)),
        ]
    if shape == (p, p):
        w = VECTORS[p][0]
        makers += [lambda: cr.hessian(scalar(g, d), w), lambda: cr.jacobian(vector(g, p, d), w)]
    return g.choice(makers)()


def tensor(g: random.Random, depth: int) -> Node:
    """A formula that names its own axes."""
    makers: list[Callable[[], Node]] = [
        lambda: cr.each(cr.size(C[k]) * m[k] - vector(g, p, depth) for k in cr.over(K)),
        lambda: cr.each(C[i, k] + z[i].T @ m[k] for i in cr.over(N) for k in cr.over(K)),
        lambda: cr.kron(matrix(g, (p, n), depth), cr.kron(matrix(g, (n, n), depth), matrix(g, (p, p), depth))),
        lambda: cr.kron(cr.kron(matrix(g, (p, n), 0), matrix(g, (n, n), 0)), matrix(g, (p, p), depth)),
    ]
    return g.choice(makers)()


def drawn(count: int, seed: int = 7) -> list[Node]:
    """Formulas of every shape, small and large, in a fixed order."""
    g = random.Random(seed)
    found: list[Node] = []
    while len(found) < count:
        depth = g.choice([1, 2, 2, 3])
        kind = g.randrange(8)
        found.append(
            scalar(g, depth) if kind < 3 else vector(g, g.choice([n, p]), depth) if kind < 5
            else matrix(g, g.choice(list(MATRICES)), depth) if kind < 7 else tensor(g, depth - 1)
        )  # fmt: skip
    return found


def by_hand() -> list[Node]:
    """The formulas whose brackets are easily lost."""
    a, b, c, lam = SCALARS[1], SCALARS[4], SCALARS[2], SCALARS[0]
    X, A, B, G = SYMBOLS["X"], SYMBOLS["A"], SYMBOLS["Sigma"], SYMBOLS["G"]
    w, y, x = SYMBOLS["w"], SYMBOLS["y"], SYMBOLS["x_bar"]
    one = cr.rational
    theta, S = SYMBOLS["theta"], SYMBOLS["Sigma"]
    quadratic = cr.expect(w.T @ A @ w + b * w.T @ x, w, mean=theta, covariance=S)
    normal = cr.expect((a * c - lam) ** 4 / 2, c, cr.Normal(a, lam))
    return [
        quadratic, normal, a * quadratic + b, quadratic**2 / normal, cr.expect(w, w, mean=x, covariance=2 * S).T @ w,
        cr.expect(A @ w, w, cr.Gaussian(A @ x, A @ S @ A.T)), cr.grad(quadratic, theta),
        quadratic.at(S, cr.outer(w, w)),
        cr.expect(c * quadratic, c, mean=a, covariance=lam),
        (A * B) @ w, A * (B @ A), (A @ B) * A, (A + B).T, (A + B).I, -(a - b), a - (b - c), a + (b + c),
        a - (-b), a / (b * c), (a / b) / c, a / (b / c), (a / b) * c, a * (b / c), (a + b) ** 2, (-a) ** 2,
        -(a**2), (a**2) ** b, (A @ B).I.T, (A @ B).T.I, A.T.I, 2 * (-a), (-a) * b, -(a * b), -(-a), a * (-b),  # noqa: B002
        Mul(a, cr.as_node(2)), Mul(cr.as_node(2), cr.as_node(3)), Add(a, cr.as_node(-2)),
        a + cr.as_node(-2) * b, Neg(cr.as_node(-2)), one(1, 2) * cr.sqnorm(w), a * one(1, 2), 2 * one(1, 2) * a,
        A @ (B @ w), (A @ B) @ w, 2 * (X.T @ (y - X @ w)), 2 * X.T @ (y - X @ w), -X.T @ y, -(X.T @ y),
        (x.T @ w) * w, w * (x.T @ w), (x.T @ w) * (w.T @ w), 2 * (x.T @ w), (x @ w) * w, w @ A, (w @ A) @ w,
        cr.norm(w) ** 3, cr.sqnorm(w) ** 2, cr.sqnorm(cr.sqnorm(w) * x), cr.abs_(cr.abs_(a) * b),
        SCALARS[3] * (a + b), cr.sigmoid(a + b) * c, cr.Sum(z[i] for i in cr.over(N)) * a,
        cr.Sum(a + z[i].T @ w for i in cr.over(N)) + b, cr.Sum(a / lam for _ in cr.over(N)),
        minimiser.T @ A @ minimiser, (lam * a) / n, cr.as_node(1) / n, cr.rational(1) / n * a, n - a,
        Add(cr.as_node(1), cr.as_node(2)), Neg(cr.as_node(2)), Pow(cr.as_node(2), a), Pow(cr.as_node(-2), a),
        Pow(cr.as_node(n), cr.as_node(2)), A**2, (A.T) ** 2, cr.grad(a * cr.sqnorm(w), w).at(w, minimiser),
        x @ cr.grad(cr.sqnorm(w), w), A @ cr.hessian(x @ w, w), cr.grad(cr.sqnorm(w), w).T @ w,
        -cr.Sum(a * z[i] for i in cr.over(N)), cr.exp(-a) * b, A.T @ w.T.T, w.T @ A @ B,
        Mul(cr.as_node(n), cr.as_node(p)), cr.vjp(X @ w, w, y), cr.zeros(p), cr.ones(n, p),
        SYMBOLS["X"] / y[cr.index("i", n)], (A @ w)[j_p], cr.abs_(w)[j_p], w.T.T[j_p], z[i_N][j_p],
        Mul(Neg(Neg(a)), b), Neg(Mul(cr.as_node(-2), a)), a * (b * c), (A / B) * A, A / (B * A), 1 / w,
        (G @ G).T @ y, Mul(a, cr.pi), cr.softmax(A, axis=0), cr.total(A, axis=1), cr.maximum(A),
    ]  # fmt: skip


i_N, j_p = cr.index("i", N), cr.index("j", p)


def counting() -> list[Node]:
    """The formulas that count with their indices, from 0."""
    A, w, x, theta = (SYMBOLS[name] for name in ("A", "w", "x_bar", "theta"))
    a, c, lam = SCALARS[1], SCALARS[2], SCALARS[0]
    return [
        cr.Sum(w[2 * k + j_p] * cr.position(k) for k in cr.over(N)),
        (i_N >= j_p + 1) * w[j_p],
        cr.delta(i_N, 2 * j_p) * a,
        cr.recur({w: A @ w + x, c: c * lam}, {w: theta, c: a}, length=N)[1],
        cr.before(cr.recur({w: A @ w + x}, {w: theta}, along={x: m}, backwards=True)),
    ]
