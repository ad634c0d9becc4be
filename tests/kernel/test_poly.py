"""Canonical monomials against brute force: two are the same object just where they are equal for all tensors.

The reference sums over all labels of all sizes, entry by entry, in whole numbers, and knows nothing of canonical forms.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from random import Random

import numpy as np
import pytest
import sympy as sp

from chainrule.kernel import poly as P
from chainrule.kernel.atoms import Atom, atom
from chainrule.notation.dims import dims
from chainrule.notation.vocabulary import matrix, tensor, vector

n, m = dims("n m")
SIZES = {n: 2, m: 3}


def of(symbol, symmetric: bool = False, power: str = "free") -> Atom:  # type: ignore[no-untyped-def]
    return atom("var", symbol, symbol.shape, symmetric=symmetric, power=power)


A, B = of(matrix("A", n, n)), of(matrix("B", n, n))
S = of(matrix("S", n, n, symmetric=True), symmetric=True)
T = of(tensor("T", m, n, n, symmetric=True), symmetric=True)
X, x, y = of(matrix("X", n, m)), of(vector("x", n)), of(vector("y", m))
Z = of(matrix("Z", n, m, binary=True), power="idempotent")
t = of(vector("t", n, labels=True), power="sign")
ATOMS = (A, B, S, T, X, x, y, Z, t)
RNG = np.random.default_rng(11)


def drawn() -> dict[Atom, np.ndarray]:
    """Random whole numbers for every atom, with the symmetry and the powers that it claims."""
    found = {}
    for a in ATOMS:
        values = RNG.integers(-5, 6, size=tuple(SIZES[d] for d in a.dims))
        if a.symmetric:
            values = values + np.swapaxes(values, -1, -2)
        if a.power == "idempotent":
            values = np.abs(values) % 2
        if a.power == "sign":
            values = 1 - 2 * (np.abs(values) % 2)
        found[a] = values
    return found


WORLDS = [drawn() for _ in range(4)]


def brute(factors, out, sizes, world) -> np.ndarray:  # type: ignore[no-untyped-def]
    """The sum over every label not in `out` of the product of the factors."""
    labels = list(sizes)
    made = np.zeros(tuple(SIZES[sizes[k]] for k in out), dtype=object)
    for values in product(*(range(SIZES[sizes[k]]) for k in labels)):
        at = dict(zip(labels, values, strict=True))
        term = 1
        for a, ls, p in factors:
            term *= int(world[a][tuple(at[k] for k in ls)]) ** int(p)
        made[tuple(at[k] for k in out)] += term
    return made


def value(poly: P.Poly, world) -> np.ndarray:  # type: ignore[no-untyped-def]
    """A polynomial's value, read off its canonical monomials."""
    made = np.zeros(tuple(SIZES[d] for d in poly.dims), dtype=object)
    for mono, coef in poly.items():
        sized = [(a, ls, p) for a, ls, p in mono.factors if a.kind != "size"]
        number = 1
        for a, _, p in mono.factors:
            if a.kind == "size":
                number *= SIZES[a.payload] ** int(p)
        made += brute(sized, mono.pattern, mono.sizes, world) * number * coef.numerator
    return made


def random_product(rng: Random, count: int):  # type: ignore[no-untyped-def]
    """Factors on a few labels, an output pattern that may repeat a label or hold one that no factor has, and sizes."""
    pool = {"a": n, "b": n, "c": n, "d": n, "u": m, "v": m}
    factors = []
    for _ in range(count):
        a = rng.choice(ATOMS)
        factors.append(
            (a, tuple(rng.choice([k for k, d in pool.items() if d == size]) for size in a.dims), Fraction(1))
        )
    used = sorted({k for _, ls, _ in factors for k in ls} | set(rng.sample(sorted(pool), 1)))
    out = tuple(rng.choice(used) for _ in range(rng.randint(0, 2)))
    return factors, out, {k: pool[k] for k in used}


def canonical(factors, out, sizes) -> P.Poly:  # type: ignore[no-untyped-def]
    return P.single(Fraction(1), factors, out, sizes)


def disguised(rng: Random, factors, out, sizes):  # type: ignore[no-untyped-def]
    """The same product with other names for its labels, its factors in another order, symmetric factors turned."""
    names = [f"z{k}" for k in range(len(sizes))]
    rng.shuffle(names)
    new = dict(zip(sizes, names, strict=True))
    moved = []
    for a, ls, p in factors:
        ls = tuple(new[k] for k in ls)
        moved.append((a, (*ls[:-2], ls[-1], ls[-2]) if a.symmetric and rng.random() < 0.5 else ls, p))
    rng.shuffle(moved)
    return moved, tuple(new[k] for k in out), {new[k]: d for k, d in sizes.items()}


@pytest.mark.parametrize("count", range(1, 7))
def test_a_disguise_is_seen_through(count: int) -> None:
    rng = Random(count)
    for _ in range(60):
        given = random_product(rng, count)
        assert canonical(*given) == canonical(*disguised(rng, *given))


@pytest.mark.parametrize("count", range(1, 5))
def test_a_canonical_monomial_keeps_its_value(count: int) -> None:
    rng = Random(100 + count)
    for _ in range(25):
        factors, out, sizes = random_product(rng, count)
        for world in WORLDS[:2]:
            assert (value(canonical(factors, out, sizes), world) == brute(factors, out, sizes, world)).all()


@pytest.mark.parametrize("count", (1, 2, 3))
def test_what_is_equal_is_equal_in_numbers_and_what_is_not_differs(count: int) -> None:
    """A hundred products: one canonical form has one value, and monomials that differ are told apart by some world."""
    rng = Random(200 + count)
    table: dict[object, tuple[object, ...]] = {}
    for _ in range(100):
        factors, out, sizes = random_product(rng, count)
        key = (tuple(sizes[k] for k in out), canonical(factors, out, sizes).key())
        values = tuple(str(brute(factors, out, sizes, world)) for world in WORLDS)
        assert table.setdefault(key, values) == values
    assert len({(key[0], found) for key, found in table.items()}) == len(table)


@pytest.mark.parametrize("count", (1, 2))
def test_multiplying_polynomials_out(count: int) -> None:
    """contract() of two sums is the product of their values, summed: deltas, sizes and repeated labels included."""
    rng = Random(300 + count)
    for _ in range(25):
        one, two = (random_product(rng, count) for _ in range(2))
        left, right = canonical(*one), canonical(*two)
        labels_l = tuple(rng.choice("pqr") + str(d) for d in left.dims)
        labels_r = tuple(rng.choice("pqr") + str(d) for d in right.dims)
        every = dict(zip((*labels_l, *labels_r), (*left.dims, *right.dims), strict=True))
        out = tuple(k for k in every if rng.random() < 0.5)
        made = P.contract([(left, labels_l), (right, labels_r)], out, {})
        world = WORLDS[0]
        vl, vr = value(left, world), value(right, world)
        expected = np.zeros(tuple(SIZES[every[k]] for k in out), dtype=object)
        for values in product(*(range(SIZES[d]) for d in every.values())):
            at = dict(zip(every, values, strict=True))
            expected[tuple(at[k] for k in out)] += (
                vl[tuple(at[k] for k in labels_l)] * vr[tuple(at[k] for k in labels_r)]
            )
        assert (value(made, world) == expected).all()


def test_very_symmetric_products() -> None:
    """Cycles and complete graphs of one symmetric factor, under every renaming of a few and many of all labels."""
    cycle = [(S, (f"k{j}", f"k{(j + 1) % 5}"), Fraction(1)) for j in range(5)]
    complete = [(S, (f"k{i}", f"k{j}"), Fraction(1)) for i in range(5) for j in range(i)]
    sizes = {f"k{j}": n for j in range(5)}
    for graph in (cycle, complete):
        form = canonical(graph, (), sizes)
        for order in list(permutations(range(5)))[::7]:
            new = {f"k{j}": f"k{r}" for j, r in enumerate(order)}
            assert canonical([(a, (new[i], new[j]), p) for a, (i, j), p in graph], (), sizes) == form
    assert canonical(cycle, (), sizes) != canonical(complete[:5], (), sizes)


def test_a_summed_label_without_factors_counts_its_size() -> None:
    made = P.single(Fraction(1), [], (), {"k": n * m})
    assert made == P.single(Fraction(1), [], (), {"k": n, "l": m})
    assert made != P.single(Fraction(1), [], (), {"k": n})
    assert P.single(Fraction(1), [], (), {"k": sp.Integer(1)}) == P.constant(1)


def test_orphaned_labels_survive_cancellation() -> None:
    """sum_k n_k / n_k counts the clusters: a factor that disappears leaves the sum over its label behind."""
    with_power = P.single(Fraction(1), [(t, ("k",), Fraction(2))], (), {"k": n})
    assert with_power == P.single(Fraction(1), [], (), {"k": n})
