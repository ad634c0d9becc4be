"""Typst: how each shape of printed mathematics is spelled between Typst's dollar signs."""

from __future__ import annotations

from .names import GREEK, is_letter
from .target import OPERATORS, Box, Target


class Typst(Target):
    """Typst source, for the inside of a formula. Factors are parted by spaces, so that no name calls a bracket."""

    stacks = True
    signs = {
        "plus": " + ", "minus": " - ", "neg": "-", "times": " ⊙ ", "over": " ⊘ ", "kron": " ⊗ ", "dot": " ⋅ ",
        "ring": "∘", "top": "⊤", "star": "⋆", "prime": "′", "in": " in ", "with": " | ", "is": " = ", "reaches": " >= ",
        "nabla": "nabla", "partial": "partial", "of": " ", "open": " [", "close": "]", "pinv": "+", "sq": "2",
        "expect": "EE", "follows": " ~ ", "normal": "cal(N)",
        "one": "bold(1)", "I": "I", "by": " times ", "e": "upright(e)",
        "=": "=", "<=": "<=", ">=": ">=", "<": "<", ">": ">", "pd": "≻", "psd": "⪰", "ne": "!=",
    }  # fmt: skip
    functions = {
        **{f: f for f in ["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det", "max"]},
        "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sigmoid": "sigma", "logdet": "log det",
    }  # fmt: skip
    accents = {"bar": "macron", "hat": "hat", "tilde": "tilde", "dot": "dot"}

    def glyph(self, word: str) -> str:
        if word in GREEK or word.isdigit() or (len(word) == 1 and word.isalpha()):
            return word
        escaped = word.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"' if not is_letter(word) else f'italic("{escaped}")'

    def step(self, body: str) -> str:
        return f"upright(d) {body}"

    def accent(self, kind: str, body: str) -> str:
        return f"{self.accents[kind]}({body})"

    def scripts(self, body: str, below: str, above: str) -> str:
        return body + (f"_({below})" if below else "") + (f"^({above})" if above else "")

    def bracket(self, body: str, tall: bool) -> str:
        return f"({body})"

    def squared(self, body: str, tall: bool) -> str:
        return f" [{body}]"

    def fence(self, kind: str, body: str, tall: bool) -> str:
        return f"{kind}({body})"

    def root(self, body: str) -> str:
        return f"sqrt({body})"

    def fraction(self, above: str, below: str) -> str:
        return f"frac({above}, {below})"

    def operator(self, word: str) -> str:
        return f'op("{OPERATORS.get(word, word)}")'

    def big_sum(self, below: str, above: str) -> str:
        return self.scripts("sum", below, above) + " "

    def evaluated(self, body: str, condition: str) -> str:
        return f"lr({body} |)_({condition})"

    def gap(self, left: Box, right: Box) -> str:
        raised_call = right.kind == "call" and right.core is not None and bool(right.core.above)
        return " thin " if raised_call or "word" in (left.kind, right.kind) else " "

    def words(self, text: str) -> str:
        return f' " {text}" '

    def later(self, term: str) -> str:
        return '""' + term
