"""Where a formula has a value and a derivative: its obligations, as hypotheses under which the derivative is judged."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule.errors import Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.judge.context import Context, Shown
from chainrule.kernel.obligations import Obligation, granted, obligations
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import Deriv, Div, Let, Mul, Neg, Node, Number, Op, Pow, Transpose
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Predicate,
    claim,
    invertible,
    nonnegative,
    nonzero,
    positive,
    positivity,
)
from chainrule.notation.vocabulary import det, sqnorm

PREDICATES = {"nonzero": nonzero, "positive": positive, "nonnegative": nonnegative, "invertible": invertible}


def domain(*formulas: Node) -> tuple[Assumption, ...]:
    """What formulas, a derivative first, ask for, as far as the declared properties do not grant it already.

    log x asks for x > 0, an inverse for invertibility, logdet for det > 0; what the formula divides by must not be 0.
    Conditions with bound indices and those of asin and acos have no predicate: they are left to the judge.
    """
    found: tuple[Predicate, ...] = ()
    for formula in formulas:
        shown = tuple(Shown((p,), Evidence.PROVED, "hypothesis") for p in found)
        context = Context(shown, calculus=False)
        for asked in dict.fromkeys(obligations(formula)):
            if not free_letters(asked.of) and not asked.of.atoms(Deriv) and not _granted(asked, context):
                found += tuple(p for p in _predicates(asked) if p not in found)
    return tuple(Assumption(p) for p in found)


def inverses(chain: Derivation) -> tuple[Claim, ...]:
    """That the matrices have inverses that a chain inverts, as far as rules of order show it under its hypotheses."""
    context = Context(tuple(Shown((a.statement,), Evidence.PROVED, "hypothesis") for a in chain.given), calculus=False)
    formulas = (chain.first, *(line.expr for line in chain.lines))
    asked = dict.fromkeys(o for f in formulas for o in obligations(f) if o.kind == "invertible" and o.of.ndim == 2)
    plain = (o for o in asked if not free_letters(o.of) and not o.of.atoms(Deriv))
    return tuple(claim(invertible(o.of), positivity, given=chain.given) for o in plain if _granted(o, context))


def _granted(asked: Obligation, context: Context) -> bool:
    try:
        return granted(asked, context.order)
    except (Unsupported, Undefined):
        return False


def _predicates(asked: Obligation) -> Iterator[Predicate]:
    if asked.kind == "positive determinant":
        yield positive(det(asked.of))
        yield invertible(asked.of)
    elif asked.kind in PREDICATES:
        yield PREDICATES[asked.kind](asked.of)


def plainly(given: tuple[Assumption, ...]) -> list[Predicate]:
    """The same conditions with fewer words: a b != 0 as a != 0 and b != 0, a^2 != 0 as a != 0, |x| as |x|^2."""
    found: dict[Predicate, None] = {}
    for a in given:
        assert isinstance(a.statement, Predicate), "a domain consists of predicates"
        found.update(dict.fromkeys(_plain(a.statement)))
    definite = {p.of for p in found if p.name == "positive"}
    return [p for p in found if not (p.name in ("nonzero", "nonnegative") and p.of in definite)]


def _plain(said: Predicate) -> Iterator[Predicate]:
    if said.name != "nonzero":
        yield said
        return
    match said.of:
        case Mul(args=(a, b)) | Div(args=(a, b)):
            yield from _plain(nonzero(a))
            yield from _plain(nonzero(b))
        case Neg(args=(a,)) | Transpose(args=(a,)):
            yield from _plain(nonzero(a))
        case Pow(args=(a, Number() as k)) if k.value.is_positive:
            yield from _plain(nonzero(a))
        case Let():
            yield from _plain(nonzero(said.of.value))
        case Op(kind="norm", args=(_, x)):
            yield nonzero(sqnorm(x))
        case Op(kind="det", args=(_, x)):
            yield invertible(x)
        case Number():
            return
        case _:
            yield said
