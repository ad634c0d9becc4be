"""Number systems answer exactly or not at all."""

from random import Random

import flint
import pytest
from flint import arb, fmpq, fmpz, nmod

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import FUNCTIONS
from chainrule.worlds.arithmetic import (
    OPAQUE,
    Balls,
    Modular,
    Rationals,
    Undecided,
    at_precision,
    precision,
    random_prime,
)


def test_random_primes_are_large_primes_and_reproducible():
    drawn = [random_prime(Random(seed)) for seed in range(20)]
    assert all(fmpz(p).is_prime() and 2**61 < p < 2**63 for p in drawn)
    assert len(set(drawn)) == 20
    assert drawn == [random_prime(Random(seed)) for seed in range(20)]


def test_a_rational_becomes_a_residue():
    assert Modular(7).lift(fmpq(1, 2)) == nmod(4, 7)
    with pytest.raises(Undefined):
        Modular(7).lift(fmpq(1, 7))


@pytest.mark.parametrize("arithmetic", [Modular(101), Rationals(), Balls()], ids=lambda a: a.name)
def test_division_by_exact_zero_is_undefined(arithmetic):
    with pytest.raises(Undefined):
        arithmetic.quotient(arithmetic.lift(1), arithmetic.lift(0))


def test_division_by_a_ball_around_zero_is_undecided():
    with precision(64), pytest.raises(Undecided):
        x = arb(2).sqrt() ** 2 - 2
        Balls().quotient(arb(1), x)


@pytest.mark.parametrize(("function", "x"), [
    ("log", 0), ("log", -1), ("sqrt", -1), ("asin", 2), ("acos", -2), ("lgamma", 0), ("lgamma", fmpq(-1, 2)),
    ("digamma", -1), ("trigamma", 0), ("polygamma2", fmpq(-3, 2)), ("polygamma7", -1),
])  # fmt: skip
@pytest.mark.parametrize("arithmetic", [Rationals(), Balls()], ids=lambda a: a.name)
def test_functions_are_undefined_outside_their_domain(arithmetic, function, x):
    with pytest.raises(Undefined):
        arithmetic.apply(function, arithmetic.lift(x))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_balls_hold_every_function(function):
    value = at_precision(lambda balls: balls.apply(function, balls.lift(fmpq(1, 3))))
    assert value.is_finite()


def test_rational_roots_are_exact_or_opaque():
    q = Rationals()
    assert q.apply("sqrt", fmpq(9, 4)) == fmpq(3, 2)
    assert q.apply("sqrt", fmpq(2)) is OPAQUE
    assert q.apply("exp", fmpq(1)) is OPAQUE
    assert (OPAQUE * fmpq(0)) is OPAQUE and (fmpq(1) - OPAQUE) is OPAQUE
    with pytest.raises(Unsupported):
        q.sign(OPAQUE)


def test_order_has_no_meaning_modulo_a_prime():
    with pytest.raises(Unsupported):
        Modular(101).sign(nmod(3, 101))


def test_precision_is_raised_until_it_decides_and_put_back():
    before = flint.ctx.prec
    tried = []

    def compute(balls):
        tried.append(flint.ctx.prec)
        tiny = balls.lift(fmpq(1, 2**600))
        return balls.sign((1 + tiny).log())

    assert at_precision(compute) == 1
    assert len(tried) > 1 and tried == sorted(tried)
    assert flint.ctx.prec == before


def test_a_tie_is_never_decided_by_balls():
    before = flint.ctx.prec
    with pytest.raises(Undecided):
        at_precision(lambda b: b.sign(b.lift(2).sqrt() * b.lift(3).sqrt() - b.lift(6).sqrt()))
    assert flint.ctx.prec == before
