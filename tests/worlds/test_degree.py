"""The stated degree is at least the true one, read off the values along a line."""

from random import Random

import pytest
from flint import nmod, nmod_mat

import chainrule as cr
from chainrule import I, Sum, dims, each, matrix, over, sqnorm, vector
from chainrule.errors import Unsupported
from chainrule.worlds.arithmetic import Modular, random_prime
from chainrule.worlds.degree import Degrees, error_bound
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import World

n = dims("n")[0]
A, B = matrix("A", n, n), matrix("B", n, n)
u, v = vector("u", n), vector("v", n)
SIZES = {n: 2}
PRIME = random_prime(Random(11))

RATIONAL = {
    "product": A @ B @ u,
    "power": sqnorm(u) ** 3,
    "negative power": sqnorm(u) ** -2,
    "quotient": u / (1 + v * v),
    "inverse": (A.T @ A + I(n)).I @ B,
    "det": cr.det(A @ B),
    "trace": cr.trace(A @ B @ A),
    "kron": cr.kron(A, B),
    "sum": Sum(u[i] * v[i] / (1 + u[i]) for i in over(n)),
    "each": each(1 / (u[i] + v[j]) for i in over(n) for j in over(n)),
    "gradient of a logdet": cr.grad(cr.logdet(A.T @ A + B), A),
    "gradient": cr.grad(u.T @ A.I @ u / (1 + sqnorm(u)), u),
    "hessian": cr.hessian(1 / (1 + sqnorm(u)), u),
    "vjp": cr.vjp(u / sqnorm(u), u, v),
    "at a value": cr.grad(1 / sqnorm(u), u).at(u, A @ v),
}


def lines(seed):
    """A point that moves along a line, one for each value of a parameter."""
    rng = Random(seed)
    ends = {
        q: [[nmod(rng.randrange(PRIME), PRIME) for _ in range(4 if q.ndim == 2 else 2)] for _ in "ab"]
        for q in (A, B, u, v)
    }

    def at(parameter):
        import numpy as np

        values = {}
        for q, (start, step) in ends.items():
            moved = np.empty(len(start), dtype=object)
            moved[:] = [a + b * parameter for a, b in zip(start, step, strict=True)]
            values[q] = moved.reshape((2,) * q.ndim)
        return World(SIZES, values)

    return at


def is_fraction_of(values, top, bottom):
    """Whether some N of degree top and Q != 0 of degree bottom have N(t) = f(t) Q(t) at t = 1, 2, ...: more values
    than unknowns, so that a fraction of higher degree leaves no solution."""
    rows = []
    for t, f in values:
        powers = [nmod(t, PRIME) ** k for k in range(max(top, bottom) + 1)]
        rows.append(powers[: top + 1] + [-f * power for power in powers[: bottom + 1]])
    table = nmod_mat(len(rows), top + bottom + 2, [x for row in rows for x in row], PRIME)
    return table.rank() < top + bottom + 2


@pytest.mark.parametrize("name", RATIONAL)
def test_degrees_are_upper_bounds(name):
    node = RATIONAL[name]
    degrees = Degrees(SIZES, {q: q.properties for q in (A, B, u, v)}, {})
    top, bottom = degrees.of(node)
    at = lines(5)
    count = top + bottom + 6
    values = [(t, evaluate(node, at(t), Modular(PRIME)).flat[0]) for t in range(1, count + 1)]
    assert is_fraction_of(values, top, bottom)


def test_the_test_of_degrees_can_fail():
    at = lines(5)
    cubic = [
        (
            t,
            evaluate(
                sqnorm(u) * u[cr.index("i", n)], World(SIZES, at(t).values, {}, {cr.index("i", n): 0}), Modular(PRIME)
            ).item(),
        )
        for t in range(1, 12)
    ]
    assert is_fraction_of(cubic, 3, 0) and not is_fraction_of(cubic, 2, 0)


def test_functions_that_are_not_rational_have_no_degree():
    degrees = Degrees(SIZES, {}, {})
    for node in (cr.softmax(u), cr.norm(u), cr.logsumexp(u), sqnorm(u) ** cr.rational(1, 2), cr.maximum(u)):
        with pytest.raises(Unsupported):
            degrees.of(node)


def test_the_bound():
    assert error_bound(2**31, 2) == 2.0**-60
    assert error_bound(0, 1) == 0.0
