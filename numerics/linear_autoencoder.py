"""A linear autoencoder by hand.    X (n, p) one example a row, E (k, p) encodes, D (p, k) decodes

Source: Baldi and Hornik, Neural networks and principal component analysis (1989).
"""


def residual(X, E, D):
    """What is lost of each example.    ->  (n, p)"""
    return X @ E.T @ D.T - X


def loss(X, E, D):
    """Half the sum of the squares of what is lost."""
    return (residual(X, E, D) ** 2).sum() / 2


def by_decoder(X, E, D):
    """The errors, met with the codes.    ->  (p, k)"""
    return residual(X, E, D).T @ (X @ E.T)


def by_encoder(X, E, D):
    """The errors, carried back through the decoder, met with the examples.    ->  (k, p)"""
    return (residual(X, E, D) @ D).T @ X
