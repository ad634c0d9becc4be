"""The value of a formula in a world, by the formula as written: one arm for each kind of node.

Derivatives are taken by dual numbers, so no law of calculus is used here beyond the slopes of the elementary functions.
A row is the vector (n,); a column times a row is the outer product, any other product of two vectors the dot product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.basic import Basic

from chainrule.errors import Unsupported
from chainrule.notation.nodes import (
    LAWS,
    Add,
    Apply,
    At,
    Counted,
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
    Place,
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
from chainrule.notation.polynomial import degree

from .arithmetic import OPAQUE, Arithmetic, Rationals
from .contents import contents, symbols
from .dual import Dual, apply, base, change, divide, power
from .elimination import Array, batched, determinant, filled, inverse
from .expected import Moments, covariance_of, differences, grid
from .singular import nuclear
from .world import World, extent, extents


class Scope:
    """Values of variables, and what was computed with them. An inner scope rebinds one variable."""

    def __init__(self, values: Mapping[Var, Array], outer: Scope | None = None):
        self.values, self.outer = values, outer
        self.names = frozenset(values)
        self.known: dict[Any, Array] = {}
        self.level: int = outer.level if outer else 0


class Evaluator:
    """Evaluates formulas in one world with one arithmetic; shared subformulas are computed once."""

    def __init__(self, world: World, arithmetic: Arithmetic):
        self.world, self.arithmetic = world, arithmetic
        self.letters = dict(world.letters)
        self._base = Scope({})
        self._bound: dict[Var, Array] = {}
        self.divide = np.frompyfunc(lambda a, b: divide(a, b, arithmetic), 2, 1)
        self.zero = arithmetic.lift(0)

    def value(self, node: Node) -> Array:
        """The value of a formula: an object array of the formula's shape. Raises Undefined where it has none, and
        Unsupported where this arithmetic cannot hold it."""
        out = self._value(node, self._base)
        if any(x is OPAQUE for x in out.flat):
            raise Unsupported(f"{node} has no exact value in {self.arithmetic.name}")
        return out

    def value_at(self, node: Node, var: Var, value: Any) -> Any:
        """The value of a number where a symbol has this one. What does not speak of the symbol is computed once."""
        return self._value(node, Scope({var: filled((), value)}, self._base)).item()

    def variable(self, var: Var) -> Array:
        """The value of a symbol, lifted into this arithmetic; a defined symbol is computed first."""
        if var not in self._bound:
            if var in self.world.values:
                given = self.world.values[var]
                lifted = [self.arithmetic.lift(x) for x in given.flat]
                self._bound[var] = _array(lifted, given.shape)
            elif var in self.world.definitions:
                self._bound[var] = self._value(self.world.definitions[var], self._base)
            else:
                raise Unsupported(f"the symbol {var.name} has no value in this world")
        return self._bound[var]

    # --- scopes and memory ----------------------------------------------------------------------
    def _value(self, node: Node, scope: Scope) -> Array:
        _, inside, loose = contents(node)
        while scope.outer is not None and inside.isdisjoint(scope.names):
            scope = scope.outer
        key = (id(node), *map(self._letter, loose)) if loose else id(node)
        found = scope.known.get(key)
        if found is None:
            arm = ARMS.get(Var if isinstance(node, Var) else type(node))
            if arm is None:
                raise Unsupported(f"a world has no value for a node of kind {type(node).__name__}: {node}")
            found = scope.known[key] = arm(self, node, scope)
        return found

    def _letter(self, letter: Basic) -> int:
        if letter not in self.letters:
            raise Unsupported(f"the index {letter} has no value in this world")
        return self.letters[letter]

    # --- leaves ---------------------------------------------------------------------------------
    def _var(self, node: Var, scope: Scope | None) -> Array:
        while scope is not None:
            if node in scope.values:
                return scope.values[node]
            scope = scope.outer
        return self.variable(node)

    def _number(self, node: Number, scope: Scope) -> Array:
        return filled(extents(node.shape, self.world.sizes), self.arithmetic.constant(node.value))

    def _size(self, node: Size, scope: Scope) -> Array:
        return filled((), self.arithmetic.lift(extent(node.dim, self.world.sizes)))

    def _eye(self, node: Eye, scope: Scope) -> Array:
        out = filled(extents(node.shape, self.world.sizes), self.zero)
        np.fill_diagonal(out, self.arithmetic.lift(1))
        return out

    def _delta(self, node: Delta, scope: Scope) -> Array:
        i, j = (self._letter(x) for x in node.args)
        return filled((), self.arithmetic.lift(int(i == j)))

    # --- elementwise ----------------------------------------------------------------------------
    def _add(self, node: Add, scope: Scope) -> Array:
        return boxed(np.add(*(self._value(a, scope) for a in node.args)))

    def _mul(self, node: Mul, scope: Scope) -> Array:
        return boxed(np.multiply(*(self._value(a, scope) for a in node.args)))

    def _div(self, node: Div, scope: Scope) -> Array:
        return boxed(self.divide(*(self._value(a, scope) for a in node.args)))

    def _neg(self, node: Neg, scope: Scope) -> Array:
        return boxed(np.negative(self._value(node.args[0], scope)))

    def _pow(self, node: Pow, scope: Scope) -> Array:
        x = self._value(node.args[0], scope)
        exponent = self._exponent(node.args[1], scope)
        return self._each_entry(lambda a: power(a, exponent, self.arithmetic), x)

    def _exponent(self, node: Node, scope: Scope) -> Any:
        """A rational where no symbol is in it, whatever the arithmetic; else a number of the arithmetic."""
        if symbols(node):
            return self._value(node, scope).item()
        world = World(self.world.sizes, {}, {}, self.letters)
        found = Evaluator(world, Rationals())._value(node, Scope({})).item()
        return self._value(node, scope).item() if found is OPAQUE else found

    def _apply(self, node: Apply, scope: Scope) -> Array:
        return self._function(node.function, self._value(node.args[1], scope))

    def _function(self, name: str, x: Array) -> Array:
        return self._each_entry(lambda a: apply(name, a, self.arithmetic), x)

    def _each_entry(self, f: Callable[[Any], Any], x: Array) -> Array:
        return _array([f(a) for a in x.flat], x.shape)

    # --- along axes -----------------------------------------------------------------------------
    def _reduce(self, node: Reduce, scope: Scope) -> Array:
        x = self._value(node.args[1], scope)
        match node.kind:
            case "sum":
                return boxed(np.add.reduce(x, axis=node.axes)) if node.axes else x
            case "logsumexp":
                e = self._function("exp", x)
                return self._function("log", boxed(np.add.reduce(e, axis=node.axes)) if node.axes else e)
            case "max":
                return self._maximum(x, node.axes)
        raise Unsupported(f"a world has no value for the reduction {node.kind}")

    def _maximum(self, x: Array, axes: tuple[int, ...]) -> Array:
        keep = [a for a in range(x.ndim) if a not in axes]
        shape = tuple(x.shape[a] for a in keep)
        rows = np.transpose(x, [*keep, *axes]).reshape((*shape, -1))
        return _array([self._largest(list(rows[k])) for k in np.ndindex(shape)], shape)

    def _largest(self, entries: list[Any]) -> Any:
        """The largest; where derivatives are taken, the first of the largest, and a tie counts as a kink."""
        best = entries[0]
        for x in entries[1:]:
            if not isinstance(best, Dual) and not isinstance(x, Dual):
                best = self.arithmetic.larger(best, x)
                continue
            sign = self.arithmetic.sign(base(x) - base(best))
            self.arithmetic.kinks += int(sign == 0)
            best = x if sign > 0 else best
        return best

    def _softmax(self, node: Softmax, scope: Scope) -> Array:
        e = self._function("exp", self._value(node.args[0], scope))
        return boxed(self.divide(e, np.add.reduce(e, axis=node.axis, keepdims=True)))

    # --- matrices -------------------------------------------------------------------------------
    def _matmul(self, node: MatMul, scope: Scope) -> Array:
        a, b = (self._value(x, scope) for x in node.args)
        if a.ndim == 1 and b.ndim == 1 and node.args[1].row:
            return boxed(np.multiply.outer(a, b))
        return boxed(np.matmul(a, b))

    def _transpose(self, node: Transpose, scope: Scope) -> Array:
        x = self._value(node.args[0], scope)
        return x if x.ndim < 2 else np.swapaxes(x, -1, -2)

    def _op(self, node: Op, scope: Scope) -> Array:
        x = self._value(node.args[1], scope)
        match node.kind:
            case "inv":
                return batched(lambda m: inverse(m, self.arithmetic), x)
            case "det":
                return batched(lambda m: determinant(m, self.arithmetic), x)
            case "logdet":
                return self._function("log", batched(lambda m: determinant(m, self.arithmetic), x))
            case "trace":
                return boxed(np.add.reduce(np.diagonal(x, axis1=-2, axis2=-1), axis=-1))
            case "diagof":
                return boxed(np.diagonal(x, axis1=-2, axis2=-1))
            case "diag":
                out = filled((len(x), len(x)), self.zero)
                out[np.arange(len(x)), np.arange(len(x))] = x
                return out
            case "sqnorm":
                return boxed(np.add.reduce(np.multiply(x, x), axis=None))
            case "norm":
                return self._function("sqrt", boxed(np.add.reduce(np.multiply(x, x), axis=None)))
            case "nuclear":
                return batched(lambda m: nuclear(m, self.arithmetic), x)
        raise Unsupported(f"a world has no value for the operation {node.kind}")

    def _kron(self, node: Kron, scope: Scope) -> Array:
        a, b = (self._value(x, scope) for x in node.args)
        product = np.multiply(a[:, None, :, None], b[None, :, None, :])
        return product.reshape(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])

    # --- index notation -------------------------------------------------------------------------
    def _at(self, node: At, scope: Scope) -> Array:
        x = self._value(node.args[0], scope)
        return boxed(x[tuple(self._letter(i) for i in node.args[1:])])

    def _place(self, place: Counted) -> int:
        """Where a place is, counted from 0."""
        if isinstance(place, Letter):
            return self._letter(place)
        assert isinstance(place, Place)
        steps = (self._integer(coef) * self._letter(letter) for letter, coef in place.terms)
        return self._integer(place.const) + sum(steps)

    def _integer(self, value: sp.Expr) -> int:
        return extent(value, self.world.sizes)

    def _shifted(self, node: Shifted, scope: Scope) -> Array:
        x = self._value(node.args[0], scope)
        at = tuple(map(self._place, node.places))
        if all(0 <= k < n for k, n in zip(at, x.shape, strict=False)):
            return boxed(x[at])
        return filled(x.shape[len(at) :], self.zero)

    def _indicator(self, node: Indicator, scope: Scope) -> Array:
        k = self._place(node.place)
        return filled((), self.arithmetic.lift(int(k == 0 if node.kind == "zero" else k >= 0)))

    def _position(self, node: Position, scope: Scope) -> Array:
        return filled((), self.arithmetic.lift(self._place(node.place)))

    def _sum(self, node: Sum, scope: Scope) -> Array:
        total = filled(extents(node.shape, self.world.sizes), self.zero)
        return self._add_terms(node, 0, None, total, scope)

    def _add_terms(self, node: Sum, depth: int, weight: Any, total: Array, scope: Scope) -> Array:
        """The terms of the ranges from `depth` inwards. Where an indicator is 0 there is no term."""
        if depth == len(node.ranges):
            body = self._value(node.body, scope)
            return boxed(total + (body if weight is None else np.multiply(filled((), weight), body)))
        where = node.ranges[depth]
        before = {i: self.letters[i] for i in (where.letter,) if i in self.letters}  # a name's own sum has its letters
        for k in range(extent(where.letter.dim, self.world.sizes)):
            self.letters[where.letter] = k
            inner = weight
            if where.weight is not None:
                w = self._value(where.weight, scope).item()
                if not isinstance(w, Dual) and self.arithmetic.is_zero(w):
                    continue
                inner = w if weight is None else w * weight
            total = self._add_terms(node, depth + 1, inner, total, scope)
        self.letters.pop(where.letter, None)
        self.letters.update(before)
        return total

    def _each(self, node: Each, scope: Scope) -> Array:
        shape = tuple(extent(i.dim, self.world.sizes) for i in node.letters)
        out = np.empty(extents(node.shape, self.world.sizes), dtype=object)
        before = {i: self.letters[i] for i in node.letters if i in self.letters}
        for k in np.ndindex(shape):
            self.letters.update(zip(node.letters, k, strict=True))
            body = self._value(node.body, scope)
            out[k] = body if body.shape else body.item()
        for i in node.letters:
            self.letters.pop(i)
        self.letters.update(before)
        return out

    # --- names, values, derivatives -------------------------------------------------------------
    def _let(self, node: Let, scope: Scope) -> Array:
        return self._value(node.value, scope)

    def _subs(self, node: Subs, scope: Scope) -> Array:
        body, variable, value = node.args
        return self._value(body, self._bind(scope, variable, self._value(value, scope)))

    def _bind(self, scope: Scope, variable: Var, value: Array) -> Scope:
        return Scope({variable: value}, scope)

    def _recurrence(self, node: Recurrence, scope: Scope) -> Array:
        """Step by step, as it is defined."""
        states = [self._value(s, scope) for s in node.starts]
        inputs = [self._value(x, scope) for x in node.inputs]
        many = extent(node.length, self.world.sizes)
        out = np.empty(extents(node.shape, self.world.sizes), dtype=object)
        for t in reversed(range(many)) if node.backwards else range(many):
            at = {**dict(zip(node.states, states, strict=True))}
            at.update((slot, boxed(x[t])) for slot, x in zip(node.slots, inputs, strict=True))
            inner = Scope(at, scope)
            now = [self._value(step, inner) for step in node.steps]
            kept = (states if node.before else now)[node.which]
            out[t] = kept if kept.shape else kept.item()
            states = now
        return out

    def _raised(self, x: Array, level: int) -> Array:
        """x with one direction for each of its entries."""
        one = self.arithmetic.lift(1)
        return _array([Dual(level, v, {k: one}) for k, v in enumerate(x.flat)], x.shape)

    def _changes(self, y: Array, level: int, x: Array) -> Array:
        """The changes of y in the directions of x: the axes of y, then those of x."""
        entries = [change(v, level, k, self.zero) for v in y.flat for k in range(x.size)]
        return _array(entries, y.shape + x.shape)

    def _deriv(self, node: Deriv, scope: Scope) -> Array:
        f, variable = node.args[1], node.args[2]
        x = self._var(variable, scope)
        level = scope.level + 1
        moved = self._raised(x, level)
        if node.kind == "hessian":
            moved = self._raised(moved, level + 1)
        inner = self._bind(scope, variable, moved)
        inner.level = level + int(node.kind == "hessian")
        y = self._value(f, inner)
        if node.kind == "vjp":
            y = boxed(np.add.reduce(np.multiply(self._value(node.args[3], scope), y), axis=None))
        if node.kind == "hessian":
            y = self._changes(y, level + 1, x)
        d = self._changes(y, level, x)
        for order in range((2 if node.kind == "hessian" else 1) if "symmetric" in variable.properties else 0):
            d = self._symmetrised(d, d.ndim - order * x.ndim)
        return d

    def _expect(self, node: Expect, scope: Scope) -> Array:
        """sum over a of the a-th difference of f at the mean, times the expected value of the a-th binomial."""
        f, x, law = node.body, node.variable, node.law
        d = degree(f, x)
        if d is None or d > LAWS[law]:
            raise Unsupported(f"{f} is not seen to be a polynomial in {x.name} of degree {LAWS[law]} at most")
        mean, spread = self._value(node.mean, scope), self._value(node.covariance, scope)
        moments = Moments(covariance_of(spread, mean.size, self.arithmetic), self.arithmetic)
        values = {}
        for t in grid(mean.size, d):
            step = _array([self.arithmetic.lift(k) for k in t], mean.shape)
            values[t] = self._value(f, self._bind(scope, x, boxed(mean + step)))
        total = filled(extents(node.shape, self.world.sizes), self.zero)
        for a, difference in differences(values).items():
            total = boxed(total + np.multiply(filled((), moments.binomial(a)), difference))
        return total

    def _symmetrised(self, d: Array, end: int) -> Array:
        """(G + G')/2 in the two axes before `end`: the gradient among symmetric matrices."""
        half = self.arithmetic.quotient(self.arithmetic.lift(1), self.arithmetic.lift(2))
        return boxed(np.multiply(d + np.swapaxes(d, end - 2, end - 1), filled((), half)))


def boxed(x: Any) -> Array:
    """NumPy turns a 0-d object array into its entry; this puts it back."""
    if isinstance(x, np.ndarray):
        return x
    out = np.empty((), dtype=object)
    out[()] = x
    return out


def _array(entries: list[Any], shape: tuple[int, ...]) -> Array:
    out = np.empty(len(entries), dtype=object)
    for k, x in enumerate(entries):
        out[k] = x
    return out.reshape(shape)


ARMS: dict[type[Node], Callable[[Evaluator, Any, Scope], Array]] = {
    Var: Evaluator._var,
    Number: Evaluator._number,
    Size: Evaluator._size,
    Eye: Evaluator._eye,
    Delta: Evaluator._delta,
    Indicator: Evaluator._indicator,
    Position: Evaluator._position,
    Add: Evaluator._add,
    Neg: Evaluator._neg,
    Mul: Evaluator._mul,
    Div: Evaluator._div,
    Pow: Evaluator._pow,
    Apply: Evaluator._apply,
    Reduce: Evaluator._reduce,
    Softmax: Evaluator._softmax,
    MatMul: Evaluator._matmul,
    Transpose: Evaluator._transpose,
    Op: Evaluator._op,
    Kron: Evaluator._kron,
    At: Evaluator._at,
    Shifted: Evaluator._shifted,
    Sum: Evaluator._sum,
    Each: Evaluator._each,
    Let: Evaluator._let,
    Subs: Evaluator._subs,
    Deriv: Evaluator._deriv,
    Expect: Evaluator._expect,
    Recurrence: Evaluator._recurrence,
}
"""One arm for each kind in notation.nodes.KINDS."""


def evaluate(node: Node, world: World, arithmetic: Arithmetic) -> Array:
    """The value of a formula in a world: an object array of numbers of the arithmetic."""
    return Evaluator(world, arithmetic).value(node)
