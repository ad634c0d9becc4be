"""How the work grows with depth: all gradients of a deep network, and of a long product of matrices.

    python benchmarks/growth.py

Doubling the depth should double the time. The table is printed; a missed target makes the exit status 1.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from chainrule.calculus.reverse import gradients
from chainrule.forms import dag
from chainrule.forms.lower import Lowering
from chainrule.notation.dims import dims
from chainrule.notation.nodes import Node
from chainrule.notation.vocabulary import matrix, sqnorm, tanh, trace, vector

DEPTHS = (10, 20)
RATIO = 2.5
"""The most that the time may grow when the depth doubles."""
RUNS = 20
"""Each time is the least of this many runs, every one on symbols that the DAG has not met."""


def network(depth: int, run: int) -> tuple[Node, list[Node]]:
    """|tanh(W_L ... tanh(W_1 x))|^2 and its weights."""
    (d,) = dims("d")
    weights: list[Node] = [matrix(f"W{k}_{run}_{depth}", d, d) for k in range(depth)]
    h: Node = vector(f"x_{run}_{depth}", d)
    for weight in weights:
        h = tanh(weight @ h)
    return sqnorm(h), weights


def chain(depth: int, run: int) -> tuple[Node, list[Node]]:
    """tr(A_1 A_2 ... A_L) and its factors."""
    (d,) = dims("d")
    factors: list[Node] = [matrix(f"A{k}_{run}_{depth}", d, d) for k in range(depth)]
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return trace(product), factors


def milliseconds(make: Callable[[int, int], tuple[Node, list[Node]]], depth: int) -> tuple[float, int]:
    """The least time of lowering a formula and taking every gradient, and the size of the DAG of all of them."""
    least, size = float("inf"), 0
    for run in range(RUNS):
        formula, variables = make(depth, run)
        start = time.perf_counter()
        lowering = Lowering()
        made = gradients(lowering(formula).node, [lowering(v).node for v in variables])
        least = min(least, time.perf_counter() - start)
        size = len(dag.order(*made))
    return least * 1e3, size


CASES = (("tanh network", network, 50.0), ("trace of a product", chain, 20.0))
"""Name, formula, and the most milliseconds that all gradients may take at the larger depth."""


def main() -> int:
    """Print the table; 1 if a target is missed."""
    print(f"{'all gradients of':<20}{'L=10':>10}{'L=20':>10}{'ratio':>8}{'nodes':>12}   target")
    missed = False
    for name, make, most in CASES:
        milliseconds(make, DEPTHS[0])  # tables and caches are filled
        (short, few), (long, many) = (milliseconds(make, depth) for depth in DEPTHS)
        ratio = long / short
        good = ratio <= RATIO and long <= most
        missed |= not good
        print(
            f"{name:<20}{short:>7.2f} ms{long:>7.2f} ms{ratio:>8.2f}{few:>6}{many:>6}"
            f"   <= {most:g} ms, <= {RATIO}  {'met' if good else 'MISSED'}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
