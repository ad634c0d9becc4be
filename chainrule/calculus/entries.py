"""Index notation: what matrix notation cannot say, by entries, with as few indices as it takes.

    each(2 * delta(i, k) * (V.T @ V)[j, l] for i in over(n) for j in over(r) for k in over(n) for l in over(r))

Letters are given to the first axes of the output and to some summed indices; what is left over is read as matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.indices import Clusters
from chainrule.notation.nodes import At, Delta, Each, Letter, Neg, Node, Number, Range, Size

from .lengths import length
from .letters import at, each, parts_of, summed
from .products import assembled, factors, hadamard, turn
from .series_parallel import Piece, Stuck, reduced
from .sums import bracketed, positive
from .terms import Factor, Label, Term, flatten, symmetric

if TYPE_CHECKING:
    from .reader import Reader

ONE = Fraction(1)
TRIED = 6
"""With more summed indices than this, all of them get letters."""
INDEX = 8
"""Characters that an index takes."""
EXPANDED = 64
"""A product of sums with deltas in them is multiplied out to at most this many terms."""


# --- whole nodes -------------------------------------------------------------------------------------
def indexed(reader: Reader, term: Term) -> Node:
    """A term with letters for the first axes of its output and for as many summed indices as it takes."""
    spread = without_deltas(term)
    if spread is not None:
        return reader.add([dag.scaled(t.dag()) for t in spread], [term.sizes[k] for k in term.out])
    return min(_arrays(reader, term), key=_body_length)


def _arrays(reader: Reader, term: Term) -> Iterator[Node]:
    rank = len(term.out)
    for fixed in range(max(0, rank - 2), rank + 1):
        letters = tuple(reader.written.letter(term.sizes[k]) for k in term.out[:fixed])
        body = _body(reader, term, letters)
        if body is not None:
            yield each(body, letters) if letters else body


def indexed_sum(reader: Reader, parts: Sequence[tuple[Fraction, Dag]]) -> Node:
    """A sum of tensors of rank 3 or more, entry by entry."""
    dims, made = parts[0][1].dims, []
    for fixed in (len(dims) - 2, len(dims) - 1, len(dims)):
        letters = tuple(reader.written.letter(d) for d in dims[:fixed])
        bodies = [_scaled_at(reader, c, n, letters) for c, n in parts]
        if all(b is not None for b in bodies):
            made.append(each(_sum(bodies), letters))  # type: ignore[arg-type]
    return min(made, key=_body_length)


def _body_length(made: Node) -> tuple[int, int]:
    """How long it is to read; of four axes or more each rather has an index, and only the entry is compared."""
    if made.ndim <= 3 or not isinstance(made, Each):
        return (length(made), 0)
    return (length(made.body) - INDEX * len(made.letters), length(made))


def _sum(bodies: list[Node]) -> Node:
    return bracketed(sorted(bodies, key=lambda b: positive(b) is not None))


def at_letters(reader: Reader, node: Dag, letters: tuple[Letter, ...]) -> Node:
    """A node whose first axes are at these letters."""
    made = _scaled_at(reader, ONE, node, letters)
    return made if made is not None else at(reader(node), letters)


def _scaled_at(reader: Reader, coef: Fraction, node: Dag, letters: tuple[Letter, ...]) -> Node | None:
    """coef * node with its first axes at these letters; None where the rest cannot be read as matrices."""
    if coef == 1 and (node in reader.written or node.kind not in ("sum", "contract", "function")):
        return at(reader(node), letters)
    match node.kind:
        case "function":
            name, exponent, x = node.args
            inner = _scaled_at(reader, ONE, x, letters)
            return None if inner is None else assembled(coef, [], reader.function(name, exponent, inner))
        case "sum":
            if len(node.dims) <= 2:
                return assembled(coef, [], at(reader(node), letters))
            if any(_stretched(n, len(letters)) for _, n in node.args):
                return None
            bodies = [_scaled_at(reader, coef * c, n, letters) for c, n in node.args]
            return None if any(b is None for b in bodies) else _sum(bodies)  # type: ignore[arg-type]
    term = reader.flat(node)
    term = replace(term, coef=coef * term.coef)
    spread = without_deltas(term)
    if spread is None:
        return _body(reader, term, letters)
    bodies = [_scaled_at(reader, *dag.scaled(t.dag()), letters) for t in spread]
    return None if any(b is None for b in bodies) else _sum(bodies)  # type: ignore[arg-type]


def _stretched(node: Dag, fixed: int) -> bool:
    """Is it constant along an axis that has no letter?"""
    if node.kind != "contract":
        return False
    used = {k for _, ls in node.args[1] for k in ls}
    return any(k not in used for k in node.args[2][fixed:])


# --- one term ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Plan:
    """Which labels have letters; what multiplies because a label stands on two axes; which letters are summed."""

    term: Term
    letter: dict[Label, Letter]
    bound: tuple[Label, ...] = ()
    deltas: tuple[Node, ...] = ()
    open: tuple[Label, ...] = field(default=())


def _body(reader: Reader, term: Term, letters: tuple[Letter, ...]) -> Node | None:
    """The shortest reading of a term whose first output axes are at these letters; None if there is none."""
    letter: dict[Label, Letter] = {}
    deltas = []
    for label, i in zip(term.out, letters, strict=False):
        if label in letter:
            deltas.append(Delta(letter[label], i))
        letter.setdefault(label, i)
    rest = term.out[len(letters) :]
    if any(label in letter for label in rest) or len(rest) > 2:
        return None
    inner = term.summed()
    sizes = range(len(inner) + 1) if len(inner) <= TRIED and not reader.indices else (len(inner),)
    made: list[Node] = []
    for size in sizes:
        for bound in combinations(inner, size):
            named = {**letter, **{k: reader.written.letter(term.sizes[k]) for k in bound}}
            try:
                made.append(_read(reader, _Plan(term, named, bound, tuple(deltas), rest)))
            except Stuck:
                continue
        if made and not (size == 0 and _assignments(term)):
            break
    return min(made, key=length) if made else None


def _assignments(term: Term) -> bool:
    """Is there an assignment to clusters, so that a sum over members may read better than a product?"""
    return any(f.node.kind == "var" and isinstance(f.node.args[0], Clusters) for f in term.factors)


def _read(reader: Reader, plan: _Plan) -> Node:
    """The term under a plan; raises Stuck."""
    ranges, factors = _ranges(plan)
    pieces: list[Piece] = [Piece(d, ()) for d in plan.deltas]
    for group in _components(factors, set(plan.letter)):
        pieces.extend(_pieces(reader, group, plan))
    made = reduced(pieces, plan.open, plan.term.sizes)
    made.scalars = _in_order(made.scalars, list(plan.letter.values()))
    if not ranges:
        return assembled(plan.term.coef, made.scalars, made.body)
    bound = {r.letter for r in ranges}
    outside = [s for s in made.scalars if not bound & parts_of(s[0])]
    inside = [s for s in made.scalars if bound & parts_of(s[0])]
    if made.body is None and not inside and all(r.weight is None for r in ranges):
        return assembled(plan.term.coef, [*outside, *((Size(r.letter.dim), ONE) for r in ranges)], None)
    return assembled(plan.term.coef, outside, summed(assembled(ONE, inside, made.body), ranges))


def _in_order(scalars: list[tuple[Node, Fraction]], letters: list[Letter]) -> list[tuple[Node, Fraction]]:
    """x[j] before x[l]: the entries of one array in the order of their indices."""
    rank = {i: k for k, i in enumerate(letters)}
    places: dict[Node, list[int]] = {}
    for k, (s, _) in enumerate(scalars):
        if isinstance(s, At):
            places.setdefault(s.args[0], []).append(k)
    made = list(scalars)
    for own in places.values():
        ordered = sorted((scalars[k] for k in own), key=lambda e: [rank.get(i, len(rank)) for i in e[0].args[1:]])
        for k, entry in zip(own, ordered, strict=True):
            made[k] = entry
    return made


def _ranges(plan: _Plan) -> tuple[list[Range], list[Factor]]:
    """Where the summed letters run; an assignment C[i, k] among the factors says `for i in C[k]`."""
    factors, ranges, late = list(plan.term.factors), [], []
    for label in plan.bound:
        i = plan.letter[label]
        member = next((f for f in factors if _assigns(f, label, plan)), None)
        if member is None:
            ranges.append(Range(i))
        else:
            factors.remove(member)
            late.append(Range(i, At(member.node.args[0], i, plan.letter[member.labels[1]])))
    return [*ranges, *late], factors


def _assigns(f: Factor, label: Label, plan: _Plan) -> bool:
    if f.node.kind != "var" or not isinstance(f.node.args[0], Clusters) or f.power < 0:
        return False
    return f.labels[0] == label and f.labels[1] in plan.letter and f.labels[1] != label


def _components(factors: list[Factor], fixed: set[Label]) -> list[list[Factor]]:
    """Factors that hang together by labels without letters."""
    groups: list[tuple[set[Label], list[Factor]]] = []
    for f in factors:
        links, mine, rest = set(f.labels) - fixed, [f], []
        for other, members in groups:
            if links & other:
                links, mine = links | other, members + mine
            else:
                rest.append((other, members))
        groups = [*rest, (links, mine)]
    return [members for _, members in groups]


def _pieces(reader: Reader, group: list[Factor], plan: _Plan) -> list[Piece]:
    """A component as scalars, vectors and matrices over the labels without letters."""
    ends = tuple(dict.fromkeys(k for f in group for k in f.labels if k in plan.letter))
    alone = not any(k in plan.open for f in group for k in f.labels)
    if len(group) > 1 and alone and 1 <= len(ends) <= 2 and all(len(f.labels) <= 2 for f in group):
        return _scalars(_whole(reader, group, ends, plan))
    pieces = (_piece(reader, f, plan) for f in group)
    return [q for p in pieces for q in (_scalars(p.node) if p.power == 1 and not p.labels else [p])]


def _scalars(node: Node) -> list[Piece]:
    """A scalar as its factors, if there is no number and no sign among them."""
    if node.ndim or any(isinstance(f, (Number, Neg)) for f, _ in factors(node)):
        return [Piece(node, ())]
    return [Piece(f, (), p) for f, p in factors(node)]


def _whole(reader: Reader, group: list[Factor], ends: tuple[Label, ...], plan: _Plan) -> Node:
    """(V.T @ V)[j, l]: a component read as one matrix, then its entry."""
    pieces = [Piece(reader(f.node), f.labels, f.power, symmetric(f.node)) for f in group]
    made = []
    for out in {ends, ends[::-1]}:
        found = reduced(pieces, out, plan.term.sizes)
        entry = at(assembled(ONE, [], found.body), [plan.letter[k] for k in out])
        made.append(assembled(ONE, found.scalars, entry))
    return min(made, key=lambda n: (length(n), str(n)))


def _piece(reader: Reader, f: Factor, plan: _Plan) -> Piece:
    fixed = [k in plan.letter for k in f.labels]
    if not any(fixed):
        return Piece(reader(f.node), f.labels, f.power, symmetric(f.node))
    given = tuple(plan.letter[k] for k in f.labels if k in plan.letter)
    rest = tuple(k for k in f.labels if k not in plan.letter)
    if len(set(given)) < len(given):  # an entry of a diagonal: the function stays outside the index
        whole = reader(f.node) if f.power == 1 else hadamard([(reader(f.node), f.power)])
        if all(fixed):
            return Piece(At(whole, *given), ())
        raise Stuck
    if all(fixed) and len(given) == 2 and symmetric(f.node):
        given = tuple(sorted(given, key=list(plan.letter.values()).index))
    if fixed == sorted(fixed, reverse=True):
        node = _scaled_at(reader, ONE, f.node, given)
    elif len(f.labels) == 2:
        node = at(turn(reader(f.node), symmetric(f.node)), given)
    else:
        node = None
    if node is None:
        raise Stuck
    return Piece(node, rest, f.power)


# --- deltas ------------------------------------------------------------------------------------------
def without_deltas(term: Term) -> list[Term] | None:
    """The term multiplied out over factors that are sums with a delta on a summed index; None if there is none."""
    for k, f in enumerate(term.factors):
        if f.power == 1 and f.node.kind == "sum" and len(f.labels) > 2 and _meets_delta(f, term):
            rest = [*term.factors[:k], *term.factors[k + 1 :]]
            if len(f.node.args) > EXPANDED:
                return None
            return [_with(term, rest, c, n, f.labels) for c, n in f.node.args]
    return None


def _meets_delta(f: Factor, term: Term) -> bool:
    for _, n in f.node.args:
        if n.kind == "contract":
            pattern = n.args[2]
            if any(pattern.count(p) > 1 and label not in term.out for p, label in zip(pattern, f.labels, strict=True)):
                return True
    return False


def _with(term: Term, rest: list[Factor], coef: Fraction, node: Dag, labels: tuple[Label, ...]) -> Term:
    whole = Term(term.coef * coef, (*rest, Factor(node, labels)), term.out, term.sizes).dag()
    return flatten(whole, lambda n: n.kind == "contract" and not n.dims)
