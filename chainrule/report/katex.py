"""Formulas set before the page is read: KaTeX, run in an embedded JavaScript engine, once for each formula."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from chainrule.errors import ChainruleError

ASSETS = Path(__file__).parent / "assets"
MACROS = {
    r"\T": r"^{\mathsf T}",
    r"\R": r"\mathbb{R}",
    r"\norm": r"\lVert #1\rVert",
}


@cache
def _engine() -> Any:
    import quickjs

    context = quickjs.Context()
    context.eval((ASSETS / "katex" / "katex.min.js").read_text(encoding="utf-8"))
    # join("") gives a flat string: the engine's own concatenations cannot be handed to Python
    context.eval(
        "var macros = " + json.dumps(MACROS) + ";"
        "function render(t) { return [katex.renderToString(t, {macros: Object.assign({}, macros), throwOnError: true, "
        'strict: "error", output: "htmlAndMathml"})].join(""); }'
    )
    return context


@cache
def render(formula: str) -> str:
    """HTML with MathML beside it for one TeX formula. Raises ChainruleError where KaTeX cannot read it."""
    try:
        return str(_engine().eval(f"render({json.dumps(formula)})"))
    except Exception as error:
        raise ChainruleError(f"KaTeX cannot set {formula!r}: {str(error).partition(chr(10))[0]}") from error
