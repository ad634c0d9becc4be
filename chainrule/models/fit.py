"""Maximum likelihood, one parameter after another, with everything that shows the maximum to be one.

The highest value over (a, b) is the highest over b of the highest over a. So each parameter is solved for while the
others are held. If its solution does not ask for the others, they may be solved for whatever it is; else it is put into
what is left, the profile. Where every step is lowest for all values of what is held, f(a, b) >= f(a*, b) >= f(a*, b*):
the point is lowest for all parameters together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chainrule.code import numpy_source
from chainrule.notation.nodes import Let, Node, Var, make_var
from chainrule.notation.statements import Assumption, Claim, Derivation, assume, equals
from chainrule.notation.vocabulary import let, ones, total
from chainrule.optimality import Optimum, minimise
from chainrule.optimality.optimum import LOWEST

from .declaration import Model
from .likelihood import log_likelihood
from .naming import of_parameter

ROWS = {"simplex", "stochastic_rows"}
"""Properties that are equations: the last axis sums to 1."""


class Shown(Mapping[str, Derivation | Claim]):
    """Something found, as what there is to be judged about it, by name: `_items` says which."""

    @cached_property
    def _items(self) -> dict[str, Derivation | Claim]:
        raise NotImplementedError(type(self).__name__)

    def __getitem__(self, name: str) -> Derivation | Claim:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


@dataclass(frozen=True, eq=False)
class Fit(Shown):
    """Where a likelihood is highest, and the derivations and claims that show it, by name.

    objective   minus the log-likelihood
    steps       one optimum a parameter, in the order in which they were solved
    estimates   the closed forms, each in the data alone; `open` are the parameters that have none
    """

    objective: Node
    parameters: tuple[Var, ...]
    steps: tuple[Optimum, ...]

    @cached_property
    def _items(self) -> dict[str, Derivation | Claim]:
        return {part: item for step in self.steps for part, item in step.items()}

    def of(self, parameter: Var) -> Optimum:
        """The step that was made in this parameter."""
        return next(s for s in self.steps if s.variable.name == parameter.name)

    @cached_property
    def estimates(self) -> dict[str, Let]:
        """parameter -> its closed form, what it was solved in terms of put in."""
        points = {s.variable: s.point for s in self.steps if s.point is not None}
        found = {p.name: let(points[p].name, in_terms_of(points[p].value, points)) for p in points}
        return {p.name: found[p.name] for p in self.parameters if p.name in found}

    @property
    def open(self) -> tuple[str, ...]:
        """The parameters without a closed form."""
        return tuple(s.variable.name for s in self.steps if s.point is None)

    @property
    def highest(self) -> bool:
        """Is every step shown lowest, for all values of what was solved later?"""
        return all(s.kind == LOWEST for s in self.steps)

    @cached_property
    def python(self) -> str:
        """NumPy for every estimate, or for the score and the Hessian of what has no closed form."""
        closed = [numpy_source(v, f"estimate_{name}") for name, v in self.estimates.items()]
        return "\n\n".join([*closed, *(s.python for s in self.steps if s.point is None)])


def in_terms_of(value: Node, points: Mapping[Var, Let]) -> Node:
    """The formula with what was found for a parameter put in wherever it is asked for. No point asks for itself."""
    while asked := [p for p in points if p in value.atoms(Var)]:
        value = value.at(asked[0], points[asked[0]].value)
    return value


def maximum_likelihood(model: Model) -> Fit:
    """The parameters for which what was seen is most probable; with a prior, the most probable parameters."""
    return maximise(log_likelihood(model), model.parameters, given=model.given)


def maximise(f: Node, parameters: tuple[Var, ...], *, given: tuple[Assumption, ...] = ()) -> Fit:
    """Where f is highest in all parameters: solved one after another, what has no closed form last."""
    objective = -f
    left, steps = list(parameters), []
    while left:
        found = next((o for p in left if (o := _step(objective, p, given)).point is not None), None)
        if found is None:
            steps += [_step(objective, p, given) for p in left]
            break
        steps.append(found)
        parameter = next(p for p in left if p.name == found.variable.name)
        left.remove(parameter)
        if found.point is not None and found.point.atoms(Var) & set(left):
            objective = objective.at(parameter, found.point)
    return Fit(-f, parameters, tuple(steps))


def _step(objective: Node, p: Var, given: tuple[Assumption, ...]) -> Optimum:
    """One parameter, the others held. What is declared to sum to 1 is positive, under that equation."""
    held = tuple(a for a in given if _speaks_of(a, objective))
    if not ROWS & p.declared:
        return of_parameter(minimise(objective, p, given=held))
    free = make_var(p.name, p.shape, tuple(sorted({*(p.declared - ROWS), "positive"})))
    axis = p.ndim - 1
    sums = assume(total(free, axis=axis), equals(ones(*p.shape[:-1])))
    return of_parameter(minimise(objective.xreplace({p: free}), free, subject_to=sums, given=held))


def _speaks_of(a: Assumption, f: Node) -> bool:
    """A hypothesis on a parameter that has been solved for speaks of nothing any more."""
    return all(v in f.atoms(Var) for part in a.statement.formulas for v in part.atoms(Var))
