"""LaTeX: how each shape of printed mathematics is spelled for TeX and KaTeX."""

from __future__ import annotations

import re

from .names import GREEK, is_letter
from .target import OPERATORS, Box, Target

ESCAPES = {c: "\\" + c for c in "_%#&${}"} | {"^": "\\char94 ", "~": "\\char126 ", "\\": "\\char92 "}
LETTER = re.compile(r"[A-Za-z]")


class Latex(Target):
    """TeX source, for display mathematics."""

    stacks = True
    signs = {
        "plus": " + ", "minus": " - ", "neg": "-", "times": r" \odot ", "over": r" \oslash ", "kron": r" \otimes ",
        "dot": r" \cdot ", "ring": r"\circ ", "top": r"\top", "star": r"\star", "prime": r"\prime", "in": r" \in ",
        "with": r" \mid ",
        "is": " = ", "reaches": r" \ge ",
        "nabla": r"\nabla", "partial": r"\partial", "of": " ", "open": "[", "close": "]",
        "pinv": "+", "sq": "2", "expect": r"\mathbb{E}", "follows": r" \sim ", "normal": r"\mathcal{N}",
        "one": r"\mathbf{1}", "I": "I", "by": r" \times ", "e": r"\mathrm{e}",
        "=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "pd": r"\succ", "psd": r"\succeq", "ne": r"\ne",
    }  # fmt: skip
    functions = {
        name: "\\" + spelled
        for name, spelled in {
            **{f: f for f in ["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "max"]},
            "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sigmoid": "sigma", "logdet": r"log\det",
        }.items()
    }  # fmt: skip
    accents = {"bar": r"\bar", "hat": r"\hat", "tilde": r"\tilde", "dot": r"\dot"}

    def glyph(self, word: str) -> str:
        if word in GREEK:
            return "\\" + word
        escaped = "".join(ESCAPES.get(c, c) for c in word)
        return escaped if is_letter(word) or word.isdigit() else rf"\mathrm{{{escaped}}}"

    def step(self, body: str) -> str:
        return rf"\mathrm{{d}}{body}"

    def accent(self, kind: str, body: str) -> str:
        return f"{self.accents[kind]}{{{body}}}"

    def scripts(self, body: str, below: str, above: str) -> str:
        return body + (f"_{_group(below)}" if below else "") + (f"^{_group(above)}" if above else "")

    def bracket(self, body: str, tall: bool) -> str:
        return rf"\left({body}\right)" if tall else f"({body})"

    def squared(self, body: str, tall: bool) -> str:
        return rf"\left[{body}\right]" if tall else f"[{body}]"

    def fence(self, kind: str, body: str, tall: bool) -> str:
        left, right = (r"\lVert ", r"\rVert") if kind == "norm" else (r"\lvert ", r"\rvert")
        return rf"\left{left}{body}\right{right}" if tall else f"{left}{body}{right}"

    def root(self, body: str) -> str:
        return rf"\sqrt{{{body}}}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def operator(self, word: str) -> str:
        return rf"\operatorname{{{OPERATORS.get(word, word)}}}"

    def big_sum(self, below: str, above: str) -> str:
        return self.scripts(r"\sum", below, above) + " "

    def evaluated(self, body: str, condition: str) -> str:
        return rf"\left.{body}\right|_{{{condition}}}"

    def gap(self, left: Box, right: Box) -> str:
        if "word" in (left.kind, right.kind):
            return r"\,"
        tight = all(LETTER.fullmatch(b.text) or b.kind == "fence" or r"^\top" in b.text[-5:] for b in (left, right))
        command = re.search(r"\\[A-Za-z]+$", left.text) and right.text[0].isalpha()
        return "" if tight and not command else " "

    def beside(self, letters: list[str]) -> str:
        return ("" if all(len(a) == 1 for a in letters) else " ").join(letters)

    def words(self, text: str) -> str:
        return rf"\ \text{{{text}}}"

    def later(self, term: str) -> str:
        return "{}" + term.strip()


def _group(script: str) -> str:
    """A script, in braces unless it is one token."""
    return script if re.fullmatch(r"[A-Za-z0-9]|\\[A-Za-z]+", script) else f"{{{script}}}"
