"""Lowering: a formula as written becomes a node of the DAG, once.

A formula with free indices lowers to a tensor whose first axes are those indices, so that every sub-formula is lowered
on its own and sharing survives. An axis of size m p that a Kronecker product made stays two axes (m, p) inside.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Deriv,
    Div,
    Each,
    Expect,
    Eye,
    Indicator,
    Kron,
    Let,
    Letter,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Position,
    Pow,
    Recurrence,
    Reduce,
    Shifted,
    Size,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
)

from . import dag, places
from .dag import Dag
from .lowered import Axes, Lowered, letter_key
from .recurrence import after, recurrence

Differentiate = Callable[[Deriv | Expect, "Lowering"], "Lowered"]


def lower(formula: Node, differentiate: Differentiate | None = None) -> Dag:
    """The DAG of a formula. Its axes: the free (declared arbitrary) indices by name, then those of the formula.

    Without `differentiate`, derivatives and expected values stay opaque.
    """
    return Lowering(differentiate)(formula).node


class Lowering:
    """Lowers formulas, each sub-formula once."""

    def __init__(self, differentiate: Differentiate | None = None):
        self.differentiate = differentiate
        self.done: dict[Node, Lowered] = {}

    def __call__(self, formula: Node) -> Lowered:
        found = self.done.get(formula)
        if found is None:
            found = self.done[formula] = self._lower(formula)
        return found

    def _lower(self, formula: Node) -> Lowered:
        match formula:
            case Var():
                return Lowered(dag.var(formula, formula.shape), (), (1,) * formula.ndim)
            case Number():
                return self._number(formula)
            case Size():
                return Lowered(dag.size(formula.dim), (), ())
            case Eye():
                node = dag.contract(1, [], (0, 0), {0: formula.shape[0]})
                return Lowered(node, (), (1, 1))
            case Delta():
                i, j = formula.args
                return _contract([], (), {i: i.dim, j: j.dim}, joined=(i, j))
            case Indicator():
                return places.mask(formula)
            case Position():
                return places.number(formula.place)
            case Add():
                return self._add(*formula.args)
            case Neg():
                return _map(self(formula.args[0]), lambda x: dag.scale(-1, x))
            case Mul():
                return self._elementwise(formula.args[0], formula.args[1])
            case Div():
                return self._elementwise(formula.args[0], formula.args[1], invert=True)
            case Pow():
                return self._power(*formula.args)
            case Apply():
                return _map(self(formula.args[1]), lambda x: dag.function(formula.function, x))
            case Reduce():
                return self._reduce(formula)
            case Softmax():
                return self._softmax(formula)
            case MatMul():
                return self._matmul(*formula.args)
            case Transpose():
                return self._transpose(formula.args[0])
            case Op():
                return self._op(formula.kind, self(formula.args[1]))
            case Kron():
                return self._kron(*formula.args)
            case At():
                return self._at(formula)
            case Shifted():
                return places.read(formula, self(formula.args[0]))
            case Sum():
                return self._sum(formula)
            case Each():
                body = self(formula.body)
                axes = body.fresh("b")
                out = tuple((letter,) for letter in formula.letters) + axes
                return _contract([(body, axes)], out, {letter: letter.dim for letter in formula.letters})
            case Let():
                return self(formula.value)
            case Subs():
                return self._subs(formula)
            case Recurrence():
                return self._recurrence(formula)
            case Deriv() | Expect():
                if self.differentiate is not None:
                    return self.differentiate(formula, self)
                return _opaque(formula)
        raise Unsupported(f"lowering has no arm for {type(formula).__name__}")

    def _number(self, formula: Number) -> Lowered:
        value = formula.value
        groups = (1,) * formula.ndim
        if value.is_Rational:
            return Lowered(dag.number(Fraction(int(value.p), int(value.q)), formula.shape), (), groups)
        labels = tuple(range(formula.ndim))
        node = dag.contract(1, [(dag.constant(value), ())], labels, dict(enumerate(formula.shape)))
        return Lowered(node, (), groups)

    def _add(self, a: Node, b: Node) -> Lowered:
        x, y = self(a), self(b)
        ax, ay, out, size_of = _broadcast(x, y)
        letters = _letters(x, y)
        size_of |= {letter: letter.dim for letter in letters}
        parts = [_contract([(v, axes)], out, size_of, letters=letters) for v, axes in ((x, ax), (y, ay))]
        return Lowered(dag.add(parts[0].node, parts[1].node), letters, parts[0].groups)

    def _elementwise(self, a: Node, b: Node, invert: bool = False) -> Lowered:
        x, y = self(a), self._reciprocal(b) if invert else self(b)
        ax, ay, out, size_of = _broadcast(x, y)
        return _contract([(x, ax), (y, ay)], out, size_of)

    def _reciprocal(self, b: Node) -> Lowered:
        """1/b, entry by entry; 1/x^k is the power -k."""
        base, k = b, 1
        if isinstance(b, Pow) and isinstance(b.args[1], Number) and b.args[1].value.is_Integer and b.args[1].value > 0:
            base, k = b.args[0], int(b.args[1].value)
        return _map(self(base), lambda v: dag.function("power", v, Fraction(-k)))

    def _power(self, base: Node, exponent: Node) -> Lowered:
        x = self(base)
        if isinstance(exponent, Neg) and isinstance(exponent.args[0], Number):
            exponent = Number(-exponent.args[0].value, sp.Tuple())
        if isinstance(exponent, Number) and exponent.value.is_Rational:
            r = Fraction(int(exponent.value.p), int(exponent.value.q))
            if r == 0:
                return _map(x, lambda v: dag.number(1, v.dims))
            if r == 2:
                return _map(x, lambda v: dag.product(v, v))
            return _map(x, lambda v: dag.function("power", v, r))
        logged = _map(x, lambda v: dag.function("log", v))
        power = self(exponent)
        axes = logged.fresh("x")
        return _map(_contract([(logged, axes), (power, ())], axes, {}), lambda v: dag.function("exp", v))

    def _reduce(self, formula: Reduce) -> Lowered:
        x = self(formula.args[1])
        axes = x.fresh("x")
        kept = tuple(a for k, a in enumerate(axes) if k not in formula.axes)
        if formula.kind == "sum":
            return _contract([(x, axes)], kept, {})
        inner = tuple(p for k in formula.axes for p in _positions(x, k))
        node = dag.along(formula.kind, x.node, inner)
        return Lowered(node, x.letters, tuple(g for k, g in enumerate(x.groups) if k not in formula.axes))

    def _softmax(self, formula: Softmax) -> Lowered:
        x = self(formula.args[0])
        return _map(x, lambda v: dag.along("softmax", v, _positions(x, formula.axis)))

    def _matmul(self, a: Node, b: Node) -> Lowered:
        x, y = self(a), self(b)
        ax, ay = list(x.fresh("x")), list(y.fresh("y"))
        if a.ndim == 1 and not a.row and b.row:  # outer product
            return _contract([(x, tuple(ax)), (y, tuple(ay))], (*ax, *ay), {})
        inner = 0 if b.ndim == 1 else b.ndim - 2
        _same_axis(x, a.ndim - 1, y, inner)
        ay[inner] = ax[-1]
        batch_x, batch_y = max(a.ndim - 2, 0), max(b.ndim - 2, 0)
        for k in range(1, min(batch_x, batch_y) + 1):
            _same_axis(x, batch_x - k, y, batch_y - k)
            ay[batch_y - k] = ax[batch_x - k]
        batch = ax[:batch_x] if batch_x >= batch_y else ay[:batch_y]
        left = ax[-2:-1] if a.ndim >= 2 else []
        right = ay[-1:] if b.ndim >= 2 else []
        return _contract([(x, tuple(ax)), (y, tuple(ay))], (*batch, *left, *right), {})

    def _transpose(self, a: Node) -> Lowered:
        x = self(a)
        if a.ndim < 2:
            return x
        axes = x.fresh("x")
        return _contract([(x, axes)], (*axes[:-2], axes[-1], axes[-2]), {})

    def _op(self, kind: str, x: Lowered) -> Lowered:
        axes = x.fresh("x")
        match kind:
            case "trace":
                _same_axis(x, -2, x, -1)
                return _contract([(x, (*axes[:-2], axes[-1], axes[-1]))], axes[:-2], {})
            case "diagof":
                _same_axis(x, -2, x, -1)
                return _contract([(x, (*axes[:-2], axes[-1], axes[-1]))], (*axes[:-2], axes[-1]), {})
            case "diag":
                return _contract([(x, axes)], (axes[0], axes[0]), {})
            case "sqnorm":
                return _contract([(x, axes), (x, axes)], (), {})
            case "norm":
                return _map(_contract([(x, axes), (x, axes)], (), {}), lambda v: dag.function("sqrt", v))
            case "inv" | "det" | "logdet" | "nuclear":
                if x.groups[-2:] != (1, 1):
                    raise Unsupported(f"{kind} of a Kronecker product; apply it to the factors")
                node = dag.matrix_function("inverse" if kind == "inv" else kind, x.node)
                return Lowered(node, x.letters, x.groups if kind == "inv" else x.groups[:-2])
        raise Unsupported(f"lowering has no arm for the operation {kind}")

    def _kron(self, a: Node, b: Node) -> Lowered:
        x, y = self(a), self(b)
        ax, ay = x.fresh("x"), y.fresh("y")
        return _contract([(x, ax), (y, ay)], tuple(p + q for p, q in zip(ax, ay, strict=True)), {})

    def _at(self, formula: At) -> Lowered:
        x, indices = self(formula.args[0]), formula.args[1:]
        axes = x.fresh("x")
        for k, letter in enumerate(indices):
            if x.axis_dims(k) != (letter.dim,):
                raise Unsupported(f"{formula}: an axis of a Kronecker product cannot be indexed")
        return _contract([(x, tuple((i,) for i in indices) + axes[len(indices) :])], axes[len(indices) :], {})

    def _sum(self, formula: Sum) -> Lowered:
        body = self(formula.body)
        axes = body.fresh("b")
        bound: dict[Hashable, sp.Expr] = {r.letter: r.letter.dim for r in formula.ranges}
        parts: list[tuple[Lowered, Axes]] = [(body, axes)] + [
            (self(r.weight), ()) for r in formula.ranges if r.weight is not None
        ]
        return _contract(parts, axes, bound, summed=frozenset(r.letter for r in formula.ranges))

    def _recurrence(self, formula: Recurrence) -> Lowered:
        """The states before each step are a node, those after it a formula in them."""
        parts = [[self(x) for x in group] for group in (formula.steps, formula.starts, formula.inputs)]
        if any(part.letters or set(part.groups) - {1} for group in parts for part in group):
            raise Unsupported("a recurrence of what has free indices; give it an axis for them")
        steps, starts, inputs = ([part.node for part in group] for group in parts)
        states, slots = ([dag.var(s, s.shape) for s in group] for group in (formula.states, formula.slots))
        made = recurrence(formula.which, steps, states, starts, slots, inputs, formula.length, formula.backwards)
        return Lowered(made if formula.before else after(made), (), (1,) * formula.ndim)

    def _subs(self, formula: Subs) -> Lowered:
        body, variable, value = formula.args
        if self.differentiate is None:
            return _opaque(formula)
        x, v = self(body), self(value)
        if v.letters or v.groups != (1,) * variable.ndim:
            raise Unsupported(f"a value with free indices cannot be put in for {variable.name}")
        return _map(x, lambda node: dag.substitute(node, {dag.var(variable, variable.shape): v.node}))


# --- axes and labels -------------------------------------------------------------------------------
def _opaque(formula: Node) -> Lowered:
    from chainrule.notation.indices import free_letters

    letters = tuple(sorted(free_letters(formula), key=letter_key))
    node = dag.opaque(formula, tuple(i.dim for i in letters) + formula.shape)
    return Lowered(node, letters, (1,) * formula.ndim)


def _letters(*parts: Lowered) -> tuple[Letter, ...]:
    return tuple(sorted({i for p in parts for i in p.letters}, key=letter_key))


def _map(x: Lowered, f: Callable[[Dag], Dag]) -> Lowered:
    return Lowered(f(x.node), x.letters, x.groups)


def _positions(x: Lowered, axis: int) -> tuple[int, ...]:
    start = len(x.letters) + sum(x.groups[:axis])
    return tuple(range(start, start + x.groups[axis]))


def _same_axis(x: Lowered, i: int, y: Lowered, j: int) -> None:
    i, j = i % len(x.groups), j % len(y.groups)
    if x.axis_dims(i) != y.axis_dims(j):
        raise Unsupported(
            f"an axis made by a Kronecker product as {x.axis_dims(i)} meets one made as {y.axis_dims(j)}; "
            "write both in the same order"
        )


def _contract(
    parts: list[tuple[Lowered, Axes]],
    out: Axes,
    size_of: dict[Hashable, sp.Expr],
    *,
    summed: frozenset[Letter] = frozenset(),
    letters: tuple[Letter, ...] | None = None,
    joined: tuple[Letter, Letter] | None = None,
) -> Lowered:
    """Contract parts whose axes are labelled; letters stay in front unless summed or used as an axis of `out`."""
    inside = {label for axis in out for label in axis}
    if letters is None:
        found = {i for p, axes in parts for i in p.labels(axes) if isinstance(i, Letter)} | set(joined or ())
        letters = tuple(sorted(found - summed - inside, key=letter_key))
    flat_out = letters + tuple(label for axis in out for label in axis)
    ops = [(p.node, p.labels(axes)) for p, axes in parts]
    if joined:  # a delta: both letters are one label inside
        i, j = joined
        flat_out = tuple(i if label == j else label for label in flat_out)
        size_of = {i: i.dim}
    node = dag.contract(1, ops, flat_out, size_of)
    return Lowered(node, letters, tuple(len(axis) for axis in out))


def _broadcast(x: Lowered, y: Lowered) -> tuple[Axes, Axes, Axes, dict[Hashable, sp.Expr]]:
    """Labels for two formulas that NumPy would broadcast: theirs, and those of the result.

    A stretched axis of size 1 has a label of its own, which is summed over its one entry.
    """
    ax, ay = list(x.fresh("x")), list(y.fresh("y"))
    out = list(ax if len(ax) >= len(ay) else ay)
    one = (sp.Integer(1),)
    for k in range(1, min(len(ax), len(ay)) + 1):
        dx, dy = x.axis_dims(len(ax) - k), y.axis_dims(len(ay) - k)
        if dx != dy and one in (dx, dy):
            out[-k] = ax[-k] if dy == one else ay[-k]
            continue
        _same_axis(x, len(ax) - k, y, len(ay) - k)
        ay[-k] = out[-k] = ax[-k]
    sizes = {
        label: dim
        for v, axes in ((x, ax), (y, ay))
        for k, axis in enumerate(axes)
        for label, dim in zip(axis, v.axis_dims(k), strict=True)
    }
    return tuple(ax), tuple(ay), tuple(out), sizes
