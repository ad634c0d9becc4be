"""Every row of a survey: the generated code beside the one by hand, and by how much the latter differs from torch's.

    python benchmarks/rows.py [--json reports/layers_measured.json] [--only TEXT]

Each comparison of a formula with code by hand that a row names is timed at the sizes that its chapter calls typical, on
one thread; both take turns, and the ratio is the median over the turns. A row says the median of its ratios, and the
smallest and the largest. torch is one of the extra `peers`; without it that column stays empty.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when NumPy is imported

import argparse
import importlib.util
import json
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from speed import machine

from chainrule.agreement.flavours import repaired
from chainrule.agreement.problem import Problem, problem_of
from chainrule.agreement.structure import structured
from chainrule.code import numpy_function
from chainrule.code.order import typical_size
from chainrule.notation.dims import OpenDim
from chainrule.notation.statements import Agreement
from chainrule.project import load
from chainrule.report.survey import matches
from chainrule.worlds.world import extents

ROOT = Path(__file__).parent.parent
SURVEY = ROOT / "reports" / "layers.toml"
TURNS, TURN = 15, 0.01
EQUAL = 1e-6
"""How far two results may be apart, relative to the largest entry: a guard against timing different things."""

Run = Callable[[], Any]


# --- inputs ----------------------------------------------------------------------------------------
def sizes_of(problem: Problem) -> dict[Any, int]:
    """What the chapter calls typical; the usual sizes where it says nothing."""
    said = {d: d.typical if isinstance(d, OpenDim) else None for d in problem.dims}
    found = {d: n if n is not None else round(typical_size(d, {})) for d, n in said.items()}
    return repaired(problem.drawn, found)


def values_of(problem: Problem, sizes: Mapping[Any, int]) -> dict[Any, Any]:
    """Typical numbers with the declared properties, rows of length about 1, so that no recurrence is chaotic; what is
    derived from them is computed by generated code."""
    rng = np.random.default_rng(0)
    shapes = {v: extents(v.shape, sizes) for v in problem.drawn}
    drawn = {v: rng.standard_normal(shape) / (shape[-1] ** 0.5 if len(shape) > 1 else 1) for v, shape in shapes.items()}
    values = {v: structured(v, x, rng) for v, x in drawn.items()}
    values = {v: np.asarray(0.5) if not x.ndim and 0 < x < 0.5 else x for v, x in values.items()}
    for v, formula in problem.derived:
        f = numpy_function(formula)
        by_name = {str(k): x for k, x in (*values.items(), *sizes.items())}
        values[v] = np.asarray(f(*(by_name[n] for n in f.__code__.co_varnames[: f.__code__.co_argcount])))
    return values


def called(item: Agreement, values: Mapping[Any, Any], sizes: Mapping[Any, int]) -> Run:
    """The function of a comparison with its arguments."""
    meanings = problem_of(item).parameters
    arguments = {name: values[m] if m in values else sizes[m] for name, m in meanings.items()}
    arguments = {name: x if np.ndim(x) else x.item() if hasattr(x, "item") else x for name, x in arguments.items()}
    return lambda: item.function(**arguments)


# --- time ------------------------------------------------------------------------------------------
def ratio(item: Agreement) -> float:
    """How many times as fast as the code by hand the generated code is."""
    problem = problem_of(item)
    sizes = sizes_of(problem)
    values = values_of(problem, sizes)
    made = replace(item, function=numpy_function(item.formula, "generated", item.arguments), names={})
    ours, hand = called(made, values, sizes), called(item, values, sizes)
    a, b = ours(), hand()
    if np.abs(a - b).max(initial=0.0) > EQUAL * np.abs(b).max(initial=1e-300):
        raise SystemExit(f"{item.place}: the two functions compute different things")
    repeats = [max(1, round(TURN / min(seconds(f, 1) for _ in range(3)))) for f in (ours, hand)]
    return statistics.median(seconds(hand, repeats[1]) / seconds(ours, repeats[0]) for _ in range(TURNS))


def seconds(call: Run, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


# --- rows ------------------------------------------------------------------------------------------
def comparisons(only: str) -> Iterator[tuple[str, list[Agreement]]]:
    """Each row of the survey with its comparisons of code."""
    rows = [r for r in tomllib.loads(SURVEY.read_text(encoding="utf-8"))["row"] if only in r["name"]]
    patterns = {r["name"]: [p for ps in r.get("items", {}).values() for p in ps] for r in rows}
    stems = {p.split(".")[0] for ps in patterns.values() for p in ps}
    files = [f for f in sorted((ROOT / "derivations").glob("*.py")) if f.stem in stems]
    items = {f"{c.stem}.{e.name}": e.item for c, e in load(ROOT, files).entries}
    for name, wanted in patterns.items():
        found = [i for key, i in items.items() if isinstance(i, Agreement) and any(matches(p, key) for p in wanted)]
        yield name, found


def apart_from_torch() -> dict[str, str]:
    """The largest difference of each row, relative to 1 or to the entry where that is larger."""
    if importlib.util.find_spec("torch") is None:
        return {}
    from tests.numerics.beside_torch import ROWS

    found = {name: max(map(apart, make())) for name, make in ROWS.items()}
    return {name: f"{off:.0e}" if off else "0" for name, off in found.items()}


def apart(pair: tuple[Any, Any]) -> float:
    ours, other = map(np.asarray, pair)
    return float(np.max(np.abs(ours - other) / np.maximum(1, np.abs(other))))


def said(ratios: list[float]) -> str:
    """1.2, or 1.2 (0.9 to 1.5)"""
    middle = f"{statistics.median(ratios):.1f}"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.1f} to {max(ratios):.1f})"


def main(json_file: Path | None, only: str) -> None:
    torch = apart_from_torch()
    rows: dict[str, dict[str, str]] = {}
    for name, items in comparisons(only):
        ratios = [ratio(item) for item in items]
        rows[name] = {"speed": said(ratios)} | ({"torch": torch[name]} if name in torch else {})
        print(f"{name:34}{rows[name]['speed']:>22}{rows[name].get('torch', '-'):>10}", flush=True)
    if json_file is not None and (only or not torch):
        print(f"{json_file} is left as it is: it shows every row, and torch")
    elif json_file is not None:
        head = {"date": date.today().isoformat(), "machine": machine()}
        json_file.write_text(json.dumps({**head, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", default="", metavar="TEXT", help="the rows whose name has TEXT in it")
    asked = parser.parse_args()
    main(asked.json, asked.only)
