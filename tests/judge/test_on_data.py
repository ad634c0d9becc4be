"""A derivation on given data: every line on every one of them, and an answer that names the line that is false."""

import pytest

from chainrule import NotationError, at_least, derive, dims, equals, on_data, sqnorm, total, vector
from chainrule.evidence import Evidence
from chainrule.judge import judge

(n,) = dims("n")
x = vector("x", n)
above = derive(sqnorm(x), equals(total(x * x)), at_least(total(x)))  # true of whole numbers
WHOLE, HALF = {"x": [1, -2, 3]}, {"x": [0.5, 0.5]}


@pytest.mark.parametrize("data", [WHOLE, [WHOLE], [WHOLE, {"x": [0, 1, 5]}]])
def test_what_holds_on_all_of_the_data_is_sampled(data: object) -> None:
    assert judge(on_data(above, lambda: data))[0].evidence is Evidence.SAMPLED  # type: ignore[arg-type,return-value]


def test_the_sizes_say_how_many_data_there_were() -> None:
    found = judge(on_data(above, lambda: [WHOLE, WHOLE, {"x": [7]}]))[0]
    assert found.sizes == ("n=3, 2 times", "n=1")


def test_one_of_many_that_is_false_refutes_the_line() -> None:
    found = judge(on_data(above, lambda: [WHOLE, HALF, WHOLE]))[0]
    assert found.evidence is Evidence.REFUTED
    assert found.counterexample is not None and found.counterexample.sizes == {"n": 2}
    assert found.why == "line 2 is false on the data"


def test_no_data_show_nothing() -> None:
    with pytest.raises(NotationError, match="one or more"):
        judge(on_data(above, list))
