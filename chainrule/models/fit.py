"""Maximum likelihood, one parameter after another, with everything that shows the maximum to be one.

The highest value over (a, b) is the highest over b of the highest over a. So each parameter is solved for while the
others are held. If its solution does not ask for the others, they may be solved for whatever it is; else it is put into
what is left, the profile. Where every step is lowest for all values of what is held, f(a, b) >= f(a*, b) >= f(a*, b*):
the point is lowest for all parameters together.

Where the score never vanishes, the support may hold a parameter back: no end of a uniform distribution lies inside of
its data. The hypotheses that say so are then the constraints, and the estimate is where they end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chainrule.code import numpy_source
from chainrule.notation.indices import each_of, free_letters
from chainrule.notation.nodes import At, Let, Node, Var, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Predicate,
    assume,
    equals,
    nonnegative,
)
from chainrule.notation.vocabulary import let, ones, total
from chainrule.optimality import Optimum, minimise
from chainrule.optimality.optimum import LOWEST
from chainrule.optimality.words import put_in

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
        found = _next(objective, left, given)
        if found is None:
            steps += [_step(objective, p, given) for p in left]
            break
        steps.append(found)
        parameter = next(p for p in left if p.name == found.variable.name)
        left.remove(parameter)
        if found.point is not None and found.point.atoms(Var) & set(left):
            objective = objective.at(parameter, found.point)
            given = tuple(put_in(a, parameter, found.point) for a in given)
    return Fit(-f, parameters, tuple(steps))


def _next(objective: Node, left: list[Var], given: tuple[Assumption, ...]) -> Optimum | None:
    """A step whose point asks for no other parameter that is left, if there is one; else the first that has a point."""
    asking = None
    for p in left:
        found = _step(objective, p, given)
        if found.point is not None and not found.point.atoms(Var) & set(left):
            return found
        if found.point is not None and asking is None:
            asking = found
    return asking


def _step(objective: Node, p: Var, given: tuple[Assumption, ...]) -> Optimum:
    """One parameter, the others held. What is declared to sum to 1 is positive, under that equation."""
    held = tuple(a for a in given if p in _symbols(a) or _symbols(a) <= objective.atoms(Var))
    if not ROWS & p.declared:
        found = minimise(objective, p, given=held)
        return of_parameter(found if found.point is not None else _held_back(objective, p, held) or found)
    free = make_var(p.name, p.shape, tuple(sorted({*(p.declared - ROWS), "positive"})))
    axis = p.ndim - 1
    sums = assume(total(free, axis=axis), equals(ones(*p.shape[:-1])))
    return of_parameter(minimise(objective.xreplace({p: free}), free, subject_to=sums, given=held))


def _held_back(objective: Node, p: Var, held: tuple[Assumption, ...]) -> Optimum | None:
    """The parameter at its end, where what is given are bounds on it: the data lie in the support of what drew them."""
    said = {a: a.statement for a in held}
    bounds = tuple(
        a for a, s in said.items() if isinstance(s, Predicate) and s.name == "nonnegative" and p in s.of.atoms(Var)
    )
    if not bounds:
        return None
    rest = tuple(a for a in held if a not in bounds)
    found = minimise(objective, p, subject_to=tuple(map(_of_all, bounds)), given=rest)
    return found if found.point is not None else None


def _of_all(a: Assumption) -> Assumption:
    """The same of all examples at once: x - m for x[i] - m."""
    of = a.statement.formulas[0]
    letters = tuple(sorted(free_letters(of), key=lambda i: str(i.name)))
    entries = {e: e.args[0] for e in of.atoms(At)}
    if all(e.args[1:] == letters and whole.ndim == len(letters) for e, whole in entries.items()):
        of = of.xreplace(entries)
    return assume(nonnegative(each_of(of, *letters) if free_letters(of) else of))


def _symbols(a: Assumption) -> set[Var]:
    return {v for part in a.statement.formulas for v in part.atoms(Var)}
