"""What networks with ReLU are.

They compute the larger of two numbers, and with it every piecewise linear function. They know no scale: what is
multiplied by c > 0 going in is multiplied by c coming out.

Without biases, that is; the last bias of each layer would have to be multiplied as well.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified linear units (2018);
Neyshabur, Salakhutdinov and Srebro, Path-SGD (2015) for scales.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    at_least,
    before,
    claim,
    derive,
    dims,
    equals,
    index,
    induction,
    let,
    matrix,
    positive,
    positivity,
    recur,
    relu,
    scalar,
    tensor,
    vector,
)
from numerics import relu_networks as by_hand

a, b = scalar("a"), scalar("b")
larger = let("m", b + relu(a - b))
above_b = derive(larger, at_least(b, positivity))
"""The larger of two numbers is at least the one"""
above_a = derive(larger, equals(a + relu(b - a), algebra), at_least(a, positivity))
"""and at least the other,"""
one_of_them = derive((larger - a) * (larger - b), equals(0, algebra))
"""and it is one of them"""
absolute = derive(relu(a) + relu(-a), equals(abs_(a), algebra))
"""The absolute value"""
identity = derive(relu(a) - relu(-a), equals(a, algebra))
"""The identity

so that a number can be handed through a layer.
"""

n, m, d, L = dims("n m d L")
c = scalar("c", positive=True)
U, V, x = matrix("U", m, n), matrix("V", d, m), vector("x", n)
homogeneous = derive(V @ relu(U @ (c * x)), equals(c * (V @ relu(U @ x)), algebra))
"""What goes in c times as large, comes out c times as large"""
rescaled = derive((V / c) @ relu((c * U) @ x), equals(V @ relu(U @ x), algebra))
"""Scale moves between layers

so that many weights compute one function.
"""

l = index("l", L)
W, z = tensor("W", L, d, d), vector("z", d)
h, A, s = vector("h", d), matrix("A", d, d), scalar("s")
network = let("H", recur({h: relu(A @ h)}, {h: z}, along={A: W}))
scaled_input = recur({h: relu(A @ h)}, {h: c * z}, along={A: W})
going_in = derive(before(scaled_input)[l], equals(c * before(network)[l], induction(l)))
"""A network of any depth: what goes into a layer"""
deep = derive(scaled_input[l], equals(c * network[l], induction(l, going_in)))
"""and what comes out of it"""
powers = recur({s: c * s}, {s: 1}, length=L)
scaled_weights = recur({h: relu((c * A) @ h)}, {h: z}, along={A: W})
grows = claim(positive(before(powers)[l]), induction(l))
"""A power of c is positive"""
of_weights = derive(before(scaled_weights)[l], equals(before(powers)[l] * before(network)[l], induction(l, grows)))
"""In all its weights together

a network has the degree of its depth: c in every layer is c^l after `l` of them.
"""

larger_code = agrees(larger, by_hand.larger)
network_code = agrees(network, by_hand.network)
