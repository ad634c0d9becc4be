"""What one line may lean on: its facts, opened into relations, signs, known matrices and definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from chainrule.calculus import differentiate
from chainrule.errors import Unsupported
from chainrule.evidence import Evidence
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.forms.lowered import Lowered
from chainrule.kernel import poly as P
from chainrule.kernel.check import Checker
from chainrule.kernel.check import Relation as PolyRelation
from chainrule.kernel.normal import Normal
from chainrule.kernel.order import Order
from chainrule.kernel.poly import Poly
from chainrule.kernel.signs import Signs
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import Eye, Let, Letter, MatMul, Node, Var
from chainrule.notation.statements import Assumption, Claim, Derivation, Fact, Predicate, Relation
from chainrule.search.inequality import Candidate
from chainrule.search.rewrite import Rewriter


@dataclass(frozen=True)
class Shown:
    """A fact with the evidence that it has, and what it rests on."""

    statements: tuple[Relation | Predicate, ...]
    evidence: Evidence
    name: str
    rests_on: tuple[str, ...] = ()
    assumed: bool = False


@dataclass
class Context:
    """One proof attempt: normal forms, a checker and rules of order under the same facts."""

    facts: tuple[Shown, ...]
    calculus: bool
    lowering: Lowering = field(init=False)
    normal: Normal = field(init=False)
    checker: Checker = field(init=False)
    order: Order = field(init=False)
    laws: dict[str, None] = field(default_factory=dict)
    definitions: dict[Dag, Dag] = field(default_factory=dict)
    slacks: list[Candidate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lowering = Lowering(differentiate if self.calculus else None)
        self.lowering.laws = self.laws  # type: ignore[attr-defined]
        self.normal = Normal(Signs())
        self.order = Order(self.normal, self.dag)
        self._define()
        self.checker = Checker(self._relations())
        self.rewriter = Rewriter(self.checker)
        written = self._signs()
        self.normal = Normal(written, self.rewriter.reduce)
        if written.known:
            self.normal = Normal(Signs({**written.known, **self._signs().known}), self.rewriter.reduce)
        self._read_again()
        self.order = Order(self.normal, self.dag, self._matrices())
        self._inequalities()

    # --- lowering under definitions -------------------------------------------------------------------
    def dag(self, formula: Node) -> Dag:
        """The formula's DAG, defined symbols replaced by what defines them."""
        return dag.substitute(self.lowering(formula).node, self.definitions)

    def over(self, formula: Node, letters: Sequence[Letter]) -> Dag:
        """The same, with an axis for each of these letters whether or not the formula has it."""
        found: Lowered = self.lowering(formula)
        axes = found.fresh("a")
        flat = tuple(label for axis in axes for label in axis)
        node = dag.contract(1, [(found.node, found.labels(axes))], (*letters, *flat), {k: k.dim for k in letters})
        return dag.substitute(node, self.definitions)

    def difference(self, statement: Relation) -> Poly:
        """left - right as a polynomial over the free letters of both. A term that stands on both sides, the same
        node, is not multiplied out."""
        letters = letters_of(statement)
        left, right = self.over(statement.left, letters), self.over(statement.right, letters)
        if left.dims != right.dims:
            raise Unsupported(f"axes {left.dims} meet axes {right.dims}: one side splits a Kronecker product's axis")
        count: dict[Dag, Fraction] = {}
        for side, sign in ((left, Fraction(1)), (right, Fraction(-1))):
            for node, c in _terms(side, sign):
                count[node] = count.get(node, Fraction(0)) + c
        return P.add([(c, self.normal(node)) for node, c in count.items() if c], left.dims)

    # --- the facts --------------------------------------------------------------------------------------
    def _all(self) -> list[tuple[Shown, Relation | Predicate]]:
        return [(shown, s) for shown in self.facts for s in shown.statements]

    def _define(self) -> None:
        for _, s in self._all():
            side = defined_side(s) if isinstance(s, Relation) else None
            if side is not None:
                symbol, value = side
                key = dag.var(symbol, symbol.shape)
                made = dag.substitute(self.lowering(value).node, self.definitions)
                if made.dims != key.dims:
                    raise Unsupported(f"{symbol.name} = {value}: one side splits a Kronecker product's axis")
                self.definitions.setdefault(key, made)

    def _relations(self) -> list[PolyRelation]:
        found = []
        for shown, s in self._all():
            if isinstance(s, Relation) and s.relation == "=":
                poly = self.difference(s)
                if poly:  # a definition is 0 here; a second one of the same symbol is a relation
                    found.append(PolyRelation(shown.name, poly))
        return found

    def _read_again(self) -> None:
        """The equations with the insides of their inverses and functions reduced, as those of the goal will be."""
        known = {r.poly for r in self.checker.facts}
        again = tuple(r for r in self._relations() if r.poly not in known)
        self.checker.facts = self.rewriter.facts = (*self.checker.facts, *again)

    def _signs(self) -> Signs:
        """The signs of what facts speak of, as the normal form of the moment reads it."""
        known: dict[Poly, str] = {}
        for _, s in self._all():
            if isinstance(s, Predicate) and s.name in ("positive", "nonnegative", "nonzero"):
                known[self.normal(self.dag(s.of))] = s.name
            if isinstance(s, Relation) and s.relation != "=" and not letters_of(s):
                larger, smaller = (s.left, s.right) if s.relation[0] == ">" else (s.right, s.left)
                difference = self.difference(Relation(larger, "=", smaller))
                if "=" not in s.relation:
                    known[difference] = "positive"
                else:
                    known.setdefault(difference, "nonnegative")
        return Signs(known)

    def _matrices(self) -> dict[Poly, set[str]]:
        known: dict[Poly, set[str]] = {}
        for _, s in self._all():
            if isinstance(s, Predicate) and s.name in ("positive_definite", "positive_semidefinite", "invertible"):
                known.setdefault(self.normal(self.dag(s.of)), set()).add(s.name)
            for a in _factors_of_identity(s):
                known.setdefault(self.normal(self.dag(a)), set()).add("invertible")
        return known

    def _inequalities(self) -> None:
        for shown, s in self._all():
            if isinstance(s, Predicate) and s.name in ("positive", "nonnegative"):
                found = self.normal(self.over(s.of, letters_of(s)))
                self.slacks.append(Candidate(found, s.name == "positive", shown.name))
            if isinstance(s, Relation) and s.relation in ("<=", ">=", "<", ">") and s.left.shape == ():
                larger, smaller = (s.left, s.right) if s.relation[0] == ">" else (s.right, s.left)
                found = self.difference(Relation(larger, "=", smaller))
                self.slacks.append(Candidate(found, "=" not in s.relation, shown.name))


def letters_of(statement: Relation | Predicate) -> tuple[Letter, ...]:
    """The arbitrary indices of a statement, in one order."""
    parts = statement.formulas
    found = {letter for part in parts for letter in free_letters(part)}
    return tuple(sorted(found, key=lambda i: (i.name, str(i.dim))))


def _factors_of_identity(s: Relation | Predicate) -> tuple[Node, ...]:
    """A and B where A B = I was shown and both are square: each is invertible."""
    match s:
        case Relation(left=MatMul(args=(a, b)), relation="=", right=Eye()) if a.shape == b.shape == s.right.shape:
            return a, b
    return ()


def defined_side(s: Relation) -> tuple[Var, Node] | None:
    """X = formula without X: X is just a name for the formula."""
    if s.relation != "=":
        return None
    for a, b in ((s.left, s.right), (s.right, s.left)):
        while isinstance(a, Let):
            a = a.value
        if isinstance(a, Var) and not a.properties and a not in b.atoms(Var) and not free_letters(b):
            return a, b
    return None


def assumptions_of(fact: Fact) -> tuple[Assumption, ...]:
    """Every hypothesis that a fact stands under, its reasons' included."""
    match fact:
        case Assumption():
            return (fact,)
        case Claim():
            inner = [*fact.given, *(a for f in fact.reason.facts for a in assumptions_of(f))]
        case Derivation():
            inner = [*fact.given, *(a for line in fact.lines for f in line.reason.facts for a in assumptions_of(f))]
    return tuple(dict.fromkeys(inner))


def _terms(node: Dag, times: Fraction) -> Iterator[tuple[Dag, Fraction]]:
    """The terms of a sum, of sums in it too."""
    if node.kind != "sum":
        yield node, times
        return
    for c, term in node.args:
        yield from _terms(term, times * c)
