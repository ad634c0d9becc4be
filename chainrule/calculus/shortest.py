"""Shorter forms of a derivative: what cancels cancelled, also between the first derivative and the second.

    forms(deriv)     the derivative read in several ways, the shortest first, as `derivative` reads it the last

A form is a proposal: it may lean on what the formula asks for (x log x on x > 0). Whoever prints one has it judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.forms.lowered import Lowered
from chainrule.notation.nodes import Deriv, Letter, Node

from .lengths import length
from .naming import named, total_length
from .readback import derivative
from .reader import Reader, TooLong
from .reverse import differentiate, jacobian
from .simpler import kept, spread, unfolded

SAVED, SHARE = 3, 20
"""What a form has to save to take the place of what was written: characters, and one in so many of them."""
LARGE = 400
"""A derivative of more nodes than this is only read as it is."""
MOST = 200
"""A form of which more parts have to be read, each way of factoring a sum included, is given up."""


def forms(deriv: Deriv) -> list[Node]:
    """The derivative, the shortest form first; `derivative(deriv)` is the last. Raises Unsupported as it does."""
    plain = derivative(deriv)
    reader = Reader(written=[deriv], most=MOST)
    low = Lowering(lambda formula, lowering: _simpler(formula, lowering, reader))(deriv)
    if low.groups != (1,) * deriv.ndim or len(dag.order(low.node)) > LARGE:
        return [plain]
    ways = [*_simplified(low.node, reader), low.node]
    made = [named(form) for form in (_read(n, low.letters, deriv) for n in ways) if form is not None]
    enough = total_length(plain) - max(SAVED, total_length(plain) // SHARE)
    shorter = sorted({m for m in made if total_length(m) <= enough}, key=lambda m: (total_length(m), str(m)))
    return [*shorter, plain]


def _simpler(formula: Deriv, lowering: Lowering, reader: Reader) -> Lowered:
    """The derivative taken, each order of it in its shortest form."""
    match formula.kind:
        case "hessian":
            f, x = lowering(formula.args[1]), lowering(formula.args[2])
            once = _best(jacobian(f.node, x.node), reader)
            return Lowered(jacobian(once, x.node), f.letters, f.groups + x.groups * 2)
        case "grad" | "jacobian" if isinstance(formula.args[1], Deriv):
            f, x = lowering(formula.args[1]), lowering(formula.args[2])
            return Lowered(jacobian(_best(f.node, reader), x.node), f.letters, f.groups + x.groups)
    return differentiate(formula, lowering)


def _read(node: Dag, letters: Sequence[Letter], deriv: Deriv) -> Node | None:
    """The formula of a node; None where it is too long to be the shortest."""
    try:
        return Reader(written=[deriv], most=MOST).at(node, tuple(letters))
    except TooLong:
        return None


def _best(node: Dag, reader: Reader) -> Dag:
    """The form of a node that is read shortest."""
    if len(dag.order(node)) > LARGE:
        return node
    try:
        return min([node, *_simplified(node, reader)], key=lambda n: length(reader(n)))
    except TooLong:
        return node


def _simplified(node: Dag, reader: Reader) -> Iterator[Dag]:
    """The forms of a node that are not the node itself."""
    once = kept(node, reader.written)
    made = dict.fromkeys((once, unfolded(once, reader.written), spread(once, reader.written)))
    return (n for n in made if n is not node)
