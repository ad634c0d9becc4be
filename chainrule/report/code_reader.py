"""A hand-written function read as a formula: NumPy's operations over the symbols that its parameters mean.

Every name in the source is looked up where Python would look it up, so that `np.exp` is NumPy's and `score` the
function beside it, which is read in its turn. Shapes are those of the symbols; a step whose meaning is not known for
certain ends the reading, and no formula is shown. Whoever shows one holds it against the formula first.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.linalg
import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError
from chainrule.notation import vocabulary as v
from chainrule.notation.nodes import Let, MatMul, Node, Pow, Size, Transpose, Var, as_node

from .numpy_readings import LONE, METHODS, PAIRS, REDUCED, NotRead, outer_product, product, size_of, solved, transposed

Value = Any
"""A formula, a size, or a tuple of these."""
DEEP = 4
"""How many functions may call one another."""


@dataclass(frozen=True)
class Reading:
    """The value that a function returns, and the names that it gives on the way, in order."""

    value: Node
    names: tuple[Let, ...]


def reading(function: Callable[..., Any], symbols: Mapping[str, Node | sp.Expr]) -> Reading | None:
    """What the function returns when its parameters mean these symbols and dimensions; None where it is not certain."""
    try:
        reader = _Reader(dict(symbols), function, 0)
        value = reader.run()
        return Reading(_column(value), tuple(reader.names)) if isinstance(value, Node) else None
    except (NotRead, ChainruleError, OSError, TypeError, SyntaxError):
        return None


def _column(a: Value) -> Node:
    """An array of one axis has no direction: what was read as a row is the column of its entries."""
    if not isinstance(a, Node):
        return as_node(a)
    if not a.row:
        return a
    match a:
        case Transpose():
            return a.args[0]
        case MatMul(args=(Transpose() as left, right)):
            return MatMul(Transpose(right), left.args[0])
    return Transpose(a)


class _Reader:
    """One function at work: what its names stand for."""

    def __init__(self, known: dict[str, Any], function: Callable[..., Any], depth: int):
        if depth > DEEP or not inspect.isfunction(function):
            raise NotRead
        self.known, self.function, self.depth = known, function, depth
        self.names: list[Let] = []

    def run(self) -> Value:
        """Statement by statement to the return."""
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body
        if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
            raise NotRead
        self._defaults(definition)
        for statement in definition.body:
            match statement:
                case ast.Expr(ast.Constant(str())):
                    continue
                case ast.Return(ast.expr() as value):
                    return self.read(value)
                case ast.Assign([ast.Name(name)], value):
                    self.assign(name, self.read(value))
                case ast.Assign([ast.Tuple(targets)], value):
                    self.unpack(targets, self.read(value))
                case _:
                    raise NotRead
        raise NotRead

    def _defaults(self, definition: ast.FunctionDef) -> None:
        said = [a.arg for a in definition.args.args]
        if definition.args.vararg or definition.args.kwarg or any(name not in self.known for name in said):
            raise NotRead

    def assign(self, name: str, value: Value) -> None:
        """A name for a value; a name that changes what it stands for ends the reading."""
        if name in self.known:
            raise NotRead
        if isinstance(value, Node) and not isinstance(value, (Size, Let)) and value.atoms(Var):
            value = Let(Str(name), _column(value))
            self.names.append(value)
        self.known[name] = value

    def unpack(self, targets: list[ast.expr], value: Value) -> None:
        if not isinstance(value, tuple) or len(value) != len(targets):
            raise NotRead
        for target, part in zip(targets, value, strict=True):
            if not isinstance(target, ast.Name):
                raise NotRead
            if target.id != "_":
                self.assign(target.id, part)

    # --- expressions -----------------------------------------------------------------------------------
    def read(self, e: ast.expr) -> Value:
        """An expression; a tuple of them; a size."""
        match e:
            case ast.Name(name) if name in self.known:
                return self.known[name]
            case ast.Constant(value) if isinstance(value, (int, float)) and not isinstance(value, bool):
                return as_node(Fraction(str(value)))
            case ast.UnaryOp(ast.USub(), operand):
                return -self.node(operand)
            case ast.BinOp(left, operator, right):
                return self.binary(left, operator, right)
            case ast.Attribute(of, "T"):
                return transposed(self.node(of))
            case ast.Attribute(of, "shape"):
                return tuple(self.node(of).shape)
            case ast.Subscript(ast.Attribute(of, "shape"), ast.Constant(int() as axis)):
                return self.node(of).shape[axis]
            case ast.Subscript(ast.Call(f, args, []), ast.Constant(1)) if self.object(f) is np.linalg.slogdet:
                return v.logdet(*map(self.node, args))
            case ast.Tuple(parts):
                return tuple(self.read(p) for p in parts)
            case ast.Call(f, args, keywords):
                return self.call(f, args, {k.arg or "**": k.value for k in keywords})
        raise NotRead

    def node(self, e: ast.expr) -> Node:
        """An expression that is an array or a number."""
        return _column(self.array(e))

    def array(self, e: ast.expr) -> Node:
        """The same, a row where it was read as one."""
        value = self.read(e)
        if isinstance(value, tuple):
            raise NotRead
        return value if isinstance(value, Node) else as_node(value)

    def binary(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> Value:
        if isinstance(operator, (ast.Mult, ast.Div)) and (scaled := self.scaled(left, operator, right)) is not None:
            return scaled
        if isinstance(operator, ast.MatMult):
            return product(self.array(left), self.node(right))
        if isinstance(operator, (ast.Add, ast.Sub)) and (s := self.rows(right)) is not None:
            x = self.node(left)
            a, b = x, v.outer(s, v.ones(x.shape[-1]))
        else:
            a, b = self.node(left), self.node(right)
        match operator:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Mult():
                return a * b
            case ast.Div():
                return a / b
            case ast.Pow() if isinstance(right, ast.Constant):
                return Pow(a, b)
        raise NotRead

    def scaled(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> Node | None:
        """s[:, None] * X, X * s[:, None] and X / s[:, None]: a diagonal matrix times X."""
        rows, other = (self.rows(left), right) if self.rows(left) is not None else (self.rows(right), left)
        if rows is None:
            return None
        if isinstance(operator, ast.Div) and other is right:
            raise NotRead
        x = self.node(other)
        if x.ndim != 2:
            raise NotRead
        return v.diag(as_node(1) / rows if isinstance(operator, ast.Div) else rows) @ x

    def rows(self, e: ast.expr) -> Node | None:
        """s in s[:, None]."""
        match e:
            case ast.Subscript(of, ast.Tuple([ast.Slice(None, None, None), ast.Constant(None)])):
                s = self.node(of)
                return s if s.ndim == 1 else None
        return None

    # --- calls -----------------------------------------------------------------------------------------
    def object(self, e: ast.expr) -> Any:
        """What a name means to Python: np.exp is NumPy's function whatever the module is called here."""
        match e:
            case ast.Name(name) if name not in self.known:
                spaces = (self.function.__globals__, vars(__import__("builtins")))
                return next((space[name] for space in spaces if name in space), None)
            case ast.Attribute(ast.Name() | ast.Attribute() as of, name):
                return getattr(self.object(of), name, None)
        return None

    def call(self, f: ast.expr, args: Sequence[ast.expr], keywords: Mapping[str, ast.expr]) -> Value:
        if isinstance(f, ast.Attribute) and self.object(f) is None:
            return self.method(f, args, keywords)
        called = self.object(f)
        axis = self.axis(keywords) if set(keywords) == {"axis"} else None
        if called in LONE and len(args) == 1 and not keywords:
            return LONE[called](self.node(args[0]))
        if called in REDUCED and len(args) == 1 and set(keywords) <= {"axis"}:
            return REDUCED[called](self.node(args[0]), axis)
        if called is np.outer and len(args) == 2 and not keywords:
            return outer_product(self.node(args[0]), self.array(args[1]))
        if called is scipy.linalg.cho_solve and len(args) == 2 and not keywords:
            return solved(self.factored(args[0]), self.node(args[1]))
        if called in PAIRS and len(args) == 2 and set(keywords) <= PAIRS[called][0]:
            return PAIRS[called][1](self.node(args[0]), self.node(args[1]))
        if called is len and len(args) == 1:
            return self.node(args[0]).shape[0]
        if called is np.eye and len(args) == 1 and not keywords:
            return v.I(size_of(self.read(args[0])))
        if called is np.ones and len(args) == 1 and not keywords:
            return v.ones(size_of(self.read(args[0])))
        if inspect.isfunction(called) and called.__module__ == self.function.__module__ and not keywords:
            return self.inside(called, args)
        raise NotRead

    def factored(self, e: ast.expr) -> Node:
        """A in cho_factor(A)."""
        if isinstance(e, ast.Call) and self.object(e.func) is scipy.linalg.cho_factor and len(e.args) == 1:
            return self.node(e.args[0])
        raise NotRead

    def inside(self, called: Callable[..., Any], args: Sequence[ast.expr]) -> Value:
        """A function of the same file, its parameters standing for what they are given."""
        parameters = list(inspect.signature(called).parameters)
        if len(parameters) != len(args):
            raise NotRead
        values = {p: self.read(a) for p, a in zip(parameters, args, strict=True)}
        inner = _Reader(
            {p: _column(x) if isinstance(x, Node) else x for p, x in values.items()}, called, self.depth + 1
        )
        made = inner.run()
        if any(let.name in self.known for let in inner.names):
            raise NotRead
        self.names += inner.names
        self.known |= {let.name: let for let in inner.names}
        return made

    def method(self, f: ast.Attribute, args: Sequence[ast.expr], keywords: Mapping[str, ast.expr]) -> Value:
        """x.sum(axis=0), x.mean(), x.max(axis=1)."""
        if args or not set(keywords) <= {"axis"} or f.attr not in METHODS:
            raise NotRead
        return METHODS[f.attr](self.node(f.value), self.axis(keywords))

    def axis(self, keywords: Mapping[str, ast.expr]) -> int | None:
        match keywords.get("axis"):
            case None:
                return None
            case ast.Constant(int() as axis):
                return axis
        raise NotRead
