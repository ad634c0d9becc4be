"""Plain characters for the terminal: X'(Xw - y) with raised and lowered letters where Unicode has them."""

from __future__ import annotations

import re

from .names import GREEK
from .target import OPERATORS, Box, Target

SUPER = dict(zip("0123456789+-=()nⁱ⊤−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ⁻", strict=True))
SUB = dict(zip("0123456789aehijklmnoprstuvxβγρφχ,", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,", strict=True))
VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}
ONE_LETTER = re.compile(r"[^\W\d_][̄̂̃̇]*[₀-₉ₐ-ₜᵢᵣᵤᵥᵦ-ᵪⱼ]*[⁰-ⁿ¹²³ᵀ*]*")


class Unicode(Target):
    """One line of text."""

    stacks = False
    signs = {
        "plus": " + ", "minus": " − ", "neg": "−", "times": " ⊙ ", "over": " ⊘ ", "kron": " ⊗ ", "dot": " · ",
        "ring": "∘", "top": "⊤", "star": "*", "prime": "′", "in": "∈", "with": " : ",
        "is": "=", "reaches": "≥", "nabla": "∇", "partial": "∂",
        "of": " ", "expect": "E", "follows": " ~ ", "normal": "N",
        "open": "[", "close": "]", "pinv": "+", "sq": "2", "one": "𝟏", "I": "I", "by": "×", "e": "e",
        "=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "pd": "≻", "psd": "⪰", "ne": "≠",
    }  # fmt: skip
    functions = {
        **{f: f for f in ["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "max"]},
        "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sigmoid": "σ", "logdet": "log det",
    }  # fmt: skip
    accents = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307"}

    def glyph(self, word: str) -> str:
        return GREEK.get(word, word)

    def step(self, body: str) -> str:
        return "d" + body

    def accent(self, kind: str, body: str) -> str:
        return body[0] + self.accents[kind] + body[1:]

    def scripts(self, body: str, below: str, above: str) -> str:
        low = _set(below, SUB, "_") if body not in ("∇", "∂") else f"_{_group(below)}" if below else ""
        high = above if above == "*" else "*" + _set(above[1:], SUPER, "^") if above[:1] == "*" else None
        high = high if high is not None else _set(above, SUPER, "^")
        return body + (high + low if body in ("∇", "∂") else low + high)

    def bracket(self, body: str, tall: bool) -> str:
        return f"({body})"

    def squared(self, body: str, tall: bool) -> str:
        return f"[{body}]"

    def fence(self, kind: str, body: str, tall: bool) -> str:
        bar = "‖" if kind == "norm" else "|"
        return f"{kind}({body})" if bar in body else bar + body + bar

    def root(self, body: str) -> str:
        return f"√({body})"

    def fraction(self, above: str, below: str) -> str:
        plain = f"{above}/{below}"
        return VULGAR.get(plain) or (plain if plain.replace("/", "").isdigit() else f"{above} / {below}")

    def operator(self, word: str) -> str:
        return OPERATORS.get(word, word)

    def big_sum(self, below: str, above: str) -> str:
        return f"Σ_{{{below}}}" + (f"^{_group(above)}" if above else "") + " "

    def evaluated(self, body: str, condition: str) -> str:
        return f"{body}|_{{{condition}}}"

    def gap(self, left: Box, right: Box) -> str:
        if left.kind == "scalar":
            return "" if right.text[0] == "‖" and ONE_LETTER.fullmatch(left.text) else " "
        tight = all(ONE_LETTER.fullmatch(b.text) or (b.kind == "fence" and b.text[0] == "(") for b in (left, right))
        return "" if tight else " "

    def beside(self, letters: list[str]) -> str:
        return "".join(letters)

    def words(self, text: str) -> str:
        return f" {text}"

    def later(self, term: str) -> str:
        return term.strip()


def _group(script: str) -> str:
    return script if len(script) == 1 or script.isalpha() else f"{{{script}}}"


def _set(script: str, letters: dict[str, str], mark: str) -> str:
    """A script in small letters if every one of its characters has one, otherwise behind a mark."""
    if all(c in letters for c in script):
        return "".join(letters[c] for c in script)
    return mark + _group(script)
