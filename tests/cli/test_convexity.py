"""chainrule convexity: the page, the data, a chapter, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chainrule.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def judged_by_name() -> None:
    """The true judge, in the place of the one of this folder."""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["convexity", *args])


def data(*args: str) -> dict[str, object]:
    found = run(*args, "--json")
    assert found.exit_code == 0, found.output
    loaded = json.loads(found.output)
    assert isinstance(loaded, dict)
    return loaded


def test_the_rules_line_by_line() -> None:
    out = run("norm2(X*w-y)^2 + lam*norm1(w)", "--wrt", "w", "--declare", "lam: nonnegative").output
    assert "convex in w" in out
    assert "a sum of squares of affine functions" in out
    assert "■ PROVED" in out


def test_two_points_and_t() -> None:
    out = run("a*b", "--wrt", "a, b").output
    assert "neither convex nor concave in a, b together" in out
    assert out.count("✗ REFUTED") == 2
    assert out.count("t = 1/2") == 2


def test_the_data_of_what_is_neither() -> None:
    found = data("norm2(M-U*V')^2", "--wrt", "U, V", "--declare", "M: matrix, U: matrix, V: matrix")
    assert (found["answer"], found["one_world"], found["certificate"]) == ("neither", True, None)
    refuted = found["refuted"]
    assert isinstance(refuted, dict)
    assert refuted["convex"]["values"]["M"] == refuted["concave"]["values"]["M"]


def test_a_number_of_unknown_sign_is_said_to_decide() -> None:
    assert data("a*norm2(x)^2", "--wrt", "x")["one_world"] is False
    assert "the two worlds differ" in run("a*norm2(x)^2", "--wrt", "x").output


def test_the_second_derivative_along_every_line() -> None:
    found = data("sum(X.*(A*X))", "--wrt", "X", "--declare", "X: matrix, A: psd")
    certificate = found["certificate"]
    assert isinstance(certificate, dict)
    assert (found["answer"], certificate["kind"]) == ("convex", "along every line")


def test_a_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("derivations/ridge.py", "ridge", "ridge.gradient"):
        out = run(name).output
        assert "‖y − Xw‖² + λ‖w‖²" in out
        assert "convex in w, by composition" in out


@pytest.mark.parametrize("args", [("norm2(",), ("a*b",), ("a*b", "--wrt", "c"), ("a*b", "--wrt", "a, a")])
def test_what_cannot_be_read(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2
