"""Why EM climbs: the bound under the log-likelihood, that the E-step touches it, and that the M-step lifts both.

    log p(x) = L(q) + KL(q || posterior) >= L(q),     L(q) = sum q[i, k] (J[i, k] - log q[i, k])
    log p(x; new) - log p(x) = Q(new) - Q + KL(posterior || posterior at new) >= Q(new) - Q >= 0

J[i, k] = log p(x[i], z[i] = k) is the log joint, its softmax r over k the posterior, and Q = sum r J. That no
divergence is negative is Gibbs' inequality: the tangent of the logarithm at 1, averaged. Nothing is asked of the
densities but that they are positive; the weights of the classes are declared so.

Source: Dempster, Laird and Rubin (1977), theorem 1; Neal and Hinton (1998).
"""

from __future__ import annotations

from functools import reduce
from operator import add

from chainrule.notation.indices import each_of, index
from chainrule.notation.nodes import Let, Node, Var, make_var
from chainrule.notation.statements import Assumption, Derivation, algebra, assume, at_least, at_most, by, cited, equals
from chainrule.notation.vocabulary import let, log, logsumexp, matrix, softmax, total
from chainrule.optimality.words import chain

from .declaration import Model, Picked
from .likelihood import apart, per_class

ROWS = {"simplex", "stochastic_rows"}


def climbing(model: Model, z: Picked) -> dict[str, Derivation]:
    """elbo, tight and ascent, by name."""
    now, new = _account(model, z, ""), _account(model, z, "_new")
    found = (_elbo(*now), _tight(now[0]), _ascent(*now, *new))
    return {d.place.part: d for d in found}


def _account(model: Model, z: Picked, mark: str) -> tuple[Let, Node | None]:
    """The log joint of examples and classes, and the log-density of all that hangs on no class."""
    renamed = {p: _positive(p, mark) for p in model.parameters}
    joint = each_of(per_class(model, z), z.example, z).xreplace(renamed)
    others = [term.xreplace(renamed) for term in apart(model, z)]
    rest = let(f"P{mark}", reduce(add, others)) if others else None
    return let(f"J{mark}", joint), rest


def _positive(p: Var, mark: str) -> Var:
    """The parameter by this name; what sums to 1 is positive, so that each class has a logarithm."""
    return make_var(p.name + mark, p.shape, tuple(sorted(p.declared | ({"positive"} if p.declared & ROWS else set()))))


def _with(rest: Node | None, value: Node) -> Node:
    return value if rest is None else rest + value


def _evidence(joint: Node) -> Node:
    return total(logsumexp(joint, axis=1))


def _gibbs(p: Node, q: Node) -> Assumption:
    """p log(q / p) <= q - p in every entry."""
    i, k = index("i", p.shape[0]), index("k", p.shape[1])
    p, q = p[i, k], q[i, k]
    return cited(
        p * log(q / p),
        at_most(q - p),
        theorem="1 + t <= e^t",
        source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
    )


def _elbo(joint: Let, rest: Node | None) -> Derivation:
    """log p(x) is the bound and a divergence, whatever the weights q."""
    q, r = matrix("q", *joint.shape, stochastic_rows=True, positive=True), let("r", softmax(joint, axis=1))
    bound = _with(rest, total(q * (joint - log(q))))
    return chain(
        "elbo",
        _with(rest, _evidence(joint)),
        equals(bound - total(q * log(r / q)), algebra),
        at_least(bound - total(r - q), by(_gibbs(q, r))),
        equals(bound, algebra),
    )


def _tight(joint: Let) -> Derivation:
    """The bound at the posterior is log p(x): no q does better."""
    r = let("r", softmax(joint, axis=1))
    return chain("tight", total(r * (joint - log(r))), equals(_evidence(joint), algebra))


def _ascent(joint: Let, rest: Node | None, later: Let, rest_later: Node | None) -> Derivation:
    """A step that does not lower Q does not lower the likelihood."""
    r, s = let("r", softmax(joint, axis=1)), let("r_new", softmax(later, axis=1))
    before, after = _with(rest, total(r * joint)), _with(rest_later, total(r * later))
    gain = after - before
    return chain(
        "ascent",
        _with(rest_later, _evidence(later)) - _with(rest, _evidence(joint)),
        equals(gain - total(r * log(s / r)), algebra),
        at_least(gain - total(s - r), by(_gibbs(r, s))),
        equals(gain, algebra),
        at_least(0, by(assume(before, at_most(after)))),
    )
