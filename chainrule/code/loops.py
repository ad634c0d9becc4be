"""A recurrence as a loop: what does not depend on the states is computed before it, for all t at once.

    for t in range(T):                     H holds the states before step 0, 1, ..., and that after the last
        h_t = np.tanh(W @ h_t + z[t])      z = X @ U.T + b, one product of matrices
        H[t + 1] = h_t

A loop is a node of its own, `loop`, whose children are what stands outside: starts, what is read step by step, what
stays the same. The states before the steps are H[:-1], those after them H[1:].
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.recurrence import Opened, after, at_every, chosen, loose
from chainrule.notation.nodes import make_var

from .blocks import Block, Emitted
from .syntax import Code, call
from .values import dim_code

TIMES = "tuv"
"""The index of a loop, of a loop in it, and so on."""


def looped(roots: Sequence[Dag]) -> list[Dag]:
    """The formulas with loops in place of recurrences."""
    return Looping(roots).roots


class Looping:
    """Formulas with loops in place of recurrences: what became of each node, and of the roots."""

    def __init__(self, roots: Sequence[Dag]):
        self.done: dict[Dag, Dag] = {}
        self.specs: dict[tuple[object, ...], _Step] = {}
        self.ends: dict[Dag, Dag] = {}
        free = loose(*roots)
        found = [node for node in free if node.kind == "recurrence" and not free[node]]
        for node in found:
            for state in (chosen(node, k) for k in range(node.args[2])):
                end = after(state)
                if any(n.args[1:] == node.args[1:] for n in dag.order(end) if n.kind == "recurrence"):
                    self.ends[end] = state
        self.roots = [self.made(root) for root in roots] if found else list(roots)

    def made(self, root: Dag) -> Dag:
        """One formula, its loops made children first."""
        todo = [root]
        while todo:
            node = todo[-1]
            missing = [child for child in self._below(node) if child not in self.done]
            if node in self.done or missing:
                todo = todo[:-1] if node in self.done else todo + missing
                continue
            self.done[todo.pop()] = self._one(node)
        return self.done[root]

    def _below(self, node: Dag) -> Sequence[Dag]:
        node = self.ends.get(node, node)
        return self._step(node).outside if node.kind == "recurrence" else node.children

    def _one(self, node: Dag) -> Dag:
        end = node in self.ends
        node = self.ends.get(node, node)
        if node.kind != "recurrence":
            return dag.rebuild(node, [self.done[c] for c in node.children])
        step = self._step(node)
        outside = tuple(self.done[c] for c in step.outside)
        return dag.make("loop", (node.args[0], end, step, outside), node.dims, outside)

    def _step(self, node: Dag) -> _Step:
        key = node.args[1:]
        if key not in self.specs:
            self.specs[key] = _Step(chosen(node, 0))
        return self.specs[key]


class _Step:
    """One step of a loop: its formulas in leaves for states, for what is read at t, and for what stays the same."""

    def __init__(self, node: Dag):
        o = Opened(node)
        self.names, self.length, self.backwards = o.names, o.length, o.backwards
        self.states, self.slots, self.inputs = o.states, list(o.slots), list(o.inputs)
        self.same: dict[Dag, Dag] = {}
        self.moving = _containing(o.steps, {*o.states})
        self.read = _containing(o.steps, {*o.slots})
        self._taken: dict[Dag, Dag] = {}
        self._opened = o
        self.steps = looped([self._inside(step) for step in o.steps])
        used = {node for step in self.steps for node in dag.order(step)}
        kept = [k for k, slot in enumerate(self.slots) if slot in used]
        self.slots, self.inputs = [self.slots[k] for k in kept], [self.inputs[k] for k in kept]
        self.outside = (*o.starts, *self.inputs, *self.same)

    def _inside(self, node: Dag) -> Dag:
        """The formula with leaves for what is computed outside."""
        if node not in self._taken:
            self._taken[node] = self._leaf_or_rebuilt(node)
        return self._taken[node]

    def _leaf_or_rebuilt(self, node: Dag) -> Dag:
        if node in self.states or node in self._opened.slots or dag.is_number(node):
            return node
        if node not in self.moving:
            return self._at_t(node) if node in self.read else self._fixed(node)
        if node.kind == "sum":
            terms = self._terms(node)
            still = [dag.scale(c, n) for c, n in terms if n not in self.moving]
            if len(still) > 1 and any(n in self.read for _, n in terms if n not in self.moving):
                rest = [dag.scale(c, self._inside(n)) for c, n in terms if n in self.moving]
                return dag.add(self._at_t(dag.add(*still)), *rest)
        return dag.rebuild(node, [self._inside(c) for c in node.children])

    def _terms(self, node: Dag) -> list[tuple[Fraction, Dag]]:
        """The terms of a sum, those of the sums in it among them."""
        found: list[tuple[Fraction, Dag]] = []
        for c, n in node.args:
            inside = self._terms(n) if n.kind == "sum" and n in self.moving else [(Fraction(1), n)]
            found += [(c * k, m) for k, m in inside]
        return found

    def _at_t(self, node: Dag) -> Dag:
        """What depends on t alone is computed for all t at once, and read."""
        o = self._opened
        slot = _leaf(f"read {len(self.slots)}", node)
        self.slots.append(slot)
        self.inputs.append(at_every(node, dict(zip(o.slots, o.inputs, strict=True)), o.length))
        return slot

    def _fixed(self, node: Dag) -> Dag:
        if node.kind == "bound":
            return node
        if node not in self.same:
            self.same[node] = _leaf(f"same {len(self.same)}", node)
        return self.same[node]


def _leaf(name: str, like: Dag) -> Dag:
    return dag.var(make_var(f"{name} of {like.uid}", like.dims, ()), like.dims)


def _containing(roots: Sequence[Dag], leaves: set[Dag]) -> set[Dag]:
    """The nodes that hold one of the leaves, or a leaf that a recurrence around them binds."""
    found = set(leaves)
    free = loose(*roots)
    for node in free:
        if free[node] or any(child in found and not free[child] for child in node.children) or _holds(node, leaves):
            found.add(node)
    return found


def _holds(node: Dag, leaves: set[Dag]) -> bool:
    return node.kind == "recurrence" and any(leaf in leaves for leaf in dag.order(node))


# --- as text ---------------------------------------------------------------------------------------
def written(node: Dag, outside: Sequence[Code], emitted: Emitted, taken: set[str], depth: int) -> Code:
    """The states that a loop node stands for. `outside` are its children's arrays; `emitted` makes the code of a
    step's formulas from the names of its leaves."""
    which, end, step, _ = node.args
    loop = _Text(step, outside, emitted, taken, depth).block()
    many = len(step.states)
    part = call("{}" + f"[{which}]", len(node.dims), loop) if many > 1 else loop
    return call("{}[1:]" if end != step.backwards else "{}[:-1]", len(node.dims), part)


class _Text(Block):
    """The lines of one loop."""

    def __init__(self, step: _Step, outside: Sequence[Code], emitted: Emitted, taken: set[str], depth: int):
        super().__init__(taken)
        self.step = step
        many, reads = len(step.states), len(step.slots)
        self.starts, inputs, same = outside[:many], outside[many : many + reads], outside[many + reads :]
        self.t = self.fresh(TIMES[depth % len(TIMES)])
        suffix = f"_{self.t}"
        self.now = [self.fresh(step.names[k] + suffix) for k in range(many)]
        known = dict(zip(step.states, self.now, strict=True))
        known |= {leaf: f"{self.part(x)}[{self.t}]" for leaf, x in zip(step.slots, inputs, strict=True)}
        known |= {leaf: self.part(x) for leaf, x in zip(step.same.values(), same, strict=True)}
        self.round = self.body(*emitted(step.steps, known), suffix)

    def block(self) -> Code:
        step, states = self.step, range(len(self.now))
        first = self.part(dim_code(step.length)) if step.backwards else "0"
        saved = "{t}" if step.backwards else "{t} + 1"
        arrays = [self._empty(k) for k in states]
        where = ["{self}"] if len(states) == 1 else [f"{{self}}[{k}]" for k in states]
        lines = [f"{{self}} = {', '.join(arrays)}"]
        lines += [f"{where[k]}[{first}] = {self.now[k]} = {self.part(self.starts[k])}" for k in states]
        steps = self.part(dim_code(step.length))
        count = f"range({steps})"
        lines.append(f"for {self.t} in {f'reversed({count})' if step.backwards else count}:")
        inside = [*self.round.lines, f"{', '.join(self.now)} = {self.round.result}"]
        inside += [f"{where[k]}[{saved.format(t=self.t)}] = {self.now[k]}" for k in states]
        lines += [f"    {line}" for text in inside for line in text.split("\n")]
        return self.code(lines, 1 + self.starts[0].rank)

    def _empty(self, k: int) -> str:
        dims = self.step.states[k].dims
        sizes = [f"{self.part(dim_code(self.step.length))} + 1", *(self.part(dim_code(d)) for d in dims)]
        return f"np.empty(({', '.join(sizes)}{',' if len(sizes) == 1 else ''}))"
