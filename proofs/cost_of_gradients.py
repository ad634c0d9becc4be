"""What a gradient costs.

A gradient of a thousand entries costs as little as one of two: at most five times as much as the value, whatever the
program.

Each operation of the program is done once; its slopes are worked out; and for each number that went in, its adjoint
gets a product added. Of s sums, differences and products, `p` powers, `e` exponentials, `l` logarithms and sines, and
`f` cosines, tangents and roots, the tape of `numerics/automatic_differentiation.py` makes

- of a sum or a product: 1 operation, no work for the slopes, 2 products and 2 sums: 5;
- of a power x^n: 1, a power and a product, a product and a sum: 5;
- of an exponential, which is its own slope: 1, a product and a sum: 3;
- of a logarithm or a sine: 1, one for the slope, a product and a sum: 4;
- of a cosine, a tangent or a root: 1, two for the slope, a product and a sum: 5.

The tests count the operations of real programs, and find no more.

Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), sec. 4.6; Baur and Strassen (1983).
"""

from chainrule import agrees, at_most, derive, equals, positivity, scalar
from numerics import cost_of_gradients as by_hand

s, p, e, l, f = (scalar(name, nonnegative=True) for name in ("s", "p", "e", "l", "f"))
value = s + p + e + l + f
both = s * (1 + 2 * 2) + p * (1 + 2 + 2) + e * (1 + 2) + l * (1 + 1 + 2) + f * (1 + 2 + 2)

bound = derive(
    both,
    equals(5 * value - 2 * e - l),
    at_most(5 * value, positivity),
)
"""Value and gradient together

The number of inputs does not occur.
"""

cost_code = agrees(both, by_hand.value_and_gradient)
