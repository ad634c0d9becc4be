"""The gradient of the nuclear norm.

The nuclear norm adds up the singular values, as the absolute value does for one number. Its gradient forgets how long X
is and keeps only which way it points: U V', the sign of a matrix.

X has full column rank: at smaller rank the nuclear norm has a kink, as |x| has at 0. The singular values need not
differ. P is the root of X'X, so that tr P is the nuclear norm; it is a smooth function of X'X since X'X is positive
definite.

Source: Watson (1992), Characterization of the subdifferential of some matrix norms; Higham, Functions of Matrices
(2008), ch. 8.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    by,
    claim,
    derive,
    diag,
    dims,
    equals,
    let,
    matrix,
    positive_definite,
    positivity,
    total,
    trace,
    unfold,
    vector,
)
from numerics import nuclear_norm as by_hand

n, p = dims("n p")
X = matrix("X", n, p)
dX = matrix("dX", n, p)
P = matrix("P", p, p, positive_definite=True)
dP = matrix("dP", p, p, symmetric=True)

root = assume(P @ P, equals(X.T @ X))
moved = assume(dP @ P + P @ dP, equals(dX.T @ X + X.T @ dX))

differential = derive(
    trace(dP),
    equals(trace(P.I @ (dP @ P + P @ dP)) / 2, algebra),
    equals(trace(P.I @ (dX.T @ X + X.T @ dX)) / 2, moved),
    equals(trace((X @ P.I).T @ dX), algebra),
)
"""How the nuclear norm changes

Differentiate P P = X'X, multiply by P^-1 and take the trace: what stands beside dX is the gradient, X P^-1.
"""

direction = derive(
    (X @ P.I).T @ (X @ P.I),
    equals(P.I @ (X.T @ X) @ P.I, algebra),
    equals(P.I @ P @ P @ P.I, root),
    equals(I(p), algebra),
)
"""The gradient is a direction

Its columns are orthonormal: it is the orthogonal factor in the polar decomposition X = (X P^-1) P.
"""

U = matrix("U", n, p, orthonormal_columns=True)
V = matrix("V", p, p, orthogonal=True)
s = vector("s", p, positive=True)
svd = assume(X, equals(U @ diag(s) @ V.T))
S = let("S", V @ diag(s) @ V.T)

root_of_gram = derive(
    S @ S,
    equals(V @ diag(s) @ V.T @ V @ diag(s) @ V.T, unfold(S)),
    equals(X.T @ X, svd),
)
"""The root, in the singular basis

X = U diag(s) V' is the singular value decomposition that every such X has. The root of X'X is then S, a positive
definite matrix.
"""

definite = claim(positive_definite(S), positivity)

value = derive(
    trace(S),
    equals(total(s), algebra),
)
"""Its trace adds up the singular values"""

gradient = derive(
    X @ S.I,
    equals(U @ diag(s) @ V.T @ S.I, svd),
    equals(U @ V.T, by(definite)),
)
"""The gradient

Each singular value is replaced by 1, its slope.
"""

value_code = agrees(total(s), by_hand.nuclear_norm, given=svd)
gradient_code = agrees(U @ V.T, by_hand.gradient, given=svd)
