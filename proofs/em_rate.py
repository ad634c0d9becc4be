"""How fast EM is: the share of the information that is missing.

Near the best fit each step of EM leaves a share of the error. What is seen informs by O, everything together, were it
known, by C = O + M; M is missing. A step solves with C where it ought to solve with O, and leaves C^-1 M of the error:
nothing is missing, and one step is enough; nearly all is, and EM crawls.

The information matrices are those at the best fit: minus the second derivatives of log p(x), of Q, and of the expected
log posterior of what is hidden.

Source: Dempster, Laird and Rubin (1977), sec. 3; Louis (1982); Meng and Rubin (1991).
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    cancel,
    claim,
    derive,
    dims,
    equals,
    let,
    matrix,
    more_than,
    positive_definite,
    positivity,
    scalar,
    vector,
)
from numerics import em_rate as by_hand

(n,) = dims("n")
O = matrix("O", n, n, positive_definite=True)  # what is seen tells
M = matrix("M", n, n, positive_semidefinite=True)  # what is missing
C = let("C", O + M)
solvable = claim(positive_definite(C), positivity)

rate = derive(
    I(n) - C.I @ O,
    equals(C.I @ (C - O), cancel(C, given=solvable)),
    equals(C.I @ M, algebra),
)
"""What a step leaves of the error"""

v, share = vector("v", n, nonzero=True), scalar("rho")
direction = assume(M @ v, equals(share * (C @ v)))
between = derive(
    (1 - share) * (v.T @ C @ v),
    equals(v.T @ C @ v - v.T @ M @ v, by(direction)),
    equals(v.T @ O @ v, algebra),
    more_than(0, positivity),
)
"""Less than all of it

Along a direction of the rate, C^-1 M v = rho v, the share rho is below 1,
"""
above = derive(
    share * (v.T @ C @ v),
    equals(v.T @ M @ v, by(direction)),
    at_least(0, positivity),
)
"""and not below 0

so that, near the best fit, EM comes nearer from one side.
"""

rate_code = agrees(C.I @ M, by_hand.rate)
