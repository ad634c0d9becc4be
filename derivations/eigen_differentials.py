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
    each,
    equals,
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

Differentiate A v = lam v and multiply by v': since A is symmetric, the change of v drops out.
"""

V = matrix("V", n, n, orthogonal=True)  # one eigenvector a row; the whole basis now
values = vector("lambda", n)
Omega = matrix("Omega", n, n, skew=True)
dV = matrix("dV", n, n)
dvalues = vector("dlambda", n)
dB = matrix("dB", n, n)
i, j = index("i", n), index("j", n)

turning = assume(dV, equals(Omega @ V))
moving = assume(dB, equals(dV.T @ diag(values) @ V + V.T @ diag(dvalues) @ V + V.T @ diag(values) @ dV))
gap = values[i] - values[j] + delta(i, j)
simple = assume(nonzero(gap))

turn = derive(
    V[j].T @ dB @ V[i],
    equals((values[i] - values[j]) * (V[j].T @ dV[i]) + delta(i, j) * dvalues[i], by(turning, moving)),
)
"""How far a vector turns

Differentiate B = V' diag(lambda) V. The vectors stay orthonormal, so that V can only turn: dV = Omega V
with a skew Omega.
"""

towards = derive(
    (1 - delta(i, j)) * (V[j].T @ dV[i]),
    equals((1 - delta(i, j)) * (V[j].T @ dB @ V[i]) / gap, by(turn, simple)),
)
"""Towards each of the others

For j other than i the denominator is the gap between the two eigenvalues. (At j = i the delta makes it 1, and both
sides are 0.)
"""

others_only = derive(
    V[i].T @ dV[i],
    equals(0, turning),
)
"""No turn towards itself

A vector of fixed length moves at right angles to itself.
"""

eigenvector = derive(
    dV[i],
    equals(Sum((V[j].T @ dV[i]) * V[j] for j in over(n)), algebra),
    equals(Sum((1 - delta(i, j)) * (V[j].T @ dV[i]) * V[j] for j in over(n)), others_only),
    equals(
        Sum((1 - delta(i, j)) * (V[j].T @ dB @ V[i]) / (values[i] - values[j] + delta(i, j)) * V[j] for j in over(n)),
        by(towards, simple),
    ),
)
"""The eigenvector

Each of the others adds its part.
"""

every_eigenvector = each(
    Sum((1 - delta(i, j)) * (V[j].T @ dA @ V[i]) / (values[i] - values[j] + delta(i, j)) * V[j] for j in over(n))
    for i in over(n)
)
eigenvalue_code = agrees(v.T @ dA @ v, by_hand.eigenvalue_differential)
eigenvector_code = agrees(every_eigenvector, by_hand.eigenvector_differentials, given=simple, lam="lambda")
