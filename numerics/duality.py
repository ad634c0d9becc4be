"""The dual of a quadratic program."""

import numpy as np


def dual_value(P, q, A, b, lam):
    """The least value of z'Pz/2 + q'z + lam'(A z - b) over z.

    P (n, n) positive definite, q (n,), A (m, n), b (m,), lam (m,)  ->  ()
    """
    r = q + A.T @ lam
    z = -np.linalg.solve(P, r)
    return z @ P @ z / 2 + q @ z + lam @ (A @ z - b)
