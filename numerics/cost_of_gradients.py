"""How many operations a program's value and gradient take, from how many of each kind it has."""


def value_and_gradient(s, p, e, l, f):
    """Sums and products s, powers p, exponentials e, logarithms and sines l, cosines, tangents and roots f."""
    return 5 * s + 5 * p + 3 * e + 4 * l + 5 * f
