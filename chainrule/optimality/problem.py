"""A problem as it is asked: an objective, its variable, constraints; checked, with the gradient taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import add

from chainrule.calculus import differentiate as take
from chainrule.calculus.lengths import length
from chainrule.calculus.readback import derivative, read
from chainrule.calculus.shortest import forms
from chainrule.diff.domain import domain
from chainrule.errors import NotationError, ShapeError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.notation.indices import check_closed, free_letters
from chainrule.notation.nodes import Add, Deriv, Node, Number, Op, Transpose, Var, as_node
from chainrule.notation.statements import Assumption, Derivation, Predicate, Relation, differentiate, equals
from chainrule.notation.vocabulary import grad
from chainrule.printing import text

from .words import chain, difference, names_of, negative, provable

SHORT, TRIED = 50, 2
"""A gradient of at most so many characters is not made shorter; of a longer one so many forms are tried."""


@dataclass(frozen=True, eq=False)
class Problem:
    """The lowest value of an objective over the x that keep the constraints, under hypotheses."""

    objective: Node
    x: Var
    subject_to: tuple[Assumption, ...]
    given: tuple[Assumption, ...]
    own: tuple[Assumption, ...]  # the hypotheses before those that the gradient asks for
    symbols: tuple[Var, ...]
    smooth: Node  # what of the objective has a gradient
    gradient: Derivation  # of that: grad(f, x) = the derivative, read back
    rough: bool = False  # do the singular values of x stand in the objective or the constraints?
    taken: set[str] = field(default_factory=set)

    @property
    def equalities(self) -> list[Node]:
        """What has to be 0."""
        said = [a.statement for a in self.subject_to]
        return [difference(s.left, s.right) for s in said if isinstance(s, Relation) and s.relation == "="]

    @property
    def inequalities(self) -> list[Node]:
        """What has to be at most 0, entry by entry."""
        return [n for a in self.subject_to for n in _at_most_zero(a.statement)]

    @property
    def symbol(self) -> Dag:
        return dag.var(self.x, self.x.shape)


def lower(formula: Node) -> Dag:
    """The node of a formula, its derivatives taken."""
    return Lowering(take)(formula).node


def problem(objective: object, x: Node, subject_to: object, given: object, symbols: tuple[Var, ...] = ()) -> Problem:
    """Checked. Errors: NotationError for what is no scalar objective, no symbol of it, or no constraint on it."""
    f = check_closed(as_node(objective))
    if not isinstance(x, Var):
        raise NotationError(f"a function is minimised over a declared symbol, not over {x}")
    if f.shape != ():
        raise ShapeError(f"only numbers have a lowest one; {f.described()} is none")
    if x not in f.atoms(Var):
        known = ", ".join(sorted(str(v.name) for v in f.atoms(Var))) or "none"
        raise NotationError(f"{x.name} is not in the objective {f}; its symbols are: {known}")
    constraints, hypotheses = _all("a constraint", subject_to), _all("a hypothesis", given)
    for a in constraints:
        _check(a, x)
    parts = [f, *(p for a in (*constraints, *hypotheses) for p in a.statement.formulas)]
    smooth = _smooth(f, x)
    asked = grad(smooth, x)
    taken = derivative(asked)
    own = hypotheses
    hypotheses += tuple(a for a in domain(asked, taken) if not provable(_predicate(a), hypotheses))
    gradient = chain("gradient", asked, equals(taken, differentiate), given=hypotheses)
    rough = any(_rough(part, x) for part in (f, *(p for a in constraints for p in a.statement.formulas)))
    return Problem(f, x, constraints, hypotheses, own, symbols, smooth, gradient, rough, names_of(*parts))


def _rough(f: Node, x: Var) -> set[Node]:
    """The sums of singular values of x: they have no derivative where one of them is 0."""
    return {op for op in f.atoms(Op) if op.kind == "nuclear" and x in op.atoms(Var)}


def _smooth(f: Node, x: Var) -> Node:
    """The objective with 0 in their place, its other terms as they were written."""
    rough = _rough(f, x)
    if not rough:
        return f
    if isinstance(f, Add):
        kept = [t for t in (_smooth(t, x) for t in f.args) if not (isinstance(t, Number) and t.value == 0)]
        return reduce(add, kept) if kept else as_node(0)
    return read(lower(f.xreplace({op: as_node(0) for op in rough})), (), (), [f])


def shortest(gradient: Derivation) -> Derivation:
    """The same in its shortest form that is proved and shorter as text, too; what is solved is the plain one."""
    asked, plain = gradient.first, gradient.last
    if not isinstance(asked, Deriv) or length(plain) <= SHORT:
        return gradient
    shorter = [f for f in forms(asked)[:-1] if len(text(f)) < len(text(plain))]
    found = (f for f in shorter[:TRIED] if provable(Relation(asked, "=", f), gradient.given, differentiate))
    best = next(found, None)
    return gradient if best is None else chain("gradient", asked, equals(best, differentiate), given=gradient.given)


def _predicate(a: Assumption) -> Predicate:
    assert isinstance(a.statement, Predicate), "a domain consists of predicates"
    return a.statement


def _all(what: str, found: object) -> tuple[Assumption, ...]:
    listed = tuple(found) if isinstance(found, (tuple, list)) else (found,)
    for a in listed:
        if not isinstance(a, Assumption):
            raise NotationError(f"{a!r} is no {what.split()[-1]}; write assume(A @ x, equals(b))")
    return listed


def _check(a: Assumption, x: Var) -> None:
    parts = a.statement.formulas
    if any(free_letters(p) for p in parts):
        raise NotationError("a constraint has no free indices; write it for the whole vector")
    if all(x not in p.atoms(Var) for p in parts):
        raise NotationError(f"the constraint {parts[0]} does not speak of {x.name}; give it as a hypothesis")
    if isinstance(a.statement, Predicate) and a.statement.name != "nonnegative":
        raise NotationError("a constraint is an equation, an inequality, or nonnegative(...)")
    if isinstance(a.statement, Relation) and a.statement.relation in ("<", ">"):
        raise NotationError("a strict inequality leaves no lowest point on its edge; write at_most or at_least")


def _at_most_zero(s: Relation | Predicate) -> list[Node]:
    match s:
        case Relation(relation="<="):
            return [difference(s.left, s.right)]
        case Relation(relation=">="):
            return [difference(s.right, s.left)]
        case Predicate(name="nonnegative"):
            return [negative(Transpose(s.of) if s.of.row else s.of)]
    return []
