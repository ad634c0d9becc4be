"""Steepest descent with exact line search on f(x) = x'Ax/2 - b'x."""


def step(A, b, x):
    """t = g'g / g'Ag with g = A x - b.    A (n, n) symmetric, b (n,), x (n,), g'Ag > 0  ->  ()"""
    g = A @ x - b
    return (g @ g) / (g @ A @ g)


def decrease(A, b, x):
    """f(x) - f(x - t g) = (g'g)^2 / (2 g'Ag).    A (n, n) symmetric, b (n,), x (n,), g'Ag > 0  ->  ()"""
    g = A @ x - b
    return (g @ g) ** 2 / (2 * (g @ A @ g))
