"""Rules of order and of signs against random numbers: what they call positive, definite or invertible is so in every
world, and they call enough things so for that to mean something."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import sympy as sp

import chainrule as cr
from chainrule.errors import ChainruleError, Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.judge.context import Context, Shown
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Predicate
from chainrule.worlds.arithmetic import Rationals
from chainrule.worlds.check import State, look
from chainrule.worlds.sample import sample
from chainrule.worlds.source import Entries, Source
from chainrule.worlds.world import World, extents

n, p, N = cr.dims("n p N")
SIZES = ({n: 2, p: 3, N: 2}, {n: 3, p: 2, N: 3}, {n: 1, p: 1, N: 1})
Q, P = cr.matrix("Q", n, n, positive_definite=True), cr.matrix("P", n, n, psd=True)
A, S = cr.matrix("A", n, n), cr.matrix("S", n, n, symmetric=True)
R, L = cr.matrix("R", n, n, invertible=True), cr.matrix("L", n, n, lower_triangular=True)
X, Z = cr.matrix("X", p, n), cr.matrix("x", N, n)
ONE = cr.matrix("one", 1, 1, positive_definite=True)
O = cr.matrix("O", n, n, orthogonal=True)
x, y, v = cr.vector("x", n), cr.vector("y", n), cr.vector("v", n, nonzero=True)
s, u = cr.vector("s", n, positive=True), cr.vector("u", n, nonnegative=True)
t, h = cr.vector("t", n, labels=True), cr.vector("h", n, one_hot=True)
z = cr.vector("z", n, nonzero_entries=True)
a, b = cr.scalar("a"), cr.scalar("b")
lam, mu = cr.scalar("lam", positive=True), cr.scalar("mu", nonnegative=True)
C, E = cr.clusters("C", N, n), cr.clusters("E", N, n, nonempty=False)
i, j, k = cr.index("i", n), cr.index("j", n), cr.index("k", N)

MATRICES: list[Node] = [Q, P, A, S, R, L, O, cr.I(n), cr.I(1), ONE, cr.zeros(n, n), cr.ones(n, n)]
NUMBERS: list[Node] = [
    a,
    b,
    lam,
    mu,
    cr.rational(2),
    cr.rational(-1),
    cr.as_node(n),
    x[i],
    x[j],
    s[i],
    u[j],
    t[i],
    z[j],
    cr.delta(i, j),
    1 - cr.delta(i, j),
    1 - (i >= j),
]
VECTORS: list[Node] = [x, y, v, s, u, t, h, z, cr.ones(n), cr.zeros(n), Z[k]]


def scalar(g: Random, d: int) -> Node:
    if d <= 0:
        return g.choice(NUMBERS)
    make = g.choice([
        lambda: scalar(g, d - 1) + scalar(g, d - 1), lambda: scalar(g, d - 1) - scalar(g, d - 1),
        lambda: scalar(g, d - 1) * scalar(g, d - 1), lambda: -scalar(g, d - 1),
        lambda: scalar(g, d - 1) ** g.choice([2, 3, 4]),
        lambda: cr.abs_(scalar(g, d - 1)), lambda: cr.relu(scalar(g, d - 1)), lambda: cr.step(scalar(g, d - 1)),
        lambda: scalar(g, d - 1) / scalar(g, d - 1), lambda: cr.sqnorm(vector(g, d - 1)),
        lambda: cr.total(vector(g, d - 1)),
        lambda: vector(g, d - 1).T @ vector(g, d - 1), lambda: vector(g, d - 1).T @ matrix(g, d - 1) @ vector(g, d - 1),
        lambda: cr.trace(matrix(g, d - 1)), lambda: cr.det(matrix(g, d - 1)), lambda: cr.maximum(vector(g, d - 1)),
        lambda: cr.Sum(x[i] * s[i] * x[j] for i in cr.over(n) for j in cr.over(n)),
        lambda: cr.Sum(cr.sqnorm(Z[k]) for k in C[j]), lambda: cr.size(C[j]), lambda: cr.size(E[j]),
        lambda: cr.Sum(Z[i].T @ Z[k] for i in cr.over(N) for k in cr.over(N)),
    ])  # fmt: skip
    return make()


def vector(g: Random, d: int) -> Node:
    if d <= 0:
        return g.choice(VECTORS)
    make = g.choice([
        lambda: vector(g, d - 1) + vector(g, d - 1), lambda: vector(g, d - 1) * vector(g, d - 1),
        lambda: -vector(g, d - 1), lambda: scalar(g, d - 1) * vector(g, d - 1), lambda: vector(g, d - 1) ** 2,
        lambda: matrix(g, d - 1) @ vector(g, d - 1),
        lambda: vector(g, d - 1) @ matrix(g, d - 1), lambda: cr.diagof(matrix(g, d - 1)), lambda: vector(g, 0),
        lambda: (lambda w: cr.each((1 - cr.delta(a, j)) * w[a] for a in cr.over(n)))(vector(g, d - 1)),
    ])  # fmt: skip
    return make()


def matrix(g: Random, d: int) -> Node:
    if d <= 0:
        return g.choice(MATRICES)
    make = g.choice([
        lambda: matrix(g, d - 1) + matrix(g, d - 1), lambda: matrix(g, d - 1) - matrix(g, d - 1),
        lambda: -matrix(g, d - 1), lambda: matrix(g, d - 1).T,
        lambda: scalar(g, d - 1) * matrix(g, d - 1), lambda: matrix(g, d - 1) * matrix(g, d - 1),
        lambda: matrix(g, d - 1) @ matrix(g, d - 1), lambda: (lambda m: m.T @ matrix(g, d - 1) @ m)(matrix(g, d - 1)),
        lambda: (lambda m: m.T @ m)(matrix(g, d - 1)), lambda: X.T @ X, lambda: R.T @ matrix(g, d - 1) @ R,
        lambda: cr.outer(vector(g, d - 1), vector(g, d - 1)), lambda: (lambda w: w @ w.T)(vector(g, d - 1)),
        lambda: vector(g, d - 1) @ matrix(g, d - 1) @ vector(g, 0).T, lambda: cr.diag(vector(g, d - 1)),
        lambda: cr.inv(Q),
        lambda: matrix(g, d - 1) / scalar(g, d - 1), lambda: cr.inv(matrix(g, d - 1)), lambda: matrix(g, 0),
        lambda: X.T @ cr.diag(cr.ones(p)) @ X + lam * cr.I(n),
        lambda: (lambda m: cr.each(m[a, b] * (1 - (a >= b)) for a in cr.over(n) for b in cr.over(n)))(matrix(g, d - 1)),
    ])  # fmt: skip
    return make()


def drawn(count: int, kind: str) -> list[Node]:
    """Formulas that fit together, of matrices n by n or of numbers."""
    g, found = Random(f"order/{kind}"), []
    while len(found) < count:
        try:
            node = matrix(g, 2) if kind == "matrix" else scalar(g, 2)
        except ChainruleError:
            continue
        if node.shape == ((n, n) if kind == "matrix" else ()):
            found.append(node)
    return found


def holds(statement: Predicate, g: Random) -> bool:
    """In every world where it has a value, at three sizes, small entries and entries of 0."""
    for sizes in SIZES:
        for entries in (Entries(3), Entries(2, 3), Entries(always=0)):
            source = Source(Rationals(), g, entries)
            symbols = sorted(statement.of.atoms(Var), key=lambda symbol: symbol.name + str(symbol.shape))
            world = World(sizes, {one: sample(one, extents(one.shape, sizes), source) for one in symbols})
            if look(world, statement).state is State.FAILS:
                return False
    return True


def claimed(name: str, node: Node) -> bool:
    """What the rules say; where a formula has no normal form they say nothing."""
    try:
        return bool(getattr(Context((), False).order, name)(node))
    except (Unsupported, Undefined):
        return False


@pytest.mark.parametrize("name", ["positive_definite", "positive_semidefinite", "invertible"])
def test_what_is_called_definite_is_so(name: str) -> None:
    judged: Counter[bool] = Counter()
    for node in drawn(700, "matrix"):
        judged[claimed(name, node)] += 1
        if claimed(name, node):
            assert holds(Predicate(name, node), Random(str(node))), f"{name}: {node}"
    assert judged[True] > 20, judged


@pytest.mark.parametrize("name", ["positive", "nonnegative", "nonzero"])
def test_what_is_called_positive_is_so(name: str) -> None:
    judged: Counter[bool] = Counter()
    for node in drawn(700, "number"):
        judged[claimed(name, node)] += 1
        if claimed(name, node):
            assert holds(Predicate(name, node), Random(str(node))), f"{name}: {node}"
    assert judged[True] > 20, judged


@pytest.mark.parametrize("name", ["positive", "nonnegative"])
def test_what_is_said_of_the_largest_of_several_is_so(name: str) -> None:
    """Sums of a largest entry, or minus one, and of numbers and vectors, its own among them."""
    g, judged = Random(f"largest/{name}"), 0
    for _ in range(400):
        w = g.choice([x, s, u, -s, -x, -u, x * x, x + s, s - x])
        top = g.choice([1, -1]) * cr.maximum(w) if g.random() < 0.3 else g.choice([cr.maximum(w), -cr.maximum(w)])
        rest = g.choice([w, -w, x, s, -x, x[i], s[j], lam, -lam, cr.maximum(-w), cr.maximum(x), -cr.maximum(-s), a])
        node = g.choice([top + rest, rest + top, top, top + rest + g.choice([s, -s, lam, mu])])
        if claimed(name, node):
            judged += 1
            assert holds(Predicate(name, node), Random(str(node))), f"{name}: {node}"
    assert judged > 20


def test_the_transpose_of_what_was_shown_invertible_is_invertible() -> None:
    """X'A'X is (X'AX)'; another matrix in the middle is another matter."""
    form = Z.T @ cr.matrix("M", N, N) @ Z
    other = Z.T @ cr.matrix("K", N, N) @ Z
    shown = Shown((Predicate("invertible", form),), Evidence.PROVED, "a form", assumed=True)
    order = Context((shown,), False).order
    assert order.invertible(Z.T @ cr.matrix("M", N, N).T @ Z)
    assert not order.invertible(other.T)
    assert not order.invertible(other)


def test_every_declared_sign_is_what_a_world_draws() -> None:
    """The sign that a symbol's properties give it, entry by entry, in drawn values."""
    g = Random(5)
    for symbol in (x, v, s, u, t, h, z, a, lam, mu):
        assert isinstance(symbol, Var)
        normal = Context((), False)
        sign = normal.normal.signs.sign(normal.normal(normal.dag(symbol)))
        for sizes in SIZES:
            values = sample(symbol, extents(symbol.shape, sizes), Source(Rationals(), g, Entries(3)))
            for value in values.flat:
                assert {"positive": value > 0, "nonnegative": value >= 0, "nonzero": value != 0, "": True}[sign]


def test_sizes_add_and_multiply() -> None:
    """n + p and n p as sizes are the numbers n + p and n p."""
    order = Context((), False)
    for left, right in (
        (cr.trace(cr.I(n + p)), cr.as_node(n) + p),
        (cr.total(cr.ones(n * p)), cr.as_node(n) * p),
        (cr.total(cr.ones(n**2, p)), cr.as_node(n) * n * p),
    ):
        assert order.normal(order.dag(left)) == order.normal(order.dag(right))
    assert sp.Integer(1) == cr.I(1).shape[0]
