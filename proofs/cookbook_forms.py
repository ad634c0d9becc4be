"""Vectors, matrices and scalar forms.

Section 2.4, equations 69 to 98. A form is linear in each place where the variable stands: hold the other places, read
off the coefficients, and add up.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    assume,
    delta,
    derive,
    differentiate,
    dims,
    each,
    equals,
    grad,
    hessian,
    index,
    jacobian,
    let,
    matrix,
    nonzero,
    outer,
    over,
    scalar,
    sqnorm,
    vector,
)
from numerics import cookbook as by_hand

m, n, p, q = dims("m n p q")
i, j = index("i", n), index("j", p)
x, a = vector("x", n), vector("a", n)
b, c = vector("b", p), vector("c", p)
X = matrix("X", n, p)
J = let("J_i_j", outer(I(n)[i], I(p)[j]))

linear = derive(
    grad(x.T @ a, x),
    equals(grad(a.T @ x, x), differentiate),
    equals(a, differentiate),
)
"""Equation 69"""

bilinear = derive(
    grad(a.T @ X @ b, X),
    equals(a @ b.T, differentiate),
)
"""Equation 70"""

bilinear_transposed = derive(
    grad(b.T @ X.T @ a, X),
    equals(a @ b.T, differentiate),
)
"""Equation 71

The vectors keep their sizes, so that `b` stands first.
"""

R = matrix("R", n, n)
one_vector = derive(
    grad(a.T @ R @ a, R),
    equals(grad(a.T @ R.T @ a, R), differentiate),
    equals(a @ a.T, differentiate),
)
"""Equation 72"""

single_entry = derive(
    each(jacobian(X, X)[k, l, i, j] for k in over(n) for l in over(p)),
    equals(J, differentiate),
)
"""Equation 73

`J_i_j` has a 1 at the entry *i*, *j*, and 0 elsewhere: it is the product of two unit vectors, the columns of identity
matrices.
"""

A = matrix("A", p, q)
k, l = index("k", n), index("l", q)
entry_of_product = derive(
    jacobian(X @ A, X)[k, l, i, j],
    equals(delta(k, i) * A[j, l], differentiate),
    equals((J @ A)[k, l], algebra),
)
"""Equation 74

The entry *k*, *l* of the product, by the entry *i*, *j* of X.
"""

B = matrix("B", n, q)
r = index("r", p)
entry_of_transposed_product = derive(
    jacobian(X.T @ B, X)[r, l, i, j],
    equals(delta(r, j) * B[i, l], differentiate),
    equals((J.T @ B)[r, l], algebra),
)
"""Equation 75"""

square_of_sum = derive(
    grad(Sum(X[k, l] * X[r, s] for k in over(n) for l in over(p) for r in over(n) for s in over(p)), X)[i, j],
    equals(2 * Sum(X[k, l] for k in over(n) for l in over(p)), differentiate),
)
"""Equation 76"""

gram_form = derive(
    grad(b.T @ X.T @ X @ c, X),
    equals(X @ (b @ c.T + c @ b.T), differentiate),
)
"""Equation 77"""

K, L = matrix("K", m, n), matrix("L", q, n)
d, e = vector("d", m), vector("e", q)
C = matrix("C", m, q)
product_of_affine = derive(
    grad((K @ x + d).T @ C @ (L @ x + e), x),
    equals(K.T @ C @ (L @ x + e) + L.T @ C.T @ (K @ x + d), differentiate),
)
"""Equation 78"""

F = matrix("F", n, n)
u, v = index("u", p), index("v", p)
entry_of_form = derive(
    jacobian(X.T @ F @ X, X)[u, v, i, j],
    equals(delta(v, j) * (X.T @ F)[u, i] + delta(u, j) * (F @ X)[i, v], differentiate),
)
"""Equation 79"""

form_by_entry = derive(
    each(jacobian(X.T @ F @ X, X)[u, v, i, j] for u in over(p) for v in over(p)),
    equals(X.T @ F @ J + J.T @ F @ X, differentiate),
)
"""Equation 80"""

quadratic = derive(
    grad(x.T @ F @ x, x),
    equals((F + F.T) @ x, differentiate),
)
"""Equation 81"""

weighted_gram_form = derive(
    grad(b.T @ X.T @ F @ X @ c, X),
    equals(F.T @ X @ b @ c.T + F @ X @ c @ b.T, differentiate),
)
"""Equation 82"""

quadratic_of_affine = derive(
    grad((X @ b + a).T @ F @ (X @ b + a), X),
    equals((F + F.T) @ (X @ b + a) @ b.T, differentiate),
)
"""Equation 83"""

W = matrix("W", n, n, symmetric=True)
M = matrix("M", n, p)
s, z = vector("s", p), vector("z", n)
residual_in_weights = derive(
    grad((x - M @ s).T @ W @ (x - M @ s), s),
    equals(-2 * M.T @ W @ (x - M @ s), differentiate),
)
"""Equation 84

From here to equation 88 the matrix W is symmetric.
"""

distance_in_point = derive(
    grad((x - z).T @ W @ (x - z), x),
    equals(2 * W @ (x - z), differentiate),
)
"""Equation 85"""

distance_in_centre = derive(
    grad((x - z).T @ W @ (x - z), z),
    equals(-2 * W @ (x - z), differentiate),
)
"""Equation 86"""

residual_in_point = derive(
    grad((x - M @ s).T @ W @ (x - M @ s), x),
    equals(2 * W @ (x - M @ s), differentiate),
)
"""Equation 87"""

residual_in_matrix = derive(
    grad((x - M @ s).T @ W @ (x - M @ s), M),
    equals(-2 * W @ (x - M @ s) @ s.T, differentiate),
)
"""Equation 88"""

re_x, im_x = vector("x_1", n), vector("x_2", n)
re_b, im_b = vector("b_1", n), vector("b_2", n)
re_a, im_a = scalar("a_1"), scalar("a_2")
re = let("r_1", re_a - re_x.T @ re_b - im_x.T @ im_b)
im = let("r_2", im_a - re_x.T @ im_b + im_x.T @ re_b)
modulus_real = derive(
    grad(re**2 + im**2, re_x),
    equals(-2 * (re_b * re + im_b * im), differentiate),
)
"""Equation 89, real part

`x_1` and `x_2` are the real and the imaginary part of a complex vector, and so on; `r_1` and `r_2` are those of the
number that is squared.

Correction. It is the modulus that is squared, and the derivative is the gradient in the real part plus i times that in
the imaginary part. The plain square is a function of the conjugate vector alone: its derivative in the vector is 0.
"""

modulus_imaginary = derive(
    grad(re**2 + im**2, im_x),
    equals(-2 * (im_b * re - re_b * im), differentiate),
)
"""Equation 89, imaginary part

The two parts together are what is printed: minus twice `b`, times the conjugate of `r`.
"""

t = scalar("t")
H, P, dP = matrix("H", n, n), matrix("P", n, n), matrix("dP", n, n)
R_t, P_t = let("R_t", R + t * H), let("P_t", P + t * dP)
g, h, o = index("g", n), index("h", n), index("o", n)
unit = let("J_g_h", outer(I(n)[g], I(n)[h]))
entry_of_power = derive(
    jacobian(R @ R @ R, R)[k, o, g, h],
    equals((unit @ R @ R + R @ unit @ R + R @ R @ unit)[k, o], differentiate),
)
"""Equation 90, third power

`J_g_h` stands once at each place.
"""

one_power_more = derive(
    jacobian(R_t @ P_t, t).at(t, 0),
    equals(H @ P + R @ dP, differentiate),
)
"""Equations 90-92, one power more

If P is a power of R and `dP` its derivative along H, then the next power has this derivative: one term for the new
factor in front, and the old terms with one more factor before them. So the sum over the places goes from each power to
the next, and the identities hold for all.
"""

y = vector("y", n)
bilinear_in_power = derive(
    grad(a.T @ R @ R @ R @ y, R),
    equals(a @ y.T @ (R @ R).T + R.T @ a @ y.T @ R.T + (R @ R).T @ a @ y.T, differentiate),
)
"""Equation 91, third power"""

gram_of_first_power = derive(
    grad(a.T @ R.T @ R @ y, R),
    equals(R @ y @ a.T + R @ a @ y.T, differentiate),
)
"""Equation 92, first power

Correction. The printed sum begins with the transpose of the first term here.
"""

gram_of_power = derive(
    grad(a.T @ (R @ R).T @ (R @ R) @ y, R),
    equals(
        (R @ R) @ y @ a.T @ R.T + R.T @ (R @ R) @ y @ a.T + (R @ R) @ a @ y.T @ R.T + R.T @ (R @ R) @ a @ y.T,
        differentiate,
    ),
)
"""Equation 92, second power

Correction. The first of the two printed sums has to be transposed, whatever the power; it is then the second one with
the two vectors exchanged.
"""

f, w = vector("f", m), vector("w", q)
Y, Z = matrix("Y", m, n), matrix("Z", q, n)
first, second = let("s", f + Y @ x), let("r", w + Z @ x)
product_of_functions = derive(
    grad(first.T @ C @ second, x),
    equals(jacobian(first, x).T @ C @ second + jacobian(second, x).T @ C.T @ first, differentiate),
)
"""Equation 93

Functions of x are given by their values and slopes: this derivative sees nothing else of them.
"""

N = matrix("N", q, n)
denominator = assume(nonzero(sqnorm(N @ x)))
quotient = derive(
    grad(((K @ x).T @ (K @ x)) / ((N @ x).T @ (N @ x)), x),
    equals(grad((x.T @ K.T @ K @ x) / (x.T @ N.T @ N @ x), x), differentiate),
    equals(
        2 * (K.T @ K @ x) / (x.T @ N.T @ N @ x) - 2 * (x.T @ K.T @ K @ x) * (N.T @ N @ x) / (x.T @ N.T @ N @ x) ** 2,
        differentiate,
    ),
    given=denominator,
)
"""Equations 94, 95

Correction. The denominator must not be 0.
"""

parabola = x.T @ F @ x + a.T @ x
gradient = derive(
    grad(parabola, x),
    equals((F + F.T) @ x + a, differentiate),
)
"""Equations 96, 97"""

curvature = derive(
    hessian(parabola, x),
    equals(F + F.T, differentiate),
)
"""Equation 98"""

gram_of_power_code = agrees(gram_of_power.first, by_hand.form_in_square)
