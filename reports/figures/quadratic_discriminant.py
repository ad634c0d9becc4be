"""Iris petals and the bent borders of quadratic discriminant analysis."""

from numerics import iris
from reports.figures.linear_discriminant import bent, draw_regions, errors

ALT = (
    "Iris flowers by petal length and petal width, the three species marked by circles, squares and triangles. The "
    "border of setosa is a small ellipse around its tight cloud; that between the other two bends."
)


def draw(path, look):
    """The quadratic borders."""
    draw_regions(path, look, bent, [(1.6, 0.75), (3.1, 0.6), (6.5, 1.3)])


def caption():
    """How many are wrong."""
    seen, unseen = errors(bent, iris.measurements()[:, 2:4])
    return (
        "The same flowers, each species with a covariance of its own. Setosa varies least, and its region is small. "
        f"Ringed: the {seen} flowers beyond their border; with each flower left out of its own fit, {unseen}."
    )
