"""Worlds are built for what is given: defined, solved for, bounded, or drawn until it holds."""

import pytest
from flint import fmpq

import chainrule as cr
from chainrule import assume, at_least, at_most, dims, equals, less_than, matrix, scalar, sqnorm, vector
from chainrule.notation.statements import Relation
from chainrule.worlds.arithmetic import Modular, Rationals
from chainrule.worlds.check import satisfies
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.hypotheses import stream
from chainrule.worlds.reading import read
from chainrule.worlds.source import Source
from chainrule.worlds.vacuity import vacuity
from chainrule.worlds.world import world_of

n, p, k = dims("n p k")
X, U, V, A = matrix("X", n, p), matrix("U", n, n), matrix("V", p, k), matrix("A", n, n)
x, y, s, w = vector("x", n), vector("y", n), vector("s", n), vector("w", p)
a, b, lam = scalar("a"), scalar("b"), scalar("lam", positive=True)
i = cr.index("i", n)


def worlds(given, sizes, count=8):
    given = given if isinstance(given, tuple) else (given,)
    hypotheses = read((), given)
    for seed in range(count):
        world = hypotheses.world(sizes, Source(Rationals(), stream(seed)))
        assert world is not None
        assert all(satisfies(world, g) for g in given)
        yield world


def test_an_equation_with_a_bare_symbol_defines_it():
    given = (assume(U, equals(cr.outer(x, s))), assume(A, equals(U @ U.T)), assume(s, equals(2 * x)))
    hypotheses = read((), given)
    assert set(hypotheses.definitions) == {U, A, s}
    for world in worlds(given, {n: 3}):
        xs = world.values[x]
        assert evaluate(s, world, Rationals()).tolist() == [2 * e for e in xs]


def test_definitions_never_run_in_circles():
    given = (assume(x, equals(A @ y)), assume(y, equals(2 * x)))
    assert len(read((), given).definitions) == 1
    for _ in worlds(given, {n: 2}):
        pass


def test_a_defined_entry_defines_the_symbol():
    given = assume(y[i], equals(x[i] * x[i] + 1))
    assert y in read((), (given,)).definitions
    for world in worlds(given, {n: 3}):
        assert evaluate(y, world, Rationals()).tolist() == [e * e + 1 for e in world.values[x]]


def test_a_definition_may_be_irrational():
    given = assume(a, equals(cr.exp(b)))
    for world in worlds(given, {}):
        assert world.definitions[a] is not None


@pytest.mark.parametrize(
    "given",
    [
        assume(X.T @ X @ w, equals(X.T @ y)),
        assume(cr.total(x), equals(1)),
        assume(A @ x, equals(lam * x)),
        assume(X.T @ (y - X @ w), equals(lam * w)),
        assume(cr.dot(x, y), equals(0)),
    ],
    ids=str,
)
def test_other_equations_are_solved(given):
    for world in worlds(given, {n: 3, p: 2}):
        assert any(e != 0 for array in world.values.values() for e in array.flat)


def test_equations_are_solved_together():
    given = (assume(cr.total(x), equals(1)), assume(cr.dot(x, y), equals(0)), assume(cr.dot(x, s), equals(a)))
    for _ in worlds(given, {n: 4}):
        pass


def test_an_equation_is_solved_among_symmetric_matrices():
    S = matrix("S", n, n, symmetric=True)
    for world in worlds(assume(S @ x, equals(lam * x)), {n: 3}):
        assert (world.values[S] == world.values[S].T).all()


def test_equations_are_solved_over_residues_too():
    given = (assume(X.T @ X @ w, equals(X.T @ y)),)
    world = read((), given).world({n: 3, p: 2}, Source(Modular(2**61 - 1), stream("p")))
    left, right = (evaluate(f, world, Modular(2**61 - 1)) for f in (X.T @ X @ w, X.T @ y))
    assert left.tolist() == right.tolist()


@pytest.mark.parametrize(
    ("given", "var", "name"),
    [
        (assume(V.T @ V, equals(cr.I(k))), V, "orthonormal_columns"),
        (assume(cr.dot(x, x), equals(1)), x, "unit"),
        (assume(sqnorm(x), equals(1)), x, "unit"),
        (assume(a, cr.more_than(0)), a, "positive"),
        (assume(a, at_least(0)), a, "nonnegative"),
        (assume(x[i], at_least(0)), x, "nonnegative"),
        (assume(cr.positive_definite(A)), A, "positive_definite"),
        (assume(cr.invertible(cr.let("B", A))), A, "invertible"),
    ],
    ids=str,
)
def test_some_hypotheses_are_declared_properties(given, var, name):
    assert name in read((), (given,)).properties[var]
    for _ in worlds(given, {n: 3, p: 3, k: 2}, 4):
        pass


def test_a_bound_on_a_bare_symbol_is_built():
    given = (assume(a, at_most(sqnorm(x) - 100)), assume(b, less_than(a)))
    for world in worlds(given, {n: 2}):
        assert evaluate(b, world, Rationals()).item() < evaluate(a, world, Rationals()).item()


def test_free_indices_in_a_hypothesis_take_every_value():
    given = assume(x[i] * x[i], at_most(1))
    for world in worlds(given, {n: 2}):
        assert all(abs(e) <= 1 for e in world.values[x])


def test_other_inequalities_are_drawn_until_they_hold():
    given = (assume(sqnorm(x), at_most(sqnorm(y))), assume(cr.dot(x, y), cr.more_than(0)))
    for _ in worlds(given, {n: 2}):
        pass


def test_vacuity():
    assert vacuity((x,), ())
    assert vacuity((), (assume(X.T @ X @ w, equals(X.T @ y)),))
    nothing = vacuity((), (assume(sqnorm(x), less_than(0)),))
    assert not nothing and "false" in nothing.explanation
    assert not vacuity((), (assume(a, less_than(b)), assume(b, less_than(a))))
    found = vacuity((), (assume(a, less_than(b)),))
    assert satisfies(found.world, Relation(a, "<", b))
    contradiction = matrix("Z", n, n, skew=True, positive=True)
    assert not vacuity((contradiction,))


def test_satisfies():
    world = world_of({A: [[2, 1], [1, 2]], x: [1, -1], a: fmpq(1, 2)})
    assert satisfies(world, cr.positive_definite(A))
    assert not satisfies(world, cr.positive(x)) and satisfies(world, cr.nonzero(x))
    assert satisfies(world, Relation(A @ x, "=", x))
    assert satisfies(world, Relation(cr.exp(a), ">", 1 + a)) and not satisfies(world, Relation(cr.exp(a), "<", 1 + a))
    assert not satisfies(world_of({A: [[0, 1], [1, 5]]}), cr.positive_semidefinite(A))
    assert not satisfies(world_of({A: [[1, 0], [1, 1]]}), cr.positive_semidefinite(A))  # definite, not symmetric
