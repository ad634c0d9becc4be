"""Random and mutated texts fed to the parser: only declared errors, and nothing opened, started or imported.

python -m tests.typed.hostile 100000 [seed]
"""

import re
import sys
import time
from pathlib import Path
from random import Random

import sympy

from chainrule.errors import ChainruleError
from chainrule.typed import read_formula
from tests.typed.formulas import CASES

PIECES = [
    *"xyzwuvabcdefgXYABSWQ0123456789 ()'*/+-^.@,:;=_#$%&!?<>[]{}|\\\"\n\t\0~`", ".*", "./", ".^", "**", ".T", ".I", "⊗",
    "exp(", "log(", "sum(", "norm2(", "tr(", "det(", "inv(", "diag(", "softmax(", "max(", "vector(1)",
    "matrix(1)", "eye",
    "axis=0", ", 1)", ")", ")^2", "'*", "lam", "Sigma", "λ", "σ", "é", "𝔸", "ᵀ", "−", "∞", "1e9999", "1e-7", "0.1",
    "__import__('os')", "().__class__", "lambda:0", "exec(", "eval(", "open(", "import os", "f''", "{x}", "%s",
    "np.", "np.exp(",
    "x" * 40, "(" * 50, ")" * 50, "-" * 70, "'" * 70, "a^" * 40, "kron(", "adj(", "(((x", "^^", "..", "1.2.3", "9" * 40,
]  # fmt: skip
WORDS = ["matrix", "vector", "scalar", "symmetric", "pd", "positive", "(n, d)", "(3)", ":", ",", ";", "X", "w",
"n", "(", ")", "0", "-1",
         "simplex", "labels", "exp", "1e9", "((", "x" * 50, "orthogonal(n)", "matrix(2, 3)", "unit", "skew",
         " "]  # fmt: skip
FORBIDDEN = ("open", "import", "exec", "compile", "os.", "subprocess.", "socket.", "ctypes.", "shutil.")
SYMPY = str(Path(sympy.__file__).parent)
SLOWEST = 2.0
"""Seconds that one text may take."""


OPERATORS = ["+", "-", "*", "/", ".*", "./", "@", "^", ".^", "**", "'*", "⊗"]
TOKEN = re.compile(r"[A-Za-z0-9_.]+|[^A-Za-z0-9_]")


def case(rng: Random) -> tuple[str, str]:
    """A random text, or a formula with a few changes; and a declaration, right or wrong."""
    if rng.random() < 0.25:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 40))), declaration(rng)
    chosen = rng.choice(CASES)
    tokens = TOKEN.findall(chosen.text)
    for _ in range(rng.choice((1, 1, 2, 4))):
        change(tokens, rng)
    return "".join(tokens), chosen.declare if rng.random() < 0.8 else declaration(rng)


def change(tokens: list[str], rng: Random) -> None:
    """One piece taken away, put in, replaced by one of its kind, or by a piece of another formula."""
    at = rng.randrange(len(tokens)) if tokens else 0
    match rng.randrange(5):
        case 0:
            del tokens[at : at + 1]
        case 1:
            tokens[at:at] = [rng.choice(PIECES)]
        case 2:
            same = [k for k, t in enumerate(tokens) if t in OPERATORS or not t.strip("+-*/^@")]
            if same:
                tokens[rng.choice(same)] = rng.choice(OPERATORS)
        case 3:
            names = [k for k, t in enumerate(tokens) if t.isalnum()]
            if names:
                tokens[rng.choice(names)] = rng.choice([*"xyzwabAXS12", "(x)", "(A)", "(2)", "x'", "A'"])
        case 4:
            other = TOKEN.findall(rng.choice(CASES).text)
            cut = rng.randrange(len(other))
            tokens[at:at] = other[cut : cut + rng.randint(1, 6)]


def declaration(rng: Random) -> str:
    """A declaration, right or wrong."""
    if rng.random() < 0.4:
        return rng.choice(CASES).declare
    return "".join(rng.choice(WORDS) + rng.choice(["", " "]) for _ in range(rng.randint(0, 12)))


def run(count: int, seed: int) -> dict[str, float]:
    """How many were read and refused; raises on anything else."""
    rng, slowest = Random(seed), 0.0
    read = refused = 0
    for _ in range(count):
        source, declare = case(rng)
        start = time.perf_counter()
        try:
            read_formula(source, declare)
            read += 1
        except ChainruleError as error:
            assert error.text and str(error), (source, declare)
            refused += 1
        except BaseException as error:
            raise AssertionError(f"{type(error).__name__} on {source!r} with {declare!r}") from error
        slowest = max(slowest, time.perf_counter() - start)
        assert slowest < SLOWEST, (source, declare)
    return {"read": read, "refused": refused, "slowest": slowest}


def watched(count: int, seed: int) -> dict[str, float]:
    """The same, with every file, process, import and compilation noticed, but for SymPy's own late imports."""
    for known in CASES:
        read_formula(known.text, known.declare)
    run(300, seed + 1)
    touched: list[str] = []
    watching = [True]

    def notice(event: str, args: tuple) -> None:
        own = (event == "import" and str(args[0]).startswith("sympy.")) or SYMPY in str(args[0])
        if watching[0] and event.startswith(FORBIDDEN) and not own:
            touched.append(f"{event} {args!r}"[:200])

    sys.addaudithook(notice)
    found = run(count, seed)
    watching[0] = False
    assert not touched, touched[:5]
    return found


if __name__ == "__main__":
    print(watched(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
