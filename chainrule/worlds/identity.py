"""Exact identity testing over F_p: random points, random primes, and a bound on the chance of being fooled."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import prod

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Var
from chainrule.notation.statements import Relation

from .arithmetic import Modular, Rationals, random_prime
from .check import State, residues
from .constructions import is_spread_out
from .degree import Degrees, error_bound
from .elimination import Array
from .hypotheses import Hypotheses, stream
from .sample import count_values, every_value
from .sizes import Assigned, different, ladder, show
from .source import Infeasible, Source
from .world import extents

REPS = 2
"""Independent tests at each size: a fresh prime and a fresh point each."""

REDRAWS = 4
"""How often a point at which a side is undefined is drawn again."""

ENUMERATED = 64
"""Finite choices (labels, clusters) are all tried where there are at most so many; else the size certifies nothing."""


@dataclass(frozen=True)
class Passed:
    """A size at which every test passed: how many a choice of the finite symbols, and the degree bound."""

    sizes: Assigned
    reps: int
    degree: int


@dataclass
class IdentityTest:
    """What testing over F_p came to. `rational` is False where F_p cannot hold the statement's values."""

    statement: Relation
    hypotheses: Hypotheses
    rational: bool = True
    failed: Assigned | None = None
    passed: list[Passed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = stream("F_p")

    def run(self) -> IdentityTest:
        """Test at the different sizes, then at the edges; stop at the first failure."""
        for sizes in ladder(self.hypotheses.limits):
            try:
                reps = self._at(sizes)
                if reps:
                    self.passed.append(Passed(sizes, reps, self._degree(sizes)))
            except Infeasible:
                continue
            except Unsupported:
                self.rational, self.passed = False, []
                return self
            if self.failed is not None:
                return self
        return self

    @property
    def certifies(self) -> bool:
        """Whether a false identity would have failed but for the stated bound. Edge sizes alone certify nothing."""
        spread = all(is_spread_out(names) for names in self.hypotheses.properties.values())
        telling = [p for p in self.passed if p.sizes in different(self.hypotheses.limits)]
        return self.rational and self.failed is None and bool(telling) and spread

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know beside the bound."""
        if self.failed is not None:
            return (f"over F_p, where what asks for an order is left out, it is false at {show(self.failed)}",)
        return ("the bound is over those solutions of the hypotheses that are drawn",) if self._equations() else ()

    def _equations(self) -> list[Relation]:
        return [c for c in self.hypotheses.conditions if isinstance(c, Relation) and c.relation == "="]

    @property
    def bound(self) -> float:
        """The chance that a false identity passes at one of the sizes: the sum of (degree / p)^reps."""
        return sum(error_bound(p.degree, p.reps) for p in self.passed)

    def _at(self, sizes: Assigned) -> int:
        """How many tests each choice of the finite symbols passed; 0 where one could not be decided."""
        choices = self._choices(sizes)
        decided = []
        for fixed in choices:
            states = [self._once(sizes, fixed) for _ in range(self._reps(choices))]
            if State.FAILS in states:
                self.failed = sizes
                return 0
            if set(states) != {State.UNDEFINED}:
                decided.append(states.count(State.HOLDS))
        return min(decided, default=0)

    def _reps(self, choices: list[dict[Var, Array]]) -> int:
        """More where equations are solved: different tests may solve them for different symbols."""
        return 3 * REPS if self._equations() else REPS if len(choices) == 1 else 1

    def _choices(self, sizes: Assigned) -> list[dict[Var, Array]]:
        """Every value of the symbols with finitely many; none at all where those are too many."""
        finite, properties = self.hypotheses.finite, self.hypotheses.properties
        shapes = {v: extents(v.shape, sizes) for v in finite}
        if prod(count_values(properties[v], shapes[v]) for v in finite) > ENUMERATED:
            return []
        values = [list(every_value(properties[v], shapes[v], Rationals())) for v in finite]
        return [dict(zip(finite, chosen, strict=True)) for chosen in product(*values)]

    def _once(self, sizes: Assigned, fixed: dict[Var, Array]) -> State:
        """One test at a fresh prime and point."""
        for _ in range(REDRAWS):
            modular = Modular(random_prime(self.rng))
            world = self.hypotheses.world(sizes, Source(modular, self.rng), fixed)
            if world is None:
                return State.UNDECIDED
            state = residues(world, self.statement, modular.p).state
            if state is not State.UNDEFINED:
                return state
        return State.UNDEFINED

    def _degree(self, sizes: Assigned) -> int:
        degrees = Degrees(sizes, self.hypotheses.properties, self.hypotheses.definitions)
        degree = degrees.relation(self.statement.left, self.statement.right)
        return degree * self._solving(sizes)

    def _solving(self, sizes: Assigned) -> int:
        """A symbol solved for from an equation is a quotient of determinants: the factor that this costs."""
        equations = self._equations()
        if not equations:
            return 1
        degrees = Degrees(sizes, self.hypotheses.properties, self.hypotheses.definitions)
        steepest = max(degrees.relation(e.left, e.right) for e in equations)
        unknowns = sum(prod(extents(v.shape, sizes)) for v in self.hypotheses.variables)
        return int(((unknowns + 1) * (steepest + 1)) ** len(equations))
