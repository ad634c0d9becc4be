"""The nodes: everything that a formula can be made of, kept exactly as written and checked for shape when built.

The set is closed. Every operation (lower, evaluate, print) has one arm a kind, and raises for a kind it does not know.
Nodes are subclasses of SymPy's Basic, for hashing, xreplace, pickling and display; they do not simplify themselves.

A vector (n,) is a column; its transpose is a row, printed (1, n). Elementwise operations broadcast as in NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import NotationError, ShapeError

from .dims import Dim, Shape, as_dim, show_shape
from .places import Counted as Counted
from .places import Letter as Letter
from .places import Place as Place
from .properties import closure


class Node(Basic):  # type: ignore[misc]
    """A formula. `shape` is a tuple of dimensions; `row` says that it is a transposed vector."""

    __slots__ = ("row", "shape")
    shape: Shape
    row: bool
    __array_ufunc__ = None  # NumPy arrays step back and let our operators answer

    def __new__(cls, *args: Basic) -> Node:
        node: Node = Basic.__new__(cls, *args)
        node.row = False
        node.shape = node._shape()
        return node

    def _shape(self) -> Shape:
        raise NotImplementedError(type(self).__name__)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def described(self) -> str:
        """The formula as text, with its shape: for error messages."""
        return f"{self} {show_shape(self.shape, self.row)}"

    # --- what a person writes -----------------------------------------------------------------
    def __add__(self, other: object) -> Node:
        return Add(self, as_node(other))

    def __radd__(self, other: object) -> Node:
        return Add(as_node(other), self)

    def __sub__(self, other: object) -> Node:
        return Add(self, Neg(as_node(other)))

    def __rsub__(self, other: object) -> Node:
        return Add(as_node(other), Neg(self))

    def __neg__(self) -> Node:
        return Neg(self)

    def __mul__(self, other: object) -> Node:
        return Mul(self, as_node(other))

    def __rmul__(self, other: object) -> Node:
        return Mul(as_node(other), self)

    def __truediv__(self, other: object) -> Node:
        return Div(self, as_node(other))

    def __rtruediv__(self, other: object) -> Node:
        return Div(as_node(other), self)

    def __pow__(self, other: object) -> Node:
        return Pow(self, as_node(other))

    def __matmul__(self, other: object) -> Node:
        return MatMul(self, as_node(other))

    def __rmatmul__(self, other: object) -> Node:
        return MatMul(as_node(other), self)

    def __getitem__(self, index: object) -> Any:
        letters = index if isinstance(index, tuple) else (index,)
        if any(isinstance(letter, Place) for letter in letters):
            return Shifted(self, *letters)
        return At(self, *letters)

    def __iter__(self) -> Iterator[Any]:
        raise NotationError(f"{self.described()} is one formula; to sum over an axis write over(n) or clusters(...)")

    def __bool__(self) -> bool:
        raise NotationError(
            f"{self} is a formula, neither true nor false; write a claim with equals(...) or claim(...)"
        )

    @property
    def T(self) -> Node:
        return Transpose(self)

    @property
    def I(self) -> Node:  # noqa: E743
        return Op(Str("inv"), self)

    def at(self, variable: Node, value: object) -> Node:
        """This formula where `variable` has this value; a derivative is taken first. A name inside whose formula
        contains the variable is opened: with another value it would mean something else. A bound symbol stays."""
        value = as_node(value)
        if value.shape != variable.shape or value.row != variable.row:
            raise ShapeError(f"{variable.described()} cannot take the value {value.described()}: the shapes differ")
        if variable not in free_symbols(self):
            return self
        taken = {part.args[2] for part in self.atoms(Deriv, Expect)}
        if variable in taken or taken & value.atoms(Var):  # the value must not move with what is differentiated in
            return Subs(self, variable, value)
        return _opened(self, variable).xreplace({variable: value})

    def _repr_latex_(self) -> str:
        from chainrule.printing import latex

        return f"$\\displaystyle {latex(self)}$"

    def _sympystr(self, printer: object) -> str:
        from chainrule.printing import text

        return text(self)

    _sympyrepr = _sympystr

    def _latex(self, printer: object, exp: str | None = None) -> str:
        from chainrule.printing import latex

        return latex(self)

    def _pretty(self, printer: object) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        return prettyForm(str(self))


def _opened(formula: Node, variable: Node) -> Node:
    """The formula without the names that depend on a symbol."""
    while names := [let for let in formula.atoms(Let) if variable in let.atoms(Var)]:
        formula = formula.xreplace({let: let.value for let in names})
    return formula


def as_node(value: object) -> Node:
    """A formula from a formula, a rational number, or a dimension used as a number."""
    if isinstance(value, Node):
        return value
    if isinstance(value, bool | float):
        raise NotationError(f"{value!r} is not exact; write a fraction, for instance rational(1, 2)")
    if isinstance(value, int):
        return Number(sp.Integer(value), sp.Tuple())
    if isinstance(value, Fraction):
        return Number(sp.Rational(value.numerator, value.denominator), sp.Tuple())
    if isinstance(value, sp.Rational):
        return Number(value, sp.Tuple())
    if isinstance(value, sp.Expr) and value.is_integer and value.free_symbols:
        return Size(value)
    raise NotationError(f"{value!r} is no formula; expected a symbol, a formula, an integer or a fraction")


def broadcast(a: Node, b: Node, what: str) -> tuple[Shape, bool]:
    """NumPy's rule for elementwise operations: shapes align at the last axis, 1 stretches."""
    if a.row != b.row and a.ndim and b.ndim:
        raise ShapeError(
            f"cannot {what} {a.described()} and {b.described()}: one is a row, the other a column; transpose one"
        )
    short, long = sorted((a.shape, b.shape), key=len)
    out = list(long)
    for k in range(1, len(short) + 1):
        x, y = short[-k], long[-k]
        if x != y and x != 1 and y != 1:
            raise ShapeError(
                f"cannot {what} {a.described()} and {b.described()}: "
                f"{show_shape(a.shape)} and {show_shape(b.shape)} differ in {x} and {y}"
            )
        out[-k] = x if y == 1 else y
    return tuple(out), (a.row or b.row)


# --- leaves ----------------------------------------------------------------------------------------
BOUND = "bound"
"""The mark of a symbol that a recurrence binds: it is no symbol of that name outside."""


class Var(Node):
    """A declared symbol: Var(name, shape, properties)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        return tuple(self.args[1])

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def declared(self) -> frozenset[str]:
        """The properties as written."""
        return frozenset(p.name for p in self.args[2])

    @property
    def properties(self) -> frozenset[str]:
        """The declared properties and what follows from them at once."""
        return closure(self.declared - {BOUND})


class Number(Node):
    """A rational number, or pi or e, filling a shape: Number(value, shape). ones(n) is Number(1, (n,))."""

    __slots__ = ()

    def _shape(self) -> Shape:
        return tuple(self.args[1])

    @property
    def value(self) -> sp.Expr:
        return self.args[0]


class Size(Node):
    """A dimension used as a number: the N in 1/N."""

    __slots__ = ()

    def _shape(self) -> Shape:
        return ()

    @property
    def dim(self) -> Dim:
        return self.args[0]


class Eye(Node):
    """The identity matrix: Eye(n)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        return (self.args[0], self.args[0])


class Delta(Node):
    """1 where two indices agree, else 0: Delta(i, j)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        i, j = self.args
        if i.dim != j.dim:
            raise ShapeError(f"delta({i}, {j}): the index {i} runs over {i.dim}, {j} over {j.dim}")
        return ()


INDICATED = ("zero", "nonnegative")


class Indicator(Node):
    """1 where a place is zero, or is nonnegative, else 0: Indicator("nonnegative", t - u) masks what lies ahead."""

    __slots__ = ()

    def _shape(self) -> Shape:
        if self.kind not in INDICATED or not isinstance(self.place, Counted):
            raise NotationError(f"an indicator is of a place that is {' or '.join(INDICATED)}; got {self.args}")
        return ()

    @property
    def kind(self) -> str:
        return self.args[0].name

    @property
    def place(self) -> Counted:
        return self.args[1]


class Position(Node):
    """A place as a number, counted from 0: the t in beta^t."""

    __slots__ = ()

    def _shape(self) -> Shape:
        return ()

    @property
    def place(self) -> Counted:
        return self.args[0]


# --- elementwise -----------------------------------------------------------------------------------
class _Binary(Node):
    __slots__ = ()
    verb: ClassVar[str]

    def _shape(self) -> Shape:
        shape, self.row = broadcast(self.args[0], self.args[1], self.verb)
        return shape


class Add(_Binary):
    """a + b"""

    __slots__ = ()
    verb = "add"


class Mul(_Binary):
    """a * b, entry by entry; a scalar multiplies anything."""

    __slots__ = ()
    verb = "multiply"


class Div(_Binary):
    """a / b, entry by entry. Obligation: no entry of b is 0."""

    __slots__ = ()
    verb = "divide"


class Pow(Node):
    """a ** b, entry by entry, b a scalar."""

    __slots__ = ()

    def _shape(self) -> Shape:
        base, exponent = self.args
        if exponent.shape != ():
            raise ShapeError(f"the exponent {exponent.described()} must be a scalar ()")
        self.row = base.row
        return base.shape


class Neg(Node):
    """-a"""

    __slots__ = ()

    def _shape(self) -> Shape:
        self.row = self.args[0].row
        return self.args[0].shape


FUNCTIONS = (
    "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
    "sigmoid", "softplus", "relu", "step", "abs", "sign", "sqrt", "erf",
    "lgamma", "digamma", "trigamma", "polygamma2", "log_bessel0", "bessel_ratio",
)  # fmt: skip
"""Elementwise functions. step is relu' (1 for x > 0, else 0) and sign is abs', both 0 at 0. After polygamma2 come
polygamma3, polygamma4, ..., each the derivative of the one before."""
DIGAMMAS = {"digamma": 0, "trigamma": 1}
"""The first polygamma functions, which have names of their own."""


def polygamma_order(function: str) -> int | None:
    """m where the function is the m-th derivative of digamma; None for every other function."""
    if function in DIGAMMAS:
        return DIGAMMAS[function]
    order = function.removeprefix("polygamma")
    known = function.startswith("polygamma") and order.isascii() and order.isdigit() and order == str(int(order))
    return int(order) if known and int(order) > 1 else None


def polygamma_name(order: int) -> str:
    """The name of the m-th derivative of digamma."""
    return next((name for name, m in DIGAMMAS.items() if m == order), f"polygamma{order}")


class Apply(Node):
    """f(x), entry by entry: Apply(name, x)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        if self.function not in FUNCTIONS and polygamma_order(self.function) is None:
            raise NotationError(f"unknown function {self.function!r}; there are: {', '.join(FUNCTIONS)}")
        self.row = self.args[1].row
        return self.args[1].shape

    @property
    def function(self) -> str:
        return self.args[0].name


# --- along axes ------------------------------------------------------------------------------------
REDUCTIONS = ("sum", "logsumexp", "max")


class Reduce(Node):
    """Reduce(kind, x, axes): sum, logsumexp or max over the axes listed (nonnegative, increasing)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        x, axes = self.args[1], tuple(int(a) for a in self.args[2])
        if self.kind not in REDUCTIONS:
            raise NotationError(f"unknown reduction {self.kind!r}; there are: {', '.join(REDUCTIONS)}")
        _check_axes(x, axes)
        return tuple(d for k, d in enumerate(x.shape) if k not in axes)

    @property
    def kind(self) -> str:
        return self.args[0].name

    @property
    def axes(self) -> tuple[int, ...]:
        return tuple(int(a) for a in self.args[2])


class Softmax(Node):
    """softmax of x along one axis: exp(x) / sum exp(x)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        _check_axes(self.args[0], (self.axis,))
        self.row = self.args[0].row
        return self.args[0].shape

    @property
    def axis(self) -> int:
        return int(self.args[1])


def _check_axes(x: Node, axes: tuple[int, ...]) -> None:
    if any(not 0 <= a < x.ndim for a in axes) or len(set(axes)) < len(axes):
        raise ShapeError(f"{x.described()} has {x.ndim} axes; axis {', '.join(map(str, axes))} is not among them")


# --- matrices --------------------------------------------------------------------------------------
class MatMul(Node):
    """a @ b: NumPy's product, except that a vector is a column, so that x @ y.T is the outer product."""

    __slots__ = ()

    def _shape(self) -> Shape:
        a, b = self.args
        if a.ndim == 0 or b.ndim == 0:
            raise ShapeError(f"cannot multiply {a.described()} @ {b.described()}: a scalar takes *, not @")
        if a.ndim == 1 and not a.row and b.row:
            return (a.shape[0], b.shape[0])
        if b.row:
            raise ShapeError(f"cannot multiply {a.described()} @ {b.described()}: a row on the right needs a column")
        inner = b.shape[0] if b.ndim == 1 else b.shape[-2]
        if a.shape[-1] != inner:
            raise ShapeError(
                f"cannot multiply {a.described()} @ {b.described()}: the inner sizes {a.shape[-1]} and {inner} differ"
            )
        batch: Shape = ()
        if a.ndim > 2 or b.ndim > 2:
            batch = self._batch(a, b)
        left = a.shape[-2:-1] if a.ndim >= 2 else ()
        right = b.shape[-1:] if b.ndim >= 2 else ()
        self.row = a.ndim == 1 and b.ndim == 2 and a.row
        return batch + left + right

    @staticmethod
    def _batch(a: Node, b: Node) -> Shape:
        short, long = sorted((a.shape[:-2], b.shape[:-2]), key=len)
        if short and long[len(long) - len(short) :] != short:
            raise ShapeError(f"cannot multiply {a.described()} @ {b.described()}: the batch axes differ")
        return long


class Transpose(Node):
    """x.T: rows become columns; a column becomes a row; a batch keeps its leading axes."""

    __slots__ = ()

    def _shape(self) -> Shape:
        x = self.args[0]
        if x.ndim == 1:
            self.row = not x.row
        if x.ndim < 2:
            return x.shape
        return (*x.shape[:-2], x.shape[-1], x.shape[-2])


OPS = ("inv", "trace", "det", "logdet", "diag", "diagof", "sqnorm", "norm", "nuclear")


class Op(Node):
    """A matrix function: Op(kind, x). inv keeps the shape; trace, det, logdet give a scalar; diag makes a matrix of
    a vector, diagof takes its diagonal; sqnorm and norm are the sum of squares and its root over all axes; nuclear is
    the sum of the singular values of a matrix."""

    __slots__ = ()

    def _shape(self) -> Shape:
        x = self.args[1]
        if self.kind not in OPS:
            raise NotationError(f"unknown operation {self.kind!r}; there are: {', '.join(OPS)}")
        if self.kind in ("sqnorm", "norm"):
            return ()
        if self.kind == "nuclear":
            if x.ndim != 2:
                raise ShapeError(f"singular values are those of a matrix; {x.described()} is none")
            return ()
        if self.kind == "diag":
            if x.ndim != 1:
                raise ShapeError(f"diag makes a matrix of a vector; {x.described()} is none (diagof takes a diagonal)")
            return (x.shape[0], x.shape[0])
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise ShapeError(f"{self.kind} asks for a square matrix; {x.described()} is none")
        return {"inv": x.shape, "diagof": x.shape[:-1]}.get(self.kind, x.shape[:-2])

    @property
    def kind(self) -> str:
        return self.args[0].name


class Kron(Node):
    """The Kronecker product of two matrices: (m, n) and (p, q) give (m p, n q)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        a, b = self.args
        if a.ndim != 2 or b.ndim != 2:
            raise ShapeError(f"kron asks for two matrices; got {a.described()} and {b.described()}")
        return (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])


# --- index notation --------------------------------------------------------------------------------
class At(Node):
    """x[i, k]: At(x, i, k). Fewer letters than axes leave the last axes: X[i] is example i, a column."""

    __slots__ = ()

    def _shape(self) -> Shape:
        x, letters = self.args[0], self.args[1:]
        for letter in letters:
            if not isinstance(letter, Letter):
                raise NotationError(
                    f"{x}[{letter}]: an index is a letter, bound by Sum(... for i in over(n)) or declared by index()"
                )
        if len(letters) > x.ndim:
            raise ShapeError(f"{x.described()} has {x.ndim} axes and cannot take {len(letters)} indices")
        for axis, letter in enumerate(letters):
            if letter.dim != x.shape[axis]:
                raise ShapeError(
                    f"{x.described()}[{', '.join(map(str, letters))}]: axis {axis} has size {x.shape[axis]}, "
                    f"but {letter} runs over {letter.dim}"
                )
        return x.shape[len(letters) :]


class Shifted(Node):
    """x[2 t + k, c]: x at places made from indices, and 0 outside x: Shifted(x, place, ...)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        x, places = self.args[0], self.args[1:]
        if len(places) > x.ndim:
            raise ShapeError(f"{x.described()} has {x.ndim} axes and cannot take {len(places)} indices")
        for axis, at in enumerate(places):
            if not isinstance(at, Counted):
                raise NotationError(f"{x}[{at}]: an index is a letter, or made from letters, as in x[2*t + k]")
            if isinstance(at, Letter) and at.dim != x.shape[axis]:
                raise ShapeError(f"{x.described()}: axis {axis} has size {x.shape[axis]}, but {at} runs over {at.dim}")
        return x.shape[len(places) :]

    @property
    def places(self) -> tuple[Counted, ...]:
        return self.args[1:]


class Range(Basic):  # type: ignore[misc]
    """Where a bound letter runs: Range(letter) over its whole dimension, Range(letter, weight) where weight is 1."""

    __slots__ = ()

    @property
    def letter(self) -> Letter:
        return self.args[0]

    @property
    def weight(self) -> Node | None:
        return self.args[1] if len(self.args) > 1 else None


class Sum(Node):
    """Sum(body, range, range, ...), outermost range first."""

    __slots__ = ()

    def _shape(self) -> Shape:
        self.row = self.args[0].row
        return self.args[0].shape

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def ranges(self) -> tuple[Range, ...]:
        return self.args[1:]


class Each(Node):
    """The tensor whose entry at the letters is the body: Each(body, i, j) has the axes of i and j, then the body's."""

    __slots__ = ()

    def _shape(self) -> Shape:
        if self.args[0].row:
            raise ShapeError(f"{self.args[0].described()} is a row; an array of rows is written with columns")
        return tuple(letter.dim for letter in self.args[1:]) + self.args[0].shape

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def letters(self) -> tuple[Letter, ...]:
        return self.args[1:]


# --- names, values, derivatives --------------------------------------------------------------------
class Let(Node):
    """A name for a formula. It prints as the name and means the formula."""

    __slots__ = ()

    def _shape(self) -> Shape:
        self.row = self.args[1].row
        return self.args[1].shape

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def value(self) -> Node:
        return self.args[1]


class Subs(Node):
    """A formula with a derivative in it, at a value of its variable: Subs(body, variable, value)."""

    __slots__ = ()

    def _shape(self) -> Shape:
        _, variable, value = self.args
        if value.shape != variable.shape or value.row != variable.row:
            raise ShapeError(f"{variable.described()} cannot take the value {value.described()}: the shapes differ")
        self.row = self.args[0].row
        return self.args[0].shape


DERIVATIVES = ("grad", "jacobian", "hessian", "vjp")


class Deriv(Node):
    """A derivative not yet taken: Deriv(kind, f, x) or Deriv("vjp", f, x, v). Axes of f, then of x, once an order."""

    __slots__ = ()

    def _shape(self) -> Shape:
        kind, f, x = self.kind, self.args[1], self.args[2]
        if not isinstance(x, Var):
            raise NotationError(f"a derivative is taken in a declared symbol, not in {x}")
        if f.row:
            raise ShapeError(f"{f.described()} is a row; transpose it before differentiating")
        if kind in ("grad", "hessian") and f.shape != ():
            raise ShapeError(f"{kind} asks for a scalar; {f.described()} is none: write jacobian(f, {x.name})")
        if kind == "vjp":
            if self.args[3].shape != f.shape:
                raise ShapeError(f"vjp: {self.args[3].described()} must have the shape of {f.described()}")
            return x.shape
        return f.shape + x.shape * (2 if kind == "hessian" else 1)

    @property
    def kind(self) -> str:
        return self.args[0].name


LAWS = {"moments": 2, "normal": 8}
"""What is said of a random symbol: its mean and covariance alone, or that it is normal with these; and up to which
degree the expected value of a polynomial is read off from that."""


class Expect(Node):
    """The expected value of a formula, for a random x of this mean and covariance: Expect(law, f, x, mean, covariance).

    x is bound: a number or a vector of which nothing is declared. f is polynomial in x, of degree at most LAWS[law].
    """

    __slots__ = ()

    def _shape(self) -> Shape:
        f, x, mean, covariance = self.args[1:]
        if self.law not in LAWS:
            raise NotationError(f"unknown law {self.law!r}; there are: {', '.join(LAWS)}")
        if not isinstance(x, Var) or x.ndim > 1 or x.row or x.declared:
            raise NotationError(
                f"{x} cannot be random: that is a scalar or a vector, a symbol of which nothing is declared"
            )
        if mean.shape != x.shape or mean.row:
            raise ShapeError(f"the mean {mean.described()} must have the shape {show_shape(x.shape)} of {x.name}")
        if covariance.shape != x.shape * 2:
            raise ShapeError(f"the covariance {covariance.described()} must have the shape {show_shape(x.shape * 2)}")
        if x in mean.atoms(Var) | covariance.atoms(Var):
            raise NotationError(f"{x.name} is random and stands in its own mean or covariance; rename one of the two")
        self.row = f.row
        return f.shape

    @property
    def law(self) -> str:
        return self.args[0].name

    @property
    def body(self) -> Node:
        return self.args[1]

    @property
    def variable(self) -> Var:
        return self.args[2]

    @property
    def mean(self) -> Node:
        return self.args[3]

    @property
    def covariance(self) -> Node:
        return self.args[4]


class Recurrence(Node):
    """One state of a recurrence: Recurrence(which, when, states, steps, starts, slots, inputs, length, direction).

    s = start, then s = step(s, x[t]) for t = 0, 1, ...; `when` says whether entry t is the state before or after the
    step at t. Backwards, t runs from the last to the first. States and slots are bound in the steps: symbols of which
    nothing is declared.
    """

    __slots__ = ()

    def _shape(self) -> Shape:
        for what, symbols, values, lead in (
            ("state", self.states, self.starts, 0),
            ("input", self.slots, self.inputs, 1),
            ("step of", self.states, self.steps, 0),
        ):
            for symbol, value in zip(symbols, values, strict=True):
                if not isinstance(symbol, Var) or symbol.declared != {BOUND} or symbol.row:
                    raise NotationError(f"{what} {symbol}: of a symbol that a recurrence binds nothing is declared")
                if value.shape[lead:] != symbol.shape or value.row:
                    wanted = (self.length,) * lead + symbol.shape
                    raise ShapeError(
                        f"the {what} {symbol.name} has the shape {show_shape(wanted)}; got {value.described()}"
                    )
                if lead and value.shape[0] != self.length:
                    raise ShapeError(
                        f"the recurrence takes {self.length} steps; {value.described()} has another length"
                    )
        return (self.length, *self.states[self.which].shape)

    @property
    def which(self) -> int:
        return int(self.args[0])

    @property
    def before(self) -> bool:
        """Does entry t hold the state before the step at t?"""
        return str(self.args[1]) == "before"

    @property
    def states(self) -> tuple[Var, ...]:
        return tuple(self.args[2])

    @property
    def steps(self) -> tuple[Node, ...]:
        return tuple(self.args[3])

    @property
    def starts(self) -> tuple[Node, ...]:
        return tuple(self.args[4])

    @property
    def slots(self) -> tuple[Var, ...]:
        return tuple(self.args[5])

    @property
    def inputs(self) -> tuple[Node, ...]:
        return tuple(self.args[6])

    @property
    def length(self) -> Dim:
        return self.args[7]

    @property
    def backwards(self) -> bool:
        return str(self.args[8]) == "backwards"


KINDS: tuple[type[Node], ...] = (
    Var, Number, Size, Eye, Delta, Indicator, Position, Add, Neg, Mul, Div, Pow, Apply, Reduce, Softmax, MatMul,
    Transpose, Op, Kron, At, Shifted, Sum, Each, Let, Subs, Deriv, Expect, Recurrence,
)  # fmt: skip
"""Every kind of node there is."""


def children(node: Basic) -> tuple[Node, ...]:
    """The formulas directly inside a formula, in order."""
    found: list[Node] = []
    for arg in node.args:
        if isinstance(arg, Node):
            found.append(arg)
        elif isinstance(arg, (Range, sp.Tuple)):
            found.extend(children(arg))
    return tuple(found)


def free_symbols(node: Basic) -> frozenset[Var]:
    """The symbols whose values a formula depends on: those that nothing in it binds."""
    match node:
        case Var():
            return frozenset({node})
        case Subs(args=(body, variable, value)):
            return (free_symbols(body) - {variable}) | free_symbols(value)
        case Expect():
            of_law = free_symbols(node.mean) | free_symbols(node.covariance)
            return (free_symbols(node.body) - {node.variable}) | of_law
        case Recurrence():
            inside = free_symbols(node.args[3]) - {*node.states, *node.slots}
            return inside | free_symbols(node.args[4]) | free_symbols(node.args[6])
    return frozenset().union(*(free_symbols(a) for a in node.args)) if node.args else frozenset()


def given_name(name: object) -> str:
    """The name that a person gives to a symbol. It has no spaces: names with spaces are the engine's own, so that no
    symbol of a formula can be taken for one that a rule brings in."""
    if not isinstance(name, str) or not name:
        raise NotationError(f"a symbol needs a name, not {name!r}")
    if any(letter.isspace() for letter in name):
        raise NotationError(f"the name {name!r} has spaces; a symbol is called by one word: x_bar, say")
    return name


def make_var(name: str, shape: tuple[object, ...], properties: tuple[str, ...]) -> Var:
    """A symbol from plain Python values; the engine's own have spaces in their names, see `given_name`."""
    return Var(Str(name), sp.Tuple(*(as_dim(d) for d in shape)), sp.Tuple(*(Str(p) for p in properties)))
