"""What a clever cheat would try: a rule at the edge of where it holds, a name that changes its meaning on the way."""

from chainrule import (
    I,
    Sum,
    algebra,
    as_node,
    assume,
    at_least,
    before,
    by,
    claim,
    composition,
    convex,
    delta,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    exp,
    grad,
    index,
    invertible,
    jacobian,
    let,
    matrix,
    more_than,
    nonzero,
    norm,
    ones,
    over,
    positive,
    positivity,
    recur,
    relu,
    scalar,
    sigmoid,
    softplus,
    sqnorm,
    step,
    tanh,
    tensor,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

n, p, m = dims("n p m")
a, b, c = scalar("a"), scalar("b"), scalar("c")
q = scalar("q", positive=True)
t = scalar("t", nonzero_entries=True)
x, y = vector("x", n), vector("y", n)
u = vector("u", n, positive=True)
z = vector("z", n, nonzero_entries=True)
some = vector("v", n, nonzero=True)
unit = vector("e", n, unit=True)
labels = vector("s", n, labels=True)
A, B = matrix("A", n, n), matrix("B", n, n)
R, T = matrix("R", n, n, invertible=True), matrix("T", n, n, invertible=True)
S = matrix("S", n, n, symmetric=True)
X, C = matrix("X", n, p), matrix("C", p, n)
stack = tensor("K", m, n, n)
over_signs, over_size = assume(positive(a / as_node((-1) ** n))), assume(positive(a / n))
i, j, k, r = (index(name, n) for name in "ijkr")
square = let("L", a**2)
inner = claim(invertible(T @ R), positivity)
narrow = assume(invertible(C @ X))
above = assume(x[i], at_least(y[j]))
named = assume(B, equals(A.T @ A))
two_sided = B @ A + A @ B

many = dims("many")[0]
hidden, cell, error, inside = (vector(name, n) for name in ("h", "c", "e", "a"))
begin, end = vector("s", n), vector("r", n)


def of_two(to_hidden, to_cell):
    """The first of two states, before each step."""
    return before(recur({hidden: to_hidden, cell: to_cell}, {hidden: begin, cell: end}, length=many)[0])


def run_along(path, first):
    """One recurrence along a path, its two states in either order."""
    steps, starts = {error: error + cell + inside, cell: cell}, {error: end, cell: begin}
    order = (error, cell) if first else (cell, error)
    made = recur({s: steps[s] for s in order}, {s: starts[s] for s in order}, along={inside: path})
    return before(made[order.index(error)])


def replaced(inner):
    """A recurrence whose symbol is replaced by a recurrence of the same depth."""
    outer = recur({hidden: tanh(hidden) + begin}, {hidden: end}, length=many)
    return outer.at(begin, total(recur({hidden: inner}, {hidden: end}, length=many), axis=0))


PAIRS = [
    pair(
        "what a case supposes of one entry, used for the others",
        derive(step(z[i]) * (Sum(1 / z[j] for j in over(n)) + 1), at_least(0, positivity)),
        derive(step(t) * (Sum(x[j] ** 2 / t for j in over(n)) + 1), at_least(0, positivity)),
    ),
    pair(
        "the same, where few worlds show it",
        derive(step(z[i]) * (Sum(1 / (2 * z[j]) for j in over(n)) + 2), at_least(0, positivity)),
        derive(step(t) * (1 / (2 * t) + 2), at_least(0, positivity)),
    ),
    pair(
        "a size of no sign is divided by",
        claim(positive(a), by(over_signs), given=over_signs),
        claim(positive(a), by(over_size), given=over_size),
    ),
    pair(
        "a power of -1 counts nothing",
        derive(as_node((-1) ** n) + 1, more_than(0, positivity)),
        derive(as_node(2**n) + 1, more_than(0, positivity)),
    ),
    pair(
        "two forms that are each other's transpose only for a symmetric matrix",
        derive((x.T @ A @ y) * (y.T @ A @ x), at_least(0, positivity)),
        derive((x.T @ A @ y) * (y.T @ A.T @ x), at_least(0, positivity)),
    ),
    pair(
        "two entries of one product",
        derive((X @ C @ x)[i] * (X @ C @ x)[j], at_least(0, positivity)),
        derive((X @ C @ x)[i] * (X @ C @ x)[i], at_least(0, positivity)),
    ),
    pair(
        "an inverse turned round inside a product that is not square",
        derive(X @ (C @ X).I @ C, equals(I(n), by(narrow))),
        derive(R @ (T @ R).I @ T, equals(I(n), by(inner))),
    ),
    pair(
        "an inverse turned round that may not exist",
        derive(A @ (B @ A).I @ B, equals(I(n))),
        derive(R @ (T @ R).I @ T, equals(I(n))),
        lowered="SAMPLED",
    ),
    pair(
        "the inverse of scaled rows scales columns",
        derive((diag(z) @ R).I, equals(diag(1 / z) @ R.I)),
        derive((diag(z) @ R).I, equals(R.I @ diag(1 / z))),
    ),
    pair(
        "the inverse of an entrywise product",
        derive((R * T).I, equals(R.I * T.I)),
        derive((t * R @ T).I, equals(T.I @ R.I / t)),
    ),
    pair(
        "the reciprocal of a root, squared",
        derive((1 / norm(u)) ** 2 / (1 + sqnorm(u)), equals(1 / norm(u) / (1 + sqnorm(u)))),
        derive((1 / norm(u)) ** 2 / (1 + sqnorm(u)), equals(1 / sqnorm(u) / (1 + sqnorm(u)))),
    ),
    pair(
        "softplus is above 0, and above nothing else",
        derive(softplus(a), more_than(as_node(1) / 10, positivity)),
        derive(softplus(a), more_than(0, positivity)),
    ),
    pair(
        "the length of what may vanish",
        claim(positive(norm(relu(x))), positivity),
        claim(positive(norm(sigmoid(x))), positivity),
    ),
    pair(
        "the length of one row",
        claim(positive(norm(X[i])), positivity),
        claim(positive(norm(exp(X)[i])), positivity),
    ),
    pair(
        "a vector that is not 0 may have entries that are",
        claim(nonzero(some * some), positivity),
        claim(positive(sqnorm(some)), positivity),
    ),
    pair(
        "convex in what a hypothesis moves along",
        claim(convex(-b, a), by(assume(b, equals(a**2)))),
        claim(convex(-b, a), by(assume(b, equals(c**2)))),
        lowered="SAMPLED",
    ),
    pair(
        "concave under a name",
        claim(convex(1 - square, a), composition),
        claim(convex(1 + square, a), composition),
    ),
    pair(
        "a name keeps its old value while the symbol inside it takes another",
        derive((square + a).at(a, 2 * b), equals(a**2 + 2 * b)),
        derive((square + a).at(a, 2 * b), equals(4 * b**2 + 2 * b)),
    ),
    pair(
        "first the value, then the derivative",
        derive(grad((a * b).at(b, a), a), equals(a, differentiate)),
        derive(grad(a * b, a).at(b, a), equals(a, differentiate)),
    ),
    pair(
        "a symbol that a hypothesis defines does not move",
        derive(grad(trace(B), A), equals(2 * A, by(named, calculus=True))),
        derive(grad(trace(A.T @ A), A), equals(2 * A, differentiate)),
    ),
    pair(
        "the derivative of a symmetric matrix by itself",
        derive(jacobian(S, S)[i, j, k, r], equals(delta(i, k) * delta(j, r), differentiate)),
        derive(
            jacobian(S, S)[i, j, k, r],
            equals((delta(i, k) * delta(j, r) + delta(i, r) * delta(j, k)) / 2, differentiate),
        ),
    ),
    pair(
        "a symmetric variable takes a value that is not symmetric",
        derive(grad(trace(A @ S @ S), S).at(S, B), equals(two_sided, differentiate)),
        derive(grad(trace(A @ S @ S), S).at(S, B), equals((two_sided + two_sided.T) / 2, differentiate)),
    ),
    pair(
        "a constraint of the variable, used before the derivative is taken",
        derive(grad(sqnorm(unit), unit), equals(0, differentiate)),
        derive(grad(sqnorm(unit), unit), equals(2 * unit, differentiate)),
    ),
    pair(
        "labels squared are 1, their derivative is not 0",
        derive(grad(total(labels * labels), labels), equals(0, differentiate)),
        derive(grad(total(labels * labels), labels), equals(2 * labels, differentiate)),
    ),
    pair(
        "a bound on all pairs, with its sides exchanged",
        derive(y[i], at_least(x[j], by(above))),
        derive(x[i], at_least(y[j], by(above))),
    ),
    pair(
        "matrices of a stack do not commute with their transposes",
        derive(stack @ stack.T, equals(stack.T @ stack)),
        derive(trace(stack @ stack.T), equals(trace(stack.T @ stack))),
    ),
    pair(
        "a fact about another denominator",
        derive((a * q) / (a * q), equals(1, by(assume(nonzero(b * q))))),
        derive((a * q) / (a * q), equals(1, by(assume(nonzero(a))))),
        lowered="SAMPLED",
    ),
    pair(
        "the states of an input that is a recurrence, taken for those that run along it",
        derive(
            run_along(of_two(tanh(cell) + hidden, cell + end), True),
            equals(run_along(of_two(tanh(hidden) + cell, hidden + end), False), algebra),
        ),
        derive(
            run_along(of_two(tanh(cell) + hidden, cell + end), True),
            equals(run_along(of_two(tanh(cell) + hidden, cell + end), False), algebra),
        ),
    ),
    pair(
        "a recurrence put into a recurrence takes its states",
        derive(replaced(hidden / 2), equals(replaced(hidden), algebra)),
        derive(
            replaced(hidden / 2),
            equals(
                recur(
                    {error: tanh(error) + cell},
                    {error: end},
                    along={cell: ones(many) @ total(recur({hidden: hidden / 2}, {hidden: end}, length=many), axis=0).T},
                ),
                algebra,
            ),
        ),
    ),
]
