"""The command line: verify, show, report, diff, solve. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

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


@main.command("diff")
@click.argument("formula", required=False)
@click.option("--wrt", metavar="NAME", help="The symbol to differentiate by; needed where there are several.")
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option("--declare", multiple=True, metavar="TEXT", help='What letters are: "X: matrix(n, d), lam: positive".')
@click.option("--steps", is_flag=True, help="The derivation, one law a line.")
@click.option("--code", is_flag=True, help="A NumPy function that computes it; by its parts too, where it has some.")
@click.option(
    "--together", is_flag=True, help="One NumPy function for the formula and its derivatives up to the order."
)
@click.option("--portable", is_flag=True, help="A function for torch, JAX or any array API: f(..., xp=...).")
@click.option("--sizes", metavar="TEXT", default="", help='Typical sizes, which guide the code: "n=10000, p=50".')
@click.option("--latex", is_flag=True, help="The formulas in LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a page.")
@click.option("--batch", is_flag=True, help="FORMULA is a file of JSON lines, or - (or nothing) for standard input.")
def _diff(formula: str | None, batch: bool, **options: Any) -> None:
    """Differentiate FORMULA, in the notation of matrixcalculus.org or of NumPy: "norm2(X*w - y)^2".

    Letters a-g are numbers, h-z vectors, A-Z matrices, unless declared. Sizes are inferred. A formula that begins with
    a minus stands behind --.
    """
    from .diff import Options, run, run_batch

    raise SystemExit(run_batch(formula) if batch else run(formula, Options(**options)))


@main.command("convexity")
@click.argument("formula")
@click.option("--wrt", metavar="NAMES", help='The symbols that move, together: "w", or "U, V".')
@click.option("--declare", multiple=True, metavar="TEXT", help='What letters are: "X: matrix(n, d), lam: positive".')
@click.option("--latex", is_flag=True, help="The formulas in LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a page.")
def _convexity(formula: str, **options: Any) -> None:
    """Is FORMULA convex, concave, both, or neither; and what shows it, or which two points refute it.

    FORMULA is written as for diff; or it is a chapter's file or an item's name, and each function in it that a
    gradient is taken of is asked about, in the symbol in which it is taken.
    """
    from .convexity import Options, run

    raise SystemExit(run(formula, Options(**options)))


@main.command("solve")
@click.argument("formula", required=False)
@click.option("--wrt", metavar="NAME", help="The symbol to minimise over; needed where there are several.")
@click.option("--subject-to", multiple=True, metavar="TEXT", help='A constraint: "A*x = b", "x >= 0", "sum(x) <= 1".')
@click.option("--declare", multiple=True, metavar="TEXT", help='What letters are: "X: matrix(n, d), lam: positive".')
@click.option("--code", is_flag=True, help="A NumPy function that computes the point.")
@click.option("--latex", is_flag=True, help="The formulas in LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a page.")
def _solve(formula: str | None, **options: Any) -> None:
    """Find where FORMULA is lowest, and show that it is: "norm2(X*w - y)^2 + lam*norm2(w)^2" --wrt w.

    Letters are read as by diff. What has no closed form yields its gradient and Hessian as code for a Newton step.
    """
    from .solve import Options, run

    raise SystemExit(run(formula, Options(**options)))
