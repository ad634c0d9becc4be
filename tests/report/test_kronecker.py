"""Second derivatives with four indices as matrices: what numbers say, entry by entry."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.code import numpy_function
from chainrule.diff import derived
from chainrule.notation.nodes import Var
from chainrule.printing import text
from chainrule.report.kronecker import as_matrix
from chainrule.typed import read_formula

WRITTEN = {
    ("norm2(X - U*V')^2", "U"): "kron(I(n), 2 * (V.T @ V))",
    ("logsumexp(W*x) - y'*(W*x)", "W"): "kron(diag(softmax(W @ x)) - softmax(W @ x) @ softmax(W @ x).T, x @ x.T)",
    ("v'*tanh(W*x)", "W"): "kron(diag(v * tanh(W @ x) * (1 - tanh(W @ x) ** 2)), -2 * (x @ x.T))",
    ("y'*exp(sum(X, 1))", "X"): "kron(diag(y * exp(total(X, axis=1))), ones(p) @ ones(p).T)",
    ("norm2(A*X - B)^2", "X"): "kron(2 * (A.T @ A), I(m))",
    ("tr(X'*A*X*B)", "X"): "kron(A, B.T) + kron(A.T, B)",
}


@pytest.mark.parametrize(("typed", "wrt"), WRITTEN)
def test_the_matrix_has_the_entries(typed: str, wrt: str) -> None:
    found = derived(read_formula(typed), wrt, 2)
    matrix = as_matrix(found.result)
    assert matrix is not None
    symbols = sorted(matrix.atoms(Var) | {found.variable}, key=lambda v: v.name)
    rng = np.random.default_rng(0)
    sizes = {str(d): k for d, k in zip(sorted({d for v in found.formula.symbols.values() for d in v.shape}, key=str),
                                       (2, 3, 4), strict=False)}  # fmt: skip
    values = {v.name: rng.normal(size=tuple(sizes[str(d)] for d in v.shape)) for v in found.formula.symbols.values()}
    four = numpy_function(found.goal, "four", list(found.formula.symbols.values()))(**values)
    two = numpy_function(matrix, "two", symbols)(**{v.name: values[v.name] for v in symbols})
    np.testing.assert_allclose(two, four.reshape(two.shape), atol=1e-12)
    assert text(matrix) == WRITTEN[typed, wrt]


@pytest.mark.parametrize(("typed", "declared", "wrt"), [("det(X)", "X: invertible", "X"), ("x'*A*x", "", "x")])
def test_what_is_no_kronecker_product_is_left_out(typed: str, declared: str, wrt: str) -> None:
    assert as_matrix(derived(read_formula(typed, declared), wrt, 2).result) is None
