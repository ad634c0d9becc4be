"""Formulas whose curvature textbooks list, typed as one types them, each with its answer and what shows it."""

from __future__ import annotations

import pytest

from chainrule.convexity import Convexity, curvature_of
from chainrule.convexity.certificate import Composition, SecondDerivative
from chainrule.evidence import Evidence
from chainrule.typed import read_formula

SHOWN = {
    "convex": [
        ("norm2(X*w-y)^2", "w", ""),  # least squares
        ("norm2(X*w-y)^2+lam*norm2(w)^2", "w", "lam: positive"),  # ridge
        ("sum(log(1+exp(-y.*(X*w))))", "w", ""),  # logistic, as one writes it first
        ("sum(softplus(-y.*(X*w)))", "w", ""),
        ("-sum(y.*log(sigmoid(X*w))+(1-y).*log(1-sigmoid(X*w)))", "w", "y: binary vector"),
        ("logsumexp(A*x+y)", "x", ""),
        ("log(sum(exp(A*x+y)))", "x", ""),
        ("norm2(X*w-y)^2/2+lam*norm1(w)+g*norm2(w)^2", "w", "lam: nonnegative, g: nonnegative"),  # elastic net
        ("norm2(X*w-y)^2/2+g*norm2(w)^2", "w", "g: nonnegative"),  # and its smooth part
        ("-logdet(S)", "S", "S: positive_definite"),
        ("-log(det(S))", "S", "S: positive_definite"),
        ("logdet(inv(S))", "S", "S: positive_definite"),
        ("tr(C*S)-logdet(S)", "S", "S: positive_definite, C: psd"),
        ("x'*x/t", "x, t", "t: positive scalar"),  # quadratic over linear
        ("norm2(A*x-y)^2/(1+t)", "x, t", "t: positive scalar"),
        ("x'*inv(P)*x", "x, P", "P: positive_definite"),  # matrix fractional
        ("tr(B'*inv(P)*B)", "B, P", "P: positive_definite, B: matrix"),
        ("tr(inv(X))", "X", "X: positive_definite"),
        ("tr(X'*A*X*B)", "X", "A: psd, B: psd, X: matrix"),
        ("norm1(x)", "x", ""),
        ("norm2(X*w-y)", "w", ""),
        ("normF(X-A)", "X", ""),
        ("max(A*x-y)", "x", ""),
        ("sum((X*w-y).^2/2 - relu(abs(X*w-y)-d).^2/2)", "w", "d: positive"),  # Huber
        ("(norm2(r)^2-norm2(relu(abs(r)-d))^2)/2", "r", "d: positive"),
        ("sum(sqrt((X*w-y).^2+c))", "w", "c: positive"),  # pseudo-Huber
        ("sqrt(1+norm2(x)^2)", "x", ""),
        ("logsumexp(W*x) - y'*W*x", "W", "y: one_hot vector"),  # softmax cross-entropy
        ("-sum(Y.*log(softmax(X*W)))", "W", "Y: one_hot_rows"),
        ("-y'*log(softmax(W*x))", "W", "y: one_hot vector"),
        ("sum(max(0,1-y.*(X*w)))", "w", ""),  # hinge
        ("sum(max(0,1-y.*(X*w)).^2)", "w", ""),  # squared hinge
        ("sum(exp(X*w))-y'*X*w", "w", ""),  # Poisson
        ("sum(x.*log(x))", "x", "x: positive vector"),  # negative entropy
        ("x'*log(x)", "x", "x: positive vector"),
        ("sum(x.*log(x./y))", "x, y", "x: positive vector, y: positive vector"),  # relative entropy
        ("sum(x.*(log(x)-log(y)))", "x, y", "x: positive vector, y: positive vector"),
        ("exp(norm2(x)^2)", "x", ""),
        ("(x'*x)^2", "x", ""),
        ("a^3", "a", "a: nonnegative"),
        ("sum(1./x)", "x", "x: positive vector"),
        ("1/(a*b)", "a, b", "a: positive, b: positive"),
        ("a*exp(b/a)", "a, b", "a: positive"),  # a perspective
        ("a+relu(b-a)", "a, b", ""),  # the larger of two
        ("norm2(M-U*V')^2", "U", "M: matrix, U: matrix, V: matrix"),
        ("norm2(relu(X*W)*v-y)^2", "v", "W: matrix"),
        ("x'*A*x", "x", "A: psd"),
        ("sum(cosh(x))", "x", ""),
        ("-x^0.5", "x", "x: nonnegative scalar"),
    ],
    "concave": [
        ("sqrt(a*b)", "a, b", "a: nonnegative, b: nonnegative"),  # geometric mean
        ("sum(log(x))", "x", ""),
        ("log(1-norm2(x)^2)", "x", ""),
        ("sqrt(log(1+a))", "a", "a: nonnegative"),
        ("sum(sqrt(x))", "x", "x: nonnegative vector"),
        ("-sum(x.*log(x))", "x", "x: simplex vector"),
        ("log(sigmoid(a))", "a", ""),
        ("logdet(S)", "S", "S: positive_definite"),
        ("b*log(a/b)", "a, b", "a: positive, b: positive"),
    ],
    "affine": [("sum(X*w)", "w", ""), ("tr(A*X)-a", "X", ""), ("a*b", "a", ""), ("log(exp(a))", "a", "")],
}
NEITHER = [
    ("norm2(M-U*V')^2", "U, V", "M: matrix, U: matrix, V: matrix"),  # matrix factorisation
    ("norm2(relu(X*W)*v-y)^2", "W", "W: matrix"),  # two layers
    ("norm2(relu(X*W)*v-y)^2", "W, v", "W: matrix"),
    ("norm2(sigmoid(X*W)*v-y)^2", "W, v", "W: matrix"),
    ("a*b", "a, b", ""),
    ("a^3", "a", ""),
    ("sum(sigmoid(x))", "x", ""),
    ("sum(tanh(x))", "x", ""),
    ("log(1+norm2(x)^2)", "x", ""),
    ("y'*inv(K)*y+logdet(K)", "K", "K: positive_definite"),  # the likelihood of a Gaussian process
    ("x'*x/s", "x, s", "s: scalar"),
    ("tr(X*X)", "X", ""),
]


def asked(text: str, names: str, declare: str) -> Convexity:
    formula = read_formula(text, declare)
    return curvature_of(formula.node, *(formula.symbol(name.strip()) for name in names.split(",")))


@pytest.mark.parametrize(
    ("word", "text", "names", "declare"), [(word, *row) for word, rows in SHOWN.items() for row in rows]
)
def test_what_is_listed_is_proved_by_composition(word: str, text: str, names: str, declare: str) -> None:
    found = asked(text, names, declare)
    assert (found.answer, found.verdict.evidence) == (word, Evidence.PROVED)
    assert isinstance(found.certificate, Composition)
    assert found.certificate.steps[-1].formula == found.formula


@pytest.mark.parametrize(("text", "names", "declare"), NEITHER)
def test_what_is_neither_is_crossed_by_two_chords(text: str, names: str, declare: str) -> None:
    found = asked(text, names, declare)
    assert found.answer == "neither"
    assert found.certificate is None
    between = {side.word: side.refuted for side in found.sides}
    for word, above in (("convex", 1), ("concave", -1)):
        example = between[word]
        assert example is not None
        assert above * (float_of(example.left) - float_of(example.right)) > 0
        assert all(name.strip() + "'" in example.values for name in names.split(","))
        assert example.values["t"] in ("1/2", "1/4", "9/10")


def float_of(value: object) -> float:
    p, _, q = str(value).partition("/")
    return float(p) / float(q or 1)


@pytest.mark.parametrize(
    ("text", "names", "declare"),
    [
        ("a*exp(a)", "a", "a: nonnegative"),
        ("a*exp(a)+a^2*b^2", "a", "a: nonnegative"),
        ("sum(X.*(A*X))", "X", "X: matrix, A: psd"),
        ("sum(X.*(A*X*B))", "X", "X: matrix, A: psd, B: psd"),
    ],
)
def test_the_hessian_where_no_rule_speaks(text: str, names: str, declare: str) -> None:
    found = asked(text, names, declare)
    assert (found.answer, found.verdict.evidence) == ("convex", Evidence.PROVED)
    assert isinstance(found.certificate, SecondDerivative)


def test_there_are_enough() -> None:
    assert sum(map(len, SHOWN.values())) + len(NEITHER) >= 70


def test_unknown_says_which_part_no_rule_speaks_of() -> None:
    found = asked("sum(x.*exp(x))", "x", "")
    assert found.answer == "unknown"
    assert [str(node) for node in found.composition.missing] == ["x * exp(x)"]


def test_where_it_has_a_value_becomes_a_hypothesis() -> None:
    assert [str(a.statement.of) for a in asked("sum(log(x))", "x", "").given] == ["x"]
