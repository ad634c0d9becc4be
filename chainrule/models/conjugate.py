"""Expectation and maximisation for a hidden number whose posterior is of the family of its prior.

    E    log p(x[i], u) is a combination of the functions T of u that stand in the prior. The posterior is then of the
         prior's family, and its parameters are read off the coefficients:
         log p(x, u) = log p(u; the parameters read off) + log p(x),   for every u
    M    the parameters that make Q = sum over i of E log p(x[i], u) highest, each T at its expected value

A density whose logarithm is that of a family but for what does not hang on u is the family's; and what is left over is
the logarithm of p(x). So neither Bayes' rule nor the marginal asks for an integral. Student's t is a normal law whose
precision is drawn from a gamma law, the negative binomial law a Poisson law whose rate is.

Source: Dempster, Laird and Rubin (1977), sec. 4.3; Liu and Rubin (1995); Diaconis and Ylvisaker (1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import add

from chainrule.distributions import Distribution
from chainrule.errors import NotationError, Unsupported
from chainrule.notation.indices import each_of
from chainrule.notation.nodes import Apply, At, Node, Var, make_var
from chainrule.notation.statements import Claim, Derivation, algebra, by, equals, positive
from chainrule.optimality.words import chain, claimed, fresh

from .combination import CONSTANT, Combination, Product, combination, combined, plain, written
from .conjugate_ascent import Parts, climbing, rewritten
from .declaration import Key, Model, plates_of, variable_of
from .example import back, one_example, over_plates, speaks_of, symbols_of
from .fit import Fit, maximise
from .natural import Natural, natural
from .steps import Steps


@dataclass(frozen=True, eq=False)
class Conjugate(Steps):
    """The two steps for a model with one hidden number an example, its prior conjugate to what is seen.

    natural     the family of the prior and of the posterior
    parameters  those of the posterior of one example, in their order
    evidence    log p(x) of one example
    means       function of u -> the symbol of its expected values, (N,)
    shared      the M-step, one fit a parameter
    one         x[i] -> the symbol that stands for it where one example is looked at
    """

    model: Model
    hidden: At
    natural: Natural
    parameters: tuple[Node, ...]
    evidence: Node
    means: Mapping[Product, Var]
    shared: tuple[Fit, ...]
    one: Mapping[At, Var]

    @property
    def fits(self) -> tuple[Fit, ...]:
        return self.shared

    @property
    def posterior(self) -> dict[str, Node]:
        """The parameters of the posterior of every example, by the names that the family gives them."""
        return {name: self._for_all(p) for name, p in zip(self.natural.family.domain, self.parameters, strict=True)}

    @cached_property
    def guess(self) -> dict[Var, Node]:
        found = self.natural.means(self.parameters)
        return {symbol: self._for_all(plain(found[p])) for p, symbol in self.means.items()}

    @property
    def expected(self) -> dict[str, Node]:
        """The E-step: by the name of its symbol, the expected value of each function of u for every example."""
        return {str(symbol.name): formula for symbol, formula in self.guess.items()}

    @cached_property
    def bayes(self) -> dict[str, Derivation | Claim]:
        """The posterior, that its parameters are in their domain, and what the mean of each function is."""
        u, given = self.natural.u, tuple(rewritten(a, self.one) for a in self.model.given)
        joint = reduce(add, (d.log_density(k).xreplace(dict(self.one)) for k, d in _speaking(self.model, self.hidden)))
        density = self.natural.family(*self.parameters).log_density(u)
        inside = [
            claimed(f"{t.name}.inside", positive(p), given=given)
            for t, p in zip(self.natural.theta, self.parameters, strict=True)
            if "positive" in t.properties
        ]
        linear = combined(self._parts.joint, {p: written(p) for p in self.means})
        items: list[Derivation | Claim] = [
            chain("linear", joint, equals(linear, algebra), given=given),
            *inside,
            chain("posterior", joint, equals(density + self.evidence, by(*inside)), given=given),
            *self.natural.scores,
        ]
        return {item.place.part: item for item in items}

    @property
    def q(self) -> Node:
        """The expected log-likelihood of everything: a formula in the data, the expected values and the parameters."""
        return self._terms()

    def _terms(self, only: Var | None = None) -> Node:
        """Q, or what of it hangs on one parameter."""
        i = plates_of(self.hidden)
        means = {p: At(symbol, *i) for p, symbol in self.means.items()}
        drawn = [(k, d) for k, d in self.model.drawn if only is None or only in symbols_of(k, d)]
        return reduce(add, (over_plates(k, self._expected(k, d, means)) for k, d in drawn))

    def _expected(self, key: Key, d: Distribution, means: Mapping[Product, Node]) -> Node:
        if not speaks_of(self.hidden, key, d):
            return d.log_density(key)
        parts = combination(d.log_density(key).xreplace(dict(self.one)), self.natural.u)
        return combined({p: back(c, self.one) for p, c in parts.items()}, means)

    @cached_property
    def climbing(self) -> Mapping[str, Derivation]:
        """elbo, tight and ascent, by name."""
        return climbing(self._parts, self.model)

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        inside = {claim.place.part: claim for claim in self._parts.inside}
        return {**self.bayes, **inside, **self.climbing}

    def _for_all(self, formula: Node) -> Node:
        return each_of(back(formula, self.one), *plates_of(self.hidden))

    @cached_property
    def _parts(self) -> Parts:
        joint = _joint(self.model, self.hidden, self.one)
        rest = [over_plates(k, d.log_density(k)) for k, d in self.model.drawn if not speaks_of(self.hidden, k, d)]
        return Parts(self.natural, self.hidden, self.one, joint, self.parameters, self.evidence, rest, self.model.given)


def of_conjugates(model: Model, z: Key) -> Conjugate | None:
    """The two steps for a hidden number; None where its posterior is not seen to be of the family of its prior."""
    plates, taken = plates_of(z), model.names
    if len(plates) != 1 or not isinstance(z, At) or z.shape:
        return None
    one = one_example(model, plates[0], taken)
    family = natural(model.hidden[z].family, one[z], taken)
    if family is None:
        return None
    try:
        terms = [combination(d.log_density(k).xreplace(dict(one)), one[z]) for k, d in _speaking(model, z)]
    except Unsupported:
        return None
    if any(not set(term) <= {CONSTANT, *family.functions} for term in terms):
        return None
    if any(plates_of(key) != plates for key, _ in _speaking(model, z)):
        raise NotationError(f"{z}: what hangs on it is drawn once for each {plates[0].name}, as it is itself")
    parameters = family.parameters_of(_joint(model, z, one))
    means = {p: _symbol(p, k, z, one[z], taken) for k, p in enumerate(family.functions)}
    evidence = _evidence(_joint(model, z, one), family, parameters)
    found = Conjugate(model, z, family, parameters, evidence, means, (), one)
    return replace(found, shared=tuple(maximise(found._terms(p), (p,), given=model.given) for p in model.parameters))


def _speaking(model: Model, z: At) -> list[tuple[Key, Distribution]]:
    return [(k, d) for k, d in model.drawn if speaks_of(z, k, d)]


def _joint(model: Model, z: At, one: Mapping[At, Var]) -> Combination:
    """The log joint density of one example."""
    terms = (d.log_density(k).xreplace(dict(one)) for k, d in _speaking(model, z))
    return combination(reduce(add, terms), one[z])


def _evidence(joint: Combination, family: Natural, parameters: Sequence[Node]) -> Node:
    """What of the log joint density is no function of the hidden number, less what of the posterior's is none."""
    constant = family.constant(parameters)
    return joint[CONSTANT] - constant if CONSTANT in joint else -constant


def _symbol(p: Product, k: int, z: At, u: Var, taken: set[str]) -> Var:
    """u_bar for the mean of u, log_u for that of log(u)."""
    v = variable_of(z)
    applied = [g.function for g, _ in p if isinstance(g, Apply) and g.args[1] == u]
    wish = f"{v.name}_bar" if p == ((u, 1),) else f"{applied[0]}_{v.name}" if applied else f"T_{k + 1}"
    sort = ("positive",) if "positive" in v.properties and all(g == u for g, _ in p) else ()
    return make_var(fresh((wish, f"{wish}_bar", f"T_{k + 1}", f"T{k + 1}"), taken), v.shape[:1], sort)
