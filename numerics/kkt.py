"""The nearest point of a half-space."""


def nearest(v, a, b):
    """v where a'v <= b, else v - (a'v - b) a / ||a||^2.    v (n,), a (n,) not 0, b ()  ->  (n,)"""
    excess = a @ v - b
    return v - excess / (a @ a) * a if excess > 0 else v
