"""Texts from strangers: whatever they hold, they are read or refused, quickly, and nothing else happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.diff import derived
from chainrule.errors import ChainruleError
from chainrule.typed import FormulaError, read_formula
from tests.typed.hostile import case

ROOT = Path(__file__).parents[2]
COUNT = os.environ.get("CHAINRULE_FUZZ", "6000")
"""How many texts; `CHAINRULE_FUZZ=100000 pytest tests/typed/test_hostile.py` for the long run."""


def test_only_declared_errors_and_nothing_touched():
    command = [sys.executable, "-m", "tests.typed.hostile", COUNT, "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    found = eval(done.stdout, {"__builtins__": {}})
    assert found["read"] + found["refused"] == int(COUNT)
    assert found["read"] > int(COUNT) / 20 and found["refused"] > int(COUNT) / 5


def test_what_was_read_can_be_differentiated_or_is_refused():
    from random import Random

    rng, taken = Random(3), 0
    while taken < 60:
        text, declare = case(rng)
        try:
            formula = read_formula(text, declare)
        except FormulaError:
            continue
        for name in list(formula.symbols)[:1]:
            taken += 1
            try:
                assert derived(formula, name).result.shape == formula.node.shape + formula.symbols[name].shape
            except ChainruleError as error:
                assert error.text


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1900, "x" + "'" * 1900, "-" * 1900 + "a", "+" * 1900 + "a", "a" + "+a" * 900, "a^" * 900 + "a",
        "exp(" * 450 + "a" + ")" * 450,
        "a*" * 59 + "a^99999999", "2^2^2^2^2^2", "(((a^64)^64)^64)^64", "1" * 1900, "1e9999999",
        "inv(" * 40 + "A" + ")" * 40,
        "a^(b^(c^30))", "9" * 30 + "^" + "9" * 30, "x" * 1900, "sum(" + "x," * 900 + "x)", "a" * 3000, "\x00",
        "\ud800", "a\u202eb",
        "__import__('os').system('true')", "exp.__globals__", "().__class__.__bases__", "lambda: 0",
        "open('x')", "[x for x in y]",
        "x if y else z", "f'{x}'", "np.load(x)", "np.linalg.os", "x; import os", "x = 3",
        "sum(x, axis=__import__('os'))",
    ],
    ids=lambda t: t[:24].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_refused(text):
    with pytest.raises(FormulaError) as caught:
        read_formula(text)
    assert len(str(caught.value)) < 1000


def test_as_deep_as_is_allowed_can_be_worked_on():
    deep = "exp(" * 50 + "a" + ")" * 50
    assert derived(read_formula(deep), "a").result.shape == ()
    long = "+".join(f"a*sin({k}*a)" for k in range(1, 50))
    assert derived(read_formula(long), "a").result.shape == ()
