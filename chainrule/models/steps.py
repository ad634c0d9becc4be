"""The M-step as it is shown: each parameter found from the expected log-likelihood, then put where it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from chainrule.code import numpy_source
from chainrule.notation.nodes import Let, Node, Var, free_symbols
from chainrule.notation.statements import Claim, Derivation
from chainrule.notation.vocabulary import let

from .declaration import Model
from .fit import Fit, Shown, in_terms_of


class Steps(Shown):
    """The steps of EM, as far as they do not hang on what is hidden; `model` and `fits` say of what."""

    model: Model

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The M-step, part by part."""
        raise NotImplementedError(type(self).__name__)

    @cached_property
    def _items(self) -> dict[str, Derivation | Claim]:
        return {**{name: item for fit in self.fits for name, item in fit.items()}, **self.further}

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        """What is judged besides the M-step."""
        raise NotImplementedError(type(self).__name__)

    @cached_property
    def steps(self) -> dict[str, Let]:
        """parameter -> its M-step, in what the E-step found, the data and the parameters that are `held`."""
        return {p.name: let(v.name, in_terms_of(v.value, self._free)) for p, v in self._values.items()}

    @property
    def guess(self) -> Mapping[Var, Node]:
        """What the E-step finds: the symbol that the M-step is written in -> its formula."""
        raise NotImplementedError(type(self).__name__)

    @cached_property
    def python(self) -> str:
        """NumPy of one step of EM: the guess, and from it the new parameters, in their order."""
        done: dict[Var, Node] = {}
        for p, step in self.steps.items():
            value = step.value
            for q in [q for q in done if q.name in self.held]:
                value = value.at(q, done[q])
            done[next(q for q in self._values if q.name == p)] = value
        guess = {v: let(v.name, formula) for v, formula in self.guess.items()}
        formulas = tuple(value.xreplace(guess) for value in done.values())
        asked = set().union(*(free_symbols(f) for f in formulas))
        data = sorted(asked - set(self.model.parameters), key=lambda v: str(v.name))
        return numpy_source(formulas, "em_step", [*data, *(p for p in self.model.parameters if p in asked)])

    @property
    def held(self) -> tuple[str, ...]:
        """Parameters that ask for each other: there is no closed M-step for them together, and each step holds the
        others as they are. Q rises with each (expectation and conditional maximisation, ECM)."""
        return tuple(p.name for p in self._values if p not in self._free)

    @cached_property
    def _values(self) -> dict[Var, Let]:
        """parameter -> what was found for it, the other parameters held."""
        found = {name: value for fit in self.fits for name, value in fit.estimates.items()}
        return {p: found[p.name] for p in self.model.parameters if p.name in found}

    @cached_property
    def _free(self) -> dict[Var, Let]:
        """Those of them that do not, by way of others, ask for themselves."""
        asks = {p: v.atoms(Var) & set(self._values) for p, v in self._values.items()}
        for _ in asks:
            asks = {p: others.union(*(asks[q] for q in others)) for p, others in asks.items()}
        return {p: v for p, v in self._values.items() if p not in asks[p]}
