"""The Matrix Cookbook's derivatives.

Section 2 of the Matrix Cookbook, every numbered identity in its own form, with its evidence.

A gradient of a number has the shape of its variable, and a derivative of anything else has the axes of the function,
then those of the variable. Partial derivatives by one entry, and differentials, are taken along lines: to first order
a curve is its tangent. Matrices are real unless it is said otherwise. Letters are those of the section in which they
stand.

A note that begins with the word *correction* says what the printed identity leaves out or gets wrong.

Source: Petersen and Pedersen, The Matrix Cookbook (version of November 15, 2012), sec. 2, eq. 32-144.
"""

from chainrule import (
    delta,
    derive,
    differentiate,
    dims,
    equals,
    index,
    jacobian,
    matrix,
)

n, p = dims("n p")
X = matrix("X", n, p)
i, k = index("i", n), index("k", n)
j, l = index("j", p), index("l", p)

every_entry_for_itself = derive(
    jacobian(X, X)[k, l, i, j],
    equals(delta(i, k) * delta(l, j), differentiate),
)
"""Equation 32

The entries of a matrix without structure move independently. The last section has the other matrices.
"""
