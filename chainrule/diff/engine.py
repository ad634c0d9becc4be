"""The derivative of a typed formula: taken, read back, judged, printed and turned into code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from chainrule import printing
from chainrule.calculus.shortest import forms
from chainrule.code import compressed_source, numpy_source, portable_source
from chainrule.errors import NotationError, Place
from chainrule.evidence import Evidence, Verdict
from chainrule.judge import judge
from chainrule.limits import TooMuch, within
from chainrule.notation.nodes import Deriv, Let, Node, Transpose, Var
from chainrule.notation.statements import Assumption, Derivation, Line, Reason, differentiate
from chainrule.notation.vocabulary import grad, hessian, jacobian
from chainrule.typed import Formula

from .domain import domain, inverses, plainly

ORDERS = (1, 2)
DERIVING = 20.0
"""Seconds that a derivative may take."""
TRIED = 2
"""A shorter form of a derivative is printed if it is proved; so many are tried."""
JUDGING = 5.0
"""Seconds that its proof may take."""
HERE = Place("formula", 1)


@dataclass(frozen=True)
class Derived:
    """A formula, the derivative asked for (not yet taken), and the derivative as a formula."""

    formula: Formula
    variable: Var
    order: int
    goal: Deriv
    result: Node
    typical: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def given(self) -> tuple[Assumption, ...]:
        """Where the formula has a value and a derivative: what it asks of its symbols beyond what they are declared."""
        return domain(self.goal, self.result)

    def chain(self, *lines: tuple[Node, Reason], given: tuple[Assumption, ...] = ()) -> Derivation:
        """goal = line = ... = line, under the conditions of the domain."""
        return Derivation(self.goal, tuple(Line("=", n, r, HERE) for n, r in lines), given or self.given, HERE)

    @cached_property
    def verdict(self) -> Verdict:
        """How well `goal = result` stands."""
        return verdicts(self.chain((self.result, differentiate)))[0]

    def shown(self, page: str) -> str:
        """The derivative on a kind of page (text, unicode, latex), what it names behind it."""
        return with_names(self.result, page)

    @cached_property
    def python(self) -> str:
        """Source of `f`: the symbols in order, to an array with the axes of the function, then of the variable."""
        return numpy_source(self.goal, "f", self._arguments, self.typical)

    @property
    def compressed(self) -> str | None:
        """Source of `f_parts`, which returns a structured derivative by its parts; None where it has none."""
        return compressed_source(self.goal, "f_parts", self._arguments, self.typical)

    @property
    def together(self) -> str:
        """Source of `f` that returns the formula and its derivatives up to the order, sharing their work."""
        orders = [_goal(self.formula.node, self.variable, k) for k in range(1, self.order + 1)]
        return numpy_source((self.formula.node, *orders), "f", self._arguments, self.typical)

    @property
    def portable(self) -> str:
        """Source of `f` for arrays of any library that follows the array API standard."""
        return portable_source(self.goal, "f", self._arguments)

    @property
    def _arguments(self) -> list[Var]:
        return list(self.formula.symbols.values())


def derived(formula: Formula, wrt: str, order: int = 1, typical: Mapping[str, int] | None = None) -> Derived:
    """The derivative of a formula by one of its symbols, of order 1 or 2.

    The derivative has the axes of the formula, then those of the symbol, once an order. For a symbol declared symmetric
    it is the symmetric projection. A row is taken as the column of its entries. `typical` sizes of dimensions, by name,
    guide the order of products in the code.

    Errors: FormulaError for an unknown symbol; NotationError for another order; Unsupported where a law is missing;
    TooMuch where it takes too long.
    """
    if order not in ORDERS or isinstance(order, bool):
        raise NotationError(f"the order is 1 or 2, not {order!r}", HERE)
    variable = formula.symbol(wrt)
    goal = _goal(formula.node, variable, order)
    *shorter, plain = within(DERIVING, lambda: forms(goal))
    found = (Derived(formula, variable, order, goal, form, typical or {}) for form in shorter[:TRIED])
    proved = next((d for d in found if d.verdict.evidence is Evidence.PROVED), None)
    return proved or Derived(formula, variable, order, goal, plain, typical or {})


def _goal(f: Node, x: Var, order: int) -> Deriv:
    if f.row:
        f = f.args[0] if isinstance(f, Transpose) else Transpose(f)
    if f.shape == ():
        return grad(f, x) if order == 1 else hessian(f, x)
    return jacobian(f, x) if order == 1 else jacobian(jacobian(f, x), x)


def verdicts(chain: Derivation) -> list[Verdict]:
    """The verdicts on the lines of a chain. Where one lacks an inverse that there is, again with the claim of it."""
    found = _judged(chain)
    claims = inverses(chain) if any(v.obligations for v in found) else ()
    if not claims:
        return found
    lines = (replace(line, reason=replace(line.reason, facts=(*line.reason.facts, *claims))) for line in chain.lines)
    return _judged(replace(chain, lines=tuple(lines)))


def _judged(chain: Derivation) -> list[Verdict]:
    """OPEN, with the reason, where judging takes too long."""
    try:
        return within(JUDGING, lambda: judge(chain, "diff"))
    except TooMuch as error:
        return [Verdict(Evidence.OPEN, "diff", k + 1, HERE, error.text) for k in range(len(chain.lines))]


def with_names(node: Node, page: str) -> str:
    """The formula, and behind it what the names in it stand for."""
    shown = printing.formula
    lets = names_in(node)
    joined = ", ".join(f"{shown(n, page)} = {shown(n.value, page)}" for n in lets)
    if not lets:
        return shown(node, page)
    where = {"latex": r" \quad\text{where } "}.get(page, ", where ")
    return shown(node, page) + where + joined


def names_in(node: Node) -> list[Let]:
    """The names in a formula, each before the names that it uses."""
    found: dict[Let, None] = {}
    todo: list[Node] = [node]
    while todo:
        part = todo.pop(0)
        if isinstance(part, Let):
            found.pop(part, None)
            found[part] = None
        todo.extend(a for a in part.args if isinstance(a, Node) or a.has(Let))
    return list(found)


def rests_on(verdict: Verdict, given: tuple[Assumption, ...]) -> tuple[str, ...]:
    """Laws, declared properties, and the conditions of the domain, in plain words."""
    properties = (h for h in verdict.hypotheses if not h.startswith("assumed: "))
    return (*verdict.rests_on, *properties, *(f"where {printing.predicate(p, 'unicode')}" for p in plainly(given)))
