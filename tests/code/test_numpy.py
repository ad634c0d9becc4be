"""What generated functions promise beside their value: stability, structure, arguments, and an error for the rest."""

import subprocess
import sys

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function, numpy_module, numpy_source
from chainrule.errors import NotationError, Unsupported
from chainrule.forms import dag
from tests.code.test_pages import S, X, gauss, labels, logistic, minimiser, n, p, v, w, within, y

z = cr.vector("z", n)


# --- stability -------------------------------------------------------------------------------------
def at(formula, *arrays):
    """The value with every floating-point fault but underflow turned into an error."""
    with np.errstate(all="raise", under="ignore"):
        return numpy_function(formula)(*arrays)


def test_logistic_at_margins_of_ten_thousand():
    data, weights = np.array([[1.0], [1.0]]), np.array([1e4])
    both = np.array([1.0, -1.0])
    assert at(logistic, both, data, weights) == 1e4
    assert at(cr.grad(logistic, w), both, data, weights) == [1]
    assert at(cr.hessian(logistic, w), both, data, weights) == [[0]]
    assert at(cr.grad(logistic, w), both[:1], data[:1], weights * 0.005)[0] == pytest.approx(-np.exp(-50), rel=1e-14)


FAR = np.array([-1e4, -800.0, -40.0, 0.0, 40.0, 800.0, 1e4])
TAILS = {
    "softplus": (cr.softplus(z), np.where(FAR > 30, FAR, np.log1p(np.exp(np.minimum(FAR, 30))))),
    "softplus as written": (cr.log(1 + cr.exp(z)), np.where(FAR > 30, FAR, np.log1p(np.exp(np.minimum(FAR, 30))))),
    "sigmoid": (cr.sigmoid(z), np.where(FAR < 0, np.exp(np.minimum(FAR, 0)), 1) / (1 + np.exp(-np.abs(FAR)))),
    "sigmoid as written": (1 / (1 + cr.exp(-z)), np.exp(np.minimum(FAR, 0)) / (1 + np.exp(-np.abs(FAR)))),
    "quotient": (cr.exp(z) / (1 + cr.exp(z)), np.exp(np.minimum(FAR, 0)) / (1 + np.exp(-np.abs(FAR)))),
    "complement": (1 - cr.sigmoid(z), np.exp(-np.maximum(FAR, 0)) / (1 + np.exp(-np.abs(FAR)))),
    "log sigmoid": (cr.log(cr.sigmoid(z)), np.where(FAR < -30, FAR, -np.log1p(np.exp(-np.maximum(FAR, -30))))),
    "softmax as written": (cr.exp(z) / cr.total(cr.exp(z)), np.exp(FAR - 1e4)),
    "log softmax": (cr.log(cr.softmax(z)), FAR - 1e4),
    "log of a sum": (cr.log(cr.total(cr.exp(z))) + 0 * z, 1e4 + 0 * FAR),
}


@pytest.mark.parametrize("name", TAILS)
def test_tails(name):
    formula, wanted = TAILS[name]
    np.testing.assert_allclose(at(formula, FAR), wanted, rtol=1e-14, atol=2.0**-1022)


def test_gradient_of_the_cross_entropy_as_written():
    loss = -cr.total(y * cr.log(cr.sigmoid(z)) + (1 - y) * cr.log(1 - cr.sigmoid(z)))
    ones = np.ones(len(FAR))
    np.testing.assert_allclose(at(cr.grad(loss, z), ones, FAR), -at(cr.sigmoid(-z), FAR), rtol=1e-14)


def test_small_arguments_keep_their_digits():
    small = np.array([1e-12])
    assert at(cr.log(1 + z), small)[0] == pytest.approx(1e-12, rel=1e-12)
    assert at(cr.exp(z) - 1, small)[0] == pytest.approx(1e-12, rel=1e-11)


def test_log_determinants_of_many_dimensions():
    assert at(cr.logdet(S), 1e-3 * np.eye(400)) == pytest.approx(400 * np.log(1e-3))
    assert at(cr.log(cr.det(S)), 1e-3 * np.eye(400)) == pytest.approx(400 * np.log(1e-3))


def test_a_truth_value_over_a_number_takes_a_sign():
    """-(x > 0) / a is a number first: NumPy has no minus for truth values."""
    a, b = np.array([1.0, -2.0, 3.0]), np.array([2.0, 4.0, 5.0])
    assert (at(-cr.step(z) / cr.vector("a", n), a, b) == [-0.5, 0, -0.2]).all()


# --- structure -------------------------------------------------------------------------------------
def body(formula):
    return numpy_source(formula).split('"""\n')[-1]


def test_systems_are_solved():
    assert "inv(" not in body(minimiser)
    assert "inv(" not in body(v.T @ S.I @ v)


def test_one_factorisation_serves_the_determinant_and_the_form():
    assert body(gauss).count("cholesky") == 1
    assert "inv(" not in body(gauss) and "slogdet" not in body(gauss)


def test_an_inverse_that_is_formed_is_formed_once():
    A = cr.matrix("A", p, p)
    source = body(A.I - A.I @ S @ A.I + (A.I @ v) @ v.T)
    assert source.count("inv(") == 1 and "solve" not in source


def test_no_einsum_where_a_product_serves():
    for formula in (cr.hessian(logistic, w), within, X.T @ cr.diag(y) @ X, cr.trace(X @ X.T), cr.grad(within, w)):
        assert "einsum" not in body(formula)
    assert "np.diag" not in body(X.T @ cr.diag(y) @ X)


def test_labels_square_to_one():
    assert body(cr.total(labels * (X @ w) * labels)) == "    return X.sum(axis=0) @ w\n"


def test_typical_sizes_choose_the_order():
    a, b, c, e = cr.dims("a b c e")
    A, B, M = cr.matrix("A", a, b), cr.matrix("B", b, c), cr.matrix("M", c, e)
    assert "A @ (B @ M)" in numpy_source(A @ B @ M, typical={"a": 500, "b": 500, "c": 500, "e": 2})
    assert "A @ B @ M" in numpy_source(A @ (B @ M), typical={"a": 2, "b": 500, "c": 500, "e": 500})


def test_a_deep_network_stays_linear():
    W = [cr.matrix(f"W{k}", n, n) for k in range(16)]

    def lines(depth):
        h = z
        for k in range(depth):
            h = cr.tanh(W[k] @ h)
        return len(numpy_source(cr.grad(cr.sqnorm(h - y), W[0])).split("\n"))

    assert lines(16) < 2.2 * lines(8)


# --- arguments -------------------------------------------------------------------------------------
def test_arguments_in_the_order_asked_for():
    f = numpy_function(X @ w, arguments=(w, X))
    assert (f(np.ones(2), np.eye(2)) == 1).all()
    with pytest.raises(NotationError, match="needs w"):
        numpy_source(X @ w, arguments=(X,))


def test_a_size_that_no_argument_shows():
    assert (numpy_function(cr.ones(n) @ v.T)(np.array([1.0, 2.0]), 3) == [[1, 2]] * 3).all()
    assert (numpy_function(2 * cr.I(n))(3) == 2 * np.eye(3)).all()


def test_names_become_identifiers():
    a, b = cr.scalar("lambda"), cr.scalar("w*")
    assert numpy_source(a + b, "g").startswith("def g(lambda_, w_star):")
    with pytest.raises(NotationError, match="share a name"):
        numpy_source(cr.vector("a", n).T @ cr.vector("a", n, positive=True))


def test_a_dimension_and_an_argument_of_one_name():
    q = cr.scalar("n")
    assert numpy_function(q * cr.total(z) / n)(2.0, np.array([1.0, 2.0])) == 3


def test_integers_and_scalars_are_taken():
    assert numpy_function(minimiser)(np.array([[2], [1]]), np.array([1, 3]), 0.5)[0] == pytest.approx(5 / 5.5)
    assert numpy_function(cr.scalar("a") ** 3)(2) == 8


def test_the_module_runs_alone():
    code = (
        numpy_module(cr.erf(z), "f")
        + "\nimport sys\nimport numpy as np\nassert not any(m.startswith('chainrule') for m in sys.modules)\n"
    )
    assert "chainrule" not in numpy_module(minimiser)
    subprocess.run([sys.executable, "-c", code + "assert f(np.zeros(2)).tolist() == [0, 0]"], check=True)


def test_an_unknown_node_raises():
    from chainrule.code.emit import Emitter
    from chainrule.code.values import scattered

    node = dag.opaque("something", (n,))
    with pytest.raises(Unsupported, match="opaque"):
        Emitter([node], scattered, {}, {node: ()}, {}, {}).emit()
