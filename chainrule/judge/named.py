"""A named formula as a symbol of which nothing is known: what holds for every value of a name holds for this one.

    J = log pi[k] + log p(x[i] | k),      log sum exp J >= the sum of q (J - log q)

needs nothing of the log-density: it holds for any array J. Multiplying J out would only hide that. In the statement and
in its facts each name is replaced by a fresh symbol without properties: if the facts, read so, show the statement for
all values of the symbol, then also for the value that the name has, of which the facts are true. That the formula has
a value, a real number in each entry, is asked of it by itself.

A derivative, an expected value and convexity look into a name, which hangs on other symbols: with one of those nothing
is replaced. Nor is a name whose formula has a free index, a state of a recurrence around it, or another name in it.

A name for a quotient, S = C / n, says a little more: S n = C, without a division. With that S^-1 C S^-1 is n S^-1, and
what n is made of, a sum of weights, need not be taken out of an inverse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainrule.evidence import Evidence
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import BOUND, Deriv, Div, Expect, Let, Node, Subs, Var, free_symbols, make_var
from chainrule.notation.statements import Predicate, Relation

from .context import Shown

DECLARED = {
    "positive": "positive",
    "nonnegative": "nonnegative",
    "nonzero": "nonzero_entries",
    "invertible": "invertible",
    "positive_definite": "positive_definite",
    "positive_semidefinite": "psd",
}
"""A predicate as the property that may be declared of a symbol."""


@dataclass(frozen=True)
class General:
    """A statement and its facts with symbols for names, and the formulas that had these names."""

    statement: Relation | Predicate
    facts: tuple[Shown, ...]
    values: tuple[Node, ...]
    says: str


def arbitrary(statement: Relation | Predicate, facts: tuple[Shown, ...], *, quotients: bool = False) -> General | None:
    """The statement for any value of its names; None where it has no name, or something looks into one. With
    `quotients` a name for a / b is a symbol s of which s b = a is known."""
    said = [statement, *(s for shown in facts for s in shown.statements)]
    formulas = [f for s in said for f in s.formulas]
    if any(f.has(Deriv, Expect, Subs) for f in formulas) or any(isinstance(s, Predicate) and s.variables for s in said):
        return None
    names = sorted({n for f in statement.formulas for n in f.atoms(Let) if _whole(n)}, key=str)
    if not names:
        return None
    taken = {v.name for f in formulas for v in f.atoms(Var)}
    symbols = {n: _symbol(n, said, taken) for n in names}
    general = [replace(shown, statements=tuple(_renamed(s, symbols) for s in shown.statements)) for shown in facts]
    meant = tuple(m for n, v in symbols.items() if quotients and (m := _quotient(v, n.value)) is not None)
    if meant:
        general.append(Shown(meant, Evidence.PROVED, "what is divided"))
    says = "what holds for any " + ", ".join(str(n.name) for n in names)
    return General(_renamed(statement, symbols), tuple(general), tuple(n.value for n in names), says)


def _symbol(n: Let, said: list[Relation | Predicate], taken: set[str]) -> Var:
    """A fresh symbol, declared to be what the facts say of the name."""
    name = f"any {n.name}"
    while name in taken:
        name = f"any {name}"
    taken.add(name)
    known = {DECLARED[s.name] for s in said[1:] if isinstance(s, Predicate) and s.of == n and s.name in DECLARED}
    return make_var(name, n.shape, tuple(sorted(known)))


def _quotient(symbol: Var, value: Node) -> Relation | None:
    """s b = a for s = a / b."""
    if not isinstance(value, Div) or value.args[1].shape not in ((), value.shape):
        return None
    above, below = value.args
    return Relation(symbol * below, "=", above) if above.shape == value.shape else None


def _whole(n: Let) -> bool:
    """A name for a formula that stands by itself: no index, no state of a recurrence around it moves it."""
    moved = free_letters(n.value) or any(BOUND in v.declared for v in free_symbols(n.value))
    return not n.row and not moved and not n.value.atoms(Let)


def _renamed(s: Relation | Predicate, symbols: dict[Let, Var]) -> Relation | Predicate:
    if isinstance(s, Relation):
        return Relation(s.left.xreplace(symbols), s.relation, s.right.xreplace(symbols))
    return replace(s, of=s.of.xreplace(symbols))
