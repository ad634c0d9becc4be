"""Expressions to statements: what is used twice gets a name, what would make a line too long gets one too."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from .syntax import VIEWS, Code, render, written

WIDTH = 76
"""Longer expressions are cut by naming a part."""

WORD = re.compile(r"[A-Za-z_]\w*")

LEAVES = ("atom", "dim", "literal")


class Statements:
    """The lines of a function that returns `root`. `preferred` are the names that a reader would choose, `sizes` those
    that the dimensions have; `suffix` ends every name that is made here."""

    def __init__(
        self,
        root: Code,
        preferred: Mapping[Code, str],
        sizes: Mapping[Code, str],
        taken: Iterable[str],
        suffix: str = "",
    ):
        self.preferred, self.suffix = preferred, suffix
        self.nodes = below(root)
        inside = (word for code in self.nodes if code.op == "block" for word in WORD.findall(code.text))
        self.taken = {*taken, "np", "math", "special", *keyword.kwlist, *inside}
        self.names: dict[Code, str] = dict(sizes)
        self.lines: list[str] = []
        shared = self._shared(root)
        for code in self.nodes:
            if code is root and code.op != "block":
                self._shorten(code, len("return "))
            elif code in shared:
                self._state(code)
        self.result = render(root, self.names)

    def _shared(self, root: Code) -> set[Code]:
        """What is worth a name. A view or a sign is written again each time; its uses count for what is inside."""
        uses: Counter[Code] = Counter({root: 1})
        named: set[Code] = set()
        for code in reversed(self.nodes):
            again = written_again(code)
            if code.op == "block" or (
                code.op not in LEAVES and (code in self.preferred or (uses[code] > 1 and not again))
            ):
                named.add(code)
            times = uses[code] if again and code not in named else 1
            for part in code.parts:
                uses[part] += times
        return named

    def _state(self, code: Code) -> None:
        name = self._name(code)
        if code.op == "block":
            parts = [render(part, self.names) for part in code.parts]
            self.lines += code.text.format(*parts, self=name).split("\n")
        else:
            self._shorten(code, len(name) + 3)
            self.lines.append(f"{name} = {written(code, self.names)}")
        self.names[code] = name

    def _shorten(self, code: Code, before: int) -> None:
        """Name the longest part, again and again, until the line is short enough."""
        while len(written(code, self.names)) + before > WIDTH:
            candidates = [c for c in self._inside(code) if len(render(c, self.names)) >= 12]
            fitting = [c for c in candidates if len(render(c, self.names)) <= WIDTH - 8]
            if not fitting:
                return
            self._state(max(fitting, key=lambda c: len(render(c, self.names))))

    def _inside(self, code: Code) -> list[Code]:
        """The unnamed parts of an expression that may have a name."""
        found: list[Code] = []
        todo = list(code.parts)
        while todo:
            part = todo.pop()
            if part.op in LEAVES or part in self.names:
                continue
            if part.op not in VIEWS and part.op != "neg":
                found.append(part)
            todo.extend(part.parts)
        return found

    def _name(self, code: Code) -> str:
        candidates = [self.preferred[code]] if code in self.preferred else list(usual_names(code))
        candidates = [name + self.suffix for name in candidates]
        for name in candidates:
            if name not in self.taken:
                self.taken.add(name)
                return name
        base, number = candidates[0], 2
        while f"{base}{number}" in self.taken:
            number += 1
        self.taken.add(f"{base}{number}")
        return f"{base}{number}"


def below(root: Code) -> list[Code]:
    """Every expression under the root in the order in which a person would compute them, the root last."""
    found: dict[Code, None] = {}
    todo: list[tuple[Code, bool]] = [(root, False)]
    while todo:
        code, ready = todo.pop()
        if ready:
            found[code] = None
        elif code not in found:
            todo.append((code, True))
            todo.extend((part, False) for part in reversed(code.parts) if part not in found)
    return list(found)


def written_again(code: Code) -> bool:
    """Is writing it twice as good as naming it?"""
    if code.op in LEAVES:
        return True
    if code.op in VIEWS or code.op == "neg":
        return True
    return (code.op == "call" and code.text.startswith("np.eye")) or of_sizes(code)


def of_sizes(code: Code) -> bool:
    """n * p, 2 * n: arithmetic of dimensions and numbers."""
    return code.op in ("dim", "literal") or (code.op in "+-**/" and all(map(of_sizes, code.parts)))


def usual_names(code: Code) -> tuple[str, ...]:
    """What a textbook calls such a thing: r a residual, e an exponential, s a sigmoid, z a score."""
    capital = code.rank >= 2
    match code.op:
        case "+" | "-":
            names: tuple[str, ...] = ("r", "d", "q") if code.op == "-" else ("q", "b", "h")
        case "block":
            names = ("h", "j")
        case "@":
            names = ("G", "H", "M") if _gram(code) else ("z", "u", "v") if not capital else ("Z", "U", "V")
            return names
        case "*" if any(part.op == "@" for part in code.parts):
            names = ("z", "u", "v")
        case "reduce":
            names = ("m", "top") if code.text.startswith("max") else ("c", "s", "t")
        case "/":
            names = _quotient_names(code)
        case "call":
            names = _call_names(code)
        case _:
            names = ("v", "u", "a")
    return tuple(n.upper() if len(n) == 1 else n for n in names) if capital else names


def _quotient_names(code: Code) -> tuple[str, ...]:
    top = code.parts[0]
    if top.op == "call" and top.text.startswith("np.where"):
        return ("s", "t")
    if top.op == "call" and ".exp(" in top.text:
        return ("p", "s", "q")
    return ("a", "b", "q")


CALLED = {
    "exp": ("e", "f"), "expit": ("s", "t"), "log": ("g",), "log1p": ("g",), "sqrt": ("root",), "abs": ("a", "b"),
    "sin": ("s",), "cos": ("c",), "tanh": ("h",), "where": ("h", "g"), "maximum": ("h", "a"), "clip": ("h", "a"),
    "argmax": ("top", "first"), "arange": ("i", "j", "k"), "max": ("m", "top"), "sum": ("c", "s", "t"),
    "outer": ("o", "u"), "vdot": ("c", "t"), "linalg.norm": ("length",), "linalg.vector_norm": ("length",),
    "linalg.det": ("det",), "linalg.slogdet": ("logdet",), "linalg.solve": ("z", "u", "v"),
    "linalg.inv": ("P", "Q"), "linalg.cholesky": ("L",),
}  # fmt: skip
"""By the name of a function, without that of its library."""


def _call_names(code: Code) -> tuple[str, ...]:
    return CALLED.get(code.text.split("(")[0].partition(".")[2], ("t", "u", "v"))


def _gram(code: Code) -> bool:
    """X.T @ X, or with a scaled X."""
    a, b = code.parts
    return code.rank == 2 and a.op == "T" and (b is a.parts[0] or a.parts[0] in b.parts)
