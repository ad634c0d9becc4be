"""Dense layers.

A layer is a function, and its backward pass is one more: given how the loss moves with the output, say how it moves
with each input and each parameter. That is the vector-Jacobian product; no Jacobian is ever formed.

Throughout, G is the derivative of some loss by the layer's output, in the shape of the output, and examples are rows.
Two things are easily forgotten: what a parameter did for *every* example is added up, and what goes forwards through W
comes back through its transpose. With examples as rows the forward product is X W', so the one on the way back is G W.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.5; He et al., Deep residual learning, CVPR
(2016); Srivastava et al., Dropout, JMLR 15 (2014); Hu et al., LoRA, ICLR (2022).
"""

from chainrule import (
    I,
    Sum,
    agrees,
    derive,
    diag,
    differentiate,
    dims,
    each,
    equals,
    index,
    jacobian,
    let,
    matrix,
    over,
    scalar,
    tanh,
    total,
    vector,
    vjp,
    zeros,
)
from numerics import dense as by_hand


def linear(X, W, b):
    """X W' + b.    X (N, p), W (q, p), b (q,)  ->  (N, q)"""
    return X @ W.T + b


def residual(X, block):
    """X + F(X).    block: a function that keeps the shape"""
    return X + block(X)


def dropout(X, M, q):
    """M X / q, entry by entry: what M keeps is enlarged, so that the expected value stays X."""
    return M * X / q


def embedding(S, E):
    """S E: each one-hot row of S (N, m) reads one row of the table E (m, d).    ->  (N, d)"""
    return S @ E


def adapted(X, W, A, B, s):
    """X (W + s B A)': frozen weights W (q, p) and a correction of low rank, B (q, r), A (r, p).    ->  (N, q)"""
    return X @ (W + s * B @ A).T


N, p, q, r, m, d = dims("N p q r m d", typical=(128, 256, 256, 8, 1000, 64))
X = matrix("X", N, p)  # one example a row
W = matrix("W", q, p)
b = vector("b", q)
G = matrix("G", N, q)  # the derivative of some loss by the output
Y = let("Y", linear(X, W, b))

by_input = derive(
    vjp(Y, X, G),
    equals(G @ W, differentiate),
)
"""A linear layer, by its input

Each example's error goes back through the same weights.
"""

by_weights = derive(
    vjp(Y, W, G),
    equals(Sum(G[n] @ X[n].T for n in over(N)), differentiate),
    equals(G.T @ X),
)
"""By the weights

One outer product an example, error times input, and their sum is one matrix product.
"""

by_bias = derive(
    vjp(Y, b, G),
    equals(total(G, axis=0), differentiate),
)
"""By the bias

The bias was added to every row, so the rows are added up.
"""

x = vector("x", p)
V = matrix("V", p, q)
h = let("h", tanh(W @ x + b))
identity_and_more = derive(
    jacobian(x + V @ h, x),
    equals(I(p) + jacobian(V @ h, x), differentiate),
    equals(I(p) + V @ diag(1 - h**2) @ W, differentiate),
)
"""A residual block

Its Jacobian is I + J, with J that of the block: however small the block's weights are, the error gets through.
"""

F = let("F", tanh(linear(X, W, b)) @ V.T)
R = matrix("R", N, p)
by_residual_input = derive(
    vjp(X + F, X, R),
    equals(R + vjp(F, X, R), differentiate),
    equals(R + ((R @ V) * (1 - tanh(X @ W.T + b) ** 2)) @ W, differentiate),
)
"""A residual block, by its input

What comes back is what came in, and what the block adds.
"""

closed = derive(
    vjp(X + F, X, R).at(V, zeros(p, q)),
    equals(R, differentiate),
)
"""A block that starts at nothing

With its last weights at 0 it hands everything back unchanged.
"""

M = matrix("M", N, p, binary=True)
keep = scalar("q", unit_interval=True)
by_dropout_input = derive(
    vjp(dropout(X, M, keep), X, R),
    equals(dropout(R, M, keep), differentiate),
)
"""Dropout, with its mask given

The mask M of zeros and ones is drawn once for the forward pass; the backward pass uses the same one. So dropout is a
linear layer that is its own transpose.
"""

S = matrix("S", N, m, one_hot_rows=True)
E = matrix("E", m, d)
D = matrix("D", N, d)
n, u = index("n", N), index("u", m)
by_table = derive(
    vjp(embedding(S, E), E, D),
    equals(S.T @ D, differentiate),
    equals(each(Sum(S[v, w] * D[v] for v in over(N)) for w in over(m))),
)
"""An embedding, by its table

A row of the table gets the sum of what all its readers hand back. Writing each reader's share over the one before is
the usual mistake.
"""

s = scalar("s")
A, B = matrix("A", r, p), matrix("B", q, r)
low_rank = let("Y", adapted(X, W, A, B, s))
by_down = derive(
    vjp(low_rank, A, G),
    equals(s * B.T @ G.T @ X, differentiate),
)
"""A correction of low rank, by the matrix that leads down

What a full matrix of weights would have received, G'X, seen through B only.
"""

by_up = derive(
    vjp(low_rank, B, G),
    equals(s * G.T @ X @ A.T, differentiate),
)
"""By the matrix that leads up"""

by_adapted_input = derive(
    vjp(low_rank, X, G),
    equals(G @ (W + s * B @ A), differentiate),
    equals(G @ W + s * (G @ B) @ A),
)
"""By the input

The last line never forms a matrix as large as W.
"""

at_the_start = derive(
    vjp(low_rank, A, G).at(B, zeros(q, r)),
    equals(0, differentiate),
)
"""The first step

Training starts with B = 0, so that nothing is changed: then A stands still, and B moves first.
"""

linear_code = agrees(Y, by_hand.linear)
input_code = agrees(vjp(Y, X, G), by_hand.linear_by_input)
weights_code = agrees(vjp(Y, W, G), by_hand.linear_by_weights)
bias_code = agrees(vjp(Y, b, G), by_hand.linear_by_bias)
residual_code = agrees(X + F, by_hand.residual)
residual_input_code = agrees(vjp(X + F, X, R), by_hand.residual_by_input, G="R")
dropout_code = agrees(dropout(X, M, keep), by_hand.dropout)
dropout_input_code = agrees(vjp(dropout(X, M, keep), X, R), by_hand.dropout_by_input, G="R")
embedding_code = agrees(embedding(S, E), by_hand.embedding)
table_code = agrees(vjp(embedding(S, E), E, D), by_hand.embedding_by_table, G="D")
low_rank_code = agrees(low_rank, by_hand.lora)
down_code = agrees(vjp(low_rank, A, G), by_hand.lora_by_down)
up_code = agrees(vjp(low_rank, B, G), by_hand.lora_by_up)
adapted_input_code = agrees(vjp(low_rank, X, G), by_hand.lora_by_input)
