"""Every sampled value has every declared property, exactly."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from chainrule import dims, matrix, tensor, vector
from chainrule.errors import NotationError
from chainrule.notation.properties import TABLE, closure
from chainrule.worlds.arithmetic import Modular, Rationals, random_prime
from chainrule.worlds.hypotheses import stream
from chainrule.worlds.properties import PROPERTIES, has_property
from chainrule.worlds.sample import FINITE, count_values, every_value, sample
from chainrule.worlds.sizes import different, edges, ladder, limits, smallest_first
from chainrule.worlds.source import Entries, Infeasible, Source
from chainrule.worlds.world import exact

n, m, b = dims("n m b")
SHAPES = {
    "any": [(), (n,), (n, m), (n, n)],
    "vector": [(n,), (b, n)],
    "matrix": [(n, m), (n, n), (b, n, m)],
    "square": [(n, n), (b, n, n)],
}
CASES = [(name, shape) for name, prop in TABLE.items() for shape in SHAPES[prop.fits]]
SIZES = [{n: 1, m: 1, b: 2}, {n: 2, m: 1, b: 1}, {n: 3, m: 2, b: 2}, {n: 5, m: 3, b: 1}]
RINGS = [Rationals(), Modular(random_prime(Random(3)))]
STYLES = [Entries(3), Entries(always=0), Entries(always=1), Entries(1), Entries(9, 4), Entries(30)]


@pytest.mark.parametrize(("name", "shape"), CASES, ids=lambda c: str(c).replace(" ", ""))
@pytest.mark.parametrize("ring", RINGS, ids=lambda r: r.name)
def test_each_property(name, shape, ring):
    var = tensor("V", *shape, **{name: True})
    for sizes in SIZES:
        for k, style in enumerate(STYLES):
            value = sample(var, tuple(sizes[d] for d in shape), Source(ring, Random(k), style))
            assert value.shape == tuple(sizes[d] for d in shape)
            assert all(has_property(p, value, ring) for p in closure(frozenset({name})))


def test_the_properties_checked_are_those_that_can_be_declared():
    assert set(PROPERTIES) == set(TABLE)


def test_pairs_of_properties_are_met_or_refused():
    """At n = 2 every pair is built with both properties, or refused by name."""
    built = 0
    for one, two in combinations(TABLE, 2):
        try:
            var = matrix("V", n, n, **{one: True, two: True})
        except NotationError:
            continue
        try:
            value = sample(var, (2, 2), Source(Rationals(), Random(1)))
        except Infeasible as error:
            assert one in str(error) and two in str(error)
            continue
        assert all(has_property(p, value, Rationals()) for p in closure(frozenset({one, two})))
        built += 1
    assert built > 180


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        ("symmetric orthogonal", (n, n)), ("skew orthogonal", (n, n)), ("positive_definite positive", (n, n)),
        ("positive_definite diagonal", (n, n)), ("symmetric stochastic_rows", (n, n)), ("unit nonnegative", (n,)),
        ("lower_triangular invertible", (n, n)), ("diagonal psd", (n, n)), ("simplex positive", (n,)),
        ("orthogonal binary", (n, n)), ("symmetric invertible nonzero_entries", (n, n)), ("skew invertible", (n, n)),
    ],
)  # fmt: skip
def test_useful_combinations_are_built(names, shape):
    var = tensor("V", *shape, **dict.fromkeys(names.split(), True))
    for k in range(5):
        value = sample(var, (4,) * len(shape), Source(Rationals(), Random(k)))
        assert all(has_property(p, value, Rationals()) for p in var.properties)


def test_what_cannot_be_is_refused():
    with pytest.raises(Infeasible, match="skew"):
        sample(matrix("V", n, n, skew=True, invertible=True), (3, 3), Source(Rationals(), Random(1)))


def test_checks_say_no():
    q = Rationals()
    wrong = {
        "positive": [0, 1], "nonnegative": [-1, 1], "nonzero_entries": [0, 1], "nonzero": [0, 0], "labels": [1, 0],
        "binary": [2, 0], "unit_interval": [1, 0],
        "simplex": [1, 1], "unit": [1, 1], "one_hot": [1, 1], "stochastic_rows": [[2, -1]],
        "one_hot_rows": [[1, 0], [1, 1]], "nonempty_columns": [[1, 0], [1, 0]], "symmetric": [[1, 2], [3, 4]],
        "skew": [[1, 2], [-2, 0]], "diagonal": [[1, 1], [0, 1]], "lower_triangular": [[1, 1], [0, 1]],
        "invertible": [[1, 2], [2, 4]], "psd": [[0, 1], [1, 5]], "positive_definite": [[1, 1], [1, 1]],
        "orthonormal_columns": [[1, 0], [1, 1]], "orthogonal": [[1, 1], [0, 1]], "full_column_rank": [[1, 2], [2, 4]],
        "permutation": [[1, 0], [1, 0]],
    }  # fmt: skip
    assert set(wrong) == set(TABLE)
    for name, value in wrong.items():
        assert not has_property(name, exact(value), q), name


def test_orthogonal_values_reach_both_determinants():
    var = matrix("Q", n, n, orthogonal=True)
    signs = set()
    for k in range(20):
        value = sample(var, (3, 3), Source(Rationals(), Random(k)))
        signs.add(float(np.linalg.det(np.vectorize(lambda x: int(x.p) / int(x.q))(value))) > 0)
    assert signs == {True, False}


def test_permutations_reach_every_order():
    orders, mirrored = matrix("P", n, n, permutation=True), matrix("P", n, n, permutation=True, symmetric=True)
    for var, many in ((orders, 6), (mirrored, 4)):
        drawn = (sample(var, (3, 3), Source(Rationals(), Random(k))) for k in range(100))
        assert len({tuple(map(str, value.flat)) for value in drawn}) == many


def test_finite_properties_are_listed_completely():
    q = Rationals()
    labels = list(every_value(closure(frozenset({"labels"})), (3,), q))
    assert len(labels) == 8 == count_values(frozenset({"labels"}), (3,))
    onto = list(every_value(closure(frozenset({"one_hot_rows", "nonempty_columns"})), (4, 2), q))
    assert len(onto) == 2**4 - 2
    assert len(list(every_value(closure(frozenset({"one_hot"})), (5,), q))) == 5
    assert len(list(every_value(closure(frozenset({"permutation"})), (4, 4), q))) == 24
    assert set(TABLE) >= FINITE


def test_sizes_obey_the_properties():
    Q, C = matrix("Q", n, m, orthonormal_columns=True), matrix("C", n, b, one_hot_rows=True, nonempty_columns=True)
    K = matrix("K", n, n, skew=True, invertible=True)
    tall = limits((n, m, b), {Q: Q.properties, C: C.properties})
    for sizes in [*ladder(tall), *smallest_first(tall)]:
        assert sizes[n] >= sizes[m] and sizes[n] >= sizes[b]
    assert all(s[n] % 2 == 0 for s in ladder(limits((n,), {K: K.properties})))
    free = limits((n, m), {})
    assert all(len(set(s.values())) == 2 for s in different(free))
    assert {n: 1, m: 1} in edges(free) and {n: 2, m: 2} in edges(free)
    assert any(s[n] < s[m] for s in ladder(free)) and any(s[n] > s[m] for s in ladder(free))
    totals = [sum(s.values()) for s in smallest_first(free)]
    assert totals == sorted(totals)


def test_every_random_choice_is_reproducible():
    var = vector("v", n)
    drawn = [sample(var, (5,), Source(Rationals(), stream("test"))).tolist() for _ in range(2)]
    assert drawn[0] == drawn[1]
