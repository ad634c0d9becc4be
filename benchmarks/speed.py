"""Generated NumPy against the best by hand, jitted JAX and torch.func: ratios of times taken in turn, one thread each.

    python benchmarks/speed.py [--json reports/speed.json]

Every library runs in a process of its own, and they take turns, so that a machine whose speed drifts slows all of them
alike; a figure is the median of the ratios of the turns. Before anything is timed, the results are compared. JAX and
torch are the extra `peers` (pip install 'chainrule[peers]'); without them their columns stay empty.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from problems import PROBLEMS, Problem

ONE_THREAD = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1", "JAX_PLATFORMS": "cpu",
    "NPROC": "1",
}  # fmt: skip
"""XLA takes the size of its pool from NPROC; without it, it computes on every core, whatever its flags say."""
TUNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Set, they choose kernels that are not the machine's own; the comparison runs without them."""
TURN = 0.03
"""Seconds that a turn lasts at least."""
TURNS = 21
SLOW = 0.5
"""A call that takes longer than this many seconds has fewer turns."""
EQUAL = 1e-8
"""How far two results may be apart, relative to the larger, before the comparison is called off."""
BY_HAND = {True: 1.10, False: 1.25}
"""The most that generated code may take beside the best by hand: above a millisecond, and below."""
TORCH_HESSIAN = 50.0
DERIVING = 0.3
"""Seconds in which any of the derivatives is to be derived and written."""
HAND, FLOOR = "hand-written NumPy", "floor"
SIDES = {"ours": "in_numpy", HAND: "in_numpy", FLOOR: "in_numpy", "JAX": "in_jax", "torch": "in_torch"}


# --- a process of one library ------------------------------------------------------------------------
def worker(module: str) -> None:
    """Answers questions, one JSON line each: {"side", "case", "size", "repeats"}; no repeats asks for the result."""
    side = __import__(module)
    ready: dict[tuple[str, str, int], Any] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "derive" in asked:
            answer: Any = side.seconds_to_derive(asked["derive"])
        else:
            key = asked["side"], asked["case"], asked["size"]
            if key not in ready:
                name = {HAND: "by_hand", FLOOR: "floor"}.get(asked["side"], "prepared")
                ready = {k: f for k, f in ready.items() if k[1:] == key[1:]}
                data = PROBLEMS[asked["case"]].data(asked["size"])
                ready[key] = getattr(side, name)(asked["case"], asked["size"], data)
            answer = _seconds(ready[key], asked["repeats"]) if asked["repeats"] else _fingerprint(ready[key]())
        print(json.dumps(answer), flush=True)


def _seconds(call: Any, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return time.perf_counter() - start


def _fingerprint(result: Any) -> list[float]:
    """The length of the result, and its product with fixed numbers."""
    import numpy as np

    flat = np.asarray(result).ravel()
    return [float(np.linalg.norm(flat)), float(flat @ np.cos(np.arange(flat.size)))]


class Side:
    """One way of computing, in its process."""

    def __init__(self, name: str, process: subprocess.Popen[str]):
        self.name, self.process = name, process
        self.repeats = 1

    def ask(self, **question: Any) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"side": self.name, **question}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the process of {self.name} ended; its message is above")
        return json.loads(line)

    def turn(self, case: str, size: int) -> float:
        """Seconds a call, in one turn."""
        return float(self.ask(case=case, size=size, repeats=self.repeats)) / self.repeats

    def settle(self, case: str, size: int) -> float:
        """Warm up, and find how many calls fill a turn."""
        self.repeats = 1
        self.turn(case, size)
        once = min(self.turn(case, size) for _ in range(3))
        self.repeats = max(1, round(TURN / once))
        return once


def started() -> dict[str, Side]:
    """The sides whose library is installed, each library in one process."""
    environment = {k: v for k, v in os.environ.items() if k not in TUNED} | ONE_THREAD
    processes: dict[str, subprocess.Popen[str]] = {}
    sides: dict[str, Side] = {}
    for name, module in SIDES.items():
        if importlib.util.find_spec(module.removeprefix("in_")) is None:
            print(f"{name} is not installed (pip install 'chainrule[peers]'): left out", file=sys.stderr)
            continue
        if module not in processes:
            command = [sys.executable, __file__, "--worker", module]
            pipe = subprocess.PIPE
            processes[module] = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
        sides[name] = Side(name, processes[module])
    return sides


# --- the comparison ----------------------------------------------------------------------------------
def compared(sides: dict[str, Side], problem: Problem, size: int) -> dict[str, Any]:
    """One row: milliseconds of ours, and the ratios, ours / by hand but theirs / ours."""
    alike(sides, problem, size)
    slow = {name for name, side in sides.items() if side.settle(problem.name, size) > SLOW}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(TURNS):
        for name, side in sides.items():
            if name not in slow or turn < 3:
                times[name].append(side.turn(problem.name, size))
    ours = times.pop("ours")
    ratios = {name: statistics.median(b / a for a, b in zip(ours, ts, strict=False)) for name, ts in times.items()}
    ratios[HAND] = 1 / ratios[HAND]
    floor = ratios.pop(FLOOR)
    return _row(problem, size, statistics.median(ours) * 1e3, ratios, floor)


def alike(sides: dict[str, Side], problem: Problem, size: int) -> None:
    """Raises where two sides compute different things."""
    results = {n: side.ask(case=problem.name, size=size, repeats=0) for n, side in sides.items() if n != FLOOR}
    wanted = results["ours"]
    for name, found in results.items():
        if max(abs(a - b) for a, b in zip(found, wanted, strict=True)) > EQUAL * abs(wanted[0]):
            raise SystemExit(f"{problem.name}, {size}: {name} computes something else, {found} and not {wanted}")


def _row(problem: Problem, size: int, milliseconds: float, ratios: dict[str, float], floor: float) -> dict[str, Any]:
    """A row of the table. What JAX takes beside the floor, the work that nobody can avoid, is the most to be gained."""
    wanted = {HAND: BY_HAND[milliseconds > 1], "JAX": problem.sizes[size]}
    if problem.hessian:
        wanted["torch"] = TORCH_HESSIAN
    missed = [
        f"{name} by {abs(1 - ratios[name] / goal):{'.0%' if abs(1 - ratios[name] / goal) >= 0.05 else '.1%'}}"
        for name, goal in wanted.items()
        if name in ratios and (ratios[name] > goal if name == HAND else ratios[name] < goal)
    ]
    limits = [f"{n} at most {_short(ratios[n] / floor)}" for n in ("JAX", "torch") if n in ratios]
    note = f"Missed: {', '.join(missed)}; {problem.floor_is} alone: {', '.join(limits)}" if missed else ""
    return {
        "case": problem.name,
        "sizes": f"n = {size}",
        "milliseconds": round(milliseconds, 4),
        "against": {name: round(ratio, 3) for name, ratio in ratios.items()},
        "goal": ", ".join(f"{'≤' if name == HAND else '≥'} {goal:g}" for name, goal in wanted.items()),
        "met": not missed,
        "note": note,
    }


def _short(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _line(row: dict[str, Any]) -> str:
    ratios = [f"{row['against'][name]:10.2f}" if name in row["against"] else f"{'-':>10}" for name in COLUMNS]
    return f"{row['case']:23}{row['sizes']:>8}{row['milliseconds']:>10.4f}" + "".join(ratios) + f"   {row['note']}"


COLUMNS = (HAND, "JAX", "torch")


def main(json_file: Path | None, only: str) -> int:
    """Print the table. A goal that is missed is said in its row: how far it is met depends on the machine."""
    sides = started()
    print(f"{'':31}{'ms':>10}   / hand  JAX / us torch / us")
    rows = []
    for problem in PROBLEMS.values():
        for size in problem.sizes if only in problem.name else ():
            rows.append(compared(sides, problem, size))
            print(_line(rows[-1]), flush=True)
    deriving = {p.name: sides["ours"].ask(derive=p.name) for p in PROBLEMS.values()}
    slowest = max(deriving, key=lambda name: deriving[name])
    print(f"derived and written in at most {deriving[slowest]:.3f} s ({slowest}); the goal is {DERIVING} s")
    for side in sides.values():
        with contextlib.suppress(OSError):
            side.process.terminate()
    if json_file is not None and (only or len(sides) < len(SIDES)):
        print(f"{json_file} is left as it is: it shows every problem and every library")
    elif json_file is not None:
        head = {"date": date.today().isoformat(), "machine": machine(), "deriving": round(deriving[slowest], 4)}
        json_file.write_text(json.dumps({**head, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    return int(deriving[slowest] > DERIVING)


def machine() -> str:
    """Processor and versions."""
    from importlib.metadata import PackageNotFoundError, version

    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next(x.split(":", 1)[1].strip() for x in lines if x.startswith("model name"))
    said = [cpu, f"Python {platform.python_version()}"]
    for package in ("numpy", "jax", "torch"):
        with contextlib.suppress(PackageNotFoundError):
            said.append(f"{package} {version(package)}")
    return ", ".join(said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the table to FILE")
    parser.add_argument("--only", default="", metavar="TEXT", help="the problems whose name has TEXT in it")
    parser.add_argument("--worker", metavar="MODULE", help=argparse.SUPPRESS)
    said = parser.parse_args()
    sys.exit(worker(said.worker) if said.worker else main(said.json, said.only))
