"""A listing made to fit: long lines of Python broken where a person would break them, the program unchanged.

A docstring is wrapped at its words; a statement is broken inside its brackets, at the commas or before the operators
that bind least. What cannot be broken stays as long as it is.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator
from itertools import pairwise

INDENT = "    "
LOOSE_FIRST = (frozenset({"<", ">", "<=", ">=", "==", "!="}), frozenset("+-"), frozenset({"*", "/", "@", "//", "%"}))
"""Operators before which a line may break, those that bind least first."""
COLUMNS = re.compile(r"(?<=\S) {3,}(?=\S)")
"""The gap between two remarks on one line of a docstring."""


def fitted(source: str, width: int) -> str:
    """The same function in lines of at most `width` letters, as far as they can be broken."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    lines, out, k = source.splitlines(), list[str](), 0
    docs = _docstrings(tree)
    while k < len(lines):
        end = docs.get(k + 1, k + 1)
        block = lines[k:end]
        broken = _words if k + 1 in docs else _code
        out += block if max(map(len, block)) <= width else broken(block, width)
        k = end
    made = "\n".join(out)
    return made if _same(source, made) else source


def _docstrings(tree: ast.Module) -> dict[int, int]:
    """First and last line of every docstring."""
    found = {}
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(body=[ast.Expr(ast.Constant(str())) as doc, *_]):
                found[doc.lineno] = doc.end_lineno or doc.lineno
    return found


def _same(before: str, after: str) -> bool:
    """One program, whatever its docstrings' spaces."""
    try:
        return _plain(before) == _plain(after)
    except SyntaxError:
        return False


def _plain(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(body=[ast.Expr(ast.Constant(str() as text) as doc), *_]):
                doc.value = " ".join(text.split())
    return ast.dump(tree)


# --- docstrings ----------------------------------------------------------------------------------------
def _words(lines: list[str], width: int) -> list[str]:
    """A docstring: remarks that share a line come apart, and each is wrapped."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    text = "\n".join(lines).strip()
    quotes = re.match(r'[rR]?("""|\'\'\')', text)
    if quotes is None or not text.endswith(quotes[1]):
        return lines
    out: list[str] = []
    for k, said in enumerate(_remarks(text[quotes.end() : -3].rstrip(), width - len(indent) - len(quotes[0]) - 3)):
        head = quotes[0] if k == 0 else ""
        out += textwrap.wrap(indent + head + said, width, subsequent_indent=indent, break_long_words=False) or [""]
    return [*out, indent + quotes[1]]


def _remarks(text: str, room: int) -> list[str]:
    """The lines of a docstring, each a remark of its own; what goes on in the next line is joined to it."""
    found: list[str] = []
    for line in (part.strip() for part in text.split("\n")):
        if found and found[-1] and line[:1].islower():
            found[-1] += " " + line
            continue
        first, *others = COLUMNS.split(line) if len(line) > room else [line]
        found += [first, *(["", *others] if others else [])]
    return found


# --- statements ----------------------------------------------------------------------------------------
def _code(lines: list[str], width: int) -> list[str]:
    """One line of code, broken where it may be."""
    (line,) = lines
    indent = line[: len(line) - len(line.lstrip())]
    body = line.strip()
    if "#" in body:
        return lines
    try:
        prefix = _before(body)
        made = _broken(prefix, body[len(prefix) :], "", width - len(indent), inside=False)
    except (tokenize.TokenError, IndentationError):
        return lines
    return [indent + part for part in made]


def _before(body: str) -> str:
    """What stands before the expression: `return `, `name = `."""
    if body.startswith("return "):
        return "return "
    ends = [t.end[1] for t, depth in _tokens(body) if depth == 0 and t.string in ("=", "+=", "-=", "*=", "/=")]
    return body[: ends[-1] + 1] if ends else ""


def _tokens(text: str) -> Iterator[tuple[tokenize.TokenInfo, int]]:
    """Tokens with the depth of brackets that they stand in; a bracket stands outside itself."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.string and token.string in ")]}":
            depth -= 1
        yield token, depth
        if token.string and token.string in "([{":
            depth += 1


def _broken(prefix: str, text: str, suffix: str, width: int, inside: bool) -> list[str]:
    """prefix expression suffix, on as many lines as it takes; `inside` brackets a line may end anywhere."""
    if len(prefix + text + suffix) <= width:
        return [prefix + text + suffix]
    cuts = _operators(text)
    if cuts and not inside:
        return [f"{prefix}(", *_indented(_broken("", text, "", width - 4, inside=True)), ")" + suffix]
    if cuts:
        ends = [*cuts, len(text)]
        terms = [text[: cuts[0]].rstrip(), *(text[a:b].rstrip() for a, b in pairwise(ends))]
        out = _broken(prefix, terms[0], "", width, inside=True)
        for k, term in enumerate(terms[1:], 2):
            sign, _, rest = term.partition(" ")
            out += _broken(f"{sign} ", rest, suffix if k == len(terms) else "", width, inside=True)
        return out
    return _in_brackets(prefix, text, suffix, width)


def _operators(text: str) -> list[int]:
    """Where the operators that bind least stand, outside brackets; none in a conditional or a lambda."""
    found: list[tuple[int, str]] = []
    before = ""
    for token, depth in _tokens(text):
        if depth == 0 and token.type == tokenize.NAME and token.string in ("if", "for", "lambda", "and", "or", "in"):
            return []
        binary = before not in ("", "(", "[", ",", "=", *"+-*/@%<>", "**", "//", "<=", ">=", "==", "!=")
        if depth == 0 and token.type == tokenize.OP and binary:
            found.append((token.start[1], token.string))
        before = token.string
    for level in LOOSE_FIRST:
        cuts = [at for at, sign in found if sign in level]
        if cuts:
            return cuts
    return []


def _in_brackets(prefix: str, text: str, suffix: str, width: int) -> list[str]:
    """f(, arguments, ): the last brackets before which everything still fits."""
    for opens, closes in reversed(_groups(text)):
        head, body, tail = prefix + text[: opens + 1], text[opens + 1 : closes], text[closes:] + suffix
        if len(head) <= width and len(tail) <= width and body.strip():
            return [head, *_indented(_arguments(body, width - 4)), tail]
    return [prefix + text + suffix]


def _groups(text: str) -> list[tuple[int, int]]:
    """The outermost brackets."""
    found, start = [], 0
    for token, depth in _tokens(text):
        if depth == 0 and token.string and token.string in "([{":
            start = token.start[1]
        elif depth == 0 and token.string and token.string in ")]}":
            found.append((start, token.start[1]))
    return found


def _arguments(body: str, width: int) -> list[str]:
    """What stands in brackets: on one line, or one argument a line."""
    if len(body) <= width:
        return [body]
    commas = [t.start[1] for t, depth in _tokens(body) if depth == 0 and t.string == ","]
    starts = [0, *(c + 1 for c in commas)]
    parts = [body[a:b].strip() for a, b in zip(starts, [*commas, len(body)], strict=True)]
    out: list[str] = []
    for k, part in enumerate(parts):
        end = "," if k < len(commas) else ""
        name = re.match(r"\w+=(?!=)", part)
        head = name[0] if name else ""
        out += _broken(head, part[len(head) :], end, width, inside=not head) if part else []
    return out


def _indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
