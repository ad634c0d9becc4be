"""The command line: verify, show, report. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

HELP = {"help_option_names": ["-h", "--help"]}
JOBS = click.option("--jobs", "-j", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes [all cores].")
PATH = click.Path(path_type=Path)


@click.group(context_settings=HELP)
@click.version_option(package_name="chainrule")
def main() -> None:
    """Check the mathematics of machine learning, line by line."""


@main.command("verify")
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--json", "json_file", type=PATH, metavar="FILE", help="Also write every verdict to FILE.")
@click.option("--update", is_flag=True, help="Commit what was found: rewrite the file of verdicts.")
@JOBS
def _verify(paths: tuple[Path, ...], json_file: Path | None, update: bool, jobs: int) -> None:
    """Judge every line of the project, or of the files and folders PATHS.

    Exits with 1 if a line is refuted, stands lower than committed, or is open and not committed as open; or if
    something could not be read.
    """
    from .verify import run

    raise SystemExit(run(paths, json_file, update, jobs))


@main.command("show")
@click.argument("name")
def _show(name: str) -> None:
    """Print one item, NAME, as it was judged: gradient, ridge.gradient, or a whole chapter, ridge."""
    from .show import run

    raise SystemExit(run(name))


@main.command("report")
@click.option("--out", type=PATH, metavar="DIR", help="Where the report goes [reports/build].")
@click.option("--format", "formats", multiple=True, type=click.Choice(["html", "pdf", "tex"]), help="[all three]")
@JOBS
def _report(out: Path | None, formats: tuple[str, ...], jobs: int) -> None:
    """Judge every line and print the book: HTML, PDF and TeX.

    The report that is there is replaced only when the new one is complete.
    """
    from .report import run

    raise SystemExit(run(out, formats or ("html", "pdf", "tex"), jobs))
