"""Every kind of node, function, operation and derivative has an arm in every printer; a stranger has none."""

from __future__ import annotations

import pytest
import sympy as sp
import typst as compiler
from sympy import preorder_traversal
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.errors import Unsupported
from chainrule.notation.nodes import (
    DERIVATIVES,
    FUNCTIONS,
    KINDS,
    OPS,
    REDUCTIONS,
    Apply,
    At,
    Node,
    Number,
    Op,
    Range,
    Reduce,
    Sum,
)  # fmt: skip
from chainrule.notation.statements import PREDICATES, RELATIONS, Predicate, Relation
from chainrule.printing import TARGETS, formula, latex, pieces, python_name, statement, unicode
from tests.printing.formulas import SYMBOLS, by_hand, counting, drawn, i_N, n, p

PRINTERS = ["text", *TARGETS]
ALL = drawn(400) + by_hand() + counting()
A, X, w, y, lam = (SYMBOLS[s] for s in ("A", "X", "w", "y", "lam"))


def test_the_formulas_hold_every_kind() -> None:
    assert {type(part) for node in ALL for part in preorder_traversal(node)} >= set(KINDS)


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("kind", [k.__name__ for k in KINDS])
def test_every_kind_prints(kind: str, printer: str) -> None:
    found = [part for node in ALL for part in preorder_traversal(node) if type(part).__name__ == kind]
    assert all(formula(part, printer).strip() for part in found[:50])


@pytest.mark.parametrize("printer", PRINTERS)
def test_every_word_prints_differently(printer: str) -> None:
    functions = [Apply(Str(f), w) for f in FUNCTIONS]
    ops = [Op(Str(k), w if k == "diag" else A) for k in OPS]
    reductions = [Reduce(Str(k), A, sp.Tuple(*axes)) for k in REDUCTIONS for axes in ((0,), (1,), (0, 1))]
    f, g = cr.sqnorm(w), X @ w
    derivatives = [cr.grad(f, w), cr.jacobian(g, w), cr.hessian(f, w), cr.vjp(g, w, y)]
    assert len(derivatives) == len(DERIVATIVES)
    printed = [formula(node, printer) for node in (*functions, *ops, *reductions, *derivatives)]
    assert len(set(printed)) == len(printed)


class Stranger(Node):
    """A kind of node that nobody knows."""

    __slots__ = ()

    def _shape(self) -> tuple[sp.Expr, ...]:
        return ()


@pytest.mark.parametrize("printer", PRINTERS)
def test_an_unknown_node_is_refused(printer: str) -> None:
    for node in (Stranger(), lam + Stranger(), cr.exp(Stranger() * lam)):
        with pytest.raises(Unsupported, match="Stranger"):
            formula(node, printer)
    with pytest.raises(Unsupported):
        formula(Number(sp.sqrt(2), sp.Tuple()), printer)
    with pytest.raises(Unsupported):
        formula(Sum(lam, Range(i_N, At(SYMBOLS["z"], i_N))), printer)


@pytest.mark.parametrize("printer", PRINTERS)
def test_statements(printer: str) -> None:
    of = {"convex": (cr.sqnorm(w), (w,))}
    predicates = [Predicate(name, *of.get(name, (A,))) for name in PREDICATES]
    relations = [Relation(lam, sign, cr.as_node(1)) for sign in RELATIONS]
    printed = [statement(s, printer) for s in (*predicates, *relations)]
    assert len(set(printed)) == len(printed)
    with pytest.raises(Unsupported):
        statement(Predicate("round", A), printer)
    with pytest.raises(Unsupported):
        statement(Relation(lam, "~", lam), printer)


@pytest.mark.parametrize("printer", PRINTERS)
def test_pieces(printer: str) -> None:
    assert len(pieces(X.T @ y - lam * w + w, printer)) == 3
    assert pieces(2 * (w - w), printer) == [formula(2 * (w - w), printer)]


def test_typst_compiles_what_is_printed() -> None:
    inner = [formula(node, "typst") for node in ALL]
    inner += [statement(Predicate(name, A), "typst") for name in ("positive_definite", "invertible", "positive")]
    inner += [f"{a} \\ {b}" for a, *rest in [pieces(w - lam * w + w, "typst")] for b in rest]
    page = "#set page(width: 100cm, height: auto)\n" + "\n\n".join(f"$ {f} $" for f in inner)
    assert compiler.compile(page.encode(), format="pdf").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "in_latex", "in_unicode", "in_python"),
    [
        ("w*", r"w^\star", "w*", "w_star"), ("x_bar", r"\bar{x}", "x̄", "x_bar"), ("lam", r"\lambda", "λ", "lam"),
        ("w_ols", r"w_{\mathrm{ols}}", "wₒₗₛ", "w_ols"),
        ("Wq", "W_q", "W_q", "Wq"),
        ("W12", "W_{12}", "W₁₂", "W12"),
        ("loss", r"\mathrm{loss}", "loss", "loss"),
        ("Sigma_hat", r"\hat{\Sigma}", "Σ̂", "Sigma_hat"),
        ("lambda", r"\lambda", "λ", "lambda_"),
        ("X+", r"X^{+}", "X⁺", "X_pinv"),
        ("dX", r"\mathrm{d}X", "dX", "dX"),
        ("dlam", r"\mathrm{d}\lambda", "dλ", "dlam"),
        ("data", r"\mathrm{data}", "data", "data"),
        ("f'", r"f^\prime", "f^′", "f_prime"),
        ("sigma_sq", r"\sigma^2", "σ²", "sigma_sq"),
    ],
)  # fmt: skip
def test_names(name: str, in_latex: str, in_unicode: str, in_python: str) -> None:
    symbol = cr.scalar(name)
    assert (latex(symbol), unicode(symbol), python_name(name)) == (in_latex, in_unicode, in_python)


def test_a_named_square_takes_indices_and_powers():
    (K,) = cr.dims("K")
    s, v, k = cr.scalar("sigma_sq"), cr.vector("sigma_sq", K), cr.index("k", K)
    assert [latex(f) for f in (s**2, v[k], v[k] ** 2, 1 / s)] == [
        r"\sigma^4", r"\sigma_k^2", r"\sigma_k^4", r"\frac{1}{\sigma^2}",
    ]  # fmt: skip


def test_sizes_that_are_sums_and_products() -> None:
    assert latex(cr.I(n * p)) == "I_{np}"
    assert latex(cr.as_node(1) / cr.as_node(n + 1)) == r"\frac{1}{n + 1}"
    assert unicode(cr.as_node(2 * n) * lam) == "2 n λ"


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_deep_formula_is_printed_once_through(printer: str) -> None:
    """Each arm sets its parts once: two dozen nested layers take no 2^24 steps."""
    deep = w
    for _ in range(12):
        deep = cr.softmax(lam * (A @ cr.tanh(w * deep) - w)) / lam
        deep = cr.sqrt(cr.inv(A @ A).T @ (-deep)) ** 2
    assert len(formula(deep, printer)) > 12


def test_a_sum_of_absolute_values_is_a_norm() -> None:
    assert unicode(lam * cr.total(cr.abs_(X @ w - y))) == "λ‖Xw − y‖₁"
    assert latex(cr.total(cr.abs_(w))) == r"\lVert w\rVert_1"
    assert unicode(cr.total(cr.abs_(A))) == "sum(|A|)"
