"""Why EM climbs where the hidden number's posterior is of a known family.

    log p(x) = L(q) + KL(q || posterior) >= L(q),     L(q) = E log p(x, u) - E log q(u),  u drawn from q
    log p(x; new) - log p(x) = Q(new) - Q + KL(posterior || posterior at new) >= Q(new) - Q >= 0

q is any member of the family. All that is expected is linear in the functions T of u, whose expected values are known,
so that each equation is one between formulas. That no divergence is negative is Gibbs' inequality.

Source: Dempster, Laird and Rubin (1977), theorem 1; Cover and Thomas, Elements of Information Theory, theorem 8.6.1.
"""

from __future__ import annotations

from chainrule.notation.indices import each_of, index
from chainrule.notation.nodes import At, Let, Node, make_var
from chainrule.notation.statements import (
    Assumption,
    Derivation,
    Reason,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cited,
    equals,
)
from chainrule.notation.vocabulary import let, total
from chainrule.optimality.words import chain, fresh

from .declaration import Model, plates_of
from .example import back
from .posterior import Posterior


def climbing(now: Posterior, model: Model) -> dict[str, Derivation]:
    """elbo, tight and ascent, by name, under what the model is given."""
    renamed = {p: make_var(f"{p.name}_new", p.shape, tuple(sorted(p.declared))) for p in model.parameters}
    found = (_elbo(now, model), _tight(now), _ascent(now, now.renamed(renamed)))
    return {d.place.part: d for d in found}


def _named(parts: Posterior, name: str, one: Node) -> Let:
    """A formula of one example, named for all of them: what is said of it then hangs on nothing inside."""
    return let(name, each_of(back(one, parts.one), *plates_of(parts.hidden)))


def _by(*parts: Posterior) -> Reason:
    facts = [claim for p in parts for claim in p.inside]
    return by(*facts) if facts else algebra


def _gibbs(less: Let, more: Let) -> Assumption:
    """E log p <= E log q for u drawn from q, for every example."""
    i = index("i", less.shape[0])
    return cited(
        less[i],
        at_most(more[i]),
        theorem="Gibbs' inequality",
        source="Cover and Thomas, Elements of Information Theory (2nd ed.), theorem 8.6.1",
    )


def _elbo(now: Posterior, model: Model) -> Derivation:
    """log p(x) is the bound and a divergence, whatever the member q."""
    taken, i = model.names, plates_of(now.hidden)
    names = [fresh((f"{t.name}_q", f"{t.name}_0"), taken) for t in now.natural.theta]
    q = [At(make_var(n, (i[0].dim,), tuple(t.declared)), *i) for n, t in zip(names, now.natural.theta, strict=True)]
    means = now.natural.means(q)
    own, posterior = now.natural.expected(q, means), now.natural.expected(now.parameters, means)
    bound = let("L", now.over(now.expected(means) - own, now.rest))
    h, p = _named(now, "H_q", own), _named(now, "H_p", posterior)
    return chain(
        "elbo",
        now.likelihood,
        equals(bound + total(h - p), _by(now)),
        at_least(bound, by(_gibbs(p, h))),
        given=now.given,
    )


def _tight(now: Posterior) -> Derivation:
    """The bound at the posterior is log p(x): no q does better."""
    means = now.natural.means(now.parameters)
    bound = now.over(now.expected(means) - now.natural.expected(now.parameters, means), now.rest)
    return chain("tight", bound, equals(now.likelihood, _by(now)), given=now.given)


def _ascent(now: Posterior, new: Posterior) -> Derivation:
    """A step that does not lower Q does not lower the likelihood."""
    means = now.natural.means(now.parameters)
    before, after = (let(n, p.over(p.expected(means), p.rest)) for n, p in (("Q", now), ("Q_new", new)))
    own = _named(now, "H", now.natural.expected(now.parameters, means))
    other = _named(new, "H_new", new.natural.expected(new.parameters, means))
    return chain(
        "ascent",
        new.likelihood - now.likelihood,
        equals(after - before + total(own - other), _by(now, new)),
        at_least(after - before, by(_gibbs(other, own))),
        at_least(0, by(assume(before, at_most(after)))),
        given=tuple(dict.fromkeys((*now.given, *new.given))),
    )
