"""The rate of EM from information matrices.

Source: Dempster, Laird and Rubin (1977), sec. 3.
"""

import numpy as np


def rate(O, M):
    """(O + M)^-1 M, what a step leaves of the error.    O (n, n) positive definite, M (n, n) psd  ->  (n, n)"""
    return np.linalg.solve(O + M, M)
