"""Building: whole or not at all; figures in every look; prose and code read with care."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.errors import ChainruleError
from chainrule.project import Project, load
from chainrule.report import MARK, build, prose, read_as_math
from chainrule.report.figures import LOOKS
from chainrule.report.model import Code, Emph, Math, Words
from chainrule.report.statement import in_words, line_ranges
from tests.report.specimen import FILES, PYPROJECT, made_up

FIGURE = """
ALT = "A falling line."


def draw(path, look):
    import matplotlib.pyplot as plt

    from chainrule.report.figures import range_frame, save

    fig, ax = plt.subplots(figsize=look.size)
    ax.plot([0, 1], [1, 0], color=look.ink)
    range_frame(ax, [0, 1], [0, 1])
    save(fig, path)


def caption():
    return "It falls from 1 to 0."


def table():
    return "Where it is.", ("x", "y"), (("0", "1"), ("1", "0"))
"""


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_report_takes_the_place_of_the_old_one(book: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(book, {}, out, ("html",))
    (out / "old.html").write_text("old")
    written = build(book, made_up(book), out, ("html",))
    assert written[0] == out / "index.html" and all(p.is_file() for p in written)
    assert not (out / "old.html").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_report_that_fails_leaves_the_old_one(make: Callable[..., Path], tmp_path: Path) -> None:
    root = make({**FILES, "reports/figures/gram.py": "ALT = 'x'\n\n\ndef draw(path, look):\n    1 / 0\n"}, PYPROJECT)
    project, out = load(root), tmp_path / "out"
    out.mkdir()
    (out / MARK).write_text("")
    (out / "index.html").write_text("good")
    with pytest.raises(ChainruleError, match=r"gram.py:1: this figure cannot be drawn: division by zero"):
        build(project, made_up(project), out, ("html",))
    assert snapshot(out) == {MARK: b"", "index.html": b"good"}
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_unknown_format_is_refused_before_anything_is_written(book: Project, tmp_path: Path) -> None:
    with pytest.raises(ChainruleError, match="'epub'; there are: html, pdf, tex"):
        build(book, made_up(book), tmp_path / "out", ("html", "epub"))
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_things_in_it_is_not_replaced(book: Project, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ChainruleError, match="would be lost"):
        build(book, made_up(book), tmp_path, ("html",))
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_same_verdicts_give_the_same_files(book: Project, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build(book, made_up(book), tmp_path / name, ("html",))
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")


def test_a_line_that_nobody_judged_is_open(book: Project, tmp_path: Path) -> None:
    build(book, {}, tmp_path / "out", ("html",))
    page = (tmp_path / "out" / "price.html").read_text("utf-8")
    rows = page.split("<main")[1]
    assert rows.count('class="ev open"') >= 6 and "not judged" in rows and 'class="ev proved"' not in rows


def test_a_figure_is_drawn_in_every_look(book: Project, make: Callable[..., Path], tmp_path: Path) -> None:
    root = make({**FILES, "reports/figures/gram.py": FIGURE}, PYPROJECT)
    project = load(root)
    build(project, made_up(project), tmp_path / "out", ("html",))
    drawn = tmp_path / "out" / "fig"
    assert {p.name for p in drawn.iterdir()} == {f"gram-{look}" for look in LOOKS}
    assert (drawn / "gram-light.svg").read_bytes() != (drawn / "gram-dark.svg").read_bytes()
    page = (tmp_path / "out" / "gram.html").read_text("utf-8")
    assert 'alt="A falling line."' in page and "It falls from 1 to 0." in page and "Where it is." in page


# --- small parts -------------------------------------------------------------------------------------
X = Math(("X",), ("X",))
A = Math(("A",), ("A",))


def test_prose() -> None:
    symbols = {"X": X, "A": A, "w*": A}
    assert prose.read("A residual through X.", symbols) == (Words("A residual through "), X, Words("."))
    assert prose.read("X's rows", symbols) == (Words("X's rows"),)
    expected = (A, Words(" of "), Emph("Gram"), Words(", "), Code("np.dot"))
    assert prose.read("`A` of *Gram*, `np.dot`", symbols) == expected
    assert prose.read("Xavier and C", symbols) == (Words("Xavier and C"),)
    assert prose.terse("w*: positive", symbols) == (A, Words(": positive"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the root of X'X, where", r"the root of $X^{\mathsf T}X$, where"),
        ("the change tr(S^-1 dS).", r"the change tr($S^{-1}$ dS)."),
        ("points x_i have weights p_i", r"points $x_{i}$ have weights $p_{i}$"),
        ("by L^-T, at most |x_j'y|/n", r"by $L^{-\mathsf T}$, at most |$x_{j}^{\mathsf T}y$|/n"),
        ("e^lambda_i and A^(k+1)", r"$e^{\lambda_i}$ and $A^{k+1}$"),
        ("b a' and LL' are (p - 2)^2", r"b $a^{\mathsf T}$ and $LL^{\mathsf T}$ are (p - 2)${}^{2}$"),
        ("u >= 0, where lam <= 1", "u ≥ 0, where $[lam]$ ≤ 1"),
        ("every w other than w* has a w", "every $[w]$ other than $[w*]$ has a $[w]$"),
        ("Huber's loss isn't x's or L'Hopital's", "Huber's loss isn't x's or L'Hopital's"),
        ("A line, and I said so: a gamma ray", "A line, and I said so: a gamma ray"),
    ],
)
def test_mathematics_in_a_sentence(text: str, shown: str) -> None:
    symbols = {name: Math((f"[{name}]",), (f"[{name}]",)) for name in ("w", "w*", "lam", "A", "a")}
    spans = prose.read(text, symbols)
    assert "".join(f"${s.latex[0]}$" if isinstance(s, Math) else s.text for s in spans) == shown  # type: ignore[union-attr]


def test_without_symbols_nothing_is_mathematics() -> None:
    assert prose.read("Golub's X'X^2", {}) == (Words("Golub's X'X^2"),)


def test_ranges_of_lines() -> None:
    assert line_ranges([3]) == "line 3" and line_ranges([1, 2, 3, 7]) == "lines 1–3, 7"
    assert line_ranges([2, 2]) == "line 2"


def test_hypotheses_in_words() -> None:
    assert in_words("X: full column rank") == "X of full column rank"
    assert in_words("lam: positive") == "lam positive" and in_words("assumed: a = b") == "the assumption"


def plain(z):
    """A comment."""
    return 1 / (1 + np.exp(-z)) - (z - 2) ** 2  # noqa: F821


def two_products(A, B):
    return A * B @ A


def transposed(A):
    return A.T @ A


def keyword(x):
    return np.exp(x, out=x)  # noqa: F821


def summed(x):
    return np.sum(x)  # noqa: F821


def method(x):
    return x.dot(x)


def two_lines(x):
    y = x + 1
    return y


def test_code_as_mathematics() -> None:
    from chainrule.report.katex import render

    shown = read_as_math.formula(plain)
    assert shown and shown[1] == 'mono("plain")(z) = frac(1, 1 + exp(-z)) - (z - 2)^(2)'
    assert r"\frac{1}{1 + \exp" in shown[0]
    render(shown[0])


@pytest.mark.parametrize("function", [two_products, transposed, keyword, summed, method, two_lines, len])
def test_code_that_would_be_read_wrongly_is_left_out(function: Callable[..., object]) -> None:
    assert read_as_math.formula(function) is None
