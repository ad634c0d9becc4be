"""A derivation of the derivative, one law a line, each line judged."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.calculus.steps import steps as one_law_at_a_time
from chainrule.evidence import Verdict
from chainrule.laws import all_laws
from chainrule.limits import within
from chainrule.notation.statements import Derivation, Reason, algebra

from .domain import domain
from .engine import DERIVING, Derived, verdicts


@dataclass(frozen=True)
class Steps:
    """The chain from the derivative to its formula, and the verdict on each line."""

    chain: Derivation
    verdicts: list[Verdict]


def steps(found: Derived) -> Steps:
    """The derivation of a derivative, its lines judged under the conditions of all of them."""
    lines = within(DERIVING, lambda: one_law_at_a_time(found.goal))
    if lines[-1][0] != found.result:
        lines.append((found.result, algebra.name))
    given = domain(found.goal, *(node for node, _ in lines))
    chain = found.chain(*((node, _reason(law)) for node, law in lines), given=given)
    return Steps(chain, verdicts(chain))


def _reason(law: str) -> Reason:
    """The law by its name, with the words that the appendix has for it."""
    if law == algebra.name:
        return algebra
    says = {known.name: known.says for known in all_laws()}
    return Reason(law, says.get(law, "the laws of derivatives"), calculus=True)
