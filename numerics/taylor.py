"""The line that a smooth function follows near a point, and the parabolas between which it stays."""


def line(f, g, h):
    """f + g'h.    f (), the value; g (n,), the gradient; h (n,), the step  ->  ()"""
    return f + g @ h


def upper(f, g, h, L):
    """f + g'h + L/2 |h|^2, never below the function.    f (), g (n,), h (n,), L ()  ->  ()"""
    return line(f, g, h) + L / 2 * (h @ h)


def lower(f, g, h, L):
    """f + g'h - L/2 |h|^2, never above the function.    f (), g (n,), h (n,), L ()  ->  ()"""
    return line(f, g, h) - L / 2 * (h @ h)
