"""Reading at places and adding at places: a mask [u = 2 t + k - 1] in a product is never an array.

    sum over u of [u = 2 t + k - 1] x[u]           windows of x, padded where they reach outside        (a convolution)
    sum over t, k of [u = 2 t + k - 1] y[t, k]     y added up where its windows lie                      (its adjoint)

Where u stands in no other factor or in several, the mask is an array of 0 and 1 like any other factor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
        """Is every coefficient a positive number or size, and the sign of the constant known?"""
        signed = self.const.is_nonnegative or self.const.is_nonpositive
        return bool(signed) and all(c.is_positive for c in self.coefs)

    @property
    def reach(self) -> sp.Expr:
        """The largest place."""
        return self.const + sum((c * (d - 1) for c, d in zip(self.coefs, self.dims, strict=True)), sp.Integer(0))

    @property
    def before(self) -> sp.Expr:
        """How far the first window begins outside."""
        return -self.const if self.const.is_nonpositive else sp.Integer(0)

    @property
    def first(self) -> sp.Expr:
        """Where the first window begins in what has been padded."""
        return sp.expand(self.before + self.const)


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
    padded = _padded(code, at, dim_code(place.before), high)
    long = _whole(sp.expand(gap * (place.dims[w] - 1) + 1))
    view = call(f"{VIEW}{at})", rank + 1, padded, long)
    many = _whole(sp.expand(step * (place.dims[t] - 1) + 1 + place.first))
    here = ("{}" if place.first != 0 else "") + ":{}" + ("" if step == 1 else ":{}")
    begin = [dim_code(place.first)] if place.first != 0 else []
    steps = [] if step == 1 else [dim_code(step)]
    there = [] if gap == 1 else ["..., ::{}"]
    where = ", ".join([":"] * at + [here] + there)
    gaps = [] if gap == 1 else [dim_code(gap)]
    return call(f"{{}}[{where}]", rank + 1, view, *begin, many, *steps, *gaps), (place.labels[t], place.labels[w])


def _window_last(place: Place) -> tuple[int, int]:
    """Of two labels that step alike, the shorter axis is the window: that of a name later in the alphabet is taken."""
    return (1, 0) if str(place.dims[0]) > str(place.dims[1]) else (0, 1)


VIEW, PAD = "np.lib.stride_tricks.sliding_window_view({}, {}, axis=", "np.pad({}, ("
SIDES = re.compile(r"\(\{\}, \{\}\)|\(0, 0\)")


def _padded(code: Code, at: int, low: Code, high: Code) -> Code:
    """The array with zeros before and after, along one axis. Windows along another axis are taken of the padded array,
    which is smaller than all windows; what is padded already is padded once."""
    if low.text == high.text == "0":
        return code
    if code.op == "call" and code.text.startswith("{}[") and code.parts[0].text.startswith(VIEW) and at < code.rank - 1:
        view, *slices = code.parts
        if not view.text.endswith(f"axis={at})"):
            padded = _padded(view.parts[0], at, low, high)
            return call(code.text, code.rank, call(view.text, view.rank, padded, *view.parts[1:]), *slices)
    inner, widths = (code.parts[0], list(code.parts[1:])) if code.text.startswith(PAD) else (code, [])
    sides = SIDES.findall(code.text) if widths else ["(0, 0)"] * code.rank
    if sides[at] != "(0, 0)":
        inner, widths, sides = code, [], ["(0, 0)"] * code.rank
    before = 2 * sum(side != "(0, 0)" for side in sides[:at])
    sides[at], widths[before:before] = "({}, {})", [low, high]
    return call(f"{PAD}{', '.join(sides)}{',' if code.rank == 1 else ''}))", code.rank, inner, *widths)


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
def added_up(y: Operand, place: Place, sizes: dict[int, sp.Expr], typical: Callable[[sp.Expr], float]) -> Operand:
    """y with the axes of the place replaced by u: what lies outside is dropped, what meets is added."""
    missing = tuple(x for x in place.labels if x not in y.labels)
    if missing:
        labels = (*y.labels, *missing)
        shape = ", ".join("{}" for _ in labels)
        whole = aligned(y.array, y.labels, labels)
        code = call(f"np.broadcast_to({{}}, ({shape}))", len(labels), whole, *(dim_code(sizes[x]) for x in labels))
        y = Operand(code, labels)
    if place.rises:
        return _loops(y, place, sizes, typical)
    rest = tuple(x for x in y.labels if x not in place.labels)
    code = permuted(y.array, y.labels, (*rest, *place.labels))
    return Operand(_scattered(code, place, [dim_code(sizes[x]) for x in rest]), (*rest, place.u))


def _loops(y: Operand, place: Place, sizes: dict[int, sp.Expr], typical: Callable[[sp.Expr], float]) -> Operand:
    """One slice assignment for each value of all labels but the longest, in whose stead u stands."""
    t, *loops = sorted(range(len(place.labels)), key=lambda k: -typical(place.dims[k]))
    long, names = place.labels[t], {place.labels[k]: f"lag{n if n > 1 else ''}" for n, k in enumerate(loops, 1)}
    parts: list[Code] = [y.array, y.array]  # twice, so that it has a name: it stands in a loop

    def part(size: sp.Expr) -> str:
        return part_of(_whole(sp.expand(size)))

    def part_of(code: Code) -> str:
        parts.append(code)
        return f"{{{len(parts) - 1}}}"

    def index(window: str, inside: bool) -> str:
        """The axes of y, or of what is built: everything but for the window, and a lag where y has one."""
        said = [window if x == long else names.get(x, ":") for x in y.labels if inside or x not in names]
        while said[-1] == ":" and len(said) > 1:
            said.pop()
        return ", ".join(said)

    outside = sp.expand(place.reach + 1 - place.size)
    whole = part_of(add(_whole(sp.expand(place.size + place.before)), _positive(outside)))
    shape = [whole if x == long else part(sizes[x]) for x in y.labels if x not in names]
    lines = [f"{{self}} = np.zeros(({', '.join(shape)}{',' if len(shape) == 1 else ''}))"]
    for depth, k in enumerate(loops):
        lines.append("    " * depth + f"for {names[place.labels[k]]} in range({part(place.dims[k])}):")
    steps = [(place.coefs[k], names[place.labels[k]]) for k in loops]
    offset = [name if coef == 1 else f"{part(coef)} * {name}" for coef, name in steps]
    start = " + ".join([*offset, *([part(place.first)] if place.first != 0 else [])]) or "0"
    far = part(place.coefs[t] * (place.dims[t] - 1) + 1)
    step = "" if place.coefs[t] == 1 else f" : {part(place.coefs[t])}"
    window = index(f"{start} : {start} + {far}{step}", False)
    lines.append("    " * len(loops) + f"{{self}}[{window}] += {{0}}[{index(':', True)}]")
    if place.before != 0 or not outside.is_Integer or outside > 0:
        low = part(place.before) if place.before != 0 else ""
        lines.append(f"{{self}} = {{self}}[{index(f'{low}:{part(place.size + place.before)}', False)}]")
    kept = tuple(place.u if x == long else x for x in y.labels if x not in names)
    return Operand(block("\n".join(lines), len(kept), *parts), kept)


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
