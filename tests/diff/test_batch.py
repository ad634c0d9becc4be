"""JSON lines in, JSON lines out: one answer a line, whatever the line holds."""

import json
import statistics
import time

import numpy as np
import pytest

from chainrule.diff.batch import answer, answers
from tests.diff.generated import lines

GOOD = {
    "id": 7,
    "expr": "norm2(X*w - y)^2",
    "vars": {"y": "vector", "X": "matrix", "w": "vector"},
    "wrt": "w",
    "order": 1,
}


def test_the_fields_of_an_answer():
    found = answer(json.dumps(GOOD))
    assert list(found) == ["id", "ok", "text", "latex", "python", "evidence", "rests_on", "seconds"]
    assert (found["id"], found["ok"], found["evidence"]) == (7, True, "PROVED")
    assert found["text"] == "2 * X.T @ (X @ w - y)"
    assert found["seconds"] > 0 and "matrix product" not in found["text"]


def test_the_function_takes_the_variables_in_order():
    rng = np.random.default_rng(1)
    y, X, w = rng.normal(size=5), rng.normal(size=(5, 3)), rng.normal(size=3)
    for order, wanted in ((1, 2 * X.T @ (X @ w - y)), (2, 2 * X.T @ X)):
        place = {"np": np}
        exec(answer(json.dumps({**GOOD, "order": order}))["python"], place)
        assert np.allclose(place["f"](y, X, w), wanted)
        assert np.allclose(place["f"](y=y, X=X, w=w), wanted)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "no JSON"), ("[1]", "a line is an object"), ("7", "a line is an object"), ("[" * 5000, "no JSON"),
        ('{"id": 1}', "needs 'expr'"), (json.dumps({**GOOD, "expr": 3}), "needs 'expr'"),
        (json.dumps({**GOOD, "vars": []}), "needs 'vars'"),
        (json.dumps({**GOOD, "wrt": None}), "needs 'wrt'"), (json.dumps({**GOOD, "order": 3}), "the order is 1 or 2"),
        (json.dumps({**GOOD, "order": "1"}), "the order is 1 or 2"), (json.dumps({**GOOD, "wrt": "z"}),
        "no symbol 'z'"),
        (json.dumps({**GOOD, "vars": {"w": "vector"}}), "not among its variables"),
        (json.dumps({**GOOD, "vars": {**GOOD["vars"], "w": "vektor"}}), "no kind and no property"),
        (json.dumps({**GOOD, "vars": {**GOOD["vars"], "w": 1}}), "is a word such as vector"),
        (json.dumps({**GOOD, "vars": {**GOOD["vars"], "__class__": "vector"}}), "cannot be the name"),
        (json.dumps({**GOOD, "expr": "X*w - * y"}), "expected a number"), ("x" * 200_000, "at most"),
    ],
)  # fmt: skip
def test_a_bad_line_is_answered(line, words):
    found = answer(line)
    assert found["ok"] is False and words in found["error"]
    assert set(found) == {"id", "ok", "error"}


def test_a_bad_line_stops_nobody():
    given = [json.dumps(GOOD), "", "nonsense", json.dumps({**GOOD, "id": "b"})]
    assert [(a["id"], a["ok"]) for a in map(json.loads, answers(given))] == [(7, True), (None, False), ("b", True)]


def test_a_fault_of_the_engine_is_one_answer(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("nobody expected this")

    monkeypatch.setattr("chainrule.diff.batch.derived", broken)
    assert answer(json.dumps(GOOD)) == {
        "id": 7,
        "ok": False,
        "error": "engine: ZeroDivisionError: nobody expected this",
    }


def test_generated_formulas_are_answered_fast():
    found, seconds = [], []
    for asked in lines(120, seed=5):
        start = time.process_time()
        found.append(answer(json.dumps(asked)))
        seconds.append(time.process_time() - start)
    assert all(a["ok"] for a in found)
    assert sum(a["evidence"] == "PROVED" for a in found) > 110
    assert statistics.median(seconds) < 0.12  # twice the goal that the campaign measures: others may use the machine
