"""Printed mathematics cut into tokens, nested by its brackets: one cutter for each kind of page, one kind of token.

A token is (kind, value); the value of a bracket, a script or a fence is a list of tokens.
"""

from __future__ import annotations

import re
from typing import Any

from chainrule.printing.names import GREEK
from chainrule.printing.unicode import SUB, SUPER, VULGAR

Token = tuple[str, Any]
LETTERS = {letter: word for word, letter in GREEK.items()}
CLOSES = {"(": ")", "{": "}", "[": "]", "norm(": "norm)", "abs(": "abs)", "eval(": "eval)"}
WORDS = {"sigma": "sigmoid"}


def nest(flat: list[Token]) -> list[Token]:
    """Brackets become tokens that hold what is inside them; a script holds its group."""
    stack: list[tuple[str, list[Token]]] = [("", [])]
    for kind, value in flat:
        if kind == "open":
            stack.append((value, []))
        elif kind == "close":
            opened, inside = stack.pop()
            assert CLOSES[opened] == value, (opened, value)
            stack[-1][1].append((opened, inside))
        else:
            stack[-1][1].append((kind, value))
    assert len(stack) == 1, [s[0] for s in stack]
    return stack[0][1]


def attach(tokens: list[Token], group: str) -> list[Token]:
    """A script mark takes the next token, or the inside of the next group."""
    out: list[Token] = []
    k = 0
    while k < len(tokens):
        kind, value = tokens[k]
        value = attach(value, group) if isinstance(value, list) else value
        if kind == "mark":
            k += 1
            following, inside = tokens[k]
            out.append((value, attach(inside, group) if following == group else [(following, inside)]))
        elif kind == "macro":
            k += 1
            parts = [tokens[k][1]]
            if value == "frac":
                parts = commas(parts[0]) if group == "(" else [parts[0], tokens[(k := k + 1)][1]]
            out.append((value, [attach(p, group) for p in parts]))
        elif kind == "{":
            out.extend(value)
        else:
            out.append((kind, value))
        k += 1
    return out


def commas(tokens: list[Token]) -> list[list[Token]]:
    """Cut at the commas outside every bracket."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("sign", ","):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def scan(source: str, rules: list[tuple[str, Any]]) -> list[Token]:
    """Flat tokens by the first rule that matches at each place."""
    flat: list[Token] = []
    at = 0
    compiled = [(re.compile(pattern), make) for pattern, make in rules]
    while at < len(source):
        for pattern, make in compiled:
            if found := pattern.match(source, at):
                flat.extend(make(found) if callable(make) else make)
                at = found.end()
                break
        else:
            raise AssertionError(f"no rule reads {source[at:]!r} of {source!r}")
    return flat


def _signs(table: dict[str, str]) -> list[tuple[str, Any]]:
    return [(re.escape(k) + (r"(?![A-Za-z])" if k[-1].isalpha() else ""), [("sign", v)]) for k, v in table.items()]


OPS = {"tr": "trace", "ReLU": "relu", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
       "logGamma": "lgamma", "logBessel": "log_bessel0", "BesselRatio": "bessel_ratio"}  # fmt: skip
WORDS = "logGamma|digamma|trigamma|polygamma2|logBessel|BesselRatio"
PLAIN = "exp|log|sinh|cosh|tanh|sin|cos|tan|det|max|arcsin|arccos|arctan"


def latex(source: str) -> list[Token]:
    """The tokens of a LaTeX formula."""
    rules: list[tuple[str, Any]] = [
        (r"\s+|\\,|\\ ", []),
        (r"\\left\.", [("open", "eval(")]), (r"\\right\|", [("close", "eval)")]),
        (r"\\left\(|\(", [("open", "(")]), (r"\\right\)|\)", [("close", ")")]),
        (r"(\\left)?\\lVert", [("open", "norm(")]), (r"(\\right)?\\rVert", [("close", "norm)")]),
        (r"(\\left)?\\lvert", [("open", "abs(")]), (r"(\\right)?\\rvert", [("close", "abs)")]),
        (r"\{", [("open", "{")]), (r"\}", [("close", "}")]), (r"\\left\[|\[", [("open", "[")]),
        (r"\\right\]|\]", [("close", "]")]), (r"\\mathbb\{E\}", [("sign", "expect")]),
        (r"\\mathcal\{N\}", [("sign", "normal")]), (r"\\sim", [("sign", "follows")]),
        (r"\\frac", [("macro", "frac")]), (r"\\sqrt", [("macro", "sqrt")]),
        (r"\\(bar|hat|tilde|dot)\b", lambda f: [("macro", f[1])]),
        (r"_", [("mark", "sub")]), (r"\^", [("mark", "sup")]),
        (r"\\operatorname\{(\w+)\}", lambda f: [("op", OPS.get(f[1], f[1]))]),
        (r"\\mathbf\{1\}", [("one", 1)]), (r"\\mathrm\{(\w+)\}", lambda f: [("name", f[1])]),
        (r"\\log\\det", [("op", "logdet")]), (r"\\sigma(?=\(|\\left\()", [("op", "sigmoid")]),
        (rf"\\({PLAIN})(?![a-z])", lambda f: [("op", OPS.get(f[1], f[1]))]),
        *_signs({r"\odot": "times", r"\oslash": "over", r"\otimes": "kron", r"\cdot": "dot", r"\circ": "ring",
                 r"\top": "top", r"\star": "star", r"\in": "in", r"\nabla": "nabla", r"\partial": "partial",
                 r"\sum": "sum", r"\times": "by", "+": "+", "-": "-", "=": "=", ",": ","}),
        (r"\d+", lambda f: [("num", int(f[0]))]),
        (r"\\([A-Za-z]+)", lambda f: [("name", f[1])]), (r"[A-Za-z]", lambda f: [("name", f[0])]),
    ]  # fmt: skip
    return attach(nest(scan(source, rules)), "{")


def typst(source: str) -> list[Token]:
    """The tokens of a Typst formula."""
    rules: list[tuple[str, Any]] = [
        (r"\s+|thin\b", []),
        (r"lr\(", [("open", "eval(")]), (r"\|\)", [("close", "eval)")]),
        (r"norm(?=\()", [("macro", "norm")]), (r"abs(?=\()", [("macro", "abs")]), (r"frac(?=\()", [("macro", "frac")]),
        (r"sqrt(?=\()", [("macro", "sqrt")]),
        (r"(macron|hat|tilde|dot)(?=\()", lambda f: [("macro", {"macron": "bar"}.get(f[1], f[1]))]),
        (r"EE", [("sign", "expect")]), (r"cal\(N\)", [("sign", "normal")]), (r"~", [("sign", "follows")]),
        (r"bold\(1\)", [("one", 1)]), (r'op\("(\w+)"\)', lambda f: [("op", OPS.get(f[1], f[1]))]),
        (r'"(\w+)"', lambda f: [("name", f[1])]), (r"log det", [("op", "logdet")]),
        (r"sigma(?=\()", [("op", "sigmoid")]), (rf"({PLAIN})(?=\()", lambda f: [("op", OPS.get(f[1], f[1]))]),
        (r"\(", [("open", "(")]), (r"\)", [("close", ")")]), (r"\[", [("open", "[")]), (r"\]", [("close", "]")]),
        (r"_(?=\()", [("mark", "sub")]), (r"\^(?=\()", [("mark", "sup")]),
        *_signs({"⊙": "times", "⊘": "over", "⊗": "kron", "⋅": "dot", "∘": "ring", "⊤": "top", "⋆": "star", "in": "in",
                 "nabla": "nabla", "partial": "partial", "sum": "sum", "times": "by", "+": "+", "-": "-", "=": "=",
                 ",": ","}),
        (r"\d+", lambda f: [("num", int(f[0]))]), (r"[A-Za-z]+", lambda f: [("name", f[0])]),
    ]  # fmt: skip
    return attach(nest(scan(source, rules)), "(")


def unicode(source: str) -> list[Token]:
    """The tokens of a line of plain characters."""
    small = {**{v: k for k, v in SUB.items() if k != ","}}
    high = {v: k for k, v in SUPER.items() if k not in "-"}
    runs = [(small, "sub"), (high, "sup")]
    rules: list[tuple[str, Any]] = [(r"\s+", [])]
    for table, mark in runs:
        letters = "".join(re.escape(c) for c in table) + ("," if mark == "sub" else "")
        pattern = f"[{letters}]+(?<!,)" if mark == "sub" else f"[{letters}]+"
        rules.append((f"(?!,){pattern}", lambda f, t=table, m=mark: _small(f[0], t, m)))
    rules += [
        (r"\|(?=_\{\w+[^}]*=)", [("until", "eval")]),
        (r"norm(?=\()", [("macro", "norm")]), (r"abs(?=\()", [("macro", "abs")]), (r"√(?=\()", [("macro", "sqrt")]),
        (r"‖", [("fence", "norm")]), (r"\|", [("fence", "abs")]), (r"𝟏", [("one", 1)]),
        (f"[{''.join(VULGAR.values())}]", _vulgar),
        (r"E(?=_\{[^{}~]* ~)", [("sign", "expect")]), (r"~", [("sign", "follows")]),
        (r"(?<=~ )N(?=\()", [("sign", "normal")]),
        (r"log det(?=\()", [("op", "logdet")]), (r"σ(?=\()", [("op", "sigmoid")]),
        (rf"(tr|ReLU|softplus|step|sign|erf|sum|logsumexp|softmax|diag|diagof|{WORDS}|{PLAIN})(?=[(₀₁])",
         lambda f: [("op", OPS.get(f[1], f[1]))]),
        (r"\(", [("open", "(")]), (r"\)", [("close", ")")]), (r"\[", [("open", "[")]), (r"\]", [("close", "]")]),
        (r"\{", [("open", "{")]), (r"\}", [("close", "}")]), (r"_", [("mark", "sub")]), (r"\^", [("mark", "sup")]),
        *_signs({"⊙": "times", "⊘": "over", "⊗": "kron", "·": "dot", "∘": "ring", "⊤": "top", "∈": "in", "∇": "nabla",
                 "∂": "partial", "Σ_": "sum_", "×": "by", "+": "+", "−": "-", "=": "=", ",": ",", "/": "/"}),
        (r"\*", [("mark", "sup"), ("sign", "star")]),
        (r"\d+", lambda f: [("num", int(f[0]))]),
        (r"(loss|old|ols|inv)(?![a-z])", lambda f: [("name", f[0])]),
        (r"(.)([\u0300-\u036f])", lambda f: [("accented", (f[2], LETTERS.get(f[1], f[1])))]),
        (r"[^\W\d_]", lambda f: [("name", LETTERS.get(f[0], f[0]))]),
    ]  # fmt: skip
    source = re.sub(r"Σ_(?=\{\w+[^{}]*(?:\{[^{}]*\})?[^{}]*[=∈])", "∑_", source)
    rules.insert(1, ("∑", [("sign", "sum")]))
    return attach(nest(_fences(scan(source, rules))), "{")


def _small(run: str, table: dict[str, str], mark: str) -> list[Token]:
    inside: list[Token] = []
    for c in run:
        plain = table.get(c, c)
        if plain.isdigit():
            inside.append(("num", int(plain)))
        elif plain in ",+-=()⊤−":
            inside.append(("sign", {"⊤": "top", "−": "-"}.get(plain, plain)))
        else:
            inside.append(("name", LETTERS.get(plain, plain)))
    merged: list[Token] = []
    for token in inside:
        if token[0] == "num" and merged and merged[-1][0] == "num":
            merged[-1] = ("num", 10 * merged[-1][1] + token[1])
        else:
            merged.append(token)
    return [("mark", mark), ("open", "{"), *merged, ("close", "}")]


def _vulgar(found: re.Match[str]) -> list[Token]:
    above, below = next(k for k, v in VULGAR.items() if v == found[0]).split("/")
    return [("open", "("), ("num", int(above)), ("sign", "/"), ("num", int(below)), ("close", ")")]


def _fences(flat: list[Token]) -> list[Token]:
    """A bar opens or closes, by what is open."""
    out: list[Token] = []
    stack: list[str] = []
    for kind, value in flat:
        if kind == "fence":
            closing = bool(stack) and stack[-1] == value + "("
            out.append(("close", f"{value})") if closing else ("open", f"{value}("))
            stack = stack[:-1] if closing else [*stack, f"{value}("]
            continue
        if kind == "open":
            stack.append(value)
        if kind == "close":
            stack.pop()
        out.append((kind, value))
    return out
