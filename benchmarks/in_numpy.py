"""The problems in NumPy: the generated function, the one by hand, and the least that has to be done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from problems import PROBLEMS


def prepared(name: str, size: int, data: dict[str, Any]) -> Callable[[], Any]:
    """The generated function."""
    from chainrule.code import numpy_function, symbols

    formula = PROBLEMS[name].formula(size)
    by_name = {v.name: v for v in symbols(formula)}
    used = [by_name[key] for key in data if key in by_name]
    function = numpy_function(formula, arguments=used)
    arguments = [data[v.name] for v in used]
    return lambda: function(*arguments)


def by_hand(name: str, size: int, data: dict[str, Any]) -> Callable[[], Any]:
    """The hand-written function."""
    return lambda: PROBLEMS[name].by_hand(*data.values())


def floor(name: str, size: int, data: dict[str, Any]) -> Callable[[], Any]:
    """The work that cannot be avoided."""
    return lambda: PROBLEMS[name].floor(*data.values())


def seconds_to_derive(name: str) -> float:
    """Deriving, reading back and writing the source, in a process that has everything imported."""
    from chainrule import printing
    from chainrule.calculus.readback import derivative
    from chainrule.code import numpy_source

    problem = PROBLEMS[name]
    formula = problem.formula(max(problem.sizes))
    start = time.perf_counter()
    printing.text(derivative(formula))
    numpy_source(formula)
    return time.perf_counter() - start
