"""A family of distributions: a density as a formula, its domain, its support, and how to draw from it.

    @family("Normal", domain={"mu": REAL, "s2": POSITIVE}, support=REAL, sample=..., source="...")
    def Normal(x, mu, s2):
        return -log(2 * pi * s2) / 2 - (x - mu) ** 2 / (2 * s2)

`Normal(mu, s2)` is then a distribution with these parameters, and `.log_density(x)` a formula of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chainrule.errors import NotationError
from chainrule.notation.nodes import Node, as_node


@dataclass(frozen=True)
class Domain:
    """Where a parameter or an outcome lies: its name, how many axes one value has, and the properties it asks for."""

    name: str
    axes: int = 0
    properties: tuple[str, ...] = ()


REAL = Domain("real")
POSITIVE = Domain("positive", 0, ("positive",))
UNIT = Domain("between 0 and 1", 0, ("unit_interval",))
BINARY = Domain("0 or 1", 0, ("binary",))
VECTOR = Domain("vector", 1)
COVARIANCE = Domain("positive definite", 2, ("positive_definite",))
SIMPLEX = Domain("simplex", 1, ("simplex",))
ONE_HOT = Domain("one-hot", 1, ("one_hot",))


@dataclass(frozen=True, eq=False)
class Family:
    """log p(x | parameters), for x in the support. The order of `domain` is that of the parameters."""

    name: str
    domain: Mapping[str, Domain]
    support: Domain
    formula: Callable[..., Node]
    sample: Callable[..., Any]  # (rng, *parameters, size) -> array; NumPy
    source: str

    def __call__(self, *parameters: object) -> Distribution:
        if len(parameters) != len(self.domain):
            wanted = ", ".join(self.domain)
            raise NotationError(f"{self.name} has the parameters {wanted}; {len(parameters)} were given")
        return Distribution(self, tuple(as_node(p) for p in parameters))


@dataclass(frozen=True, eq=False)
class Distribution:
    """One member of a family: `Normal(mu, s2)`."""

    family: Family
    parameters: tuple[Node, ...]

    def log_density(self, x: Node) -> Node:
        """log p(x | parameters), a formula."""
        return self.family.formula(x, *self.parameters)


def family(
    name: str, *, domain: Mapping[str, Domain], support: Domain, sample: Callable[..., Any], source: str
) -> Callable[[Callable[..., Node]], Family]:
    """Make a log-density x, parameters -> node the formula of a family."""

    def enter(formula: Callable[..., Node]) -> Family:
        return Family(name, domain, support, formula, sample, source)

    return enter
