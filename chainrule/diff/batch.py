"""Many formulas, one JSON object a line: each line is answered by one line, and no line stops the others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from chainrule.code import with_imports
from chainrule.errors import ChainruleError, NotationError
from chainrule.limits import within
from chainrule.typed import read_formula

from .engine import HERE, Derived, derived, rests_on

SECONDS = 30.0
"""Seconds that one line may take."""
LINE = 100_000
"""Characters that a line may have."""


def answers(lines: Iterable[str]) -> Iterator[str]:
    """An answer to each line that is not blank, in order.

    {"id", "expr", "vars": {name: kind}, "wrt", "order"} is answered by
    {"id", "ok": true, "text", "latex", "python", "evidence", "rests_on", "seconds"} or {"id", "ok": false, "error"}.
    """
    for line in lines:
        if line.strip():
            yield json.dumps(answer(line), ensure_ascii=False)


def answer(line: str) -> dict[str, Any]:
    """The answer to one line."""
    start = time.perf_counter()
    name: Any = None
    try:
        asked = _object(line)
        name = asked.get("id")
        found = within(SECONDS, lambda: _answered(_checked(asked)))
    except ChainruleError as error:
        return {"id": name, "ok": False, "error": error.text}
    except Exception as error:  # a fault of the engine, said as such: the lines behind it are still answered
        return {"id": name, "ok": False, "error": f"engine: {type(error).__name__}: {error}"}
    return {"id": name, "ok": True, **found, "seconds": round(time.perf_counter() - start, 6)}


def _answered(asked: dict[str, Any]) -> dict[str, Any]:
    return as_fields(derived(read_formula(asked["expr"], kinds=asked["vars"]), asked["wrt"], asked["order"]))


def as_fields(found: Derived) -> dict[str, Any]:
    """A derivative as data."""
    return {
        "text": found.shown("text"),
        "latex": found.shown("latex"),
        "python": with_imports(found.python),
        "evidence": found.verdict.evidence.name,
        "rests_on": list(rests_on(found.verdict, found.given)),
    }


FIELDS: dict[str, type] = {"expr": str, "vars": dict, "wrt": str}


def _object(line: str) -> dict[str, Any]:
    if len(line) > LINE:
        raise NotationError(f"the line has {len(line)} characters; at most {LINE} are read", HERE)
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotationError(f"the line is no JSON: {error}", HERE) from None
    if not isinstance(asked, dict):
        raise NotationError('a line is an object, {"id", "expr", "vars", "wrt", "order"}', HERE)
    return asked


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    """The fields, each of its type; the order is 1 if none is given."""
    for name, kind in FIELDS.items():
        if not isinstance(asked.get(name), kind):
            word = "an object" if kind is dict else "a text"
            raise NotationError(f"the line needs {name!r}, {word}; found {asked.get(name)!r}"[:300], HERE)
    return {"order": 1, **asked}
