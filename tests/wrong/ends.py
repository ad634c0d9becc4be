"""Maxima at an end: the mean or the wrong end in its place, an end that is passed, the largest of others."""

from chainrule import (
    assume,
    at_least,
    at_most,
    by,
    claim,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    index,
    log,
    maximum,
    minimise,
    nonnegative,
    positive,
    positivity,
    scalar,
    total,
    vector,
)
from tests.wrong.pairs import pair

n, m = dims("n m")
i = index("i", n)
x, y, t = vector("x", n), vector("y", n), vector("t", n, positive=True)
z = vector("z", m)
b = scalar("b")
theta, least, alpha = (scalar(name, positive=True) for name in ("theta", "least", "alpha"))
top, bottom, mean = maximum(x), -maximum(-x), total(x) / n
above = assume(nonnegative(b - x))
entry_above = assume(nonnegative(b - x[i]))
covered, covers = assume(nonnegative(theta - t)), assume(nonnegative(t - least))

uniform = n * log(theta)
pareto = -n * alpha * log(least)
ends = minimise(uniform, theta, subject_to=covered)
starts = minimise(pareto, least, subject_to=covers)


PAIRS = [
    pair(
        "the mean is below the data's upper end",
        claim(nonnegative(mean - x), positivity),
        claim(nonnegative(top - x), positivity),
    ),
    pair(
        "the smallest is not the upper end",
        claim(nonnegative(bottom - x), positivity),
        claim(nonnegative(x - bottom), positivity),
    ),
    pair(
        "what is above all is not below the largest",
        claim(nonnegative(top - b), by(above)),
        claim(nonnegative(b - top), by(above)),
    ),
    pair(
        "what is above one may be below the largest",
        claim(nonnegative(x[i] - top), by(entry_above)),
        claim(nonnegative(b - top), by(entry_above)),
    ),
    pair(
        "entry by entry above, and below the largest",
        claim(nonnegative(y - top), by(assume(nonnegative(y - x)))),
        claim(nonnegative(top - b), by(assume(nonnegative(x - b)))),
    ),
    pair(
        "the largest of other numbers",
        claim(nonnegative(maximum(z) - top), positivity),
        claim(nonnegative(top - bottom), positivity),
    ),
    pair(
        "the largest is reached",
        claim(positive(top - x), positivity),
        claim(nonnegative(top - x), positivity),
    ),
    pair(
        "the largest of positive numbers, turned round",
        claim(positive(maximum(-t)), positivity),
        claim(positive(-maximum(-t)), positivity),
    ),
    pair(
        "the likelihood of a uniform falls with its end",
        derive(grad(-uniform, theta), equals(-n / theta, differentiate), at_least(0, positivity)),
        derive(grad(-uniform, theta), equals(-n / theta, differentiate), at_most(0, positivity)),
    ),
    pair(
        "a uniform's end at the mean of its data",
        claim(nonnegative(total(t) / n - t), by(covered)),
        ends.feasible[0],
    ),
    pair(
        "a uniform's end at the smallest of its data",
        claim(nonnegative(-maximum(-t) - t), by(covered)),
        ends.feasible[0],
    ),
    pair(
        "a uniform's end beyond the largest of its data",
        derive(uniform, at_least(uniform.at(theta, 2 * maximum(t)), by(covered))),
        ends.lowest,
        stands="CITED",
    ),
    pair(
        "an end that is not as far as the data",
        claim(nonnegative(theta - 2 * maximum(t)), by(covered)),
        claim(nonnegative(theta - maximum(t)), by(covered)),
    ),
    pair(
        "a Pareto's least at the mean of its data",
        claim(nonnegative(t - total(t) / n), by(covers)),
        starts.feasible[0],
    ),
    pair(
        "a Pareto's least at the largest of its data",
        claim(nonnegative(t - maximum(t)), by(covers)),
        starts.feasible[0],
    ),
    pair(
        "a Pareto's least below the smallest of its data",
        derive(pareto, at_least(pareto.at(least, -maximum(-t) / 2), by(covers))),
        starts.lowest,
        stands="CITED",
    ),
]
