"""chainrule report: every line judged, then the book. The old one is replaced only by a complete one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chainrule.errors import ChainruleError, EngineBug

from .console import console, say, stopped
from .summary import closing, summary, troubles
from .verify import committed, contradiction, with_progress


def run(out_dir: Path | None, formats: Sequence[str], jobs: int) -> int:
    """The exit status: that of `verify`. Where something cannot be judged the old report stays as it is."""
    from chainrule.project import load
    from chainrule.report import build, check

    out = console()
    try:
        project = load(Path.cwd())
        target = (out_dir or project.root / project.settings.report).resolve()
        check(target, formats)
        judged = with_progress(out, project, jobs)
        changes = committed(project, judged, update=False)
        summary(out, project, judged, changes)
        if troubles(project, judged) or not judged.verdicts:
            say(out, [f"  report    not built; {project.settings.relative(target)} is left as it was"])
        else:
            written = build(project, {(v.item, v.line): v for v in judged.all}, target, formats)
            say(out, [f"  report    {project.settings.relative(page)}" for page in _fronts(written)])
    except EngineBug as error:
        return contradiction(error)
    except ChainruleError as error:
        return stopped(error)
    return closing(out, project, judged, changes)


def _fronts(written: Sequence[Path]) -> list[Path]:
    """Where a reader begins: the first page in HTML, and the printed books."""
    return [path for path in written if path.name == "index.html" or path.suffix == ".pdf"]
