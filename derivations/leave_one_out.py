"""Leave-one-out cross-validation.

How well would the line have predicted an example that it had not seen? For ridge regression nobody has to fit again:
divide its residual by what the example does not explain of itself.

X and y are the other examples, x and t the one that is left out.

Source: Allen (1974); Golub, Heath and Wahba (1979); Hastie, Tibshirani and Friedman, The Elements of Statistical
Learning (2nd ed.), eq. 7.52 and 7.64.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    assume,
    by,
    claim,
    derive,
    diagof,
    dims,
    equals,
    index,
    let,
    matrix,
    more_than,
    nonzero,
    over,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    total,
    trace,
    vector,
)
from numerics import leave_one_out as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
x = vector("x", p)
t = scalar("t")
lam = scalar("lam", positive=True)

A = let("A", X.T @ X + lam * I(p))  # of the others
B = let("B", A + x @ x.T)  # of all
w_others = let("w₋", A.I @ X.T @ y)
w_all = let("w", B.I @ (X.T @ y + t * x))
h = let("h", x.T @ B.I @ x)

others_solvable = claim(positive_definite(A), positivity)
"""Without the example"""
all_solvable = claim(positive_definite(B), positivity)
"""With it"""

push = derive(
    B.I @ x,
    equals((1 - h) * A.I @ x, by(others_solvable, all_solvable)),
)
"""What one example changes

The two inverses differ by a factor in the direction of the example itself.
"""

leverage = derive(
    (1 - h) * (1 + x.T @ A.I @ x),
    equals(1, by(push)),
)
"""The leverage

It is 1 if the others say nothing in the direction of x, and small if they have said everything.
"""

below_one = derive(
    1 - h,
    equals(1 / (1 + x.T @ A.I @ x), by(leverage, others_solvable, all_solvable)),
    more_than(0, by(others_solvable)),
)
"""Never quite 1

Ridge regression never believes one example wholly.
"""

shortcut = derive(
    t - x.T @ w_all,
    equals((1 - h) * (t - x.T @ w_others), by(push)),
)
"""The shortcut

The residual of an example that was seen is the one of an example that was not, times 1 - h.
"""

left_out = derive(
    (t - x.T @ w_all) / (1 - h),
    equals((1 - h) * (t - x.T @ w_others) / (1 - h), by(shortcut, below_one)),
    equals(t - x.T @ w_others, by(below_one)),
)
"""Turned round"""

H = let("H", X @ A.I @ X.T)
residual = let("r", y - H @ y)
i = index("i", n)
fits = assume(nonzero(1 - diagof(H)))
score = let("CV", total((residual / (1 - diagof(H))) ** 2))
one_by_one = derive(
    score,
    equals(Sum(residual[i] ** 2 / (1 - H[i, i]) ** 2 for i in over(n)), by(fits)),
)
"""The score

All the examples, each left out once.
"""

gcv = let("GCV", sqnorm(residual) / (1 - trace(H) / n) ** 2)
Q = matrix("Q", n, n, orthogonal=True)
A_turned = let("A_Q", (Q @ X).T @ (Q @ X) + lam * I(p))
H_turned = let("H_Q", Q @ X @ A_turned.I @ (Q @ X).T)
turned_solvable = claim(positive_definite(A_turned), positivity)
"""Along other axes"""
turned = derive(
    H_turned,
    equals(Q @ H @ Q.T, by(others_solvable, turned_solvable)),
)
"""Examples told apart along other axes

Turning the examples turns the hat matrix,
"""
same_trace = derive(trace(H_turned), equals(trace(H), by(turned)))
"""The same trace

but not its trace,
"""
same_residual = derive(
    sqnorm(Q @ y - H_turned @ Q @ y),
    equals(sqnorm(residual), by(turned)),
)
"""The same residual

nor the length of the residual.

So the score that puts the mean in place of every leverage, generalised cross-validation, does not depend on the axes.
"""

unseen_code = agrees(t - x.T @ w_others, by_hand.without_refitting)
refitted_code = agrees(score, by_hand.by_refitting)
score_code = agrees(score, by_hand.by_shortcut)
gcv_code = agrees(gcv, by_hand.gcv)
