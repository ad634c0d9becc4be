"""The posterior of a hidden number that is of the family of its prior, read off the log joint density.

    log p(x, u) = sum over j of c_j T_j(u) + c_0       the functions T are those of the prior's family
                = log p(u; the parameters with the coefficients c) + log p(x),   for every u

A density whose logarithm is that of a member of a family but for what does not hang on u is that member's, and what is
left over is the logarithm of p(x). So neither Bayes' rule nor the marginal asks for an integral.

Source: Diaconis and Ylvisaker, Conjugate priors for exponential families (1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import add

from chainrule.distributions import Distribution
from chainrule.errors import NotationError, Unsupported
from chainrule.notation.indices import summed
from chainrule.notation.nodes import At, Node, Var
from chainrule.notation.statements import Assumption, Claim, Predicate, positive
from chainrule.optimality.words import claimed, provable

from .combination import CONSTANT, Combination, Product, combination, combined
from .declaration import Key, Model, plates_of
from .example import back, one_example, over_plates, speaks_of
from .natural import Natural, natural


@dataclass(frozen=True, eq=False)
class Posterior:
    """The posterior of one example's hidden number, in the symbols that stand for that example.

    natural     the family of the prior and of the posterior
    one         x[i] -> the symbol that stands for it
    joint       log p(x, u) as a combination of functions of u
    parameters  those of the posterior, in their order
    evidence    log p(x)
    rest        the log-densities of all that does not hang on what is hidden, over all examples
    given       the hypotheses of the model
    """

    natural: Natural
    hidden: At
    one: Mapping[At, Var]
    joint: Combination
    parameters: Sequence[Node]
    evidence: Node
    rest: Sequence[Node]
    given: tuple[Assumption, ...]

    def renamed(self, mark: Mapping[Var, Var]) -> Posterior:
        """The same at other parameters of the model."""

        def to(f: Node) -> Node:
            return f.xreplace(dict(mark))

        joint = {p: to(c) for p, c in self.joint.items()}
        parameters, rest = [to(p) for p in self.parameters], [to(r) for r in self.rest]
        given = tuple(rewritten(a, mark) for a in self.given)
        return Posterior(self.natural, self.hidden, self.one, joint, parameters, to(self.evidence), rest, given)

    @cached_property
    def inside(self) -> tuple[Claim, ...]:
        """What of the parameters of every posterior lies in its domain because of what is given."""
        return tuple(
            claimed(f"{t.name}.inside_for_all", positive(back(p, self.one)), given=self.given)
            for t, p in zip(self.natural.theta, self.parameters, strict=True)
            if "positive" in t.properties and not provable(positive(p))
        )

    @property
    def likelihood(self) -> Node:
        """log p(x) of everything."""
        return self.over(self.evidence, self.rest)

    def expected(self, means: Mapping[Product, Node]) -> Node:
        """E log p(x, u) of one example."""
        return combined(self.joint, means)

    def over(self, one: Node, rest: Sequence[Node] = ()) -> Node:
        """The sum over the examples, and the rest."""
        return reduce(add, (*rest, summed(back(one, self.one), *plates_of(self.hidden))))


def rewritten(a: Assumption, to: Mapping[Node, Node]) -> Assumption:
    """The hypothesis in other symbols."""
    s = a.statement
    if isinstance(s, Predicate):
        return replace(a, statement=replace(s, of=s.of.xreplace(dict(to))))
    return replace(a, statement=replace(s, left=s.left.xreplace(dict(to)), right=s.right.xreplace(dict(to))))


def posterior_of(model: Model, z: Key, taken: set[str]) -> Posterior | None:
    """The posterior of what is hidden at z; None where it is not seen to be of the family of its prior."""
    plates = plates_of(z)
    if len(plates) != 1 or not isinstance(z, At) or z.shape:
        return None
    one = one_example(model, plates[0], taken)
    family = natural(model.hidden[z].family, one[z], taken)
    if family is None:
        return None
    speaking = speaking_of(model, z)
    try:
        terms = [combination(d.log_density(k).xreplace(dict(one)), one[z]) for k, d in speaking]
    except Unsupported:
        return None
    if any(not set(term) <= {CONSTANT, *family.functions} for term in terms):
        return None
    if any(plates_of(key) != plates for key, _ in speaking):
        raise NotationError(f"{z}: what hangs on it is drawn once for each {plates[0].name}, as it is itself")
    joint = combination(reduce(add, (d.log_density(k).xreplace(dict(one)) for k, d in speaking)), one[z])
    parameters = family.parameters_of(joint)
    constant = family.constant(parameters)
    evidence = joint[CONSTANT] - constant if CONSTANT in joint else -constant
    rest = [over_plates(k, d.log_density(k)) for k, d in model.drawn if not speaks_of(z, k, d)]
    return Posterior(family, z, one, joint, parameters, evidence, rest, model.given)


def speaking_of(model: Model, z: At) -> list[tuple[Key, Distribution]]:
    """What is drawn, and hangs on z."""
    return [(k, d) for k, d in model.drawn if speaks_of(z, k, d)]
