"""What a comparison says beyond its outcome: parameters, shapes, causes, counterexamples, hypotheses."""

from __future__ import annotations

import time

import numpy as np
import pytest

from chainrule.agreement.compare import compare, compare_functions
from chainrule.errors import NotationError, Undefined
from chainrule.notation.dims import dims
from chainrule.notation.indices import Sum, clusters, each, index, over, size
from chainrule.notation.nodes import as_node
from chainrule.notation.statements import agrees, assume, at_most, equals, more_than
from chainrule.notation.vocabulary import I, exp, inv, let, log, matrix, scalar, softplus, sqnorm, total, vector
from numerics import kmeans, least_squares, logistic, ridge

from . import kernels

n, p, N, K, d = dims("n p N K d")
X, y, w, z = matrix("X", n, p), vector("y", n), vector("w", p), vector("z", n)
T = matrix("X", n, p, full_column_rank=True)
t = vector("y", n, labels=True)
lam = scalar("lam", positive=True)
minimiser = (X.T @ X + lam * I(p)).I @ X.T @ y


def test_three_ways_to_ridge():
    """The normal equations lose digits because the formula forms X'X; the singular values keep them."""
    found = compare_functions(
        minimiser, {"by hand": ridge.closed_form, "by QR": ridge.stacked_qr, "by SVD": ridge.shrinkage}
    )
    assert found["by hand"].outcome == "unstable" and found["by hand"].cause == "formula as written"
    rows = {label: {r.flavour: r for r in outcome.rows} for label, outcome in found.items()}
    assert rows["by hand"]["ill-conditioned"].lost_digits > 3
    assert rows["by QR"]["ill-conditioned"].lost_digits == 0 == rows["by QR"]["huge"].lost_digits
    assert found["by SVD"].outcome == "agrees" and found["by SVD"].lifted
    assert [o.function for o in found.values()] == ["by hand", "by QR", "by SVD"]


@pytest.mark.parametrize("function", [least_squares.closed_form_qr, least_squares.closed_form])
def test_least_squares(function):
    found = compare(agrees((T.T @ T).I @ T.T @ y, function))
    assert found.outcome == ("unstable" if function is least_squares.closed_form else "agrees")


def test_the_logistic_loss_is_stable_at_every_margin():
    found = compare(agrees(total(softplus(-t * (X @ w))), logistic.loss))
    assert found.outcome == "agrees" and {"huge", "magnitudes to 710"} <= found.flavours.keys()


def test_naive_softplus_is_blamed_and_overflows():
    found = compare(agrees(softplus(z), kernels.softplus_naive))
    assert (found.outcome, found.cause, found.lost_digits) == ("unstable", "code", 16)


def test_a_threshold_between_20_and_28_is_found():
    found = compare(agrees(softplus(z), kernels.softplus_threshold))
    shown = [abs(float(v)) for v in found.worst.values["z"]]
    assert found.outcome == "disagrees" and any(v > 20 for v in shown)


def test_the_counterexample_is_small_and_has_both_sides():
    found = compare(agrees(kernels.KERNELS["logistic gradient"].formula, kernels.logistic_gradient_sign))
    assert found.worst.sizes == {"n": 1, "p": 1}
    assert all(abs(float(v)) <= 3 for values in found.worst.values.values() for v in np.ravel(values))
    assert float(found.worst.left[0]) == -float(found.worst.right[0]) != 0
    assert sorted(found.apart.sizes.values()) == [2, 3]


def test_another_shape_disagrees_and_both_shapes_are_said():
    found = compare(agrees(X @ w, lambda X, w: (X @ w)[:, None]))
    assert found.outcome == "disagrees" and "returns shape" in found.why and "formula has shape" in found.why


def test_the_same_question_has_the_same_answer():
    first = compare(agrees(minimiser, ridge.closed_form))
    from chainrule.agreement import compare as module

    module._known.clear()
    assert compare(agrees(minimiser, ridge.closed_form)) == first


def test_an_agreement_takes_a_second_or_two():
    x, C = matrix("x", N, d), clusters("C", N, K)
    start = time.process_time()
    found = compare(
        agrees(Sum(sqnorm(x[i] - x[j]) / (2 * size(C[k])) for k in C for i in C[k] for j in C[k]), kmeans.pairwise)
    )
    assert found.outcome == "agrees" and time.process_time() - start < 5


# --- parameters --------------------------------------------------------------------------------------
def test_parameters_are_matched_by_name_or_as_said():
    assert compare(agrees(exp(z), lambda a: np.exp(a), a="z")).outcome == "agrees"
    assert compare(agrees(exp(z), lambda z, unused=3: np.exp(z))).outcome == "agrees"
    with pytest.raises(NotationError, match=r"no symbol matches the parameter 'a'.*there are: n, z"):
        compare(agrees(exp(z), lambda a: np.exp(a)))


def test_a_dimension_may_be_a_parameter():
    formula = each(as_node(n) * z[i] for i in over(n))
    assert compare(agrees(formula, lambda z, n: n * z)).outcome == "agrees"
    assert compare(agrees(formula, lambda z, n: (n + 1) * z)).outcome == "disagrees"


def test_a_named_formula_may_be_a_parameter():
    A = let("A", X.T @ X + lam * I(p))
    found = compare(agrees(inv(A) @ w, lambda A, w: np.linalg.solve(A, w)))
    assert found.outcome == "agrees"
    assert compare(agrees(inv(A) @ w, lambda A, w: np.linalg.solve(A + np.eye(len(A)), w))).outcome == "disagrees"


def test_a_free_index_is_refused():
    with pytest.raises(NotationError, match="the index i is free"):
        compare(agrees(z[index("i", n)], lambda z: z))


# --- hypotheses --------------------------------------------------------------------------------------
def test_a_defined_symbol_is_computed():
    x, C = matrix("x", N, d), clusters("C", N, K)
    m, k = matrix("m", K, d), index("k", K)
    given = assume(m[k], equals(Sum(x[i] for i in C[k]) / size(C[k])))
    formula = Sum(sqnorm(x[i] - m[c]) for c in C for i in C[c])
    assert compare(agrees(formula, kmeans.within, given=given)).outcome == "agrees"
    assert compare(agrees(formula, lambda x, C, m: kmeans.objective(x, C, m), given=given)).outcome == "agrees"
    found = compare(agrees(formula, lambda x, C: kmeans.total(x), given=given))
    assert found.outcome == "disagrees"


def test_inputs_that_break_a_hypothesis_do_not_count():
    a = scalar("a")
    wrong_below_zero = agrees(a, lambda a: abs(a), given=assume(a, more_than(0)))
    assert compare(wrong_below_zero).outcome == "agrees"
    assert compare(agrees(a, lambda a: abs(a))).outcome == "disagrees"


def test_a_formula_without_a_value_is_not_agreed_with():
    with pytest.raises(Undefined, match="no input was found"):
        compare(agrees(log(-exp(z)), lambda z: z))
    with pytest.raises(Undefined, match="no input was found"):
        compare(agrees(z, lambda z: z, given=assume(sqnorm(z), at_most(-1))))


def test_generated_source_is_lifted_too():
    space = {"np": np}
    exec("def made(z):\n    e = np.exp(-np.abs(z))\n    return np.maximum(z, 0) + np.log1p(e)\n", space)
    found = compare(agrees(softplus(z), space["made"]))
    assert found.outcome == "agrees" and found.lifted


def test_without_a_lift_floats_decide_and_it_is_said():
    def through_a_file(z):
        return np.fromstring(" ".join(repr(float(v)) for v in z), sep=" ")

    found = compare(agrees(z, through_a_file))
    assert found.outcome == "agrees" and not found.lifted and found.not_lifted and "not lifted" in found.why
    wrong = compare(agrees(z, lambda z: through_a_file(z) + 1))
    assert wrong.outcome == "disagrees" and not wrong.lifted
