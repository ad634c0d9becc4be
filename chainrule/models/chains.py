"""Expectation and maximisation for a chain of hidden classes: Baum and Welch's two steps, from the declaration.

    E    forwards    l[t, k] = log p(x[0..t-1], z[t] = k),   backwards    c[t, k] = log p(x[t+1..] | z[t] = k)
         gamma[t, k] = p(z[t] = k | x) = softmax over k of log b[t, k] + l[t, k] + c[t, k]
         xi[t, j, k] = p(z[t-1] = j, z[t] = k | x),          log b[t, k] = log p(x[t] | z[t] = k)
    M    the parameters that make Q highest: the log-likelihood of everything, in which z[t, k] stands at its expected
         value gamma[t, k] and z[t-1, j] z[t, k] at xi[t, j, k]

Both recursions are recurrences in logarithms, and nothing underflows. What belongs to one class is found with the
weights gamma[:, k], as in a mixture, whatever its family is. No item here says that the recursions find the posterior,
or that EM climbs: each step of the one is shown in derivations/hidden_markov.py, and the other is the argument for a
mixture of one example whose classes are the paths, in proofs/evidence_bound.py.

Source: Baum, Petrie, Soules and Weiss (1970); Bishop, PRML, sec. 13.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

from chainrule.distributions import Distribution
from chainrule.errors import NotationError
from chainrule.notation.indices import Sum, each, each_of, over
from chainrule.notation.nodes import At, Let, Node, Var
from chainrule.notation.statements import Claim, Derivation
from chainrule.notation.vocabulary import (
    before,
    exp,
    let,
    log,
    logsumexp,
    matrix,
    recur,
    softmax,
    tensor,
    vector,
    zeros,
)
from chainrule.optimality.words import fresh

from .classes import class_fit, classed_of
from .declaration import Model, Picked
from .fit import Fit, maximise
from .likelihood import complete
from .steps import Steps


@dataclass(frozen=True, eq=False)
class Chain(Steps):
    """The two steps for a model whose hidden classes are a chain, and what shows the second to be a maximum.

    gamma, w    the symbols of all weights (T, K) and of those of one class (T,)
    first, xi   those of the first moment (K,) and of two moments, (T, K, K): nothing goes before the first
    of_class    the M-step of what belongs to one class; shared that of what does not, and of the chain
    """

    model: Model
    z: Picked
    gamma: Var
    w: Var
    first: Var
    xi: Var
    of_class: Fit | None
    shared: tuple[Fit, ...]

    @property
    def fits(self) -> tuple[Fit, ...]:
        return self.shared if self.of_class is None else (self.of_class, *self.shared)

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        return {}

    @property
    def guess(self) -> Mapping[Var, Node]:
        return {self.gamma: self.marginals, self.first: self.start, self.xi: self.pairs}

    @cached_property
    def log_b(self) -> Node:
        """log p(x[t] | z[t] = k), an array (T, K)."""
        seen = [d.log_density(key) for key, d in self.model.seen.items() if _hangs_on(self.z, d)]
        return each_of(reduce(add, seen), self.z.example, self.z)

    @cached_property
    def forwards(self) -> Node:
        """log p(x[0..t-1], z[t] = k), an array (T, K)."""
        pi, A = self._chain.parameters
        K, l, b = self.z.dim, *self._states
        step = logsumexp(each(b[j] + l[j] + log(A[j, k]) for k in over(K) for j in over(K)), axis=1)
        return before(recur({l: step}, {l: log(pi)}, along={b: self.log_b}))

    @cached_property
    def backwards(self) -> Node:
        """log p(x[t+1..] | z[t] = k), an array (T, K)."""
        _, A = self._chain.parameters
        K, c, b = self.z.dim, *self._states
        step = logsumexp(each(log(A[j, k]) + b[k] + c[k] for j in over(K) for k in over(K)), axis=1)
        return before(recur({c: step}, {c: zeros(K)}, along={b: self.log_b}, backwards=True))

    @cached_property
    def marginals(self) -> Node:
        """gamma[t, k] = p(z[t] = k | x)."""
        return softmax(self.log_b + self.forwards + self.backwards, axis=1)

    @property
    def start(self) -> Node:
        """gamma at the first moment."""
        gamma = let("g", self.marginals)
        T, K = gamma.shape
        return each(Sum((t <= 0) * gamma[t, k] for t in over(T)) for k in over(K))

    @cached_property
    def pairs(self) -> Node:
        """xi[t, j, k] = p(z[t-1] = j, z[t] = k | x), 0 at the first moment."""
        _, A = self._chain.parameters
        T, K = self.gamma.shape
        ahead, behind = let("e", self.log_b + self.backwards), let("a", self.log_b + self.forwards)
        all_of = let("p", logsumexp(behind + self.backwards, axis=1))
        return each(
            (t >= 1) * exp((t >= 1) * (behind[t - 1, j] + log(A[j, k]) + ahead[t, k] - all_of[t]))
            for t in over(T)
            for j in over(K)
            for k in over(K)
        )

    @property
    def _chain(self) -> Distribution:
        return self.model.hidden[self.z]

    @property
    def _states(self) -> tuple[Var, Var]:
        taken = self.model.names
        return vector(fresh(("l", "s", "l_z"), taken), self.z.dim), vector(fresh(("b", "e", "b_z"), taken), self.z.dim)

    @cached_property
    def _values(self) -> dict[Var, Let]:
        """parameter -> what was found for it, of all classes together, the other parameters held."""
        found = {name: value for fit in self.shared for name, value in fit.estimates.items()}
        column = each_of(At(self.gamma, self.z.example, self.z), self.z.example)
        for name, value in self.of_class.estimates.items() if self.of_class else ():
            found[name] = let(value.name, each_of(value.value.at(self.w, column), self.z))
        return {p: found[p.name] for p in self.model.parameters if p.name in found}


def of_chains(model: Model, z: Picked) -> Chain:
    """The two steps for a chain of hidden classes. Errors: NotationError where what is seen has further plates."""
    for key, d in model.seen.items():
        if _hangs_on(z, d) and (not isinstance(key, At) or key.args[1:] != (z.example,)):
            raise NotationError(f"{key}: what a chain emits is seen once a moment, as in x[{z.example.name}]")
    (T, K), taken = z.choice.shape, model.names
    weight = fresh(("gamma", "g", "r"), taken)
    gamma, w = matrix(weight, T, K, stochastic_rows=True), vector(weight, T, nonnegative=True)
    first = vector(fresh(("gamma_0", "g_0", "r_0"), taken), K, simplex=True)
    xi = tensor(fresh(("xi", "x_z", "r_z"), taken), T, K, K, nonnegative=True)
    classed = classed_of(model, z)
    of_class = class_fit(model, z, w, classed) if classed else None
    pi, A = model.hidden[z].parameters
    start = Sum(first[k] * log(pi[k]) for k in over(K))
    moves = Sum(xi[t, j, k] * log(A[j, k]) for t in over(T) for j in over(K) for k in over(K))
    shared = []
    for p in model.parameters:
        terms = [f for f, law in ((start, pi), (moves, A)) if p in law.atoms(Var)]
        if any(p in v.atoms(Var) for d in model.seen.values() for v in d.parameters) and p not in classed:
            terms.append(complete(model, {z.choice: gamma}, (p,)))
        if terms:
            shared.append(maximise(reduce(add, terms), (p,), given=model.given))
    return Chain(model, z, gamma, w, first, xi, of_class, tuple(shared))


def _hangs_on(z: Picked, d: Distribution) -> bool:
    return any(p.has(z) for p in d.parameters)
