"""Expectation and maximisation for a hidden vector whose posterior is normal: factor analysis and its like.

    E    log p(x[i], z) is a quadratic in z, so that the posterior is normal: its mean is the stationary point, and its
         covariance the inverse of the curvature H. Completing the square shows both:
         log p(x, z) = log p(x, m) - (z - m)' H (z - m) / 2
    M    the parameters that make Q = sum over i of E log p(x[i], z) highest, z of the mean m[i] and the covariance V

The expected value of a quadratic f is its value at the mean and what the spread adds: f(m) + tr(H V) / 2 with H its
curvature. Nothing else of the densities is used, and that they are quadratic is seen, not assumed.

Source: Rubin and Thayer (1982); Bishop, PRML, sec. 12.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

from chainrule.calculus.readback import derivative
from chainrule.distributions import Distribution, expect
from chainrule.errors import NotationError
from chainrule.notation.indices import each_of
from chainrule.notation.nodes import At, Node, Var, as_node, make_var
from chainrule.notation.statements import Claim, Derivation, equals, expectation
from chainrule.notation.vocabulary import hessian, inv, trace
from chainrule.optimality import Optimum, minimise
from chainrule.optimality.optimum import LOWEST
from chainrule.optimality.words import chain, fresh, negative

from .combination import plain
from .declaration import Key, Model, plates_of, variable_of
from .example import back, of_example, one_example, over_plates, speaks_of, symbols_of
from .fit import Fit, maximise
from .naming import of_parameter
from .steps import Steps


@dataclass(frozen=True, eq=False)
class Latent(Steps):
    """The two steps for a model with one hidden vector (or number) an example.

    posterior    the highest log joint density of one example, in the vector that is hidden: the E-step
    mean         the symbol of all posterior means, (N, q); spread that of the covariance (q, q), or (N, q, q)
    expected     Q, written with expected values, and without
    shared       the M-step, one fit a parameter
    one          x[i] -> the symbol that stands for it where one example is looked at
    """

    model: Model
    hidden: Key
    posterior: Optimum
    mean: Var
    spread: Var
    expected: Derivation
    shared: tuple[Fit, ...]
    one: Mapping[At, Var]

    @property
    def fits(self) -> tuple[Fit, ...]:
        return self.shared

    @property
    def guess(self) -> Mapping[Var, Node]:
        return {self.mean: self.posterior_mean, self.spread: self.posterior_covariance}

    @property
    def further(self) -> Mapping[str, Derivation | Claim]:
        return {**dict(self.posterior.items()), "expected": self.expected}

    @property
    def q(self) -> Node:
        """The expected log-likelihood of everything, a formula in the means, the spread and the parameters."""
        return self.expected.last

    @cached_property
    def posterior_mean(self) -> Node:
        """E[z | x] for every example, an array with the axis of the examples first."""
        assert self.posterior.point is not None
        return self._for_all(self.posterior.point.value)

    @cached_property
    def posterior_covariance(self) -> Node:
        """Cov[z | x]: the inverse of the curvature; for every example where it is not the same for all."""
        assert self.posterior.curvature is not None
        bent = plain(self.posterior.curvature.last)
        value = inv(bent) if bent.ndim else as_node(1) / bent
        return self._for_all(value) if of_example(bent, self.one) else value

    def _for_all(self, formula: Node) -> Node:
        return each_of(back(formula, self.one), *plates_of(self.hidden))


def of_vectors(model: Model, z: Key) -> Latent:
    """The two steps for a hidden vector. Errors: NotationError where its log joint density is no quadratic."""
    plates = plates_of(z)
    if len(plates) != 1:
        raise NotationError(f"{z}: one vector an example is hidden, as in hidden={{Z[i]: Gaussian(...)}}")
    taken = model.names
    one = one_example(model, plates[0], taken)
    assert isinstance(z, At)
    here = one[z]
    joint = reduce(add, (d.log_density(key).xreplace(one) for key, d in model.drawn if speaks_of(z, key, d)))
    posterior = of_parameter(minimise(negative(joint), here, given=model.given))
    if posterior.kind != LOWEST or posterior.curvature is None or here in plain(posterior.curvature.last).atoms(Var):
        raise NotationError(f"the log joint density is no quadratic in {z}, so that its posterior is not seen normal")
    n, size = z.args[0].shape[0], tuple(here.shape)
    alone = not of_example(posterior.curvature.last, one)
    mean = make_var(fresh((f"{variable_of(z).name}_bar", f"{variable_of(z).name}_hat"), taken), (n, *size), ())
    sort = ("positive_definite",) if size else ("positive",)
    spread = make_var(fresh(("V", "G", "V_z"), taken), (*(() if alone else (n,)), *size, *size), sort)
    account = _Account(model, z, one, mean[plates], spread if alone else spread[plates])
    fits = tuple(maximise(account.q((p,)), (p,), given=model.given) for p in model.parameters)
    return Latent(model, z, posterior, mean, spread, account.expected(), fits, one)


@dataclass(frozen=True)
class _Account:
    """Q, term by term: what is drawn, with the hidden vector at its mean, and what its spread adds."""

    model: Model
    z: At
    one: Mapping[At, Var]
    mean: Node
    spread: Node

    def q(self, only: Iterable[Var] = ()) -> Node:
        """The terms in which these parameters stand; without any, all."""
        wanted = set(only)
        drawn = [(k, d) for k, d in self.model.drawn if not wanted or wanted & symbols_of(k, d)]
        return reduce(add, (over_plates(key, self._value(key, d)) for key, d in drawn))

    def expected(self) -> Derivation:
        """Q with expected values, and as it is computed."""
        written = reduce(add, (over_plates(key, self._written(key, d)) for key, d in self.model.drawn))
        return chain("expected", written, equals(self.q(), expectation))

    def _written(self, key: Key, d: Distribution) -> Node:
        if not speaks_of(self.z, key, d):
            return d.log_density(key)
        here = self.one[self.z]
        body = d.log_density(key).xreplace({self.z: here})
        return expect(body, here, mean=self.mean, covariance=self.spread)

    def _value(self, key: Key, d: Distribution) -> Node:
        body = d.log_density(key)
        if not speaks_of(self.z, key, d):
            return body
        bent = plain(derivative(hessian(negative(body.xreplace(self.one)), self.one[self.z])))
        bent = back(bent, self.one)
        lost = trace(bent @ self.spread) if bent.ndim else bent * self.spread
        return body.xreplace({self.z: self.mean}) - lost / 2
