"""How eigenvalues and eigenvectors move.

Nudge a symmetric matrix. An eigenvalue moves by what its own vector sees of the nudge, and the vector turns towards the
others, the more so the closer their eigenvalues are.

The eigenvalues are simple: they are then smooth functions of the matrix, and so are their vectors once their length is
fixed (and one of the two signs kept). Where two eigenvalues meet, neither need have a derivative.

Source: Rayleigh, The Theory of Sound (1877), sec. 90; Magnus (1985), On differentiating eigenvalues and eigenvectors;
Petersen and Pedersen, The Matrix Cookbook (2012), eq. 67 and 68.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    by,
    delta,
    derive,
    diag,
    dims,
    dot,
    equals,
    expand,
    index,
    matrix,
    nonzero,
    over,
    scalar,
    vector,
)
from numerics import eigen_differentials as by_hand

(n,) = dims("n")
A = matrix("A", n, n, symmetric=True)
dA = matrix("dA", n, n, symmetric=True)
v = vector("v", n, unit=True)
dv = vector("dv", n)
lam, dlam = scalar("lam"), scalar("dlam")

eigen = assume(A @ v, equals(lam * v))
moved = assume(dA @ v + A @ dv, equals(dlam * v + lam * dv))

eigenvalue = derive(
    dlam,
    equals(v.T @ (dlam * v), algebra),
    equals(v.T @ (dA @ v + A @ dv - lam * dv), moved),
    equals(v.T @ dA @ v + (A @ v - lam * v).T @ dv, algebra),
    equals(v.T @ dA @ v, eigen),
    given=(eigen, moved),
)
"""The eigenvalue

Differentiate A v = lam v, multiply by v': since A is symmetric, the change of v drops out.
"""

V = matrix("V", n, n, orthogonal=True)  # one eigenvector a row
values = vector("lambda", n)
dvalues = vector("dlambda", n)
dV = matrix("dV", n, n)
i, j = index("i", n), index("j", n)

system = assume(A @ V[i], equals(values[i] * V[i]))
moved_system = assume(dA @ V[i] + A @ dV[i], equals(dvalues[i] * V[i] + values[i] * dV[i]))
still_unit = assume(V[i].T @ dV[i], equals(0))
gap = values[i] - values[j] + delta(i, j)
simple = assume(nonzero(gap))

turn = derive(
    (values[i] - values[j]) * (V[j].T @ dV[i]),
    equals(V[j].T @ (values[i] * dV[i] - A @ dV[i]), system),
    equals(V[j].T @ (dA @ V[i] - dvalues[i] * V[i]), moved_system),
    equals(V[j].T @ dA @ V[i] - delta(i, j) * dvalues[i], algebra),
)
"""How far a vector turns

Multiplied by another eigenvector, the same equation says how far the vector i turns towards the vector j.
"""

eigenvector = derive(
    dV[i],
    equals(Sum((V[j].T @ dV[i]) * V[j] for j in over(n)), algebra),
    equals(Sum((1 - delta(i, j)) * (V[j].T @ dV[i]) * V[j] for j in over(n)), still_unit),
    equals(
        Sum((1 - delta(i, j)) * (V[j].T @ dA @ V[i]) / (values[i] - values[j] + delta(i, j)) * V[j] for j in over(n)),
        by(turn, simple),
    ),
)
"""The eigenvector

Only the others count, j other than i: there the denominator is the gap between the two eigenvalues. (At j = i the
delta makes it 1, and the first factor makes the term 0.)
"""
