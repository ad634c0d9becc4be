"""One NumPy function from one formula: its arguments, its docstring, its lines."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.basic import Basic

from chainrule import printing
from chainrule.calculus.reverse import differentiate
from chainrule.errors import NotationError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowered, Lowering
from chainrule.notation.dims import OpenDim, show_shape
from chainrule.notation.nodes import Deriv, Let, Node, Subs, Var

from .clusters import gathered
from .emit import Emitter
from .stable import stable
from .statements import Statements, below
from .syntax import Code, call
from .values import Value, dim_code, materialised

LINE = 100
"""Docstrings are wrapped here."""

GLUE = "\N{NO-BREAK SPACE}"
"""Stands for a space inside `X (n, p)` while lines are broken."""


def numpy_source(
    formula: Node,
    name: str = "f",
    arguments: Sequence[Var] | None = None,
    typical: Mapping[str, int] | None = None,
) -> str:
    """The source of one function of NumPy arrays that computes the formula.

    `arguments` are the symbols in the order of the parameters; without it, all symbols of the formula as they appear. A
    dimension that is the size of no argument becomes a parameter of its own, at the end. `typical` gives sizes of
    dimensions by name, {"n": 10_000, "p": 5}, where they are other than dims(..., typical=...) says: they decide in
    which order products are taken, never what is computed.
    The source uses `np`, and `math` for erf alone; derivatives in the formula are taken.

    Errors: Unsupported for a node without code; NotationError where an argument is missing or two share a name.
    """
    return _Generated(formula, name, arguments, typical or {}).source()


def numpy_module(formula: Node, name: str = "f", arguments: Sequence[Var] | None = None) -> str:
    """The same as a whole file, with its imports."""
    source = numpy_source(formula, name, arguments)
    imports = "import math\n\nimport numpy as np\n" if "math." in source else "import numpy as np\n"
    return f"{imports}\n\n{source}"


def numpy_function(
    formula: Node,
    name: str = "f",
    arguments: Sequence[Var] | None = None,
    typical: Mapping[str, int] | None = None,
) -> Callable[..., Any]:
    """The function of `numpy_source`, compiled; its text is in the attribute `source`. Takes arrays and numbers."""
    import math

    source = numpy_source(formula, name, arguments, typical)
    place: dict[str, Any] = {"np": np, "math": math}
    exec(compile(source, f"<generated {name}>", "exec"), place)
    function: Callable[..., Any] = place[name]
    function.source = source  # type: ignore[attr-defined]
    return function


def symbols(formula: Node) -> tuple[Var, ...]:
    """The declared symbols that a formula's value depends on, in the order in which a reader meets them: those inside a
    named part come after those that are seen."""
    found: dict[Var, None] = {}
    done: set[Basic] = set()
    todo: list[Basic] = [formula.value if isinstance(formula, Let) else formula]
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
            case _:
                todo.extend(reversed(node.args))
    return tuple(found)


def _stably_differentiate(formula: Deriv, lowering: Lowering) -> Lowered:
    """The derivative of the stable form: that of log sigmoid(z) is sigmoid(-z), no quotient of vanishing parts."""
    f = lowering(formula.args[1])
    lowering.done[formula.args[1]] = Lowered(stable(f.node, last=False)[0], f.letters, f.groups)
    return differentiate(formula, lowering)


def _hints(arguments: Iterable[Var]) -> dict[str, int]:
    """The typical sizes that dimensions were declared with."""
    open_dims = (d for v in arguments for d in v.shape if isinstance(d, OpenDim))
    return {d.name: d.typical for d in open_dims if d.typical is not None}


class _Generated:
    """The parts of one generated function."""

    def __init__(self, formula: Node, name: str, arguments: Sequence[Var] | None, typical: Mapping[str, int]):
        self.formula, self.name = formula, name
        self.arguments = symbols(formula) if arguments is None else tuple(arguments)
        self.identifiers = _identifiers(self.arguments)
        lowering = Lowering(_stably_differentiate)
        self.lowered: Lowered = lowering(formula)
        root, gathered_as = gathered(self.lowered.node)
        self.root, stable_as = stable(root)
        seen = {node: x.node for node, x in lowering.done.items()}
        named = {
            stable_as[gathered_as[x]]: printing.python_name(node.name)
            for node, x in seen.items()
            if isinstance(node, Let) and node is not formula and x in gathered_as and gathered_as[x] in stable_as
        }
        code, preferred = self._code(named, {**_hints(self.arguments), **typical})
        used = [c for c in below(code) if c.op == "dim"]
        self.dims = _dimension_names([c.text for c in used], self.identifiers.values())
        sizes = {c: self.dims[c.text] for c in used}
        self.statements = Statements(code, preferred, sizes, {*self.identifiers.values(), *self.dims.values(), name})

    def _code(self, named: Mapping[Dag, str], typical: Mapping[str, int]) -> tuple[Code, dict[Code, str]]:
        """The expression of the result. Where an inverse has to be formed anyway, it is used everywhere."""
        known = {dag.var(v, v.shape): name for v, name in self.identifiers.items()}
        missing = [n.args[0].name for n in dag.order(self.root) if n.kind == "var" and n not in known]
        if missing:
            raise NotationError(f"the formula needs {', '.join(missing)}, which the arguments do not list")
        order = reading_order(self.root, [dag.var(v, v.shape) for v in symbols(self.formula)])
        formed: frozenset[Dag] = frozenset()
        while True:
            emitter = Emitter(self.root, known, order, named, typical, formed)
            value = emitter.emit()
            if emitter.asked <= formed:
                return _grouped(self.lowered, value, self.root, emitter.kron), emitter.names
            formed |= emitter.asked

    # --- text ------------------------------------------------------------------------------------
    def source(self) -> str:
        lines, extra = self._dimension_lines()
        parameters = ", ".join([*self.identifiers.values(), *extra])
        body = [*self._docstring(extra), *lines, *self.statements.lines, f"return {self.statements.result}"]
        return f"def {self.name}({parameters}):\n" + "".join(f"    {line}\n" if line else "\n" for line in body)

    def _dimension_lines(self) -> tuple[list[str], list[str]]:
        """n, p = X.shape, for the dimensions that are used; and those that no argument shows."""
        wanted = list(self.dims)
        lines: list[str] = []
        for symbol, identifier in self.identifiers.items():
            axes = [(k, d.name) for k, d in enumerate(symbol.shape) if d.is_Symbol and d.name in wanted]
            fresh = list({d: k for k, d in reversed(axes)}.items())[::-1]
            wanted = [d for d in wanted if d not in dict(fresh)]
            if len(fresh) == symbol.ndim > 1:
                lines.append(f"{', '.join(self.dims[d] for d, _ in fresh)} = {identifier}.shape")
            else:
                lines += [f"{self.dims[d]} = {identifier}.shape[{k}]" for d, k in fresh]
        return lines, [self.dims[d] for d in wanted]

    def _docstring(self, extra: Iterable[str]) -> list[str]:
        shapes = [_described(v, self.identifiers[v]) for v in self.arguments] + [f"{d} a dimension" for d in extra]
        shapes = [said.replace(" ", GLUE) for said in shapes]
        result = show_shape(self.formula.shape).replace(" ", GLUE)
        tail = f"{', '.join(shapes)}  ->  {result}" if shapes else f"->  {result}"
        lines = [*textwrap.wrap(_title(self.formula), LINE - 7), "", *textwrap.wrap(tail, LINE - 4)]
        return [f'"""{lines[0]}', *(line.replace(GLUE, " ") for line in lines[1:]), '"""']


def _title(formula: Node) -> str:
    """The formula, with the formulas of the names in it."""
    value = formula.value if isinstance(formula, Let) else formula
    head = f"{printing.unicode(formula)} = " if isinstance(formula, Let) else ""
    inside = _lets(value)
    where = ", ".join(f"{printing.unicode(x)} = {printing.unicode(x.value)}" for x in inside)
    return (head + printing.unicode(value) + (f", where {where}" if where else "")).replace("\\", "\\\\")


def _lets(node: Basic) -> list[Let]:
    found: dict[Let, None] = {}
    todo: list[Basic] = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, Let):
            if part in found:
                continue
            found[part] = None
        todo.extend(reversed(part.args))
    return list(found)


WORDS = {
    "labels": "of -1 and 1", "binary": "of 0 and 1", "positive": "> 0", "nonnegative": ">= 0",
    "positive_definite": "positive definite", "psd": "positive semidefinite", "one_hot_rows": "with one-hot rows",
    "stochastic_rows": "with rows that sum to 1", "simplex": "that sums to 1", "unit": "of length 1",
    "one_hot": "one-hot", "full_column_rank": "of full column rank", "nonzero_entries": "without zeros",
    "lower_triangular": "lower triangular", "orthonormal_columns": "with orthonormal columns", "nonzero": "not zero",
    "nonempty_columns": "",
}  # fmt: skip
"""How a docstring says a declared property; the others are said by their names."""


def _described(symbol: Var, identifier: str) -> str:
    """X (n, p), lam > 0, S (p, p) positive definite."""
    said = [WORDS.get(p, p.replace("_", " ")) for p in sorted(symbol.declared)]
    shape = [show_shape(symbol.shape)] if symbol.ndim or not said else []
    return " ".join([identifier, *shape, *filter(None, said)])


# --- names -----------------------------------------------------------------------------------------
def _identifiers(arguments: Sequence[Var]) -> dict[Var, str]:
    names = {v: printing.python_name(v.name) for v in arguments}
    names = {v: f"{n}_" if n in ("np", "math") else n for v, n in names.items()}
    if len(set(names.values())) < len(names):
        raise NotationError(f"two arguments share a name: {', '.join(names.values())}")
    return names


def _dimension_names(dims: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    used = set(taken)
    found: dict[str, str] = {}
    for dim in dict.fromkeys(dims):
        name = printing.python_name(dim)
        found[dim] = f"size_{name}" if name in used else name
    return found


def reading_order(root: Dag, variables: Sequence[Dag]) -> dict[Dag, tuple[object, ...]]:
    """A key for each node that does not depend on when it was made: its first symbol, its size, its shape and kind."""
    rank = {v: k for k, v in enumerate(variables)}
    keys: dict[Dag, tuple[object, ...]] = {}
    size: dict[Dag, int] = {}
    for node in dag.order(root):
        below_it = [keys[c][0] for c in node.children if keys[c][0] >= 0]  # type: ignore[operator]
        first = rank.get(node, min(below_it, default=-1))  # type: ignore[type-var]
        size[node] = min(1 + sum(size[c] for c in node.children), 10**9)
        detail = str(node.args[:2] if node.kind == "function" else node.args if not node.children else "")
        keys[node] = (first, len(node.dims), size[node], node.kind, str(node.dims), detail, node.uid)
    return keys


def _grouped(lowered: Lowered, value: Value, root: Dag, kron: Callable[[], Code | None]) -> Code:
    """The result with its axes as written: an axis made by a Kronecker product is one axis again."""
    groups = (1,) * len(lowered.letters) + lowered.groups
    product = kron() if groups == (2, 2) else None
    if product is not None:
        return product
    code = materialised(value, root.dims)
    if all(g == 1 for g in groups):
        return code
    shape, start = [], 0
    for g in groups:
        dim = sp.Mul(*root.dims[start : start + g])
        shape.append(dim_code(dim))
        start += g
    return call("{}.reshape(" + ", ".join(["{}"] * len(shape)) + ")", len(shape), code, *shape)
