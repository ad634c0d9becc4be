"""What the descent lemma promises of a gradient step."""


def upper_bound(f_x, g, t, L):
    """f(x - t g) <= f(x) - t (1 - L t / 2) ||g||^2.    f_x (), g (n,), t (), L ()  ->  ()"""
    return f_x - t * (1 - L * t / 2) * (g @ g)
