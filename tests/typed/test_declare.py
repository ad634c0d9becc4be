"""What may be declared, and what follows for the shapes."""

import pytest

from chainrule.typed import read_formula


@pytest.mark.parametrize(
    ("declare", "shape", "properties"),
    [
        ("X: matrix(n, d)", "n d", set()),
        ("X: symmetric(n)", "n n", {"symmetric"}),
        ("X: symmetric", "n n", {"symmetric"}),
        ("X: psd(n)", "n n", {"psd"}),
        ("X: pd", "n n", {"positive_definite"}),
        ("X: positive definite (k)", "k k", {"positive_definite"}),
        ("X: invertible matrix(n, n)", "n n", {"invertible"}),
        ("X: matrix(n, d) full_column_rank nonnegative", "n d", {"full_column_rank", "nonnegative"}),
        ("X: positive", "n p", {"positive"}),
        ("X: positive(n, 3)", "n 3", {"positive"}),
        ("X: labels vector(n)", "n", {"labels"}),
        ("X: scalar", "", set()),
        ("X: positive scalar", "", {"positive"}),
        ("X: simplex vector", "n", {"simplex"}),
        ("X: orthogonal", "n n", {"orthogonal"}),
    ],
)
def test_shape_and_properties(declare, shape, properties):
    symbol = read_formula("sum(exp(X))", declare).symbols["X"]
    assert " ".join(str(d) for d in symbol.shape) == shape
    assert symbol.declared == properties


def test_several_names_and_separators():
    found = read_formula("x'*y + a*b", "x, y: vector(n); a: positive, b: nonzero_entries")
    assert [str(found.symbols[k].shape) for k in "xy"] == ["(n,)", "(n,)"]
    assert found.symbols["a"].declared == {"positive"}


def test_letters_keep_their_kind_unless_one_is_given():
    assert read_formula("lam*x", "lam: positive").symbols["lam"].ndim == 0
    assert read_formula("mu'*x", "mu: vector").symbols["mu"].ndim == 1
    assert read_formula("a'*x", "a: vector").symbols["a"].ndim == 1


def test_declared_names_of_sizes_are_the_same_everywhere():
    found = read_formula("X*w + v", "X: matrix(n, d), w: vector(d)")
    assert found.symbols["v"].shape == found.symbols["X"].shape[:1]
