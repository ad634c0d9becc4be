"""The derivative of the matrix exponential.

For numbers e^x is its own derivative. For matrices it is not so simple, since a step need not commute with the matrix:
every power has to say at which place the step came in.

Source: Higham, Functions of Matrices (2008), sec. 3.2, theorems 3.6 and 3.11, and sec. 10.2; Daleckii and Krein (1965);
Najfeld and Havel (1995), Derivatives of the matrix exponential and their computation.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    by,
    delta,
    derive,
    diag,
    differentiate,
    dims,
    each,
    equals,
    exp,
    index,
    jacobian,
    kron,
    let,
    matrix,
    nonzero,
    over,
    scalar,
    vector,
)
from numerics import exponential_differential as by_hand

n, r = dims("n r")
A, E = matrix("A", n, n), matrix("E", n, n)
t = scalar("t")
moved = let("A_t", A + t * E)

square = derive(
    jacobian(moved @ moved, t).at(t, 0),
    equals(E @ A + A @ E, differentiate),
)
cube = derive(
    jacobian(moved @ moved @ moved, t).at(t, 0),
    equals(E @ A @ A + A @ E @ A + A @ A @ E, differentiate),
)
"""Powers

The step E stands once at each place. Divided by the factorials and added up, these terms are the derivative of e^A in
the
direction E: the exponential series may be differentiated term by term.
"""

alike = assume(A @ E, equals(E @ A))
commuting = derive(
    cube.last,
    equals(3 * A @ A @ E, alike),
)
"""Where the step commutes

Then the places do not matter, and the derivative of e^A is e^A E, as for numbers.
"""

P, Q = matrix("P", n, n), matrix("Q", n, n)
N = matrix("N", r, r)
nilpotent = assume(N @ N, equals(0))
one_power_more = derive(
    (kron(I(r), A) + kron(N, E)) @ (kron(I(r), P) + kron(N, Q)),
    equals(kron(I(r), A @ P) + kron(N, E @ P + A @ Q), nilpotent),
)
"""The derivative in a block

Put E in a block beside A, as in [[A, E], [0, A]]: N is the matrix [[0, 1], [0, 0]], or any with N N = 0. If a power
has P = A^k
on its diagonal and the derivative Q of A^k in the block N, then the next power has A^(k+1) and its derivative, by the
product rule. So the block of the exponential is the derivative of the exponential, for every square A.
"""

V = matrix("V", n, n, orthogonal=True)  # one eigenvector a column
values, dvalues = vector("lambda", n), vector("dlambda", n)
Omega = matrix("Omega", n, n, skew=True)
dV, dA, dX = matrix("dV", n, n), matrix("dA", n, n), matrix("dX", n, n)
i, j = index("i", n), index("j", n)

turning = assume(dV, equals(V @ Omega))
moving = assume(dA, equals(dV @ diag(values) @ V.T + V @ diag(dvalues) @ V.T + V @ diag(values) @ dV.T))
following = assume(
    dX,
    equals(dV @ diag(exp(values)) @ V.T + V @ diag(exp(values) * dvalues) @ V.T + V @ diag(exp(values)) @ dV.T),
)
M, Y = let("M", V.T @ dA @ V), let("Y", V.T @ dX @ V)
gap = values[i] - values[j] + delta(i, j)
simple = assume(nonzero(gap))

seen_by_matrix = derive(
    M[i, j],
    equals(Omega[i, j] * (values[j] - values[i]) + delta(i, j) * dvalues[i], by(turning, moving)),
)
"""A symmetric matrix, in its eigenvectors

A = V diag(lambda) V' has the exponential X = V diag(e^lambda) V'. When A moves, its eigenvectors turn, dV = V Omega
with a
skew Omega, and its eigenvalues change.
"""

seen_by_exponential = derive(
    Y[i, j],
    equals(
        Omega[i, j] * (exp(values[j]) - exp(values[i])) + delta(i, j) * exp(values[i]) * dvalues[i],
        by(turning, following),
    ),
)
"""What the exponential sees

The same turn, and other eigenvalues.
"""

entry = derive(
    Y[i, j],
    equals(
        (exp(values[i]) - exp(values[j]) + delta(i, j) * exp(values[i])) / gap * M[i, j],
        by(seen_by_matrix, seen_by_exponential, simple),
    ),
)
"""Entry by entry

Each entry is multiplied by a slope of the exponential: between two eigenvalues, or at one of them where i = j (there
the
delta makes the numerator e^lambda_i and the denominator 1). The eigenvalues are simple here; where two agree, the
slope is
that at the common value.
"""

Psi = let(
    "Psi",
    each(
        (exp(values[i]) - exp(values[j]) + delta(i, j) * exp(values[i])) / (values[i] - values[j] + delta(i, j))
        for i in over(n)
        for j in over(n)
    ),
)
differential = derive(
    dX,
    equals(V @ (V.T @ dX @ V) @ V.T, algebra),
    equals(V @ (Psi * (V.T @ dA @ V)) @ V.T, by(entry, simple)),
)
"""The theorem of Daleckii and Krein

The same for any smooth function instead of the exponential, with its slopes.
"""

differential_code = agrees(V @ (Psi * (V.T @ E @ V)) @ V.T, by_hand.in_eigenbasis, given=simple, lam="lambda")
