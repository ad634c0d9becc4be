"""Inverses and eigenvalues.

Sections 2.2 and 2.3, equations 59 to 68. An inverse changes as 1/x does, with the two factors 1/x on either side; an
eigenvalue moves by what its own vector sees.
"""

from chainrule import (
    I,
    Sum,
    assume,
    by,
    derive,
    det,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    index,
    invertible,
    jacobian,
    let,
    matrix,
    over,
    scalar,
    trace,
    vector,
)

m, n, p = dims("m n p")
t = scalar("t")
i, j, k, l = (index(name, n) for name in "ijkl")
X = matrix("X", n, n, invertible=True)
Y = matrix("Y", n, n, invertible=True)
dY = matrix("dY", n, n)
Y_t = let("Y_t", Y + t * dY)
a, b = vector("a", n), vector("b", n)
A, B = matrix("A", m, n), matrix("B", n, m)
C = matrix("C", n, n)

along_a_curve = derive(
    jacobian(Y_t.I, t).at(t, 0),
    equals(-Y.I @ dY @ Y.I, differentiate),
)
"""Equation 59"""

entries = derive(
    jacobian(X.I, X)[k, l, i, j],
    equals(-X.I[k, i] * X.I[j, l], differentiate),
)
"""Equation 60

The indices of the inverse come first, then those of X.
"""

bilinear = derive(
    grad(a.T @ X.I @ b, X),
    equals(-X.I.T @ a @ b.T @ X.I.T, differentiate),
)
"""Equation 61"""

determinant_of_inverse = derive(
    grad(det(X.I), X),
    equals(-det(X.I) * X.I.T, differentiate),
)
"""Equation 62"""

trace_with_factors = derive(
    grad(trace(A @ X.I @ B), X),
    equals(-(X.I @ B @ A @ X.I).T, differentiate),
)
"""Equation 63"""

regular = assume(invertible(C + X))
trace_of_shifted = derive(
    grad(trace((X + C).I), X),
    equals(-((X + C).I @ (X + C).I).T, differentiate),
    given=regular,
)
"""Equation 64

The sum has to be invertible, and X need not be.
"""

W = matrix("W", n, n)
G = matrix("G", n, n)
through_the_inverse = derive(
    grad(trace(G.T @ X.I), X),
    equals(-X.I.T @ G @ X.I.T, differentiate),
)
"""After equation 64

G is the gradient in the inverse, of any differentiable function of it: to first order the function is a trace like
this one, and G may be anything.
"""

V = matrix("V", n, n, invertible=True)
values = vector("lambda", n)
M = matrix("M", n, n)
diagonalised = assume(M, equals(V @ diag(values) @ V.I))
sum_of_eigenvalues = derive(
    Sum(values[c] for c in over(n)),
    equals(trace(M), diagonalised),
    given=diagonalised,
)
"""Equation 65, the sum

Where M has a basis of real eigenvectors. The trace is the sum of the eigenvalues, complex and repeated ones counted,
of every matrix; that needs another proof.
"""

gradient_of_sum = derive(
    grad(trace(C), C),
    equals(I(n), differentiate),
)
"""Equation 65, its gradient"""

gradient_of_product = derive(
    grad(det(X), X),
    equals(det(X) * X.I.T, differentiate),
)
"""Equation 66

The determinant is the product of the eigenvalues.

Correction. The form with the inverse asks that none of them is 0.
"""

S, dS = matrix("S", n, n, symmetric=True), matrix("dS", n, n, symmetric=True)
v, dv = vector("v", n, unit=True), vector("dv", n)
lam, dlam = scalar("lam"), scalar("dlambda")
eigen = assume(S @ v, equals(lam * v))
moved = assume(dS @ v + S @ dv, equals(dlam * v + lam * dv))
eigenvalue = derive(
    dlam,
    equals(v.T @ dS @ v, by(eigen, moved)),
    given=(eigen, moved),
)
"""Equation 67

The eigenvalues are distinct, as the Cookbook says: only then do they and their vectors have differentials for every
step.
"""

P = matrix("P", n, n, symmetric=True)
level = assume(v.T @ dv, equals(0))
pseudo_inverse = assume(P @ (lam * I(n) - S), equals(I(n) - v @ v.T))
on_the_vector = assume(P @ v, equals(0))
eigenvector = derive(
    dv,
    equals((P @ (lam * I(n) - S) + v @ v.T) @ dv, pseudo_inverse),
    equals(P @ (lam * dv - S @ dv), level),
    equals(P @ (dS @ v - dlam * v), moved),
    equals(P @ dS @ v, on_the_vector),
    given=(eigen, moved, level, pseudo_inverse, on_the_vector),
)
"""Equation 68

P is the pseudo-inverse that takes `v` to 0.

The eigenvalues are distinct, so that it undoes everything but the direction `v`; and `v` keeps its length.
"""
