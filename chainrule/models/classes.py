"""What belongs to one hidden class, found from the terms of that class alone: a likelihood with weights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add

from chainrule.errors import NotationError
from chainrule.notation.indices import summed
from chainrule.notation.nodes import At, Var, make_var

from .declaration import Model, Picked
from .fit import Fit, maximise

KEPT = {"positive", "nonnegative", "unit_interval", "positive_definite", "psd", "symmetric", "simplex"}
"""Properties that the parameter of one class has where the table of all classes has them."""


def classed_of(model: Model, z: Picked) -> dict[Var, At]:
    """parameter -> how it stands for the class of an example, mu -> mu[z[i]].

    Errors: NotationError where one of them has a prior.
    """
    own = {a for d in model.seen.values() for p in d.parameters for a in p.atoms(At) if z in a.args[1:]}
    classed = {p: a for p in model.parameters for a in own if a.args[0] == p}
    for p in classed.keys() & model.prior.keys():
        raise NotationError(f"{p.name} has a value for each class, and its prior speaks of all: leave the prior out")
    return classed


def class_fit(model: Model, z: Picked, w: Var, classed: Mapping[Var, At]) -> Fit:
    """The terms of one class, weighted: sum over i of w[i] log p(x[i] | one class)."""
    values = {a: _of_one_class(p) for p, a in classed.items()}
    terms = [At(w, z.example) * d.log_density(key).xreplace(values) for key, d in model.seen.items()]
    return maximise(summed(reduce(add, terms), z.example), tuple(values.values()), given=model.given)


def _of_one_class(p: Var) -> Var:
    return make_var(p.name, p.shape[1:], tuple(sorted(p.declared & KEPT)))
