"""Functions of one number as NumPy that neither overflows nor cancels: sigmoid, softplus, powers and the rest."""

from __future__ import annotations

from fractions import Fraction

from chainrule.errors import Unsupported
from chainrule.notation.nodes import polygamma_order

from .syntax import ONE, STEP, Code, add, call, div, literal, make, mul, neg

NUMPY = {
    "exp": "np.exp", "log": "np.log", "sin": "np.sin", "cos": "np.cos", "tan": "np.tan", "asin": "np.arcsin",
    "acos": "np.arccos", "atan": "np.arctan", "sinh": "np.sinh", "cosh": "np.cosh", "tanh": "np.tanh",
    "abs": "np.abs", "sign": "np.sign", "sqrt": "np.sqrt", "log1p": "np.log1p", "expm1": "np.expm1",
}  # fmt: skip
"""What NumPy has under one name."""
LOG = f"{NUMPY['log']}({{}})"
SCIPY = {
    "sigmoid": "special.expit", "erf": "special.erf", "lgamma": "special.gammaln", "digamma": "special.digamma",
}  # fmt: skip
"""What scipy.special has. Its sigmoid is one pass, overflows nowhere and keeps the digits of both tails."""


def function(name: str, x: Code, parameter: Fraction | None = None) -> Code:
    """f(x), entry by entry."""
    if name in NUMPY:
        return call(f"{NUMPY[name]}({{}})", x.rank, x)
    if name in SCIPY:
        return call(f"{SCIPY[name]}({{}})", x.rank, x)
    order = polygamma_order(name)
    if order is not None:
        return call(f"special.polygamma({order}, {{}})", x.rank, x)
    match name:
        case "power":
            assert parameter is not None
            return power(x, parameter)
        case "sigmoid_slope":
            e = function("decay", x)
            return div(e, mul(add(ONE, e), add(ONE, e)))
        case "decay":
            return function("exp", neg(function("abs", x)))
        case "relu":
            return call("np.maximum({}, 0)", x.rank, x)
        case "step":
            return call(STEP, x.rank, x)
        case "log_bessel0":  # i0e(x) = e^-|x| I_0(x) stays in range
            return add(function("log", call("special.i0e({})", x.rank, x)), function("abs", x))
        case "bessel_ratio":
            return div(*(call(f"special.{name}({{}})", x.rank, x) for name in ("i1e", "i0e")))
    raise Unsupported(f"there is no NumPy for the function {name}")


def power(x: Code, exponent: Fraction) -> Code:
    """x ** exponent by products and square roots, where few of them do: they are many times faster than a power."""
    if exponent < 0:
        return div(ONE, power(x, -exponent))
    if exponent.denominator == 1 and exponent <= 8:
        return _product(x, int(exponent))
    if exponent.denominator == 2 and exponent <= 4:
        root = function("sqrt", x)
        whole = int(exponent - Fraction(1, 2))
        return root if whole == 0 else mul(_product(x, whole), root)
    shown = literal(exponent).text
    return make("**", shown if "/" not in shown else f"({shown})", (x,), x.rank)


def _product(x: Code, times: int) -> Code:
    if times == 1:
        return x
    if times == 3:
        return make("*", "*", (make("*", "*", (x, x), x.rank), x), x.rank)
    half = _product(x, times // 2)
    return mul(half, half) if times % 2 == 0 else mul(mul(half, half), x)
