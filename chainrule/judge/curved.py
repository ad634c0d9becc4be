"""What shows that a formula is convex: a convex domain, and then rules of composition, or its second derivative.

Without kinks, f is convex if its Hessian is semidefinite everywhere; or, for matrices and for several variables at
once, if the second derivative along every line is nonnegative. Either is a derivation that the reason names.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.4; Klaus, Merk, Wiedom, Laue and Giesen (NeurIPS
2022) and, for tensors, Wiedom et al. (IJCAI 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from chainrule.errors import Unsupported
from chainrule.evidence import Evidence
from chainrule.kernel.curvature import Curvature
from chainrule.kernel.obligations import granted, obligations
from chainrule.notation.nodes import Add, Apply, Deriv, Neg, Node, Op, Reduce, Var
from chainrule.notation.statements import Assumption, Derivation, Predicate, Reason, Relation
from chainrule.notation.vocabulary import second_variation

from .context import Context, Shown, assumptions_of

CONVEX_DOMAINS = frozenset(
    (
        *("positive", "nonnegative", "unit_interval", "simplex", "stochastic_rows", "psd", "positive_definite"),
        *("symmetric", "skew", "diagonal", "lower_triangular"),
    )
)
"""Properties that hold between any two points that have them."""
LINEAR = frozenset(("symmetric", "skew", "diagonal", "lower_triangular"))
"""Properties that sums and multiples keep: what a direction may be declared, if the variable has it."""
KINKS = {"relu", "abs", "step", "sign"}


def convex(statement: Predicate, reason: Reason, context: Context) -> bool:
    """On a convex domain: by composition, or, without kinks, by a second derivative that is nonnegative everywhere."""
    f, variables = statement.of, statement.variables
    for x in variables:
        if x.declared - CONVEX_DOMAINS:
            raise Unsupported(f"{x.name} is declared {', '.join(sorted(x.declared))}: that is no convex domain")
    _convex_domain(tuple(_hypotheses(reason, context)), variables)
    if Curvature(variables, context.order).convex(f):
        context.order.used["convex by composition"] = None
        return True
    if not smooth(f):
        raise Unsupported("where a function has kinks, or a norm that may be 0, no second derivative shows it convex")
    return any(_nonnegative(d, statement, context) for d in reason.facts if isinstance(d, Derivation))


def smooth(f: Node) -> bool:
    """Is f made of functions with a second derivative, wherever their obligations are met?"""
    kinks = any(a.function in KINKS for a in f.atoms(Apply)) or any(r.kind == "max" for r in f.atoms(Reduce))
    return not kinks and not any(o.kind == "norm" for o in f.atoms(Op))


def _nonnegative(fact: Derivation, statement: Predicate, context: Context) -> bool:
    """Does this derivation say what the second derivative is, and is that nonnegative?"""
    said, order = fact.conclusion, context.order
    if said.relation != "=":
        return False
    match said.left:
        case Deriv(kind="hessian", args=(_, f, x)) if f == statement.of and (x,) == statement.variables:
            return order.nonnegative(said.right) if x.ndim == 0 else order.positive_semidefinite(said.right)
    return _along_every_line(said.left, statement, context) and order.nonnegative(said.right)


def _along_every_line(left: Node, statement: Predicate, context: Context) -> bool:
    """Is this the second derivative along arbitrary directions: symbols of which no more is said than of every step
    from one point of the domain to another?"""
    f, variables = statement.of, statement.variables
    spoken = {v for fact in context.facts if fact.assumed for s in fact.statements for v in _symbols(s)}
    free = sorted(left.atoms(Var) - f.atoms(Var) - spoken - set(variables), key=lambda v: v.name)
    if len(free) != len(variables):
        return False
    for steps in permutations(free):
        pairs = dict(zip(variables, steps, strict=True))
        fits = all(v.shape == x.shape and v.declared <= LINEAR & x.properties for x, v in pairs.items())
        if fits and second_variation(f, pairs) == left:
            return True
    return False


# --- the domain ------------------------------------------------------------------------------------------
def _convex_domain(hypotheses: tuple[Assumption, ...], variables: tuple[Var, ...]) -> None:
    """Do the hypotheses, one after the other, leave a convex set? Raises Unsupported for one that may not."""
    before: list[Shown] = []
    for h in hypotheses:
        if not _symbols(h.statement).isdisjoint(variables):
            context = Context(tuple(before), calculus=False)
            if not _leaves_convex(h.statement, Curvature(variables, context.order)):
                names = ", ".join(x.name for x in variables if x in _symbols(h.statement))
                raise Unsupported(f"a hypothesis speaks of {names}: what it leaves as the domain may not be convex")
        before.append(Shown((h.statement,), Evidence.PROVED, "hypothesis", assumed=True))


def _leaves_convex(said: Relation | Predicate, c: Curvature) -> bool:
    """Where a concave function is positive, an affine one is 0, an affine matrix is definite."""
    parts = said.formulas
    if not all(granted(o, c.order) for p in parts for o in obligations(p)):
        return False
    match said:
        case Relation(relation="="):
            return c.affine(Add(said.left, Neg(said.right)))
        case Relation(relation=">" | ">="):
            return c.concave(Add(said.left, Neg(said.right)))
        case Relation(relation="<" | "<="):
            return c.concave(Add(said.right, Neg(said.left)))
        case Predicate(name="positive" | "nonnegative"):
            return c.concave(said.of)
        case Predicate(name="positive_definite" | "positive_semidefinite"):
            return c.affine(said.of)
    return False


def _hypotheses(reason: Reason, context: Context) -> Iterator[Assumption]:
    """All that is assumed: here, and in the facts that the reason names."""
    for shown in context.facts:
        if shown.assumed:
            yield from (Assumption(s) for s in shown.statements)
    yield from (a for fact in reason.facts for a in assumptions_of(fact))


def _symbols(said: Relation | Predicate) -> set[Var]:
    return {v for f in said.formulas for v in f.atoms(Var)}
