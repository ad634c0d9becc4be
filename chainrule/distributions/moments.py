"""What a family claims, as items to be judged: its density sums to 1, and has this mean and this variance.

normal = moments(Normal(m, sigma_sq), x)      normal[total], normal[mean], normal[variance]
log_mean = averages(Gamma(a, b), x, x**3, a * (a + 1) * (a + 2) / b**3)
"""

from __future__ import annotations

from chainrule.errors import NotationError, caller
from chainrule.notation.nodes import Node, Var, as_node
from chainrule.notation.statements import Assumption, Integral

from .family import Distribution


def averages(
    law: Distribution, x: Var, g: object, value: object, *, given: Assumption | tuple[Assumption, ...] = ()
) -> Integral:
    """The expected value of g(x), x drawn from the law, is this value: an integral over the support, or a sum.

    Errors: NotationError where x is no number: integrals are taken over one variable.
    """
    if not isinstance(x, Var) or x.ndim or law.family.support.axes:
        raise NotationError(f"{law.family.name}: integrals are taken over one number, and this is {x}")
    if any(x in p.atoms(Var) for p in law.parameters):
        raise NotationError(f"{law.family.name}: {x.name} is what is drawn, and stands in a parameter too")
    more = given if isinstance(given, tuple) else (given,)
    return Integral(
        law.log_density(x), x, as_node(g), as_node(value), _ends(law), law.family.support.counted, (*law.asks, *more),
        caller(),
    )  # fmt: skip


def moments(law: Distribution, x: Var) -> dict[str, Integral]:
    """The density sums to 1; its mean and its variance, where the family has formulas for them and they exist."""
    found = {"total": averages(law, x, 1, 1)}
    if law.family.mean is not None:
        found["mean"] = averages(law, x, x, law.mean, given=law.exists("mean"))
    if law.family.mean is not None and law.family.variance is not None:
        found["variance"] = averages(
            law, x, (x - law.mean) ** 2, law.variance, given=(*law.exists("mean"), *law.exists("variance"))
        )
    return found


def _ends(law: Distribution) -> tuple[Node | None, Node | None]:
    """The ends that the family names; what is positive begins at 0."""
    low, high = law.ends
    if low is None and {"positive", "nonnegative"} & set(law.family.support.properties):
        low = as_node(0)
    return low, high
