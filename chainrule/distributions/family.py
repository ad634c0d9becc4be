"""A family of distributions: a density as a formula, its domain, its support, its moments, and how to draw from it.

    @family("Normal", domain={"mu": REAL, "sigma_sq": POSITIVE}, support=REAL, mean=..., sample=..., source="...")
    def Normal(x, mu, sigma_sq):
        return -log(2 * pi * sigma_sq) / 2 - (x - mu) ** 2 / (2 * sigma_sq)

`Normal(mu, sigma_sq)` is then a distribution with these parameters: `.log_density(x)`, `.mean`, `.variance` are
formulas of nodes. Nothing here is believed: that a density sums to 1 and has this mean is judged in
`derivations/distributions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chainrule.errors import NotationError
from chainrule.notation.nodes import Node, as_node
from chainrule.notation.statements import Assumption, Predicate, nonnegative, positive


@dataclass(frozen=True)
class Domain:
    """Where a parameter or an outcome lies: its name, how many axes one value has, and the properties it asks for.
    `counted` where it holds whole numbers alone: a law on it has probabilities, not a density."""

    name: str
    axes: int = 0
    properties: tuple[str, ...] = ()
    counted: bool = False


REAL = Domain("real")
POSITIVE = Domain("positive", 0, ("positive",))
UNIT = Domain("between 0 and 1", 0, ("unit_interval",))
BINARY = Domain("0 or 1", 0, ("binary",), counted=True)
COUNT = Domain("0, 1, 2, ...", 0, ("nonnegative",), counted=True)
FROM_ONE = Domain("1, 2, 3, ...", 0, ("positive",), counted=True)
VECTOR = Domain("vector", 1)
POSITIVES = Domain("vector of positive numbers", 1, ("positive",))
COUNTS = Domain("vector of counts", 1, ("nonnegative",), counted=True)
COVARIANCE = Domain("positive definite", 2, ("positive_definite",))
SIMPLEX = Domain("simplex", 1, ("simplex",))
INNER_SIMPLEX = Domain("simplex, none of its edges", 1, ("positive", "simplex"))
ONE_HOT = Domain("one-hot", 1, ("one_hot",), counted=True)

Formula = Callable[..., Node]
Ends = Callable[..., tuple[Node | None, Node | None]]


@dataclass(frozen=True)
class Moment:
    """A moment as a formula of the parameters; it exists where each of `where` is positive."""

    formula: Formula
    where: Callable[..., tuple[Node, ...]] = lambda *parameters: ()


@dataclass(frozen=True, eq=False)
class Family:
    """log p(x | parameters), for x in the support. The order of `domain` is that of the parameters.

    mean, variance   of x, formulas of the parameters; None where there is none, or none is known in closed form
    statistics       x -> formulas: log p is linear in them, up to what holds no parameter (and to what is held fixed)
    ends             parameters -> the ends of the support, None where it has none
    asks             parameters -> what they ask of each other, as a < b for an interval
    """

    name: str
    domain: Mapping[str, Domain]
    support: Domain
    formula: Formula
    sample: Callable[..., Any]  # (rng, *parameters, size) -> array; NumPy
    source: str
    mean: Moment | None = None
    variance: Moment | None = None
    statistics: Callable[[Node], tuple[Node, ...]] | None = None
    ends: Ends = lambda *parameters: (None, None)
    asks: Callable[..., tuple[Predicate, ...]] = lambda *parameters: ()

    def __call__(self, *parameters: object) -> Distribution:
        if len(parameters) != len(self.domain):
            wanted = ", ".join(self.domain)
            raise NotationError(f"{self.name} has the parameters {wanted}; {len(parameters)} were given")
        return Distribution(self, tuple(as_node(p) for p in parameters))


@dataclass(frozen=True, eq=False)
class Distribution:
    """One member of a family: `Normal(mu, sigma_sq)`."""

    family: Family
    parameters: tuple[Node, ...]

    def log_density(self, x: Node) -> Node:
        """log p(x | parameters), a formula."""
        return self.family.formula(x, *self.parameters)

    @property
    def mean(self) -> Node:
        """The mean of x. Errors: NotationError where the family has none in closed form."""
        return self._moment("mean").formula(*self.parameters)

    @property
    def variance(self) -> Node:
        """The variance of a number x, the covariance of a vector. Errors: as `mean`."""
        return self._moment("variance").formula(*self.parameters)

    def statistics(self, x: Node) -> tuple[Node, ...]:
        """The sufficient statistics of x. Errors: NotationError where the family is no exponential one."""
        if self.family.statistics is None:
            raise NotationError(f"{self.family.name} is no exponential family; its likelihood asks for all of x")
        return self.family.statistics(x)

    @property
    def ends(self) -> tuple[Node | None, Node | None]:
        """The ends of the support, None where it has none."""
        return self.family.ends(*self.parameters)

    @property
    def asks(self) -> tuple[Assumption, ...]:
        """What the parameters ask of each other."""
        return tuple(Assumption(said) for said in self.family.asks(*self.parameters))

    def exists(self, moment: str) -> tuple[Assumption, ...]:
        """What the "mean" or the "variance" asks for to exist."""
        return tuple(Assumption(positive(node)) for node in self._moment(moment).where(*self.parameters))

    def within(self, x: Node) -> tuple[Assumption, ...]:
        """x lies between the ends of the support, where its properties do not say so."""
        if {"binary", "unit_interval"} & set(self.family.support.properties):
            return ()
        low, high = self.ends
        above = () if low is None else (Assumption(nonnegative(x - low)),)
        return above if high is None else (*above, Assumption(nonnegative(high - x)))

    def _moment(self, name: str) -> Moment:
        found: Moment | None = getattr(self.family, name)
        if found is None:
            raise NotationError(f"there is no formula for the {name} of {self.family.name}")
        return found


def family(
    name: str,
    *,
    domain: Mapping[str, Domain],
    support: Domain,
    sample: Callable[..., Any],
    source: str,
    mean: Formula | Moment | None = None,
    variance: Formula | Moment | None = None,
    **more: Any,
) -> Callable[[Formula], Family]:
    """Make a log-density x, parameters -> node the formula of a family; `more` are statistics, ends, asks."""

    def enter(formula: Formula) -> Family:
        return Family(name, domain, support, formula, sample, source, _moment(mean), _moment(variance), **more)

    return enter


def _moment(said: Formula | Moment | None) -> Moment | None:
    return said if said is None or isinstance(said, Moment) else Moment(said)
