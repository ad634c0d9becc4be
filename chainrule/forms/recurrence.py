"""Recurrences: s[0] = start, s[t + 1] = f(s[t], x[t]) for t = 0, 1, ..., with any number of states s and inputs x.

The node stands for the states *before* each step, s[0], ..., s[T - 1], an axis of length T first. The states after each
step are f(s[t], x[t]), which is `after`: a formula in these, and no node of its own. Backwards, t runs from T - 1 down.

    args       which state, the level of its bound leaves, how many states and inputs, is it backwards, T
    children   the steps f (in bound leaves), the starts, the inputs (with the axis of t first)

A bound leaf has a level above every level inside the steps, so that nothing is captured, and equal recurrences are one
node whatever their states were called. No formula outside a recurrence holds a bound leaf: `Opened` puts symbols there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from chainrule.notation.nodes import make_var

from . import dag
from .dag import Dag

TIME = "t"

_names: dict[tuple[object, ...], tuple[str, ...]] = {}
"""What the states of a recurrence were called first: for readers of generated code, no part of what the node is."""


def recurrence(
    which: int,
    steps: Sequence[Dag],
    states: Sequence[Dag],
    starts: Sequence[Dag],
    slots: Sequence[Dag],
    inputs: Sequence[Dag],
    length: sp.Expr,
    backwards: bool,
) -> Dag:
    """The states number `which` before each step. `states` and `slots` are the leaves that stand for them in the steps,
    `inputs` what the slots hold, with the axis of t first."""
    level = above(steps)
    own = {leaf: bound(level, k, leaf.dims) for k, leaf in enumerate((*states, *slots))}
    made = [dag.substitute(step, own) for step in steps]
    node = _node(which, level, made, starts, inputs, length, backwards)
    names = [leaf.args[0].name.partition(" ")[0] for leaf in states]
    _names.setdefault(node.args[1:], tuple(name if name.isidentifier() else "s" for name in names))
    return node


def _node(
    which: int,
    level: int,
    steps: Sequence[Dag],
    starts: Sequence[Dag],
    inputs: Sequence[Dag],
    length: sp.Expr,
    backwards: bool,
) -> Dag:
    args = (which, level, len(starts), len(inputs), backwards, length, (*steps, *starts, *inputs))
    return dag.make("recurrence", args, (length, *starts[which].dims), (*steps, *starts, *inputs))


def above(steps: Sequence[Dag]) -> int:
    """A level above every level inside."""
    return 1 + max((node.args[0] for node in dag.order(*steps) if node.kind == "bound"), default=0)


def bound(level: int, k: int, dims: Sequence[sp.Expr]) -> Dag:
    """A leaf that stands for a state or an input inside a recurrence."""
    return dag.make("bound", (level, k), tuple(dims))


def rebuilt(node: Dag, children: Sequence[Dag], which: int | None = None) -> Dag:
    """The same recurrence with other steps, starts and inputs, or the state of another number."""
    own, level, many, _, backwards, length, _ = node.args
    which = own if which is None else which
    made = _node(which, level, children[:many], children[many : 2 * many], children[2 * many :], length, backwards)
    _names.setdefault(made.args[1:], _names[node.args[1:]])
    return made


class Opened:
    """A recurrence with symbols in place of its bound leaves: steps f, and the leaves that f is made of."""

    def __init__(self, node: Dag):
        self.node = node
        self.which, level, self.count, _, self.backwards, self.length, _ = node.args
        many = self.count
        self.names = _names[node.args[1:]]
        self.starts, self.inputs = node.children[many : 2 * many], node.children[2 * many :]
        holds = [*(s.dims for s in self.starts), *(x.dims[1:] for x in self.inputs)]
        symbols = [
            make_var(f"{'state' if k < many else 'input'} {k} of {node.uid}", dims, ()) for k, dims in enumerate(holds)
        ]
        leaves = [dag.var(s, s.shape) for s in symbols]
        self.states, self.slots = leaves[:many], leaves[many:]
        own = {bound(level, k, leaf.dims): leaf for k, leaf in enumerate(leaves)}
        self.steps = [_unbound(step, own, level) for step in node.children[:many]]

    def before(self, which: int) -> Dag:
        """The states of one kind before each step."""
        return chosen(self.node, which)

    def everywhere(self, inside: Dag) -> Dag:
        """A formula in the states and slots, at every t: the axis of t first."""
        held = {s: self.before(k) for k, s in enumerate(self.states)}
        return at_every(inside, {**held, **dict(zip(self.slots, self.inputs, strict=True))}, self.length)


def _unbound(step: Dag, own: Mapping[Dag, Dag], level: int) -> Dag:
    """A step with symbols in place of the leaves of its recurrence. Another recurrence of the same level in it, which a
    substitution may have brought there, binds its leaves itself."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(step):
        children = [done[c] for c in node.children]
        if node.kind == "recurrence" and node.args[1] == level:
            many = node.args[2]
            children = [*node.children[:many], *children[many:]]
        done[node] = own.get(node) or dag.rebuild(node, children)
    return done[step]


def chosen(node: Dag, which: int) -> Dag:
    """The same recurrence's state of another number."""
    return rebuilt(node, node.children, which)


def loose(*roots: Dag) -> dict[Dag, frozenset[Dag]]:
    """The bound leaves of each node below the roots that no recurrence in it binds."""
    found: dict[Dag, frozenset[Dag]] = {}
    for node in dag.order(*roots):
        found[node] = frozenset({node} if node.kind == "bound" else ()).union(*(found[c] for c in node.children))
        if node.kind == "recurrence":
            many = node.args[2]
            inside = frozenset().union(*(found[step] for step in node.children[:many]))
            own = {leaf for leaf in inside if leaf.args[0] == node.args[1]}
            found[node] = (inside - own).union(*(found[c] for c in node.children[many:]))
    return found


def after(node: Dag) -> Dag:
    """The states after each step, f(s[t], x[t])."""
    o = Opened(node)
    return o.everywhere(o.steps[o.which])


# --- at every t --------------------------------------------------------------------------------------
def at_every(root: Dag, held: Mapping[Dag, Dag], length: sp.Expr) -> Dag:
    """A formula with an axis of t in front: each leaf in `held` at its own t."""
    done: dict[Dag, Dag] = {}
    for node in dag.order(root):
        if node in held:
            done[node] = held[node]
        elif any(child in done for child in node.children):
            done[node] = _lifted(node, done, length)
    return done[root] if root in done else _spread(root, length)


def _spread(node: Dag, length: sp.Expr) -> Dag:
    labels = tuple(range(len(node.dims)))
    return dag.contract(1, [(node, labels)], (TIME, *labels), {TIME: length})


def _lifted(node: Dag, done: Mapping[Dag, Dag], length: sp.Expr) -> Dag:
    """One node over children that have the axis of t in front, where they have it."""
    match node.kind:
        case "sum":
            return dag.add(*(dag.scale(c, done[n] if n in done else _spread(n, length)) for c, n in node.args))
        case "contract":
            coef, ops, out, dims = node.args
            made = [(done[n], (TIME, *labels)) if n in done else (n, labels) for n, labels in ops]
            return dag.contract(coef, made, (TIME, *out), dict(enumerate(dims)))
        case "function":
            return dag.function(node.args[0], done[node.args[2]], node.args[1])
        case "inverse" | "det" | "logdet" | "nuclear":
            return dag.matrix_function(node.kind, done[node.args[0]])
        case "softmax" | "logsumexp" | "max" | "argmax":
            axes, x = node.args
            return dag.along(node.kind, done[x], tuple(a + 1 for a in axes))
        case "recurrence":
            return _lifted_recurrence(node, done, length)
    raise AssertionError(node.kind)


def _lifted_recurrence(node: Dag, done: Mapping[Dag, Dag], length: sp.Expr) -> Dag:
    """A recurrence inside the step of another: its states have the axis of the outer t in front."""
    o = Opened(node)
    symbols = [make_var(f"state {k} at every t of {node.uid}", (length, *s.dims), ()) for k, s in enumerate(o.states)]
    slots = [make_var(f"input {k} at every t of {node.uid}", (length, *x.dims), ()) for k, x in enumerate(o.slots)]
    wide = [dag.var(s, s.shape) for s in symbols]
    holds = [dag.var(s, s.shape) for s in slots]
    held = {**dict(zip(o.states, wide, strict=True)), **dict(zip(o.slots, holds, strict=True))}
    outer = {leaf: lifted for leaf, lifted in done.items() if not leaf.children}
    steps = [at_every(step, {**outer, **held}, length) for step in o.steps]
    starts = [done[s] if s in done else _spread(s, length) for s in o.starts]
    inputs = [_second(done[x] if x in done else _spread(x, length)) for x in o.inputs]
    made = recurrence(o.which, steps, wide, starts, holds, inputs, o.length, o.backwards)
    return _second(made)


def _second(node: Dag) -> Dag:
    """The first two axes exchanged."""
    return dag.transpose(node, (1, 0, *range(2, len(node.dims))))
