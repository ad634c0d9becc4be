"""What a text means: precedence, both notations, functions, numbers, sizes."""

import pickle

import pytest

from chainrule.notation.nodes import Var
from chainrule.printing import text, unicode
from chainrule.typed import FormulaError, read_formula

MEANS = {
    # precedence and brackets
    "a - b - c": "a - b - c",
    "a - (b - c)": "a - (b - c)",
    "a/b*c": "a / b * c",
    "-a^2": "-a ** 2",
    "(-a)^2": "(-a) ** 2",
    "a^-b*c": "a ** (-b) * c",
    "a^b^2": "a ** (b ** 2)",
    "-x.*y + z": "-(x * y) + z",
    "A*x'' + A*y": "A @ x.T.T + A @ y",
    # the site's notation
    "X*w": "X @ w",
    "x'*y": "x.T @ y",
    "x*y'": "x @ y.T",
    "a*X*b": "a * X * b",
    "x*y": "x * y",
    "A.*B": "A * B",
    "A./B": "A / B",
    "x.^2": "x ** 2",
    "A^3": "A @ A @ A",
    "A^-1*x": "A.I @ x",
    "A^(-1)*x": "A.I @ x",
    "A^T*x": "A.T @ x",
    "x.^y": "exp(y * log(x))",
    "A⊗B": "kron(A, B)",
    # NumPy's
    "X.T @ (X @ w - y)": "X.T @ (X @ w - y)",
    "x @ A": "x @ A",
    "(A @ x) * y**2": "A @ x * y ** 2",
    "X @ w + B * (X @ w)": "X @ w + B * (X @ w)",
    "A.I @ x": "A.I @ x",
    "np.sum(np.exp(X @ W), axis=0)": "total(exp(X @ W), axis=0)",
    "np.linalg.inv(A) @ x": "A.I @ x",
    # functions
    "norm2(x)^2": "sqnorm(x)",
    "norm2(x)": "norm(x)",
    "norm1(x)": "total(abs_(x))",
    "tr(A)": "trace(A)",
    "adj(A)": "det(A) * A.I",
    "diag(x)": "diag(x)",
    "diag(A)": "diagof(A)",
    "sum(X)": "total(X)",
    "sum(X, 0)": "total(X, axis=0)",
    "sum(X, axis=-1)": "total(X, axis=1)",
    "max(X, axis=1)": "maximum(X, axis=1)",
    "max(0, x)": "relu(x)",
    "max(a, 0)": "relu(a)",
    "softmax(X)": "softmax(X)",
    "logsumexp(X, 1)": "logsumexp(X, axis=1)",
    "arcsin(x)": "asin(x)",
    "vector(1)'*x": "ones(n).T @ x",
    "x - vector(0)": "x - zeros(n)",
    "X + matrix(1)": "X + ones(n, p)",
    "A + eye": "A + I(n)",
    "A + a*I": "A + a * I(n)",
    "ones(3)'*x": "ones(3).T @ x",
    "dot(x, y)*pi": "x.T @ y * pi",
    # numbers, letters
    "0.1*a": "rational(1, 10) * a",
    "1e-3*a": "rational(1, 1000) * a",
    "2.*x": "2 * x",
    ".5*a": "rational(1, 2) * a",
    "λ*x'*x": "lambda_ * x.T @ x",
    "x − y": "x - y",
    "xᵀ·y": "x.T @ y",
    "w_1'*w_2": "w_1.T @ w_2",
}


@pytest.mark.parametrize("source", MEANS)
def test_means(source):
    assert text(read_formula(source).node) == MEANS[source]


def test_kept_as_written():
    assert unicode(read_formula("b + a - 0*c + (a + b)*1").node) == "b + a − 0 c + (a + b) · 1"


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("a", 0),
        ("g", 0),
        ("h", 1),
        ("z", 1),
        ("A", 2),
        ("Z", 2),
        ("lam", 0),
        ("sigma_2", 0),
        ("Sigma", 2),
        ("x1", 1),
        ("x_bar", 1),
    ],
)
def test_kinds_of_letters(name, rank):
    assert read_formula(f"{name} + {name}").symbols[name].ndim == rank


@pytest.mark.parametrize(
    ("source", "declare", "shapes"),
    [
        ("norm2(X*w-y)^2", "", {"X": "n p", "w": "p", "y": "n"}),
        ("x'*A*x", "", {"x": "n", "A": "n n"}),
        ("tr(A*B*C)", "", {"A": "n p", "B": "p m", "C": "m n"}),
        ("A*B + eye", "", {"A": "n p", "B": "p n"}),
        ("X*w", "X: matrix(N, 3)", {"X": "N 3", "w": "3"}),
        ("X*w + p", "p: vector", {"X": "n m", "w": "m", "p": "n"}),
        ("kron(A, B)*x", "", {"A": "n p", "B": "m q", "x": "p*q"}),
        ("A.*B.*C*x", "B: matrix(r, s)", {"A": "r s", "B": "r s", "C": "r s", "x": "s"}),
        ("softmax(W @ x + h)", "W: matrix(k, d)", {"W": "k d", "x": "d", "h": "k"}),
        ("X @ W + z", "", {"X": "n p", "W": "p m", "z": "m"}),
        ("x.*vector(1)", "", {"x": "n"}),
        ("X - Y", "X: matrix(n, 1), Y: matrix(n, m)", {"X": "n 1", "Y": "n m"}),
    ],
)
def test_sizes_are_inferred(source, declare, shapes):
    found = read_formula(source, declare)
    assert {v.name: " ".join(str(d) for d in v.shape) for v in found.symbols.values()} == shapes


def test_a_declared_size_is_a_number_too():
    assert text(read_formula("1/n*sum(x)", "x: vector(n)").node) == "rational(1) / n * total(x)"


def test_symbols_stand_in_order_and_declared_ones_come_last():
    found = read_formula("y'*x", "z: vector, x: positive")
    assert list(found.symbols) == ["y", "x", "z"]
    assert all(isinstance(v, Var) for v in found.symbols.values())
    assert found.symbols["x"].declared == {"positive"}


def test_with_kinds_every_symbol_is_listed_in_order():
    found = read_formula("x'*S*x", kinds={"S": "symmetric", "x": "vector", "a": "scalar"})
    assert list(found.symbols) == ["S", "x", "a"]
    with pytest.raises(FormulaError, match="not among its variables"):
        read_formula("x'*A*x", kinds={"x": "vector"})


def test_errors_travel_between_processes():
    with pytest.raises(FormulaError) as caught:
        read_formula("x +")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
