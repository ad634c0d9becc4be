"""NumPy functions from formulas: as text, as a file, as a function to call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sympy.core.basic import Basic

from chainrule.notation.nodes import Expect, Let, Node, Recurrence, Subs, Var

from .function import SPECIAL, Compressed, Function
from .target import ARRAY_API

Formulas = Node | Sequence[Node]
"""One formula, or several that one function returns together, sharing their work: (loss, grad(loss, w))."""


def numpy_source(
    formula: Formulas,
    name: str = "f",
    arguments: Sequence[Var] | None = None,
    typical: Mapping[str, int] | None = None,
) -> str:
    """The source of one function of NumPy arrays that computes the formula; of several, as a tuple.

    `arguments` are the symbols in the order of the parameters; without it, all symbols of the formula as they appear. A
    dimension that is the size of no argument becomes a parameter of its own, at the end. `typical` gives sizes of
    dimensions by name, {"n": 10_000, "p": 5}, where they are other than dims(..., typical=...) says: they decide in
    which order products are taken, never what is computed.
    The source uses `np`, and imports scipy's `special` for the sigmoid, erf, Gamma and Bessel functions; derivatives in
    the formula are taken.

    Errors: Unsupported for a node without code; NotationError where an argument is missing or two share a name.
    """
    formulas = (formula,) if isinstance(formula, Node) else tuple(formula)
    listed = symbols(*formulas) if arguments is None else tuple(arguments)
    return Function(formulas, name, listed, symbols(*formulas), typical or {}).source()


def portable_source(formula: Formulas, name: str = "f", arguments: Sequence[Var] | None = None) -> str:
    """The same for arrays of any library that follows the array API standard: f(X, w, xp=...) takes its namespace,
    numpy, jax.numpy or array_api_compat.torch. Scalars are arrays without axes.

    Errors: as numpy_source; Unsupported also for what the standard cannot say, such as erf.
    """
    formulas = (formula,) if isinstance(formula, Node) else tuple(formula)
    read = symbols(*formulas)
    return Function(formulas, name, read if arguments is None else tuple(arguments), read, {}, ARRAY_API).source()


def compressed_source(
    formula: Node,
    name: str = "f",
    arguments: Sequence[Var] | None = None,
    typical: Mapping[str, int] | None = None,
) -> str | None:
    """The source of a function that returns the parts of a structured tensor, which are smaller: for the second
    derivative of |T - UV'|^2 in U, H[i, j, k, l] = A[j, l] where i = k, the matrix A. None where there is no structure.

    Arguments and errors: as numpy_source.
    """
    read = symbols(formula)
    made = Compressed((formula,), name, read if arguments is None else tuple(arguments), read, typical or {})
    return made.source() if made.parts else None


def numpy_module(formula: Formulas, name: str = "f", arguments: Sequence[Var] | None = None) -> str:
    """The same as a whole file, with its imports."""
    return with_imports(numpy_source(formula, name, arguments))


def with_imports(source: str) -> str:
    """Functions as a whole file: what they use of NumPy and SciPy is imported first, once."""
    functions = source.replace(SPECIAL, "")
    used = {"math.": "import math\n", "np.": "import numpy as np\n", "special.": "from scipy import special\n"}
    imports = "".join(line for word, line in used.items() if word in functions)
    return f"{imports}\n\n{functions}" if imports else functions


def numpy_function(
    formula: Formulas,
    name: str = "f",
    arguments: Sequence[Var] | None = None,
    typical: Mapping[str, int] | None = None,
) -> Callable[..., Any]:
    """The function of `numpy_source`, compiled; its text is in the attribute `source`. Takes arrays and numbers."""
    source = numpy_source(formula, name, arguments, typical)
    place: dict[str, Any] = {"np": np}
    exec(compile(source, f"<generated {name}>", "exec"), place)
    function: Callable[..., Any] = place[name]
    function.source = source  # type: ignore[attr-defined]
    return function


def symbols(*formulas: Node) -> tuple[Var, ...]:
    """The declared symbols that formulas' values depend on, in the order in which a reader meets them: those inside a
    named part come after those that are seen."""
    found: dict[Var, None] = {}
    done: set[Basic] = set()
    todo: list[Basic] = [f.value if isinstance(f, Let) else f for f in reversed(formulas)]
    named: list[Basic] = []
    while todo or named:
        node = todo.pop() if todo else named.pop(0)
        if node in done:
            continue
        done.add(node)
        match node:
            case Var():
                found[node] = None
            case Let():
                named.append(node.value)
            case Subs(args=(body, variable, value)):
                found.update(dict.fromkeys(v for v in symbols(body) if v != variable))
                todo.append(value)
            case Expect():
                found.update(dict.fromkeys(v for v in symbols(node.body) if v != node.variable))
                todo.extend((node.covariance, node.mean))
            case Recurrence():
                bound = {*node.states, *node.slots}
                found.update(dict.fromkeys(v for step in node.steps for v in symbols(step) if v not in bound))
                todo.extend(reversed((*node.starts, *node.inputs)))
            case _:
                todo.extend(reversed(node.args))
    return tuple(found)
