"""Tail bounds of a number on finitely many outcomes."""


def markov(p, h, a):
    """E h / a.    p (n,) positive with sum 1, h (n,) >= 0, a > 0  ->  ()"""
    return p @ h / a


def chebyshev(p, f, a):
    """Var f / a^2.    p (n,) positive with sum 1, f (n,), a > 0  ->  ()"""
    apart = f - p @ f
    return p @ apart**2 / a**2
