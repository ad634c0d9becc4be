"""A small project of three chapters with verdicts that were made up: the report is about pages, not about judging."""

from __future__ import annotations

from typing import Any

from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.project import Project
from chainrule.report.register import lines_of

PYPROJECT = '[tool.chainrule]\nshelves = ["leaves"]\nnumerics = "by_hand"\nbook = "reports/book.toml"\n'
BOOK = """
[[part]]
number = 10
title = "Linear models"
entries = [{ number = "10.01", stem = "gram" }, { number = "10.02-10.03", stem = "price" }]
"""
GRAM = '''
"""Gram matrices.

The products of the columns of X, all with all. A matrix like this is never negative; C is no symbol here.

Source: Gram (1883), *Crelle* 94.
"""
from chainrule import derive, dims, equals, at_least, let, matrix, positivity, sqnorm, unfold, vector

n, p = dims("n p")
X = matrix("X", n, p)
v = vector("v", p)
G = let("G", X.T @ X)
never_negative = derive(
    v.T @ G @ v,
    equals(v.T @ X.T @ X @ v, unfold(G)),
    equals(sqnorm(X @ v)),
    at_least(0, positivity),
)
"""A square, whatever `v` is."""
'''
PRICE = '''
"""The price of long weights.

Adding a price makes the Gram matrix invertible.
"""
from by_hand import price as hand
from chainrule import (agrees, cancel, cited, claim, derive, differentiate, dims, equals, grad, I, let, matrix,
                       positive_definite, scalar, sqnorm, vector)
from leaves.gram import never_negative

n, p = dims("n p")
X = matrix("X", n, p)
y = vector("y", n, labels=True)
w = vector("w", p)
lam = scalar("lam", positive=True)
A = let("A", X.T @ X + lam * I(p))
invertible = claim(positive_definite(A), never_negative)
gradient = derive(
    grad(sqnorm(y - X @ w) + lam * sqnorm(w), w),
    equals(-2 * X.T @ (y - X @ w) + 2 * lam * w, differentiate),
    equals(2 * ((X.T @ X + lam * I(p)) @ w - X.T @ y)),
)
best = let("w*", A.I @ X.T @ y)
svd = cited(sqnorm(w), equals(sqnorm(w)), theorem="singular value decomposition", source="Golub & Van Loan, thm 2.4.1")
stationary = derive(2 * (A @ best - X.T @ y), equals(0, cancel(A, given=invertible)), equals(0, svd))
code = agrees(best, hand.closed_form)
'''
HANDIN = '''
"""The minimum of a quadratic.

It holds for every symmetric matrix.
"""
from chainrule import derive, differentiate, dims, equals, grad, let, matrix, vector

n, = dims("n")
A = matrix("A", n, n)
b, x = vector("b", n), vector("x", n)
f = let("f", x.T @ A @ x - 2 * b.T @ x)
the_derivation = derive(
    grad(f, x),
    equals(grad(x.T @ A @ x, x) - 2 * b, differentiate),
    equals(2 * A @ x - 2 * b, differentiate),
    equals(2 * (A @ x - b)),
)
'''
BY_HAND = '''
import numpy as np


def closed_form(X, y, lam):
    """w* = (X'X + lam I)^-1 X'y"""
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
'''
FILES = {
    "reports/book.toml": BOOK,
    "leaves/__init__.py": "",
    "leaves/gram.py": GRAM,
    "leaves/price.py": PRICE,
    "by_hand/__init__.py": "",
    "by_hand/price.py": BY_HAND,
}
WORLD = Counterexample(
    {"n": 2}, {"A": [[0, 1], [0, 0]], "x": [0, 1], "b": [0, 0]}, ["1", "0"], ["2", "0"], "At n = 1 it holds."
)
ROWS = [
    {"flavour": "typical", "cases": 9, "error": 0.68, "lost_digits": 0.0},
    {"flavour": "ill-conditioned", "cases": 9, "error": 1e5, "lost_digits": 2.3},
]
COMPARED = {"outcome": "unstable", "lost_digits": 2.3, "cases": 18, "lifted": True, "rows": ROWS}


def made_up(project: Project) -> dict[tuple[str, int], Verdict]:
    """PROVED, but for lines that are to look otherwise."""
    special: dict[tuple[str, int], dict[str, Any]] = {
        ("gradient", 2): {"evidence": Evidence.CERTIFIED, "sizes": ("n = 3, p = 2",), "error_bound": 3e-18},
        ("stationary", 1): {"hypotheses": ("lam: positive",), "rests_on": ("A A^-1 = I",)},
        ("stationary", 2): {"evidence": Evidence.CITED, "rests_on": ("singular value decomposition (Golub)",)},
        ("never_negative", 2): {"evidence": Evidence.SAMPLED, "sizes": ("n = 3",), "why": "no proof was found"},
        ("never_negative", 3): {"evidence": Evidence.OPEN, "obligations": ("X: invertible",), "why": "x < y & so on"},
        ("code", 0): {"evidence": Evidence.SAMPLED, "detail": {"by hand": COMPARED, "generated": COMPARED}},
        ("the_derivation", 2): {"evidence": Evidence.REFUTED, "why": "it needs `A` symmetric", "counterexample": WORLD},
    }
    found = {}
    for _, entry in project.entries:
        for line in lines_of(entry.item):
            more = {"evidence": Evidence.PROVED, "rests_on": ("linearity",), **special.get((entry.name, line), {})}
            found[entry.full, line] = Verdict(item=entry.full, line=line, place=entry.item.place, **more)
    return found
