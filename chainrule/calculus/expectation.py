"""The expected value of a polynomial, read off from its derivatives and the mean and covariance of its argument.

    any law, degree 2:    E f(x) = f(m) + <f''(m), V> / 2
    normal, any degree:   E f(x) = sum over j of <D^2j f(m), V (x) ... (x) V> / (2^j j!)     (Isserlis' pairings)

Where the mean has free indices, f is developed around 0 instead of m, and the mean enters as a vector.

Source: Isserlis (1918). Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import factorial

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lowered import Lowered
from chainrule.notation.nodes import LAWS, Expect, Letter

Operand = tuple[Dag, tuple[Hashable, ...]]


def expected(formula: Expect, parts: tuple[Lowered, ...], jacobian: Callable[[Dag, Dag], Dag]) -> Lowered:
    """The formula's value, from its body, symbol, mean and covariance."""
    f, x, mean, covariance = parts
    if mean.groups + covariance.groups != (1,) * (3 * formula.variable.ndim):
        raise Unsupported(f"{formula}: a mean or a covariance that is a Kronecker product has axes that x has not")
    around_zero = bool(mean.letters)
    centre = dag.zero(x.node.dims) if around_zero else mean.node
    letters = tuple(sorted({*f.letters, *mean.letters, *covariance.letters}, key=_letter_key))
    axes = tuple(("f", k) for k in range(len(f.node.dims) - len(f.letters)))
    sizes: dict[Hashable, object] = {i: i.dim for i in letters}
    terms = []
    for order, derivative in enumerate(_derivatives(formula, f.node, x.node, jacobian)):
        there = dag.substitute(derivative, {x.node: centre})
        rank = formula.variable.ndim
        whole: Operand = (there, (*f.letters, *axes, *(s for r in range(order) for s in _slot(r, rank))))
        for pairs in range(order // 2 + 1):
            single = range(2 * pairs, order)
            if single and not around_zero:
                continue
            twos = [
                (covariance.node, (*covariance.letters, *_slot(2 * j, rank), *_slot(2 * j + 1, rank)))
                for j in range(pairs)
            ]
            ones = [(mean.node, (*mean.letters, *_slot(r, rank))) for r in single]
            share = Fraction(1, 2**pairs * factorial(pairs) * factorial(len(single)))
            terms.append(dag.contract(share, [whole, *twos, *ones], (*letters, *axes), sizes))
    return Lowered(dag.add(*terms), letters, f.groups)


def _slot(r: int, rank: int) -> tuple[Hashable, ...]:
    """The labels of the r-th argument of a derivative: none for a number, one for a vector."""
    return (("x", r),) * rank


def _letter_key(letter: Letter) -> tuple[int, str, str]:
    return (letter.level, letter.name, str(letter.dim))


def _derivatives(formula: Expect, f: Dag, x: Dag, jacobian: Callable[[Dag, Dag], Dag]) -> list[Dag]:
    """f and its derivatives in x, as far as they are not 0."""
    _check_polynomial(formula, f, x)
    found = [f]
    while found[-1].kind != "zero":
        if len(found) > LAWS[formula.law] + 1:
            raise Unsupported(
                f"{formula.body} is of a degree above {LAWS[formula.law]} in {formula.variable.name}, which "
                + ("its mean and covariance do not decide" if formula.law == "moments" else "is not worked out")
            )
        found.append(jacobian(found[-1], x))
    return found[:-1] or found


def _check_polynomial(formula: Expect, f: Dag, x: Dag) -> None:
    """Only sums, products and whole powers of x: a step has derivative 0, too, and is no polynomial."""
    moves = {x}
    for node in dag.order(f, x):
        if node is x or not any(child in moves for child in node.children):
            continue
        moves.add(node)
        whole = node.kind == "function" and node.args[0] == "power" and node.args[1].denominator == 1
        if not (node.kind in ("sum", "contract") or (whole and node.args[1] >= 0)):
            what = node.args[0] if node.kind == "function" else node.kind
            raise Unsupported(f"{formula.body} is no polynomial in {formula.variable.name}: there is a {what} in it")
