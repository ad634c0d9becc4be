"""Nonnegative coefficients: what is found adds up, and where nothing is found, SciPy finds nothing either."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from chainrule.search.simplex import solution


def _drawn(rng: Random) -> tuple[list[list[Fraction]], list[Fraction]]:
    rows, columns = rng.randint(1, 5), rng.randint(1, 7)
    table = [[Fraction(rng.randint(-2, 2)) for _ in range(columns)] for _ in range(rows)]
    if rng.random() < 0.5:
        inside = [rng.randint(0, 2) for _ in range(columns)]
        return table, [sum((a * c for a, c in zip(row, inside, strict=True)), Fraction(0)) for row in table]
    return table, [Fraction(rng.randint(-3, 3)) for _ in range(rows)]


@pytest.mark.parametrize("seed", range(20))
def test_against_scipy(seed: int) -> None:
    rng = Random(seed)
    for _ in range(25):
        table, goal = _drawn(rng)
        rows, n = range(len(table)), len(table[0])
        wanted = frozenset(j for j in range(n) if rng.random() < 0.3)
        columns = [{i: table[i][j] for i in rows if table[i][j]} for j in range(n)]
        for strict in (frozenset[int](), wanted):
            found = solution(columns, {i: goal[i] for i in rows if goal[i]}, strict)
            cost = -np.isin(np.arange(n), list(strict)).astype(float)
            other = linprog(cost, A_eq=np.array(table, float), b_eq=np.array(goal, float), bounds=[(0, 50)] * n)
            assert (found is not None) == (other.status == 0 and (not strict or other.fun < -1e-9))
            if found is not None:
                assert all(c >= 0 for c in found)
                assert all(sum(a * c for a, c in zip(table[i], found, strict=True)) == goal[i] for i in rows)
                assert not strict or any(found[j] > 0 for j in strict)
