"""Polynomials of contraction graphs, with canonical labels: two that are equal are equal in every dimension.

A monomial is an output pattern and a product of factors (atom, labels, power), summed over every label that is not in
the output. It is kept as connected components, each with its labels in canonical order, so that renaming a summed
index, reordering factors, and reordering sums all give the same object. A polynomial is {monomial: rational}.

Everything here is trusted. There are four operations: add, scale, contract, and the making of a canonical monomial.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count, product

import sympy as sp

from chainrule.errors import Unsupported

from .atoms import Atom, atom, named

Label = Hashable
Factor = tuple[Atom, tuple[Label, ...], Fraction]
Component = tuple[tuple[str, ...], tuple[tuple[str, Fraction, tuple[int, ...]], ...]]
LEAVES = 4000
"""How many labellings one component may need before it is given up as too symmetric."""
TERMS = 20_000
"""How many terms a polynomial may have before expansion is given up."""


class Monomial:
    """One canonical monomial: `out` is the pattern of output labels, each with its size; made by `monomial` only."""

    __slots__ = ("_hash", "_sort_key", "factors", "key", "out", "pattern")

    def __init__(self, out: tuple[tuple[int, sp.Expr], ...], components: tuple[Component, ...], factors):  # type: ignore[no-untyped-def]
        self.key = (out, components)
        self.out = out
        self.factors: tuple[tuple[Atom, tuple[Label, ...], Fraction], ...] = factors
        self.pattern: tuple[Label, ...] = tuple(-1 - k for k, _ in out)
        """The output labels as factors use them: -1 - first position."""
        self._hash = hash(self.key)
        self._sort_key: tuple[object, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Monomial) and self._hash == other._hash and self.key == other.key

    def __lt__(self, other: Monomial) -> bool:
        return self.sort_key() < other.sort_key()

    def sort_key(self) -> tuple[object, ...]:
        """A total order: by number of factors, then by form."""
        if not self._sort_key:
            pattern = tuple((k, str(d)) for k, d in self.out)
            self._sort_key = (sum(abs(p) for *_, p in self.factors), pattern, self.key[1])
        return self._sort_key

    @property
    def components(self) -> tuple[Component, ...]:
        """The products of factors that hang together, each in canonical form; equal ones are the same function."""
        return self.key[1]

    @property
    def sizes(self) -> dict[Label, sp.Expr]:
        """The size of every label."""
        found: dict[Label, sp.Expr] = {-1 - k: d for k, d in self.out}
        for a, labels, _ in self.factors:
            found.update(zip(labels, a.dims, strict=True))
        return found

    def __repr__(self) -> str:
        body = " ".join(f"{a}{list(ls)}" + (f"^{p}" if p != 1 else "") for a, ls, p in self.factors)
        return f"{body or 1} -> {[k for k, _ in self.out]}"


class Poly(dict[Monomial, Fraction]):
    """A sum of monomials with the same axes. Treated as immutable once made."""

    __slots__ = ("_hash", "_key", "dims")

    def __init__(self, dims: Sequence[sp.Expr], terms: Mapping[Monomial, Fraction] | None = None):
        super().__init__(terms or {})
        self.dims = tuple(dims)
        self._key: tuple[Hashable, ...] | None = None
        self._hash: int | None = None

    def key(self) -> tuple[Hashable, ...]:
        """Canonical and hashable."""
        if self._key is None:
            terms = tuple(sorted((m.sort_key(), c) for m, c in self.items()))
            self._key = (tuple(map(str, self.dims)), terms)
        return self._key

    def __hash__(self) -> int:  # type: ignore[override]
        if self._hash is None:
            self._hash = hash(self.key())
        return self._hash

    def __repr__(self) -> str:
        terms = sorted(self.items(), key=lambda term: term[0].sort_key())
        return " + ".join(f"{c} {m}" for m, c in terms) or "0"


def add(polys: Iterable[tuple[Fraction | int, Poly]], dims: Sequence[sp.Expr]) -> Poly:
    """The sum of scaled polynomials."""
    total: dict[Monomial, Fraction] = {}
    for factor, poly in polys:
        if poly.dims != tuple(dims):
            raise AssertionError(f"adding {poly.dims} to {tuple(dims)}")
        for m, c in poly.items():
            total[m] = total.get(m, Fraction(0)) + factor * c
    return Poly(dims, {m: c for m, c in total.items() if c})


def scale(factor: Fraction | int, poly: Poly) -> Poly:
    """factor * poly."""
    return Poly(poly.dims, {m: c * factor for m, c in poly.items()} if factor else {})


def constant(value: Fraction | int, dims: Sequence[sp.Expr] = ()) -> Poly:
    """A number in every entry."""
    labels = tuple(range(len(dims)))
    return single(Fraction(value), [], labels, dict(zip(labels, dims, strict=True)))


def of_atom(a: Atom, power: Fraction | int = 1) -> Poly:
    """An atom as a polynomial, its axes in order."""
    labels = tuple(range(len(a.dims)))
    return single(Fraction(1), [(a, labels, Fraction(power))], labels, dict(zip(labels, a.dims, strict=True)))


def single(coef: Fraction, factors: Sequence[Factor], out: Sequence[Label], size_of: Mapping[Label, sp.Expr]) -> Poly:
    """The polynomial of one term."""
    dims = tuple(size_of[label] for label in out)
    return Poly(dims, {monomial(factors, out, size_of): coef} if coef else {})


def contract(
    parts: Sequence[tuple[Poly, Sequence[Label]]], out: Sequence[Label], size_of: Mapping[Label, sp.Expr]
) -> Poly:
    """Multiply polynomials whose axes are labelled and sum over every label not in `out`.

    `size_of` gives the size of labels that are in no part. A part's repeated output labels (deltas) join labels.
    """
    sizes = dict(size_of)
    for poly, labels in parts:
        sizes.update(zip(labels, poly.dims, strict=True))
    dims = tuple(sizes[label] for label in out)
    total: dict[Monomial, Fraction] = {}
    expected = 1
    for poly, _ in parts:
        expected *= len(poly)
        if expected > TERMS:
            raise Unsupported(f"the formula expands to more than {TERMS} terms")
    for choice in product(*(poly.items() for poly, _ in parts)):
        coef, inner = Fraction(1), dict(sizes)
        factors: list[Factor] = []
        joined: dict[Label, Label] = {}
        fresh = count()
        for (m, c), (_, labels) in zip(choice, parts, strict=True):
            coef *= c
            factors.extend(_instantiate(m, labels, joined, inner, fresh))
        find = _finder(joined)
        relabelled = [(a, tuple(find(k) for k in ls), p) for a, ls, p in factors]
        unified = {find(k): d for k, d in inner.items()}
        made = monomial(relabelled, [find(k) for k in out], unified)
        total[made] = total.get(made, Fraction(0)) + coef
    return Poly(dims, {m: c for m, c in total.items() if c})


def axes_used(poly: Poly) -> tuple[int, ...]:
    """The axes that some factor or delta of the polynomial speaks of; it is constant along the others."""
    found = set()
    for m in poly:
        labels = {k for _, ls, _ in m.factors for k in ls}
        pattern = m.pattern
        found |= {k for k, label in enumerate(pattern) if label in labels or pattern.count(label) > 1}
    return tuple(sorted(found))


def arrange(poly: Poly, axes: Sequence[int]) -> Poly:
    """The polynomial with just these axes, in this order. An axis left out must be one that it does not use."""
    total: dict[Monomial, Fraction] = {}
    for m, c in poly.items():
        pattern = m.pattern
        dropped = {label for k, label in enumerate(pattern) if k not in axes}
        sizes = {label: d for label, d in m.sizes.items() if label not in dropped}
        made = monomial(m.factors, [pattern[k] for k in axes], sizes)
        total[made] = total.get(made, Fraction(0)) + c
    return Poly([poly.dims[k] for k in axes], {m: c for m, c in total.items() if c})


def parts(m: Monomial, held: Iterable[Label] = ()) -> list[list[Factor]]:
    """The factors of a monomial that hang together by summed labels, those that are held apart."""
    return _components({(a, ls): p for a, ls, p in m.factors}, {*m.pattern, *held})


def _finder(joined: dict[Label, Label]):  # type: ignore[no-untyped-def]
    def find(label: Label) -> Label:
        while label in joined:
            label = joined[label]
        return label

    return find


def _instantiate(
    m: Monomial, labels: Sequence[Label], joined: dict[Label, Label], sizes: dict[Label, sp.Expr], fresh: Iterator[int]
) -> Iterator[Factor]:
    """The factors of a monomial under outer labels; its own summed labels are made new."""
    find = _finder(joined)
    rename: dict[Label, Label] = {}
    for own, label in zip(m.pattern, labels, strict=True):
        if own in rename:
            a, b = find(rename[own]), find(label)
            if a != b:
                joined[b] = a
        else:
            rename[own] = label
    for a, ls, p in m.factors:
        for own, d in zip(ls, a.dims, strict=True):
            if own not in rename:
                rename[own] = ("dummy", next(fresh))
                sizes[rename[own]] = d
        yield a, tuple(rename[k] for k in ls), p


# --- the canonical monomial --------------------------------------------------------------------------
def monomial(factors: Iterable[Factor], out: Sequence[Label], size_of: Mapping[Label, sp.Expr]) -> Monomial:
    """The canonical form of a product of factors, summed over every label of `size_of` that is not in `out`."""
    merged = _merge(factors)
    used = {label for _, labels in merged for label in labels}
    kept = set(out)
    loose: dict[Atom, int] = {}
    for label, d in size_of.items():
        if label not in used and label not in kept and d != 1:
            for part in _factors_of(d):
                a = atom("size", part, ())
                loose[a] = loose.get(a, 0) + 1
    for a, times in loose.items():
        merged[(a, ())] = merged.get((a, ()), Fraction(0)) + times
    first: dict[Label, int] = {}
    for position, label in enumerate(out):
        first.setdefault(label, position)
    pattern = tuple((first[label], size_of[label]) for label in out)
    components = [_canonical(part, first, size_of) for part in _components(merged, kept)]
    return _assemble(pattern, components)


def _merge(factors: Iterable[Factor]) -> dict[tuple[Atom, tuple[Label, ...]], Fraction]:
    """Powers of one atom at the same labels come together and reduce by the atom's own rule."""
    powers: dict[tuple[Atom, tuple[Label, ...]], Fraction] = {}
    for a, labels, p in factors:
        if a.symmetric and len(labels) >= 2 and _sort_key(labels[-1]) < _sort_key(labels[-2]):
            labels = (*labels[:-2], labels[-1], labels[-2])
        powers[(a, labels)] = powers.get((a, labels), Fraction(0)) + p
    kept = {}
    for (a, labels), p in powers.items():
        p = _reduced(a, p)
        if p:
            kept[(a, labels)] = p
    return kept


def _factors_of(d: sp.Expr) -> list[sp.Expr]:
    """A product of dimensions, factor by factor."""
    if d.is_Mul:
        return [part for arg in d.args for part in _factors_of(arg)]
    if d.is_Pow and d.exp.is_Integer:
        return [d.base] * int(d.exp)
    return [d]


def _sort_key(label: Label) -> tuple[str, str]:
    return (type(label).__name__, str(label))


def _reduced(a: Atom, p: Fraction) -> Fraction:
    if a.power == "exp":
        return p
    if p.denominator != 1 or p < 0:
        raise AssertionError(f"{a} to the power {p}: only exponentials have such powers")
    match a.power:
        case "idempotent":
            return min(p, Fraction(1))
        case "sign":
            return p % 2
        case "signum":
            return p if p <= 2 else 2 - p % 2
    return p


def _components(
    merged: dict[tuple[Atom, tuple[Label, ...]], Fraction], kept: set[Label]
) -> list[list[tuple[Atom, tuple[Label, ...], Fraction]]]:
    """Factors that hang together by summed labels."""
    parts: list[tuple[set[Label], list[tuple[Atom, tuple[Label, ...], Fraction]]]] = []
    for (a, labels), p in merged.items():
        summed = {label for label in labels if label not in kept}
        mine = [(a, labels, p)]
        rest = []
        for links, members in parts:
            if summed and links & summed:
                summed |= links
                mine = members + mine
            else:
                rest.append((links, members))
        parts = [*rest, (summed, mine)]
    return [members for _, members in parts]


def _canonical(part: list[Factor], first: dict[Label, int], size_of: Mapping[Label, sp.Expr]) -> Component:
    """The smallest labelling of one component: refine colours, then try every choice where they leave one open."""
    summed = sorted({k for _, ls, _ in part for k in ls if k not in first}, key=_sort_key)
    fixed: dict[Label, int] = {k: -1 - first[k] for _, ls, _ in part for k in ls if k in first}
    names = sorted({str(size_of[k]) for k in summed})
    colours = {k: names.index(str(size_of[k])) for k in summed}
    best: list[Component] = []
    budget = [LEAVES]
    _search(part, _refine(part, colours, fixed), fixed, size_of, best, budget)
    return best[0]


def _refine(part: list[Factor], colours: dict[Label, int], fixed: dict[Label, int]) -> dict[Label, int]:
    """Split colours by the factors that a label stands in, until nothing changes."""
    while True:
        seen: dict[Label, list[tuple[object, ...]]] = {k: [] for k in colours}
        for a, labels, p in part:
            shades = tuple((1, colours[k]) if k in colours else (0, fixed[k]) for k in labels)
            for position, k in enumerate(labels):
                if k not in colours:
                    continue
                if a.symmetric and position >= len(labels) - 2:
                    other = shades[len(labels) - 2] if position == len(labels) - 1 else shades[-1]
                    seen[k].append((a.name, p, -1, (*shades[:-2], other), labels[-1] == labels[-2]))
                else:
                    same = tuple(j for j, other_label in enumerate(labels) if other_label == k)
                    seen[k].append((a.name, p, position, (*shades, *same), False))
        signature = {k: (colours[k], tuple(sorted(map(repr, seen[k])))) for k in colours}
        ranks = {s: r for r, s in enumerate(sorted(set(signature.values())))}
        refined = {k: ranks[signature[k]] for k in colours}
        if len(ranks) == len(set(colours.values())):
            return refined
        colours = refined


def _search(part, colours, fixed, size_of, best, budget) -> None:  # type: ignore[no-untyped-def]
    cells: dict[int, list[Label]] = {}
    for k, colour in colours.items():
        cells.setdefault(colour, []).append(k)
    open_cells = [(len(c), colour) for colour, c in cells.items() if len(c) > 1]
    if not open_cells:
        budget[0] -= 1
        if budget[0] < 0:
            raise Unsupported("a product of many alike factors is too symmetric to be put into canonical form")
        made = _certificate(
            part, {k: r for r, k in enumerate(sorted(colours, key=colours.__getitem__))}, fixed, size_of
        )
        if not best or made < best[0]:
            best[:] = [made]
        return
    colour = min(open_cells)[1]
    tried: set[tuple[str, ...]] = set()
    for k in cells[colour]:
        twin = _twin_signature(part, k)
        if twin in tried:
            continue
        tried.add(twin)
        split = {j: 2 * c + (1 if c == colour and j != k else 0) for j, c in colours.items()}
        _search(part, _refine(part, split, fixed), fixed, size_of, best, budget)


def _twin_signature(part: list[Factor], label: Label) -> tuple[str, ...]:
    """Two labels with the same factors around them (themselves apart) are exchangeable: one try serves both."""
    found = []
    for a, labels, p in part:
        if label in labels:
            found.append(repr((a.name, p, tuple("*" if k == label else k for k in labels))))
    return tuple(sorted(found))


def _certificate(
    part: list[Factor], rank: dict[Label, int], fixed: dict[Label, int], size_of: Mapping[Label, sp.Expr]
) -> Component:
    rows = []
    for a, labels, p in part:
        row = tuple(rank[k] if k in rank else fixed[k] for k in labels)
        if a.symmetric and len(row) >= 2 and row[-1] < row[-2]:
            row = (*row[:-2], row[-1], row[-2])
        rows.append((a.name, p, row))
    sizes = tuple(str(size_of[k]) for k in sorted(rank, key=rank.__getitem__))
    return (sizes, tuple(sorted(rows)))


def _assemble(pattern: tuple[tuple[int, sp.Expr], ...], components: list[Component]) -> Monomial:
    """Components in order; summed labels numbered through."""
    components.sort()
    factors, base = [], 0
    for sizes, rows in components:
        for name, p, row in rows:
            factors.append((named[name], tuple(k + base if k >= 0 else k for k in row), p))
        base += len(sizes)
    return Monomial(pattern, tuple(components), tuple(factors))
