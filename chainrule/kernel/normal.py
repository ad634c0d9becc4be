"""The normal form: a DAG node multiplied out into a polynomial of contraction graphs.

What can be multiplied out is. What cannot becomes an atom whose payload is in normal form itself:

    sigmoid(x) = 1 / (1 + exp(-x))          tanh(x) = 1 - 2 / (1 + exp(2x))
    softmax(x) = exp(x) / sum exp(x)        relu(x) = x step(x) = x + relu(-x)
    |x| = 2 relu(x) - x
    sin(a + b) = sin a cos b + cos a sin b  cos(a + b) = cos a cos b - sin a sin b
    exp(a + b) = exp(a) exp(b)              log(a b) = log a + log b       only where a, b > 0 is known
    sqrt(a b) = sqrt(a) sqrt(b)             sqrt(a^2 b) = a sqrt(b)        only where a > 0 is known
    1/(a b) = 1/a 1/b                       (A B)^-1 = B^-1 A^-1           only where A, B are square
    f(P y) = P f(y)                         only where each row of P holds one 1 (`selection.py`)

Every rule here holds wherever the left side is defined; that it is defined is an obligation of the formula as written.
Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations

import sympy as sp

from chainrule.errors import Undefined, Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import polygamma_order

from . import poly as P
from .atoms import Atom, atom
from .factor import content, factored, over_a_size, times
from .inverse import labels_of, taken_apart
from .places import settled
from .poly import Factor, Label, Monomial, Poly
from .recurrences import before_each_step
from .selection import Selected, merged, selected
from .signs import Signs

Sizes = dict[Label, sp.Expr]
ONE = Fraction(1)
MAX_POWER = 8
"""The largest power of a sum that is multiplied out."""

LONG_STEP = 4
"""The step of a recurrence with more terms than this is not reduced."""

ANGLES = 4
"""The sine of a sum of more terms than this stays whole."""

SMALL_PRIMES = (2, 3, 5, 7, 11, 13)

EVERYWHERE = frozenset(
    {"abs", "atan", "bessel_ratio", "cos", "cosh", "erf", "exp", "log_bessel0"}
    | {"relu", "sigmoid", "sign", "sin", "sinh", "softplus", "step", "tanh"}
)
"""Functions that have a value at every number."""


class Normal:
    """Normal forms under known signs; each DAG node is done once.

    `reduce` may replace what stands inside an atom by an equal polynomial; it is the kernel's own rewriting.
    """

    def __init__(self, signs: Signs | None = None, reduce: Callable[[Poly], Poly] | None = None):
        self.signs = signs or Signs()
        self.reduce = reduce or (lambda x: x)
        self.done: dict[Dag, Poly] = {}

    def __call__(self, root: Dag) -> Poly:
        for node in dag.order(root):
            if node not in self.done:
                self.done[node] = self._node(node)
        return self.done[root]

    def _node(self, node: Dag) -> Poly:
        match node.kind:
            case "var":
                return P.of_atom(_variable(node))
            case "opaque":
                return P.of_atom(atom("opaque", node.args[0], node.dims))
            case "size":
                return P.of_atom(atom("size", node.args[0], ()))
            case "constant":
                return P.of_atom(atom("constant", node.args[0], ()))
            case "indicator":
                return P.of_atom(_indicator(node))
            case "position":
                return P.of_atom(atom("position", (), node.dims))
            case "zero":
                return Poly(node.dims)
            case "sum":
                return self._shorter(P.add(((c, self.done[n]) for c, n in node.args), node.dims))
            case "contract":
                coef, ops, out, dims = node.args
                made = P.contract([(self.done[n], ls) for n, ls in ops], out, dict(enumerate(dims)))
                return P.scale(coef, merged(settled(made, self)))
            case "function":
                name, parameter, x = node.args
                return self._function(name, self.done[x], parameter)
            case "inverse":
                return self.inverse(self.reduce(self.done[node.args[0]]))
            case "det" | "nuclear":
                return _matrix_atom(node.kind, self.reduce(self.done[node.args[0]]))
            case "logdet":
                return self.logdet(self.reduce(self.done[node.args[0]]))
            case "logsumexp":
                axes, x = node.args
                return self.log(self.reduce(self._sum_over(self.exp(self.done[x]), axes)))
            case "softmax":
                axes, x = node.args
                e = self.exp(self.reduce(self.done[x]))
                labels = tuple(range(len(e.dims)))
                kept = [k for k in labels if k not in axes]
                below = self.reciprocal(self.reduce(self._sum_over(e, axes)))
                return merged(P.contract([(e, labels), (below, kept)], labels, {}))
            case "argmax" | "max":
                return self._max(node)
            case "bound":
                return P.of_atom(atom("bound", node.args, node.dims))
            case "recurrence":
                return before_each_step(node, self._step_reduced)
        raise Unsupported(f"the normal form has no arm for {node.kind}")

    def _function(self, name: str, x: Poly, parameter: Fraction | None) -> Poly:
        x = _settled(x)
        written, x, one = x, self.reduce(x), P.constant(1, x.dims)
        found = selected(x, onto=_has_a_domain(name, parameter))
        if found is not None:
            return found.of(self._function(name, found.rows, parameter))
        match name:
            case "power":
                assert parameter is not None
                apart = factored(written) if parameter < 0 and parameter.denominator == 1 else (ONE, ())
                if x is written or len(apart[1]) < 2:
                    return self.power(x, parameter)
                return self._one_over(apart, int(-parameter))
            case "exp":
                return self.exp(x)
            case "log":  # reducing q/(1 - q) to -1 + 1/(1 - q) would hide its factors
                return self.log(written if self._factored(written) else x)
            case "sqrt":
                return self.power(x, Fraction(1, 2))
            case "sigmoid":
                return self.reciprocal(P.add([(1, one), (1, self.exp(P.scale(-1, x)))], x.dims))
            case "tanh":
                rest = self.reciprocal(P.add([(1, one), (1, self.exp(P.scale(2, x)))], x.dims))
                return P.add([(1, one), (-2, rest)], x.dims)
            case "softplus":
                return self.log(self.reduce(P.add([(1, one), (1, self.exp(x))], x.dims)))
            case "sinh" | "cosh":
                half, sign = Fraction(1, 2), 1 if name == "cosh" else -1
                return P.add([(half, self.exp(x)), (half * sign, self.exp(P.scale(-1, x)))], x.dims)
            case "relu" | "abs":
                if self.signs.nonnegative(x):
                    return x
                if self.signs.nonnegative(P.scale(-1, x)):
                    return P.scale(0 if name == "relu" else -1, x)
                if name == "relu" and content(x) < 0:
                    return P.add([(1, x), (1, self._function("relu", P.scale(-1, x), None))], x.dims)
                return times(x, self._gate("step", x) if name == "relu" else self._turn(x))
            case "tan":
                return times(angle("sin", x), self.reciprocal(angle("cos", x)))
            case "sin" | "cos":
                return angle(name, x)
            case "step" | "sign":
                return self._gate(name, x)
            case "asin" | "acos" | "atan" | "erf":
                return elementwise(name, x)
            case "lgamma" | "log_bessel0" | "bessel_ratio":
                return elementwise(name, x)
        if polygamma_order(name) is not None:
            return elementwise(name, x)
        raise Unsupported(f"the normal form has no arm for the function {name}")

    def _shorter(self, x: Poly) -> Poly:
        """1 - 1/(1 + e^-x) is 1/(1 + e^x): two terms that are one because of what a reciprocal of a positive sum is.
        Left for later, the product of several such differences would have to be multiplied out first."""
        owners = [a for m in x for a, _, _ in m.factors if a.kind == "reciprocal"]
        if len(x) != 2 or not owners or not all(self.signs.positive(a.payload) for a in owners):
            return x
        made = self.reduce(x)
        return made if len(made) < len(x) else x

    def _one_over(self, apart: tuple[Fraction, tuple[tuple[Poly, int], ...]], k: int) -> Poly:
        """1/x^k for x as it was written, factor by factor: reduced as a whole it would hide its factors."""
        number, parts = apart
        made = P.constant(number**-k, parts[0][0].dims)
        for part, power in parts:
            made = times(made, self.power(self.reduce(part), Fraction(-k * power)))
        return made

    def _gate(self, name: str, x: Poly) -> Poly:
        """step(x) or sign(x): a number where the sign of x is known."""
        if self.signs.positive(x):
            return P.constant(1, x.dims)
        if self.signs.positive(P.scale(-1, x)):
            return P.constant(-1 if name == "sign" else 0, x.dims)
        outside, x = self._without_known_factors(name, x)
        return times(outside, sign(x) if name == "sign" else step(x))

    def _turn(self, x: Poly) -> Poly:
        """What makes |x| of x: 2 step(x) - 1 will do for sign(x), since it differs only where x = 0."""
        outside, x = self._without_known_factors("sign", x)
        if self.signs.nonnegative(x):
            return outside
        s = 1 if content(x) > 0 else -1
        turn = P.add([(2 * s, step(P.scale(s, x))), (-s, P.constant(1, x.dims))], x.dims)
        return times(outside, turn)

    def _without_known_factors(self, name: str, x: Poly) -> tuple[Poly, Poly]:
        """e and y where gate(x) = e gate(y): x = p e y with p > 0 in every entry, and e of -1, 0 and 1 alone, for which
        sign(e y) = e sign(y); for a step e of 0 and 1, step(e y) = e step(y)."""
        coef, shared, rest = self._content(x)
        labels = tuple(range(len(x.dims)))
        sizes: Sizes = dict(enumerate(x.dims))
        own = ("sign", "signum", "idempotent") if name == "sign" else ("idempotent",)
        kept = [f for f in shared if f[0].power not in own and self.signs.atom(f[0]) != "positive"]
        outside = P.single(ONE, [f for f in shared if f[0].power in own], labels, sizes)
        return outside, times(P.scale(coef, rest), P.single(ONE, kept, labels, sizes))

    def logdet(self, x: Poly) -> Poly:
        """log det of s A, s a positive number, is n log s + log det A; log det of A^-1 is -log det A. Where one side
        has a value the other has."""
        if x and all(m.pattern[-1] == m.pattern[-2] for m in x):
            entries = _diagonal(x)
            if self.signs.positive(entries):  # log det diag(v) = sum log v
                return self._sum_over(self.log(entries), (len(entries.dims) - 1,))
        apart = over_a_size(x) if len(x) > 1 else None
        if apart is not None:  # log det(A / N) = log det A - n log N
            less = self.logdet(self.reduce(apart[0]))
            n, log = (_everywhere(y, less.dims) for y in (self(dag.size(x.dims[-1])), self.log(apart[1])))
            return P.add([(1, less), (-1, times(n, log))], less.dims)
        (m, c), *others = x.items() if x else [(None, ONE)]
        if others or m is None or c <= 0 or len(set(m.pattern)) < len(m.pattern):
            return _matrix_atom("logdet", x)
        labels = m.pattern[:-2]
        numbers = [f for f in m.factors if set(f[1]) <= set(labels) and self._sign_of(f[0]) == 1]
        rest = P.single(ONE, [f for f in m.factors if f not in numbers], m.pattern, m.sizes)
        only = next(iter(rest)) if len(rest) == 1 else None
        undone = _inverse_of_atom(only) if only is not None else None
        if undone is None and not numbers and c == 1:
            return _matrix_atom("logdet", x)
        inside = _matrix_atom("logdet", rest) if undone is None else P.scale(-1, self.logdet(undone))
        sizes = {k: m.sizes[k] for k in labels}
        logs = [(p, self._log_of(a, ls, labels, sizes)) for a, ls, p in numbers]
        logs.append((ONE, _spread(_log_of_number(c), (), labels, sizes)))
        n = _spread(self(dag.size(x.dims[-1])), (), labels, sizes)
        return P.add([(1, inside), *((p, times(n, log)) for p, log in logs)], x.dims[:-2])

    # --- exponentials, logarithms, powers -----------------------------------------------------------
    def exp(self, x: Poly) -> Poly:
        """exp of a sum is the product of exponentials; a coefficient becomes a power; exp(k log x) is x^k."""
        found = selected(x, onto=False)
        if found is not None:
            return found.of(self.exp(found.rows))
        labels = tuple(range(len(x.dims)))
        factors: list[Factor] = []
        powers = P.constant(1, x.dims)
        for m, c in x.items():
            inner, found = _inside_log(m), selected(Poly(x.dims, {m: ONE}), onto=False)
            if inner is not None and abs(c) <= MAX_POWER:
                powers = times(powers, self.power(inner, c))
            elif found is not None:
                powers = times(powers, found.of(self.exp(P.scale(c, found.rows))))
            else:
                a, axes = _payload_atom("exp", Poly(x.dims, {m: ONE}), power="exp")
                factors.append((a, axes, c))
        return times(P.single(ONE, factors, labels, dict(zip(labels, x.dims, strict=True))), powers)

    def log(self, x: Poly) -> Poly:
        """log of a product is the sum of logarithms where every factor is known to be positive."""
        found = self._selected(x)
        if found is not None:
            return found.of(self.log(found.rows))
        coef, content, rest = self._content(x)
        size_of: Sizes = dict(enumerate(x.dims))
        labels = tuple(range(len(x.dims)))
        terms: list[tuple[Fraction | int, Poly]] = []
        kept: list[Factor] = []
        for a, ls, p in content:
            if a.kind == "exp":
                terms.append((p, _spread(a.payload, ls, labels, size_of)))
            elif self._sign_of(a):
                coef *= self._sign_of(a) ** int(p)
                terms.append((p, self._log_of(a, ls, labels, size_of)))
            else:
                kept.append((a, ls, p))
        if kept:
            rest = P.contract([(rest, labels), (P.single(ONE, kept, labels, size_of), labels)], labels, {})
        if coef > 0:
            terms.append((1, _spread(_log_of_number(coef), (), labels, size_of)))
        elif coef < 0:
            rest = P.scale(coef, rest)
        apart = over_a_size(rest)
        if apart is not None:  # log(A / N) = log A - log N
            terms.append((-1, _everywhere(elementwise("log", apart[1]), x.dims)))
            return P.add([*terms, (1, self.log(self.reduce(apart[0])))], x.dims)
        if rest != P.constant(1, x.dims):
            terms.append((1, elementwise("log", rest)))
        return P.add(terms, x.dims)

    def _factored(self, x: Poly) -> bool:
        """Is x, as it stands, one product of things whose signs are known?"""
        _, factors, rest = self._content(x)
        return bool(x) and rest == P.constant(1, x.dims) and all(self._sign_of(a) for a, _, _ in factors)

    def _sign_of(self, a: Atom) -> int:
        """1 or -1 where an atom is known to be positive or negative, else 0. 1/x is negative where -x is positive."""
        if self.signs.atom(a) == "positive":
            return 1
        return -1 if a.kind == "reciprocal" and self.signs.positive(P.scale(-1, a.payload)) else 0

    def _log_of(self, a: Atom, ls: Sequence[object], labels: Sequence[object], size_of) -> Poly:  # type: ignore[no-untyped-def]
        """log |a|."""
        if a.kind == "reciprocal":
            return P.scale(-1, _spread(self.log(P.scale(self._sign_of(a), a.payload)), ls, labels, size_of))
        return _spread(elementwise("log", self.reduce(P.of_atom(a))), ls, labels, size_of)

    def power(self, x: Poly, r: Fraction) -> Poly:
        """x^r: integers are multiplied out, 1/x is an atom, roots are atoms with root^q = x."""
        if r < 0:
            if r.denominator == 1:  # (1/x)^n, whether the power or the division was written first
                return self.power(self.reciprocal(x), -r)
            return self.reciprocal(self.power(x, -r))
        whole, part = divmod(r, 1)
        made = _raised(x, int(whole))
        return times(made, _raised(self._root(x, part.denominator), part.numerator)) if part else made

    def _root(self, x: Poly, q: int) -> Poly:
        """x^(1/q): what is known to be positive, a number or a factor of every term, has a root of its own, and
        (p^q y)^(1/q) = p y^(1/q) for p > 0. For q = 2 both sides have a value where y >= 0, and nowhere else."""
        if not x:
            return x
        found = self._selected(x)
        if found is not None:
            return found.of(self._root(found.rows, q))
        coef, content, rest = self._content(x)
        labels = tuple(range(len(x.dims)))
        size_of: Sizes = dict(enumerate(x.dims))
        made, inside = _everywhere(_root_of_number(abs(coef), q), x.dims), []
        for a, ls, p in content:
            if a.power == "exp":
                made = times(made, P.single(ONE, [(a, ls, p / q)], labels, size_of))
            elif a.kind == "reciprocal" and self.signs.positive(a.payload):
                own = self.reciprocal(self._root(a.payload, q))
                made = times(made, _raised(_spread(own, ls, labels, size_of), int(p)))
            elif self.signs.atom(a) == "positive":
                whole, part = divmod(p, q)
                own = _spread(_root_atom(P.of_atom(a), q), ls, labels, size_of)
                made = times(made, P.single(ONE, [(a, ls, Fraction(whole))] if whole else [], labels, size_of))
                made = times(made, _raised(own, int(part)))
            else:
                inside.append((a, ls, p))
        left = times(P.scale(1 if coef > 0 else -1, rest), P.single(ONE, inside, labels, size_of))
        pieces = _pieces(left)
        if len(pieces) > 1:
            left = P.constant(next(iter(left.values())), x.dims)
            for piece in pieces:
                if self.signs.positive(piece):
                    made = times(made, _root_atom(piece, q))
                else:
                    left = times(left, piece)
        return made if left == P.constant(1, x.dims) else times(made, _root_atom(left, q))

    def _selected(self, x: Poly) -> Selected | None:
        """Selected rows that have a reciprocal, a logarithm and a root: all of them, or positive ones."""
        found = selected(x, onto=True)
        if found is None:
            found = selected(x, onto=False)
            return found if found is not None and self.signs.positive(found.rows) else None
        return found

    def reciprocal(self, x: Poly) -> Poly:
        """1/x: the reciprocal of each factor, and an atom for what is a sum."""
        if not x:
            raise Undefined("a division by zero: the denominator is identically 0")
        found = self._selected(x)
        if found is not None:
            return found.of(self.reciprocal(found.rows))
        coef, content, rest = self._content(x)
        labels = tuple(range(len(x.dims)))
        size_of: Sizes = dict(enumerate(x.dims))
        factors: list[Factor] = []
        made = P.constant(1 / coef, x.dims)
        for a, ls, p in content:
            if a.power == "exp":
                factors.append((a, ls, -p))
            elif a.kind == "reciprocal":
                made = times(made, _raised(_spread(a.payload, ls, labels, size_of), int(p)))
            elif a.power == "sign":
                factors.append((a, ls, p))
            elif (number := _number_of(a)) is not None:
                made = times(
                    P.scale(1 / number ** int(p), made),
                    P.single(ONE, [(a, ls, (a.payload[0] - 1) * p)], labels, size_of),
                )
            else:
                b, axes = _payload_atom("reciprocal", P.of_atom(a))
                factors.append((b, tuple(ls[k] for k in axes), p))
        made = times(made, P.single(ONE, factors, labels, size_of))
        if rest == P.constant(1, x.dims):
            return made
        apart = over_a_size(rest)
        if apart is not None:  # 1/(A / N) = N / A
            cleared = self.reciprocal(self.reduce(apart[0]))
            return times(made, times(_everywhere(apart[1], x.dims), cleared))
        number, parts = factored(rest)
        if parts != ((rest, 1),):
            made = P.scale(1 / number, made)
            for part, power in parts:
                made = times(made, _raised(self.reciprocal(part), power))
            return made
        for piece in _pieces(rest):
            b, axes = _payload_atom("reciprocal", piece)
            made = times(made, P.single(ONE, [(b, axes, ONE)], labels, size_of))
        return made

    def _content(self, x: Poly) -> tuple[Fraction, list[Factor], Poly]:
        """x = coef * content * rest entry by entry: the factors on output labels that every term has, and the rest with
        leading coefficient 1. Exponentials are taken out at their least power, so that none is left negative."""
        if not x:
            return ONE, [], x
        tables = [_entrywise(m) for m in x]
        shared: list[Factor] = []
        for key in dict.fromkeys(k for table in tables for k in table):
            least = min(table.get(key, Fraction(0)) for table in tables)
            if (key[0].power == "exp" and least) or least > 0:
                shared.append((*key, least))
        coef = content(x)
        labels = tuple(range(len(x.dims)))
        rest: dict[Monomial, Fraction] = {}
        for m, c in x.items():
            rename: dict[Label, Label] = dict(zip(m.pattern, labels, strict=True))
            factors = {(a, tuple(rename.get(k, ("s", k)) for k in ls)): p for a, ls, p in m.factors}
            for a, ls, p in shared:
                where = (a, tuple(rename[m.pattern[k]] for k in ls if isinstance(k, int)))
                factors[where] = factors.get(where, Fraction(0)) - p
            sizes = {rename.get(k, ("s", k)): d for k, d in m.sizes.items()}
            kept = [(a, ls, p) for (a, ls), p in factors.items() if p]
            made = P.monomial(kept, [rename[k] for k in m.pattern], sizes)
            rest[made] = rest.get(made, Fraction(0)) + c / coef
        return coef, shared, Poly(x.dims, rest)

    # --- matrices and axes --------------------------------------------------------------------------
    def inverse(self, x: Poly) -> Poly:
        """The inverse: a diagonal one entry by entry, of square matrices one by one, an inverse's inverse undone."""
        if not x:
            raise Undefined("the inverse of a matrix that is identically 0")
        n = len(x.dims)
        if all(m.pattern[-1] == m.pattern[-2] for m in x):
            entries = self.reciprocal(_diagonal(x))
            labels = tuple(range(n - 1))
            return P.contract([(entries, labels)], (*labels, n - 2), {})
        apart = over_a_size(x)
        if apart is not None:  # (A / N)^-1 = N A^-1
            return times(_everywhere(apart[1], x.dims), self.inverse(self.reduce(apart[0])))
        coef = content(x)
        if len(x) == 1:
            undone = _inverse_of_atom(next(iter(x))) or self._one_by_one(next(iter(x)))
            if undone is not None:
                return P.scale(1 / coef, undone)
        return P.scale(1 / coef, _matrix_atom("inverse", P.scale(1 / coef, x)))

    def _one_by_one(self, m: Monomial) -> Poly | None:
        """(A B)^-1 = B^-1 A^-1, numbers and diagonals divided by; None where m is no product of square matrices."""
        found = taken_apart(m)
        if found is None:
            return None
        matrices, numbers = found
        made = [(self.inverse(P.of_atom(a)), (*ls[:-2], ls[-1], ls[-2])) for a, ls, _ in matrices]
        ends = dict.fromkeys((*m.pattern, *(k for _, ls, _ in matrices for k in ls)))
        for part in numbers:
            at = tuple(k for k in ends if k in labels_of(part))
            sizes = {k: m.sizes[k] for k in labels_of(part)}
            made.append((self.reciprocal(P.single(ONE, part, at, sizes)), at))
        *batch, row, column = m.pattern
        return P.contract(made, (*batch, column, row), {k: m.sizes[k] for k in m.pattern})

    def _step_reduced(self, step: Dag) -> Poly:
        """A step, reduced where it is short: a long one would take all the time that a line has, and grow."""
        body = self(step)
        return self.reduce(body) if len(body) <= LONG_STEP else body

    @staticmethod
    def _sum_over(x: Poly, axes: Sequence[int]) -> Poly:
        labels = tuple(range(len(x.dims)))
        return P.contract([(x, labels)], [k for k in labels if k not in axes], {})

    def _max(self, node: Dag) -> Poly:
        axes, child = node.args
        x = self.reduce(self.done[child])
        if node.kind == "argmax":
            return self._largest(node.kind, axes, x)
        while (found := selected(x, onto=True, axes=axes)) is not None:
            x = found.rows
        return self._sum_over(self._largest(node.kind, axes, x), axes)

    def _largest(self, kind: str, axes: tuple[int, ...], x: Poly) -> Poly:
        """1 where the first largest entry is and 0 elsewhere, or that entry where it is."""
        found = selected(x, onto=False, axes=[k for k in range(len(x.dims)) if k not in axes])
        if found is not None:
            return found.of(self._largest(kind, axes, found.rows))
        gate = P.of_atom(atom("argmax", (axes, x), x.dims, power="idempotent"))
        return gate if kind == "argmax" else times(x, gate)


def _has_a_domain(name: str, parameter: Fraction | None) -> bool:
    """Are there numbers of which the function has no value?"""
    whole = parameter is not None and parameter >= 0 and parameter.denominator == 1
    return not whole if name == "power" else name not in EVERYWHERE


def _variable(node: Dag) -> Atom:
    symbol = node.args[0]
    has = symbol.properties
    power = "sign" if "labels" in has else "idempotent" if "binary" in has else "free"
    return atom("var", symbol, node.dims, symmetric="symmetric" in has, power=power)


def _indicator(node: Dag) -> Atom:
    """A mask of 0 and 1. Its last two axes may be exchanged where they have one coefficient and one size."""
    _, _, coefs = node.args
    alike = len(coefs) >= 2 and coefs[-1] == coefs[-2] and node.dims[-1] == node.dims[-2]
    return atom("indicator", node.args, node.dims, symmetric=alike, power="idempotent")


def _raised(x: Poly, k: int) -> Poly:
    """x^k entry by entry, by squaring. A sum, or a term with summed indices, is raised to small powers only."""
    entrywise = len(x) == 1 and all(label in m.pattern for m in x for _, ls, _ in m.factors for label in ls)
    if k > MAX_POWER and not entrywise:
        raise Unsupported(f"a power of {k} of a sum is not multiplied out")
    made = P.constant(1, x.dims)
    for bit in bin(k)[2:]:
        made = times(made, made)
        made = times(made, x) if bit == "1" else made
    return made


def sign(x: Poly) -> Poly:
    """sign(c x) = sign(c) sign(x), so that x and -x share one atom."""
    if not x:
        return x
    coef = content(x)
    return P.scale(1 if coef > 0 else -1, elementwise("sign", P.scale(1 / coef, x)))


def step(x: Poly) -> Poly:
    """step(c x) = step(x) for c > 0."""
    return elementwise("step", P.scale(1 / abs(content(x)), x)) if x else x


def angle(name: str, x: Poly) -> Poly:
    """sin or cos: sin(a + b) = sin a cos b + cos a sin b, cos(a + b) = cos a cos b - sin a sin b, term by term, where
    the terms are few; sin(-a) = -sin a, cos(-a) = cos a."""
    if len(x) > ANGLES or not x:
        return elementwise(name, x)
    (m, c), *others = sorted(x.items(), key=lambda term: term[0].sort_key())
    first = Poly(x.dims, {m: abs(c)})
    sine, cosine = P.scale(1 if c > 0 else -1, elementwise("sin", first)), elementwise("cos", first)
    if not others:
        return sine if name == "sin" else cosine
    rest = Poly(x.dims, dict(others))
    a, b = (angle("cos", rest), angle("sin", rest)) if name == "sin" else (angle("sin", rest), angle("cos", rest))
    return P.add([(1 if name == "sin" else -1, times(sine, a)), (1, times(cosine, b))], x.dims)


def elementwise(kind: str, x: Poly) -> Poly:
    """f(x) as an atom, entry by entry. A step is idempotent, a sign has sign^3 = sign."""
    power = {"step": "idempotent", "sign": "signum"}.get(kind, "free")
    a, axes = _payload_atom(kind, x, power=power)
    labels = tuple(range(len(x.dims)))
    return P.single(ONE, [(a, axes, ONE)], labels, dict(zip(labels, x.dims, strict=True)))


def _payload_atom(kind: str, x: Poly, power: str = "free") -> tuple[Atom, tuple[int, ...]]:
    """The atom f(x) over the axes that x uses, in the order that makes its payload smallest; and those axes."""
    used = P.axes_used(x)
    choices = [(P.arrange(x, axes), axes) for axes in permutations(used)]
    least = min(payload.key() for payload, _ in choices)
    best = [(payload, axes) for payload, axes in choices if payload.key() == least]
    payload, axes = best[0]
    symmetric = len(used) == 2 and len(best) == 2
    return atom(kind, payload, payload.dims, symmetric=symmetric, power=power), axes


def _root_atom(x: Poly, q: int) -> Poly:
    a, axes = _payload_atom("reciprocal", x)  # borrowed for its choice of axes
    a = atom("root", (q, a.payload), a.dims, symmetric=a.symmetric)
    labels = tuple(range(len(x.dims)))
    return P.single(ONE, [(a, axes, ONE)], labels, dict(zip(labels, x.dims, strict=True)))


def _root_of_number(c: Fraction, q: int) -> Poly:
    """c^(1/q) for c > 0, a fraction times the root of a whole number: 1/sqrt(2) is sqrt(2)/2, sqrt(12) 2 sqrt(3)."""
    whole, outside = c.numerator * c.denominator ** (q - 1), Fraction(1, c.denominator)
    made = P.constant(1)
    for p in SMALL_PRIMES:
        times_p = 0
        while whole % p == 0:
            whole, times_p = whole // p, times_p + 1
        outside *= p ** (times_p // q)
        if times_p % q:
            made = times(made, _raised(_root_atom(P.constant(p), q), times_p % q))
    return P.scale(outside, made if whole == 1 else times(made, _root_atom(P.constant(whole), q)))


def _number_of(a: Atom) -> Fraction | None:
    """c, if the atom is c^(1/q) for a number c."""
    if a.kind != "root":
        return None
    ((m, c),) = a.payload[1].items() if len(a.payload[1]) == 1 else ((None, ONE),)
    return None if m is None or m.factors or m.pattern else c


def _settled(x: Poly) -> Poly:
    """x with (c^(1/q))^q written as c, for numbers c."""
    if not any(p >= a.payload[0] for m in x for a, _, p in m.factors if _number_of(a) is not None):
        return x
    made = []
    for m, c in x.items():
        factors: list[Factor] = []
        for a, ls, p in m.factors:
            number = _number_of(a)
            if number is not None:
                whole, p = divmod(p, a.payload[0])
                c *= number**whole
            factors += [(a, ls, p)] if p else []
        made.append((1, P.single(c, factors, m.pattern, m.sizes)))
    return P.add(made, x.dims)


def _matrix_atom(kind: str, x: Poly) -> Poly:
    """inverse, det, logdet or nuclear of x as an atom; x and x' share one."""
    n = len(x.dims)
    straight = tuple(range(n))
    turned = (*straight[:-2], n - 1, n - 2)
    payload, flipped = x, P.arrange(x, turned)
    swap = flipped.key() < payload.key()
    symmetric = flipped.key() == payload.key()
    if swap:
        payload = flipped
    if kind != "inverse":
        return P.of_atom(atom(kind, payload, payload.dims[:-2]))
    a = atom("inverse", payload, payload.dims, symmetric=symmetric)
    made = P.of_atom(a)
    return P.arrange(made, turned) if swap else made


def _diagonal(x: Poly) -> Poly:
    """The diagonal of a polynomial whose every term is diagonal."""
    n = len(x.dims)
    total: dict[Monomial, Fraction] = {}
    for m, c in x.items():
        made = P.monomial(m.factors, m.pattern[: n - 1], m.sizes)
        total[made] = total.get(made, Fraction(0)) + c
    return Poly(x.dims[: n - 1], total)


def _inverse_of_atom(m: Monomial) -> Poly | None:
    """The matrix whose inverse this single factor is, if it is one."""
    if len(m.factors) != 1:
        return None
    a, labels, power = m.factors[0]
    if a.kind != "inverse" or power != 1 or set(labels) != set(m.pattern) or set(labels[-2:]) != set(m.pattern[-2:]):
        return None
    return P.arrange(a.payload, [labels.index(k) for k in m.pattern])


def _log_of_number(q: Fraction) -> Poly:
    """log q for q > 0, in logarithms of whole numbers: log(1/2) is -log 2, log 6 is log 2 + log 3. Small primes come
    apart; what is left of a number stays whole."""
    terms: list[tuple[Fraction | int, Poly]] = []
    for sign, k in ((1, q.numerator), (-1, q.denominator)):
        for p in SMALL_PRIMES:
            times_p = 0
            while k % p == 0:
                k, times_p = k // p, times_p + 1
            terms.append((sign * times_p, elementwise("log", P.constant(p))))
        terms.append((sign * (k > 1), elementwise("log", P.constant(k))))
    return P.add(((c, log) for c, log in terms if c), ())


def _inside_log(m: Monomial) -> Poly | None:
    """x, if the monomial is log x entry by entry."""
    pattern = m.pattern
    if len(m.factors) != 1 or len(set(pattern)) < len(pattern):
        return None
    a, labels, power = m.factors[0]
    if a.kind != "log" or power != 1 or not set(labels) <= set(pattern):
        return None
    size_of: Sizes = {k: m.sizes[label] for k, label in enumerate(pattern)}
    return _spread(a.payload, [pattern.index(k) for k in labels], tuple(range(len(pattern))), size_of)


def _entrywise(m: Monomial) -> dict[tuple[Atom, tuple[int, ...]], Fraction]:
    """The factors of a monomial that stand on output labels only, by first position."""
    pattern = m.pattern
    where = {label: pattern.index(label) for label in pattern}
    return {(a, tuple(where[k] for k in ls)): p for a, ls, p in m.factors if all(k in where for k in ls)}


def _spread(x: Poly, at: Sequence[object], labels: Sequence[object], size_of) -> Poly:  # type: ignore[no-untyped-def]
    """x with its axes at these labels, constant along the others."""
    return P.contract([(x, tuple(at))], tuple(labels), size_of)


def _everywhere(x: Poly, dims: Sequence[sp.Expr]) -> Poly:
    """A number in every entry."""
    return _spread(x, (), tuple(range(len(dims))), dict(enumerate(dims)))


def _pieces(x: Poly) -> list[Poly]:
    """A single term comes apart into its components; a sum stays whole."""
    if len(x) != 1:
        return [x]
    m = next(iter(x))
    if len(set(m.pattern)) < len(m.pattern):
        return [x]
    made = []
    for part in P.parts(m):
        sizes = {k: d for k, d in m.sizes.items() if k in m.pattern or any(k in ls for _, ls, _ in part)}
        made.append(P.single(ONE, part, m.pattern, sizes))
    return made
