"""Reading at places and adding at places: a mask [u = 2 t + k - 1] in a product is never an array.

    sum over u of [u = 2 t + k - 1] x[u]           windows of x, padded where they reach outside        (a convolution)
    sum over t, k of [u = 2 t + k - 1] y[t, k]     y added up where its windows lie                      (its adjoint)

Where u stands in no other factor or in several, the mask is an array of 0 and 1 like any other factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from chainrule.forms.dag import Dag

from .products import Operand
from .syntax import HIDING, MASK, Code, add, block, call, compare, literal, mul, neg
from .values import aligned, dim_code, permuted

Labels = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """u = const + the sum of coef times label: where a window lies. `dims` are the sizes of the labels."""

    u: int
    size: sp.Expr
    const: sp.Expr
    labels: Labels
    coefs: tuple[sp.Expr, ...]
    dims: tuple[sp.Expr, ...]

    @property
    def rises(self) -> bool:
        """Is every coefficient a positive number or size, and the constant a number?"""
        return bool(self.const.is_Integer) and all(c.is_positive for c in self.coefs)

    @property
    def reach(self) -> sp.Expr:
        """The largest place."""
        return self.const + sum((c * (d - 1) for c, d in zip(self.coefs, self.dims, strict=True)), sp.Integer(0))

    def before(self) -> int:
        """How far the first window begins outside."""
        return max(0, -int(self.const))


def solved(node: Dag, labels: Labels, u: int) -> Place | None:
    """The mask as a rule for one of its labels, if that label has the coefficient 1 or -1."""
    kind, const, coefs = node.args
    at = labels.index(u)
    if kind != "zero" or abs(coefs[at]) != 1 or len(set(labels)) < len(labels):
        return None
    turn = -coefs[at]
    rest = [k for k in range(len(labels)) if k != at]
    return Place(
        u,
        node.dims[at],
        sp.expand(turn * const),
        tuple(labels[k] for k in rest),
        tuple(sp.expand(turn * coefs[k]) for k in rest),
        tuple(node.dims[k] for k in rest),
    )


def opened(
    factors: Sequence[tuple[Dag, Labels]], operands: list[Operand], out: Labels
) -> tuple[list[Operand], Labels, list[Place]]:
    """The operands without the masks that are windows; the axes of their product; and where it is to be added up."""
    kept, places = list(operands), list[Place]()
    for k in [k for k, (node, _) in enumerate(factors) if node.kind == "indicator"]:
        mask, mine = operands[k], operands[k].labels
        rules = [rule for u in dict.fromkeys(mine) if (rule := solved(factors[k][0], mine, u))]
        for rule in sorted(rules, key=lambda rule: not rule.rises):
            others = [o for o in kept if o is not mask and rule.u in o.labels]
            if _reads(rule, others, out):
                kept = [gathered(o, rule) if o is others[0] else o for o in kept if o is not mask]
                break
            if rule.labels and out.count(rule.u) == 1 and not others and not set(rule.labels) & set(out):
                kept.remove(mask)
                places.append(rule)
                out = (*(x for x in out if x != rule.u), *rule.labels)
                break
    return kept, out, places


def _reads(rule: Place, others: list[Operand], out: Labels) -> bool:
    """Is the place read in one array alone, and nowhere else?"""
    if rule.u in out or len(others) != 1 or others[0].solver is not None:
        return False
    labels = others[0].labels
    if not rule.labels and rule.const not in (0, rule.size - 1):
        return False  # one place, which may lie outside
    return labels.count(rule.u) == 1 and not set(rule.labels) & set(labels)


# --- reading ---------------------------------------------------------------------------------------
def gathered(x: Operand, place: Place) -> Operand:
    """x with its axis u replaced by the axes of the place: x[..., 2 t + k - 1, ...], 0 outside."""
    at, rank = x.labels.index(place.u), x.array.rank
    labels = (*x.labels[:at], *place.labels, *x.labels[at + 1 :])
    if place.rises and len(place.labels) == 2:
        code, pair = _windows(x.array, at, place)
        left = (*x.labels[:at], pair[0], *x.labels[at + 1 :], pair[1])
        return Operand(code, left)
    if not place.labels:
        which = "0" if place.const == 0 else "-1"
        where = ", ".join([":"] * at + [which])
        return Operand(call(f"{{}}[{where}]", rank - 1, x.array), labels)
    index = _places(place)
    low = call("max(0, -{}.min())", 0, index)
    high = call("max(0, {}.max() + 1 - {})", 0, index, dim_code(place.size))
    padded = _padded(x.array, at, low, high)
    where = ", ".join([":"] * at + ["{}"] + [":"] * (rank - at - 1))
    made = call(f"{{}}[{where}]", rank + len(place.labels) - 1, padded, add(index, low))
    return Operand(made, labels)


def _windows(code: Code, at: int, place: Place) -> tuple[Code, Labels]:
    """All windows as a view. The window runs with the label of the smaller step, behind all axes."""
    order = sorted((0, 1), key=lambda k: (place.coefs[k] != 1, str(place.dims[k])))
    w, t = order if place.coefs[order[0]] == 1 else order[::-1]
    if place.coefs[0] == place.coefs[1] == 1:
        w, t = _window_last(place)
    step, gap, rank = place.coefs[t], place.coefs[w], code.rank
    high = _positive(sp.expand(place.reach + 1 - place.size))
    padded = _padded(code, at, literal(place.before()), high)
    long = _whole(sp.expand(gap * (place.dims[w] - 1) + 1))
    view = call(f"np.lib.stride_tricks.sliding_window_view({{}}, {{}}, axis={at})", rank + 1, padded, long)
    first = place.before() + int(place.const)
    many = _whole(sp.expand(step * (place.dims[t] - 1) + 1 + first))
    here = f"{first or ''}:{{}}" + ("" if step == 1 else ":{}")
    steps = [] if step == 1 else [dim_code(step)]
    there = [] if gap == 1 else ["..., ::{}"]
    where = ", ".join([":"] * at + [here] + there)
    gaps = [] if gap == 1 else [dim_code(gap)]
    return call(f"{{}}[{where}]", rank + 1, view, many, *steps, *gaps), (place.labels[t], place.labels[w])


def _window_last(place: Place) -> tuple[int, int]:
    """Of two labels that step alike, the shorter axis is the window: that of a name later in the alphabet is taken."""
    return (1, 0) if str(place.dims[0]) > str(place.dims[1]) else (0, 1)


def _padded(code: Code, at: int, low: Code, high: Code) -> Code:
    if low.text == high.text == "0":
        return code
    sides = ", ".join("({}, {})" if k == at else "(0, 0)" for k in range(code.rank))
    return call(f"np.pad({{}}, ({sides}{',' if code.rank == 1 else ''}))", code.rank, code, low, high)


def _positive(size: sp.Expr) -> Code:
    """max(0, size)"""
    return literal(max(0, int(size))) if size.is_Integer else call("max(0, {})", 0, _whole(size))


def _whole(size: sp.Expr) -> Code:
    """Arithmetic of sizes that may be negative."""
    terms = sorted(sp.Add.make_args(size), key=lambda t: (t.could_extract_minus_sign(), bool(t.is_number), str(t)))
    made = [neg(dim_code(-t)) if t.could_extract_minus_sign() else dim_code(t) for t in terms]
    return _total(made)


def _places(place: Place) -> Code:
    """The array of all places, an axis for each label."""
    many = len(place.labels)
    parts = []
    for k, (coef, dim) in enumerate(zip(place.coefs, place.dims, strict=True)):
        counting = call("np.arange({})", 1, dim_code(dim))
        step = neg(mul(dim_code(-coef), counting)) if coef.could_extract_minus_sign() else mul(dim_code(coef), counting)
        parts.append(aligned(step, (k,), range(many)))
    code = parts[0]
    for part in parts[1:]:
        code = add(code, part)
    return code if place.const == 0 else add(code, _whole(place.const))


# --- adding up -------------------------------------------------------------------------------------
def added_up(y: Operand, place: Place, sizes: dict[int, sp.Expr]) -> Operand:
    """y with the axes of the place replaced by u: what lies outside is dropped, what meets is added."""
    rest = tuple(x for x in y.labels if x not in place.labels)
    missing = [x for x in place.labels if x not in y.labels]
    code = permuted(y.array, y.labels, (*rest, *(x for x in place.labels if x in y.labels)))
    if missing:
        shape = ", ".join("{}" for _ in (*rest, *place.labels))
        spreaded = aligned(code, [x for x in (*rest, *place.labels) if x in y.labels], (*rest, *place.labels))
        dims = [dim_code(sizes[x]) for x in (*rest, *place.labels)]
        code = call(f"np.broadcast_to({{}}, ({shape}))", len(dims), spreaded, *dims)
    shape_codes = [dim_code(sizes[x]) for x in rest]
    write = _loops if place.rises else _scattered
    return Operand(write(code, place, shape_codes), (*rest, place.u))


def _loops(code: Code, place: Place, shape: list[Code]) -> Code:
    """One slice assignment for each value of all labels but the longest."""
    steps = sorted(range(len(place.labels)), key=lambda k: (place.coefs[k] == 1, str(place.dims[k])))
    t, loops = (steps[0], steps[1:]) if steps else (None, [])
    assert t is not None
    low = place.before()
    parts: list[Code] = [code, *shape, code]  # twice, so that it has a name: it stands in a loop
    lead = ":, " * len(shape)

    def part(made: Code) -> str:
        parts.append(made)
        return f"{{{len(parts) - 1}}}"

    high = _positive(sp.expand(place.reach + 1 - place.size))
    size = part(add(add(dim_code(place.size), high), literal(low)))
    zeros = ", ".join([*(f"{{{k + 1}}}" for k in range(len(shape))), size])
    lines = [f"{{self}} = np.zeros(({zeros}{',' if not shape else ''}))"]
    names = ["lag", *(f"lag{k}" for k in range(2, len(loops) + 1))][: len(loops)]
    for depth, (k, name) in enumerate(zip(loops, names, strict=True)):
        lines.append("    " * depth + f"for {name} in range({part(dim_code(place.dims[k]))}):")
    offset = [
        name if place.coefs[k] == 1 else f"{part(dim_code(place.coefs[k]))} * {name}"
        for k, name in zip(loops, names, strict=True)
    ]
    if low + int(place.const):
        offset.append(str(low + int(place.const)))
    start = " + ".join(offset) or "0"
    long = part(_whole(sp.expand(place.coefs[t] * (place.dims[t] - 1) + 1)))
    step = "" if place.coefs[t] == 1 else f" : {part(dim_code(place.coefs[t]))}"
    inside = ", ".join(":" if k == t else names[loops.index(k)] for k in range(len(place.labels)))
    lines.append("    " * len(loops) + f"{{self}}[{lead}{start} : {start} + {long}{step}] += {{0}}[{lead}{inside}]")
    if low or high.text != "0":
        lines.append(f"{{self}} = {{self}}[{lead}{low or ''}:{part(add(dim_code(place.size), literal(low)))}]")
    return block("\n".join(lines), len(shape) + 1, *parts)


def _scattered(code: Code, place: Place, shape: list[Code]) -> Code:
    """np.add.at, where the places rise and fall."""
    index, size = _places(place), dim_code(place.size)
    zeros = ", ".join([*(f"{{{k + 3}}}" for k in range(len(shape))), "{2}"])
    dots = "..., " if shape else ""
    inside = call("({} >= 0) & ({} < {})", index.rank, index, index, size)
    lines = (
        f"{{self}} = np.zeros(({zeros}{',' if not shape else ''}))\n"
        f"np.add.at({{self}}, ({'..., ' if shape else ''}{{1}}[{{{len(shape) + 3}}}]), "
        f"{{0}}[{dots}{{{len(shape) + 3}}}])"
    )
    return block(lines, len(shape) + 1, code, index, size, *shape, inside)


# --- as an array -----------------------------------------------------------------------------------
def mask(node: Dag) -> Code:
    """The array of 0 and 1: what is added stands left of the sign, what is taken away right of it."""
    kind, const, coefs = node.args
    many = len(coefs)
    terms = [
        (c, k, call("np.arange({})", 1, dim_code(d))) for k, (c, d) in enumerate(zip(coefs, node.dims, strict=True))
    ]
    sides: list[list[Code]] = [[], []]
    for c, k, counting in terms:
        taken = c.could_extract_minus_sign()
        sides[taken].append(aligned(mul(dim_code(-c if taken else c), counting), (k,), range(many)))
    for term in sp.Add.make_args(const) if const != 0 else ():
        taken = term.could_extract_minus_sign()
        sides[taken].append(dim_code(-term if taken else term))
    left, right = map(_total, sides)
    return call(MASK, many, compare(left, "==" if kind == "zero" else ">=", right, many))


def hiding(code: Code) -> Code:
    """The logarithm of a mask: 0 where it is 1, -inf where it is 0."""
    known = code.op == "call" and code.text == MASK
    return call(HIDING, code.rank, code.parts[0] if known else compare(code, ">", literal(0), code.rank))


def _total(terms: list[Code]) -> Code:
    total = terms[0] if terms else literal(0)
    for term in terms[1:]:
        total = add(total, term)
    return total
