"""The likelihood of a model as a formula: one log-density for each thing that is drawn, summed over its plates.

With a hidden class the log-density of an example depends on the class. log p(x[i] | z[i]) is written once for every
class k and weighted by the indicator: sum over k of z[i, k] log p(x[i] | k), which is linear in z.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add

from chainrule.distributions import Distribution
from chainrule.notation.indices import free_letters, summed
from chainrule.notation.nodes import At, Node, Var
from chainrule.notation.vocabulary import log

from .declaration import Key, Model, Picked, plates_of, variable_of


def log_likelihood(model: Model) -> Node:
    """log p(prior) + the sum over the plates of log p(seen), for a model in which nothing is hidden."""
    return reduce(add, [_over_plates(key, _log(key, d)) for key, d in (*model.prior.items(), *model.seen.items())])


def complete(model: Model, weights: Mapping[Var, Node] | None = None, only: Iterable[Var] = ()) -> Node:
    """log p(prior, hidden, seen): linear in the indicators; `weights` are put in their place. With `only`, the terms in
    which these parameters stand."""
    weights, wanted = dict(weights or {}), set(only)
    terms = [(key, d) for key, d in model.drawn if not wanted or wanted & {variable_of(key), *_symbols(d)}]
    return reduce(add, [_over_plates(key, _weighted(key, d, weights)) for key, d in terms])


def _symbols(d: Distribution) -> set[Var]:
    return {v for p in d.parameters for v in p.atoms(Var)}


def per_class(model: Model, z: Picked) -> Node:
    """log p(z[i] = k) + log p(seen | z[i] = k), for an arbitrary example i and class k."""
    return reduce(add, [_weighted(key, d, None) for key, d in model.drawn if _hangs_on(z, key, d)])


def apart(model: Model, z: Picked) -> list[Node]:
    """The log-densities of all that does not hang on the class, each over its plates."""
    return [_over_plates(key, _log(key, d)) for key, d in model.drawn if not _hangs_on(z, key, d)]


def _hangs_on(z: Picked, key: Key, d: Distribution) -> bool:
    return key == z or z in _picked(d)


def _log(key: Key, d: Distribution) -> Node:
    return d.log_density(key)


def _weighted(key: Key, d: Distribution, weights: Mapping[Var, Node] | None) -> Node:
    """The log-density, for the drawn class or the classes of its parameters weighted by their indicator."""
    if isinstance(key, Picked):
        classes: Iterable[Picked] = (key,)
        body = log(At(d.parameters[0], key)) if len(d.parameters) == 1 else _log(key, d)
    else:
        classes, body = _picked(d), _log(key, d)
    if weights is None:
        return body
    for z in classes:
        weight = weights.get(z.choice, z.choice)
        body = summed(At(weight, z.example, z) * body, z)
    return body


def _picked(d: Distribution) -> tuple[Picked, ...]:
    found = {i for p in d.parameters for i in free_letters(p) if isinstance(i, Picked)}
    return tuple(sorted(found, key=lambda i: i.name))


def _over_plates(key: Key, body: Node) -> Node:
    for letter in reversed(plates_of(key)):
        body = summed(body, letter)
    return body
