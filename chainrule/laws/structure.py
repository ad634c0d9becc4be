"""Derivatives of sums, products, matrix functions and reductions, as adjoint rules.

A rule is told the node z, the adjoint g of z (the derivative of the result by z: the result's axes `O`, then z's axes)
and answers with pairs (operand, its share of the adjoint). `O` is a tuple of labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.dims import dims
from chainrule.notation.nodes import Node, Var
from chainrule.notation.vocabulary import (
    det,
    diag,
    diagof,
    inv,
    kron,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    ones,
    rational,
    scalar,
    softmax,
    sqnorm,
    total,
    trace,
    vector,
)

from .registry import Example, Law, register

Labels = tuple[object, ...]
Shares = Iterator[tuple[Dag, Dag]]
Rule = Callable[[Dag, Dag, Labels], Shares]
STRUCTURE: dict[str, Law] = {}
MN = "Magnus and Neudecker, Matrix Differential Calculus (3rd ed., 2019)"


def structure(kind: str, name: str, says: str, source: str, example: Example) -> Callable[[Rule], Rule]:
    """Make a rule the law of one kind of node."""

    def enter(rule: Rule) -> Rule:
        STRUCTURE[kind] = register(name, says, source, example, rule)
        return rule

    return enter


def _axes(node: Dag) -> Labels:
    return tuple(range(len(node.dims)))


def _symbols() -> dict[str, Any]:
    n, p = dims("n p")
    return {
        "A": matrix("A", n, n),
        "B": matrix("B", n, n),
        "X": matrix("X", n, n),
        "M": matrix("M", n, p),
        "x": vector("x", n),
        "y": vector("y", n),
        "a": vector("a", n),
        "t": scalar("t"),
        "p": p,
    }


def example(make: Callable[[dict[str, Any]], Node], variable: str) -> Example:
    """An example from the usual symbols."""

    def made() -> tuple[Node, Var]:
        s = _symbols()
        return make(s), s[variable]

    return made


@structure("sum", "linearity", "a sum term by term, numbers taken out", f"{MN}, ch. 8",
           example(lambda s: rational(3) * trace(s["A"] @ s["X"]) + trace(s["X"]), "X"))  # fmt: skip
def _sum(z: Dag, g: Dag, O: Labels) -> Shares:
    for coef, term in z.args:
        yield term, dag.scale(coef, g)


@structure("contract", "product rule", "one factor at a time, the others held", f"{MN}, ch. 8",
           example(lambda s: s["x"].T @ s["A"] @ s["x"], "x"))  # fmt: skip
def _contract(z: Dag, g: Dag, O: Labels) -> Shares:
    coef, ops, out, sizes = z.args
    lead = dict(zip(O, g.dims, strict=False))
    for k, (operand, labels) in enumerate(ops):
        others = [op for j, op in enumerate(ops) if j != k]
        yield operand, dag.contract(coef, [(g, O + out), *others], O + labels, {**dict(enumerate(sizes)), **lead})


@structure("inverse", "inverse", "d(A^-1) = -A^-1 dA A^-1", f"{MN}, ch. 8, theorem 3",
           example(lambda s: trace(s["A"] @ inv(s["X"])), "X"))  # fmt: skip
def _inverse(z: Dag, g: Dag, O: Labels) -> Shares:
    *batch, i, j = _axes(z)
    b = tuple(batch)
    yield (
        z.args[0],
        dag.contract(-1, [(z, (*b, "p", i)), (g, (*O, *b, "p", "q")), (z, (*b, j, "q"))], (*O, *b, i, j), {}),
    )


@structure("det", "determinant", "d det A = det A tr(A^-1 dA)", f"{MN}, ch. 8, theorem 1",
           example(lambda s: det(s["X"]), "X"))  # fmt: skip
def _det(z: Dag, g: Dag, O: Labels) -> Shares:
    x, b = z.args[0], _axes(z)
    inverse = dag.matrix_function("inverse", x)
    yield x, dag.contract(1, [(g, O + b), (z, b), (inverse, (*b, "j", "i"))], (*O, *b, "i", "j"), {})


@structure("logdet", "log-determinant", "d log det A = tr(A^-1 dA)", f"{MN}, ch. 8, theorem 2",
           example(lambda s: logdet(s["X"]), "X"))  # fmt: skip
def _logdet(z: Dag, g: Dag, O: Labels) -> Shares:
    x, b = z.args[0], _axes(z)
    inverse = dag.matrix_function("inverse", x)
    yield x, dag.contract(1, [(g, O + b), (inverse, (*b, "j", "i"))], (*O, *b, "i", "j"), {})


@structure("logsumexp", "log-sum-exp", "the gradient of log-sum-exp is softmax",
           "Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.5",
           example(lambda s: logsumexp(s["x"]), "x"))  # fmt: skip
def _logsumexp(z: Dag, g: Dag, O: Labels) -> Shares:
    axes, x = z.args
    L = _axes(x)
    kept = tuple(k for k in L if k not in axes)
    yield x, dag.contract(1, [(g, O + kept), (dag.along("softmax", x, axes), L)], O + L, {})


@structure("softmax", "softmax", "the Jacobian of softmax is diag(p) - p p'", "Bishop, PRML (2006), eq. 4.106",
           example(lambda s: softmax(s["x"]), "x"))  # fmt: skip
def _softmax(z: Dag, g: Dag, O: Labels) -> Shares:
    axes, x = z.args
    L = _axes(x)
    kept = tuple(k for k in L if k not in axes)
    weighted = dag.contract(1, [(g, O + L), (z, L)], O + L, {})
    mean = dag.contract(1, [(weighted, O + L)], O + kept, {})
    yield x, dag.add(weighted, dag.contract(-1, [(mean, O + kept), (z, L)], O + L, {}))


@structure("max", "maximum", "all of the derivative goes to the largest entry, the first at a tie",
           "Danskin (1966)", example(lambda s: maximum(s["x"]), "x"))  # fmt: skip
def _max(z: Dag, g: Dag, O: Labels) -> Shares:
    axes, x = z.args
    L = _axes(x)
    kept = tuple(k for k in L if k not in axes)
    yield x, dag.contract(1, [(g, O + kept), (dag.along("argmax", x, axes), L)], O + L, {})


@structure("argmax", "position of the maximum", "flat wherever it is differentiable", "Danskin (1966)",
           example(lambda s: s["a"].T @ softmax(s["x"]) + maximum(s["x"]), "x"))  # fmt: skip
def _argmax(z: Dag, g: Dag, O: Labels) -> Shares:
    return iter(())


def power_rule(x: Dag, exponent: Fraction) -> Dag:
    """r x^(r-1), entry by entry."""
    if exponent == 2:
        return dag.scale(2, x)
    return dag.scale(exponent, dag.function("power", x, exponent - 1))


register("power", "the exponent comes down", "Magnus and Neudecker, ch. 5",
         example(lambda s: total(s["x"] ** 3), "x"), power_rule)  # fmt: skip

# The product rule in the clothes in which a reader meets it: one mechanism, many names.
for _name, _says, _make, _variable in (
    ("matrix product", "d(A B) = dA B + A dB", lambda s: trace(s["A"] @ s["X"] @ s["B"] @ s["X"]), "X"),
    ("transpose", "d(A') = (dA)'", lambda s: trace(s["A"] @ s["X"].T), "X"),
    ("trace", "d tr A = tr dA", lambda s: trace(s["X"]), "X"),
    ("entrywise product", "d(A o B) = dA o B + A o dB", lambda s: total(s["X"] * s["A"] * s["X"]), "X"),
    ("quotient", "d(a / b) = da / b - a db / b^2", lambda s: total(s["a"] / s["x"]), "x"),
    ("diagonal matrix", "d diag(x) = diag(dx)", lambda s: trace(s["A"] @ diag(s["x"])), "x"),
    ("diagonal", "d diagof(A) = diagof(dA)", lambda s: s["a"].T @ diagof(s["X"]), "X"),
    ("Kronecker product", "d(A (x) B) = dA (x) B + A (x) dB", lambda s: total(kron(s["X"], s["A"])), "X"),
    ("sum over an axis", "the derivative of a sum is the sum of derivatives",
     lambda s: s["a"].T @ total(s["X"], axis=1), "X"),
    ("squared norm", "d |x|^2 = 2 x' dx", lambda s: sqnorm(s["A"] @ s["x"] - s["y"]), "x"),
    ("norm", "d |x| = x' dx / |x|", lambda s: norm(s["x"]), "x"),
    ("constant", "what does not contain the variable has derivative 0",
     lambda s: s["a"].T @ ones(s["a"].shape[0]), "x"),
):  # fmt: skip
    register(_name, _says, f"{MN}, ch. 8", example(_make, _variable), _contract)
