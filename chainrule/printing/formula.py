"""A formula on a kind of page, whole or in pieces."""

from __future__ import annotations

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Add, Node

from .latex import Latex
from .layout import Layout
from .letters import readable
from .source import text, text_pieces
from .target import Target
from .typst import Typst
from .unicode import Unicode

TARGETS: dict[str, Target] = {"unicode": Unicode(), "latex": Latex(), "typst": Typst()}
"""The kinds of page that set mathematics; `text` is Python and stands beside them."""


def unicode(node: Node) -> str:
    """The formula for the terminal: 2 (Xᵀ(Xw − y) + λ w)."""
    return formula(node, "unicode")


def latex(node: Node) -> str:
    r"""The formula in LaTeX: 2 (X^\top(Xw - y) + \lambda w)."""
    return formula(node, "latex")


def typst(node: Node) -> str:
    """The formula in Typst: 2 (X^(⊤) (X w - y) + lambda w)."""
    return formula(node, "typst")


def formula(node: Node, target: str) -> str:
    """The formula on a kind of page: text, unicode, latex or typst."""
    return text(node) if target == "text" else layout(target).box(readable(node)).text


def pieces(node: Node, target: str) -> list[str]:
    """The formula cut before each + and - of its outermost sum: where a long line may break."""
    if target == "text":
        return text_pieces(node)
    node, page = readable(node), layout(target)
    if not isinstance(node, Add):
        return [page.box(node).text]
    first, *rest = page.terms(node)
    return [first.text, *(page.target.later(term.text) for term in rest)]


def layout(target: str) -> Layout:
    """The layout for a kind of page, by its name."""
    if target not in TARGETS:
        raise Unsupported(f"there is no printer for {target!r}; there are: text, {', '.join(TARGETS)}")
    return Layout(TARGETS[target])
