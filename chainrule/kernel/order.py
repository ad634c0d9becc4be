"""Rules of order: what makes a matrix positive definite and a number nonnegative, read off the formula as written.

    X'X, X'SX with S >= 0, sums, nonnegative multiples, inverses of positive definite matrices, diag(s) with s >= 0
    |v|^2, v'Av with A >= 0, products and sums of nonnegative things, even powers, exp
    max u - u_i, and w - max u where w is above every u_i

Each rule is a line that can be checked by hand; everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from sympy.core.symbol import Str

from chainrule.forms.dag import Dag
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Div,
    Each,
    Eye,
    Indicator,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Sum,
    Transpose,
    Var,
)

from . import poly as P
from .normal import Normal
from .poly import Poly

Lower = Callable[[Node], Dag]


class Order:
    """Decides order by rules, under facts shown elsewhere: `known` maps a matrix to what it was shown to be."""

    def __init__(self, normal: Normal, lower: Lower, known: dict[Poly, set[str]] | None = None):
        self.normal, self.lower = normal, lower
        self.known = known or {}
        self.used: dict[str, None] = {}

    def _poly(self, a: Node) -> Poly:
        return self.normal(self.lower(a))

    def _shown(self, a: Node, *names: str) -> bool:
        if not self.known:
            return False
        found = self.known.get(self._poly(a), set())
        return any(name in found for name in names)

    def _by(self, rule: str) -> bool:
        self.used[rule] = None
        return True

    # --- matrices -------------------------------------------------------------------------------------
    def positive_definite(self, a: Node) -> bool:
        """A = A' and v'Av > 0 for v != 0."""
        if self._shown(a, "positive_definite"):
            return self._by("shown before")
        if not isinstance(a, Op) and self._shown(a, "invertible") and self.positive_semidefinite(a):
            return self._by("semidefinite and invertible is positive definite")
        match a:
            case Let():
                return self.positive_definite(a.value)
            case Var():
                return "positive_definite" in a.properties and self._by("declared")
            case Eye():
                return self._by("I is positive definite")
            case Transpose(args=(b,)):
                return self.positive_definite(b)
            case Add(args=(b, c)) if b.shape == c.shape:  # 1 by 1 plus n by n is no sum of matrices
                one = self.positive_definite(b) and self.positive_semidefinite(c)
                other = one or (self.positive_semidefinite(b) and self.positive_definite(c))
                return other and self._by("positive definite plus semidefinite is positive definite")
            case Mul(args=(b, c)):
                s, m = (b, c) if b.shape == () else (c, b)
                return (
                    s.shape == () and self.positive(s) and self.positive_definite(m) and self._by("positive multiple")
                )
            case Div(args=(m, s)):
                return (
                    s.shape == () and self.positive(s) and self.positive_definite(m) and self._by("positive multiple")
                )
            case Op(kind="inv"):
                return self.positive_definite(a.args[1]) and self._by("inverse of a positive definite matrix")
            case Op(kind="diag"):
                return self.positive(a.args[1]) and self._by("positive diagonal")
            case Kron(args=(b, c)):
                return self.positive_definite(b) and self.positive_definite(c) and self._by("Kronecker product")
            case At(args=(b, *_)) if a.ndim > 1:
                return self.positive_definite(b)
            case MatMul():
                return self._congruence(a, self.positive_definite, injective=True)
        return False

    def positive_semidefinite(self, a: Node) -> bool:
        """A = A' and v'Av >= 0 for every v."""
        if self._shown(a, "positive_definite", "positive_semidefinite"):
            return self._by("shown before")
        match a:
            case Let():
                return self.positive_semidefinite(a.value)
            case Var():
                return "psd" in a.properties and self._by("declared")
            case Number():
                return bool(a.value == 0)
            case Eye():
                return self._by("I is positive definite")
            case Transpose(args=(b,)):
                return self.positive_semidefinite(b)
            case Add(args=(b, c)) if b.shape == c.shape:
                both = self.positive_semidefinite(b) and self.positive_semidefinite(c)
                return both and self._by("sum of semidefinite matrices")
            case Mul(args=(b, c)):
                s, m = (b, c) if b.shape == () else (c, b)
                if s.shape != ():
                    both = b.shape == c.shape and self.positive_semidefinite(b) and self.positive_semidefinite(c)
                    return both and self._by("Schur product")
                return self.nonnegative(s) and self.positive_semidefinite(m) and self._by("nonnegative multiple")
            case Div(args=(m, s)):
                return (
                    s.shape == ()
                    and self.positive(s)
                    and self.positive_semidefinite(m)
                    and self._by("positive multiple")
                )
            case Op(kind="inv"):
                return self.positive_definite(a)
            case Op(kind="diag"):
                return self.nonnegative(a.args[1]) and self._by("nonnegative diagonal")
            case Kron(args=(b, c)):
                return self.positive_semidefinite(b) and self.positive_semidefinite(c) and self._by("Kronecker product")
            case At(args=(b, *_)) if a.ndim > 1:
                return self.positive_semidefinite(b)
            case Sum():
                nonnegative = all(self.nonnegative(r.weight) for r in a.ranges if r.weight is not None)
                return nonnegative and self.positive_semidefinite(a.body) and self._by("sum of semidefinite matrices")
            case MatMul():
                return self._congruence(a, self.positive_semidefinite, injective=False)
        return False

    def _congruence(self, a: Node, middle: Callable[[Node], bool], injective: bool) -> bool:
        """B' M B, or B'B: the last factors are the transpose of the first; numbers among the factors come out."""
        numbers, parts = _numbers_out(factors(a))
        if not all(self.positive(s) if injective else self.nonnegative(s) for s in numbers):
            return False
        for j in range(1, len(parts) // 2 + 1):
            left, inner, b = _split(parts, j)
            if left is None or b is None or not self.transposed(left, b):
                continue
            if injective and not self.full_column_rank(b):
                continue
            if 2 * j == len(parts) or (inner is not None and middle(inner)):
                return self._by("B'MB" if inner is not None else "B'B")
        return False

    def equal(self, a: Node, b: Node) -> bool:
        """a = b, by their normal forms."""
        if a == b:
            return True
        alike = a.shape == b.shape and a.row == b.row and free_letters(a) == free_letters(b)
        return alike and self._poly(a) == self._poly(b)

    def transposed(self, a: Node, b: Node) -> bool:
        """b = a'."""
        if free_letters(a) != free_letters(b):  # x[i] and x[j] have one normal form, with an axis for the index
            return False
        if a.ndim == 1:
            return b.ndim == 1 and a.row != b.row and self._poly(a) == self._poly(b)
        if b.ndim != 2 or a.ndim != 2:
            return False
        turned = self._poly(a)
        letters = len(free_letters(a))  # their axes come first and stay
        if len(turned.dims) != letters + 2:
            return False  # a Kronecker product keeps the axes of its factors apart
        return P.arrange(turned, (*range(letters), letters + 1, letters)) == self._poly(b)

    def full_column_rank(self, a: Node) -> bool:
        """Av = 0 only for v = 0."""
        match a:
            case Let():
                return self.full_column_rank(a.value)
            case Var():
                return bool(a.properties & {"full_column_rank", "invertible"}) and self._by("declared")
            case MatMul(args=(b, c)):
                return self.full_column_rank(b) and self.full_column_rank(c)
        return self.invertible(a)

    def invertible(self, a: Node, deep: bool = True) -> bool:
        """A has an inverse. Without `deep` only what is declared, shown before, or made of such by products."""
        if a.ndim < 2:
            return False
        if self._shown(a, "positive_definite", "invertible"):
            return self._by("shown before")
        if self._shown(a.T, "invertible"):
            return self._by("the transpose of an invertible matrix is invertible")
        match a:
            case Let():
                return self.invertible(a.value, deep)
            case Var():
                return "invertible" in a.properties and self._by("declared")
            case At(args=(b, *_)) if a.ndim > 1:
                return self.invertible(b, deep)
            case Eye():
                return True
            case Transpose(args=(b,)) | Neg(args=(b,)) | Op(kind="inv", args=(_, b)):
                return self.invertible(b, deep)
            case MatMul(args=(b, c)):
                if b.ndim == c.ndim and self.invertible(b, deep) and self.invertible(c, deep):
                    return True
            case Mul(args=(b, c)):
                s, m = (b, c) if b.shape == () else (c, b)
                if s.shape == () and self.nonzero(s) and self.invertible(m, deep):
                    return True
            case Op(kind="diag", args=(_, v)):
                return self.nonzero(v)
        return deep and (self.positive_definite(a) or self._multiple_of_declared(a))

    def _multiple_of_declared(self, a: Node) -> bool:
        """A = c M, multiplied out, with c != 0 and M, or M', declared invertible: X + 0 H is X."""
        poly = self._poly(a)
        if len(poly) != 1 or a.ndim != 2:
            return False
        ((m, _),) = poly.items()
        if len(m.factors) != 1:
            return False
        ((symbol, labels, power),) = m.factors
        alone = symbol.kind == "var" and power == 1 and len(labels) == 2 and set(labels) == set(m.pattern)
        return alone and labels[0] != labels[1] and "invertible" in symbol.payload.properties and self._by("declared")

    def positive_determinant(self, a: Node) -> bool:
        """det A > 0."""
        return self.positive_definite(a) or self.normal.signs.positive(self._poly(Op(Str("det"), a)))

    # --- numbers --------------------------------------------------------------------------------------
    def nonzero(self, a: Node) -> bool:
        """No entry is 0."""
        if self.normal.signs.nonzero(self._poly(a)) or self.positive(a):
            return True
        match a:
            case Let():
                return self.nonzero(a.value)
            case Neg(args=(b,)) | Transpose(args=(b,)) | At(args=(b, *_)) | Each(args=(b, *_)):
                return self.nonzero(b)
            case Mul(args=(b, c)) | Div(args=(b, c)):
                return self.nonzero(b) and self.nonzero(c)
            case Pow(args=(b, Number())):
                return self.nonzero(b)
            case Op(kind="det", args=(_, x)):
                return self.invertible(x) and self._by("the determinant of an invertible matrix is not 0")
        return False

    def positive(self, a: Node) -> bool:
        """Every entry is > 0."""
        if self.normal.signs.positive(self._poly(a)) or self._by_largest(a, self.positive):
            return True
        match a:
            case Let():
                return self.positive(a.value)
            case Transpose(args=(b,)) | At(args=(b, *_)) | Each(args=(b, *_)):
                return self.positive(b)
            case Apply(function="exp" | "sigmoid" | "softplus"):
                return self._by("the function is positive")
            case Add(args=(Number() as one, Neg(args=(Apply(function="sigmoid"),)))) if one.value == 1:
                return self._by("1 - sigmoid(z) = sigmoid(-z)")
            case Add(args=(b, c)):
                return (self.positive(b) and self.nonnegative(c)) or (self.nonnegative(b) and self.positive(c))
            case Mul(args=(b, c)) | Div(args=(b, c)):
                return self.positive(b) and self.positive(c)
            case Pow(args=(b, Number(value=k))) if k.is_Integer and k % 2 == 0:
                return self.nonzero(b) and self._by("the square of what is not 0 is positive")
            case Apply(function="sqrt", args=(_, x)):
                return self.positive(x)
            case Op(kind="trace" | "det", args=(_, x)):
                return self.positive_definite(x) and self._by("trace and determinant of a positive definite matrix")
            case Op(kind="sqnorm" | "norm", args=(_, x)):
                return self._not_null(x) and self._by("|v| > 0 for v != 0")
            case Reduce(kind="sum", args=(_, x, _)) if a.shape == () and x.ndim == 2:
                return self.positive_definite(x) and self._by("1'A1 > 0 for a positive definite A")
            case MatMul(args=(b, c)):
                form = self._form(a, self.positive_definite, strict=True)
                return form or (self.positive(b) and self.positive(c))
        return False

    def nonnegative(self, a: Node) -> bool:
        """Every entry is >= 0."""
        if self.normal.signs.nonnegative(self._poly(a)) or self._by_largest(a, self.nonnegative):
            return True
        match a:
            case Let():
                return self.nonnegative(a.value)
            case Transpose(args=(b,)) | At(args=(b, *_)) | Each(args=(b, *_)):
                return self.nonnegative(b)
            case Add(args=(b, c)):
                return (self.nonnegative(b) and self.nonnegative(c)) or self._rest_of_one(b, c)
            case Mul(args=(b, c)):
                if self.nonnegative(b) and self.nonnegative(c):
                    return True
                alike = b.shape == c.shape and free_letters(b) == free_letters(c)
                return alike and self._poly(b) == self._poly(c) and self._by("a square is nonnegative")
            case Div(args=(b, c)):
                return self.nonnegative(b) and self.positive(c)
            case Pow(args=(b, Number(value=k))) if k.is_Integer and k % 2 == 0 and k > 0:
                return self._by("a square is nonnegative")
            case Apply(function="relu" | "abs" | "sqrt" | "step" | "softplus" | "exp" | "sigmoid"):
                return self._by("the function is nonnegative")
            case Op(kind="sqnorm" | "norm"):
                return self._by("a norm is nonnegative")
            case Op(kind="trace" | "det" | "diagof" as kind, args=(_, x)):
                if self.positive_semidefinite(x):
                    return self._by("trace and determinant of a semidefinite matrix")
                return kind == "trace" and self._two_semidefinite(x)
            case Reduce(kind="sum" | "max" as kind, args=(_, x, _)):
                form = kind == "sum" and a.shape == () and x.ndim == 2 and self.positive_semidefinite(x)
                return self.nonnegative(x) or (form and self._by("1'A1 >= 0 for a semidefinite A"))
            case Sum():
                weights = [r.weight for r in a.ranges if r.weight is not None]
                return all(self.nonnegative(w) for w in weights) and self.nonnegative(a.body)
            case MatMul(args=(b, c)):
                form = self._form(a, self.positive_semidefinite, strict=False)
                return form or (self.nonnegative(b) and self.nonnegative(c))
        return self.positive(a)

    def _by_largest(self, a: Node, signed: Callable[[Node], bool]) -> bool:
        """max u + w has the sign of every u_i + w_i, since max u >= u_i; and w - max u, w a number, the sign of every
        w - u_i, since max u is one of the u_i. No size is 0."""
        parts = terms(a)
        for k, (sign, top) in enumerate(parts):
            if not isinstance(top, Reduce) or top.kind != "max" or top.shape != ():
                continue
            u, rest = top.args[1], [c if s > 0 else Neg(c) for s, c in parts[:k] + parts[k + 1 :]]
            alike = [c for c in rest if c.shape == () or (sign > 0 and (c.shape, c.row) == (u.shape, u.row))]
            if len(alike) == len(rest) and signed(reduce(Add, rest, u if sign > 0 else Neg(u))):
                return self._by("the largest of several is one of them, and none exceeds it")
        return False

    def _rest_of_one(self, b: Node, c: Node) -> bool:
        """1 - p for entries p between 0 and 1."""
        match b, c:
            case Number() as one, Neg(args=(Delta() | Indicator(),)) if one.value == 1:
                return self._by("a mask is 0 or 1")
            case Number() as one, Neg(args=(Var() as p,)) if one.value == 1:
                return bool(p.properties & {"binary", "simplex", "stochastic_rows"}) and self._by("entries up to 1")
        return False

    def _form(self, a: Node, middle: Callable[[Node], bool], strict: bool) -> bool:
        """v'Mv, or v'v."""
        numbers, parts = _numbers_out(factors(a))
        if not all(self.positive(s) if strict else self.nonnegative(s) for s in numbers):
            return False
        if a.shape != () or len(parts) < 2:
            return False
        for j in range(1, len(parts) // 2 + 1):
            left, inner, b = _split(parts, j)
            if left is None or b is None or b.ndim != 1 or not self.transposed(left, b):
                continue
            if strict and not self._not_null(b):
                continue
            if 2 * j == len(parts) or (inner is not None and middle(inner)):
                return self._by("v'Mv" if inner is not None else "v'v")
        return False

    def _two_semidefinite(self, a: Node) -> bool:
        """tr(PQ) = |Q^(1/2) P^(1/2)|^2 >= 0 for semidefinite P and Q, wherever the product a comes apart."""
        parts = factors(a)
        for k in range(1, len(parts)):
            p, q = product_of(parts[:k]), product_of(parts[k:])
            if p is None or q is None or p.shape != a.shape or q.shape != a.shape:
                continue
            if self.positive_semidefinite(p) and self.positive_semidefinite(q):
                return self._by("trace of a product of two semidefinite matrices")
        return False

    def _not_null(self, v: Node) -> bool:
        """Some entry is not 0."""
        match v:
            case Let():
                return self._not_null(v.value)
            case Var() if "nonzero" in v.properties:
                return True
            case Transpose(args=(b,)) | Neg(args=(b,)):
                return self._not_null(b)
            case MatMul(args=(b, c)) if b.ndim == 2 and self.full_column_rank(b) and self._not_null(c):
                return True
        return self.nonzero(v)


def terms(a: Node, sign: int = 1) -> list[tuple[int, Node]]:
    """The terms of a sum as written, with their signs; names are opened."""
    match a:
        case Add(args=(b, c)):
            return terms(b, sign) + terms(c, sign)
        case Neg(args=(b,)):
            return terms(b, -sign)
        case Let():
            return terms(a.value, sign)
    return [(sign, a)]


def factors(a: Node) -> list[Node]:
    """The factors of a matrix product, left to right, (BC)' as C'B'; a named product stays whole, and so does v @ M,
    which is NumPy's word for the column M'v."""
    if isinstance(a, Transpose) and isinstance(a.args[0], MatMul) and all(b.ndim == 2 for b in a.args[0].args):
        b, c = a.args[0].args
        return factors(Transpose(c)) + factors(Transpose(b))
    if isinstance(a, MatMul):
        b, c = a.args
        if b.ndim != 1 or b.row or c.row:
            return factors(b) + factors(c)
    return [a]


def _numbers_out(parts: list[Node]) -> tuple[list[Node], list[Node]]:
    """(2 X') X is 2 (X'X): the scalars that multiply factors, and the factors without them."""
    numbers, kept = [], []
    for part in parts:
        while isinstance(part, Mul) and () in (part.args[0].shape, part.args[1].shape) and part.ndim:
            s, part = part.args if part.args[0].shape == () else part.args[::-1]
            numbers.append(s)
        kept.append(part)
    return numbers, kept


def _split(parts: list[Node], j: int) -> tuple[Node | None, Node | None, Node | None]:
    """The first j factors, those between, the last j: each as one product, or None where they make none."""
    return product_of(parts[:j]), product_of(parts[j : len(parts) - j]), product_of(parts[len(parts) - j :])


def product_of(parts: list[Node]) -> Node | None:
    """The factors multiplied from the left; None for no factor, and where a scalar appears on the way."""
    if not parts:
        return None
    made = parts[0]
    for f in parts[1:]:
        if made.ndim == 0:
            return None
        made = MatMul(made, f)
    return made
