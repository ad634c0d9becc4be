"""The pieces of which solutions are written: fresh names, inner products, and what the judge's rules can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from chainrule.calculus import read
from chainrule.errors import Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.forms.dag import Dag
from chainrule.judge.context import Shown
from chainrule.judge.prove import prove
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Add, Let, Neg, Node, Number, Var, as_node
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Fact,
    Line,
    Predicate,
    Reason,
    Relation,
    by,
    claim,
    derive,
    invertible,
    nonnegative,
    nonzero,
    positive,
    positive_definite,
    positive_semidefinite,
    positivity,
    unfold,
)
from chainrule.notation.vocabulary import let, total, trace

SAYS: dict[str, tuple[Callable[[Node], Predicate], ...]] = {
    "positive": (positive,),
    "nonnegative": (nonnegative,),
    "unit_interval": (positive, lambda x: positive(as_node(1) - x)),
    "positive_definite": (positive_definite,),
    "psd": (positive_semidefinite,),
    "nonzero_entries": (nonzero,),
    "invertible": (invertible,),
}
"""The predicates that a declared property amounts to."""
SECONDS = 4.0
"""How long one side condition may be looked for."""
NAMES = ("A", "B", "M", "K", "H", "L", "R", "V", "W", "Q")


def provable(statement: Predicate | Relation, given: Iterable[Assumption] = (), reason: Reason = positivity) -> bool:
    """Do the rules show it, under these hypotheses? It is judged again where it is claimed."""
    facts = tuple(Shown((a.statement,), Evidence.PROVED, "hypothesis", assumed=True) for a in given)
    try:
        proof, _ = within(SECONDS, lambda: prove(statement, reason, facts))
    except (Unsupported, Undefined, TooMuch):
        return False
    return proof is not None and proof.evidence is Evidence.PROVED and not proof.obligations


def put_in(a: Assumption, x: Var, value: Node) -> Assumption:
    """The hypothesis with a formula in place of a symbol."""
    match a.statement:
        case Predicate() as said:
            return replace(a, statement=replace(said, of=said.of.at(x, value)))
        case Relation() as said:
            return replace(a, statement=replace(said, left=said.left.at(x, value), right=said.right.at(x, value)))


def names_of(*formulas: Node) -> set[str]:
    """The names of symbols and named formulas in use."""
    return {str(v.name) for f in formulas for v in f.atoms(Var, Let)}


def fresh(wishes: Iterable[str], taken: set[str]) -> str:
    """The first name that is not in use, which then is."""
    name = next(w for w in wishes if w not in taken)
    taken.add(name)
    return name


def named(node: Dag, taken: set[str], written: Node) -> Node:
    """The formula of a node; a sum gets a name, so that its inverse is read easily."""
    formula = read(node, (), (), [written])
    return let(fresh(NAMES, taken), formula) if isinstance(formula, Add) and formula.ndim == 2 else formula


def inner(a: Node, b: Node) -> Node:
    """<a, b>, the sum of the products of all entries."""
    match a.ndim:
        case 0:
            return a * b
        case 1:
            return a.T @ b
        case 2:
            return trace(a.T @ b)
    return total(a * b)


def scaled(k: Node | Fraction, a: Node) -> Node:
    """k a; a alone where k is 1."""
    k = as_node(k)
    return a if _is_one(k) else k * a


def over(a: Node, b: Node) -> Node:
    """a / b; a alone where b is 1."""
    return a if _is_one(b) else a / b


def _is_one(a: Node) -> bool:
    return isinstance(a, Number) and a.value == 1


def difference(a: Node, b: Node) -> Node:
    """a - b; a alone where b is 0."""
    if isinstance(b, Number) and b.value == 0:
        return a
    return negative(b) if isinstance(a, Number) and a.value == 0 else a - b


def negative(a: Node) -> Node:
    """-a, two minus signs taken away and a difference turned round."""
    match a:
        case Neg(args=(b,)):
            inside: Node = b
            return inside
        case Add(args=(b, Neg(args=(c,)))):
            return c if isinstance(b, Number) and b.value == 0 else c - b
    return -a


# --- statements, each at a place of its own -----------------------------------------------------------
def chain(part: str, first: Node, *lines: Line, given: tuple[Assumption, ...] = ()) -> Derivation:
    """A derivation that the author of this line of the file is given, told apart from others by its part."""
    made = derive(first, *lines, given=given)
    return replace(made, place=replace(made.place, part=part))


def claimed(part: str, statement: Predicate, reason: Reason = positivity, given: tuple[Assumption, ...] = ()) -> Claim:
    """A claim, likewise."""
    made = claim(statement, reason, given=given)
    return replace(made, place=replace(made.place, part=part))


def because(*facts: Fact | None, names: Iterable[Node] = ()) -> Reason:
    """By these facts; where there are none, by opening these names."""
    known = tuple(f for f in facts if f is not None)
    return by(*known) if known else unfold(*(n for n in names if isinstance(n, Let)))
