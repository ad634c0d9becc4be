"""The checker: it alone changes what is to be shown, by moves that keep it true.

To show a = b, start from the polynomial a - b and reach 0. Two moves are allowed:

    use     add a multiple of a relation that is 0: an axiom of an atom (A A^-1 = I, 1/x x = 1, Q'Q = I, ...)
            or a fact that was shown before (a given equation)
    clear   multiply by a matrix or number that is not singular or 0: if that gives 0, it was 0

Search proposes moves; nothing it says is believed. The checker multiplies out every move itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from chainrule.notation.nodes import Var

from . import poly as P
from .atoms import Atom
from .poly import Factor, Label, Poly


@dataclass(frozen=True, eq=False)
class Relation:
    """A polynomial that is 0 in every entry, and why."""

    name: str
    poly: Poly


@dataclass(frozen=True)
class Use:
    """coef * relation * factors, summed over labels not in `out`; `holes` label the relation's axes."""

    relation: Relation
    coef: Fraction
    holes: tuple[Label, ...]
    factors: tuple[Factor, ...]
    out: tuple[Label, ...]
    sizes: Mapping[Label, sp.Expr]


class Checker:
    """Applies moves. `facts` are the relations shown before; `used` collects the names of what a proof leans on,
    `leaned` the inverses and reciprocals whose axiom it uses."""

    def __init__(self, facts: Sequence[Relation] = ()):
        self.facts = tuple(facts)
        self.used: dict[str, None] = {}
        self.leaned: dict[Atom, None] = {}
        self.derived: tuple[Relation, ...] = ()
        self._zeros: dict[int, Poly] = {}

    def use(self, poly: Poly, move: Use) -> Poly:
        """poly + move, if the move's relation is an axiom of its own atoms or a given fact."""
        made = P.add([(1, poly), (move.coef, self._multiple(move))], poly.dims)
        if id(poly) in self._zeros:
            self._zeros[id(made)] = made
        return made

    def consequence(self, move: Use) -> Poly:
        """A multiple of a relation, which is 0; `use` keeps track of what stays 0 under further moves."""
        made = self._multiple(move)
        self._zeros[id(made)] = made
        return made

    def admit(self, name: str, poly: Poly) -> Relation:
        """A new relation from a polynomial that was reached from relations alone."""
        if self._zeros.get(id(poly)) is not poly:
            raise AssertionError("this polynomial was not reached from relations")
        found = Relation(name, poly)
        self.derived = (*self.derived, found)
        return found

    def _multiple(self, move: Use) -> Poly:
        if move.relation not in self.facts and move.relation not in self.derived:
            self.leaned[self._owner(move.relation)] = None
        parts = [(move.relation.poly, move.holes)]
        parts += [(P.of_atom(a, p), ls) for a, ls, p in move.factors]
        self.used[move.relation.name] = None
        return P.contract(parts, move.out, move.sizes)

    @staticmethod
    def _owner(relation: Relation) -> Atom:
        """The atom whose axiom the relation is."""
        atoms = list(dict.fromkeys(a for m in relation.poly for a, _, _ in m.factors))
        for a in atoms:
            if any(relation is axiom for axiom in axioms(a)):
                return a
            if any(relation is axiom for b in atoms for axiom in axioms_of_pair(a, b)):
                return a
        raise AssertionError(f"{relation.name} is neither an axiom nor a fact")

    def clear_matrix(self, poly: Poly, inverse: Atom, axis: int, side: int) -> Poly:
        """P poly along one axis, where `inverse` is the atom P^-1: P is invertible, so P poly = 0 shows poly = 0.

        side 0 multiplies P[new, axis], side 1 multiplies P[axis, new]. The other axes of P must be none (no batch).
        """
        if inverse.kind != "inverse" or len(inverse.dims) != 2:
            raise AssertionError(f"{inverse} is no inverse of one matrix")
        labels = list(range(len(poly.dims)))
        fresh = len(labels)
        payload_labels = (fresh, axis) if side == 0 else (axis, fresh)
        out = [fresh if k == axis else k for k in labels]
        self.used["A A^-1 = I"] = None
        self.leaned[inverse] = None
        return P.contract([(inverse.payload, payload_labels), (poly, labels)], out, {})

    def clear_number(self, poly: Poly, reciprocal: Atom, axes: Sequence[int]) -> Poly:
        """p poly, where `reciprocal` is the atom 1/p with its axes at these of poly: p is nowhere 0."""
        if reciprocal.kind != "reciprocal":
            raise AssertionError(f"{reciprocal} is no reciprocal")
        labels = tuple(range(len(poly.dims)))
        self.used["x / x = 1"] = None
        self.leaned[reciprocal] = None
        return P.contract([(reciprocal.payload, tuple(axes)), (poly, labels)], labels, {})


# --- axioms ------------------------------------------------------------------------------------------
_axioms: dict[Atom, tuple[Relation, ...]] = {}


def axioms(a: Atom) -> tuple[Relation, ...]:
    """What holds of an atom because of what it is."""
    if a not in _axioms:
        _axioms[a] = tuple(_make_axioms(a))
    return _axioms[a]


def _make_axioms(a: Atom) -> list[Relation]:
    match a.kind:
        case "inverse":
            n = len(a.dims)
            batch = tuple(range(n - 2))
            me, eye = P.of_atom(a), _eye(a.dims)
            i, j, k = "i", "j", "k"
            left = P.contract([(me, (*batch, i, j)), (a.payload, (*batch, j, k))], (*batch, i, k), {})
            right = P.contract([(a.payload, (*batch, i, j)), (me, (*batch, j, k))], (*batch, i, k), {})
            return [Relation("A A^-1 = I", _minus(x, eye)) for x in (left, right)]
        case "reciprocal":
            labels = tuple(range(len(a.dims)))
            made = P.contract([(P.of_atom(a), labels), (a.payload, labels)], labels, {})
            return [Relation("x / x = 1", _minus(made, P.constant(1, a.dims)))]
        case "root":
            q, inner = a.payload
            return [Relation("sqrt(x)^2 = x", _minus(P.of_atom(a, q), inner))]
        case "cos":
            from .atoms import atom

            labels = tuple(range(len(a.dims)))
            sine = P.of_atom(atom("sin", a.payload, a.dims, symmetric=a.symmetric), 2)
            one = P.constant(1, a.dims)
            made = P.add([(1, P.of_atom(a, 2)), (1, sine), (-1, one)], a.dims)
            return [Relation("sin^2 + cos^2 = 1", P.contract([(made, labels)], labels, {}))]
        case "sign":
            from .normal import step

            labels = tuple(range(len(a.dims)))
            made = P.contract([(P.of_atom(a, 2), labels), (a.payload, labels)], labels, {})
            gates = P.add([(1, P.of_atom(a)), (-2, step(a.payload)), (1, P.constant(1, a.dims))], a.dims)
            linked = P.contract([(gates, labels), (a.payload, labels)], labels, {})
            return [Relation("sign(x)^2 x = x", _minus(made, a.payload)), Relation("|x| = 2 x step(x) - x", linked)]
        case "step":
            from .factor import content
            from .normal import step

            if content(a.payload) > 0:
                return []
            labels = tuple(range(len(a.dims)))
            both = P.add([(1, P.of_atom(a)), (1, step(P.scale(-1, a.payload)))], a.dims)
            gated = P.contract([(both, labels), (a.payload, labels)], labels, {})
            return [Relation("x step(x) + x step(-x) = x", _minus(gated, a.payload))]
        case "var":
            return _declared(a)
        case "argmax":
            return _rows_sum(a, a.payload[0])
    return []


def _declared(a: Atom) -> list[Relation]:
    if not isinstance(a.payload, Var) or not a.dims:
        return []
    has, found = a.payload.properties, []
    name, n = a.payload.name, len(a.dims)
    batch = tuple(range(n - 2))
    me = P.of_atom(a)
    if "orthonormal_columns" in has:
        gram = P.contract([(me, (*batch, "r", "i")), (me, (*batch, "r", "j"))], (*batch, "i", "j"), {})
        found.append(Relation(f"{name}'{name} = I", _minus(gram, _eye(gram.dims))))
    if "orthogonal" in has:
        gram = P.contract([(me, (*batch, "i", "r")), (me, (*batch, "j", "r"))], (*batch, "i", "j"), {})
        found.append(Relation(f"{name}{name}' = I", _minus(gram, _eye(gram.dims))))
    if has & {"simplex", "stochastic_rows"}:
        found += _rows_sum(a, (n - 1,))
    if has & {"one_hot", "one_hot_rows"}:
        rows = tuple(range(n - 1))
        two = P.contract([(me, (*rows, "k")), (me, (*rows, "l"))], (*rows, "k", "l"), {})
        one = P.contract([(me, (*rows, "k"))], (*rows, "k", "k"), {})
        found.append(Relation(f"{name} has one 1 in a row", _minus(two, one)))
    if "permutation" in has:
        found += _rows_sum(a, (n - 2,), "columns")
        two = P.contract([(me, (*batch, "k", "j")), (me, (*batch, "l", "j"))], (*batch, "k", "l", "j"), {})
        one = P.contract([(me, (*batch, "k", "j"))], (*batch, "k", "k", "j"), {})
        found.append(Relation(f"{name} has one 1 in a column", _minus(two, one)))
    if "unit" in has:
        rows = tuple(range(n - 1))
        square = P.contract([(me, (*rows, "k")), (me, (*rows, "k"))], rows, {})
        found.append(Relation(f"|{name}| = 1", _minus(square, P.constant(1, square.dims))))
    if "skew" in has:
        turned = P.arrange(me, (*batch, n - 1, n - 2))
        found.append(Relation(f"{name}' = -{name}", P.add([(1, me), (1, turned)], a.dims)))
    if "diagonal" in has:
        on = P.contract([(me, (*batch, "i", "i"))], (*batch, "i"), {})
        kept = P.contract([(on, (*batch, "i"))], (*batch, "i", "i"), {})
        found.append(Relation(f"{name} is diagonal", _minus(me, kept)))
    return found


_pairs: dict[tuple[Atom, Atom], tuple[Relation, ...]] = {}


def axioms_of_pair(a: Atom, b: Atom) -> tuple[Relation, ...]:
    """What holds of two atoms together: A o B' is diagonal for lower triangular A and B, 1/sqrt(x)^2 = 1/x."""
    if (a, b) not in _pairs:
        found: list[Relation] = []
        if a.dims == b.dims and len(a.dims) == 2 and _lower(a) and _lower(b):
            found.append(_only_the_diagonal_meets(a, b))
        if a.kind == b.kind == "reciprocal":
            found += _of_a_root(a, b)
        _pairs[a, b] = tuple(found)
    return _pairs[a, b]


def _of_a_root(a: Atom, b: Atom) -> list[Relation]:
    """a = 1/x^(1/q) and b = 1/x: a^q = b, and x^(1 - 1/q) b = a, where the axes stand in the same order."""
    roots = [f for m in a.payload for f in m.factors if f[0].kind == "root"]
    if len(roots) != 1 or a.payload != P.of_atom(roots[0][0]) or roots[0][0].payload[1] != b.payload:
        return []
    root, q = roots[0][0], roots[0][0].payload[0]
    labels = tuple(range(len(a.dims)))
    turned = P.contract([(P.of_atom(root, q - 1), labels), (P.of_atom(b), labels)], labels, {})
    return [
        Relation("1/sqrt(x)^2 = 1/x", _minus(P.of_atom(a, q), P.of_atom(b))),
        Relation("sqrt(x) / x = 1/sqrt(x)", _minus(turned, P.of_atom(a))),
    ]


def _lower(a: Atom) -> bool:
    return a.kind == "var" and isinstance(a.payload, Var) and "lower_triangular" in a.payload.properties


def _only_the_diagonal_meets(a: Atom, b: Atom) -> Relation:
    """A[i, j] B[j, i] = [i = j] A[i, i] B[i, i]: off the diagonal one of the two stands above it."""
    one, other = P.of_atom(a), P.of_atom(b)
    met = P.contract([(one, ("i", "j")), (other, ("j", "i"))], ("i", "j"), {})
    kept = P.contract([(one, ("i", "i")), (other, ("i", "i"))], ("i", "i"), {})
    names = " and ".join(sorted({a.payload.name, b.payload.name}))
    return Relation(f"{names} lower triangular", _minus(met, kept))


def _rows_sum(a: Atom, axes: Sequence[int], which: str = "rows") -> list[Relation]:
    labels = tuple(range(len(a.dims)))
    rows = tuple(k for k in labels if k not in axes)
    made = P.contract([(P.of_atom(a), labels)], rows, {})
    shown = a.payload.name if isinstance(a.payload, Var) else a.kind
    return [Relation(f"the {which} of {shown} sum to 1", _minus(made, P.constant(1, made.dims)))]


def _eye(dims: Sequence[sp.Expr]) -> Poly:
    batch = tuple(range(len(dims) - 2))
    return P.single(Fraction(1), [], (*batch, "i", "i"), {**dict(zip(batch, dims, strict=False)), "i": dims[-1]})


def _minus(x: Poly, y: Poly) -> Poly:
    return P.add([(1, x), (-1, y)], x.dims)
