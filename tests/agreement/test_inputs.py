"""The inputs have what their symbols declare, and the regions of doubt are those of the problem."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb

from chainrule.agreement.flavours import FLAVOURS, Draw, concrete, repaired, seeded
from chainrule.agreement.formula import ULP, Formula, moved, noise_of
from chainrule.agreement.structure import structured
from chainrule.errors import Undefined
from chainrule.notation.dims import dims
from chainrule.notation.indices import Sum, clusters, each, over, size
from chainrule.notation.nodes import KINDS, Var
from chainrule.notation.properties import TABLE
from chainrule.notation.vocabulary import (
    I,
    diag,
    exp,
    grad,
    inv,
    logdet,
    logsumexp,
    matrix,
    scalar,
    softmax,
    sqnorm,
    tensor,
    total,
    vector,
)
from chainrule.worlds.arithmetic import Rationals, precision
from chainrule.worlds.check import has_property
from chainrule.worlds.world import exact

m, n = dims("m n")
ROUNDED = {"unit", "orthogonal", "orthonormal_columns"}
"""Equations that no float satisfies exactly; these hold to an ulp."""


def declared(name: str) -> Var:
    shape = {"square": (n, n), "matrix": (m, n)}.get(TABLE[name].fits, (m, n))
    return matrix("A", *shape, **{name: True})


@pytest.mark.parametrize("flavour", [f for f in FLAVOURS if "magnitude" not in f or "30" in f])
@pytest.mark.parametrize("name", [p for p in TABLE if p not in ROUNDED])
def test_every_flavour_has_what_is_declared(name, flavour):
    var = declared(name)
    for seed in range(3):
        sizes = repaired((var,), {m: 4, n: 3} if "one" not in flavour else {m: 1, n: 1})
        x = seeded((var,), flavour, sizes, seed).values[var]
        assert x.shape == concrete(var, sizes) and np.isfinite(x).all()
        assert has_property(name, exact(x), Rationals()), x


@pytest.mark.parametrize("name", sorted(ROUNDED))
def test_rounded_equations_hold_to_an_ulp(name):
    var = declared(name)
    for flavour in FLAVOURS:
        x = seeded((var,), flavour, {m: 4, n: 3}, 1).values[var]
        gram = x.T @ x if name != "unit" else np.diag(x @ x.T)
        np.testing.assert_allclose(gram, np.eye(3) if name != "unit" else 1.0, atol=8 * ULP)


def test_properties_are_kept_together():
    both = matrix("A", n, n, symmetric=True, nonnegative=True)
    x = seeded((both,), "typical", {n: 4}, 0).values[both]
    assert (x == x.T).all() and (x >= 0).all()
    C = clusters("C", m, n)
    x = seeded((C,), "typical", repaired((C,), {m: 2, n: 5}), 0).values[C]
    assert x.shape == (5, 5) and (x.sum(axis=0) > 0).all() and (x.sum(axis=1) == 1).all()


def test_integers_stay_integers():
    for name in set(TABLE) - {"simplex", "stochastic_rows", "unit", "unit_interval"}:
        var = declared(name)
        x = structured(
            var, np.random.default_rng(1).integers(-3, 4, concrete(var, {m: 3, n: 2})), np.random.default_rng(0)
        )
        assert (x == np.round(x)).all(), name


def test_one_ulp_moves_keep_the_structure():
    rng = np.random.default_rng(0)
    chosen = ("labels", "binary", "one_hot_rows", "permutation")
    for name in (*chosen, "symmetric", "skew", "diagonal", "lower_triangular", "positive"):
        var = declared(name)
        x = seeded((var,), "typical", {m: 4, n: 3}, 0).values[var]
        again = moved(var, x, rng)
        assert has_property(name, exact(again), Rationals())
        assert (again == x).all() == (name in chosen)
        assert np.abs(again - x).max() <= 2 * ULP * np.abs(x).max()


# --- regions -----------------------------------------------------------------------------------------
z, A = vector("z", n), matrix("A", n, n, positive_definite=True)


def region(formula, **values):
    symbols = {v.name: v for v in formula.atoms(Var)}
    arrays = {symbols[k]: np.asarray(x, dtype=float) for k, x in values.items()}
    sizes = {d: k for v, x in arrays.items() for d, k in zip(v.shape, x.shape, strict=True)}
    return Formula(formula).region(Draw("typical", sizes, arrays))


def test_the_region_is_the_conditioning():
    """exp'(x) dx: at 100 an ulp of x moves exp(x) by 100 ulps; nothing at 0."""
    found = region(exp(z), z=[100.0, 0.0])
    with precision(256):
        relative = [float((r / abs(y)).mid()) for r, y in zip(found.doubt_in, found.exact, strict=True)]
        assert 50 * ULP < relative[0] < 200 * ULP
    alone = region(exp(z), z=[1.0])
    assert float((alone.doubt_in[0] / alone.exact[0]).mid()) < 3 * ULP


def test_operations_widen_the_region_where_the_formula_cancels():
    """(1 + a) - 1 at a = 1e-10: the formula as written loses ten digits, the function does not."""
    a = scalar("a")
    found = region((1 + a) - 1, a=1e-10)
    assert float(found.doubt_node[0].mid()) > 1e4 * float(found.doubt_in[0].mid())


def test_an_entry_that_is_always_zero_is_judged_by_the_largest():
    T = matrix("X", n, n, invertible=True)
    found = region(T @ inv(T), X=[[1.0, 2.0], [3.0, 5.0]])
    assert all(float(r.mid()) >= 2.0**-54 for r in found.doubt_in)


def test_the_noisy_formula_has_noise_in_every_kind_of_node_that_rounds():
    x, C, K = matrix("x", n, m), clusters("C", n, m), m
    t = tensor("t", n, n, n)
    formulas = [
        sqnorm(z) + logsumexp(z) * total(softmax(z)) / 3,
        z.T @ A.I @ z + logdet(A),
        diag(z) @ A - I(n),
        Sum(sqnorm(x[i] - each(Sum(x[j, c] for j in C[k]) / size(C[k]) for c in over(K))) for k in C for i in C[k]),
        grad(total(exp(z)), z) ** 2,
        (A @ z).T @ A,
        t @ A,
    ]
    seen = {type(node) for f in formulas for node in _nodes(f)}
    assert len(seen & set(KINDS)) >= 15
    for f in formulas:
        noise = noise_of(f)
        assert noise.symbols and noise.formula.shape == f.shape and noise.formula.row == f.row
        symbols = tuple(sorted((v for v in f.atoms(Var)), key=lambda v: v.name))
        draw = seeded(symbols, "typical", repaired(symbols, {n: 3, m: 2}), 0)
        with precision(256):
            exact_value = Formula(f).at(draw)
            noisy = Formula(f).at(draw, noise.formula, noise.values(draw.sizes, np.random.default_rng(0)))
            off = [abs(a - b) for a, b in zip(exact_value, noisy, strict=True)]
            assert max(off, key=float) > 0
            assert all(o < arb(2) ** -36 * (1 + max(map(abs, exact_value), key=float)) for o in off)


def _nodes(node):
    yield node
    for a in node.args:
        if hasattr(a, "args"):
            yield from _nodes(a)


def test_no_value_no_region():
    with pytest.raises(Undefined):
        region(inv(matrix("B", n, n)), B=[[1.0, 1.0], [1.0, 1.0]])
