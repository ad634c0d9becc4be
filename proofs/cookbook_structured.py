"""Structured matrices.

Section 2.8, equations 133 to 144. Where one number stands in several places of a matrix, a change of the number moves
all of them, and their derivatives add up.

A symbol that is declared symmetric has a symmetric gradient here, half the sum of G and its transpose: its inner
product with a symmetric step is the change. The Cookbook counts the free entries instead: those on and below the
diagonal. Both are the same information; the rows below equation 138 say how to pass from one to the other.
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
    each,
    equals,
    grad,
    index,
    jacobian,
    let,
    logdet,
    matrix,
    over,
    positive_definite,
    tanh,
    tensor,
    trace,
    vector,
)

m, n, p, q, r = dims("m n p q r")
theta = vector("theta", q)
S = tensor("S", q, n, n)
G = matrix("G", n, n)
k = index("k", q)
structured = let("A", Sum(theta[c] * S[c] for c in over(q)))

inner_product = derive(
    grad(trace(G.T @ structured), theta)[k],
    equals(trace(G.T @ S[k]), differentiate),
)
"""Equation 133

`A` is made of the numbers `theta`. G is the gradient of a function that takes all entries of `A` for free: to first
order the function is this trace.
"""

structure = derive(
    each(jacobian(structured, theta)[a, b, k] for a in over(n) for b in over(n)),
    equals(S[k], differentiate),
)
"""Equation 134

The structure matrix of one number says where it stands. It is constant when the structure is linear, as here.
"""

X = matrix("X", m, p)
K = tensor("K", n, r, m, p)
U_0, H = matrix("U_0", n, r), matrix("H", n, r)
i, j = index("i", m), index("j", p)
inside = let(
    "V", U_0 + each(Sum(K[a, b, c, d] * X[c, d] for c in over(m) for d in over(p)) for a in over(n) for b in over(r))
)
U = matrix("U", n, r)
g = let("g", Sum(tanh(H[a, b] * U[a, b]) for a in over(n) for b in over(r)))
f = let("f", g.at(U, inside))
chain_rule = derive(
    grad(f, X)[i, j],
    equals(
        Sum(grad(g, U).at(U, inside)[a, b] * jacobian(inside, X)[a, b, i, j] for a in over(n) for b in over(r)),
        differentiate,
    ),
)
"""Equations 135, 136

`f` is `g` of V, and V is a function of X, given to first order by any value and any slopes K. The slopes of `g` do
depend on where they are taken.
"""

chain_rule_as_trace = derive(
    grad(f, X)[i, j],
    equals(
        trace(grad(g, U).at(U, inside).T @ each(jacobian(inside, X)[a, b, i, j] for a in over(n) for b in over(r))),
        differentiate,
    ),
)
"""Equation 137"""

L = matrix("L", n, n)
M = let("M", L + L.T - L * I(n))
symmetric = derive(
    grad(trace(G.T @ M), L),
    equals(G + G.T - G * I(n), differentiate),
)
"""Equation 138

The free entries stand on and below the diagonal of L, and M repeats them above it. (The entries of L above the
diagonal would be repeated below, and have the same derivatives.)
"""

B = matrix("B", n, n, symmetric=True)
projected = let("P", grad(trace(G.T @ B), B))
projection = derive(
    projected,
    equals((G + G.T) / 2, differentiate),
)
"""The symmetric projection

The gradient in a symbol that is declared symmetric.
"""

conventions = derive(
    G + G.T - G * I(n),
    equals(2 * projected - projected * I(n), differentiate),
)
"""From one convention to the other

The Cookbook's derivative is twice the projection, and once on the diagonal.
"""

A = matrix("A", n, n)
linear_in_symmetric = derive(
    grad(trace(A @ M), L),
    equals(A + A.T - A * I(n), differentiate),
)
"""Equation 139"""

definite = assume(positive_definite(M))
determinant_of_symmetric = derive(
    grad(det(M), L),
    equals(det(M) * (2 * M.I - M.I * I(n)), by(definite, calculus=True)),
    given=definite,
)
"""Equation 140

Correction. M has to be invertible; here it is positive definite.
"""

logarithm_of_symmetric = derive(
    grad(logdet(M), L),
    equals(2 * M.I - M.I * I(n), by(definite, calculus=True)),
    given=definite,
)
"""Equation 141

Correction. The determinant has to be positive; here M is positive definite.
"""

x = vector("x", n)
diagonal = derive(
    diag(grad(trace(A @ diag(x)), x)),
    equals(A * I(n), differentiate),
)
"""Equation 142"""

d = vector("d", q)
T = let("T", Sum(theta[c] * S[c] for c in over(q)))
toeplitz = derive(
    grad(trace(A @ T), theta)[k],
    equals(grad(trace(T @ A), theta)[k], differentiate),
    equals(Sum(A[b, a] * S[k][a, b] for a in over(n) for b in over(n)), differentiate),
)
"""Equation 143

A Toeplitz matrix has one number on each diagonal, and `S` with the index *k* has ones on the diagonal *k*: the
derivative is the sum of `A` over the opposite diagonal. It is so for every linear structure.
"""

D = tensor("D", q, n, n)
symmetric_toeplitz = let("W", Sum(theta[c] * (S[c] + S[c].T - S[c] * I(n)) for c in over(q)))
alpha = each(trace(A @ S[c]) for c in over(q))
toeplitz_and_symmetric = derive(
    grad(trace(A @ symmetric_toeplitz), theta)[k],
    equals(trace(A @ S[k]) + trace(A.T @ S[k]) - trace((A * I(n)) @ S[k]), differentiate),
)
"""Equation 144

The numbers on the diagonals k = 0, 1, ... are repeated above. The three traces are the entry *k* of the matrix of
equation 143, of its transpose, and of its diagonal.
"""
