"""Attention.

Every place asks a question, every place has a key, and what a place gets is a mean of all values, weighted by how well
its question fits their keys.

The weights of one question are a softmax, so backwards each weight is told how much better its value is than what the
weights chose on the whole. Nothing in it knows where a place is: that is said by a mask, which hides what lies ahead,
or by turning questions and keys by an angle that grows along the text.

Source: Vaswani et al., Attention is all you need (2017); Su et al., RoFormer (2021).
"""

from chainrule import (
    I,
    Sum,
    agrees,
    cos,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    exp,
    expect,
    expectation,
    index,
    let,
    matrix,
    ones,
    outer,
    over,
    position,
    sin,
    softmax,
    sqnorm,
    sqrt,
    tensor,
    total,
    vector,
    vjp,
    zeros,
)
from numerics import attention as by_hand


def attention_weights(Q, K):
    """softmax(Q K' / sqrt(d)), a row for each question.    Q (..., T, d), K (..., S, d)  ->  (..., T, S)"""
    return softmax(Q @ K.T / sqrt(Q.shape[-1]))


def attention(Q, K, V):
    """softmax(Q K' / sqrt(d)) V.    Q (..., T, d), K (..., S, d), V (..., S, e)  ->  (..., T, e)"""
    return attention_weights(Q, K) @ V


def causal(A):
    """The softmax of each row over j <= i: exp(A[i, j]) [i >= j] over their sum.    A (T, T)  ->  (T, T)"""
    T = A.shape[0]
    kept = exp(A) * each((i >= j) for i in over(T) for j in over(T))
    return kept / outer(total(kept, axis=1), ones(T))


def causal_attention(Q, K, V):
    """Attention to what has been said.    Q, K (T, d), V (T, e)  ->  (T, e)"""
    return causal(Q @ K.T / sqrt(Q.shape[-1])) @ V


def heads(X, W):
    """X W[h] for every head.    X (T, p), W (H, p, d)  ->  (H, T, d)"""
    return each(X @ W[h] for h in over(W.shape[0]))


def multi_head(X, Wq, Wk, Wv, Wo):
    """The sum over heads h of attention(X Wq[h], X Wk[h], X Wv[h]) Wo[h].

    X (T, p), Wq, Wk (H, p, d), Wv (H, p, e), Wo (H, e, p)  ->  (T, p)
    """
    found = attention(heads(X, Wq), heads(X, Wk), heads(X, Wv))
    return Sum(found[h] @ Wo[h] for h in over(Wq.shape[0]))


def turned(x, angle):
    """Each pair (x[0][k], x[1][k]) turned by its angle: the rotation R.    x a pair of vectors (c,), angle (c,)"""
    return x[0] * cos(angle) - x[1] * sin(angle), x[0] * sin(angle) + x[1] * cos(angle)


T, S, d, e = dims("T S d e", typical=(128, 128, 64, 64))
Q, K, V = matrix("Q", T, d), matrix("K", S, d), matrix("V", S, e)
G = matrix("G", T, e)  # the derivative of some loss by the output

P = let("P", attention_weights(Q, K))
Y = P @ V


def told(P, told_weights):
    """What the softmax of each row hands back: P o (D - the mean of D under P), for weights that are told D."""
    T, S = P.shape
    return each(
        P[i, j] * (told_weights[i, j] - Sum(P[i, l] * told_weights[i, l] for l in over(S)))
        for i in over(T)
        for j in over(S)
    )


Delta = let("Delta", told(P, let("D", G @ V.T)))

by_values = derive(
    vjp(Y, V, G),
    equals(P.T @ G, differentiate),
)
"""By the values

Each value is told what it was mixed into, as much as it was.
"""
by_questions = derive(
    vjp(Y, Q, G),
    equals(Delta @ K / sqrt(d), differentiate),
)
"""By the questions

Weight (i, j) is told D[i, j], how well value j would have served at place i. Through the softmax only what is better or
worse than the row's mean comes back, Delta[i, j] = P[i, j] (D[i, j] - sum over l of P[i, l] D[i, l]).
"""
by_keys = derive(
    vjp(Y, K, G),
    equals(Delta.T @ Q / sqrt(d), differentiate),
)
"""By the keys

The same errors, met by the questions.
"""

q, k = vector("q", d), vector("k", d)
spread = derive(
    expect(expect((q.T @ k) ** 2, q, mean=zeros(d), covariance=I(d)), k, mean=zeros(d), covariance=I(d)),
    equals(expect(sqnorm(k), k, mean=zeros(d), covariance=I(d)), expectation),
    equals(Sum(1 for i in over(d)), expectation),
)
"""Why the square root

Where the entries of a question and a key have mean 0, variance 1 and nothing to do with each other, q'k has variance d.
Divided by sqrt(d) it has variance 1, so that the softmax is neither flat nor a choice of one, however large d is.
"""

Kc, Vc = matrix("K", T, d), matrix("V", T, e)
Pc = let("P", causal(Q @ Kc.T / sqrt(d)))
Yc = Pc @ Vc
Delta_c = let("Delta", told(Pc, let("D", G @ Vc.T)))

masked_rows = derive(
    total(Pc, axis=1),
    equals(ones(T)),
)
"""Causal attention

Place i may look at the places j <= i. Giving the others the score minus infinity, as programs do, is the softmax over
those that are left: exp(A[i, j]) [i >= j] over its sum, which is never 0, since every place sees itself. Masked so,
the weights of each row still add up to 1. Masked *after* the softmax they would not.
"""
masked_by_values = derive(
    vjp(Yc, Vc, G),
    equals(Pc.T @ G, differentiate),
)
"""Causal, by the values"""
masked_by_questions = derive(
    vjp(Yc, Q, G),
    equals(Delta_c @ Kc / sqrt(d), differentiate),
)
"""Causal, by the questions

Nothing new: where P is 0 the error is 0.
"""
masked_by_keys = derive(
    vjp(Yc, Kc, G),
    equals(Delta_c.T @ Q / sqrt(d), differentiate),
)
"""Causal, by the keys"""

A, B = matrix("A", T, T), matrix("B", T, T)
i, j = index("i", T), index("j", T)
future = derive(
    (j > i) * vjp(causal(A), A, B)[i, j],
    equals(0, differentiate),
)
"""The future gets no gradient

The score of a place that lies ahead changes nothing, so nothing comes back to it.
"""

N, p = dims("N p", typical=(8, 512))  # heads, width
X = matrix("X", T, p)
Wq, Wk = tensor("Wq", N, p, d), tensor("Wk", N, p, d)
Wv, Wo = tensor("Wv", N, p, e), tensor("Wo", N, e, p)
Gx = matrix("G", T, p)

Z = let("Z", multi_head(X, Wq, Wk, Wv, Wo))
Qh, Kh, Vh = (let(name, heads(X, W)) for name, W in (("Qh", Wq), ("Kh", Wk), ("Vh", Wv)))
Ph = let("Ph", attention_weights(Qh, Kh))
Gh = let("Gh", each(Gx @ Wo[h].T for h in over(N)))  # what each head is told
Dh = let("Dh", Gh @ Vh.T)
Delta_h = let(
    "Delta",
    each(
        Ph[h, i, j] * (Dh[h, i, j] - Sum(Ph[h, i, l] * Dh[h, i, l] for l in over(T)))
        for h in over(N)
        for i in over(T)
        for j in over(T)
    ),
)

heads_by_output_weights = derive(
    vjp(Z, Wo, Gx),
    equals(each((Ph[h] @ Vh[h]).T @ Gx for h in over(N)), differentiate),
)
"""Several heads

Each head has questions, keys and values of its own, and an axis of its own in the formula: nothing mixes heads but the
sum at the end. By the output weights: what the head found meets the error.
"""
heads_by_question_weights = derive(
    vjp(Z, Wq, Gx),
    equals(each(X.T @ Delta_h[h] @ Kh[h] / sqrt(d) for h in over(N)), differentiate),
)
"""Several heads, by the question weights"""
heads_by_key_weights = derive(
    vjp(Z, Wk, Gx),
    equals(each(X.T @ Delta_h[h].T @ Qh[h] / sqrt(d) for h in over(N)), differentiate),
)
"""Several heads, by the key weights"""
heads_by_value_weights = derive(
    vjp(Z, Wv, Gx),
    equals(each(X.T @ Ph[h].T @ Gh[h] for h in over(N)), differentiate),
)
"""Several heads, by the value weights"""
heads_by_input = derive(
    vjp(Z, X, Gx),
    equals(
        Sum(
            Delta_h[h] @ Kh[h] @ Wq[h].T / sqrt(d)
            + Delta_h[h].T @ Qh[h] @ Wk[h].T / sqrt(d)
            + Ph[h].T @ Gh[h] @ Wv[h].T
            for h in over(N)
        ),
        differentiate,
    ),
)
"""Several heads, by the input

It was read three times, as question, as key and as value, so it is told three times, for every head.
"""

(c,) = dims("c", typical=(32,))
theta = vector("theta", c)  # how fast each pair turns
q1, q2, k1, k2 = (matrix(name, T, c) for name in ("q1", "q2", "k1", "k2"))
m, n = index("m", T), index("n", T)
question = turned((q1[m], q2[m]), position(m) * theta)
key = turned((k1[n], k2[n]), position(n) * theta)
key_apart = turned((k1[n], k2[n]), position(n - m) * theta)

rotary = derive(
    dot(question[0], key[0]) + dot(question[1], key[1]),
    equals(dot(q1[m], key_apart[0]) + dot(q2[m], key_apart[1])),
)
"""Rotary positions

The question at place m is turned by m theta, the key at place n by n theta. Their product is that of the question as it
was with the key turned by (n - m) theta: it knows how far apart the two are, and not where.
"""
no_longer = derive(
    question[0] ** 2 + question[1] ** 2,
    equals(q1[m] ** 2 + q2[m] ** 2),
)
"""Turning makes nothing longer"""

(r,) = dims("r")
moved = derive(
    each(sin(position(t + r) * theta[k]) for t in over(T) for k in over(c)),
    equals(
        each(
            cos(r * theta[k]) * sin(position(t) * theta[k]) + sin(r * theta[k]) * cos(position(t) * theta[k])
            for t in over(T)
            for k in over(c)
        )
    ),
)
"""Sinusoidal positions

With sines and cosines of many speeds as a place's mark, the mark r places on is a linear function of the mark here, the
same everywhere: a rotation of each pair by r theta. The cosines go the same way.
"""

attention_code = agrees(Y, by_hand.attention)
values_code = agrees(vjp(Y, V, G), by_hand.by_values)
questions_code = agrees(vjp(Y, Q, G), by_hand.by_questions)
keys_code = agrees(vjp(Y, K, G), by_hand.by_keys)
causal_code = agrees(Yc, by_hand.causal_attention)
causal_questions_code = agrees(vjp(Yc, Q, G), by_hand.causal_by_questions)
causal_keys_code = agrees(vjp(Yc, Kc, G), by_hand.causal_by_keys)
causal_values_code = agrees(vjp(Yc, Vc, G), by_hand.causal_by_values)
heads_code = agrees(Z, by_hand.multi_head)
heads_input_code = agrees(vjp(Z, X, Gx), by_hand.multi_head_by_input)
heads_question_weights_code = agrees(vjp(Z, Wq, Gx), by_hand.multi_head_by_question_weights)
heads_output_weights_code = agrees(vjp(Z, Wo, Gx), by_hand.multi_head_by_output_weights)
