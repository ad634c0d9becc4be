"""Read-back: a node of the DAG written as a mathematician would, in the notation of the vocabulary.

What was written is kept: a part that the author wrote is given back as written, a named formula by its name. The rest
is read term by term: as matrix notation where it can be, with indices where it cannot. Nothing is multiplied out.

    read(node)              the formula of a node
    derivative(grad(J, w))  the derivative taken, as a formula
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.notation.nodes import Deriv, Let, Letter, Node, Var, make_var

from .lengths import length
from .letters import parts_of
from .order import mark
from .reader import Reader
from .reverse import differentiate
from .sharing import canonical
from .terms import symmetric

LONG = 220
"""A formula longer than this, in characters, has its shared parts named."""
PART = 9
"""A shared part shorter than this is not named."""

Same = Callable[[Dag, Dag], bool]
Named = list[tuple[Dag, Let]]


def derivative(deriv: Deriv, names: Sequence[Let] = (), name: bool = True) -> Node:
    """The derivative taken and read back. Formulas named in it, and `names`, are written by their names; with `name` a
    long formula has its shared parts named. Raises Unsupported where an axis was made by a Kronecker product."""
    low = Lowering(differentiate)(deriv)
    if low.groups != (1,) * deriv.ndim:
        raise Unsupported(
            f"{deriv}: its axes {low.groups} were made by a Kronecker product, and a derivative with such axes has no "
            "notation; differentiate the factors"
        )
    return read(low.node, low.letters, names, [deriv], name)


def read(
    node: Dag,
    letters: Sequence[Letter] = (),
    names: Sequence[Let] = (),
    written: Sequence[Node] = (),
    name: bool = True,
) -> Node:
    """The formula of a node; its first axes are at `letters`. Parts equal to a named formula are written by the name,
    parts of the formulas `written` as they stand there. A long formula has its shared parts named t1, t2, ..."""
    return reading(node, letters, names, written, name)[0]


def reading(
    node: Dag,
    letters: Sequence[Letter] = (),
    names: Sequence[Let] = (),
    written: Sequence[Node] = (),
    name: bool = True,
) -> tuple[Node, Named]:
    """The formula, and the names that were made for it, each with the node that it stands for."""
    reader = Reader(names, written)
    made = reader.at(node, tuple(letters))
    if not name or length(made) <= LONG:
        return made, []
    parts = _shared(node)
    formula, named = _with_names(Reader(names, written), node, tuple(letters), parts)
    used = parts_of(formula)
    only = [part for part, let in named if let in used]
    if len(only) == len(named):
        return formula, named
    return _with_names(Reader(names, written), node, tuple(letters), only)


def _shared(root: Dag) -> list[Dag]:
    """The nodes that are used more than once, innermost first."""
    uses: dict[Dag, int] = {}
    for node in dag.order(root):
        for child in node.children:
            uses[child] = uses.get(child, 0) + 1
    able = [n for n in dag.order(root) if uses.get(n, 0) > 1 and n.kind not in ("var", "size", "constant")]
    return sorted(able, key=mark)


def _with_names(reader: Reader, node: Dag, letters: tuple[Letter, ...], parts: Sequence[Dag]) -> tuple[Node, Named]:
    """The formula in which these parts are written by new names."""
    taken = {v.args[0].name for v in dag.order(node) if v.kind == "var" and isinstance(v.args[0], Var)}
    taken |= {n.name for n in reader.written.names.values() if isinstance(n, Let)}
    spare = (s for s in (f"t{k}" for k in count(1)) if s not in taken)
    named: Named = []
    for part in parts:
        if part not in reader.whole and length(formula := reader(part)) >= PART:
            named.append((part, canonical(Let(Str(next(spare)), formula))))
            reader.name(named[-1][1], part)
    return reader.at(node, letters), named


# --- shown to be right -------------------------------------------------------------------------------
def read_verified(
    node: Dag,
    same: Same,
    letters: Sequence[Letter] = (),
    names: Sequence[Let] = (),
    written: Sequence[Node] = (),
) -> Node:
    """The formula of a node, once `same` has shown that it lowers to an equal node: name by name, then the whole.
    If `same` fails, the formula with indices only is tried; raises Unsupported if that cannot be shown either."""
    made, named = reading(node, letters, names, written)
    if verified(node, made, same, named):
        return made
    made = Reader(indices=True).at(node, tuple(letters))
    if verified(node, made, same):
        return made
    raise Unsupported(f"{node} was read as {made}, which could not be shown to be equal to it")


def verified(node: Dag, made: Node, same: Same, named: Sequence[tuple[Dag, Let]] = ()) -> bool:
    """Does the formula lower to this node? A name in it is shown once, and then stands for itself."""
    lowering = Lowering(differentiate)
    pairs = [(part, lowering(let.value).node) for part, let in named] + [(node, lowering(made).node)]
    goal, shown = {}, {}  # type: tuple[dict[Dag, Dag], dict[Dag, Dag]]
    for k, (a, b) in enumerate(pairs):
        cut = dag.substitute(a, goal), dag.substitute(b, shown)
        if a is not b and not _equal(*cut, same) and not (goal and same(a, b)):
            return False
        goal[a] = shown[b] = _stand_in(a, k)
    return True


def _equal(a: Dag, b: Dag, same: Same) -> bool:
    """Are they equal? First with the sums and functions that both have held to be symbols, then with nothing held."""
    common = set(dag.order(a)) & set(dag.order(b))
    held = {n: _stand_in(n, n.uid) for n in common if n.children and n.kind != "contract"}
    return a is b or same(dag.substitute(a, held), dag.substitute(b, held)) or (bool(held) and same(a, b))


def _stand_in(node: Dag, number: int) -> Dag:
    """A symbol for a node."""
    return dag.var(make_var(f"part {number}", node.dims, ("symmetric",) if symmetric(node) else ()), node.dims)
