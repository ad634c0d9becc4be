"""What the kernel leaves out of products of masks changes no entry: drawn products, every entry counted out."""

import random
from fractions import Fraction
from itertools import product

import sympy as sp

from chainrule import Sum, delta, dims, each, exp, index, matrix, over, vector
from chainrule.forms.lower import lower
from chainrule.kernel import places
from chainrule.kernel.normal import Normal
from chainrule.kernel.signs import Signs

n, m, s = dims("n m s")
SIZES = ({n: 1, m: 1, s: 1}, {n: 2, m: 3, s: 2}, {n: 4, m: 2, s: 3}, {n: 3, m: 5, s: 1})


def entries(poly, sizes):
    """Every entry of a polynomial of masks, sizes and symbols v[i] = i + 2."""
    shape = [int(d.subs(sizes)) for d in poly.dims]
    return {at: sum(c * value(term, at, sizes) for term, c in poly.items()) for at in product(*map(range, shape))}


def value(term, at, sizes):
    fixed = {}
    for label, k in zip(term.pattern, at, strict=True):
        if fixed.setdefault(label, k) != k:
            return Fraction(0)
    summed = sorted({k for _, ls, _ in term.factors for k in ls if k not in fixed})
    total = Fraction(0)
    for chosen in product(*(range(int(term.sizes[k].subs(sizes))) for k in summed)):
        where = {**fixed, **dict(zip(summed, chosen, strict=True))}
        made = Fraction(1)
        for atom, labels, power in term.factors:
            made *= of_atom(atom, [where[k] for k in labels], sizes) ** int(power)
        total += made
    return total


def of_atom(atom, at, sizes):
    if atom.kind == "size":
        return Fraction(int(atom.payload.subs(sizes)))
    if atom.kind == "var":
        return Fraction(at[0] + 2)
    kind, const, coefs = atom.payload
    place = int(sp.sympify(const + sum(c * k for c, k in zip(coefs, at, strict=True))).subs(sizes))
    return Fraction(int(place == 0 if kind == "zero" else place >= 0))


def drawn(rng):
    """Two or three masks with some of the indices t, k (outside), u, v (summed), and a symbol on one of them."""

    def mask(letters):
        place = sum(rng.choice((-2, -1, 1, 1, s)) * x for x in letters[1:]) if len(letters) > 1 else 0
        place = place + rng.choice((1, -1)) * letters[0] + rng.choice((-2, -1, 0, 1, 2, n, -n, m))
        return delta(place, 0) if rng.random() < 0.6 else place >= 0

    def body(t, k, u, v):
        found = vector("x", m)[v] if rng.random() < 0.5 else 1
        for _ in range(rng.randint(2, 3)):
            found = found * mask(rng.sample((t, k, u, v), rng.randint(2, 3)))
        return found

    return each(
        Sum(body(t, k, u, v) for u in over(rng.choice((n, m, n + m))) for v in over(m))
        for t in over(n)
        for k in over(n)
    )


def test_drawn_products(monkeypatch):
    rng, changed = random.Random(7), 0
    for _ in range(40):
        node = lower(drawn(rng))
        made = Normal()(node)
        with monkeypatch.context() as patch:
            patch.setattr("chainrule.kernel.normal.settled", lambda x, _: x)
            plain = Normal()(node)
        changed += made != plain
        for sizes in SIZES:
            assert entries(made, sizes) == entries(plain, sizes), node
    assert changed > 10


def test_a_sum_is_positive_where_a_mask_is_met():
    i = index("i", n)
    A = matrix("A", n, n)

    def sign(f):
        return Signs().sign(Normal()(lower(f)))

    assert sign(Sum(exp(A[i, j]) * (i >= j) for j in over(n))) == "positive"
    assert sign(Sum(exp(A[i, j]) * (j >= i) for j in over(n))) == "positive"
    assert sign(Sum(exp(A[i, j]) * delta(i, j + 0) for j in over(n))) == "positive"
    assert sign(Sum(exp(A[i, j]) * (i > j) for j in over(n))) == "nonnegative"
    assert sign(Sum(exp(A[i, j]) * (i >= j + 1) for j in over(n))) == "nonnegative"
    assert sign(Sum(vector("y", m)[j] * (i >= j) for j in over(m))) == ""


def test_polynomials_of_sizes():
    assert places.nonnegative(n * m - 1) and places.nonnegative(n**2 - n) and places.nonnegative(sp.Integer(0))
    assert not places.nonnegative(n - 2) and not places.nonnegative(n - m) and not places.nonnegative(-n)
    assert not places.nonnegative(sp.floor(n / 2) - 1)
