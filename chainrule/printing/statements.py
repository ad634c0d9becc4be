"""Relations and predicates in print: a <= b, A is positive definite, f is convex in w."""

from __future__ import annotations

from chainrule.errors import Unsupported
from chainrule.notation.statements import PREDICATES, RELATIONS, Predicate, Relation

from .formula import formula, layout


def sign(relation: str, target: str) -> str:
    """The sign of a relation: = <= >= < or >."""
    if relation not in RELATIONS:
        raise Unsupported(f"there is no printed sign for the relation {relation!r}")
    return relation if target == "text" else layout(target).target.signs[relation]


def relation(statement: Relation, target: str) -> str:
    """left (relation) right."""
    left, right = formula(statement.left, target), formula(statement.right, target)
    return f"{left} {sign(statement.relation, target)} {right}"


def predicate(statement: Predicate, target: str) -> str:
    """The predicate as a formula where there is a sign for it, else as a short sentence."""
    of = formula(statement.of, target)
    variables = ", ".join(formula(v, target) for v in statement.variables)
    if statement.name not in PREDICATES:
        raise Unsupported(f"there is no printed form of the predicate {statement.name!r}")
    if target == "text":
        return f"{statement.name}({', '.join(part for part in (of, variables) if part)})"
    page = layout(target).target
    entrywise = page.words("entrywise").rstrip() if statement.of.ndim else ""
    match statement.name:
        case "positive_definite":
            return f"{of} {page.signs['pd']} 0"
        case "positive_semidefinite":
            return f"{of} {page.signs['psd']} 0"
        case "invertible":
            return of + page.words("invertible").rstrip()
        case "nonzero":
            return f"{of} {page.signs['ne']} 0{entrywise}"
        case "positive":
            return f"{of} > 0{entrywise}"
        case "nonnegative":
            return f"{of} {page.signs['>=']} 0{entrywise}"
        case "convex" if variables:
            return of + page.words("convex in ") + variables
    raise Unsupported(f"there is no printed form of the predicate {statement.name!r}")


def statement(said: Relation | Predicate, target: str) -> str:
    """A relation or a predicate."""
    return relation(said, target) if isinstance(said, Relation) else predicate(said, target)


def latex_relation(said: Relation) -> str:
    r"""A relation in LaTeX: a \le b."""
    return relation(said, "latex")
