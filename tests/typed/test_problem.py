"""An objective and its constraints, read in one go."""

import pytest

from chainrule.printing import text
from chainrule.typed import FormulaError, read_problem


def shapes(asked):
    return {name: tuple(map(str, v.shape)) for name, v in asked.objective.symbols.items()}


def test_sizes_agree_between_the_texts():
    asked = read_problem("norm2(x)^2", ["A*x = h", "x >= v"])
    assert shapes(asked) == {"x": ("n",), "A": ("p", "n"), "h": ("p",), "v": ("n",)}


def test_a_letter_declared_once_is_declared_everywhere():
    asked = read_problem("x'*S*x", ["sum(x) = c"], "S: pd(k), c: positive")
    assert shapes(asked) == {"x": ("k",), "S": ("k", "k"), "c": ()}
    assert asked.objective.symbols["c"].declared == {"positive"}


def test_a_number_stands_for_every_entry():
    at_least_zero, at_most_b = read_problem("norm2(x)^2", ["x >= 0", "x ≤ b"]).constraints
    assert (text(at_least_zero.right), at_least_zero.relation) == ("zeros(n)", ">=")
    assert (text(at_most_b.right), at_most_b.relation) == ("b * ones(n)", "<=")


def test_written_as_in_numpy_where_one_is():
    asked = read_problem("(x @ x) / 2", ["sum(w * x) = 1"])
    assert text(asked.constraints[0].left) == "total(w * x)"


SAID = [
    # constraint, the marked piece, words of the message
    ("A*x + h", "", "one = or <= or >="),
    ("x == v", "=", "expected a number"),
    ("x = v = 1", "=", "one sign"),
    ("x < v", "<", "a constraint is written with"),
    ("A*x = x'", "=", "cannot compare them"),
    ("x = vector(1) = v", "=", "one sign"),
    ("(x >= 0", ">=", "operator"),
    ("= x", "=", "expected a number"),
]


@pytest.mark.parametrize(("constraint", "marked", "said"), SAID)
def test_what_is_no_constraint(constraint, marked, said):
    with pytest.raises(FormulaError) as error:
        read_problem("norm2(x)^2", [constraint])
    assert said in error.value.message
    assert error.value.source == constraint
    assert constraint[error.value.start : error.value.end].startswith(marked)


def test_a_size_that_follows_from_nothing_is_asked_for_where_it_stands():
    with pytest.raises(FormulaError) as error:
        read_problem("norm2(x)^2", ["sum(x) >= sum(vector(1))"])
    assert error.value.source == "sum(x) >= sum(vector(1))" and "follows from nothing" in error.value.message
