"""What is written shows itself in a notebook."""

from chainrule import claim, derive, dims, equals, positive_definite, positivity, sqnorm, vector
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.vocabulary import matrix

n, p = dims("n p")
X, w = matrix("X", n, p), vector("w", p)


def test_a_formula() -> None:
    assert sqnorm(X @ w)._repr_latex_() == r"$\displaystyle \lVert Xw\rVert^2$"


def test_a_derivation_is_aligned_at_its_relations() -> None:
    shown = derive(sqnorm(X @ w), equals(w.T @ X.T @ X @ w))._repr_latex_()
    assert shown.startswith(r"$\begin{aligned} & \lVert Xw\rVert^2 \\ & = ")
    assert shown.endswith(r"\text{algebra} \end{aligned}$")


def test_a_claim_and_a_verdict() -> None:
    assert claim(positive_definite(X.T @ X), positivity)._repr_latex_() == r"$X^\top X \succ 0$"
    assert "&lt;" in Verdict(Evidence.REFUTED, why="1 < 0")._repr_html_()
