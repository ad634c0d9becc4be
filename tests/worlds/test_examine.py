"""False lines are refuted, true ones never; what passes says what it rests on."""

import statistics
import time

import pytest
from flint import fmpq

import chainrule as cr
from chainrule import (
    I,
    Sum,
    assume,
    at_least,
    at_most,
    clusters,
    dims,
    dot,
    each,
    equals,
    exp,
    grad,
    hessian,
    jacobian,
    log,
    logdet,
    matrix,
    norm,
    ones,
    outer,
    over,
    rational,
    relu,
    scalar,
    size,
    softmax,
    sqnorm,
    step,
    total,
    trace,
    vector,
    zeros,
)  # fmt: skip
from chainrule.notation.nodes import Size
from chainrule.notation.statements import Predicate, Relation
from chainrule.worlds.check import satisfies
from chainrule.worlds.contents import symbols
from chainrule.worlds.convexity import chords
from chainrule.worlds.examine import Outcome, examine
from chainrule.worlds.world import world_of

n, p, N, K, d = dims("n p N K d")
X, y, w = matrix("X", n, p), vector("y", n), vector("w", p)
A, B, C_ = matrix("A", n, n), matrix("B", n, n), matrix("C", n, p)
S, P = matrix("S", n, n, symmetric=True), matrix("P", n, n, positive_definite=True)
Q = matrix("Q", n, n, orthogonal=True)
V = matrix("V", n, p, orthonormal_columns=True)
u, v, z = vector("u", n), vector("v", n), vector("z", n)
a, b, lam = scalar("a"), scalar("b"), scalar("lam", positive=True)
t = vector("t", n, labels=True)
s = vector("s", n, simplex=True)
k, i = cr.index("k", n), cr.index("i", n)
G = clusters("G", N, K)
x = matrix("x", N, d)
ridge = sqnorm(y - X @ w) + lam * sqnorm(w)
gram = X.T @ X + lam * I(p)
normal = (assume(X.T @ X @ w, equals(X.T @ y)),)
count = Size(n)
mean = total(u) / count
inner = each(Sum(x[j] for j in G[c]) / size(G[c]) for c in G)


def eq(left, right):
    return Relation(left, "=", right)


TRUE = {
    "ridge gradient": (eq(grad(ridge, w), 2 * (gram @ w - X.T @ y)), ()),
    "ridge Hessian": (eq(hessian(ridge, w), 2 * gram), ()),
    "Woodbury": (eq((P + outer(u, u)).I, P.I - outer(P.I @ u, P.I @ u) / (1 + u.T @ P.I @ u)), ()),
    "push through": (eq((I(n) + C_ @ X.T).I @ C_, C_ @ (I(p) + X.T @ C_).I), ()),
    "trace is cyclic": (eq(trace(A @ B), trace(B @ A)), ()),
    "determinant of a product": (eq(cr.det(A @ B), cr.det(A) * cr.det(B)), ()),
    "determinant lemma": (eq(cr.det(P + outer(u, v)), cr.det(P) * (1 + v.T @ P.I @ u)), ()),
    "gradient of logdet": (eq(grad(logdet(P), P), P.I), ()),
    "gradient of det": (eq(grad(cr.det(A), A), cr.det(A) * A.I.T), ()),
    "quadratic form, symmetric": (eq(grad(u.T @ S @ u, u), 2 * S @ u), ()),
    "orthogonal keeps lengths": (eq(sqnorm(Q @ u), sqnorm(u)), ()),
    "orthogonal, both sides": (eq(Q @ Q.T, I(n)), ()),
    "projection": (eq(V @ V.T @ V, V), ()),
    "least squares splits": (eq(sqnorm(y), sqnorm(X @ w) + sqnorm(y - X @ w)), normal),
    "eigenvalue": (eq(u.T @ A @ u, a * sqnorm(u)), (assume(A @ u, equals(a * u)),)),
    "labels": (eq(t * t, ones(n)), ()),
    "simplex": (eq(total(s), cr.ones()), ()),
    "variance": (eq(Sum((u[j] - mean) ** 2 for j in over(n)), sqnorm(u) - count * mean**2), ()),
    "clusters partition": (eq(Sum(sqnorm(x[j]) for c in G for j in G[c]), sqnorm(x)), ()),
    "means balance": (eq(Sum(x[j] - inner[c] for c in G for j in G[c]), zeros(d)), ()),
    "free index": (eq((A @ u)[i], dot(A[i], u)), ()),
    "softmax": (eq(jacobian(softmax(z), z), cr.diag(softmax(z)) - softmax(z) @ softmax(z).T), ()),
    "logsumexp": (eq(grad(cr.logsumexp(z), z), softmax(z)), ()),
    "softmax sums": (eq(total(softmax(z)), cr.ones()), ()),
    "sin, cos": (eq(cr.sin(a) ** 2 + cr.cos(a) ** 2, cr.ones()), ()),
    "cancels to zero": (eq(exp(a) * exp(-a) - 1, zeros()), ()),
    "logs": (eq(log(lam**2), 2 * log(lam)), ()),
    "roots": (eq(cr.sqrt(lam**2), lam), ()),
    "absolute value": (eq(cr.sqrt(a**2), cr.abs_(a)), ()),
    "relu": (eq(grad(total(relu(X @ w)), w), X.T @ step(X @ w)), ()),
    "norm gradient": (eq(grad(norm(z), z), z / norm(z)), ()),
    "logdet": (eq(logdet(P @ P), 2 * logdet(P)), ()),
    "logistic": (eq(grad(cr.softplus(a), a), cr.sigmoid(a)), ()),
    "AM-GM": (Relation(2 * a * b, "<=", a**2 + b**2), ()),
    "Cauchy-Schwarz": (Relation(dot(u, v) ** 2, "<=", sqnorm(u) * sqnorm(v)), ()),
    "exp above its tangent": (Relation(exp(a), ">=", 1 + a), ()),
    "log below": (Relation(log(lam), "<=", lam - 1), ()),
    "Jensen": (Relation(dot(s, u) ** 2, "<=", dot(s, u * u)), ()),
    "positive gram": (cr.positive_definite(gram), ()),
    "psd gram": (cr.positive_semidefinite(X.T @ X), ()),
    "softmax Jacobian is psd": (cr.positive_semidefinite(jacobian(softmax(z), z)), ()),
    "tall gram": (cr.invertible(V.T @ V), ()),
    "exp positive": (cr.positive(exp(z)), ()),
    "ridge convex": (cr.convex(ridge, w), ()),
    "logsumexp convex": (cr.convex(cr.logsumexp(z), z), ()),
    "-logdet convex": (cr.convex(-logdet(P), P), ()),
    "bounded": (Relation(a * a, "<=", cr.ones()), (assume(a, at_most(1)), assume(a, at_least(-1)))),
}  # fmt: skip

FALSE = {
    "sign": (eq(grad(ridge, w), 2 * (gram @ w + X.T @ y)), ()),
    "factor": (eq(grad(ridge, w), gram @ w - X.T @ y), ()),
    "missing term": (eq(grad(ridge, w), 2 * X.T @ (X @ w - y)), ()),
    "transpose, hidden by a square": (eq(grad(u.T @ A @ v, A), outer(v, u)), ()),
    "transpose of a product": (eq((A @ B).T, A.T @ B.T), ()),
    "commutes": (eq(A @ B, B @ A), ()),
    "commutes, symmetric": (eq(S @ P, P @ S), ()),
    "symmetric only": (eq(grad(u.T @ A @ u, u), 2 * A @ u), ()),
    "gradient of logdet": (eq(grad(logdet(P), P), 2 * P.I), ()),
    "inverse of a sum": (eq((P + Q).I, P.I + Q.I), ()),
    "N for N-1": (eq(Sum((u[j] - mean) ** 2 for j in over(n)), sqnorm(u) - (count - 1) * mean**2), ()),
    "n for p": (eq(trace(X.T @ X + I(p)), sqnorm(X) + count), ()),
    "a millionth": (eq(grad(ridge, w), 2 * (gram @ w - rational(1000001, 1000000) * X.T @ y)), ()),
    "a millionth, transcendental": (eq(grad(exp(a), a), (1 + rational(1, 1000000)) * exp(a)), ()),
    "Hessian keeps only its diagonal": (eq(hessian(ridge, w), 2 * cr.diag(cr.diagof(gram))), ()),
    "projection forgets": (eq(V @ V.T, V @ V.T @ V @ V.T + V @ V.T), ()),
    "wide orthonormal": (eq(V @ V.T, I(n)), ()),
    "wrong axis": (eq(total(A, axis=0), total(A, axis=1)), ()),
    "softmax": (eq(jacobian(softmax(z), z), cr.diag(softmax(z))), ()),
    "root of a square": (eq(cr.sqrt(a**2), a), ()),
    "relu": (eq(grad(total(relu(X @ w)), w), X.T @ relu(X @ w)), ()),
    "labels differ": (eq(t, ones(n)), ()),
    "cluster sizes lost": (eq(Sum(x[j] * inner[c] for c in G for j in G[c]), Sum(inner[c] * inner[c] for c in G)), ()),
    "free index": (eq((A @ u)[i], dot(A.T[i], u)), ()),
    "without its hypothesis": (eq(sqnorm(y), sqnorm(X @ w) + sqnorm(y - X @ w)), ()),
    "with another hypothesis": (eq(sqnorm(y), sqnorm(X @ w)), normal),
    "strict": (Relation(2 * a * b, "<", a**2 + b**2), ()),
    "strict, transcendental": (Relation(exp(a), ">", 1 + a), ()),
    "constant too small": (Relation(2 * a * b, "<=", rational(99, 100) * (a**2 + b**2)), ()),
    "Cauchy-Schwarz without the square": (Relation(dot(u, v), "<=", sqnorm(u) * sqnorm(v)), ()),
    "the other way": (Relation(exp(a), ">=", 1 + a + a**2 / 2), ()),
    "true only at whole numbers": (Relation(a**2, ">=", a), ()),
    "narrow": (Relation(a**4 - 2 * a**2 + rational(99, 100), ">=", zeros()), ()),
    "between whole numbers": (eq(cr.sin(cr.pi * a), zeros()), ()),
    "gram without ridge": (cr.positive_definite(X.T @ X), ()),
    "invertible": (cr.invertible(A), ()),
    "nonzero": (cr.nonzero(u), ()),
    "psd": (cr.positive_semidefinite(A @ A), ()),
    "psd, transcendental": (cr.positive_semidefinite(hessian(log(1 + sqnorm(z)), z)), ()),
    "concave": (cr.convex(log(lam), lam), ()),
    "not convex": (cr.convex(a**4 - a**2, a), ()),
    "bounded": (Relation(a * a, "<", cr.ones()), (assume(a, at_most(1)), assume(a, at_least(-1)))),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_true_lines_are_never_refuted(name):
    e = examine(*TRUE[name])
    assert e.outcome in (Outcome.CERTIFIED, Outcome.SAMPLED), e
    assert e.worlds >= 6 and e.sizes
    if e.outcome is Outcome.CERTIFIED:
        assert e.error_bound is not None and e.error_bound < 1e-12


@pytest.mark.parametrize("name", FALSE)
def test_false_lines_are_refuted_by_a_world_that_can_be_checked(name):
    statement, given = FALSE[name]
    e = examine(statement, given)
    assert e.outcome is Outcome.REFUTED, e
    shown = e.counterexample
    assert shown is not None
    if isinstance(statement, Relation) and statement.relation == "=":
        assert shown.left != shown.right
    if isinstance(statement, Predicate) and statement.name == "convex":
        chord = next(c for c in chords(statement, given) if str(c.t) == shown.values[c.called])
        statement = chord.relation
    dims_of = {str(q): q for q in (n, p, N, K, d)}
    names = {q.name: q for formula in statement.formulas for q in symbols(formula)}
    names |= {q.name: q for hypothesis in given for formula in hypothesis.statement.formulas for q in symbols(formula)}
    values = {names[q]: number(value) for q, value in shown.values.items() if q in names}
    world = world_of(values, {dims_of[q]: size for q, size in shown.sizes.items()})
    assert not satisfies(world, statement)
    assert all(satisfies(world, g) for g in given)


def number(text):
    return [number(part) for part in text] if isinstance(text, list) else fmpq(*map(int, text.split("/")))


@pytest.mark.parametrize(
    "name", ["ridge gradient", "Woodbury", "trace is cyclic", "labels", "means balance", "eigenvalue"]
)
def test_rational_identities_are_certified(name):
    e = examine(*TRUE[name])
    assert (e.outcome, e.arithmetic) == (Outcome.CERTIFIED, "field")


def test_transcendental_ones_are_sampled_to_thirty_digits():
    e = examine(*TRUE["softmax"])
    assert (e.outcome, e.arithmetic, e.digits) == (Outcome.SAMPLED, "real", 30) and e.worlds >= 20


def test_piecewise_ones_are_sampled_exactly_away_from_kinks():
    e = examine(*TRUE["relu"])
    assert (e.outcome, e.arithmetic, e.digits) == (Outcome.SAMPLED, "ordered", None)
    assert e.skipped["kink"] > 0 and any("kink" in note for note in e.notes)


def test_counterexamples_are_small():
    shown = examine(*FALSE["commutes"]).counterexample
    assert shown.sizes == {"n": 2}
    entries = [e for value in shown.values.values() for row in value for e in row]
    assert set(entries) <= {"0", "1", "-1"} and entries.count("0") >= 5
    assert examine(*FALSE["sign"]).counterexample.sizes == {"n": 1, "p": 1}
    assert "n=2, p=3" in examine(*FALSE["sign"]).counterexample.note


def test_the_failing_index_is_named():
    assert "i = " in examine(*FALSE["free index"]).counterexample.note


def test_undefined_everywhere_is_no_pass():
    assert examine(eq(1 / (a - a), 1 / (a - a))).outcome is Outcome.UNDEFINED
    assert examine(eq(log(-sqnorm(u) - 1), log(-sqnorm(u) - 1))).outcome is Outcome.UNDEFINED
    assert examine(eq((outer(u, u) - outer(u, u)).I, A)).outcome is Outcome.UNDEFINED


def test_undefined_somewhere_is_counted():
    e = examine(eq(a / a, cr.ones()))
    assert e.outcome is Outcome.CERTIFIED and e.skipped.get("undefined", 0) >= 1


def test_a_hypothesis_that_nothing_meets_gives_no_world():
    assert examine(eq(a, b), (assume(sqnorm(u), cr.less_than(0)),)).outcome is Outcome.NO_WORLD


def test_solutions_among_residues_alone_refute_nothing():
    """sqnorm(u) = 0 forces u = 0 among real numbers, but not in F_p."""
    e = examine(eq(u, zeros(n)), (assume(sqnorm(u), equals(0)),))
    assert e.outcome is not Outcome.REFUTED


def test_a_hypothesis_of_order_is_not_lost():
    """a^2 <= 0 makes a = 0: F_p, which drops the inequality, has to give way to rational worlds."""
    e = examine(eq(a, zeros()), (assume(a**2, at_most(0)),))
    assert e.outcome is Outcome.SAMPLED and any("F_p" in note for note in e.notes)


def test_convexity_on_a_set_that_is_not_convex_is_unsupported():
    r = vector("r", n, unit=True)
    assert examine(cr.convex(sqnorm(r), r)).outcome is Outcome.UNSUPPORTED


def test_too_many_finite_choices_certify_nothing():
    """2 x 3 x 5 labels have 2^30 values; the edge sizes, where all can be tried, are not enough."""
    cube = cr.tensor("l", n, p, d, labels=True)
    assert examine(eq(cube * cube, ones(n, p, d))).outcome is Outcome.SAMPLED
    assert examine(eq(t * t, ones(n))).outcome is Outcome.CERTIFIED


def test_constructions_that_leave_values_out_certify_nothing():
    """Orthogonal and diagonal: signs, of which only some are drawn."""
    signs = matrix("D", n, n, orthogonal=True, diagonal=True)
    assert examine(eq(signs @ signs, I(n))).outcome is Outcome.SAMPLED


def test_examinations_repeat_exactly():
    for statement, given in (TRUE["Woodbury"], FALSE["commutes"], TRUE["relu"]):
        assert examine(statement, given) == examine(statement, given)


def test_a_ridge_sized_line_takes_at_most_fifty_milliseconds():
    times = []
    for _ in range(9):
        start = time.perf_counter()
        examine(*TRUE["ridge gradient"])
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.05
