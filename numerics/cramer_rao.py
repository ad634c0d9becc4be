"""The bound of Cramer and Rao."""


def bound(p, a, slope):
    """slope^2 / sum_j a_j^2 / p_j.    p (n,) positive with sum 1, a (n,) their slopes, not all 0  ->  ()"""
    return slope**2 / (a @ (a / p))
