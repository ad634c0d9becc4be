"""What is found where a function is lowest: formulas, and the derivations and claims that have to be judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from chainrule.code import numpy_source
from chainrule.errors import ChainruleError
from chainrule.notation.nodes import Let, Node, Var
from chainrule.notation.statements import Assumption, Claim, Derivation
from chainrule.notation.vocabulary import grad, hessian

from .price import Price, priced_source

LOWEST = "lowest"
LOCAL = "a strict local minimum"
HIGHEST = "highest"
PEAK = "a strict local maximum"
STATIONARY = "stationary"
NONE = "no closed form"


@dataclass(frozen=True, eq=False)
class Optimum:
    """The point where an objective is lowest, as far as one is found, and what there is to be judged about it.

    point        the stationary point, a name for its formula; None where there is no closed form, and `why` says why
    kind         what the claims say of it: lowest, a strict local minimum, highest, ..., stationary, no closed form
    multipliers  one a constraint
    prices       symbols in the point that are not solved for: each is what its equation in `given` says
    given        hypotheses that the point needs beyond what is declared; every derivation carries them
    gradient     grad(f, x) = ...              stationary   the gradient at the point, down to 0
    feasible     the constraints at the point  solvable     what was divided by: definite, invertible or positive
    conditions   pushes >= 0, and only where   inside       the point has the declared properties of the variable
    curvature    hessian(f, x) = ...           bowl         f is convex in x
    unique       definiteness: nothing else is as low (for a local minimum: nothing near it)
    lowest       f >= f at the point

    An item that is None could not be shown; `why` says what is missing. Nothing here is believed before it is judged.
    """

    objective: Node
    variable: Var
    subject_to: tuple[Assumption, ...]
    gradient: Derivation
    kind: str = NONE
    why: str = ""
    point: Let | None = None
    multipliers: tuple[Let, ...] = ()
    prices: tuple[Price, ...] = ()
    given: tuple[Assumption, ...] = ()
    solvable: tuple[Claim, ...] = ()
    inside: tuple[Claim, ...] = ()
    stationary: Derivation | None = None
    feasible: tuple[Derivation | Claim, ...] = ()
    conditions: tuple[Derivation | Claim, ...] = ()
    curvature: Derivation | None = None
    bowl: Claim | None = None
    unique: Claim | None = None
    lowest: Derivation | None = None
    symbols: tuple[Var, ...] = field(default=())

    def items(self) -> Iterator[tuple[str, Derivation | Claim]]:
        """Everything that is to be judged, by name, in the order of an argument."""
        once = (self.stationary, self.curvature, self.bowl, self.unique, self.lowest)
        found = [
            self.gradient,
            *self.solvable,
            *self.inside,
            *self.feasible,
            *self.conditions,
            *(i for i in once if i is not None),
        ]
        yield from ((item.place.part, item) for item in dict.fromkeys(found))

    @cached_property
    def minimum(self) -> Node | None:
        """The objective at the point."""
        return None if self.point is None else self.objective.at(self.variable, self.point)

    @cached_property
    def score(self) -> str:
        """NumPy source of the gradient: one half of a Newton step."""
        return numpy_source(grad(self.objective, self.variable), "score", self._arguments())

    @cached_property
    def hessian(self) -> str:
        """NumPy source of the Hessian: the other half."""
        return numpy_source(hessian(self.objective, self.variable), "hessian", self._arguments())

    @cached_property
    def python(self) -> str:
        """NumPy source of the point, or of its gradient and Hessian where it has no closed form."""
        if self.point is not None:
            return self._point_source(self.point)
        try:
            return f"{self.score}\n\n{self.hessian}"
        except ChainruleError as error:
            return f"{self.score}\n\n# no Hessian: {error.text}"

    def _point_source(self, point: Let) -> str:
        if len(self.prices) == 1 and self.prices[0].falls:
            price, read = self.prices[0], point.atoms(Var) | self.prices[0].left.atoms(Var)
            return priced_source(point, price, [v for v in self._arguments() if v in read])
        left = [v for v in self._arguments() if v in point.atoms(Var)]
        return numpy_source(point, "minimiser", [*left, *(p.symbol for p in self.prices)])

    def _arguments(self) -> list[Var]:
        found = self.objective.atoms(Var).union(*(a.atoms(Var) for c in self.subject_to for a in c.statement.formulas))
        return [v for v in self.symbols if v in found] or sorted(found, key=lambda v: str(v.name))


def nth(name: str, k: int) -> str:
    """feasible, feasible 2, feasible 3."""
    return name if k == 0 else f"{name} {k + 1}"
