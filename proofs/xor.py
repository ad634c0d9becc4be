"""XOR, and what a hidden layer adds.

No line separates the corners of a square from each other crosswise. Two units with ReLU do it.

A line gives the corners 00, 10, 01, 11 of the unit square the numbers b, w1 + b, w2 + b, w1 + w2 + b; it separates 01
and 10 from 00 and 11 if each is positive on its own side.

Source: Minsky and Papert, Perceptrons (1969); Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.1.
"""

from chainrule import agrees, algebra, as_node, assume, by, derive, equals, less_than, let, relu, scalar
from numerics import xor as by_hand

w1, w2, b = scalar("w1"), scalar("w2"), scalar("b")
m00, m10 = let("m_00", -b), let("m_10", w1 + b)
m01, m11 = let("m_01", w2 + b), let("m_11", -(w1 + w2 + b))

they_cancel = derive(m00 + m10 + m01 + m11, equals(0, algebra))
"""The four margins add up to 0

so that they cannot all be positive.
"""
p, q, r = scalar("p", positive=True), scalar("q", positive=True), scalar("r", positive=True)  # three right margins
three = assume(b, equals(-p)), assume(w1, equals(q + p)), assume(w2, equals(r + p))
the_fourth = derive(m11, equals(-p - q - r, by(*three)), less_than(0))
"""A line that is right about three corners is wrong about the fourth

Its margins at 00, 10 and 01 are `p`, `q` and `r`, which says what `b`, `w1` and `w2` are.
"""

x, y = scalar("x", binary=True), scalar("y", binary=True)
network = let("f", relu(x + y) - 2 * relu(x + y - 1))


def corner(p, q):
    """The network at a corner."""
    return relu(as_node(p) + q) - 2 * relu(as_node(p) + q - 1)


at_00 = derive(corner(0, 0), equals(0, algebra))
"""Two units with ReLU: at 00"""
at_10 = derive(corner(1, 0), equals(1, algebra))
"""at 10"""
at_01 = derive(corner(0, 1), equals(1, algebra))
"""at 01"""
at_11 = derive(corner(1, 1), equals(0, algebra))
"""at 11"""

network_code = agrees(network, by_hand.network)
