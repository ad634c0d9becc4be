"""Expectation and maximisation for a hidden class: both steps derived from the declaration.

    E    r[i, k] = softmax over k of log p(x[i], z[i] = k)         the posterior of the class, by Bayes' rule
    M    the parameters that make Q = sum r[i, k] log p(x[i], z[i] = k) highest

Q is the log-likelihood with the indicator z[i, k] replaced by its expected value r[i, k], in which it is linear. What
belongs to one class is found from the terms of that class alone, a likelihood with the weights r[:, k]; what is shared
by the classes from the whole of Q: a shared parameter is never pulled through the sum over classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chainrule.errors import NotationError
from chainrule.notation.indices import each_of
from chainrule.notation.nodes import At, Let, Node, Var
from chainrule.notation.statements import Claim, Derivation
from chainrule.notation.vocabulary import let, matrix, softmax, vector
from chainrule.optimality.words import fresh

from .ascent import climbing
from .chains import Chain, of_chains
from .classes import class_fit, classed_of
from .conjugate import Conjugate, of_conjugates
from .declaration import Model, Picked
from .fit import Fit, maximise
from .latent import Latent, of_vectors
from .likelihood import complete, per_class
from .steps import Steps


@dataclass(frozen=True, eq=False)
class EM(Steps):
    """The two steps for a model with one hidden class an example, and what shows the second to be a maximum.

    responsibilities   (N, K), the E-step
    r, w               the symbols of all weights (N, K) and of those of one class (N,)
    fits               the M-step: for one class, and for what the classes share
    climbing           the bound, that the E-step touches it, and that a step never lowers the likelihood
    """

    model: Model
    z: Picked
    r: Var
    w: Var
    of_class: Fit | None
    shared: tuple[Fit, ...]
    climbing: Mapping[str, Derivation]

    @property
    def elbo(self) -> Derivation:
        """log p(x) = L(q) + KL(q || posterior) >= L(q)."""
        return self.climbing["elbo"]

    @property
    def ascent(self) -> Derivation:
        """log p(x; new) - log p(x) >= Q(new) - Q >= 0."""
        return self.climbing["ascent"]

    @property
    def fits(self) -> tuple[Fit, ...]:
        return self.shared if self.of_class is None else (self.of_class, *self.shared)

    @property
    def guess(self) -> Mapping[Var, Node]:
        return {self.r: self.responsibilities}

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        return self.climbing

    @cached_property
    def responsibilities(self) -> Node:
        """softmax over the classes of the log joint density."""
        return softmax(self.log_joint, axis=1)

    @cached_property
    def log_joint(self) -> Node:
        """log p(x[i], z[i] = k), an array (N, K)."""
        return each_of(per_class(self.model, self.z), self.z.example, self.z)

    @cached_property
    def q(self) -> Node:
        """The expected log-likelihood of everything, with the weights r."""
        return complete(self.model, {self.z.choice: self.r})

    @cached_property
    def _values(self) -> dict[Var, Let]:
        """parameter -> what was found for it, of all classes together, the other parameters held."""
        found = {name: value for fit in self.shared for name, value in fit.estimates.items()}
        column = each_of(At(self.r, self.z.example, self.z), self.z.example)
        for name, value in self.of_class.estimates.items() if self.of_class else ():
            found[name] = let(value.name, each_of(value.value.at(self.w, column), self.z))
        return {p: found[p.name] for p in self.model.parameters if p.name in found}


def expectation_maximisation(model: Model) -> EM | Chain | Conjugate | Latent:
    """The E-step and the M-step of a model with one hidden class an example, each by itself or in
    a chain, or one hidden vector or number.

    Errors: NotationError where something else is hidden, and where its posterior is neither normal nor of the family of
    its prior.
    """
    if len(model.hidden) != 1:
        raise NotationError("one thing an example is hidden: hidden={z[i]: Categorical(pi)}, or {Z[i]: Gaussian(...)}")
    z = next(iter(model.hidden))
    if isinstance(z, Picked):
        return of_classes(model, z) if model.hidden[z].family.support.axes == 1 else of_chains(model, z)
    return of_conjugates(model, z) or of_vectors(model, z)


def of_classes(model: Model, z: Picked) -> EM:
    """The two steps for a hidden class."""
    n, k = z.choice.shape
    weight = fresh(("r", "q", "s", "w"), model.names)
    r, w = matrix(weight, n, k, stochastic_rows=True), vector(weight, n, nonnegative=True)
    classed = classed_of(model, z)
    of_class = class_fit(model, z, w, classed) if classed else None
    rest = tuple(p for p in model.parameters if p not in classed)
    shared = tuple(maximise(complete(model, {z.choice: r}, (p,)), (p,), given=model.given) for p in rest)
    return EM(model, z, r, w, of_class, shared, climbing(model, z))
