"""The normal form of a recurrence: an atom, made of its steps at every t and its starts, each in normal form.

Two recurrences are one atom where their steps are equal at every t and for every value of the states, and their starts
are: then by induction on t they have the same states. That steps may be equal for the states that occur alone is not
seen.

The states are leaves with a level above every level in the steps at every t, inputs included: an input that is a
recurrence itself has leaves of its own, and they must not be taken for these.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.recurrence import Opened, above, at_every, bound

from . import poly as P
from .atoms import atom
from .poly import Poly


def before_each_step(node: Dag, normal: Callable[[Dag], Poly]) -> Poly:
    """The states before each step as an atom: by its steps at every t, each in normal form, and its starts. States
    that the one asked for does not depend on are left out; the order of the others is the one that reads least."""
    o = Opened(node)
    steps = [at_every(step, dict(zip(o.slots, o.inputs, strict=True)), o.length) for step in o.steps]
    inside = [{k for k, s in enumerate(o.states) if s in dag.order(step)} for step in steps]
    needed = {o.which}
    while more := set().union(*(inside[k] for k in needed)) - needed:
        needed |= more
    level = above(steps)
    choices = []
    for others in permutations(sorted(needed - {o.which})):
        order = (o.which, *others)
        place = {o.states[k]: bound(level, j, o.states[k].dims) for j, k in enumerate(order)}
        bodies = tuple(normal(dag.substitute(steps[k], place)) for k in order)
        starts = tuple(normal(o.starts[k]) for k in order)
        choices.append((o.backwards, o.length, bodies, starts))
    least = min(choices, key=lambda c: tuple(p.key() for group in c[2:] for p in group))
    return P.of_atom(atom("recurrence", least, node.dims))
