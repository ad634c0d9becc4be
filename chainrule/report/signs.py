"""The six signs of evidence, drawn once for each writer. They differ in shape at 7 px, without colour."""

from __future__ import annotations

from chainrule.errors import Unsupported
from chainrule.evidence import Evidence

SVG = {
    Evidence.PROVED: '<path d="M1 1h8v8H1z" stroke="none"/>',
    Evidence.CITED: '<path d="M1.5 1.5h7v7h-7z" fill="none"/><path d="M1 1h4v8H1z" stroke="none"/>',
    Evidence.CERTIFIED: '<path d="M5 0l5 5-5 5-5-5z" stroke="none"/>',
    Evidence.SAMPLED: '<path d="M1 1h3.2v3.2H1zM5.8 1H9v3.2H5.8zM1 5.8h3.2V9H1zM5.8 5.8H9V9H5.8z" stroke="none"/>',
    Evidence.OPEN: '<circle cx="5" cy="5" r="4" fill="none" stroke-width="1.3"/>',
    Evidence.REFUTED: '<path d="M1 1l8 8M9 1l-8 8" stroke-width="2.2"/>',
}
"""Drawings in a box of 10 by 10. SAMPLED is a dotted square: four dots, where PROVED has the whole square."""


def name(evidence: Evidence) -> str:
    """The word in small letters: a CSS class, a Typst key, a TeX colour."""
    return evidence.name.lower()


def sprite() -> str:
    """All signs as one hidden drawing, to be referred to."""
    symbols = "".join(f'<symbol id="{name(e)}" viewBox="0 0 10 10">{_drawing(e)}</symbol>' for e in Evidence)
    return f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{symbols}</svg>'


def _drawing(evidence: Evidence) -> str:
    if evidence not in SVG:
        raise Unsupported(f"{evidence!r} has no sign")
    return SVG[evidence]
