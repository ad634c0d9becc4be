"""How a name is set: `x_bar` is an x with a bar, `w*` a starred w, `X+` a pseudo-inverse, `lam` a lambda, `dX` a step
of X, `w_ols` a w with a word below, `Wq` a W with a q, `sigma_sq` the square of sigma as one symbol."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
ALIASES = {"lam": "lambda", "eps": "epsilon"}
ACCENTS = ("bar", "hat", "tilde", "dot")
MARKS = ("star", "prime", "pinv", "sq")
SPLIT = re.compile(r"([A-Za-z]+(?=\d)|[A-Z](?=[a-z]))(\d+|[a-z])")
"""theta0 and Wq: a letter or word with a number below, a capital with a letter below."""
SPELLED = {"*": "_star", "'": "_prime", "+": "_pinv"}


@dataclass(frozen=True)
class Name:
    """A symbol taken apart: its letter or word, accents over it, small parts below and marks above."""

    body: str
    accents: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


def take_apart(name: str) -> Name:
    """The typographical parts of a name."""
    spelled = name
    for sign, word in SPELLED.items():
        spelled = spelled.replace(sign, word)
    head, *rest = spelled.split("_")
    found = None if head in GREEK else SPLIT.fullmatch(head)
    body, small = (found[1], (found[2],)) if found else (head, ())
    if not body:
        return Name(name)
    return Name(
        ALIASES.get(body, body),
        tuple(part for part in rest if part in ACCENTS),
        small + tuple(part for part in rest if part and part not in (*ACCENTS, *MARKS)),
        tuple(part for part in rest if part in MARKS),
    )


def is_letter(word: str) -> bool:
    """One letter, Latin or Greek: it is set in italics and stands beside others without a gap."""
    return len(word) == 1 or word in GREEK


def stepping(word: str) -> str:
    """The letter whose small change a word names: X for dX, lambda for dlam; nothing for any other word."""
    rest = ALIASES.get(word[1:], word[1:])
    return rest if word[:1] == "d" and is_letter(rest) and rest.isalpha() else ""


def python_name(name: str) -> str:
    """The name as a Python identifier: `w*` is w_star, `lambda` is lambda_."""
    for sign, word in SPELLED.items():
        name = name.replace(sign, word)
    name = re.sub(r"\W", "_", name)
    if not name or name[0].isdigit() or keyword.iskeyword(name):
        name = f"_{name}" if not name or name[0].isdigit() else f"{name}_"
    return name
