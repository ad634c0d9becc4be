"""Letters beyond ASCII, declared for LaTeX: each one that a book uses, in words and in listings alike."""

from __future__ import annotations

import unicodedata

from chainrule.errors import Unsupported

KNOWN = {
    "−": "-", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "≥": r"\ge", "≤": r"\le", "≠": r"\ne", "±": r"\pm",
    "→": r"\to", "∈": r"\in", "∑": r"\sum", "√": r"\sqrt{\ }", "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty",
    "⊙": r"\odot", "⊘": r"\oslash", "⊗": r"\otimes", "∘": r"\circ", "‖": r"\Vert", "⊤": r"\top", "⋆": r"\star",
    "★": r"\star", "′": r"'", "ℝ": r"\mathbb{R}", "≻": r"\succ", "⪰": r"\succeq", "∣": r"\mid", "𝟏": r"\mathbf{1}",
    "\u0302": r"\hat{}", "\u0303": r"\tilde{}", "\u0304": r"\bar{}", "\u0307": r"\dot{}", "…": r"\dots",
    "ᵀ": r"^{\mathsf T}", "⁻": "^{-}", "⁺": "^{+}", "₋": "_{-}", "ø": r"\text{\o}", "⟨": r"\langle", "⟩": r"\rangle",
    "║": r"\Vert", "²": "^{2}", "³": "^{3}", "¹": "^{1}",
}  # fmt: skip
TEXT = {"–": "--", "’": "'", "‘": "`", "“": "``", "”": "''", "\u00a0": "~", "—": "---"}
LATIN = range(0xC0, 0x180)
"""Accented Latin letters, which T1 has already."""


def declarations(document: str) -> str:
    r"""\DeclareUnicodeCharacter for every letter of a document that LaTeX does not know by itself."""
    letters = sorted({c for c in document if ord(c) > 0x7F})
    wanted = [c for c in letters if c in KNOWN or c in TEXT or ord(c) not in LATIN]
    return "".join(f"\\DeclareUnicodeCharacter{{{ord(c):04X}}}{{{spelled(c)}}}\n" for c in wanted)


def spelled(letter: str) -> str:
    """How TeX spells a letter. Errors: Unsupported, naming the letter, where nobody has said."""
    if letter in TEXT:
        return TEXT[letter]
    return rf"\ensuremath{{{_formula(letter)}}}"


def _formula(letter: str) -> str:
    if letter in KNOWN:
        return KNOWN[letter]
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK SMALL LETTER ") and len(name.split()) == 4:
        return "\\" + {"lamda": "lambda", "omicron": "o"}.get(name.split()[-1].lower(), name.split()[-1].lower())
    if name.startswith("GREEK CAPITAL LETTER ") and len(name.split()) == 4:
        return _capital(name.split()[-1])
    kind, _, codes = unicodedata.decomposition(letter).partition("> ")
    plain = "".join(chr(int(code, 16)) for code in codes.split())
    if kind in ("<super", "<sub") and plain:
        inside = plain if plain.isascii() else _formula(plain)
        return f"{'^' if kind == '<super' else '_'}{{{inside}}}"
    raise Unsupported(f"LaTeX has no spelling for {letter!r} (U+{ord(letter):04X} {name}); add it to tex_letters.KNOWN")


def _capital(name: str) -> str:
    """Capitals that look Latin are set as Latin letters."""
    word = {"LAMDA": "Lambda"}.get(name, name.capitalize())
    own = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
    latin = {"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M",
             "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X"}  # fmt: skip
    return f"\\{word}" if word in own else rf"\mathrm{{{latin[word]}}}"
