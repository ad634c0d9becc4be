"""What is wrong with a chapter is said in one block with file and line, and the other chapters go on."""

import pytest

from chainrule.project import load
from tests.conftest import RIGHT

HEAD = """
from chainrule import *
n, p = dims("n p")
X, y, w, A = matrix("X", n, p), vector("y", n), vector("w", p), matrix("A", n, n)
"""
NUMERICS = "def closed_form(X, y):\n    return X\n\ndef scaled(w, lam):\n    return w\n"

BAD = {  # what is written in line 4, and what has to be said of it
    "shape error": ("bad = derive(X @ y, equals(0))", ["ShapeError", "X (n, p)", "y (n,)", "p and n differ"]),
    "shape of a line": ("bad = derive(X @ w, equals(w))", ["ShapeError", "(n,)", "(p,)"]),
    "unknown node": ("bad = derive(A, equals(A + object()))", ["NotationError", "is no formula"]),
    "a float": ("bad = derive(A, equals(0.5 * A))", ["NotationError", "is not exact"]),
    "unknown word": ("bad = derive(sigmod(w), equals(w))", ["NameError", "sigmod", "near it: sigmoid"]),
    "undeclared index": (
        "leak = []; Sum(leak.append(i) or w[i] for i in over(p)); bad = derive(w[leak[0]], equals(0))",
        ["NotationError", "neither summed nor declared"],
    ),
    "impossible hypotheses": (
        'B = matrix("B", n, n, symmetric=True, skew=True)',
        ["NotationError", "nothing can be both"],
    ),
    "missing module": (
        "from numerics import rigde as by_hand",
        ["ImportError", "numerics/", "'rigde'", "near it: ridge"],
    ),
    "missing module, in full": ("import numerics.rigde", ["ModuleNotFoundError", "'rigde'", "near it: ridge"]),
    "missing function": ("from numerics.ridge import closed_from", ["numerics/ridge.py", "near it: closed_form"]),
    "missing attribute": (
        "from numerics import ridge; bad = agrees(w, ridge.closed_from)",
        ["AttributeError", "numerics/ridge.py", "'closed_from'", "near it: closed_form"],
    ),
    "unmatched parameter": (
        "from numerics import ridge; bad = agrees(w, ridge.scaled)",
        ["NotationError", "parameter 'lam' of scaled", "agrees(..., scaled, lam="],
    ),
    "syntax": ("bad = derive(X,, )", ["SyntaxError", "no Python"]),
    "anything else": ("bad = 1 / 0", ["ZeroDivisionError"]),
    "leaving": ("raise SystemExit(3)", ["SystemExit"]),
    "no reason": ('bad = derive(A, equals(A, "algebra"))', ["NotationError", "is no reason"]),
    "rise and fall": ("bad = derive(sqnorm(w), at_most(sqnorm(w)), at_least(0))", ["NotationError", "rise and fall"]),
    "written twice": ("bad = derive(A, equals(A)); bad = derive(w, equals(w))", ["second time"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(make, case):
    written, expected = BAD[case]
    root = make({
        "derivations/bad.py": f"{HEAD.strip()}\n{written}\n",
        "derivations/good.py": RIGHT,
        "numerics/ridge.py": NUMERICS,
    })  # fmt: skip
    project = load(root)
    (error,) = project.errors
    told = f"{error.kind}: {error.text}"
    assert all(words in told for words in expected), told
    assert (error.place.file, error.place.line) == (str(root / "derivations/bad.py"), 4)
    assert "\n" not in told
    assert "derivations.good" in [c.name for c in project.chapters]


def test_the_place_is_the_authors_line_also_inside_a_helper_and_a_sum(make):
    root = make({"derivations/a.py": """
        from chainrule import *
        n, p = dims("n p")
        x = matrix("x", n, p)
        def twice(v):
            return v @ v
        bad = derive(twice(x), equals(0))
        """, "derivations/b.py": """
        from chainrule import *
        n, p = dims("n p")
        x = matrix("x", n, p)
        bad = derive(
            Sum(sqnorm(x[i]) for i in over(p)),
            equals(0),
        )
        """})  # fmt: skip
    assert [(e.chapter, e.place.line) for e in load(root).errors] == [("derivations.a", 5), ("derivations.b", 5)]


def test_a_chapter_that_leans_on_a_broken_one_is_told_at_the_cause(make):
    root = make({
        "derivations/a.py": "from chainrule import *\nraise ValueError('not yet')\n",
        "derivations/b.py": "from derivations.a import gradient\n",
        "derivations/c.py": RIGHT,
    })  # fmt: skip
    project = load(root)
    assert [(e.chapter, e.place.file, e.place.line) for e in project.errors] == [
        ("derivations.a", str(root / "derivations/a.py"), 2),
        ("derivations.b", str(root / "derivations/a.py"), 2),
    ]
    assert [c.name for c in project.chapters] == ["derivations.c"]


def test_words_of_agrees_that_mean_nothing(make):
    root = make({"numerics/ridge.py": NUMERICS, "derivations/a.py": """
        from chainrule import *
        from numerics import ridge
        n, p = dims("n p")
        X, y = matrix("X", n, p), vector("y", n)
        good = agrees(X, ridge.closed_form)
        bad = agrees(X, ridge.closed_form, y="z")
        worse = agrees(X, ridge.closed_form, q="y")
        """})  # fmt: skip
    project = load(root)
    assert [e.name for e in project.chapters[0].entries] == ["good"]
    assert [(e.item, e.place.line) for e in project.errors] == [("bad", 6), ("worse", 7)]
    assert "no symbol 'z'" in project.errors[0].text and "no parameter 'q'" in project.errors[1].text


def test_a_shelf_that_is_not_there_and_a_book_that_names_nobody(make):
    book = '[[part]]\nnumber = 1\ntitle = "One"\nentries = [{ number = "1.01", stem = "ghost" }]\n'
    root = make({"derivations/a.py": RIGHT, "reports/book.toml": book},
                '[tool.chainrule]\nshelves = ["derivations", "prooofs"]\n')  # fmt: skip
    errors = load(root).errors
    assert "no folder prooofs/" in errors[0].text and errors[0].place.line == 2
    assert "ghost" in errors[1].text and errors[1].place.line == 4
