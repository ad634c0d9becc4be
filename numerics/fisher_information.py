"""Fisher's information."""


def information(p, A):
    """I = sum_i a_i a_i' / p_i.    p (n,) positive with sum 1, A (n, d) their slopes in the parameters  ->  (d, d)"""
    return (A / p[:, None]).T @ A


def coin(theta):
    """1 / (theta (1 - theta)).    0 < theta < 1  ->  ()"""
    return 1 / theta + 1 / (1 - theta)
