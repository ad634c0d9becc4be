"""Indices, and places made from them: 2 t + k - 1 along an axis. Indices count from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import NotationError

from .dims import Dim

if TYPE_CHECKING:
    from .nodes import Indicator


class Counted(Basic):  # type: ignore[misc]
    """What counts along an axis, from 0: an index, or a place made from indices. Arithmetic makes a place, a comparison
    makes a mask."""

    __slots__ = ()
    _op_priority = 20.0

    def __add__(self, other: object) -> Counted:
        return place(self, other)

    __radd__ = __add__

    def __neg__(self) -> Counted:
        return self * -1

    def __sub__(self, other: object) -> Counted:
        return place(self, -other)  # type: ignore[operator]

    def __rsub__(self, other: object) -> Counted:
        return place(-self, other)

    def __mul__(self, factor: object) -> Counted:
        by = _whole_number(factor, self)
        if by == 0:
            raise NotationError(f"{self} times 0 counts nothing")
        const, terms = _taken_apart(self)
        return Place(by * const, *(sp.Tuple(letter, by * coef) for letter, coef in terms))

    __rmul__ = __mul__

    def __ge__(self, other: object) -> Indicator:
        return _nonnegative(self - other)

    def __le__(self, other: object) -> Indicator:
        return _nonnegative(place(-self, other))

    def __gt__(self, other: object) -> Indicator:
        return _nonnegative(self - other - 1)

    def __lt__(self, other: object) -> Indicator:
        return _nonnegative(place(-self, other) - 1)


class Letter(Counted):
    """An index: Letter(name, dim, level). Level 0 is declared arbitrary; a binder gives its letters a level above
    every letter inside it, so nothing is ever captured. A negative level is open: no binder has closed it yet."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def dim(self) -> Dim:
        return self.args[1]

    @property
    def level(self) -> int:
        return int(self.args[2])

    def _sympystr(self, printer: object) -> str:
        return self.name

    _sympyrepr = _sympystr

    def _latex(self, printer: object) -> str:
        return self.name


class Place(Counted):
    """A place along an axis, from indices and sizes: Place(const, (letter, coefficient), ...), as in 2 t + k - 1.

    Indices count from 0. A place that is one letter is that letter.
    """

    __slots__ = ()

    def __new__(cls, const: sp.Expr, *terms: sp.Tuple) -> Counted:
        coefs: dict[Letter, sp.Expr] = {}
        for letter, coef in terms:
            coefs[letter] = sp.expand(coefs.get(letter, sp.Integer(0)) + coef)
        kept = [(letter, coef) for letter, coef in coefs.items() if coef != 0]
        const = sp.expand(const)
        if len(kept) == 1 and kept[0][1] == 1 and const == 0:
            return kept[0][0]
        made: Place = Basic.__new__(cls, const, *(sp.Tuple(*t) for t in kept))
        return made

    @property
    def const(self) -> sp.Expr:
        return self.args[0]

    @property
    def terms(self) -> tuple[tuple[Letter, sp.Expr], ...]:
        return tuple((t[0], t[1]) for t in self.args[1:])

    def _sympystr(self, printer: object) -> str:
        return spelled(self)

    _sympyrepr = _sympystr


def spelled(place: Counted) -> str:
    """A place as Python: 2*t + k - 1."""
    if isinstance(place, Letter):
        return place.name
    assert isinstance(place, Place)
    terms: list[str] = []
    numbers = sp.Add.make_args(place.const) if place.const != 0 else ()
    for coef, name in [*((c, letter.name) for letter, c in place.terms), *((c, "") for c in numbers)]:
        minus = coef.could_extract_minus_sign()
        size = -coef if minus else coef
        inside = str(size) if size.is_Atom or not name else f"({size})"
        part = f"{inside}*{name}" if name and size != 1 else name or inside
        terms.append(("-" if minus else "") + part if not terms else (" - " if minus else " + ") + part)
    return "".join(terms) or "0"


def place(a: object, b: object) -> Counted:
    """The place a + b."""
    (c, s), (d, t) = _taken_apart(a), _taken_apart(b)
    return Place(c + d, *(sp.Tuple(*term) for term in (*s, *t)))


def _taken_apart(value: object) -> tuple[sp.Expr, tuple[tuple[Letter, sp.Expr], ...]]:
    match value:
        case Letter():
            return sp.Integer(0), ((value, sp.Integer(1)),)
        case Place():
            return value.const, value.terms
    return _whole_number(value, "an index"), ()


def _whole_number(value: object, beside: object) -> sp.Expr:
    if isinstance(value, int) and not isinstance(value, bool):
        return sp.Integer(value)
    if isinstance(value, sp.Expr) and value.is_integer:
        return value
    raise NotationError(f"{value} beside {beside}: a place is made from indices, integers and sizes")


def _nonnegative(at: Counted) -> Indicator:
    from .nodes import Indicator

    return Indicator(Str("nonnegative"), at)
