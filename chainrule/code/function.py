"""One function from formulas: its arguments, its docstring, its lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat

from sympy.core.basic import Basic

from chainrule import printing
from chainrule.calculus.reverse import differentiate
from chainrule.errors import NotationError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.forms.lowered import Lowered
from chainrule.notation.dims import OpenDim, Shape, show_shape
from chainrule.notation.nodes import Deriv, Expect, Let, Node, Var

from .clusters import gathered
from .emit import Emitter, emitted
from .facts import mask
from .loops import Looping
from .order import reading_order, typical_size
from .parts import Parts, parts
from .rows import ROW, STEP, ByRows, Rows, rows
from .stable import stable
from .stacks import stacked
from .statements import Statements, below
from .syntax import Code, together
from .target import NUMPY, Target
from .values import Value, dim_code, materialised, regrouped

SPECIAL = "from scipy import special\n\n\n"
"""Stands before a function that calls it."""

LINE = 100
"""Docstrings are wrapped here."""

GLUE = "\N{NO-BREAK SPACE}"
"""Stands for a space inside `X (n, p)` while lines are broken."""


def _stably_differentiate(formula: Deriv | Expect, lowering: Lowering) -> Lowered:
    """The derivative of the stable form: that of log sigmoid(z) is sigmoid(-z), no quotient of vanishing parts. Stable
    forms take logarithms of masks, so that a derivative by a mask is taken of the formula as it is."""
    if isinstance(formula, Expect) or mask(lowering(formula.args[2]).node):
        return differentiate(formula, lowering)
    f = lowering(formula.args[1])
    lowering.done[formula.args[1]] = Lowered(stable(f.node, last=False)[f.node], f.letters, f.groups)
    return differentiate(formula, lowering)


def _improved(nodes: Sequence[Dag]) -> dict[Dag, Dag]:
    """What becomes of every node: clusters gathered, then the stable forms."""
    first = gathered(*nodes)
    then = stable(*(first[node] for node in nodes))
    return {node: then[new] for node, new in first.items() if new in then}


def _hints(arguments: Iterable[Var]) -> dict[str, int]:
    """The typical sizes that dimensions were declared with."""
    open_dims = (d for v in arguments for d in v.shape if isinstance(d, OpenDim))
    return {d.name: d.typical for d in open_dims if d.typical is not None}


class Function:
    """The parts of one generated function: its arguments, its docstring, its lines."""

    def __init__(
        self,
        formulas: Sequence[Node],
        name: str,
        arguments: Sequence[Var],
        read: Sequence[Var],
        typical: Mapping[str, int],
        target: Target = NUMPY,
    ):
        self.target = target
        self.formulas, self.name, self.arguments = formulas, name, arguments
        self.identifiers = _identifiers(arguments)
        lowering = Lowering(_stably_differentiate)
        self.lowered = [lowering(formula) for formula in formulas]
        after = _improved([x.node for x in self.lowered])
        self.roots = [after[x.node] for x in self.lowered]
        self.arranged()
        self.looping = Looping(self.roots)
        self.roots = self.looping.roots
        named = {
            self.looping.done.get(after[x.node], after[x.node]): printing.python_name(node.name)
            for node, x in lowering.done.items()
            if isinstance(node, Let) and node not in formulas and x.node in after
        }
        hints = {**_hints(arguments), **typical}
        self.found = self._by_rows(hints)
        if self.found:
            code, preferred = self._code(named, read, hints)
            if dim_code(self.found.dim) in below(code):  # a block has another number of rows
                self.found = None
        if not self.found:
            named = self._by_slices(named, hints)
            code, preferred = self._code(named, read, hints)
        needed = together([code, *map(dim_code, self.found.sizes(self.roots))]) if self.found else code
        used = [c for c in below(needed) if c.op == "dim"]
        self.dims = _dimension_names([c.text for c in used], self.identifiers.values())
        sizes = {c: self.dims[c.text] for c in used}
        taken = {*self.identifiers.values(), *self.dims.values(), name}
        self.statements: Statements | ByRows
        if self.found:
            codes = code.parts if len(self.roots) > 1 else (code,)
            self.statements = ByRows(self.found, self.roots, codes, preferred, sizes, self._blocks(), taken)
        else:
            self.statements = Statements(code, preferred, sizes, taken)

    def _by_rows(self, hints: Mapping[str, int]) -> Rows | None:
        """How to go through wide rows in blocks, where it pays."""
        plain = self.target is NUMPY and all(g == 1 for x in self.lowered for g in x.groups)
        if not plain or {ROW, STEP} & set(self.identifiers.values()):
            return None
        return rows(self.roots, partial(typical_size, typical=hints))

    def _by_slices(self, named: Mapping[Dag, str], hints: Mapping[str, int]) -> dict[Dag, str]:
        """Go through wide stacks a slice at a time; the names of the nodes that there are then."""
        if self.target is not NUMPY:
            return dict(named)
        done = stacked(self.roots, partial(typical_size, typical=hints))
        self.roots = [done[root] for root in self.roots]
        return {done.get(node, node): name for node, name in named.items()}

    def _blocks(self) -> dict[str, str]:
        """What a block of an argument's rows is called, by the argument."""
        arguments = self.found.arguments if self.found else ()
        return {name: f"{name}_{ROW}" for v, name in self.identifiers.items() if dag.var(v, v.shape) in arguments}

    def _code(
        self, named: Mapping[Dag, str], read: Sequence[Var], typical: Mapping[str, int]
    ) -> tuple[Code, dict[Code, str]]:
        """The expression of the result. Where an inverse has to be formed anyway, it is used everywhere."""
        blocks = self._blocks()
        known = {dag.var(v, v.shape): blocks.get(name, name) for v, name in self.identifiers.items()}
        missing = [n.args[0].name for n in dag.order(*self.roots) if n.kind == "var" and n not in known]
        if missing:
            raise NotationError(f"the formula needs {', '.join(missing)}, which the arguments do not list")
        order = reading_order(self.roots, [dag.var(v, v.shape) for v in read])
        emitter = emitted(self.roots, self.target.scatter, known, order, named, typical)
        code = together(self.results([emitter.values[root] for root in self.roots], emitter))
        return self.target.said(code), {self.target.said(c): name for c, name in emitter.names.items()}

    def arranged(self) -> None:
        """A last word on what is computed; here, the formulas as they are."""

    def results(self, values: Sequence[Value], emitter: Emitter) -> Iterable[Code]:
        """What is returned."""
        return map(self._grouped, self.lowered, values, self.roots, repeat(emitter))

    def _grouped(self, lowered: Lowered, value: Value, root: Dag, emitter: Emitter) -> Code:
        """A result with its axes as written: an axis made by a Kronecker product is one axis again."""
        groups = (1,) * len(lowered.letters) + lowered.groups
        product = emitter.kron(root) if groups == (2, 2) else None
        if product is not None:
            return product
        code = materialised(value, root.dims, self.target.scatter)
        return code if all(g == 1 for g in groups) else regrouped(code, root.dims, groups)

    # --- text ------------------------------------------------------------------------------------
    def source(self) -> str:
        lines, extra = self._dimension_lines()
        parameters = ", ".join([*self.identifiers.values(), *extra, *self.target.parameters])
        code = [*lines, *self.statements.lines, f"return {self.statements.result}"]
        head = SPECIAL if any("special." in line for line in code) else ""
        body = "".join(f"    {line}\n" if line else "\n" for line in [*self._docstring(extra), *code])
        return f"{head}def {self.name}({parameters}):\n{body}"

    def shapes(self) -> list[Shape]:
        """Of what is returned."""
        return [formula.shape for formula in self.formulas]

    def remark(self) -> list[str]:
        """What a docstring says behind the formulas."""
        return []

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
        result = ", ".join(map(show_shape, self.shapes())).replace(" ", GLUE)
        tail = f"{', '.join(shapes)}  ->  {result}" if shapes else f"->  {result}"
        titles = [line for formula in self.formulas for line in textwrap.wrap(_title(formula), LINE - 7)]
        lines = [*titles, *self.remark(), "", *textwrap.wrap(tail, LINE - 4)]
        return [f'"""{lines[0]}', *(line.replace(GLUE, " ") for line in lines[1:]), '"""']


class Compressed(Function):
    """A function that returns the parts of a structured tensor. `parts` is None where there is no structure."""

    parts: Parts | None = None

    def arranged(self) -> None:
        """The parts in place of the whole."""
        (root,), (lowered,) = self.roots, self.lowered
        plain = all(g == 1 for g in lowered.groups)
        self.parts = parts(root) if plain else None
        self.roots = list(self.parts.arrays) if self.parts else self.roots

    def results(self, values: Sequence[Value], emitter: Emitter) -> Iterable[Code]:
        """The parts, as they are."""
        return [emitter.array(root) for root in self.roots]

    def shapes(self) -> list[Shape]:
        return [root.dims for root in self.roots]

    def remark(self) -> list[str]:
        return ["", *textwrap.wrap(f"by its parts: H{self.parts.says}", LINE - 4)] if self.parts else []


LONGEST = 1500
"""A docstring says a formula of up to so many parts."""


def _title(formula: Node) -> str:
    """The formula, with the formulas of the names in it; one that fills pages is not written out."""
    if _written_size(formula, {}) > LONGEST:
        return "A formula of layers, too long to be written out in one line."
    value = formula.value if isinstance(formula, Let) else formula
    head = f"{printing.unicode(formula)} = " if isinstance(formula, Let) else ""
    inside = _lets(value)
    where = ", ".join(f"{printing.unicode(x)} = {printing.unicode(x.value)}" for x in inside)
    return (head + printing.unicode(value) + (f", where {where}" if where else "")).replace("\\", "\\\\")


def _written_size(node: Basic, known: dict[Basic, int]) -> int:
    """How many parts are written, each as often as it stands there."""
    if node not in known:
        known[node] = 1 + sum(_written_size(part, known) for part in node.args)
    return known[node]


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
    "unit_interval": "between 0 and 1",
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
    names = {v: f"{n}_" if n in ("np", "math", "special") else n for v, n in names.items()}
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
