"""A derivative line by line, as reverse mode takes it: each line uses one law, on whatever stands outermost.

Between the lines the formula f is cut through: f = F(z1, z2, ...), and the derivative is the sum of the derivatives of the
parts z, each weighted by dF/dz. A law moves the cut inwards, until only the variable is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from chainrule.calculus.readback import read
from chainrule.calculus.reverse import differentiate as lower_derivative
from chainrule.calculus.reverse import gradients
from chainrule.evidence import Verdict
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.laws import ELEMENTWISE, STRUCTURE
from chainrule.notation.nodes import Add, Deriv, Neg, Node, Var, make_var
from chainrule.notation.statements import Derivation, Reason, algebra
from chainrule.notation.vocabulary import grad, jacobian, vjp

from .engine import Derived, judged

LINES = 12
"""A derivation with more lines than this is given without its middle."""


@dataclass(frozen=True)
class Steps:
    """The chain from the derivative to its formula, and the verdict on each line."""

    chain: Derivation
    verdicts: list[Verdict]


def steps(found: Derived) -> Steps:
    """The derivation of a derivative, each line judged."""
    lines = list(_second(found) if found.order == 2 else _first(found))
    if lines and lines[-1][0] != found.result:
        lines.append((found.result, algebra))
    elif not lines:
        lines = [(found.result, _law("linearity"))]
    chain = found.chain(*lines)
    return Steps(chain, judged(chain))


def _second(found: Derived) -> Iterator[tuple[Node, Reason]]:
    """The first derivative, then the derivative of what it is."""
    f, x = found.goal.args[1], found.variable
    from chainrule.calculus.readback import derivative

    once = derivative(grad(f, x) if found.goal.kind == "hessian" else f, name=False)
    if not once.row:
        yield jacobian(once, x), _by("first derivative", "the first derivative, taken", found)
    yield found.result, _by("second derivative", "the derivative of the first", found)


def _by(name: str, says: str, found: Derived) -> Reason:
    return Reason(name, says, calculus=True)


def _law(name: str) -> Reason:
    law = {law.name: law for law in (*ELEMENTWISE.values(), *STRUCTURE.values())}.get(name)
    return Reason(name, law.says if law else "the exponent comes down", calculus=True)


def _first(found: Derived) -> Iterator[tuple[Node, Reason]]:
    """The cut, moved inwards law by law, for the gradient of a scalar."""
    f = found.goal.args[1]
    if f.shape != ():
        yield found.result, Reason("differentiate", "the laws of derivatives", calculus=True)
        return
    cut = Cut(f, found.variable)
    for k, law in enumerate(cut.moves()):
        line = cut.line()
        if k >= LINES:
            return
        yield line, _law(law)


class Cut:
    """The parts at which a scalar formula is cut through."""

    def __init__(self, f: Node, x: Var):
        self.f, self.x = f, x
        low = Lowering(lower_derivative)
        self.root, self.variable = low(f).node, low(x).node
        self.moving = {self.variable}
        for node in dag.order(self.root):
            if any(c in self.moving for c in node.children):
                self.moving.add(node)
        self.parts: list[Dag] = [self.root]

    def moves(self) -> Iterator[str]:
        """Move the cut inwards, one law at a time; the name of each law."""
        while True:
            ready = [p for p in self.parts if p is not self.variable and not self._inside_another(p)]
            if not ready:
                return
            law = _law_of(max(ready))
            for part in [p for p in ready if _law_of(p) == law]:
                at = self.parts.index(part)
                inner = [c for c in part.children if c in self.moving and c not in self.parts]
                self.parts[at : at + 1] = list(dict.fromkeys(inner))
            yield law

    def _inside_another(self, part: Dag) -> bool:
        return any(part is not other and part in dag.order(other) for other in self.parts)

    def line(self) -> Node:
        """The derivative at this cut: the sum of the parts' derivatives, each with its weight."""
        stand_ins = {p: _stand_in(p, k) for k, p in zip(count(1), self.parts)}
        back = {v: p for p, v in stand_ins.items()}
        outer = dag.substitute(self.root, stand_ins)
        weights = [dag.substitute(w, back) for w in gradients(outer, list(stand_ins.values()))]
        terms = [self._term(p, w) for p, w in zip(self.parts, weights, strict=True) if w.kind != "zero"]
        if not terms:
            return read(dag.zero(self.x.shape))
        total = terms[0]
        for term in terms[1:]:
            total = Add(total, Neg(term.args[0]) if isinstance(term, Neg) else term)
        return total

    def _term(self, part: Dag, weight: Dag) -> Node:
        weight_node = self._read(weight)
        if part is self.variable:
            return weight_node
        inner = self._read(part)
        if part.dims:
            return vjp(inner, self.x, weight_node)
        slope = grad(inner, self.x)
        scale, rest = dag.scaled(weight)
        if dag.is_number(weight) and scale in (1, -1) and not weight.args[1]:
            return slope if weight.args[0] == 1 else Neg(slope)
        return weight_node * slope

    def _read(self, node: Dag) -> Node:
        return read(node, written=[self.f], name=False)


def _stand_in(part: Dag, k: int) -> Dag:
    """A symbol in place of a part; the variable keeps its declared symmetry, which projects its gradient."""
    symbol = part.args[0] if part.kind == "var" else None
    properties: Sequence[str] = tuple(sorted(symbol.declared)) if isinstance(symbol, Var) else ()
    return dag.var(make_var(f"part {k}", part.dims, tuple(properties)), part.dims)


def _law_of(part: Dag) -> str:
    if part.kind == "function":
        return str(part.args[0])
    return STRUCTURE[part.kind].name
