"""How the matrix exponential changes with its matrix."""

import numpy as np
from scipy.linalg import expm


def by_blocks(A, E):
    """The upper right block of exp([[A, E], [0, A]]), for any square A.    A (n, n), E (n, n)  ->  (n, n)

    Source: Higham, Functions of Matrices (2008), eq. 10.43.
    """
    n = A.shape[0]
    return expm(np.block([[A, E], [np.zeros((n, n)), A]]))[:n, n:]


def in_eigenbasis(V, lam, E):
    """V (Psi o (V'E V)) V', where Psi_ij = (e^lam_i - e^lam_j) / (lam_i - lam_j), and e^lam_i on the diagonal.

    V (n, n), one eigenvector a column, orthogonal, lam (n,), E (n, n)  ->  (n, n)
    Domain: the eigenvalues differ. Where two are close the quotient loses digits.
    """
    e, same = np.exp(lam), np.eye(lam.shape[0])
    rise = e[:, None] - e[None, :] + same * e
    run = lam[:, None] - lam[None, :] + same
    return V @ (rise / run * (V.T @ E @ V)) @ V.T
