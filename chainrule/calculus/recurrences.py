"""Backpropagation through time: the derivative of a recurrence is a recurrence in the other direction.

Let s[0] be the start and s[t+1] = f(s[t], x[t], p). Let g[t] be the derivative of the result by s[t] as it stands in
the result itself, t = 0, ..., T - 1. Then with d[T] = 0 and

    d[t] = g[t] + (df/ds at t)' d[t+1]          the whole derivative by s[t], with all that follows from it

the shares are d[0] for the start, (df/dx at t)' d[t+1] for x[t], and the sum over t of (df/dp at t)' d[t+1] for p.

Proof by induction on T - t: s[t] stands in the result, and in s[t+1] = f(s[t], x[t], p) alone, so the chain rule gives
d[t] from d[t+1]; nothing in the result follows from s[T - 1], which is d[T] = 0. x[t] stands in s[t+1] alone, and p in
every step.

Source: Werbos, Backpropagation through time, Proc. IEEE 78 (1990).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.recurrence import TIME, Opened, at_every, recurrence
from chainrule.laws.registry import register
from chainrule.notation.dims import dims
from chainrule.notation.nodes import Node, Var, make_var
from chainrule.notation.vocabulary import matrix, recur, tanh, total, vector

Pulled = Callable[[Mapping[Dag, Dag], Sequence[Dag], Sequence[sp.Expr]], list[Dag]]


def shares(adjoints: Mapping[Dag, Dag], O: tuple[object, ...], pulled: Pulled) -> Iterator[tuple[Dag, Dag]]:
    """What the states before each step hand on to starts, inputs and what else the steps are made of. `adjoints` are
    the g of one or several states of one recurrence."""
    z = next(iter(adjoints))
    o = Opened(z)
    lead = adjoints[z].dims[: len(O)]
    names = [f"d{name} after {z.uid}" for name in o.names]
    later = [_leaf(name, (*lead, *s.dims)) for name, s in zip(names, o.states, strict=True)]
    free = _free(o)

    def back(xs: Sequence[Dag]) -> list[Dag]:
        """(df/dx)' d[t+1] at one t, for the x given."""
        return pulled(dict(zip(o.steps, later, strict=True)), xs, lead)

    steps, heres = back(o.states), list[Dag]()
    for state in adjoints:
        which = state.args[0]
        heres.append(_leaf(f"here of {state.uid}", (*lead, *o.states[which].dims)))
        steps[which] = dag.add(steps[which], heres[-1])
    zeros = [dag.zero(leaf.dims) for leaf in later]
    slots = [*o.states, *o.slots, *heres]
    inputs = [*map(o.before, range(o.count)), *o.inputs, *(_time_first(g, O) for g in adjoints.values())]
    total_of = [recurrence(k, steps, later, zeros, slots, inputs, o.length, not o.backwards) for k in range(o.count)]
    held = dict(zip(slots, inputs, strict=True)) | dict(zip(later, total_of, strict=True))
    for k, (start, leaf) in enumerate(zip(o.starts, later, strict=True)):
        yield start, _first(at_every(steps[k], held, o.length), o, len(leaf.dims))
    for x, share in zip(o.inputs, back(o.slots), strict=True):
        yield x, _time_back(at_every(share, held, o.length), len(O))
    for leaf, share in zip(free, back(free), strict=True):
        every = at_every(share, held, o.length)
        labels = tuple(range(len(every.dims)))
        yield leaf, dag.contract(1, [(every, labels)], labels[1:], {})


def _leaf(name: str, shape: Sequence[sp.Expr]) -> Dag:
    return dag.var(make_var(name, tuple(shape), ()), shape)


def _free(o: Opened) -> list[Dag]:
    """The symbols in the steps that are neither states nor inputs."""
    own = {*o.states, *o.slots}
    return [node for node in dag.order(*o.steps) if node.kind == "var" and node not in own]


def _time_first(g: Dag, O: Sequence[object]) -> Dag:
    n = len(O)
    return dag.transpose(g, (n, *range(n), *range(n + 1, len(g.dims))))


def _time_back(share: Dag, n: int) -> Dag:
    return dag.transpose(share, (*range(1, n + 1), 0, *range(n + 1, len(share.dims))))


def _first(every: Dag, o: Opened, rank: int) -> Dag:
    """The value at the t of the first step."""
    at = o.length - 1 if o.backwards else sp.Integer(0)
    mask, labels = dag.indicator("zero", -at, [(TIME, sp.Integer(1), o.length)])
    axes = tuple(range(rank))
    return dag.contract(1, [(mask, labels), (every, (TIME, *axes))], axes, {})


def _example() -> tuple[Node, Var]:
    n, p, T = dims("n p T")
    W, U, X = matrix("W", n, n), matrix("U", n, p), matrix("X", T, p)
    h, x = vector("h", n), vector("x", p)
    return total(recur({h: tanh(W @ h + U @ x)}, {h: vector("s", n)}, along={x: X})), W


LAW = register(
    "backpropagation through time",
    "the derivative of a recurrence is a recurrence in the other direction",
    "Werbos (1990)",
    _example,
    shares,
)
