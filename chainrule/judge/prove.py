"""One attempt to prove one statement under one reason. What comes back was checked by the kernel, move by move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainrule.errors import Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.kernel import poly as P
from chainrule.kernel.density import moved_freely, smooth
from chainrule.kernel.induction import induction
from chainrule.kernel.obligations import Obligation, granted, obligations
from chainrule.notation.nodes import Let, MatMul, Neg, Node, Transpose, Var, as_node
from chainrule.notation.statements import Predicate, Reason, Relation
from chainrule.search import inequality

from .context import Context, Shown, letters_of
from .curved import convex
from .named import arbitrary


@dataclass(frozen=True)
class Proof:
    """A proof: what it rests on, how far its facts carry it, and what it asks that nothing has granted."""

    rests_on: tuple[str, ...]
    evidence: Evidence
    obligations: tuple[str, ...]


def prove(
    statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...], *, calculus: bool | None = None
) -> tuple[Proof | None, str]:
    """A proof, or None and why there is none. It is looked for of the formulas as they are, and of whatever their names
    may stand for; an inequality the other way round, since its search is the longer the more is multiplied out."""
    calculus = reason.calculus if calculus is None else calculus
    if reason.along is not None:
        return _by_induction(statement, reason, facts, calculus)
    ordered = isinstance(statement, Relation) and statement.relation != "="
    early = _of_any(statement, reason, facts, calculus) if ordered else None
    if early is not None:
        return early, ""
    proof, why = _attempt(statement, reason, facts, calculus)
    if ordered or (proof is not None and not proof.obligations):
        return proof, why
    late = _of_any(statement, reason, facts, calculus)
    return (proof, why) if late is None else (late, "")


def _of_any(statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...], calculus: bool) -> Proof | None:
    """A proof that owes nothing, for any value of the names in the statement; their formulas have one."""
    equation = isinstance(statement, Relation) and statement.relation == "="
    general = arbitrary(statement, facts, quotients=equation)
    if general is None:
        return None
    proof, _ = _attempt(general.statement, reason, general.facts, calculus)
    if proof is None or proof.obligations or any(unmet(Predicate("nonzero", value), facts) for value in general.values):
        return None
    return replace(proof, rests_on=(*proof.rests_on, general.says))


def _attempt(
    statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...], calculus: bool
) -> tuple[Proof | None, str]:
    try:
        context = Context(facts, calculus)
        found = (
            _relation(statement, context) if isinstance(statement, Relation) else _predicate(statement, reason, context)
        )
        if not found:
            return None, "the reason does not carry the line: no proof was found under it"
        return _finished(statement, context), ""
    except (Unsupported, Undefined) as error:
        return None, error.text


def _by_induction(
    statement: Relation | Predicate, reason: Reason, facts: tuple[Shown, ...], calculus: bool | None
) -> tuple[Proof | None, str]:
    """The start and the next t, each proved as a statement of its own. What the line asks as written is asked too."""
    assert reason.along is not None
    try:
        parts = induction(
            statement, reason.along.index, reason.along.backwards, [s for shown in facts for s in shown.statements]
        )
    except Unsupported as error:
        return None, error.text
    plain = replace(reason, along=None)
    assumed = Shown((parts.hypothesis,), Evidence.PROVED, "induction", assumed=True)
    at_start, at_next = _restated(parts.at_start, facts), _restated(parts.at_next, facts)
    proofs = []
    for said, where, given in (
        (parts.start, "at the start", (*facts, at_start)),
        (parts.next, "at the next step", (*facts, at_next, assumed)),
    ):
        proof, why = prove(said, plain, given, calculus=calculus)
        if proof is None:
            return None, f"{where}, {_shown(said)}: {why}"
        proofs.append(proof)
    rests = dict.fromkeys(["induction", *(name for proof in proofs for name in proof.rests_on if name != "algebra")])
    asked = dict.fromkeys([*unmet(statement, facts), *(o for proof in proofs for o in proof.obligations)])
    return Proof(tuple(rests), min(proof.evidence for proof in proofs), tuple(asked)), ""


def _restated(statements: tuple[Relation | Predicate, ...], facts: tuple[Shown, ...]) -> Shown:
    """What facts say at one t: no better shown than the weakest of them, and resting on all that they rest on."""
    return Shown(
        statements,
        min((shown.evidence for shown in facts), default=Evidence.PROVED),
        ", ".join(dict.fromkeys(shown.name for shown in facts)) or "hypothesis",
        tuple(dict.fromkeys(name for shown in facts for name in shown.rests_on)),
        assumed=all(shown.assumed for shown in facts),
    )


def _shown(s: Relation | Predicate) -> str:
    return f"{s.left} {s.relation} {s.right}" if isinstance(s, Relation) else f"{s.of} is {s.name.replace('_', ' ')}"


def unmet(statement: Relation | Predicate, facts: tuple[Shown, ...]) -> tuple[str, ...]:
    """What the statement asks, as written, and nothing grants: for a line that was not proved."""
    try:
        context = Context(facts, calculus=False)
        return tuple(str(o) for o in _asked(statement, context) if not granted(o, context.order))
    except (Unsupported, Undefined) as error:
        return (error.text,)


def _relation(statement: Relation, context: Context) -> bool:
    goal = context.difference(statement)
    if statement.relation == "=":
        return context.rewriter.vanishes(goal) or _between(goal, context)
    larger, smaller = statement.left, statement.right
    if statement.relation in ("<", "<="):
        larger, smaller, goal = smaller, larger, P.scale(-1, goal)
    strict = statement.relation in ("<", ">")
    if _added(goal, context.slacks, strict) or _signed(goal, strict, context):
        return True
    candidates = inequality.from_terms(larger, smaller, context.order)
    return _nonnegative(goal, candidates, strict, context) or _by_squares(larger, smaller, strict, context)


def _between(goal: P.Poly, context: Context) -> bool:
    """Is goal 0 in every entry, because it is neither below 0 nor above, or because its square is not above?"""
    signs, axes = context.normal.signs, tuple(range(len(goal.dims)))
    if signs.nonnegative(goal) and signs.nonnegative(P.scale(-1, goal)):
        context.order.used["a >= b and a <= b show a = b"] = None
        return True
    if signs.known and signs.nonnegative(P.contract([(P.scale(-1, goal), axes), (goal, axes)], axes, {})):
        context.order.used["(a - b)^2 <= 0 shows a = b"] = None
        return True
    return False


def _nonnegative(goal: P.Poly, candidates: list[inequality.Candidate], strict: bool, context: Context) -> bool:
    """Is goal >= 0, or > 0: by its sign, or as a nonnegative combination of the candidates and of what is given?"""
    written, goal = goal, context.rewriter.reduce(goal)
    signs = context.normal.signs
    if _signed(goal, strict, context):
        return True
    given = [c for slack in context.slacks for c in inequality.weighted(slack, _symbols(goal), context.order)]
    given += inequality.products(context.slacks)
    given = [c for c in given if c.poly.dims == goal.dims]
    if not goal.dims:
        given += [c for slack in given for c in inequality.multiples(slack, (written, goal), signs)]
    reduced = [
        inequality.Candidate(context.rewriter.reduce(c.poly), c.strict, c.why)
        for c in (*candidates, *given)
        if c.poly.dims == goal.dims
    ]
    reduced += inequality.monomials([goal, *(c.poly for c in reduced)], signs)
    return _added(goal, reduced, strict)


def _added(goal: P.Poly, candidates: Sequence[inequality.Candidate], strict: bool) -> bool:
    """Is goal a nonnegative combination of these alone? It costs little where they are few: no case is told apart."""
    found = inequality.combination(goal, [c for c in candidates if c.poly.dims == goal.dims], strict)
    if found is None:
        return False
    rest = P.add([(1, goal), *((-c, k.poly) for c, k in found)], goal.dims)
    return not rest and all(c >= 0 for c, _ in found)


def _signed(goal: P.Poly, strict: bool, context: Context) -> bool:
    """Is goal >= 0, or > 0, by its sign alone?"""
    signs = context.normal.signs
    return signs.positive(goal) or (not strict and signs.nonnegative(goal))


def _by_squares(larger: Node, smaller: Node, strict: bool, context: Context) -> bool:
    """a >= 0 and a^2 >= b^2 show a >= b."""
    if larger.shape != () or letters_of(Relation(larger, "=", smaller)) or not context.order.nonnegative(larger):
        return False
    a, b = _poly(larger, context), _poly(smaller, context)
    goal = P.add([(1, P.contract([(a, ()), (a, ())], (), {})), (-1, P.contract([(b, ()), (b, ())], (), {}))], ())
    if not _nonnegative(goal, [], strict, context):
        return False
    context.order.used["a^2 >= b^2 shows a >= b for a >= 0"] = None
    return True


def _symbols(goal: P.Poly) -> list[Var]:
    found = {a.payload for m in goal for a, _, _ in m.factors if a.kind == "var"}
    return sorted(found, key=lambda v: str(v.name))


def _predicate(statement: Predicate, reason: Reason, context: Context) -> bool:
    order, a = context.order, statement.of
    match statement.name:
        case "positive_definite":
            return order.positive_definite(a)
        case "positive_semidefinite":
            return order.positive_semidefinite(a)
        case "invertible":
            return order.invertible(a)
        case "nonzero":
            return order.nonzero(a)
        case "positive":
            return order.positive(a) or (a.shape == () and _relation(Relation(a, ">", as_node(0)), context))
        case "nonnegative":
            return order.nonnegative(a) or (a.shape == () and _relation(Relation(a, ">=", as_node(0)), context))
        case "convex":
            return convex(statement, reason, context)
    raise Unsupported(f"nothing here proves the predicate {statement.name}")


# --- obligations -----------------------------------------------------------------------------------------
def _finished(statement: Relation | Predicate, context: Context) -> Proof:
    asked = _asked(statement, context)
    left = [o for o in asked if not granted(o, context.order, deep=not _leaned_on(o, context))]
    for a in context.checker.leaned:
        if a.kind == "reciprocal" and not context.normal.signs.nonzero(a.payload):
            left += [o for o in asked if o.kind == "nonzero" and o not in left and not context.order.nonzero(o.of)]
    left = [o for o in left if not _dense(o, statement, context)]
    rests = dict.fromkeys([*context.laws, *context.checker.used, *context.order.used])
    for shown in context.facts:
        rests.update(dict.fromkeys(shown.rests_on))
    rests.pop("hypothesis", None)
    evidence = min((f.evidence for f in context.facts), default=Evidence.PROVED)
    return Proof(tuple(rests) or ("algebra",), evidence, tuple(dict.fromkeys(map(str, left))))


def _dense(o: Obligation, statement: Relation | Predicate, context: Context) -> bool:
    """Both sides are smooth in matrices of which nothing is asked but this inverse, and a dense set of them has it."""
    if o.kind != "invertible" or not isinstance(statement, Relation) or statement.relation != "=":
        return False
    free = _moved_freely(o.of, context)
    assumed = {v for shown in context.facts for s in shown.statements for f in s.formulas for v in f.atoms(Var)}
    if not free or free & assumed or not all(smooth(f, v) for f in statement.formulas for v in free):
        return False
    context.order.used["the invertible matrices are dense"] = None
    return True


def _moved_freely(a: Node, context: Context) -> set[Var] | None:
    """Symbols of which nothing is declared, such that a is invertible for a dense set of their values: a product of
    invertible matrices and of some that move with a symbol. Each of these sets is open, so that they meet densely."""
    if context.order.invertible(a):
        return set()
    symbol = moved_freely(_poly(a, context))
    if symbol is not None:
        return {symbol}
    match a:
        case Let():
            return _moved_freely(a.value, context)
        case Transpose(args=(b,)) | Neg(args=(b,)):
            return _moved_freely(b, context)
        case MatMul(args=(b, c)) if b.ndim == c.ndim == 2 and b.shape == c.shape:
            left, right = _moved_freely(b, context), _moved_freely(c, context)
            return None if left is None or right is None else left | right
    return None


def _leaned_on(o: Obligation, context: Context) -> bool:
    """Does the proof use that this matrix, or one of the square matrices that it is a product of, has an inverse?"""
    if o.kind not in ("invertible", "positive determinant"):
        return False
    try:
        made = context.normal.inverse(context.normal.reduce(_poly(o.of, context)))
    except (Unsupported, Undefined):
        return False
    return any(a.kind == "inverse" and a in context.checker.leaned for m in made for a, _, _ in m.factors)


def _asked(statement: Relation | Predicate, context: Context) -> list[Obligation]:
    return _distinct([o for f in statement.formulas for o in obligations(f)], context)


def _distinct(found: list[Obligation], context: Context) -> list[Obligation]:
    """Obligations that say the same, however they are written, once."""
    kept: dict[tuple[object, ...], Obligation] = {}
    for o in found:
        try:
            kept.setdefault((o.kind, _poly(o.of, context)), o)
        except (Unsupported, Undefined):
            kept.setdefault((o.kind, o.of), o)
    return list(kept.values())


def _poly(a: Node, context: Context) -> P.Poly:
    return context.normal(context.dag(a))
