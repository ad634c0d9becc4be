"""The cases of SymPy's own tests of matrix derivatives, in the notation here.

SymPy puts the axes of the variable first, those of the function behind them; here the function's stand first. A scalar
is a 1 by 1 matrix there. SymPy takes every inverse, root and logarithm to exist; here that is a hypothesis of the case.

Source: SymPy, sympy/matrices/expressions/tests/test_derivatives.py; the numbers are those of Petersen and Pedersen, The
Matrix Cookbook (2012).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArrayDiagonal

from chainrule import (
    I,
    Sum,
    cos,
    delta,
    det,
    diag,
    diagof,
    dims,
    grad,
    index,
    jacobian,
    kron,
    log,
    logdet,
    matrix,
    ones,
    over,
    rational,
    scalar,
    sin,
    sqrt,
    tan,
    trace,
    vector,
    zeros,
)
from chainrule.notation.nodes import Deriv, Node, as_node
from chainrule.notation.sympy_bridge import from_sympy

(k,) = dims("k")
X, A, B, C, D = (matrix(name, k, k) for name in "XABCD")
x, y, a, b, c, d = (vector(name, k) for name in "xyabcd")
t, mu = scalar("t"), scalar("mu")
i, j, m, n = (index(name, k) for name in "ijmn")
half, third = rational(1, 2), rational(1, 3)
K = as_node(k)


@dataclass(frozen=True)
class Case:
    """One assertion: where it stands there, the derivative (or an entry of it), and what it is."""

    place: str
    derivative: Node
    result: Node


def by_scalar(f: Node, result: Node) -> Case:
    """The derivative by a number."""
    return Case("by a scalar", jacobian(f, t), result)


def entry(place: str, derivative: Deriv, at: tuple[object, ...], result: Node) -> Case:
    """One entry of a derivative."""
    return Case(place, derivative[at], result)


def cookbook(number: int, f: Node, result: Node, by: Node = X) -> Case:
    """A gradient of the Matrix Cookbook."""
    return Case(f"Cookbook {number}", grad(f, by), result)


def other(place: str, f: Node, result: Node, by: Node = X) -> Case:
    """A derivative of another test. A row is taken as the column of its entries."""
    f = f.T if f.row else f
    return Case(place, (jacobian if f.ndim else grad)(f, by), result)


tan_slope = tan(x[i]) ** 2 + 1
times_trace = delta(m, n) * A[i, j] + delta(i, m) * delta(j, n) * trace(A)
itself = delta(i, m) * delta(j, n)
mixed = X.T @ B + X @ A
inner = X @ D @ X.T + X @ (X.T @ B + A @ X) @ D @ B - X.T @ C.T @ A
outermost = X @ D.T + B @ A @ X @ A.T - 3 * X @ D
long_formula = (
    a.T @ (A @ X @ mixed + B.T @ X.T @ (a @ b.T @ inner @ B + B @ outermost) @ B
           + 42 * X @ B @ X.T @ A.T @ (X + X.T)) @ b
)  # fmt: skip
long_gradient = (
    (B @ (B @ A @ X @ A.T - 3 * X @ D + X @ D.T)
     + a @ b.T @ (X @ (A @ X + X.T @ B) @ D @ B + X @ D @ X.T - X.T @ C.T @ A) @ B) @ B @ b @ a.T @ B.T
    + B @ B @ b @ a.T @ B.T @ X.T @ a @ b.T @ X @ D
    + 42 * A @ X @ B.T @ X.T @ a @ b.T
    + B @ D @ B @ B @ B @ b @ a.T @ B.T @ X.T @ a @ b.T @ X
    + B @ b @ a.T @ A @ X
    + a @ b.T @ (42 * X + 42 * X.T) @ A @ X @ B.T
    + b @ a.T @ X @ B @ a @ b.T @ B.T @ B.T @ X @ D.T
    + b @ a.T @ X @ B @ a @ b.T @ B.T @ B.T @ B.T @ D.T @ (B.T @ X + X.T @ A.T)
    + 42 * b @ a.T @ X @ B @ X.T @ A.T
    + A.T @ (42 * X + 42 * X.T) @ b @ a.T @ X @ B
    + A.T @ B.T @ B.T @ X @ B @ a @ b.T @ B.T @ A
    + A.T @ a @ b.T @ (A.T @ X.T + B.T @ X)
    + A.T @ X.T @ b @ a.T @ X @ B @ a @ b.T @ B.T @ B.T @ B.T @ D.T
    + B.T @ X @ B @ a @ b.T @ B.T @ D
    - 3 * B.T @ X @ B @ a @ b.T @ B.T @ D.T
    - C.T @ A @ B @ B @ b @ a.T @ B.T @ X.T @ a @ b.T
    + X.T @ A.T @ a @ b.T @ A.T
)  # fmt: skip
inverse_form, shifted_form = (X.T @ C @ X).I, (A + X.T @ C @ X).I

CASES = [
    by_scalar(A, zeros(k, k)),
    by_scalar(A @ (X + B) @ c, zeros(k)),
    by_scalar(x, zeros(k)),
    by_scalar(x.T @ y, as_node(0)),
    by_scalar(x @ x.T, zeros(k, k)),
    by_scalar(x + y, zeros(k)),
    by_scalar(x**2, zeros(k)),
    by_scalar(x**t, log(x) * x**t),
    by_scalar(x * y, zeros(k)),
    by_scalar(t * ones(k) * x * y, x * y),
    by_scalar(t * x, x),
    by_scalar(sin(t) * A @ B @ x, cos(t) * A @ B @ x),
    by_scalar(sin(x), zeros(k)),
    by_scalar(trace(t**2 * X), 2 * t * trace(X)),
    other("by a scalar", 2 * mu * x, 2 * mu * I(k), x),
    other("a vector of ones", x.T @ ones(k), ones(k), x),
    entry("no matrix as result", jacobian(A, A), (i, j, m, n), itself),
    entry("no matrix as result", jacobian(A.T, A), (i, j, m, n), delta(j, m) * delta(i, n)),
    entry("no matrix as result", jacobian(2 * A, A), (i, j, m, n), 2 * itself),
    entry("no matrix as result", jacobian(A + A, A), (i, j, m, n), itself + itself),
    entry("no matrix as result", jacobian(A + B, A), (i, j, m, n), itself),
    cookbook(61, a.T @ X.I @ b, -X.I.T @ a @ b.T @ X.I.T),
    cookbook(63, trace(A @ X.I @ B), -(X.I @ B @ A @ X.I).T),
    cookbook(64, trace((X + A).I), -(X + A).I.T @ (X + A).I.T),
    other("vectors and scalars", x, I(k), x),
    entry("vectors and scalars", jacobian(x, x), (i, m), delta(m, i)),
    other("vectors and scalars", x.T, I(k), x),
    cookbook(69, x.T @ a, a, x),
    entry("Cookbook 69", grad(x.T @ a, x), (m,), a[m]),
    cookbook(69, a.T @ x, a, x),
    cookbook(70, a.T @ X @ b, a @ b.T),
    cookbook(71, a.T @ X.T @ b, b @ a.T),
    cookbook(72, a.T @ X @ a, a @ a.T),
    cookbook(72, a.T @ X.T @ a, a @ a.T),
    cookbook(77, b.T @ X.T @ X @ c, X @ b @ c.T + X @ c @ b.T),
    cookbook(78, (B @ x + b).T @ C @ (D @ x + d), B.T @ C @ (D @ x + d) + D.T @ C.T @ (B @ x + b), x),
    cookbook(81, x.T @ B @ x, B @ x + B.T @ x, x),
    cookbook(82, b.T @ X.T @ D @ X @ c, D.T @ X @ b @ c.T + D @ X @ c @ b.T),
    cookbook(83, (X @ b + c).T @ D @ (X @ b + c), D @ (X @ b + c) @ b.T + D.T @ (X @ b + c) @ b.T),
    entry("Cookbook 83", grad((X @ b + c).T @ D @ (X @ b + c), X), (m, n),
          b[n] * Sum((c[r] + Sum(X[r, s] * b[s] for s in over(k))) * D[r, m] for r in over(k))
          + Sum((c[r] + Sum(X[r, s] * b[s] for s in over(k))) * D[m, r] * b[n] for r in over(k))),
    other("issue 16504", x @ x.T @ x, (x.T @ x) * I(k) + 2 * x @ x.T, x),
    entry("traces", jacobian(trace(A) * A, A), (i, j, m, n), times_trace),
    entry("traces, entry by entry", jacobian(trace(A) * A, A), (i, j, m, n),
          delta(i, m) * delta(j, n) * trace(A) + delta(m, n) * A[i, j]),
    cookbook(99, trace(X), I(k)),
    entry("Cookbook 99", grad(trace(X), X), (m, n), delta(m, n)),
    cookbook(100, trace(X @ A), A.T),
    entry("Cookbook 100", grad(trace(X @ A), X), (m, n), A[n, m]),
    cookbook(101, trace(A @ X @ B), A.T @ B.T),
    entry("Cookbook 101", grad(trace(A @ X @ B), X), (m, n), (A.T @ B.T)[m, n]),
    cookbook(102, trace(A @ X.T @ B), B @ A),
    cookbook(103, trace(X.T @ A), A),
    cookbook(104, trace(A @ X.T), A),
    cookbook(106, trace(X @ X), 2 * X.T),
    cookbook(107, trace(X @ X @ B), (X @ B + B @ X).T),
    cookbook(107, trace(X @ (X @ B)), (X @ B + B @ X).T),
    cookbook(108, trace(X.T @ B @ X), B @ X + B.T @ X),
    cookbook(109, trace(B @ X @ X.T), B @ X + B.T @ X),
    cookbook(110, trace(X @ X.T @ B), B @ X + B.T @ X),
    cookbook(111, trace(X @ B @ X.T), X @ B.T + X @ B),
    cookbook(112, trace(B @ X.T @ X), X @ B.T + X @ B),
    cookbook(113, trace(X.T @ X @ B), X @ B.T + X @ B),
    cookbook(114, trace(A @ X @ B @ X), A.T @ X.T @ B.T + B.T @ X.T @ A.T),
    cookbook(115, trace(X.T @ X), 2 * X),
    cookbook(115, trace(X @ X.T), 2 * X),
    cookbook(116, trace(B.T @ X.T @ C @ X @ B), C.T @ X @ B @ B.T + C @ X @ B @ B.T),
    cookbook(117, trace(X.T @ B @ X @ C), B @ X @ C + B.T @ X @ C.T),
    cookbook(118, trace(A @ X @ B @ X.T @ C), A.T @ C.T @ X @ B.T + C @ A @ X @ B),
    cookbook(119, trace((A @ X @ B + C) @ (A @ X @ B + C).T), 2 * A.T @ (A @ X @ B + C) @ B.T),
    cookbook(123, trace(B.T @ X.T @ C @ X @ X.T @ C @ X @ B),
             C @ X @ X.T @ C @ X @ B @ B.T + C.T @ X @ B @ B.T @ X.T @ C.T @ X
             + C @ X @ B @ B.T @ X.T @ C @ X + C.T @ X @ X.T @ C.T @ X @ B @ B.T),
    cookbook(124, trace(A @ X.I @ B), -X.I.T @ A.T @ B.T @ X.I.T),
    cookbook(125, trace(inverse_form @ A),
             -X.I.T @ A.T @ X.I @ C.I.T @ X.I.T - X.I.T @ A @ X.I @ C.I @ X.I.T),
    cookbook(126, trace(inverse_form @ (X.T @ B @ X)),
             -2 * C @ X @ inverse_form @ X.T @ B @ X @ inverse_form + 2 * B @ X @ inverse_form),
    cookbook(127, trace(shifted_form @ (X.T @ B @ X)),
             B @ X @ shifted_form - C @ X @ shifted_form @ X.T @ B @ X @ shifted_form
             - C.T @ X @ (A.T + (C @ X).T @ X).I @ X.T @ B.T @ X @ (A.T + (C @ X).T @ X).I
             + B.T @ X @ (A.T + (C @ X).T @ X).I),
    other("a complicated formula", long_formula, long_gradient),
    other("mixed formulas", 3 * trace(A), 3 * I(k), A),
    other("mixed formulas", K, zeros(k, k), A),
    other("mixed formulas", trace(A) ** 2, 2 * trace(A) * I(k), A),
    entry("mixed formulas", jacobian(trace(A) * A, A), (i, j, m, n), times_trace),
    other("mixed formulas", trace(trace(A) * A), 2 * trace(A) * I(k), A),
    other("mixed formulas", trace(trace(trace(A) * A) * A), 3 * trace(A) ** 2 * I(k), A),
    other("norms", x.T @ y, y, x),
    entry("norms", grad(x.T @ y, x), (m,), y[m]),
    other("norms", (x.T @ y) ** half, y / (2 * sqrt(x.T @ y)), x),
    other("norms", (x.T @ x) ** half, x * (x.T @ x) ** -half, x),
    other("norms", ((c.T @ a) * (x.T @ b)) ** half, b * (a.T @ c) / sqrt((c.T @ a) * (x.T @ b)) / 2, x),
    other("norms", ((c.T @ a) * (x.T @ b)) ** third,
          b * (a.T @ c) * ((c.T @ a) * (x.T @ b)) ** rational(-2, 3) / 3, x),
    other("norms", (a.T @ X @ b) ** half, a / (2 * sqrt(a.T @ X @ b)) @ b.T),
    other("norms", (d.T @ x) * (a.T @ X @ b) ** half * (y.T @ c),
          a / (2 * sqrt(a.T @ X @ b)) * (x.T @ d) * (y.T @ c) @ b.T),
    other("functions entry by entry", tan(x), diag(tan(x) ** 2 + 1), x),
    entry("functions entry by entry", jacobian(tan(x), x), (i, m), tan_slope * delta(i, m)),
    by_scalar(sin(t**2 * x), 2 * t * x * cos(t**2 * x)),
    entry("functions entry by entry", jacobian(sin(t**2 * x), t), (i,), 2 * t * x[i] * cos(t**2 * x[i])),
    by_scalar(sin(log(t) * A @ B), A @ B / t * cos(log(t) * A @ B)),
    other("functions entry by entry", x.T @ A @ x + K * sin(y).T @ x, A.T @ x + A @ x + K * sin(y), x),
    other("functions entry by entry", sin(a.T @ X @ b), a * cos(a.T @ X @ b) @ b.T),
    other("functions entry by entry", a.T @ sin(X) @ b, diag(a) @ cos(X) @ diag(b)),
    other("functions entry by entry", a.T @ sin(A @ X @ B) @ b,
          A.T @ diag(a) @ cos(A @ X @ B) @ diag(b) @ B.T),
    other("functions entry by entry", a.T @ A @ sin(X) @ B @ b, (A.T @ a @ b.T @ B.T) * cos(X)),
    other("entrywise products", a * x * b, diag(b * a), x),
    other("entrywise products", a.T @ (A * X * B) @ b, a @ b.T * A * B),
    other("entrywise powers", x**2, 2 * diag(x), x),
    other("entrywise powers", x.T**2, 2 * diag(x), x),
    other("entrywise powers", x**half, half * diag(x**-half), x),
    other("entrywise powers", (a.T @ X @ b) ** 2, 2 * a @ a.T @ X @ b @ b.T),
    other("entrywise powers", (a.T @ X @ b) ** half, a / (2 * sqrt(a.T @ X @ b)) @ b.T),
]  # fmt: skip
"""Every assertion of SymPy's file that a derivative has a value: 105 of its 107, in its order. The two others: that the
derivative of X by A is left as it stands (below), and that a zero matrix is one."""


@dataclass(frozen=True)
class Wrong:
    """What SymPy gets wrong: its formula and variable, what becomes of it there and why that is wrong; what is right.

    `fate` is "silent" or "wrong" where SymPy answers, and `read` makes a formula here of the answer; "left" where it
    gives the question back, "breaks" where it raises.
    """

    place: str
    formula: Callable[[], sp.Basic]
    by: sp.MatrixSymbol
    fate: str
    why: str
    right: Case
    read: Callable[[Any], Node] = from_sympy


def _third_power(answer: ArrayDiagonal) -> Node:
    """The diagonal of p X^(p - 1), entry by entry, for p = 3, as a matrix."""
    return diag(diagof(from_sympy(answer.expr.subs(power, 3).doit())))


SX, SA = sp.MatrixSymbol("X", k, k), sp.MatrixSymbol("A", k, k)
power = sp.Symbol("p", integer=True, positive=True)

WRONG = [
    Wrong("not in the file", lambda: sp.log(sp.Determinant(SX)), SX, "silent",
          "the determinant is taken for a constant", Case("Cookbook 57", grad(logdet(X), X), X.I.T)),
    Wrong("Cookbook 121", lambda: sp.Trace(SX**power), SX, "wrong",
          "a power of the matrix is taken for a power of its entries, and the answer is a vector",
          cookbook(121, trace(X @ X @ X), 3 * (X @ X).T), _third_power),
    Wrong("Cookbook 62", lambda: sp.Determinant(sp.Inverse(SX)), SX, "left",
          "there is no law for determinants", cookbook(62, det(X.I), -det(X.I) * X.I.T)),
    Wrong("trivial cases", lambda: SX, SA, "left",
          "X does not depend on A", entry("trivial cases", jacobian(X, A), (i, j, m, n), as_node(0))),
    Wrong("Cookbook 122", lambda: sp.Trace(SA * SX**power), SX, "breaks",
          "there is no law for powers of a matrix in a product",
          cookbook(122, trace(A @ X @ X @ X), (A @ X @ X + X @ A @ X + X @ X @ A).T)),
    Wrong("Cookbook 105", lambda: sp.Trace(sp.KroneckerProduct(SA, SX)), SX, "breaks",
          "there is no law for Kronecker products", cookbook(105, trace(kron(A, X)), trace(A) * I(k))),
    Wrong("Cookbook 120", lambda: sp.Trace(sp.KroneckerProduct(SX, SX)), SX, "breaks",
          "there is no law for Kronecker products", cookbook(120, trace(kron(X, X)), 2 * trace(X) * I(k))),
]  # fmt: skip
"""What SymPy gets wrong, answers with 0 or does not answer, in one place. All but the first stand in its file, where
they are not asserted. Its Jacobians are transposed by convention, which is not wrong."""
