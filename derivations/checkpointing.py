"""Checkpointing.

The sweep back needs every state of the sweep forwards, last one first. Keep only some of them and work the others out
again: half the speed forwards buys a memory that grows with the root.

A chain of n steps is cut into segments of `k` steps. What is kept are the n/k states at their starts and, while one
segment is swept back, its `k` states. Every step is taken twice at most.

Source: Griewank, Achieving logarithmic growth of temporal and spatial complexity (1992); Chen, Xu, Zhang and Guestrin,
Training deep nets with sublinear memory cost (2016).
"""

from chainrule import (
    agrees,
    algebra,
    at_least,
    at_most,
    derive,
    equals,
    minimise,
    positivity,
    scalar,
    sqrt,
)
from numerics import checkpointing as by_hand

n, k = scalar("n", positive=True), scalar("k", positive=True)
memory = n / k + k

best = minimise(memory, k)
stationary = best.stationary
"""The best length of a segment

is the root of n.
"""
least = derive(
    memory,
    equals(2 * sqrt(n) + (sqrt(n) - k) ** 2 / k, algebra),
    at_least(2 * sqrt(n), positivity),
)
"""No length needs less than 2 sqrt(n)

The rest is a square.
"""
at_best = derive(memory.at(k, sqrt(n)), equals(2 * sqrt(n), algebra))
"""and the root of n needs just that"""

steps = n + (n / k) * (k - 1)
time = derive(
    steps,
    equals(2 * n - n / k, algebra),
    at_most(2 * n, positivity),
)
"""The steps forwards

The first sweep takes n. Before a segment is swept back, all its steps but the last are taken again: k - 1 of them.
"""

memory_code = agrees(memory, by_hand.memory)
steps_code = agrees(steps, by_hand.steps_forwards)
