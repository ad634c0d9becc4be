"""Products of square matrices: the inverse is that of each factor, in the other order and in no order besides."""

from __future__ import annotations

from functools import reduce
from random import Random

import pytest

from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.judge.prove import prove
from chainrule.notation.dims import dims
from chainrule.notation.nodes import MatMul, Node
from chainrule.notation.statements import Relation, algebra, derive, equals
from chainrule.notation.vocabulary import I, diag, exp, matrix, scalar, sqnorm, tensor, vector
from tests.fuzz.test_normal_form import differ

n, p, m = dims("n p m")
R, T = matrix("R", n, n, invertible=True), matrix("T", n, n, invertible=True)
Q = matrix("Q", n, n, positive_definite=True)
x, z = vector("x", n), vector("z", n, nonzero_entries=True)
X, C = matrix("X", n, p), matrix("C", p, n)
K = tensor("K", m, n, n, invertible=True)
FACTORS: tuple[tuple[Node, Node], ...] = (
    (R, R.I), (T, T.I), (Q, Q.I), (R.T, R.I.T), (T.I, T), (diag(z), diag(1 / z)), (diag(exp(x)), diag(exp(-x))),
)  # fmt: skip
NUMBERS: tuple[Node, ...] = (scalar("t", nonzero_entries=True), exp(scalar("a")), sqnorm(z))


def product(factors: list[Node]) -> Node:
    return reduce(MatMul, factors)


@pytest.mark.parametrize("seed", range(12))
def test_backwards_and_in_no_other_order(seed: int) -> None:
    rng = Random(f"inverse {seed}")
    chosen = [rng.choice(FACTORS) for _ in range(rng.randint(2, 4))]
    number = rng.choice(NUMBERS)
    whole = (number * product([a for a, _ in chosen])).I
    inverses = [b for _, b in reversed(chosen)]
    (verdict,) = judge(derive(whole, equals(product(inverses) / number)))
    assert verdict.evidence is Evidence.PROVED, verdict.why
    for _ in range(3):
        other = Relation(whole, "=", product(rng.sample(inverses, len(inverses))) / number)
        proof, _ = prove(other, algebra, ())
        assert proof is None or not differ(other, rng), other


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (X @ (C @ X).I @ C, I(n)), (X @ (X.T @ X).I @ X.T, I(n)), ((R * T).I, T.I * R.I), ((R + T).I, R.I + T.I),
        ((R @ T * Q).I, Q.I * (T.I @ R.I)), ((X @ C).I @ X @ C, R),
    ],
)  # fmt: skip
def test_what_is_no_product_of_square_matrices_stays_whole(left: Node, right: Node) -> None:
    assert prove(Relation(left, "=", right), algebra, ())[0] is None


def test_a_stack_of_matrices() -> None:
    (verdict,) = judge(derive((K @ K.T).I, equals(K.I.T @ K.I)))
    assert verdict.evidence is Evidence.PROVED, verdict.why
    assert prove(Relation((K @ K.T).I, "=", K.I @ K.I.T), algebra, ())[0] is None
