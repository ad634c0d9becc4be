"""What is said of a text that is no formula, and where the caret stands."""

import pytest

from chainrule.typed import FormulaError, read_formula

SAID = [
    # text, declared, the marked piece, words of the message
    ("2x", "", "x", "an operator is missing"),
    ("x y", "", "y", "a product is written with"),
    ("(x + y", "", "(", "never closed"),
    ("exp(x))", "", ")", "closes nothing"),
    ("()", "", ")", "nothing between"),
    ("x + * y", "", "*", "expected a number"),
    ("x $ y", "", "$", "no sign of a formula"),
    ("[1, 2]", "", "[", "stands for nothing here"),
    ("x > y", "", ">", "no sign of a formula"),
    ("x . y", "", ".", "a point stands before"),
    ("foo(x)", "", "foo", "there is no function foo"),
    ("sofmax(x)", "", "sofmax", "near it: softmax"),
    ("exp", "", "exp", "is a function"),
    ("x(a)", "", "x", "is a symbol, not a function"),
    ("exp(x, y)", "", "exp", "takes 1 argument; 2 are given"),
    ("exp(x, axis=0)", "", "exp", "takes no axis"),
    ("sum(X, 2)", "", "2", "an axis is 0"),
    ("sum(x, 1)", "", "1", "it has the axis 0"),
    ("max(x, 0)", "", "max", "two things"),
    ("weights + 1", "", "weights", "declare it"),
    ("mu*x", "", "mu", "declare it"),
    ("X*w + A", "", "+", "cannot add them"),
    ("x*A", "", "*", "transpose the vector"),
    ("x + y'", "", "+", "transpose"),
    ("X / A", "", "/", "inv(...)"),
    ("x^2", "", "^", ".^ raises every entry"),
    ("A^a", "", "^", "raised to -1 or to 1"),
    ("a @ x", "", "@", "a number takes *"),
    ("softmax(a)", "", "softmax", "asks for a vector or a matrix"),
    ("tr(x)", "", "tr", "square matrix"),
    ("sum(vector(1))", "", "vector(1)", "follows from nothing"),
    ("vector(a)*x", "", "vector", "filled with one number"),
    ("x'*y", "x: vector(3), y: vector(4)", "*", "3 and 4 differ"),
    ("X*y", "X: matrix(n, d), y: vector(n)", "*", "d and n differ"),
    ("det(X)", "X: matrix(n, d)", "det", "n and d differ"),
    ("X + Y", "X: matrix(n, d), Y: matrix(d, n)", "+", "differ"),
    ("eye(X)*x", "X: matrix", "X", "is a symbol"),
    ("a^99999999^9", "", "a", "too high"),
    ("9" * 31, "", "9" * 31, "too long"),
    ("é", "", "é", "no letter of a name"),
    ("", "", "", "the formula is empty"),
    ("x +", "", "", "the text ends after '+'"),
]


@pytest.mark.parametrize(("source", "declare", "piece", "words"), SAID, ids=[s[0][:20] or "empty" for s in SAID])
def test_says_what_and_where(source, declare, piece, words):
    with pytest.raises(FormulaError) as caught:
        read_formula(source, declare)
    error = caught.value
    assert words in error.message
    if piece:
        assert error.source[error.start : error.end] == piece
        shown, caret = str(error).splitlines()[-2:]
        assert shown[caret.index("^") : caret.rindex("^") + 1] == piece


DECLARED = [
    ("X matrix", "matrix", "expected a colon"),
    ("X: matrx", "matrx", "near it: matrix"),
    ("X: matrix, X: vector", "X", "declared twice"),
    ("sum: vector", "sum", "is the name of a function"),
    ("X: matrix vector", "vector", "cannot be a vector as well"),
    ("x: vector(n, m)", "vector", "a vector takes one size"),
    ("a: scalar(n)", "scalar", "takes no size"),
    ("X: matrix(n)", "matrix", "takes two sizes"),
    ("X: matrix(0, n)", "0", "a positive integer"),
    ("X: matrix(n, 1.5)", "1.5", "a positive integer"),
    ("X: matrix(n m)", "m", "expected a comma"),
    ("S: symmetric(n, d)", "symmetric", "not square"),
    ("x: symmetric vector", "symmetric", "asks for a square matrix"),
    ("a: scalar simplex", "simplex", "asks for a vector"),
    ("mu: positive", "mu", "scalar, a vector or a matrix"),
    ("X:", "", "expected a kind"),
    (": vector", ":", "expected the name"),
    ("X: matrix w: vector", "w", "is no kind"),
]


@pytest.mark.parametrize(("declare", "piece", "words"), DECLARED, ids=[d[0] for d in DECLARED])
def test_declarations_that_say_nothing(declare, piece, words):
    with pytest.raises(FormulaError) as caught:
        read_formula("a*b", declare)
    error = caught.value
    assert words in error.message
    if piece:
        assert error.source == declare
        assert error.source[error.start : error.end] == piece


def test_properties_that_exclude_each_other():
    with pytest.raises(FormulaError, match="nothing can be both"):
        read_formula("K*x", "K: symmetric skew")


def test_a_long_text_is_shown_around_the_error():
    with pytest.raises(FormulaError) as caught:
        read_formula("a + " * 100 + "$ + a" + " + a" * 50)
    shown, caret = str(caught.value).splitlines()[-2:]
    assert len(shown) < 90 and shown[caret.index("^")] == "$"


def test_the_marked_piece_of_a_line_with_control_characters():
    with pytest.raises(FormulaError) as caught:
        read_formula("a\n+\t$")
    assert str(caught.value).splitlines()[-2:] == ["   a + $", "       ^"]
