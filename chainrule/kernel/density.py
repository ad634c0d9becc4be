"""Equations that hold wherever a matrix is invertible, and so everywhere: the invertible matrices are dense.

Near every square matrix there is an invertible one: det(A + e I) is a polynomial in e that is not 0, so that it has
finitely many roots. If two formulas are continuous in A, whatever A is, and equal for every invertible A, they are
equal for every A. Nothing else may be asked of A: a hypothesis could leave out every invertible matrix.

    smooth      has derivatives of every order in the symbol, wherever the symbol is; built from smooth parts by sums,
                products, determinants, traces, exponentials and their like, and by derivatives of such

Source: Horn and Johnson, Matrix Analysis (2nd ed., 2013), sec. 0.8.2 and 1.2.16. Everything in this file is trusted.
"""

from __future__ import annotations

from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Deriv,
    Div,
    Each,
    Expect,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Shifted,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
    children,
)

from .poly import Poly

SMOOTH_FUNCTIONS = {"exp", "sin", "cos", "atan", "sinh", "cosh", "tanh", "sigmoid", "softplus", "erf"}
SMOOTH_OPERATIONS = {"trace", "det", "diag", "diagof", "sqnorm"}


def smooth(f: Node, x: Var) -> bool:
    """f is smooth in x, everywhere."""
    if x not in f.atoms(Var):
        return True
    match f:
        case Var():
            return True
        case Div(args=(a, b)):
            return x not in b.atoms(Var) and smooth(a, x)
        case Pow(args=(base, Number(value=k))):
            return bool(k.is_Integer and k >= 0) and smooth(base, x)
        case Apply():
            return f.function in SMOOTH_FUNCTIONS and smooth(f.args[1], x)
        case Op():
            return f.kind in SMOOTH_OPERATIONS and smooth(f.args[1], x)
        case Reduce():
            return f.kind in ("sum", "logsumexp") and smooth(f.args[1], x)
        case Subs(args=(body, variable, value)):
            moves = x in value.atoms(Var)
            return smooth(body, x) and smooth(value, x) and (not moves or smooth(body, variable))
        case Expect():
            return False
        case (
            Add()
            | Neg()
            | Mul()
            | MatMul()
            | Transpose()
            | Kron()
            | At()
            | Shifted()
            | Sum()
            | Each()
            | Softmax()
            | Let()
            | Deriv()
        ):
            return all(smooth(part, x) for part in children(f))
    return False


PLAIN = {"var", "size", "constant"}


def moved_freely(a: Poly) -> Var | None:
    """The symbol A, of which nothing is declared, where a = c A + b with a number c != 0 and b made of other symbols:
    then a is invertible for a dense set of A."""
    atoms = {atom for m in a for atom, _, _ in m.factors}
    if len(a.dims) != 2 or any(atom.kind not in PLAIN for atom in atoms):
        return None
    for m in a:
        if len(m.factors) != 1:
            continue
        ((found, labels, power),) = m.factors
        alone = power == 1 and len(labels) == 2 and labels[0] != labels[1] and set(labels) == set(m.pattern)
        here_only = sum(any(atom is found for atom, _, _ in other.factors) for other in a) == 1
        if found.kind == "var" and alone and here_only and not found.payload.properties:
            return found.payload
    return None
