"""A linear autoencoder finds the principal components.

Squeeze the data through a few numbers and unfold them again, all linearly: the best that can be done is to keep the
directions in which the data vary most. Which basis of them is kept, nothing decides.

The rows of X are examples, E encodes and D decodes. The columns of V are orthonormal eigenvectors of X'X.

Source: Baldi and Hornik, Neural networks and principal component analysis (1989); Bourlard and Kamp (1988); Eckart and
Young (1936).
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    by,
    cancel,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    sqnorm,
    total,
    trace,
    vector,
)
from numerics import linear_autoencoder as by_hand

n, p, k = dims("n p k")
X = matrix("X", n, p)  # one example a row
E, D = matrix("E", k, p), matrix("D", p, k)
loss = sqnorm(X - X @ E.T @ D.T) / 2
S = let("S", X.T @ X)

by_decoder = derive(grad(loss, D), equals(D @ E @ S @ E.T - S @ E.T, differentiate))
"""By the decoder"""
by_encoder = derive(grad(loss, E), equals(D.T @ D @ E @ S - D.T @ S, differentiate))
"""By the encoder"""

V, l = matrix("V", p, k, orthonormal_columns=True), vector("l", k)
eigen = assume(S @ V, equals(V @ diag(l)))
still_decoder = derive(
    by_decoder.last.at(E, V.T).at(D, V),
    equals(V @ V.T @ (S @ V) - S @ V, algebra),
    equals(V @ V.T @ V @ diag(l) - V @ diag(l), by(eigen)),
    equals(0, algebra),
)
"""Eigenvectors are stationary

E = V' and D = V leave nothing to the gradient by the decoder,
"""
still_encoder = derive(by_encoder.last.at(E, V.T).at(D, V), equals(0, algebra))
"""nor by the encoder"""

C = matrix("C", k, k, invertible=True)
same_function = derive(
    loss.at(E, C @ E).at(D, D @ C.I),
    equals(loss, cancel(C)),
)
"""Any basis of the subspace does

Only the product D E counts: the autoencoder finds the subspace, and not the components.
"""

U = matrix("U", p, k, orthonormal_columns=True)  # any other k directions
error = derive(
    loss.at(E, U.T).at(D, U),
    equals(trace(S) / 2 - trace(U.T @ S @ U) / 2, algebra),
)
"""What is lost

is what the data vary, less what they vary along the directions that are kept;
"""
at_eigenvectors = derive(
    loss.at(E, V.T).at(D, V),
    equals(trace(S) / 2 - trace(V.T @ (S @ V)) / 2, algebra),
    equals(trace(S) / 2 - trace(V.T @ V @ diag(l)) / 2, by(eigen)),
    equals(trace(S) / 2 - total(l) / 2, algebra),
)
"""and for eigenvectors what is kept is the sum of their eigenvalues

so that of all stationary points the largest eigenvalues lose least. That no other directions lose less is the theorem
of Eckart and Young; it is not shown here.
"""

loss_code = agrees(loss, by_hand.loss)
encoder_code = agrees(grad(loss, E), by_hand.by_encoder)
decoder_code = agrees(grad(loss, D), by_hand.by_decoder)
