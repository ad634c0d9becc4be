"""Search may propose what it likes: the checker multiplies out every move itself, and forged moves are thrown out."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

import chainrule as cr
from chainrule.calculus import differentiate
from chainrule.errors import Unsupported
from chainrule.forms.lower import lower
from chainrule.kernel import poly as P
from chainrule.kernel.check import Checker, Relation, Use, axioms
from chainrule.kernel.normal import Normal
from chainrule.search.rewrite import Rewriter

n, m = cr.dims("n m")
A, B = cr.matrix("A", n, n), cr.matrix("B", n, n)
x, y = cr.vector("x", n), cr.vector("y", n)
a = cr.scalar("a")
lam = cr.scalar("lam", positive=True)


def poly(formula):  # type: ignore[no-untyped-def]
    return Normal()(lower(formula, differentiate))


def test_a_forged_relation_is_no_axiom() -> None:
    """A relation that is neither an axiom of an atom nor a fact cannot be used."""
    forged = Relation("A = 0", poly(A))
    with pytest.raises(AssertionError):
        Checker().use(poly(A @ B), Use(forged, Fraction(-1), ("i", "k"), (), ("i", "k"), {}))


def test_an_axiom_made_anew_is_no_axiom() -> None:
    """Axioms are known by identity: a copy under the same name does not pass."""
    (inverse,) = [f[0] for mono in poly(A.I) for f in mono.factors]
    true = axioms(inverse)[0]
    copy = Relation(true.name, P.scale(2, true.poly))
    with pytest.raises(AssertionError):
        Checker().use(poly(A), Use(copy, Fraction(1), ("i", "k"), (), ("i", "k"), {}))


def test_only_inverses_and_reciprocals_clear() -> None:
    (symbol,) = [f[0] for mono in poly(A) for f in mono.factors]
    with pytest.raises(AssertionError):
        Checker().clear_matrix(poly(A), symbol, 0, 0)
    with pytest.raises(AssertionError):
        Checker().clear_number(poly(x), symbol, [0])


def test_only_what_was_reached_from_relations_is_admitted() -> None:
    with pytest.raises(AssertionError):
        Checker().admit("forged", poly(A))
    checker = Checker((Relation("A = B", poly(A - B)),))
    reached = checker.consequence(Use(checker.facts[0], Fraction(1), ("i", "k"), (), ("i", "k"), {}))
    assert checker.admit("A = B", reached).poly == poly(A - B)
    with pytest.raises(AssertionError):
        checker.admit("an equal polynomial, reached from nothing", poly(A - B))


def test_a_use_leaves_a_trace() -> None:
    """What a proof leans on is recorded by the checker, not reported by search."""
    checker = Checker()
    assert Rewriter(checker).vanishes(poly(A @ A.I - cr.I(n)))
    assert "A A^-1 = I" in checker.used
    assert [found.kind for found in checker.leaned] == ["inverse"]


@pytest.mark.parametrize(
    "left, right",
    [
        (A @ B, B @ A),
        (A.I @ B @ A, B),
        ((A + B).I, A.I + B.I),
        (cr.outer(x, y), cr.outer(y, x)),
        (cr.sqnorm(x) / cr.sqnorm(x + y), cr.sqnorm(x)),
        (cr.sigmoid(a), cr.sigmoid(2 * a)),
    ],
)
def test_what_is_false_does_not_vanish(left, right) -> None:  # type: ignore[no-untyped-def]
    assert not Rewriter(Checker()).vanishes(poly(left - right))


def test_large_powers_take_no_time() -> None:
    """x^(1000001/2000000), and x^1000000: powers are squared, or declined, never multiplied a million times."""
    start = time.monotonic()
    poly(lam ** cr.rational(1000001, 2000000))
    poly(a**1000000)
    with pytest.raises(Unsupported):
        poly((1 + a) ** 1000000)
    with pytest.raises(Unsupported):
        poly(cr.dot(x, y) ** 1000000)
    assert time.monotonic() - start < 2
