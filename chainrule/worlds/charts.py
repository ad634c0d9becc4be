"""Charts: the support of a density, drawn out to the whole line, x = phi(u) with phi rising and smooth.

    the line            x = u                       log phi'(u) = 0
    from a upwards      x = a + e^u                 log phi'(u) = u
    between a and b     x = a + (b - a) sigmoid(u)  log phi'(u) = log(b - a) - softplus(u) - softplus(-u)

Between 0 and 1, log x is -softplus(-u) and log(1 - x) is -softplus(u); above 0, log x is u: so they are written.
The integral of p over the support is that of p(phi(u)) phi'(u) over the line. What falls like a power of x falls like
an exponential of u: many a density that is not log-concave in x is so in u, and its tails are then bounded by what the
logarithm's slope is at one point.
"""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Node, Number, Var, as_node, make_var
from chainrule.notation.vocabulary import exp, log, sigmoid, softplus

U = make_var("the place on the line", (), ())


@dataclass(frozen=True)
class Chart:
    """x as a formula of U, and log h = log p(x) + log phi'(U). `kind` is line, ray or interval."""

    kind: str
    x: Node
    log_h: Node
    ends: tuple[Node | None, Node | None]


def chart(log_density: Node, x: Var, ends: tuple[Node | None, Node | None]) -> Chart:
    """The chart of a support by its ends; None is an end at infinity."""
    match ends:
        case None, None:
            return Chart("line", U, log_density.xreplace({x: U}), ends)
        case low, None if low is not None:
            at = exp(U) if _is_zero(low) else low + exp(U)
            known = {log(x): U} if _is_zero(low) else {}
            return Chart("ray", at, log_density.xreplace({**known, x: at}) + U, ends)
        case low, high if low is not None and high is not None:
            long = high - low
            unit = _is_zero(low) and high == as_node(1)
            at = sigmoid(U) if unit else low + long * sigmoid(U)
            known = {log(x): -softplus(-U), log(1 - x): -softplus(U)} if unit else {}
            slope = -softplus(U) - softplus(-U) + (0 if unit else log(long))
            return Chart("interval", at, log_density.xreplace({**known, x: at}) + slope, ends)
    raise Unsupported("a support that has an upper end and no lower one; turn the variable round")


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 0
