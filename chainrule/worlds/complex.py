"""Complex numbers as balls that surely contain them: what rigorous integration evaluates a density with.

Where an integrand is not shown analytic (a ball that touches a branch cut, or the kink of |x|) the value is no finite
ball, and the path of integration is cut in two.
"""

from __future__ import annotations

from typing import Any

from flint import acb, arb

from chainrule.errors import Unsupported
from chainrule.notation.nodes import polygamma_order

from .arithmetic import Arithmetic, Balls

NOWHERE = acb("nan")


class Complex(Arithmetic):
    """`analytic`: values are asked for on a whole ball, on which the function has to be shown analytic."""

    name = "complex balls"
    ordered = False

    def __init__(self, analytic: bool):
        super().__init__()
        self.analytic = analytic

    def lift(self, value: Any) -> Any:
        return value if isinstance(value, acb) else acb(value)

    def irrational(self, value: Any) -> Any:
        return acb(Balls().irrational(value))

    def is_zero(self, x: Any) -> bool:
        return bool(x == 0)

    def sign(self, x: Any) -> int:
        raise Unsupported("complex numbers have no order")

    def apply(self, function: str, x: Any) -> Any:
        match function:
            case "exp" | "sin" | "cos" | "sinh" | "cosh":  # entire
                return getattr(x, function)()
            case "log" | "sqrt":
                if not self.analytic and x.imag == 0 and not x.real > 0:
                    return NOWHERE  # on the path itself a density has real parts alone
                return getattr(x, function)(analytic=self.analytic)
            case "sigmoid":
                return 1 / (1 + (-x).exp())
            case "softplus":
                return (1 + x.exp()).log(analytic=self.analytic)
            case "abs":
                return self._absolute(x)
            case "log_bessel0":
                return x.bessel_i(0).log(analytic=self.analytic)
        if not x.real > 0:
            return NOWHERE
        if function == "lgamma":
            return x.lgamma()
        order = polygamma_order(function)
        if order is not None:
            return x.polygamma(acb(order))
        raise Unsupported(f"no integral of {function} is enclosed here")

    def _absolute(self, x: Any) -> Any:
        """x or -x, which are analytic each on its side of 0; on the kink itself only real numbers have a value."""
        if x.real > 0:
            return x
        if x.real < 0:
            return -x
        return NOWHERE if self.analytic or x.imag != 0 else acb(abs(x.real))


def real(x: Any) -> arb:
    """The real part of what is known to be real; the whole line where it is not."""
    return x.real if x.imag.contains(0) else arb("nan")
