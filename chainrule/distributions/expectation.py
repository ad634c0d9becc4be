"""Expected values as formulas.

expect(f, x, mean=m, covariance=V)     f of degree 2 in x, whatever else is true of the law of x
expect(f, x, Gaussian(m, V))           f of degree 8 at most, x normal; Normal(m, sigma_sq) for a number x
"""

from __future__ import annotations

from sympy.core.symbol import Str

from chainrule.errors import NotationError
from chainrule.notation.nodes import LAWS, Expect, Node, Var, as_node
from chainrule.notation.polynomial import degree

from .family import Distribution
from .gaussian import Gaussian, Normal


def expect(
    f: object, x: Var, law: Distribution | None = None, *, mean: object = None, covariance: object = None
) -> Expect:
    """The expected value of f over x (a number or a vector); for a number the covariance is its variance.

    Errors: NotationError where f is no polynomial in x of a degree that the law decides, and where the law is not said.
    """
    f = as_node(f)
    if law is not None and (mean, covariance) == (None, None):
        name, (mean, covariance) = "normal", _normal(law)
    elif law is None and mean is not None and covariance is not None:
        name = "moments"
    else:
        raise NotationError("an expected value asks for a law, Gaussian(m, V), or else for mean=m and covariance=V")
    _check(f, x, name)
    return Expect(Str(name), f, x, as_node(mean), as_node(covariance))


def _normal(law: Distribution) -> tuple[Node, ...]:
    if law.family not in (Normal, Gaussian):
        raise NotationError(
            f"no expected values are known for {law.family.name}; there are Normal and Gaussian; for a law on finitely "
            "many outcomes write a Sum"
        )
    return law.parameters


def _check(f: Node, x: Var, law: str) -> None:
    found, most = degree(f, x), LAWS[law]
    name = x.name if isinstance(x, Var) else x
    if found is None:
        raise NotationError(f"{f} is not seen to be a polynomial in {name}: moments do not decide its expected value")
    if found > most:
        more = "the mean and covariance decide that of degree 2" if law == "moments" else f"the bound is {most}"
        raise NotationError(f"{f} is of degree {found} in {name}: {more}")
