"""The proximal step of the nuclear norm.

To stay near a matrix and pay `lam` for the sum of its singular values: keep the singular vectors, and shrink each
singular value by `lam`, to 0 if it is smaller. Small ones vanish, and the rank drops.

V = U diag(s) W' is the singular value decomposition of V, and the point was found by `minimise`.

Source: Cai, Candes and Shen (2010), theorem 2.1; Parikh and Boyd, Proximal Algorithms (2014), sec. 6.7.3.
"""

from chainrule import (
    agrees,
    assume,
    claim,
    diag,
    dims,
    equals,
    matrix,
    minimise,
    nuclear,
    positive_semidefinite,
    positivity,
    relu,
    scalar,
    sqnorm,
    vector,
)
from numerics import prox_nuclear as by_hand

m, n, r = dims("m n r")
U = matrix("U", m, r, orthonormal_columns=True)
W = matrix("W", n, r, orthonormal_columns=True)
s = vector("s", r, nonnegative=True)
X, V = matrix("X", m, n), matrix("V", m, n)
lam = scalar("lam", positive=True)

decomposed = assume(V, equals(U @ diag(s) @ W.T))
shrinking = minimise(sqnorm(X - V) / 2 + lam * nuclear(X), X, given=decomposed)

given_up = shrinking.stationary
"""What is given up

V - X* has the same singular vectors. Of each singular value it takes `lam`, or all of it.
"""

not_below, capped, alignment = shrinking.conditions
"""No less than nothing, no more than `lam`

So that V - X* stretches nothing by more than `lam`: the next line makes it exact.
"""

spectral = claim(positive_semidefinite(U @ diag(relu(lam - s)) @ U.T), positivity)
"""In the basis U"""

optimal = shrinking.lowest
"""Every other matrix costs more

By at least half its squared distance. The inner product of V - X* with any matrix is at most `lam` times that matrix's
sum of singular values, and with X* it is just that: exactly `lam` is given up where something is kept.
"""

prox_code = agrees(shrinking.point, by_hand.shrunk, U="U", s="s", W="W")
