"""The same function in forms that neither overflow nor cancel: log-sum-exp, softmax, sigmoid, log1p, log-determinants.

Every rule is an identity of real numbers; it is applied to the DAG, from the leaves up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .apart import common_factor, common_pattern, outer
from .exponentials import log_of_total, quotient, total_of_exponentials
from .facts import declared, hidden, positive
from .patterns import argument, is_function, minus, one_plus, opposite, plus_number
from .tidy import (
    common_number,
    inverse,
    logdet,
    numbers_of_terms,
    numbers_out,
    over_deltas,
    power_of_scaled,
    symmetric,
    turned_alike,
)

Rule = Callable[[Dag], Dag | None]


def stable(*roots: Dag, last: bool = True) -> dict[Dag, Dag]:
    """The formulas in stable forms: what became of each of their nodes.

    The `last` rules make functions that have no law of derivatives: before a derivative is taken they are left out.
    """
    done = _once(roots, last)
    while True:
        again = _once([done[root] for root in roots], last)
        if all(again[done[root]] is done[root] for root in roots):
            return done
        done = {node: again[new] for node, new in done.items() if new in again}


def _once(roots: Sequence[Dag], last: bool) -> dict[Dag, Dag]:
    """Every node rewritten once, children first. What a rule makes below the node is seen the next time."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(*roots):
        new = dag.rebuild(node, [done[c] for c in node.children])
        while (better := _better(new, last)) is not None:
            new = better
        done[node] = new
    return done


def _better(node: Dag, last: bool) -> Dag | None:
    rules = (*RULES.get(node.kind, ()), *(LAST.get(node.kind, ()) if last else ()))
    return next(filter(None, (rule(node) for rule in rules)), None)


# --- logarithms and exponentials -------------------------------------------------------------------
def _log_of_function(node: Dag) -> Dag | None:
    """log e^u = u; log sigmoid(u) = -softplus(-u); log softmax(u) = u - logsumexp(u); log det S."""
    if not is_function(node, "log"):
        return None
    x = argument(node)
    if is_function(x, "exp"):
        return argument(x)
    if is_function(x, "sigmoid"):
        return minus(dag.function("softplus", minus(argument(x))))
    if x.kind == "softmax":
        axes, u = x.args
        labels = tuple(range(len(u.dims)))
        kept = tuple(k for k in labels if k not in axes)
        spread = dag.contract(1, [(dag.along("logsumexp", u, axes), kept)], labels, dict(enumerate(u.dims)))
        return dag.add(u, minus(spread))
    return dag.matrix_function("logdet", x.args[0]) if x.kind == "det" else None


def _log_of_sum(node: Dag) -> Dag | None:
    """log(1 + e^u) = softplus(u); log(A + B) = log A + softplus(log B - log A), where each is e^u or a sum of them."""
    if not is_function(node, "log"):
        return None
    x = argument(node)
    found = one_plus(x, "exp")
    if found is not None and found[0] == found[2] == 1:
        return dag.function("softplus", found[1])
    if x.kind != "sum" or len(x.args) != 2 or not all(c == 1 and _exponentials(n) for c, n in x.args):
        return None
    first, second = sorted((n for _, n in x.args), key=_masked)
    if _masked(first):  # a mask may hide all of it
        return None
    a, b = (argument(n) if is_function(n, "exp") else dag.function("log", n) for n in (first, second))
    return dag.add(a, dag.function("softplus", dag.add(b, minus(a))))


def _exponentials(node: Dag) -> bool:
    return is_function(node, "exp") or total_of_exponentials(node) is not None


def _masked(node: Dag) -> bool:
    return not positive(node)


def _log_of_nearly_one(node: Dag) -> Dag | None:
    """log(1 + x) = log1p(x), where 1 + x is no mask."""
    split = plus_number(argument(node)) if is_function(node, "log") and not hidden(node) else None
    return dag.function("log1p", split[0]) if split is not None and split[1] == 1 else None


def _exp_less_one(node: Dag) -> Dag | None:
    """c e^u - c = c expm1(u)."""
    found = one_plus(node, "exp")
    if found is not None and found[0] == -found[2]:
        return dag.scale(found[0], dag.function("expm1", found[1]))
    return None


def _one_less_sigmoid(node: Dag) -> Dag | None:
    """c - c sigmoid(u) = c sigmoid(-u)."""
    found = one_plus(node, "sigmoid")
    if found is not None and found[0] == -found[2]:
        return dag.scale(found[2], dag.function("sigmoid", minus(found[1])))
    return None


def _of_spread(node: Dag) -> Dag | None:
    """f(x 1') = f(x) 1': a function of equal entries is taken once."""
    name, parameter, x = node.args
    if x.kind != "contract" or x.args[0] != 1 or len(x.args[1]) != 1:
        return None
    _, ((inner, labels),), out, dims = x.args
    if len(set(labels)) < len(labels) or len(set(out)) < len(out) or not set(labels) < set(out):
        return None
    return dag.contract(1, [(dag.function(name, inner, parameter), labels)], out, dict(enumerate(dims)))


# --- sigmoid and softmax ---------------------------------------------------------------------------
def _power_of_sum(node: Dag) -> Dag | None:
    """(1 + e^u)^-1 = sigmoid(-u); other negative powers likewise."""
    if not is_function(node, "power"):
        return None
    _, exponent, x = node.args
    found = one_plus(x, "exp")
    if exponent >= 0 or found is None or found[0] != 1 or found[2] != 1:
        return None
    sigmoid = dag.function("sigmoid", minus(found[1]))
    return dag.product(sigmoid, sigmoid) if exponent == -2 else dag.function("power", sigmoid, -exponent)


def _quotient(node: Dag) -> Dag | None:
    """e^u sigmoid(-u) = sigmoid(u)."""
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
    if is_function(a, "exp") and is_function(b, "sigmoid") and la == lb and opposite(argument(a), argument(b)):
        return dag.function("sigmoid", argument(a))
    return None


def _bell_of(a: Dag, b: Dag, la: tuple[int, ...], lb: tuple[int, ...]) -> Dag | None:
    if is_function(a, "sigmoid") and is_function(b, "sigmoid") and la == lb and opposite(argument(a), argument(b)):
        return dag.function("sigmoid_slope", min(argument(a), argument(b)))
    return None


def _softplus(node: Dag) -> Dag | None:
    """softplus(u) = max(u, 0) + log(1 + e^-|u|), which neither overflows nor loses digits."""
    if not is_function(node, "softplus"):
        return None
    u = argument(node)
    return dag.add(dag.function("relu", u), dag.function("log1p", dag.function("decay", u)))


EVEN = ("abs", "cos", "cosh", "decay", "sigmoid_slope")


def _even(node: Dag) -> Dag | None:
    """|-u| = |u|, and |y u| = |u| for labels y of -1 and 1; likewise for other even functions."""
    if node.args[0] not in EVEN or node.args[2].kind != "contract":
        return None
    coef, ops, out, dims = node.args[2].args
    signs = [op for op in ops if "labels" in declared(op[0]) and set(op[1]) <= set(out)]
    if coef > 0 and not signs:
        return None
    rest = [op for op in ops if op not in signs]
    return dag.function(node.args[0], dag.contract(abs(coef), rest, out, dict(enumerate(dims))))


Rules = dict[str, tuple[Rule, ...]]

RULES: Rules = {
    "function": (_of_spread, _log_of_function, _log_of_sum, log_of_total, _power_of_sum, power_of_scaled),
    "sum": (_one_less_sigmoid, numbers_of_terms, common_number),
    "contract": (numbers_out, symmetric, turned_alike, _quotient, quotient),
    "inverse": (inverse,),
    "logdet": (logdet,),
}

LAST: Rules = {
    "function": (_log_of_nearly_one, _softplus, _even),
    "sum": (_exp_less_one, common_factor, common_pattern),
    "contract": (_bell, over_deltas, outer),
}
