"""chainrule diff: the page, the steps, the code, LaTeX, JSON, batches, and what is said of what is no formula."""

import json
import time

import numpy as np
import pytest
from click.testing import CliRunner

from chainrule.cli import main

RIDGE = ["norm2(X*w-y)^2 + lam*norm2(w)^2", "--wrt", "w"]


@pytest.fixture(autouse=True)
def judged_by_name():
    """These formulas are judged by the judge itself."""


def diff(*arguments, stdin=None):
    return CliRunner().invoke(main, ["diff", *arguments], input=stdin)


def test_the_page():
    done = diff(*RIDGE)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "",
        "   f(w) = ‖Xw − y‖² + λ‖w‖²",
        "   X (n, p)   w (p,)   y (n,)   λ ()",
        "",
        "   ∇f(w) = 2 (Xᵀ(Xw − y) + λ w)",
        "",
        "   2 * (X.T @ (X @ w - y) + lam * w)",
        "",
        "   ■ PROVED     kernel-checked from the laws alone, in every dimension",
        "   rests on   linearity, product rule",
        "   where      everywhere: nothing is asked of X, w, y, λ",
    ]


def test_the_steps():
    rows = diff(*RIDGE, "--steps").output.splitlines()
    numbered = [r for r in rows if r[3:4].isdigit() and r[6:7] == "="]
    assert numbered[0] == "   1  = ∇_w ‖Xw − y‖² + ∇_w (λ‖w‖²)           ■ PROVED     linearity"
    assert numbered[-1].startswith("   6  = 2 (Xᵀ(Xw − y) + λ w)                  ■ PROVED     ")
    laws = [r.split("PROVED")[1].strip() for r in rows if "PROVED" in r][:-1]
    assert sorted(laws) == ["entrywise product", "linearity", "linearity", "matrix product", *["squared norm"] * 2]


def functions(*arguments):
    """The sources in the data, compiled, by their names."""
    fields = json.loads(diff(*arguments, "--json").output)
    made = {}
    for name in ("python", "compressed", "together", "portable"):
        if name in fields:
            place = {"np": np}
            exec(fields[name], place)
            made[name] = place["f_parts" if name == "compressed" else "f"]
    return made


def test_a_function_for_everything_together():
    f = functions(*RIDGE, "--order", "2", "--together")["together"]
    value, gradient, hessian = f(2 * np.eye(2), np.ones(2), np.zeros(2), 3.0)
    assert value == 14 and gradient.tolist() == [14, 14] and hessian.tolist() == [[14, 0], [0, 14]]


def test_a_function_for_other_libraries():
    f = functions(*RIDGE, "--portable")["portable"]
    assert f(np.eye(2), np.ones(2), np.zeros(2), np.asarray(3.0), xp=np).tolist() == [8, 8]


def test_a_structured_derivative_by_its_parts():
    made = functions("norm2(X - U*V')^2", "--wrt", "U", "--order", "2", "--code")
    X, U, V = np.ones((2, 3)), np.ones((2, 1)), np.arange(3.0)[:, None]
    assert made["compressed"](X, U, V).tolist() == [[10]]
    assert made["python"](X, U, V).reshape(2, 2).tolist() == [[10, 0], [0, 10]]
    assert "compressed" not in functions(*RIDGE, "--code")


def test_typical_sizes_choose_the_order():
    kinds = "A: matrix(m, n), B: matrix(n, p), C: matrix(p, q), D: matrix(m, q)"
    formula = ["tr(D'*A*B*C)", "--declare", kinds, "--wrt", "D", "--code", "--sizes"]
    assert "return A @ B @ C" in diff(*formula, "m=2, n=900, p=900, q=900").output
    assert "return A @ (B @ C)" in diff(*formula, "m=900, n=900, p=900, q=2").output


@pytest.mark.parametrize("sizes", ["n", "n=", "n=0", "n=-3", "n=x", "n=1e3", "n=10000000000", "2=3", "n=3; p=4", "n=²"])
def test_sizes_that_are_none(sizes):
    done = diff(*RIDGE, "--code", "--sizes", sizes)
    assert done.exit_code == 2 and "no size" in done.output


def test_the_code_runs():
    rows = diff(*RIDGE, "--code").output.splitlines()
    start = next(k for k, r in enumerate(rows) if r.startswith("   def f("))
    source = [r[3:] for r in rows[start:]]
    source = source[: next(k for k, r in enumerate(source) if "PROVED" in r)]
    place = {"np": np}
    exec("\n".join(source), place)
    X, w, y = np.eye(2), np.ones(2), np.zeros(2)
    assert np.allclose(place["f"](X, w, y, 3.0), [8, 8])


def test_latex_in_one_row():
    rows = diff("sum(log(vector(1)+exp(-y.*(X*w))))", "--wrt", "w", "--latex").output.splitlines()
    assert rows[4].startswith(r"   \nabla f(w) = -X^\top(") and rows[4].endswith(")")


def test_a_hessian_and_a_jacobian_have_their_signs():
    assert "   ∇²f(x) = A + Aᵀ" in diff("x'*A*x", "--wrt", "x", "--order", "2").output
    assert "   ∂f(x) = A" in diff("A*x", "--wrt", "x").output
    assert "   ∂²f(x) = 0" in diff("A*x", "--wrt", "x", "--order", "2").output


def test_declared_letters_and_the_domain():
    output = diff("logdet(K) + log(a)", "--declare", "K: pd(d)", "--declare", "a: scalar", "--wrt", "a").output
    assert "K (d, d) positive definite" in output and "where      a > 0" in output
    output = diff("x'*inv(A)*x", "--wrt", "x").output
    assert "A is invertible" in output.replace("A invertible", "A is invertible")


def test_json():
    found = json.loads(diff(*RIDGE, "--json", "--steps").output)
    assert found["shapes"] == {"X": ["n", "p"], "w": ["p"], "y": ["n"], "lam": []}
    assert (found["text"], found["evidence"]) == ("2 * (X.T @ (X @ w - y) + lam * w)", "PROVED")
    assert found["steps"][0]["law"] == "linearity" and found["steps"][-1]["text"] == found["text"]
    assert "def f(X, w, y, lam):" in found["python"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["X*w + A", "--wrt", "w"], ["cannot add them", "   X*w + A", "       ^"]),
        (["x'*A*x"], ["by which symbol?"]),
        (["x'*x", "--wrt", "y"], ["there is no symbol 'y'"]),
        (["x'*x", "--declare", "x: vektor"], ["no kind and no property", "      ^^^^^^"]),
        ([""], ["the formula is empty"]),
        ([], ["the formula is empty"]),
        (["--", "-"], ["expected a number"]),
    ],
)
def test_what_cannot_be_read_is_said(arguments, words):
    done = diff(*arguments)
    assert done.exit_code == 2
    said = done.output + (done.stderr if done.stderr_bytes else "")
    assert all(w in said for w in words), said


def test_the_only_symbol_needs_no_name():
    assert "   ∇f(x) = 2 x" in diff("x'*x").output


def test_batch_from_standard_input_and_from_a_file(tmp_path):
    asked = [
        {"id": k, "expr": "x'*A*x", "vars": {"A": "matrix", "x": "vector"}, "wrt": "x", "order": k} for k in (1, 2)
    ]
    given = "\n".join(map(json.dumps, asked)) + "\nnonsense\n"
    piped = diff("--batch", stdin=given)
    (tmp_path / "asked.jsonl").write_text(given)
    read = diff("--batch", str(tmp_path / "asked.jsonl"))
    for done in (piped, read):
        assert done.exit_code == 0
        found = [json.loads(row) for row in done.output.splitlines()]
        assert [(a["id"], a["ok"]) for a in found] == [(1, True), (2, True), (None, False)]
    assert diff("--batch", str(tmp_path / "absent.jsonl")).exit_code == 2


def test_deriving_and_printing_is_quick():
    diff(*RIDGE)
    start = time.perf_counter()
    diff(*RIDGE, "--steps", "--code")
    assert time.perf_counter() - start < 1.0
