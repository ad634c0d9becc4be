"""Figures: reports/figures/<stem>.py draws, this file calls it once for each page colour and width.

A figure module has

    ALT                                 what a person who cannot see it is told
    draw(path, look)                    writes one file in a Look
    caption()                           the words under it, with numbers that were computed (optional)
    table()                             (caption, heads, rows) to stand under it (optional)
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from chainrule.errors import ChainruleError, Place


@dataclass(frozen=True)
class Look:
    """Colours, letters and size (inches) of a drawing. Colour is never alone: each cluster has its own mark."""

    ink: str
    soft: str
    hair: str
    clusters: tuple[str, ...]
    accent: str
    font: str
    size: tuple[float, float]
    marks: tuple[str, ...] = ("o", "s", "^", "D")


LIGHT: dict[str, Any] = {
    "ink": "#1d1b18", "soft": "#5c564c", "hair": "#cfc8b8", "accent": "#b0201a",
    "clusters": ("#1f5a96", "#855600", "#1f6645", "#6a449c"),
}  # fmt: skip
DARK: dict[str, Any] = {
    "ink": "#e9e4d8", "soft": "#aaa395", "hair": "#4a463d", "accent": "#ff9485",
    "clusters": ("#8fbbee", "#e0b464", "#85c9a3", "#c5abf0"),
}  # fmt: skip
WIDE, PHONE, PRINT = (6.2, 2.75), (3.9, 3.1), (4.02, 1.9)
LOOKS: Mapping[str, Look] = {
    "light.svg": Look(**LIGHT, font="STIXGeneral", size=WIDE),
    "dark.svg": Look(**DARK, font="STIXGeneral", size=WIDE),
    "phone-light.svg": Look(**LIGHT, font="STIXGeneral", size=PHONE),
    "phone-dark.svg": Look(**DARK, font="STIXGeneral", size=PHONE),
    "print.pdf": Look(**LIGHT, font="cmr10", size=PRINT),
    "print.svg": Look(**LIGHT, font="cmr10", size=PRINT),
}


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn, and its words."""

    stem: str
    alt: str
    caption: str
    table: tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]] | None = None


def style(look: Look) -> None:
    """Set Matplotlib to a look: thin axes, no box, text as outlines, nothing random in the file."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcdefaults()
    matplotlib.use("Agg")
    matplotlib.rcParams.update({
        "font.family": look.font, "mathtext.fontset": "cm" if look.font == "cmr10" else "stix",
        "axes.formatter.use_mathtext": True, "font.size": 9, "axes.edgecolor": look.soft, "axes.linewidth": 0.5,
        "axes.labelcolor": look.ink, "text.color": look.ink, "xtick.color": look.soft, "ytick.color": look.soft,
        "xtick.major.width": 0.5, "ytick.major.width": 0.5, "xtick.major.size": 3, "ytick.major.size": 3,
        "axes.spines.top": False, "axes.spines.right": False, "savefig.transparent": True,
        "svg.fonttype": "path", "svg.hashsalt": "chainrule", "axes.unicode_minus": False,
    })  # fmt: skip


def range_frame(ax: Any, xs: Any, ys: Any) -> None:
    """Tufte's range frame: the axes end where the data end."""
    ax.spines["bottom"].set_bounds(np.min(xs), np.max(xs))
    ax.spines["left"].set_bounds(np.min(ys), np.max(ys))


def save(figure: Any, path: Path) -> None:
    """Write a figure without a date, so that the same data give the same file, and close it."""
    import matplotlib.pyplot as plt

    figure.savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else {"Date": None})
    plt.close(figure)


def draw(source: Path, folder: Path) -> Drawn:
    """Run one figure module in every look. Errors: ChainruleError naming the file, whatever it raised."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        module = _load(source)
        for suffix, look in LOOKS.items():
            style(look)
            module.draw(folder / f"{source.stem}-{suffix}", look)
        caption = module.caption() if hasattr(module, "caption") else ""
        return Drawn(source.stem, module.ALT, caption, module.table() if hasattr(module, "table") else None)
    except Exception as error:
        raise ChainruleError(f"this figure cannot be drawn: {error}", Place(str(source), 1)) from error


def _load(source: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"figure_{source.stem}", source)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
