"""chainrule solve: the page, constraints, code, LaTeX, JSON, and what is said of what is no problem."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from chainrule.cli import main

RIDGE = ["norm2(X*w-y)^2 + lam*norm2(w)^2", "--wrt", "w", "--declare", "lam: positive"]


@pytest.fixture(autouse=True)
def judged_by_name():
    """These formulas are judged by the judge itself."""


def solve(*arguments):
    return CliRunner().invoke(main, ["solve", *arguments])


def test_the_page():
    done = solve(*RIDGE)
    assert done.exit_code == 0
    rows = done.output.splitlines()
    assert rows[:12] == [
        "",
        "   minimise over w   ‖Xw − y‖² + λ‖w‖²",
        "   X (n, p)   w (p,)   y (n,)   λ () positive",
        "",
        "   w* = A⁻¹Xᵀy",
        "   where  A = XᵀX + λ Iₚ",
        "",
        "   A.I @ X.T @ y, where A = X.T @ X + lam * I(p)",
        "",
        "   gradient    ∇_w (‖Xw − y‖² + λ‖w‖²)",
        "             = 2 (Xᵀ(Xw − y) + λ w)           ■ PROVED     differentiate",
        "",
    ]
    assert "             = 0                              ■ PROVED     cancel A (solvable)" in rows
    assert "   ■ PROVED     kernel-checked from the laws alone, in every dimension" in rows
    assert "   so         w* is lowest; no other point is as low" in rows


def test_constraints_share_their_letters_with_the_objective():
    done = solve("norm2(x)^2/2", "--wrt", "x", "--subject-to", "A*x = b", "--declare", "b: vector")
    assert "   subject to        Ax = b" in done.output.splitlines()
    assert "   x* = Aᵀ (AAᵀ)⁻¹ b" in done.output
    assert "   where      AAᵀ invertible" in done.output


def test_an_inequality_of_vectors_is_one_of_every_entry():
    done = solve("norm2(x-v)^2/2", "--wrt", "x", "--subject-to", "x >= 0")
    assert "   x* = ReLU(v)" in done.output and "PROVED     kernel" in done.output


def test_a_box_asks_that_it_is_not_empty():
    done = solve("norm2(x-v)^2/2", "--wrt", "x", "--subject-to", "x >= l", "--subject-to", "x <= u")
    assert "where      u − l ≥ 0" in done.output and "PROVED     kernel" in done.output


def test_constraints_that_share_a_direction_are_paid_for():
    shared = ["--subject-to", "h'*x <= 0", "--subject-to", "k'*x <= 0", "--declare", "h, k: nonzero vector"]
    done = solve("norm2(x-v)^2/2", "--wrt", "x", *shared)
    assert done.exit_code == 0
    assert "x* is lowest" in done.output and "no other point is as low" in done.output


def test_a_saddle_is_said_to_be_stationary():
    done = solve("x'*A*x/2 - b'*x", "--wrt", "x", "--declare", "A: symmetric, b: vector")
    assert "x* is stationary; that it is lowest is not shown" in done.output


def test_no_closed_form_yields_code():
    done = solve("sum(softplus(-y.*(X*w)))", "--wrt", "w")
    assert "   No closed form: " in done.output
    rows = [r[3:] for r in done.output.splitlines()]
    start = rows.index("from scipy import special")
    end = next(k for k, r in enumerate(rows) if "PROVED     kernel" in r)
    place = {"np": np}
    exec("\n".join(rows[start:end]), place)
    data = (np.ones(2), np.eye(2), np.zeros(2))
    assert np.allclose(place["score"](*data), [-0.5, -0.5])
    assert np.allclose(place["hessian"](*data), np.eye(2) / 4)


def test_the_code_of_the_point():
    rows = [r[3:] for r in solve(*RIDGE, "--code").output.splitlines()]
    start = next(k for k, r in enumerate(rows) if r.startswith("def minimiser("))
    place = {"np": np}
    exec("\n".join(rows[start : next(k for k, r in enumerate(rows) if "kernel-checked" in r)]), place)
    assert np.allclose(place["minimiser"](np.eye(2), np.ones(2), 1.0), [0.5, 0.5])


def test_latex():
    rows = solve(*RIDGE, "--latex").output.splitlines()
    assert rows[1].startswith("   minimise over w   \\lVert")
    assert "   w^\\star = A^{-1} X^\\top y" in rows


def test_json():
    fields = json.loads(solve(*RIDGE, "--json").output)
    assert fields["kind"] == "lowest" and fields["evidence"] == "PROVED"
    assert fields["point"]["text"] == "A.I @ X.T @ y"
    assert fields["items"]["stationary"]["lines"][-1] == {
        "relation": "=", "text": "zeros(p)", "reason": "cancel A (solvable)", "evidence": "PROVED",
    }  # fmt: skip
    assert "def minimiser(X, y, lam)" in fields["python"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x*A*x"], "transpose the vector"),
        (["norm2(X*w - y)^2"], "by which symbol?"),
        (["norm2(w)^2", "--wrt", "v"], "there is no symbol 'v'"),
        (["X*w - y", "--wrt", "w"], "only numbers have a lowest one"),
        (["norm2(x)^2", "--wrt", "x", "--subject-to", "A*x"], "one = or <= or >="),
        (["norm2(x)^2", "--wrt", "x", "--subject-to", "A*x = c*"], "the text ends"),
        (["norm2(x)^2", "--wrt", "x", "--subject-to", "norm2(v) = 1"], "does not speak of x"),
        (["norm2(x)^2 = 1", "--wrt", "x"], "cannot stand here"),
        ([""], "the formula is empty"),
    ],
)
def test_what_is_no_problem(arguments, said):
    done = solve(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr and "Traceback" not in done.stderr
