"""A family whose log-density is a combination of functions T of its number, linear in its parameters.

    Gamma     (shape - 1) log(u) - rate u + g(shape, rate)          T = log(u), u
    Beta      (a - 1) log(u) + (b - 1) log(1 - u) + g(a, b)         T = log(u), log(1 - u)

From the coefficients of the functions follow the parameters. And the functions' expected values follow from the score,
which has the mean 0: in the shape it is log(u) - (digamma(shape) - log(rate)), so that what is taken off is the mean.

Source: Casella and Berger, Statistical Inference (2002), theorem 3.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import sympy as sp

from chainrule.calculus.readback import derivative
from chainrule.distributions import Distribution, Family
from chainrule.errors import Unsupported
from chainrule.notation.nodes import Node, Number, Var, as_node, make_var
from chainrule.notation.polynomial import degree
from chainrule.notation.statements import Derivation, differentiate, equals
from chainrule.notation.vocabulary import grad
from chainrule.optimality.words import chain, fresh, scaled

from .combination import CONSTANT, Combination, Product, combination, combined, gathered, plain, written


@dataclass(frozen=True, eq=False)
class Natural:
    """theta -> sum over j of (slope theta + offset)[j] T_j(u) + g(theta), slope and offset of numbers."""

    family: Family
    u: Var
    theta: tuple[Var, ...]
    functions: tuple[Product, ...]
    slope: sp.Matrix
    offset: sp.Matrix

    @property
    def law(self) -> Distribution:
        return self.family(*self.theta)

    def parameters_of(self, coefficients: Mapping[Product, Node]) -> tuple[Node, ...]:
        """The parameters for which the functions have these coefficients."""
        moved = [coefficients.get(p, as_node(0)) - _number(k) for p, k in zip(self.functions, self.offset, strict=True)]
        return tuple(_mixed(row, moved) for row in self.slope.inv().tolist())

    def means(self, parameters: Sequence[Node]) -> dict[Product, Node]:
        """The expected value of each function under the law with these parameters."""
        given = dict(zip(self.theta, parameters, strict=True))
        return {p: mean.xreplace(given) for p, mean in self._means.items()}

    def constant(self, parameters: Sequence[Node]) -> Node:
        """What of the log-density with these parameters is no function of u."""
        return self._parts.get(CONSTANT, as_node(0)).xreplace(dict(zip(self.theta, parameters, strict=True)))

    def expected(self, parameters: Sequence[Node], means: Mapping[Product, Node]) -> Node:
        """The expected value of the log-density with these parameters, the functions having these means."""
        given = dict(zip(self.theta, parameters, strict=True))
        return combined({p: c.xreplace(given) for p, c in self._parts.items()}, means)

    @cached_property
    def _parts(self) -> Combination:
        return combination(self.law.log_density(self.u), self.u)

    @cached_property
    def _means(self) -> dict[Product, Node]:
        rest = [-combination(s, self.u).get(CONSTANT, as_node(0)) for s in self._scores]
        rows = self.slope.T.inv().tolist()
        return {p: _mixed(row, rest) for p, row in zip(self.functions, rows, strict=True)}

    @cached_property
    def _scores(self) -> list[Node]:
        return [derivative(grad(self.law.log_density(self.u), t)) for t in self.theta]

    @property
    def scores(self) -> list[Derivation]:
        """The score in each parameter: the functions, each minus its expected value."""
        away = [written(p) - self._means[p] for p in self.functions]
        found = []
        for t, column in zip(self.theta, self.slope.T.tolist(), strict=True):
            last = reduce(add, (_times(c, a) for c, a in zip(column, away, strict=True) if c))
            first = grad(self.law.log_density(self.u), t)
            found.append(chain(f"{t.name}.score", first, equals(last, differentiate)))
        return found


def natural(family: Family, u: Var, taken: set[str]) -> Natural | None:
    """The family so, with symbols for its parameters; None where it is not of this kind."""
    if any(domain.axes for domain in family.domain.values()):
        return None
    theta = tuple(
        make_var(fresh((name, f"{name}_{u.name}", f"{name}_q"), taken), (), domain.properties)
        for name, domain in family.domain.items()
    )
    if any(end.atoms(Var) for end in family.ends(*theta) if end is not None):
        return None  # the score of a family whose support moves has another mean
    try:
        parts = combination(family(*theta).log_density(u), u)
    except Unsupported:
        return None
    functions = tuple(p for p in parts if p != CONSTANT)
    rows = [_affine(parts[p], theta) for p in functions]
    if len(functions) != len(theta) or any(row is None for row in rows):
        return None
    slope, offset = sp.Matrix([row[0] for row in rows if row]), sp.Matrix([row[1] for row in rows if row])
    return Natural(family, u, theta, functions, slope, offset) if slope.det() != 0 else None


def _affine(coefficient: Node, theta: tuple[Var, ...]) -> tuple[list[sp.Expr], sp.Expr] | None:
    """Its slope in each parameter and its value at 0, where they are numbers."""
    if any((degree(coefficient, t) or 2) > 1 for t in theta if t in coefficient.atoms(Var)):
        return None
    zero = {t: as_node(0) for t in theta}
    start = _value(coefficient.xreplace(zero))
    ends = [_value(coefficient.xreplace({**zero, t: as_node(1)})) for t in theta]
    if start is None or any(e is None for e in ends):
        return None
    return [e - start for e in ends], start


def _value(c: Node) -> sp.Expr | None:
    """The rational number that a formula is, if it is one."""
    c = plain(c)
    return c.value if isinstance(c, Number) and c.value.is_Rational else None


def _number(k: sp.Expr) -> Node:
    return as_node(sp.Rational(k))


def _times(k: sp.Expr, f: Node) -> Node:
    return -f if k == -1 else scaled(_number(k), f)


def _mixed(numbers: Sequence[sp.Expr], formulas: Sequence[Node]) -> Node:
    """The sum of the formulas, each times its number."""
    return gathered(reduce(add, (_number(k) * f for k, f in zip(numbers, formulas, strict=True) if k)))
