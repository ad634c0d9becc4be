"""Every kind of node has a value, and it is the one that NumPy computes."""

import numpy as np
import pytest
import scipy.linalg
import scipy.special
import sympy as sp
from flint import fmpq
from sympy.core.symbol import Str

import chainrule as cr
from chainrule import clusters, dims, each, index, matrix, over, scalar, size, tensor, vector
from chainrule.errors import NotationError, ShapeError, Undefined, Unsupported
from chainrule.notation.nodes import FUNCTIONS, KINDS, Apply, Node, Size
from chainrule.worlds.arithmetic import Modular, Rationals, at_precision
from chainrule.worlds.evaluate import ARMS, Evaluator, evaluate
from chainrule.worlds.world import World, exact, extent, world_of

n, p, q, m = dims("n p q m")
X, Y, A, S = matrix("X", n, p), matrix("Y", p, q), matrix("A", p, p), tensor("S", m, p, p)
T = tensor("T", m, n, p)
x, u, v = vector("x", n), vector("u", p), vector("v", p)
z = vector("z", p)
a = scalar("a")
C = clusters("C", n, m)

RNG = np.random.default_rng(7)
SIZES = {n: 4, p: 3, q: 2, m: 2}


def draw(*shape):
    return RNG.integers(-8, 9, size=shape) / 4


DATA = {
    X: draw(4, 3), Y: draw(3, 2), A: draw(3, 3) + 3 * np.eye(3), S: draw(2, 3, 3) + 5 * np.eye(3), T: draw(2, 4, 3),
    x: draw(4), u: draw(3), v: draw(3), a: np.array(0.75), C: np.eye(2)[[0, 1, 0, 0]],
}  # fmt: skip
WORLD = world_of(DATA)
N = {var.name: value for var, value in DATA.items()}


def floats(array):
    return np.vectorize(lambda e: float(e.mid()), otypes=[float])(array) if array.size else array


e = vector("e", p)
CASES = [
    (
        cr.recur({e: e * u - v}, {e: v}, length=2),
        np.array([N["v"] * N["u"] - N["v"], (N["v"] * N["u"] - N["v"]) * N["u"] - N["v"]]),
    ),
    (
        cr.before(cr.recur({e: e + v}, {e: u}, along={v: X}, backwards=True)),
        N["u"] + np.vstack([np.cumsum(N["X"][::-1], axis=0)[::-1][1:], np.zeros(3)]),
    ),
    (cr.Sum(x[2 * i - 1] * cr.position(i) for i in cr.over(n)), N["x"][1] + 2 * N["x"][3]),
    (
        cr.each((j >= 2 * k) * u[k] for j in cr.over(n) for k in cr.over(p)),
        np.where(np.arange(4)[:, None] >= 2 * np.arange(3), N["u"], 0),
    ),
    (cr.Sum(x[3 - i] * cr.delta(i, 1) for i in cr.over(n)), N["x"][2]),
    (X @ Y, N["X"] @ N["Y"]),
    (X @ u, N["X"] @ N["u"]),
    (x.T @ X, N["x"] @ N["X"]),
    (u.T @ v, N["u"] @ N["v"]),
    (x @ u.T, np.outer(N["x"], N["u"])),
    (T @ Y, N["T"] @ N["Y"]),
    (T @ u, N["T"] @ N["u"]),
    (X @ S, N["X"] @ N["S"]),
    (T @ S, N["T"] @ N["S"]),
    (S.T, np.swapaxes(N["S"], 1, 2)),
    (S.I, np.linalg.inv(N["S"])),
    (cr.det(S), np.linalg.det(N["S"])),
    (cr.trace(S), np.trace(N["S"], axis1=1, axis2=2)),
    (cr.diagof(S), np.diagonal(N["S"], axis1=1, axis2=2)),
    (cr.logdet(A @ A.T), np.linalg.slogdet(N["A"] @ N["A"].T)[1]),
    (cr.diag(u), np.diag(N["u"])),
    (cr.sqnorm(X), (N["X"] ** 2).sum()),
    (cr.norm(T), np.sqrt((N["T"] ** 2).sum())),
    (cr.sqnorm(a), N["a"] ** 2),
    (cr.kron(X, Y), np.kron(N["X"], N["Y"])),
    (X + u, N["X"] + N["u"]),
    (a * X - u, N["a"] * N["X"] - N["u"]),
    (T * X, N["T"] * N["X"]),
    (X / (1 + u * u), N["X"] / (1 + N["u"] ** 2)),
    (X**2, N["X"] ** 2),
    ((1 + X * X) ** -2, (1 + N["X"] ** 2) ** -2.0),
    ((1 + X * X) ** cr.rational(1, 2), np.sqrt(1 + N["X"] ** 2)),
    ((1 + X * X) ** cr.rational(1, 3), np.cbrt(1 + N["X"] ** 2)),
    ((1 + X * X) ** a, (1 + N["X"] ** 2) ** N["a"]),
    (u ** Size(p), N["u"] ** 3),
    (cr.total(T), N["T"].sum()),
    (cr.total(T, axis=1), N["T"].sum(axis=1)),
    (cr.total(T, axis=(0, 2)), N["T"].sum(axis=(0, 2))),
    (cr.total(a), N["a"]),
    (cr.maximum(T, axis=(0, 2)), N["T"].max(axis=(0, 2))),
    (cr.logsumexp(T, axis=-1), scipy.special.logsumexp(N["T"], axis=-1)),
    (cr.logsumexp(a), N["a"]),
    (cr.softmax(T, axis=1), scipy.special.softmax(N["T"], axis=1)),
    (cr.I(p) + A, np.eye(3) + N["A"]),
    (cr.ones(n, p) * X, N["X"]),
    (cr.pi * a, np.pi * N["a"]),
    (Size(n * p) + a, 12.75),
    (cr.Sum(x[i] * X[i] for i in over(n)), N["x"] @ N["X"]),
    (cr.Sum(x[i] * x[j] * cr.delta(i, j) for i in over(n) for j in over(n)), (N["x"] ** 2).sum()),
    (each(X[i] * x[i] for i in over(n)), N["X"] * N["x"][:, None]),
    (each(x[i] * x[j] for i in over(n) for j in over(n)), np.outer(N["x"], N["x"])),
    (each(size(C[k]) for k in C), N["C"].sum(axis=0)),
    (each(cr.Sum(X[i] for i in C[k]) / size(C[k]) for k in C), (N["C"].T @ N["X"]) / N["C"].sum(axis=0)[:, None]),
    (cr.let("R", X @ Y).T @ cr.let("R", X @ Y), (N["X"] @ N["Y"]).T @ (N["X"] @ N["Y"])),
    (cr.grad(cr.sqnorm(x), x).at(x, X @ u), 2 * N["X"] @ N["u"]),
    (cr.jacobian(A @ u, u), N["A"]),
    (cr.hessian(u.T @ A @ u, u), N["A"] + N["A"].T),
    (cr.vjp(X @ u, u, x), N["X"].T @ N["x"]),
    (
        cr.expect(z.T @ A @ z, z, mean=u, covariance=A @ A.T),
        N["u"] @ N["A"] @ N["u"] + np.trace(N["A"] @ N["A"] @ N["A"].T),
    ),
    (cr.tanh(X @ u), np.tanh(N["X"] @ N["u"])),
]


@pytest.mark.parametrize(("node", "expected"), CASES, ids=[str(k) for k in range(len(CASES))])
def test_values_are_those_of_numpy(node, expected):
    value = at_precision(lambda balls: evaluate(node, WORLD, balls))
    assert value.shape == tuple(extent(d, SIZES) for d in node.shape)
    assert np.allclose(floats(value), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_are_those_of_numpy(function):
    theirs = {
        "sigmoid": scipy.special.expit, "softplus": lambda t: np.log1p(np.exp(t)), "relu": lambda t: np.maximum(t, 0),
        "step": lambda t: (t > 0) * 1.0, "erf": scipy.special.erf,
        "lgamma": scipy.special.gammaln, "digamma": scipy.special.digamma,
        "trigamma": lambda t: scipy.special.polygamma(1, t), "polygamma2": lambda t: scipy.special.polygamma(2, t),
        "log_bessel0": lambda t: np.log(scipy.special.i0(t)),
        "bessel_ratio": lambda t: scipy.special.i1(t) / scipy.special.i0(t),
        "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    }.get(function) or getattr(np, function)  # fmt: skip
    value = at_precision(lambda balls: evaluate(Apply(Str(function), a), WORLD, balls))
    assert np.isclose(float(value.item().mid()), theirs(0.75), rtol=1e-13)


def test_every_kind_has_an_arm_and_every_arm_is_tried():
    assert set(ARMS) == set(KINDS)

    parts = [part for node, _ in CASES for part in sp.preorder_traversal(node) if isinstance(part, Node)]
    assert {kind for kind in KINDS if any(isinstance(part, kind) for part in parts)} == set(KINDS)


def test_an_unknown_kind_raises_and_is_named():
    class Strange(Node):
        __slots__ = ()

        def _shape(self):
            return ()

    with pytest.raises(Unsupported, match="Strange"):
        evaluate(Strange(), WORLD, Rationals())


def test_residues_agree_with_rationals():
    f = cr.trace(cr.inv(A.T @ A + cr.I(p)) @ A) / (1 + cr.sqnorm(u))
    prime = 2**61 - 1
    exactly = evaluate(f, WORLD, Rationals()).item()
    assert evaluate(f, WORLD, Modular(prime)).item() == Modular(prime).lift(exactly)


def test_undefined_is_raised_not_answered():
    zero = world_of({A: [[1, 2], [2, 4]], u: [0, 1]})
    for f in (A.I, 1 / u, cr.logdet(A), cr.log(u), u**-1):
        with pytest.raises(Undefined):
            at_precision(lambda b, f=f: evaluate(f, zero, b))


def test_a_shared_formula_is_computed_once():
    f = cr.sqnorm(u)
    for _ in range(60):
        f = f * f - f
    evaluate(f, world_of({u: [1, 0]}), Modular(2**61 - 1))  # 2^60 operations if it were computed as a tree


def test_a_derivative_sees_only_what_depends_on_its_symbol():
    e = Evaluator(WORLD, Rationals())
    shared = cr.let("G", A.T @ A)
    e.value(cr.grad(u.T @ shared @ u, u))
    assert id(shared) in e._base.known


def test_sizes_may_be_products_and_sums():
    assert extent(n * m + 1, {n: 3, m: 2}) == 7
    with pytest.raises(NotationError):
        extent(n, {m: 2})


def test_worlds_from_data_check_their_shapes():
    w = world_of({X: [[1, 2], [3, 4], [5, 6]]})
    assert w.sizes == {n: 3, p: 2}
    with pytest.raises(ShapeError):
        world_of({X: [[1, 2]], u: [1, 2, 3]})
    assert exact([0.5, 3]).tolist() == [fmpq(1, 2), 3]
    with pytest.raises(NotationError):
        exact(["one"])


def test_a_free_index_needs_a_value():
    i = index("i", n)
    with pytest.raises(Unsupported):
        evaluate(x[i], WORLD, Rationals())
    fixed = World(WORLD.sizes, WORLD.values, {}, {i: 2})
    assert evaluate(x[i], fixed, Rationals()).item() == WORLD.values[x][2]


def test_a_name_with_a_sum_inside_a_sum_over_the_same_letter():
    """A value put in place of a symbol brings its own bound letters, which may be those around it."""
    inner = cr.let("s", cr.Sum(x[i] for i in over(n)))
    found = cr.Sum(x[i] * a * x[i] for i in over(n)).xreplace({a: inner})
    value = at_precision(lambda balls: evaluate(found, WORLD, balls))
    assert float(value.item().mid()) == pytest.approx(N["x"].sum() * (N["x"] ** 2).sum())
