"""Expectation and maximisation for a hidden number whose posterior is of the family of its prior.

    E    the posterior is read off the log joint density, and the functions T of u that stand there have the expected
         values that the family gives them: for a gamma law shape / rate of u, digamma(shape) - log(rate) of log(u)
    M    the parameters that make Q = sum over i of E log p(x[i], u) highest, each T at its expected value

Student's t is a normal law whose precision is drawn from a gamma law, the negative binomial law a Poisson law whose
rate is; both are fitted so, and neither is known here.

Source: Dempster, Laird and Rubin (1977), sec. 4.3; Liu and Rubin (1995).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

from chainrule.notation.indices import each_of
from chainrule.notation.nodes import Apply, At, Node, Var, make_var
from chainrule.notation.statements import Claim, Derivation, algebra, by, equals, positive
from chainrule.optimality.words import chain, claimed, fresh

from .combination import Product, combination, combined, plain, written
from .conjugate_ascent import climbing
from .declaration import Key, Model, plates_of, variable_of
from .example import back, over_plates, speaks_of, symbols_of
from .fit import Fit, maximise
from .posterior import Posterior, posterior_of, rewritten, speaking_of
from .steps import Steps


@dataclass(frozen=True, eq=False)
class Conjugate(Steps):
    """The two steps for a model with one hidden number an example, its prior conjugate to what is seen.

    found       the posterior of one example
    means       function of u -> the symbol of its expected values, (N,)
    bayes       that the posterior is one, its parameters are in their domain, and what the mean of each function is
    climbing    the bound, that the E-step touches it, and that a step never lowers the likelihood
    shared      the M-step, one fit a parameter
    """

    model: Model
    found: Posterior
    means: Mapping[Product, Var]
    bayes: Mapping[str, Derivation | Claim]
    climbing: Mapping[str, Derivation]
    shared: tuple[Fit, ...]

    @property
    def fits(self) -> tuple[Fit, ...]:
        return self.shared

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        return {**self.bayes, **self.climbing}

    @property
    def marginal(self) -> Node:
        """log p(x) of one example, in the symbols `one` that stand for it: what is hidden is summed out."""
        return self.found.evidence

    @property
    def one(self) -> Mapping[At, Var]:
        """x[i] -> the symbol that stands for it where one example is looked at."""
        return self.found.one

    @cached_property
    def guess(self) -> dict[Var, Node]:
        means = self.found.natural.means(self.found.parameters)
        return {symbol: self._for_all(plain(means[p])) for p, symbol in self.means.items()}

    @property
    def expected(self) -> dict[str, Node]:
        """The E-step: by the name of its symbol, the expected value of each function of u for every example."""
        return {str(symbol.name): formula for symbol, formula in self.guess.items()}

    @property
    def posterior(self) -> dict[str, Node]:
        """The parameters of the posterior of every example, by the names that the family gives them."""
        names = self.found.natural.family.domain
        return {name: self._for_all(p) for name, p in zip(names, self.found.parameters, strict=True)}

    @property
    def q(self) -> Node:
        """The expected log-likelihood of everything: a formula in the data, the expected values and the parameters."""
        return expected_likelihood(self.model, self.found, self.means)

    def _for_all(self, formula: Node) -> Node:
        return each_of(back(formula, self.found.one), *plates_of(self.found.hidden))


def of_conjugates(model: Model, z: Key) -> Conjugate | None:
    """The two steps for a hidden number; None where its posterior is not seen to be of the family of its prior."""
    taken = model.names
    found = posterior_of(model, z, taken)
    if found is None:
        return None
    means = {p: _symbol(p, k, found, taken) for k, p in enumerate(found.natural.functions)}
    fits = tuple(
        maximise(expected_likelihood(model, found, means, p), (p,), given=model.given) for p in model.parameters
    )
    return Conjugate(model, found, means, _bayes(model, found), climbing(found, model), fits)


def expected_likelihood(model: Model, found: Posterior, means: Mapping[Product, Var], only: Var | None = None) -> Node:
    """Q, or what of it hangs on one parameter."""
    here = {p: At(symbol, *plates_of(found.hidden)) for p, symbol in means.items()}
    terms = []
    for key, d in model.drawn:
        if only is not None and only not in symbols_of(key, d):
            continue
        body = d.log_density(key)
        if speaks_of(found.hidden, key, d):
            parts = combination(body.xreplace(dict(found.one)), found.natural.u)
            body = combined({p: back(c, found.one) for p, c in parts.items()}, here)
        terms.append(over_plates(key, body))
    return reduce(add, terms)


def _bayes(model: Model, found: Posterior) -> dict[str, Derivation | Claim]:
    """The posterior, that its parameters are in their domain, and what the mean of each function is."""
    family, given = found.natural, tuple(rewritten(a, found.one) for a in model.given)
    joint = reduce(add, (d.log_density(k).xreplace(dict(found.one)) for k, d in speaking_of(model, found.hidden)))
    linear = combined(found.joint, {p: written(p) for p in family.functions})
    density = family.family(*found.parameters).log_density(family.u)
    inside = [
        claimed(f"{t.name}.inside", positive(p), given=given)
        for t, p in zip(family.theta, found.parameters, strict=True)
        if "positive" in t.properties
    ]
    items: list[Derivation | Claim] = [
        chain("linear", joint, equals(linear, algebra), given=given),
        *inside,
        chain("posterior", joint, equals(density + found.evidence, by(*inside)), given=given),
        *family.scores,
        *found.inside,
    ]
    return {item.place.part: item for item in items}


def _symbol(p: Product, k: int, found: Posterior, taken: set[str]) -> Var:
    """u_bar for the mean of u, log_u for that of log(u)."""
    u, v = found.natural.u, variable_of(found.hidden)
    applied = [g.function for g, _ in p if isinstance(g, Apply) and g.args[1] == u]
    wish = f"{v.name}_bar" if p == ((u, 1),) else f"{applied[0]}_{v.name}" if applied else f"T_{k + 1}"
    sort = ("positive",) if "positive" in v.properties and all(g == u for g, _ in p) else ()
    return make_var(fresh((wish, f"{wish}_bar", f"T_{k + 1}", f"T{k + 1}"), taken), v.shape[:1], sort)
