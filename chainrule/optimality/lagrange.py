"""Stationary points, under equations as well: the gradient is what the multipliers push, and the constraints hold.

    grad f(x) = J(x)' nu,    c(x) = 0

First x is found for any multipliers, then the multipliers from the constraints, one constraint after another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chainrule.calculus import read
from chainrule.calculus.lengths import length
from chainrule.calculus.readback import derivative
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Let, Node, Number, Var, make_var
from chainrule.notation.vocabulary import grad, let

from .affine import Affine
from .distribute import shorter
from .equations import Solved, solved
from .problem import Problem, lower
from .words import fresh, inner, named, scaled

GREEK = ("nu", "kappa", "eta", "tau", "mu", "rho", "psi", "xi", "zeta", "chi")
SHORT = 40
"""A point of at most this many characters is written without its multipliers."""


@dataclass(frozen=True, eq=False)
class Stationary:
    """The point, the multipliers and what they push; `form` and its formulas, where the gradient was affine.

    Of the divisors `weights` divide entry by entry: what they need is a sign of every entry, whatever their shape.
    """

    point: Let
    multipliers: tuple[Let, ...]
    push: Node | None
    form: Affine | None
    left: Node | None
    right: Node | None
    weight: Node | None
    b: Node | None
    divisors: tuple[Node, ...]
    weights: frozenset[Node]


def stationary(p: Problem) -> Stationary | str:
    """The point where the gradient is what the multipliers push, or why none was found."""
    nus = [make_var(fresh(GREEK, p.taken), c.shape, ()) for c in p.equalities]
    push = pushed(p, nus)
    equation = shorter(lower(p.gradient.last))
    if push is not None:
        equation = dag.add(equation, dag.scale(-1, lower(push)))
    found = solved(equation, p.symbol)
    if isinstance(found, str):
        return f"the equation of the gradient was not solved: {found}"
    rest = _multipliers(p, found.value, nus)
    return rest if isinstance(rest, str) else written_out(p, found, nus, push, *rest)


def pushed(p: Problem, nus: list[Var]) -> Node | None:
    """J' nu: the gradient of what the multipliers make of the constraints."""
    if not nus:
        return None
    total = None
    for nu, c in zip(nus, p.equalities, strict=True):
        term = inner(nu, c)
        total = term if total is None else total + term
    assert total is not None
    return derivative(grad(total, p.x))


def _multipliers(p: Problem, point: Dag, nus: list[Var]) -> tuple[dict[Dag, Dag], list[Affine | None]] | str:
    values: dict[Dag, Dag] = {}
    forms: list[Affine | None] = []
    for nu, c in zip(nus, p.equalities, strict=True):
        symbol = dag.var(nu, nu.shape)
        equation = dag.substitute(lower(c), {p.symbol: dag.substitute(point, values)})
        found = solved(dag.substitute(equation, values), symbol)
        if isinstance(found, str):
            return f"the multiplier {nu.name} was not found: {found}"
        values = {k: shorter(dag.substitute(v, {symbol: found.value})) for k, v in values.items()}
        values[symbol] = found.value
        forms.append(found.form)
    return values, forms


class Writer:
    """Formulas of nodes, in which what was divided by is written by its name."""

    def __init__(self, p: Problem):
        self.p = p
        self.divisors: list[Node] = []
        self.weights: set[Node] = set()

    def divisor(self, node: Dag | None) -> Node | None:
        """The formula of what is divided by."""
        if node is None:
            return None
        self.divisors.append(named(node, self.p.taken, self.p.objective))
        return self.divisors[-1]

    def weight(self, node: Dag | None) -> Node | None:
        """The formula of what every entry is divided by."""
        found = self.divisor(node)
        if found is not None:
            self.weights.add(found)
        return found

    def __call__(self, node: Dag) -> Node:
        return read(node, (), [d for d in self.divisors if isinstance(d, Let)], [self.p.objective])


def written_out(
    p: Problem, found: Solved, nus: list[Var], push: Node | None, values: Mapping[Dag, Dag], forms: list[Affine | None]
) -> Stationary:
    """The point and its multipliers as formulas."""
    write, form = Writer(p), found.form
    left, right = map(write.divisor, (form.left, form.right) if form else (None, None))
    weight = write.weight(form.weight if form else None)
    for other in filter(None, forms):
        write.divisor(other.left)
        write.divisor(other.right)
        write.weight(other.weight)
    multipliers = {nu: let(f"{nu.name}*", write(values[dag.var(nu, nu.shape)])) for nu in nus}
    apart, whole = write(found.value), write(shorter(dag.substitute(found.value, values)))
    together = length(whole) <= max(length(apart), SHORT)
    point = let(f"{p.x.name}*", whole if together else apart.xreplace(multipliers))
    b = write(form.b).xreplace(multipliers) if form else None
    pushes = push.xreplace({**multipliers, p.x: point}) if push is not None else None
    divisors, weights = tuple(write.divisors), frozenset(write.weights)
    return Stationary(point, tuple(multipliers.values()), pushes, form, left, right, weight, b, divisors, weights)


def equation_at(s: Stationary, value: Node) -> Node | None:
    """number * (left value right - b), for the affine ones."""
    if s.form is None or s.b is None:
        return None
    product = value if s.left is None else s.left @ value
    product = product if s.right is None else product @ s.right
    product = product if s.weight is None else s.weight * product
    difference = product if isinstance(s.b, Number) and s.b.value == 0 else product - s.b
    number = s.form.number
    return scaled(number, difference)
