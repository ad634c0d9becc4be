"""A model as it is declared: its parameters, what is seen, what is hidden, and how each is distributed.

    x, z, i = matrix("x", N, d), choice("z", N, K), index("i", N)
    mixture = Model(
        parameters=(pi, mu, Sigma),
        hidden={z[i]: Categorical(pi)},
        seen={x[i]: Gaussian(mu[z[i]], Sigma[z[i]])},
    )

The colon reads "is distributed as". An index in a key is a plate: the examples are independent, one for each value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.symbol import Str

from chainrule.distributions import Distribution
from chainrule.errors import NotationError
from chainrule.notation.dims import Dim, as_dim
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import At, Letter, Node, Var, given_name
from chainrule.notation.statements import Assumption
from chainrule.notation.vocabulary import matrix
from chainrule.optimality.words import names_of, provable

from .domains import asked, refuse_impossible


class Picked(Letter):
    """The class that one example has, as an index: z[i]. mu[z[i]] is the mean of its class."""

    __slots__ = ()

    @property
    def choice(self) -> Var:
        """The indicator z[i, k] of all examples."""
        return self.args[3]

    @property
    def example(self) -> Letter:
        """The index of the example, kept apart from the formula: binding it leaves the class alone."""
        return Letter(self.args[4], self.args[5], sp.Integer(0))


@dataclass(frozen=True)
class Choice:
    """One of `classes` classes for each of `examples` examples."""

    name: str
    examples: Dim
    classes: Dim

    @property
    def indicator(self) -> Var:
        """z[i, k] = 1 where example i is of class k."""
        return matrix(self.name, self.examples, self.classes, one_hot_rows=True)

    def __getitem__(self, i: Letter) -> Picked:
        if not isinstance(i, Letter) or i.dim != self.examples:
            raise NotationError(f"{self.name}[{i}]: an example is named by an index that runs over {self.examples}")
        return Picked(Str(f"{self.name}[{i.name}]"), self.classes, sp.Integer(0), self.indicator, Str(i.name), i.dim)


def choice(name: str, examples: object, classes: object) -> Choice:
    """A hidden class for each example: z = choice("z", N, K)."""
    return Choice(given_name(name), as_dim(examples), as_dim(classes))


Key = Node | Picked


@dataclass(frozen=True, eq=False)
class Model:
    """Parameters, hidden and seen variables, each with its distribution; `prior` gives parameters one, too.

    Errors: NotationError for what cannot be: a parameter that occurs nowhere, a scale that is not positive, a variable
    that is distributed twice, an index that no plate declares, a class that no distribution draws.
    """

    parameters: tuple[Var, ...]
    seen: Mapping[Key, Distribution]
    hidden: Mapping[Key, Distribution] = ()  # type: ignore[assignment]
    prior: Mapping[Key, Distribution] = ()  # type: ignore[assignment]
    given: tuple[Assumption, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", dict(self.hidden))
        object.__setattr__(self, "prior", dict(self.prior))
        object.__setattr__(self, "given", self.given if isinstance(self.given, tuple) else (self.given,))
        _check(self)
        asks = [a for key, d in self.drawn for a in asked(key, d)]
        object.__setattr__(self, "given", (*self.given, *(a for a in asks if not provable(a.statement, self.given))))

    @property
    def drawn(self) -> tuple[tuple[Key, Distribution], ...]:
        """Everything that is distributed, in the order of an account: prior, hidden, seen."""
        return (*self.prior.items(), *self.hidden.items(), *self.seen.items())

    @property
    def names(self) -> set[str]:
        """The names of all symbols that the declaration speaks of: what it is given is called otherwise."""
        inside = names_of(*(p for _, d in self.drawn for p in d.parameters))
        return inside | {variable_of(key).name for key, _ in self.drawn}


def variable_of(key: Key) -> Var:
    """The symbol of all examples that a key speaks of."""
    if isinstance(key, Picked):
        return key.choice
    if isinstance(key, At) and isinstance(key.args[0], Var):
        return key.args[0]
    if isinstance(key, Var):
        return key
    raise NotationError(f"{key} is not what a model draws; write x[i], z[i] or a symbol")


def plates_of(key: Key) -> tuple[Letter, ...]:
    """The indices over which a variable is drawn independently."""
    if isinstance(key, Picked):
        return (key.example,)
    return tuple(key.args[1:]) if isinstance(key, At) else ()


def _check(model: Model) -> None:
    for p in model.parameters:
        if not isinstance(p, Var):
            raise NotationError(f"a parameter is a declared symbol; {p} is none")
    if not model.seen:
        raise NotationError("a model without anything seen has no likelihood: seen={x[i]: ...}")
    names: set[str] = set()
    for key, d in model.drawn:
        if not isinstance(d, Distribution):
            raise NotationError(f"{key}: {d!r} is no distribution; write for instance Normal(mu, sigma_sq)")
        v = variable_of(key)
        if v.name in names:
            raise NotationError(f"{v.name} is distributed twice; one line for all its examples, {v.name}[i]: ...")
        names.add(v.name)
        _check_plates(model, key, d)
        refuse_impossible(key, d, v)
    _check_parameters(model)


def _check_plates(model: Model, key: Key, d: Distribution) -> None:
    plates = plates_of(key)
    if len(set(plates)) < len(plates):
        raise NotationError(f"{key}: one plate twice; give each axis an index of its own")
    for p in d.parameters:
        for letter in sorted(free_letters(p), key=lambda i: i.name):
            if isinstance(letter, Picked):
                if letter not in model.hidden:
                    raise NotationError(f"{key}: {letter.name} has no distribution; add hidden={{{letter.name}: ...}}")
                if letter.example not in plates:
                    raise NotationError(f"{key}: {letter.name} is the class of example {letter.example.name}")
            elif letter not in plates:
                told = ", ".join(i.name for i in plates) or "none"
                raise NotationError(f"{key}: {p} has the index {letter.name}, and the plates here are: {told}")


def _check_parameters(model: Model) -> None:
    used = {v for _, d in model.drawn for p in d.parameters for v in p.atoms(Var)}
    for p in model.parameters:
        if p not in used:
            raise NotationError(f"the parameter {p.name} occurs in no distribution; leave it out, or use it")
    for p in map(variable_of, model.prior):
        if p not in model.parameters:
            raise NotationError(f"{p} has a prior and is no parameter; add it to parameters=(...)")
