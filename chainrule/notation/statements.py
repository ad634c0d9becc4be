"""Statements about formulas: relations, predicates, derivations, claims, and the reasons given for them.

A derivation is a value; nothing is registered and nothing is judged when it is written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainrule.errors import NotationError, Place, ShapeError, caller

from .dims import show_shape
from .indices import check_closed
from .nodes import Let, Letter, Node, Number, Var, as_node, free_symbols

RELATIONS = ("=", "<=", ">=", "<", ">")


@dataclass(frozen=True)
class Relation:
    """left (relation) right, between two formulas of one shape."""

    left: Node
    relation: str
    right: Node

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Both sides."""
        return self.left, self.right


PREDICATES = {
    "positive_definite": "A = A' and v'Av > 0 for every v != 0",
    "positive_semidefinite": "A = A' and v'Av >= 0 for every v",
    "invertible": "A has an inverse",
    "nonzero": "no entry is 0",
    "positive": "every entry is > 0",
    "nonnegative": "every entry is >= 0",
    "convex": "f((1-t)x + ty) <= (1-t)f(x) + tf(y) for all x, y and 0 <= t <= 1",
}


@dataclass(frozen=True)
class Predicate:
    """A property claimed of a formula: Predicate("positive_definite", A); convex also names its variables."""

    name: str
    of: Node
    variables: tuple[Var, ...] = ()

    @property
    def formulas(self) -> tuple[Node, ...]:
        """What it speaks of."""
        return (self.of,)


# --- reasons ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Along:
    """An index that an induction goes along, from its first value to the last or backwards."""

    index: Letter
    backwards: bool


@dataclass(frozen=True)
class Reason:
    """Why a line follows. It grants what the proof may use beyond algebra; the line never stands above it.

    calculus   the line may take derivatives
    facts      derivations, claims and assumptions that the line leans on
    names      let-names that it folds or unfolds (definitions are always open to the proof)
    along      the index of a recurrence on which the line goes by induction, and in which direction
    """

    name: str
    says: str
    calculus: bool = False
    facts: tuple[Fact, ...] = ()
    names: tuple[Let, ...] = ()
    along: Along | None = None


algebra = Reason("algebra", "the laws of sums and products of numbers, vectors and matrices")
expand = Reason("expand", "products and squares multiplied out")
definition = Reason("definition", "what the words mean")
differentiate = Reason("differentiate", "the laws of derivatives", calculus=True)
expectation = Reason("expectation", "a polynomial's expected value, from mean and covariance", calculus=True)
positivity = Reason("positivity", "squares and norms are nonnegative")
symmetry = Reason("symmetry", "a declared symmetry")
composition = Reason("composition", "sums, nonnegative multiples, increasing convex functions of convex ones")


def fold(*names: Let) -> Reason:
    """The formula is written by its name."""
    return Reason("fold " + ", ".join(n.name for n in names), "a formula is written by its name", names=names)


def unfold(*names: Let) -> Reason:
    """The name is replaced by its formula."""
    return Reason("unfold " + ", ".join(n.name for n in names), "a name is replaced by its formula", names=names)


def cancel(matrix: Node, *, given: Fact | None = None) -> Reason:
    """A A^-1 = I. What makes A invertible is `given`; without it the line keeps the obligation."""
    shown = f"cancel {matrix.name}" if isinstance(matrix, (Let, Var)) else "cancel"
    return Reason(shown, "a matrix times its inverse is the identity", facts=(given,) if given else ())


def by(*facts: Fact, calculus: bool = False) -> Reason:
    """Facts shown elsewhere: derivations, claims, assumptions. by(a, calculus=True) also takes derivatives."""
    return Reason("by", "facts shown elsewhere", calculus=calculus, facts=facts)


def induction(t: Letter, *facts: Fact, backwards: bool = False, calculus: bool = False) -> Reason:
    """The line holds at the first t of a recurrence, and at each next t because it holds at the one before."""
    if not isinstance(t, Letter):
        raise NotationError(f'induction goes along an index, t = index("t", T), not along {t!r}')
    says = "what holds at the start, and at each step because it holds at the one before"
    return Reason("induction", says, calculus=calculus, facts=facts, along=Along(t, backwards))


# --- facts -----------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Assumption:
    """A hypothesis: it holds in every world that the statement speaks of. Free indices in it are arbitrary.

    With a `theorem` it is the instance of a theorem that is cited, not proved here: lines that lean on it are CITED.
    """

    statement: Relation | Predicate
    theorem: str = ""
    source: str = ""
    place: Place = field(default_factory=caller)


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chain: relation, formula, reason."""

    relation: str
    expr: Node
    reason: Reason
    place: Place


@dataclass(frozen=True, eq=False)
class Derivation:
    """first (=, <=, ...) line (=, <=, ...) line ..., each for its reason, under the hypotheses `given`."""

    first: Node
    lines: tuple[Line, ...]
    given: tuple[Assumption, ...]
    place: Place

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Every formula that is written down."""
        return (self.first, *(line.expr for line in self.lines))

    @property
    def last(self) -> Node:
        """The formula of the last line."""
        return self.lines[-1].expr if self.lines else self.first

    @property
    def conclusion(self) -> Relation:
        """first (relation) last: what the whole chain shows."""
        return Relation(self.first, weakest([line.relation for line in self.lines]), self.last)

    def _repr_latex_(self) -> str:
        from chainrule.printing import latex, sign

        rows = [latex(self.first)]
        for line in self.lines:
            rows.append(f"{sign(line.relation, 'latex')} {latex(line.expr)} && \\text{{{line.reason.name}}}")
        body = r" \\ ".join(f"& {row}" for row in rows)
        return rf"$\begin{{aligned}} {body} \end{{aligned}}$"


@dataclass(frozen=True, eq=False)
class Claim:
    """A predicate and the reason for it."""

    statement: Predicate
    reason: Reason
    given: tuple[Assumption, ...]
    place: Place

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Every formula that is written down."""
        return self.statement.formulas

    def _repr_latex_(self) -> str:
        from chainrule.printing import statement

        return f"${statement(self.statement, 'latex')}$"


Fact = Derivation | Claim | Assumption


def weakest(relations: list[str]) -> str:
    """The relation that a chain of relations shows: a = b <= c < d shows a < d."""
    up, down = "<" in relations, ">" in relations
    le, ge = up or "<=" in relations, down or ">=" in relations
    if le and ge:
        raise NotationError("a chain cannot both rise and fall: it has <= or < and also >= or >")
    return "<" if up else ">" if down else "<=" if le else ">=" if ge else "="


def _line(relation: str, expr: object, reason: Reason | Fact) -> Line:
    if isinstance(reason, (Derivation, Claim, Assumption)):
        reason = by(reason)
    if not isinstance(reason, Reason):
        raise NotationError(f"{reason!r} is no reason; give a law, a claim, a derivation or an assumption")
    return Line(relation, check_closed(as_node(expr)), reason, caller())


def equals(expr: object, reason: Reason | Fact = algebra) -> Line:
    """= expr, because of reason."""
    return _line("=", expr, reason)


def at_most(expr: object, reason: Reason | Fact = positivity) -> Line:
    """<= expr, because of reason."""
    return _line("<=", expr, reason)


def at_least(expr: object, reason: Reason | Fact = positivity) -> Line:
    """>= expr, because of reason."""
    return _line(">=", expr, reason)


def less_than(expr: object, reason: Reason | Fact = positivity) -> Line:
    """< expr, because of reason."""
    return _line("<", expr, reason)


def more_than(expr: object, reason: Reason | Fact = positivity) -> Line:
    """> expr, because of reason."""
    return _line(">", expr, reason)


def derive(first: object, *lines: Line, given: Assumption | tuple[Assumption, ...] = ()) -> Derivation:
    """A chain of lines. A line 0 or 1 takes the shape of what stands before it."""
    start = check_closed(as_node(first))
    for line in lines:
        if not isinstance(line, Line):
            raise NotationError(f"{line!r} is no line; write equals(formula, reason)")
    fitted = tuple(_fit(start, line) for line in lines)
    if len({line.relation[0] for line in fitted} - {"="}) > 1:
        raise NotationError("a chain cannot both rise and fall: it has <= or < and also >= or >")
    return Derivation(start, fitted, given if isinstance(given, tuple) else (given,), caller())


def _fit(start: Node, line: Line) -> Line:
    expr = line.expr
    if isinstance(expr, Number) and expr.shape == () and start.shape != ():
        import sympy as sp

        return Line(line.relation, Number(expr.value, sp.Tuple(*start.shape)), line.reason, line.place)
    if expr.shape != start.shape or expr.row != start.row:
        raise ShapeError(
            f"{start} has shape {show_shape(start.shape, start.row)}, "
            f"but this line, {expr}, has {show_shape(expr.shape, expr.row)}",
            line.place,
        )
    if line.relation != "=" and start.shape != ():
        raise ShapeError(f"{expr.described()}: only scalars are compared by {line.relation}", line.place)
    return line


def assume(first: object, *line: Line) -> Assumption:
    """A hypothesis: assume(a, at_most(b)), or assume(positive_definite(A)). Indices left free in it are arbitrary."""
    if isinstance(first, Predicate) and not line:
        return Assumption(first)
    chain = derive(first, *line)
    if len(chain.lines) != 1:
        raise NotationError("an assumption is one relation: assume(a, equals(b))")
    return Assumption(chain.conclusion)


def cited(first: object, line: Line, *, theorem: str, source: str) -> Assumption:
    """An instance of a theorem that is not proved here: its name and where it is proved travel with the verdict."""
    if not theorem or not source:
        raise NotationError("a citation names its theorem and its source")
    return Assumption(derive(first, line).conclusion, theorem, source)


# --- predicates ------------------------------------------------------------------------------------
def positive_definite(a: Node) -> Predicate:
    """A = A' and v'Av > 0 for every v != 0."""
    return _predicate("positive_definite", a, square=True)


def positive_semidefinite(a: Node) -> Predicate:
    """A = A' and v'Av >= 0 for every v."""
    return _predicate("positive_semidefinite", a, square=True)


def invertible(a: Node) -> Predicate:
    """A has an inverse."""
    return _predicate("invertible", a, square=True)


def nonzero(a: Node) -> Predicate:
    """No entry is 0."""
    return _predicate("nonzero", a)


def positive(a: Node) -> Predicate:
    """Every entry is > 0."""
    return _predicate("positive", a)


def nonnegative(a: Node) -> Predicate:
    """Every entry is >= 0."""
    return _predicate("nonnegative", a)


def convex(f: Node, *variables: Var) -> Predicate:
    """f is convex in these symbols together, the others held fixed: x y is convex in x, and in y, not in x and y."""
    if not variables or not all(isinstance(v, Var) for v in variables) or len(set(variables)) < len(variables):
        raise NotationError(f"convex(f, x, ...) names the declared symbols in which f is convex, each once: {f}")
    return Predicate("convex", check_closed(as_node(f)), variables)


def concave(f: Node, *variables: Var) -> Predicate:
    """f is concave in these symbols together: -f is convex."""
    return convex(-as_node(f), *variables)


def _predicate(name: str, a: object, square: bool = False) -> Predicate:
    node = check_closed(as_node(a))
    if square and (node.ndim != 2 or node.shape[0] != node.shape[1]):
        raise ShapeError(f"{name} asks for a square matrix; {node.described()} is none")
    return Predicate(name, node)


def claim(statement: Predicate, reason: Reason | Fact, *, given: Assumption | tuple[Assumption, ...] = ()) -> Claim:
    """A predicate, because of reason."""
    if not isinstance(statement, Predicate):
        raise NotationError(f"{statement!r} is no predicate; write claim(positive_definite(A), reason)")
    if isinstance(reason, (Derivation, Claim, Assumption)):
        reason = by(reason)
    return Claim(statement, reason, given if isinstance(given, tuple) else (given,), caller())


# --- code and data ---------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Agreement:
    """A formula and the hand-written function that computes it. `names` maps a parameter to a symbol's name where
    they differ; `given` are hypotheses under which they agree."""

    formula: Node
    function: Callable[..., Any]
    names: Mapping[str, str]
    given: tuple[Assumption, ...]
    place: Place

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Every formula that is written down."""
        return (self.formula,)

    @property
    def arguments(self) -> tuple[Var, ...]:
        """The symbols of the formula in the order of the function's parameters, then the others by name."""
        symbols = {v.name: v for v in sorted(free_symbols(self.formula), key=lambda v: v.name)}
        said = [self.names.get(p, p) for p in inspect.signature(self.function).parameters]
        return tuple(symbols[name] for name in dict.fromkeys([*(n for n in said if n in symbols), *symbols]))


@dataclass(frozen=True, eq=False)
class Example:
    """A derivation checked, line by line and exactly, on given data: `data` returns {symbol name: array}, or a list of
    such, as one for each step of a run."""

    derivation: Derivation
    data: Callable[[], Mapping[str, Any] | Sequence[Mapping[str, Any]]]
    place: Place

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Every formula that is written down."""
        return self.derivation.formulas


@dataclass(frozen=True, eq=False)
class Integral:
    """The integral of exp(log_density) weight over the variable, between `ends` (None is infinity), is the value; the
    sum over the whole numbers where it is `counted`."""

    log_density: Node
    variable: Var
    weight: Node
    value: Node
    ends: tuple[Node | None, Node | None]
    counted: bool
    given: tuple[Assumption, ...]
    place: Place

    @property
    def formulas(self) -> tuple[Node, ...]:
        """Every formula that is written down."""
        return (self.weight, self.value, self.log_density)


def agrees(
    formula: Node,
    function: Callable[..., Any],
    *,
    given: Assumption | tuple[Assumption, ...] = (),
    **names: str,
) -> Agreement:
    """The hand-written function computes this formula. A parameter is matched to the symbol of its name;
    agrees(f, g, l2="lam") says that the parameter l2 is the symbol lam."""
    if not callable(function):
        raise NotationError(f"{function!r} is no function; give the hand-written one from numerics/")
    return Agreement(
        check_closed(as_node(formula)), function, names, given if isinstance(given, tuple) else (given,), caller()
    )


def on_data(derivation: Derivation, data: Callable[[], Mapping[str, Any] | Sequence[Mapping[str, Any]]]) -> Example:
    """The derivation on real data, every line evaluated exactly; on all of them, where `data` returns a list."""
    return Example(derivation, data, caller())


Item = Derivation | Claim | Agreement | Example | Integral
"""What a chapter consists of, besides prose and symbols."""
