"""Kalman's filter and smoother, step by step.

A state that moves by itself and is seen through noise. The filter predicts, and corrects by what it sees, as far as it
trusts it; the smoother goes back and corrects the past by what came after.

Each step is the conditional of a normal law, and is shown whatever stands before and behind it. The M-step is two
regressions, of the state on the state before and of what is seen on the state, from their expected products.

Source: Kalman (1960); Rauch, Tung and Striebel (1965); Shumway and Stoffer (1982); Bishop, PRML, sec. 13.3.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    by,
    claim,
    derive,
    dims,
    equals,
    expect,
    expectation,
    let,
    logdet,
    matrix,
    minimise,
    outer,
    positive_definite,
    positivity,
    scalar,
    trace,
    vector,
    zeros,
)
from numerics import kalman as by_hand

n, d = dims("n d")
A = matrix("A", n, n)  # how the state moves
C = matrix("C", d, n)  # how it is seen
Q = matrix("Q", n, n, positive_definite=True)  # the noise of the one
R = matrix("R", d, d, positive_definite=True)  # and of the other
V = matrix("V", n, n, positive_definite=True)  # the filtered covariance
P = matrix("P", n, n, positive_definite=True)  # the predicted one
m, x = vector("m", n), vector("x", d)
z, e = vector("z", n), vector("e", n)

predicted_mean = derive(
    expect(expect(A @ z + e, e, mean=zeros(n), covariance=Q), z, mean=m, covariance=V),
    equals(A @ m, expectation),
)
"""Prediction

The state moves, and noise is added,
"""
predicted = derive(
    expect(
        expect(outer(A @ z + e - A @ m, A @ z + e - A @ m), e, mean=zeros(n), covariance=Q), z, mean=m, covariance=V
    ),
    equals(A @ V @ A.T + Q, expectation),
)
"""which spreads it."""

S = let("S", C @ P @ C.T + R)
solvable = claim(positive_definite(S), positivity)
G = let("G", P @ C.T @ S.I)
H = let("H", P.I + C.T @ R.I @ C)
bent = claim(positive_definite(H), positivity)
gain = derive(
    H @ G,
    equals((P.I + C.T @ R.I @ C) @ P @ C.T @ S.I, algebra),
    equals(C.T @ R.I, by(solvable)),
)
"""The gain

is P C' S^-1, the covariance of the state with what is seen over that of what is seen; it solves H G = C' R^-1.
"""
objective = (z - m).T @ P.I @ (z - m) / 2 + (x - C @ z).T @ R.I @ (x - C @ z) / 2
corrected = minimise(objective, z)
correction = corrected.lowest
"""Correction

Minus the log of prior times likelihood: a quadratic, whose lowest point is the new mean and whose curvature is the
inverse of the new covariance.
"""
mean = derive(
    H @ (m + G @ (x - C @ m)),
    equals(P.I @ m + C.T @ R.I @ x, by(solvable)),
)
"""The new mean

is the old one and the gain times the surprise: it solves the equation of that lowest point.
"""
spread = derive(
    H @ (P - G @ C @ P),
    equals(I(n), by(solvable)),
)
"""The new covariance"""
joseph = derive(
    (I(n) - G @ C) @ P @ (I(n) - G @ C).T + G @ R @ G.T,
    equals(P - G @ C @ P, by(solvable)),
)
"""written so that it stays positive definite in floating point."""

ahead = let("F", A @ V @ A.T + Q)
forward = claim(positive_definite(ahead), positivity)
J = let("J", V @ A.T @ ahead.I)
W = matrix("W", n, n, positive_definite=True)  # the smoothed covariance of the next state
after = vector("after", n)
back = derive(
    J @ ahead @ J.T,
    equals(J @ A @ V, by(forward)),
)
"""The way back

With the next state known, the conditional of this one has the gain J and the covariance V - J F J';
"""
smoothed = derive(
    expect(m + J @ (z - A @ m), z, mean=after, covariance=W),
    equals(m + J @ (after - A @ m), expectation),
)
"""the next state is known up to its smoothed law, and averaged over,"""
smoothed_spread = derive(
    V - J @ ahead @ J.T + expect(outer(J @ (z - after), J @ (z - after)), z, mean=after, covariance=W),
    equals(V + J @ (W - ahead) @ J.T, expectation),
)
"""which adds its spread."""

predict_code = agrees(A @ V @ A.T + Q, by_hand.predict_covariance)
gain_code = agrees(G, by_hand.gain)
mean_code = agrees(m + G @ (x - C @ m), by_hand.update_mean)
spread_code = agrees(P - G @ C @ P, by_hand.update_covariance)
back_code = agrees(J, by_hand.back_gain)
smooth_code = agrees(m + J @ (after - A @ m), by_hand.smooth_mean)
smooth_spread_code = agrees(V + J @ (W - ahead) @ J.T, by_hand.smooth_covariance, after="W")

N = scalar("N", positive=True)  # how many steps
before = matrix("S_0", n, n, positive_definite=True)  # sum of E z z' before the step
cross = matrix("S_1", n, n)  # of E z' z, after and before
later = matrix("S_2", n, n, positive_definite=True)  # after the step
residual = later - A @ cross.T - cross @ A.T + A @ before @ A.T
fit = minimise(N * logdet(Q) / 2 + trace(Q.I @ residual) / 2, A)
moves = fit.stationary
moves_lowest = fit.lowest
"""The M-step of the moves

A = S_1 S_0^-1: a regression of each state on the one before, from expected products,
"""
noise = minimise(N * logdet(Q) / 2 + trace(Q.I @ residual) / 2, Q)
noise_stationary = noise.stationary
noise_lowest = noise.lowest
"""and of the noise

what the regression leaves, over the number of steps. What is seen is regressed on the state in the same way.
"""
