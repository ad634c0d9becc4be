"""How the items of an optimum stand once the judge has seen them."""

from __future__ import annotations

from chainrule.evidence import Evidence
from chainrule.notation.statements import Assumption, Predicate
from chainrule.optimality import Optimum
from chainrule.optimality.verdicts import verdicts
from chainrule.printing import text


def standing(found: Optimum) -> dict[str, Evidence]:
    """The evidence of each item, by its name."""
    return {name: min(v.evidence for v in lines) for name, lines in verdicts(found).items()}


def asked(found: Optimum) -> list[str]:
    """The predicates among the hypotheses, in words."""
    return [_said(a) for a in found.given]


def _said(a: Assumption) -> str:
    s = a.statement
    return f"{s.name} {text(s.of)}" if isinstance(s, Predicate) else f"{text(s.left)} {s.relation} {text(s.right)}"


def point(found: Optimum) -> str:
    """The point as Python text."""
    assert found.point is not None, found.why
    return text(found.point.value)
