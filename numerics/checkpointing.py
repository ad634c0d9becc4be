"""A sweep back with checkpoints: a chain h <- f(h, l) of n steps, of which only the starts of segments are kept.

Source: Chen, Xu, Zhang and Guestrin, Training deep nets with sublinear memory cost (2016).
"""


def memory(n, k):
    """States that are kept at a time: n/k starts and k states of one segment."""
    return n / k + k


def steps_forwards(n, k):
    """Steps that are taken forwards: n, and again all but the last of each segment."""
    return n + n / k * (k - 1)


def sweep(step, back, start, adjoint, n, k):
    """The adjoint at the start of a chain, with segments of k steps.

    step(h, l) is the state after step l, back(h, l, adjoint) the adjoint before step l from that after it, h the state
    before it.    ->  adjoint, the largest number of states kept at a time, steps taken forwards
    """
    starts, h, taken = [], start, 0
    for l in range(n):
        if l % k == 0:
            starts.append(h)
        h = step(h, l)
        taken += 1
    most = 0
    for first in reversed(range(0, n, k)):
        states = [starts[first // k]]
        for l in range(first, min(first + k, n) - 1):
            states.append(step(states[-1], l))
            taken += 1
        most = max(most, first // k + len(states))
        for l in reversed(range(first, min(first + k, n))):
            adjoint = back(states.pop(), l, adjoint)
    return adjoint, most, taken
