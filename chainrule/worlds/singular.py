"""The sum of the singular values of a matrix, in balls that surely contain it: Jacobi's rotations.

    D = [0 X; X' 0]  has the eigenvalues  s_k, -s_k  and 0,    so that  sum s_k = sum |eigenvalues of D| / 2

Each rotation J, with c = 1/sqrt(1 + t^2) and s = t c, is exactly orthogonal whatever t is, so that t need only be near
the best one. Once what is off the diagonal is small, each eigenvalue is as near to its diagonal entry as the root
of the sum of squares of all that is off it (Weyl), of whatever multiplicity it is.

Source: Golub and Van Loan, Matrix Computations (4th ed., 2013), sec. 8.5, and corollary 8.1.6.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np
from flint import arb

from chainrule.errors import Unsupported

from .arithmetic import OPAQUE, Arithmetic, Balls
from .elimination import Array, filled, is_plain

SWEEPS = 40
"""How often every entry may be rotated away; each sweep squares what is left."""


def nuclear(x: Array, arithmetic: Arithmetic) -> Any:
    """The sum of the singular values of x (m, n): a ball; OPAQUE in numbers that have no roots."""
    if not is_plain(x):
        raise Unsupported("the sum of singular values has no derivative here: it is none where one of them is 0")
    if not isinstance(arithmetic, Balls):
        return OPAQUE
    m, n = x.shape
    d = filled((m + n, m + n), arb(0))
    d[:m, m:], d[m:, :m] = x, x.T
    small = _size(d) * arb(2) ** (4 - flint.ctx.prec)
    for _ in range(SWEEPS):
        if all(abs(d[p, q].mid()) <= small for p in range(m + n) for q in range(p + 1, m + n)):
            break
        for p in range(m + n):
            for q in range(p + 1, m + n):
                _rotate(d, p, q)
    off = _size(d - np.diag(np.diag(d)))
    return sum((abs(x) for x in np.diag(d)), arb(0)) / 2 + arb(0, (off * (m + n)).upper())


def _size(d: Array) -> Any:
    """At least the root of the sum of squares of all entries."""
    return sum((x.abs_upper() ** 2 for x in d.flat), arb(0)).upper().sqrt().upper()


def _rotate(d: Array, p: int, q: int) -> None:
    """Rows and columns p and q turned so that d[p, q] is about 0."""
    a, b, c = d[p, p].mid(), d[p, q].mid(), d[q, q].mid()
    if b.is_zero():
        return
    half = ((c - a) / (2 * b)).mid()
    t = (1 / (abs(half) + (1 + half * half).sqrt())).mid() * (1 if half >= 0 else -1)
    cos = 1 / (1 + t * t).sqrt()
    sin = t * cos
    for lines in (d, d.T):
        one, other = lines[p].copy(), lines[q].copy()
        lines[p], lines[q] = cos * one - sin * other, sin * one + cos * other
