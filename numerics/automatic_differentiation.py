"""Automatic differentiation, small enough to read: dual numbers forwards, a tape backwards.

Both work on ordinary Python functions of numbers, written with + - * / ** and the functions `exp`, `log`, `sin`, `cos`,
`tanh` and `sqrt` below; loops and branches are followed as they are run.

    derivative(f, x)                  f'(x), carried along with the value
    gradient(f, xs)                   the derivatives of f(x_1, ..., x_n) by all of them, in one sweep back
    hessian_vector(f, xs, v)          the Hessian times v: a tape whose entries are dual numbers
    operations(f, xs)                 how many elementary operations f takes, and how many its value and gradient

An elementary operation is a sum, a difference, a product, a power or one of the functions; a / b is a times b^-1.

Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), ch. 2-4; Baydin, Pearlmutter, Radul and Siskind,
Automatic differentiation in machine learning: a survey (2018).
"""

import math


class Number:
    """What follows for every kind of number from its +, -, * and **."""

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return type(self).of(other) - self

    def __truediv__(self, other):
        return self * type(self).of(other) ** -1.0

    def __rtruediv__(self, other):
        return type(self).of(other) * self**-1.0

    def __neg__(self):
        return self * -1.0

    def __lt__(self, other):
        return self.value < type(self).of(other).value

    def __gt__(self, other):
        return self.value > type(self).of(other).value

    @classmethod
    def of(cls, x):
        """An ordinary number as one of this kind."""
        return x if isinstance(x, cls) else cls(x)


class Dual(Number):
    """a + b e with e^2 = 0: a value, and how fast it changes."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = Dual.of(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other):
        other = Dual.of(other)
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other):
        other = Dual.of(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __pow__(self, n):
        """A number as exponent."""
        return Dual(self.value**n, self.value ** (n - 1) * n * self.slope)

    def apply(self, f, slope):
        """f of it, from f'(x) = slope(x, f(x))."""
        y = f(self.value)
        return Dual(y, slope(self.value, y) * self.slope)


class Traced(Number):
    """A number that knows what it was made of: pairs of another number and the slope with which it enters."""

    def __init__(self, value, *parents):
        self.value, self.parents, self.adjoint = value, parents, 0.0

    def __add__(self, other):
        other = Traced.of(other)
        return Traced(self.value + other.value, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = Traced.of(other)
        return Traced(self.value - other.value, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = Traced.of(other)
        return Traced(self.value * other.value, (self, other.value), (other, self.value))

    def __pow__(self, n):
        """A number as exponent."""
        return Traced(self.value**n, (self, self.value ** (n - 1) * n))

    def apply(self, f, slope):
        """f of it, from f'(x) = slope(x, f(x))."""
        y = f(self.value)
        return Traced(y, (self, slope(self.value, y)))


class Counted(Number):
    """A number that counts the operations that are done with numbers of its kind."""

    done = 0

    def __init__(self, value):
        self.value = value

    def _next(self, value):
        Counted.done += 1
        return Counted(value)

    def __add__(self, other):
        return self._next(self.value + Counted.of(other).value)

    def __sub__(self, other):
        return self._next(self.value - Counted.of(other).value)

    def __mul__(self, other):
        return self._next(self.value * Counted.of(other).value)

    def __pow__(self, n):
        return self._next(self.value**n)

    def apply(self, f, slope):
        """f of it; its slope is not asked for."""
        return self._next(f(self.value))


def _function(f, slope):
    """A function of numbers of every kind; a kind inside a kind is taken from the outside in."""

    def applied(x):
        return x.apply(applied, slope) if isinstance(x, Number) else f(x)

    return applied


exp = _function(math.exp, lambda x, y: y)
log = _function(math.log, lambda x, y: x**-1.0)
sin = _function(math.sin, lambda x, y: cos(x))
cos = _function(math.cos, lambda x, y: sin(x) * -1.0)
tanh = _function(math.tanh, lambda x, y: 1.0 - y * y)
sqrt = _function(math.sqrt, lambda x, y: 0.5 * y**-1.0)


def derivative(f, x):
    """f'(x): the slope of f(x + e)."""
    return Dual.of(f(Dual(x, 1.0))).slope


def order(result):
    """Everything that a result was made of, what was made last first."""
    seen, found, todo = set(), [], [(result, False)]
    while todo:
        node, done = todo.pop()
        if done:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            todo.extend((parent, False) for parent, _ in node.parents)
    return found[::-1]


def backwards(result):
    """Every adjoint, the derivative of the result by that number: a parent's is the sum of adjoint times slope."""
    result.adjoint = 1.0
    for node in order(result):
        for parent, slope in node.parents:
            parent.adjoint = parent.adjoint + node.adjoint * slope


def gradient(f, xs):
    """The derivatives of f(x_1, ..., x_n) by each of them."""
    inputs = [Traced(x) for x in xs]
    backwards(Traced.of(f(*inputs)))
    return [x.adjoint for x in inputs]


def hessian_vector(f, xs, v):
    """The Hessian of f times v: the gradient, carried forwards along v."""
    found = gradient(f, [Dual(x, s) for x, s in zip(xs, v, strict=True)])
    return [Dual.of(g).slope for g in found]


def operations(f, xs):
    """How many elementary operations f takes at these numbers, and how many its value and gradient together."""
    counts = []
    for run in (f, lambda *numbers: gradient(f, numbers)):
        Counted.done = 0
        run(*map(Counted, xs))
        counts.append(Counted.done)
    return tuple(counts)
