"""The same function for any array library that follows the array API standard: NumPy, torch, JAX, Dask.

The expressions are those of NumPy; what the standard spells otherwise, or lacks, is written with what it has:
np.outer(a, b) is a[:, None] * b, np.diag(v) is v[:, None] * xp.eye(n). Nothing is assigned to, since JAX's arrays
cannot be.

Source: Python array API standard, 2023.12, https://data-apis.org/array-api/2023.12/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import sympy as sp

from chainrule.errors import Unsupported

from .statements import below
from .syntax import ONE, STEP, TRUTH, Code, add, atom, call, div, make, mul, neg, spread
from .values import Value, aligned, dim_code, permuted

SAME = {
    "exp", "log", "log1p", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sign", "sqrt", "ones",
    "eye", "arange", "argmax", "tensordot", "linalg.inv", "linalg.det", "linalg.cholesky", "linalg.solve",
    "linalg.slogdet",
}  # fmt: skip
"""What the standard calls as NumPy does."""
RENAMED = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "linalg.norm": "linalg.vector_norm"}
OF_NUMBERS = {
    "exp", "log", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sqrt",
}  # fmt: skip
"""What the module math has for sizes, which are no arrays."""
HEAD = re.compile(r"np\.([a-z0-9.]+)\(")


def portable(root: Code) -> Code:
    """An expression of NumPy in the words of the standard, `xp` in place of `np`; arrays made on the way have the type
    of the first argument.

    Errors: Unsupported, naming what the standard cannot say.
    """
    arguments = [code for code in below(root) if code.op == "atom" and not code.text.startswith("np.")]
    said = _mapped(root, _said)
    return _mapped(said, partial(_typed, arguments[0])) if arguments else said


def _mapped(root: Code, said: Callable[[Code, Sequence[Code]], Code]) -> Code:
    done: dict[Code, Code] = {}
    for code in below(root):
        done[code] = said(code, [done[part] for part in code.parts])
    return done[root]


def _typed(example: Code, code: Code, parts: Sequence[Code]) -> Code:
    if code.op == "call" and code.text.startswith(("xp.eye(", "xp.ones(")):
        return call(f"{code.text[:-1]}, dtype={{}}.dtype)", code.rank, *parts, example)
    return make(code.op, code.text, parts, code.rank, code.symmetric)


def _said(code: Code, parts: Sequence[Code]) -> Code:
    match code.op:
        case "call":
            return _called(code, parts)
        case "reduce":
            return _reduced(code.text, code.rank, parts[0])
        case "T" if code.rank != 2:
            raise Unsupported(f"the array API has no transpose of {code.rank} axes")
        case "atom" if code.text.startswith("np."):
            return atom(f"xp.{code.text[3:]}")
        case "block":
            raise Unsupported("the array API has no assignment to entries")
    return make(code.op, code.text, parts, code.rank, code.symmetric)


def _called(code: Code, parts: Sequence[Code]) -> Code:
    """One call: by its whole template, or by its name where only that differs."""
    for known, made in TEMPLATES:
        found = known.fullmatch(code.text)
        if found is not None:
            return made(code, parts, *found.groups())
    if code.text.startswith("special."):
        raise Unsupported(f"the array API has no {code.text.partition('(')[0]}")
    if "np." not in code.text:
        return call(code.text, code.rank, *parts)
    head = HEAD.match(code.text)
    if head is None or head[1] not in SAME | RENAMED.keys():
        raise Unsupported(f"the array API cannot say {code.text}")
    name = RENAMED.get(head[1], head[1])
    numbers = code.rank == 0 and all(map(_is_number, parts))
    if numbers and name not in OF_NUMBERS:
        raise Unsupported(f"the array API has arrays alone, and this is {name} of a number")
    library = "math" if numbers else "xp"
    return call(f"{library}.{name}({code.text[head.end() :]}", code.rank, *parts)


def _is_number(code: Code) -> bool:
    """Is it made of sizes and numbers alone, and so no array?"""
    if code.op == "atom":
        return code.text.startswith("xp.")
    return code.rank == 0 and all(map(_is_number, code.parts))


def _reduced(text: str, rank: int, part: Code) -> Code:
    """xp.sum(x, axis=0): a function, not a method; what it begins with, put in at the end."""
    kind, _, which = text.removesuffix(")").partition("(")
    which, _, initial = which.partition("initial=")
    which = which.removesuffix(", ")
    found = call(f"xp.{kind}({{}}{', ' if which else ''}{which})", rank, part)
    if not initial:
        return found
    return call(f"xp.clip({{}}, {initial}, None)" if kind == "max" else f"({{}} + {initial})", rank, found)


# --- what is spelled otherwise: the parts are translated already ---------------------------------------
def _as(template: str, code: Code, parts: Sequence[Code], *inside: str) -> Code:
    for text in inside:
        template = template.replace("?", text, 1)
    return call(template, code.rank, *parts)


def _step(code: Code, parts: Sequence[Code]) -> Code:
    (x,) = parts
    if _is_number(x):
        return call("float({} > 0)", 0, x)
    return call("xp.astype({} > 0, {}.dtype)", code.rank, x, x)


def _hot(code: Code, parts: Sequence[Code]) -> Code:
    places, first = parts
    return call("xp.astype({} == {}, {}.dtype)", code.rank, places, first, first.parts[0])


def _shown(code: Code, parts: Sequence[Code]) -> Code:
    truth, x = parts
    return call("xp.where({}, {}, xp.full_like({}, -xp.inf))", code.rank, truth, x, x)


FAR = 709
"""e^709 is a float, and 1 / (1 + e^709) is 0 to within the least of floats."""


def _sigmoid(code: Code, parts: Sequence[Code]) -> Code:
    """1 / (1 + e^-x), without overflow."""
    (x,) = parts
    if _is_number(x):
        return div(ONE, add(ONE, call(f"math.exp(min({{}}, {FAR}))", 0, neg(x))))
    return div(ONE, add(ONE, call(f"xp.exp(xp.clip({{}}, None, {FAR}))", code.rank, neg(x))))


def _relu(code: Code, parts: Sequence[Code]) -> Code:
    (x,) = parts
    return call("max({}, 0)", 0, x) if _is_number(x) else call("xp.clip({}, 0, None)", code.rank, x)


def _absolute(code: Code, parts: Sequence[Code]) -> Code:
    return call("abs({})" if _is_number(parts[0]) else "xp.abs({})", code.rank, *parts)


def _outer(code: Code, parts: Sequence[Code]) -> Code:
    return mul(spread(parts[0], ":, None"), parts[1])


def _inner(code: Code, parts: Sequence[Code]) -> Code:
    return _reduced("sum()", 0, mul(*parts))


def _diag(code: Code, parts: Sequence[Code]) -> Code:
    """The diagonal of a matrix, or the diagonal matrix of a vector."""
    if code.rank == 1:
        return call("xp.linalg.diagonal({})", 1, parts[0])
    return mul(spread(parts[0], ":, None"), call("xp.eye({}.shape[0])", 2, parts[0]))


def _diagonal(code: Code, parts: Sequence[Code], first: str, second: str) -> Code:
    """The two axes last, then the diagonal of each matrix."""
    gone = int(first), int(second)
    order = (*(k for k in range(code.rank + 1) if k not in gone), *gone)
    return call("xp.linalg.diagonal({})", code.rank, call(f"xp.permute_dims({{}}, {order})", code.rank + 1, parts[0]))


def _full(code: Code, parts: Sequence[Code], shape: str) -> Code:
    return mul(parts[-1], call(f"xp.ones({shape})", code.rank, *parts[:-1]))


def _kron(code: Code, parts: Sequence[Code]) -> Code:
    a, b = parts
    wide = mul(spread(a, ":, None, :, None"), spread(b, "None, :, None, :"))
    sizes = ", ".join(f"{{}}.shape[{k}] * {{}}.shape[{k}]" for k in (0, 1))
    return call(f"xp.reshape({{}}, ({sizes}))", 2, wide, a, b, a, b)


def _einsum(code: Code, parts: Sequence[Code], left: str, right: str, out: str) -> Code:
    """The product with every label an axis of its own, summed over those that are not kept."""
    union = [*map(ord, out), *(ord(x) for x in dict.fromkeys(left + right) if x not in out)]
    sides = [_mapped(aligned(p, list(map(ord, ls)), union), _said) for p, ls in zip(parts, (left, right), strict=True)]
    gone = tuple(range(len(out), len(union)))
    return _reduced(f"sum(axis={gone[0] if len(gone) == 1 else gone})", code.rank, mul(*sides))


Made = Callable[..., Code]

TEMPLATES: tuple[tuple[re.Pattern[str], Made], ...] = (
    (re.compile(re.escape(STEP)), _step),
    (re.compile(re.escape(TRUTH)), _step),
    (re.compile(r"np\.where\(\{\} == \{\}, 1\.0, 0\.0\)"), _hot),
    (re.compile(r"np\.where\(\{\}, \{\}, -np\.inf\)"), _shown),
    (re.compile(r"np\.maximum\(\{\}, 0\)"), _relu),
    (re.compile(r"special\.expit\(\{\}\)"), _sigmoid),
    (re.compile(r"np\.abs\(\{\}\)"), _absolute),
    (re.compile(r"np\.outer\(\{\}, \{\}\)"), _outer),
    (re.compile(r"np\.vdot\(\{\}, \{\}\)"), _inner),
    (re.compile(r"np\.trace\(\{\}\)"), partial(_as, "xp.linalg.trace({})")),
    (re.compile(r"np\.diag\(\{\}\)"), _diag),
    (re.compile(r"np\.diagonal\(\{\}, axis1=-2, axis2=-1\)"), partial(_as, "xp.linalg.diagonal({})")),
    (re.compile(r"np\.diagonal\(\{\}, axis1=(\d+), axis2=(\d+)\)"), _diagonal),
    (re.compile(r"np\.full\((.*), \{\}\)"), _full),
    (re.compile(r"np\.kron\(\{\}, \{\}\)"), _kron),
    (re.compile(r'np\.einsum\("(\w+),(\w+)->(\w*)", \{\}, \{\}\)'), _einsum),
    (re.compile(r"\{\}\.transpose\((.*)\)"), partial(_as, "xp.permute_dims({}, (?))")),
    (re.compile(r"\{\}\.reshape\((.*,.*)\)"), partial(_as, "xp.reshape({}, (?))")),
    (re.compile(r"\{\}\.reshape\((.*)\)"), partial(_as, "xp.reshape({}, (?,))")),
)
"""NumPy's spelling and what is said in its place."""


def spread_out(value: Value, dims: Sequence[sp.Expr]) -> Code:
    """A value with its deltas as products with identity matrices, since nothing can be assigned."""
    pattern, places = value.pattern, range(len(dims))
    first = [pattern.index(k) for k in pattern]
    inside = [k for k in places if first[k] == k and pattern[k] in value.have]
    code = permuted(value.code, value.have, [pattern[k] for k in inside])
    if inside:
        code = spread(code, _where(places, inside))
    for k in places:
        if first[k] != k:
            eye = call("np.eye({})", 2, dim_code(dims[k]))
            code = mul(code, eye if len(dims) == 2 else spread(eye, _where(places, (first[k], k))))
        elif k not in inside and pattern.count(pattern[k]) == 1:
            code = mul(code, spread(call("np.ones({})", 1, dim_code(dims[k])), _where(places, (k,))))
    return code


def _where(places: Sequence[int], kept: Sequence[int]) -> str:
    return ", ".join(":" if k in kept else "None" for k in places if k >= min(kept))
