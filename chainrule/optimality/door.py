"""The door: from an objective and its variable to the lowest point and everything that shows it to be so."""

from __future__ import annotations

from dataclasses import replace

from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Assumption

from .argued import argued
from .ends import at_an_end
from .kkt import kkt
from .lagrange import stationary
from .lengths import lengthy, shortened
from .optimum import Optimum
from .pieces import pieces
from .problem import Problem, problem, shortest
from .relaxed import crowded, relaxed
from .segments import on_pieces
from .singular import shrunk
from .words import SAYS

Constraints = Assumption | tuple[Assumption, ...]
HELD = {"symmetric", "nonzero", *SAYS}
"""Declared properties of the variable that a solution can be held against; others are constraints."""


def minimise(
    objective: object,
    x: Node,
    *,
    subject_to: Constraints = (),
    given: Constraints = (),
    symbols: tuple[Var, ...] = (),
) -> Optimum:
    """Where objective(x) is lowest, with the derivations that show it.

        ridge = minimise(sqnorm(y - X @ w) + lam * sqnorm(w), w)
        nearest = minimise(sqnorm(x) / 2, x, subject_to=assume(A @ x, equals(b)))

    A stationary point is found where the gradient is affine in x, where an inverse or a power of x can be cleared, or
    where one function of x can be turned round; where the gradient of each entry is a broken line that rises, or
    where there is a price on the length of all of x; under equations by Lagrange's multipliers; under inequalities by
    the conditions of Karush, Kuhn and Tucker. A number whose slope has one sign is lowest where inequalities end it.
    `given` are hypotheses that every derivation stands under; `symbols` is the order of the arguments of generated
    code. The solver is a search: what it finds is for the judge to prove.

    Errors: NotationError, ShapeError for what is no problem; Unsupported where a law of derivatives is missing.
    """
    found = _solved(problem(objective, x, subject_to, given, symbols))
    return replace(found, gradient=shortest(found.gradient))


def _solved(p: Problem) -> Optimum:
    """As it stands; where that gives no point, with the constraints that tie entries together paid for."""
    if p.rough and p.subject_to:
        return relaxed(p, _solved) or _open(p, "the singular values stand in more than a price on their sum")
    if crowded(p):
        return relaxed(p, _solved) or _as_it_stands(p)
    found = _as_it_stands(p)
    return found if found.point is not None else relaxed(p, _solved) or found


def _open(p: Problem, why: str) -> Optimum:
    return Optimum(p.objective, p.x, p.subject_to, p.gradient, why=why, given=p.given, symbols=p.symbols)


def _as_it_stands(p: Problem) -> Optimum:
    strange = sorted(p.x.declared - HELD)
    if strange:
        why = f"{p.x.name} is declared {', '.join(strange).replace('_', ' ')}, which is a constraint; write it as one"
        return _open(p, why)
    if p.rough:
        return shrunk(p)
    if p.inequalities:
        return at_an_end(p) or kkt(p)
    if not p.equalities:
        broken, length = pieces(p), lengthy(p)
        found = None if broken is None else on_pieces(p, broken)
        if found is not None:
            return found
        if length is not None:
            return shortened(p, length)
    return argued(p, stationary(p))
