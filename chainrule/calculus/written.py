"""What the author wrote: parts to be given back as they stand, names to be used, the order of the symbols."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.notation.nodes import Deriv, Let, Letter, Node, Number, Subs, Transpose, Var, children

from .letters import bound, fresh, loose
from .reverse import differentiate
from .sharing import shared

Place = tuple[int, str]


def _column(part: Node) -> Node:
    """A part as the node has it: a row is the column of its entries."""
    if not part.row:
        return part
    column: Node = part.args[0] if isinstance(part, Transpose) else Transpose(part)
    return column


class Written:
    """Formulas by the node that they lower to."""

    def __init__(self, formulas: Sequence[Node]):
        self.lowering = Lowering(differentiate)
        self.parts: dict[Dag, Node] = {}
        self.names: dict[Dag, Node] = {}
        self.seen: dict[Dag, int] = {}
        self.latest: dict[Dag, Place] = {}
        self.wishes: dict[sp.Expr, str] = {}
        self.called: dict[Node, Node] = {}
        self.renamed: dict[Node, Node] = {}
        met: set[Node] = set()
        for formula in formulas:
            self._enter(formula, met)

    def _enter(self, formula: Node, met: set[Node]) -> None:
        todo = [formula]
        while todo:
            part = todo.pop()
            if part in met:
                continue
            met.add(part)
            todo.extend(reversed(children(part)))
            for letter in bound(part):
                self.wishes.setdefault(letter.dim, letter.name)
            if isinstance(part, Var):
                self.seen.setdefault(dag.var(part, part.shape), len(self.seen))
            elif not isinstance(part, (Deriv, Subs, Number, Let)) and not loose(part):
                node = self.plain(part)
                if node is not None and node.kind not in ("var", "zero") and not dag.is_number(node):
                    self.parts.setdefault(node, _column(part))

    def plain(self, part: Node) -> Dag | None:
        """The node of a formula whose axes are those of the node."""
        try:
            low = self.lowering(part)
        except Unsupported:
            return None
        return low.node if not low.letters and low.groups == (1,) * part.ndim else None

    def name(self, let: Let, node: Dag) -> None:
        """From here on this node is written by its name, also inside what was written."""
        new = Transpose(let) if let.row else let
        if node in self.parts:
            self.called[self.parts[node]] = new
        self.names[node] = new

    def __contains__(self, node: object) -> bool:
        return node in self.names or node in self.parts

    def __getitem__(self, node: Dag) -> Node:
        return self.names[node] if node in self.names else self._by_name(self.parts[node])

    def _by_name(self, formula: Node) -> Node:
        """What was written, with the parts that have got a name written by it; named formulas are left alone."""
        if isinstance(formula, Let) or not formula.args or not self.called:
            return formula
        if formula in self.called:
            return self.called[formula]
        if formula not in self.renamed:
            args = [self._by_name(a) if isinstance(a, Node) else a for a in formula.args]
            same = all(a is b for a, b in zip(args, formula.args, strict=True))
            self.renamed[formula] = formula if same else shared(formula.func(*args))
        return self.renamed[formula]

    def letter(self, dim: sp.Expr) -> Letter:
        """A new index; where the author had one over this size, its name is asked for again."""
        return fresh(dim, self.wishes.get(dim, ""))

    def place(self, node: Dag) -> Place:
        """The symbol in a node that the author came to last; those that the author did not write come by name."""
        if node not in self.latest:
            for n in dag.order(node):
                own = (-1, "")
                if n.kind == "var":
                    own = (self.seen.get(n, len(self.seen)), "" if n in self.seen else str(n.args[0]))
                self.latest[n] = max([own, *(self.latest[c] for c in n.children)])
        return self.latest[node]
