"""The proximal step of the nuclear norm.

To stay near a matrix and pay `lam` for the sum of its singular values: keep the singular vectors, and shrink each
singular value by `lam`, to 0 if it is smaller. Small ones vanish, and the rank drops.

V = U diag(s) W' is the singular value decomposition of V, and N is the nuclear norm of any other matrix X.

Source: Cai, Candes and Shen (2010), theorem 2.1; Parikh and Boyd, Proximal Algorithms (2014), sec. 6.7.3.
"""

from chainrule import (
    agrees,
    algebra,
    at_least,
    at_most,
    by,
    cited,
    claim,
    derive,
    diag,
    dims,
    equals,
    let,
    matrix,
    positive_semidefinite,
    positivity,
    relu,
    scalar,
    sqnorm,
    total,
    trace,
    unfold,
    vector,
)
from numerics import prox_nuclear as by_hand

m, n, r = dims("m n r")
U = matrix("U", m, r, orthonormal_columns=True)
W = matrix("W", n, r, orthonormal_columns=True)
s = vector("s", r, nonnegative=True)
X = matrix("X", m, n)
N = scalar("N")
lam = scalar("lam", positive=True)

V = let("V", U @ diag(s) @ W.T)
shrunk = let("p", relu(s - lam))
P = let("P", U @ diag(shrunk) @ W.T)

capped = derive(
    lam - (s - shrunk),
    equals(relu(lam - s), unfold(shrunk)),
)
"""What is given up

Of each singular value no more than `lam`, so that V - P stretches nothing by more than `lam`: the next line makes it
exact.
"""

spectral = claim(positive_semidefinite(U @ diag(relu(lam - s)) @ U.T), positivity)
"""In the basis U"""

alignment = derive(
    trace((V - P).T @ P),
    equals(total((s - shrunk) * shrunk), unfold(V, P)),
    equals(lam * total(shrunk), unfold(shrunk)),
)
"""And exactly lam where something is kept"""

duality = cited(
    trace((V - P).T @ X),
    at_most(lam * N),
    theorem="the nuclear norm is dual to the spectral norm",
    source="Horn and Johnson, Matrix Analysis (2nd ed.), sec. 5.6; Cai, Candes and Shen (2010), eq. 2.5",
)
optimal = derive(
    sqnorm(X - V) / 2 + lam * N,
    at_least(sqnorm(X - V) / 2 + trace((V - P).T @ X), by(duality)),
    equals(sqnorm(P - V) / 2 + sqnorm(X - P) / 2 + trace((V - P).T @ P), algebra),
    equals(sqnorm(P - V) / 2 + lam * total(shrunk) + sqnorm(X - P) / 2, by(alignment)),
)
"""Every other matrix costs more

By at least half its squared distance: the nuclear norm of P is the sum of its singular values `p`.
"""

prox_code = agrees(P, by_hand.shrunk, U="U", s="s", W="W")
