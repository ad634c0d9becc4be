"""The same function in forms that neither overflow nor cancel: log-sum-exp, softmax, sigmoid, log1p, log-determinants.

Every rule is an identity of real numbers; it is applied to the DAG, from the leaves up.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import facts

ONE = Fraction(1)
Rule = Callable[[Dag], Dag | None]


def stable(root: Dag, last: bool = True) -> tuple[Dag, dict[Dag, Dag]]:
    """The formula in stable forms, and what became of each of its nodes.

    The `last` rules make functions that have no law of derivatives: before a derivative is taken they are left out.
    """
    done: dict[Dag, Dag] = {}
    for node in dag.order(root):
        new = dag.rebuild(node, [done[c] for c in node.children])
        while (better := _better(new, last)) is not None:
            new = better
        done[node] = new
    return done[root], done


def _better(node: Dag, last: bool) -> Dag | None:
    rules = (*RULES.get(node.kind, ()), *(LAST.get(node.kind, ()) if last else ()))
    return next(filter(None, (rule(node) for rule in rules)), None)


# --- what is looked for ----------------------------------------------------------------------------
def _is(node: Dag, name: str) -> bool:
    return node.kind == "function" and node.args[0] == name


def _argument(node: Dag) -> Dag:
    return node.args[2]


def _number(node: Dag) -> Fraction | None:
    """The number that fills a node."""
    return node.args[0] if node.kind == "contract" and dag.is_number(node) else None


def _one_plus(x: Dag, name: str) -> tuple[Fraction, Dag, Fraction] | None:
    """x = c f(u) + number, f the function of this name: (c, u, number)."""
    if x.kind != "sum" or len(x.args) != 2:
        return None
    for (c, f), (d, one) in (x.args, x.args[::-1]):
        value = _number(one)
        if _is(f, name) and value is not None:
            return c, _argument(f), d * value
    return None


def _plus_number(x: Dag) -> tuple[Dag, Fraction] | None:
    """x = rest + number."""
    if x.kind == "sum":
        for k, (c, term) in enumerate(x.args):
            value = _number(term)
            if value is not None:
                rest = [dag.scale(b, n) for j, (b, n) in enumerate(x.args) if j != k]
                return dag.add(*rest), c * value
    return None


def _minus(x: Dag) -> Dag:
    return dag.scale(-1, x)


# --- logarithms and exponentials -------------------------------------------------------------------
def _log_of_function(node: Dag) -> Dag | None:
    """log e^u = u; log sigmoid(u) = -softplus(-u); log softmax(u) = u - logsumexp(u); log det S."""
    if not _is(node, "log"):
        return None
    x = _argument(node)
    if _is(x, "exp"):
        return _argument(x)
    if _is(x, "sigmoid"):
        return _minus(dag.function("softplus", _minus(_argument(x))))
    if x.kind == "softmax":
        axes, u = x.args
        labels = tuple(range(len(u.dims)))
        kept = tuple(k for k in labels if k not in axes)
        spread = dag.contract(1, [(dag.along("logsumexp", u, axes), kept)], labels, dict(enumerate(u.dims)))
        return dag.add(u, _minus(spread))
    return dag.matrix_function("logdet", x.args[0]) if x.kind == "det" else None


def _log_of_sum(node: Dag) -> Dag | None:
    """log(1 + e^u) = softplus(u); log(e^a + e^b) = a + softplus(b - a)."""
    if not _is(node, "log"):
        return None
    x = _argument(node)
    found = _one_plus(x, "exp")
    if found is not None and found[0] == found[2] == 1:
        return dag.function("softplus", found[1])
    if x.kind == "sum" and len(x.args) == 2 and all(c == 1 and _is(n, "exp") for c, n in x.args):
        a, b = (_argument(n) for _, n in x.args)
        return dag.add(a, dag.function("softplus", dag.add(b, _minus(a))))
    return None


def _log_of_nearly_one(node: Dag) -> Dag | None:
    """log(1 + x) = log1p(x)."""
    split = _plus_number(_argument(node)) if _is(node, "log") else None
    return dag.function("log1p", split[0]) if split is not None and split[1] == 1 else None


def _log_of_total(node: Dag) -> Dag | None:
    """log(sum e^u) = logsumexp(u), over any axes."""
    if not _is(node, "log") or _argument(node).kind != "contract":
        return None
    coef, ops, out, _ = _argument(node).args
    if coef != 1 or len(ops) != 1 or not _is(ops[0][0], "exp") or len(set(out)) < len(out):
        return None
    labels = ops[0][1]
    gone = tuple(k for k, x in enumerate(labels) if x not in out)
    if not gone or len(set(labels)) < len(labels) or not set(out) <= set(labels):
        return None
    left = [x for x in labels if x in out]
    return dag.transpose(dag.along("logsumexp", _argument(ops[0][0]), gone), [left.index(x) for x in out])


def _exp_less_one(node: Dag) -> Dag | None:
    """c e^u - c = c expm1(u)."""
    found = _one_plus(node, "exp")
    if found is not None and found[0] == -found[2]:
        return dag.scale(found[0], dag.function("expm1", found[1]))
    return None


def _one_less_sigmoid(node: Dag) -> Dag | None:
    """c - c sigmoid(u) = c sigmoid(-u)."""
    found = _one_plus(node, "sigmoid")
    if found is not None and found[0] == -found[2]:
        return dag.scale(found[2], dag.function("sigmoid", _minus(found[1])))
    return None


# --- sigmoid and softmax ---------------------------------------------------------------------------
def _power_of_sum(node: Dag) -> Dag | None:
    """(1 + e^u)^-1 = sigmoid(-u); other negative powers likewise."""
    if not _is(node, "power"):
        return None
    _, exponent, x = node.args
    found = _one_plus(x, "exp")
    if exponent >= 0 or found is None or found[0] != 1 or found[2] != 1:
        return None
    sigmoid = dag.function("sigmoid", _minus(found[1]))
    return dag.product(sigmoid, sigmoid) if exponent == -2 else dag.function("power", sigmoid, -exponent)


def _power_of_scaled(node: Dag) -> Dag | None:
    """(2 x)^-1 = x^-1 / 2, for whole exponents."""
    if not _is(node, "power") or node.args[1].denominator != 1:
        return None
    coef, x = dag.scaled(node.args[2])
    return None if coef == 1 else dag.scale(coef ** int(node.args[1]), dag.function("power", x, node.args[1]))


def _quotient(node: Dag) -> Dag | None:
    """e^u sigmoid(-u) = sigmoid(u); e^u / sum e^u = softmax(u)."""
    return _of_two_factors(node, _quotient_of)


def _bell(node: Dag) -> Dag | None:
    """sigmoid(u) sigmoid(-u) by one function."""
    return _of_two_factors(node, _bell_of)


Pair = Callable[[Dag, Dag, tuple[int, ...], tuple[int, ...]], Dag | None]


def _of_two_factors(node: Dag, rule: Pair) -> Dag | None:
    """A product with two of its factors replaced by one, on the labels of the first."""
    coef, ops, out, dims = node.args
    for i, (a, la) in enumerate(ops):
        for j, (b, lb) in enumerate(ops):
            new = rule(a, b, la, lb) if i != j else None
            if new is not None:
                rest = [op for k, op in enumerate(ops) if k not in (i, j)]
                return dag.contract(coef, [*rest, (new, la)], out, dict(enumerate(dims)))
    return None


def _quotient_of(a: Dag, b: Dag, la: tuple[int, ...], lb: tuple[int, ...]) -> Dag | None:
    if not _is(a, "exp"):
        return None
    if _is(b, "sigmoid") and la == lb and _argument(a) is _minus(_argument(b)):
        return dag.function("sigmoid", _argument(a))
    if _is(b, "power") and b.args[1] == -1:
        axes = _total_of(a, _argument(b), la, lb)
        return dag.along("softmax", _argument(a), axes) if axes else None
    return None


def _bell_of(a: Dag, b: Dag, la: tuple[int, ...], lb: tuple[int, ...]) -> Dag | None:
    if _is(a, "sigmoid") and _is(b, "sigmoid") and la == lb and _argument(a) is _minus(_argument(b)):
        return dag.function("sigmoid_slope", min(_argument(a), _argument(b)))
    return None


def _total_of(e: Dag, total: Dag, whole: tuple[int, ...], part: tuple[int, ...]) -> tuple[int, ...] | None:
    """The axes over which `total` sums e, if it does and its other axes lie along those of e."""
    if total.kind != "contract":
        return None
    coef, ops, out, _ = total.args
    if coef != 1 or len(ops) != 1 or ops[0][0] is not e or len(set(ops[0][1])) < len(ops[0][1]):
        return None
    label_of = dict(zip(out, part, strict=True))
    along = all(label_of.get(x, y) == y for x, y in zip(ops[0][1], whole, strict=True))
    fits = along and set(out) <= set(ops[0][1]) and len(set(out)) == len(out) and len(set(whole)) == len(whole)
    return tuple(k for k, x in enumerate(ops[0][1]) if x not in out) if fits else None


# --- matrices --------------------------------------------------------------------------------------
def _inverse(node: Dag) -> Dag | None:
    """(S^-1)^-1 = S; Q^-1 = Q'; diag(v)^-1 = diag(1/v); (c S)^-1 = S^-1 / c; (S')^-1 = (S^-1)'."""
    x = node.args[0]
    if x.kind == "inverse":
        return x.args[0]
    last = (*range(len(x.dims) - 2), len(x.dims) - 1, len(x.dims) - 2)
    if "orthogonal" in facts.declared(x):
        return dag.transpose(x, last)
    if x.kind != "contract" or len(x.args[1]) > 1:
        return None
    coef, ops, out, dims = x.args
    if len(x.dims) == 2 and out[0] == out[1] and all(set(ls) <= set(out) for _, ls in ops):
        inner = [(dag.function("power", op, Fraction(-1)), ls) for op, ls in ops]
        return dag.contract(1 / coef, inner, out, dict(enumerate(dims)))
    if coef != 1 and ops:
        return dag.scale(1 / coef, dag.matrix_function("inverse", dag.scale(1 / coef, x)))
    if len(x.dims) == 2 and ops and ops[0][1] == out[::-1]:
        return dag.transpose(dag.matrix_function("inverse", ops[0][0]), last)
    return None


def _logdet(node: Dag) -> Dag | None:
    """logdet S^-1 = -logdet S; logdet diag(v) = sum log v for positive v."""
    x = node.args[0]
    if x.kind == "inverse":
        return _minus(dag.matrix_function("logdet", x.args[0]))
    if x.kind != "contract" or len(x.dims) != 2 or x.args[2][0] != x.args[2][1] or not facts.positive_definite(x):
        return None
    coef, ops, out, dims = x.args
    if any(not set(ls) <= set(out) for _, ls in ops):
        return None
    diagonal = dag.contract(coef, ops, out[:1], dict(enumerate(dims)))
    return dag.contract(1, [(dag.function("log", diagonal), (0,))], (), {})


# --- products --------------------------------------------------------------------------------------
def _numbers_out(node: Dag) -> Dag | None:
    """(2 A) B = 2 (A B)."""
    coef, ops, out, dims = node.args
    split = [(*dag.scaled(op), ls) for op, ls in ops]
    if all(c == 1 for c, _, _ in split):
        return None
    for c, _, _ in split:
        coef *= c
    return dag.contract(coef, [(op, ls) for _, op, ls in split], out, dict(enumerate(dims)))


def _symmetric(node: Dag) -> Dag | None:
    """S' = S for a symmetric matrix."""
    coef, ops, out, _ = node.args
    if len(ops) == 1 and len(node.dims) == 2 and ops[0][1] == out[::-1] and facts.symmetric(ops[0][0]):
        return dag.scale(coef, ops[0][0])
    return None


def _turned_alike(node: Dag) -> Dag | None:
    """S' u = S u: symmetric factors stand in the one of their two orders that comes first."""
    coef, ops, out, dims = node.args
    places = [k for k, (op, ls) in enumerate(ops) if len(ls) >= 2 and facts.symmetric(op)]
    best = node
    for choice in product((False, True), repeat=min(len(places), 3)):
        turned = {k for k, turn in zip(places, choice, strict=False) if turn}
        new = [(op, (*ls[:-2], ls[-1], ls[-2]) if k in turned else ls) for k, (op, ls) in enumerate(ops)]
        found = dag.contract(coef, new, out, dict(enumerate(dims)))
        if found.kind == "contract" and _spelling(found) < _spelling(best):
            best = found
    return None if best is node else best


def _spelling(node: Dag) -> tuple[object, ...]:
    return tuple(ls for _, ls in node.args[1]), node.args[2]


def _numbers_of_terms(node: Dag) -> Dag | None:
    """a - 2 (b / 2) = a - b: each term has one number in front."""
    split = [(c, *dag.scaled(n)) for c, n in node.args]
    if all(inner == 1 for _, inner, _ in split):
        return None
    return dag.add(*(dag.scale(c * inner, base) for c, inner, base in split))


def _common_number(node: Dag) -> Dag | None:
    """2 a + 2 b = 2 (a + b); -a - b = -(a + b)."""
    coefs = [c for c, _ in node.args]
    common = abs(coefs[0]) * (-1 if max(coefs) < 0 else 1)
    if common == 1 or {abs(c) for c in coefs} != {abs(common)} or any(_number(n) is not None for _, n in node.args):
        return None
    return dag.scale(common, dag.add(*(dag.scale(c / common, n) for c, n in node.args)))


RULES: dict[str, tuple[Rule, ...]] = {
    "function": (_log_of_function, _log_of_sum, _log_of_total, _power_of_sum, _power_of_scaled),
    "sum": (_one_less_sigmoid, _numbers_of_terms, _common_number),
    "contract": (_numbers_out, _symmetric, _turned_alike, _quotient),
    "inverse": (_inverse,),
    "logdet": (_logdet,),
}

LAST: dict[str, tuple[Rule, ...]] = {
    "function": (_log_of_nearly_one,),
    "sum": (_exp_less_one,),
    "contract": (_bell,),
}
