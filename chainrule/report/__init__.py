"""The report: one book from chapters and verdicts, as HTML, as PDF and as LaTeX.

    build(project, verdicts, out, formats=("html", "pdf", "tex")) -> the files that were written

Everything is written beside `out` first and takes its place only when it is whole.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from chainrule.errors import ChainruleError, Place
from chainrule.project import Project

from .register import Verdicts

FORMATS = ("html", "pdf", "tex")


def build(project: Project, verdicts: Verdicts, out: Path, formats: Collection[str] = FORMATS) -> list[Path]:
    """Write the report into the folder `out` and return its files, the one to open first.

    html  index.html and a page an entry, with all that they need: no network, no script
    pdf   book.pdf by Typst, and its source
    tex   book.tex; compiled to book-latex.pdf where latexmk is installed

    Errors: ChainruleError for an unknown format, a folder `out` with other things in it, a figure that fails, a formula
    that a writer cannot set. Then `out` is as it was before.
    """
    out = out.resolve()
    check(out, formats)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        written = _write(project, verdicts, work, formats)
        _swap(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [out / path.relative_to(work) for path in written]


def _write(project: Project, verdicts: Verdicts, folder: Path, formats: Collection[str]) -> list[Path]:
    from . import gather, html, tex, typst_pdf

    book = gather.book(project, verdicts, folder / "fig")
    writers = {"html": html.write, "pdf": typst_pdf.write, "tex": tex.write}
    written = [path for name in FORMATS if name in formats for path in writers[name](book, folder)]
    (folder / MARK).write_text("This folder is made by `chainrule report` and replaced as a whole.\n", encoding="utf-8")
    return written


MARK = ".chainrule-report"
"""A file in every report: only a folder that has it, or an empty one, is ever replaced."""


def check(out: Path, formats: Collection[str]) -> None:
    """Can a report in these formats be put there? To be asked before the lines are judged.

    Errors: ChainruleError for an unknown format, or a folder that holds other things.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise ChainruleError(f"there is no format {unknown[0]!r}; there are: {', '.join(FORMATS)}")
    if out.exists() and not (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        raise ChainruleError(
            "this folder holds something that is no report and would be lost; name an empty or a new one",
            Place(str(out), 0),
        )


def _swap(work: Path, out: Path) -> None:
    """Put the finished folder in the place of the old one; the old one goes only when the new one stands."""
    work.chmod(0o755)
    if not out.exists():
        work.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / out.name)
    try:
        work.rename(out)
    except OSError:
        (old / out.name).rename(out)
        raise
    shutil.rmtree(old)
