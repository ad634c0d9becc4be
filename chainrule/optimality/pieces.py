"""A bowl of separate entries with corners: the gradient of each entry is a rising line, broken at places a_1 <= a_2 ...

    f'(x) = k (w x - b + sum_j  p_j step(x - a_j) + q_j relu(x - a_j)),    p_j >= 0,    s_j = w + q_1 + ... + q_j > 0

At a_j the slope jumps by p_j, and past it rises by s_j a unit. Here e_j = b - w a_1 - ... is what is missing to 0 when
one has come up to a_j, and d_j = e_j - p_j when one has passed it. The inverse of the broken line is broken where e_j
and d_j change their signs, and its value at 0 is the point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from chainrule.calculus.terms import Term
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.search.equal import equal

from .affine import CORNERS, Affine, affine, has_corners, mentions
from .distribute import distributed, gathered, level, shorter
from .equations import reciprocal
from .problem import Problem, lower

ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class Corner:
    """A place, how the slope jumps there, and how much faster it rises past it; as multiples of k."""

    at: Dag
    jump: Dag
    bend: Dag


@dataclass(frozen=True, eq=False)
class Pieces:
    """The line left of all corners, k (w x - b), and the corners."""

    form: Affine
    corners: tuple[Corner, ...]

    @property
    def slopes(self) -> tuple[Dag, ...]:
        """s_0, s_1, ...: how fast each piece rises."""
        found = [self.form.weight or dag.number(1)]
        for c in self.corners:
            found.append(level(shorter(both(found[-1], c.bend))))
        return tuple(found)


def pieces(p: Problem) -> Pieces | None:
    """The parts of an objective of this shape, its corners in the order in which they stand; None for another."""
    equation, x = lower(p.gradient.last), p.symbol
    if p.x.declared or not has_corners(equation, x):
        return None
    turned = _rightwards(_once(equation, x), x)
    return None if turned is None else _gathered(turned, x)


def _once(equation: Dag, x: Dag) -> Dag:
    """relu(z) step(z) as relu(z)."""
    found = []
    for c, term in distributed(equation, x):
        cut = {
            (f.node.args[2], f.labels) for f in term.factors if f.node.kind == "function" and f.node.args[0] == "relu"
        }
        kept = tuple(
            f
            for f in term.factors
            if f.node.kind != "function" or f.node.args[0] != "step" or (f.node.args[2], f.labels) not in cut
        )
        found.append(dag.scale(c, Term(ONE, kept, term.out, term.sizes).dag()))
    return dag.add(*found)


def _rightwards(equation: Dag, x: Dag) -> Dag | None:
    """Each corner as a step or relu of x - a: relu(a - x) = relu(x - a) - (x - a)."""
    places: list[Dag] = []
    turned: dict[Dag, Dag] = {}
    for n in dag.order(equation):
        if n.kind in ("max", "argmax") and mentions(n, x):
            return None
        if n.kind == "function" and n.args[0] in CORNERS and mentions(n, x):
            inside = affine(n.args[2], x)
            if isinstance(inside, str) or n.dims != x.dims or any((inside.weight, inside.left, inside.right)):
                return None
            at = next((a for a in places if equal(a, inside.b)), inside.b)
            places.append(at)
            turned[n] = _turned(n.args[0], inside.number, dag.add(x, dag.scale(-1, at)))
    return dag.substitute(equation, turned)


def _turned(name: str, c: Fraction, z: Dag) -> Dag:
    """relu, |.|, step or sign of c z, by relu(z) and step(z)."""
    relu, step, one = dag.function("relu", z), dag.function("step", z), dag.number(1, z.dims)
    match name:
        case "relu":
            return dag.scale(c, relu) if c > 0 else dag.add(dag.scale(-c, relu), dag.scale(c, z))
        case "abs":
            return dag.scale(abs(c), dag.add(dag.scale(2, relu), dag.scale(-1, z)))
        case "step":
            return step if c > 0 else dag.add(one, dag.scale(-1, step))
        case "sign":
            return dag.scale(1 if c > 0 else -1, dag.add(dag.scale(2, step), dag.scale(-1, one)))
    raise AssertionError(f"{name} has no corner")


def _gathered(equation: Dag, x: Dag) -> Pieces | None:
    """The terms by what of x stands in them: a step, a relu, or neither."""
    parts: dict[tuple[str, Dag], list[Dag]] = {}
    plain: list[Dag] = []
    for c, term in distributed(equation, x):
        bent = [f for f in term.factors if has_corners(f.node, x)]
        if not bent:
            plain.append(Term(c, term.factors, term.out, term.sizes).dag())
            continue
        names = {f.node.args[0]: f for f in bent}
        z, last = bent[0].node.args[2], names.get("relu", bent[0])
        rest = tuple(f for f in term.factors if f not in bent)
        alone = all(f.node.args[2] is z and f.labels == term.out for f in bent) and last.power == 1
        if not alone or len(set(term.out)) < len(term.out) or any(mentions(f.node, x) for f in rest):
            return None
        parts.setdefault((str(last.node.args[0]), z), []).append(Term(c, rest, term.out, term.sizes).dag())
    form = affine(dag.add(*plain), x) if plain else ""
    if isinstance(form, str) or form.left is not None or form.right is not None or form.number < 0:
        return None
    if not parts:
        return None
    return Pieces(form, tuple(_corner(z, parts, form, x) for z in dict.fromkeys(z for _, z in parts)))


def _corner(z: Dag, parts: dict[tuple[str, Dag], list[Dag]], form: Affine, x: Dag) -> Corner:
    def share(name: str) -> Dag:
        found = dag.add(dag.zero(x.dims), *parts.get((name, z), []))
        return level(shorter(dag.scale(1 / form.number, found)))

    return Corner(shorter(dag.add(x, dag.scale(-1, z))), share("step"), share("relu"))


# --- arithmetic with numbers and arrays --------------------------------------------------------------
def both(a: Dag, b: Dag) -> Dag:
    """a + b, a number spread over the axes of the other."""
    dims = a.dims or b.dims
    return dag.add(*(spread(n, dims) for n in (a, b)))


def spread(node: Dag, dims: tuple[object, ...]) -> Dag:
    """A number as an array of equal entries."""
    axes = tuple(range(len(dims)))
    return node if node.dims == tuple(dims) else dag.contract(1, [(node, ())], axes, dict(enumerate(dims)))


def times(a: Dag, b: Dag) -> Dag:
    """a o b, a number with every entry of the other."""
    dims = a.dims or b.dims
    axes = tuple(range(len(dims)))
    return dag.contract(1, [(n, axes if n.dims else ()) for n in (a, b)], axes, dict(enumerate(dims)))


def less(a: Dag, b: Dag) -> Dag:
    """a - b, multiplied out."""
    found = both(a, dag.scale(-1, b))
    for symbol in [n for n in dag.order(found) if n.kind == "var"]:
        found = gathered(distributed(found, symbol))
    return shorter(found)


# --- where the broken line is broken -----------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Knots:
    """e_j and d_j: what is missing before and after the jump at each corner; s_j: the slope of each piece."""

    before: tuple[Dag, ...]
    after: tuple[Dag, ...]
    slopes: tuple[Dag, ...]


def knots(k: Pieces, dims: tuple[object, ...]) -> Knots:
    """e_1 = b - w a_1,  d_j = e_j - p_j,  e_(j+1) = d_j - s_j (a_(j+1) - a_j)"""
    slopes = k.slopes
    before: list[Dag] = []
    after: list[Dag] = []
    here = less(spread(k.form.b, dims), times(slopes[0], k.corners[0].at))
    for j, c in enumerate(k.corners):
        if j:
            here = less(after[-1], times(slopes[j], less(c.at, k.corners[j - 1].at)))
        before.append(here)
        after.append(here if c.jump.kind == "zero" else less(here, c.jump))
    return Knots(tuple(before), tuple(after), slopes)


def inverted(k: Pieces, on: Knots) -> Dag:
    """The point, told from its middle: a corner where there is an odd number of them, else a piece."""
    m = len(k.corners)
    groups: dict[Dag, list[Dag]] = {}

    def add(slope: Dag, sign: int, node: Dag) -> None:
        groups.setdefault(slope, []).append(dag.scale(sign, node))

    middle = m // 2
    whole: list[Dag] = []
    if m % 2:
        whole.append(k.corners[middle].at)
        add(on.slopes[middle + 1], 1, _relu(on.after[middle]))
        add(on.slopes[middle], -1, _relu(dag.scale(-1, on.before[middle])))
    else:
        level_at = times(on.slopes[middle], k.corners[middle].at)
        add(on.slopes[middle], 1, less(on.before[middle], dag.scale(-1, level_at)))
    for j in range(middle + m % 2, m):
        add(on.slopes[j + 1], 1, _relu(on.after[j]))
        add(on.slopes[j], -1, _relu(on.before[j]))
    for j in range(middle):
        add(on.slopes[j + 1], 1, _relu(dag.scale(-1, on.after[j])))
        add(on.slopes[j], -1, _relu(dag.scale(-1, on.before[j])))
    dims = on.before[0].dims
    found = [times(dag.add(*nodes), reciprocal(slope)) for slope, nodes in groups.items()]
    return dag.add(*(spread(n, dims) for n in (*whole, *found)))


def _relu(node: Dag) -> Dag:
    return dag.function("relu", shorter(node))


def reordered(k: Pieces, order: tuple[int, ...]) -> Pieces:
    """The same with its corners in another order."""
    return replace(k, corners=tuple(k.corners[j] for j in order))
