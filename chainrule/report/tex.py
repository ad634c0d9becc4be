"""The book as LaTeX: preamble.tex holds the look, this file writes what stands on the pages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import singledispatch
from pathlib import Path

from chainrule.errors import ChainruleError, Unsupported
from chainrule.evidence import Evidence

from . import signs
from .katex import ASSETS
from .model import (
    Block,
    Book,
    Boxes,
    Chain,
    Code,
    CodePair,
    Display,
    Emph,
    Family,
    Figure,
    Heading,
    Identities,
    Identity,
    LawRow,
    LawTable,
    Legend,
    Link,
    Listing,
    Lost,
    Map,
    Mark,
    Math,
    Page,
    Paragraph,
    Row,
    Span,
    Statement,
    Strong,
    Table,
    Text,
    Words,
    World,
)
from .tex_letters import declarations

SECONDS = 300
"""The longest that latexmk may take."""


def write(book: Book, folder: Path) -> list[Path]:
    """book.tex; and book-latex.pdf where latexmk is installed. Errors: ChainruleError with the first TeX error."""
    source = folder / "tex"
    source.mkdir(parents=True, exist_ok=True)
    (source / "book.tex").write_text(document(book), encoding="utf-8")
    for figure in sorted((folder / "fig").glob("*-print.pdf")):
        shutil.copy(figure, source / figure.name)
    written = [source / "book.tex"]
    if shutil.which("latexmk"):
        written.append(_compiled(source, folder / "book-latex.pdf"))
    return written


def _compiled(source: Path, target: Path) -> Path:
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-outdir=out", "book.tex"]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, errors="replace", timeout=SECONDS)
    if done.returncode:
        wrong = [line for line in done.stdout.splitlines() if line.startswith(("!", "l."))]
        raise ChainruleError(f"LaTeX cannot set the book: {' '.join(wrong[:3]) or done.stderr.strip()}")
    shutil.move(source / "out" / "book.pdf", target)
    shutil.rmtree(source / "out")
    return target


def document(book: Book) -> str:
    """The whole book as one file."""
    preamble = (ASSETS / "preamble.tex").read_text(encoding="utf-8")
    pages = "\n".join(page(p) for p in book.pages)
    title = f"\\hypersetup{{pdftitle={{{words(book.title)}}}}}"
    return f"{preamble}{declarations(pages + title)}{title}\n\\begin{{document}}\n{pages}\n\\end{{document}}\n"


def page(p: Page) -> str:
    """One entry."""
    number = f"{words(p.number)}\\hspace{{6pt}}" if p.number else ""
    lead, verdict = text(p.lead), r"\hspace{8pt} ".join(text(v) for v in p.verdict)
    if p.source:
        first, _, rest = lead.partition(" ")
        lead = f"{first}\\aside{{{text(p.source)}}} {rest}"
    head = [
        f"\\entry{{{number}}}{{{words(p.title)}}}{{{words(p.head)}}}\\hypertarget{{{p.stem}}}{{}}\\label{{page:{p.stem}}}",
        f"{lead}\\par",
        f"{{\\raggedright\\color{{soft}}\\note {verdict}\\par}}" if verdict else "",
    ]
    return "\n".join([*head, *_kept_together(p)])


def _kept_together(p: Page) -> Iterator[str]:
    """The blocks of a page; a paragraph stays with the chain that it introduces, a row with its code."""
    for b, after in zip(p.blocks, (*p.blocks[1:], None), strict=True):
        keep = (isinstance(b, Paragraph) and isinstance(after, (Chain, Identities))) or isinstance(after, CodePair)
        yield block(b) + ("\\nopagebreak" if keep else "")


# --- inside a line -----------------------------------------------------------------------------------
_ESCAPES = {
    **{c: "\\" + c for c in "%#&${}_"},
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


def words(plain: str) -> str:
    """Plain words, with everything that TeX would read as a command escaped."""
    return "".join(_ESCAPES.get(c, c) for c in plain)


def text(spans: Text) -> str:
    """A run of text."""
    return "".join(_span(s) for s in spans)


def _span(span: Span) -> str:
    match span:
        case Words(t):
            return words(t)
        case Emph(t):
            return f"\\textit{{{words(t)}}}"
        case Strong(t):
            return f"\\textbf{{{words(t)}}}"
        case Lost(t):
            return f"\\textcolor{{sampled}}{{{words(t)}}}"
        case Code(t):
            return f"\\texttt{{{words(t)}}}"
        case Math():
            return f"${' '.join(span.latex)}$"
        case Mark(evidence):
            return f"\\ev{{{signs.name(evidence)}}}"
        case Link(t, target, _, law):
            shown = f"\\textit{{{words(t)}}}" if law else words(t)
            return f"\\hyperlink{{{target}}}{{{shown}}}"
        case _:
            raise Unsupported(f"a line of text cannot hold {span!r}")


def formula(f: Math | Text) -> str:
    """A displayed formula that may break between its pieces."""
    if isinstance(f, Math):
        return "\\cut ".join(f"\\piece{{{p}}}" for p in f.latex)
    return "".join(formula(s) if isinstance(s, Math) else _span(s) for s in f)


# --- blocks ------------------------------------------------------------------------------------------
@singledispatch
def block(b: Block) -> str:
    """One block of a page."""
    raise Unsupported(f"the LaTeX writer has no arm for {type(b).__name__}")


@block.register
def _(b: Heading) -> str:
    return f"\\{'sect' if b.level == 2 else 'subsect'}{{{text(b.text)}}}"


@block.register
def _(b: Paragraph) -> str:
    return f"{{\\note\\leavevmode\\color{{soft}}{text(b.text)}\\par}}" if b.soft else f"{text(b.text)}\\par"


@block.register
def _(b: Display) -> str:
    return "".join(f"\\display{{{formula(f)}}}" for f in b.formulas)


@block.register
def _(b: Statement) -> str:
    aside = f"\\aside{{\\textit{{Hypotheses.}} {' '.join(text(a) for a in b.aside)}}}" if b.aside else ""
    parts = [f"\\display{{{formula(p)}}}" if isinstance(p, Math) else f"{text(p)}\\par" for p in b.parts]
    return f"\\begin{{statement}}{{{words(b.name)}}}{aside}\n" + "\n".join(parts) + "\n\\end{statement}"


@block.register
def _(b: Chain) -> str:
    first = f"\\chainof{{{formula(b.first)}}}\n" if b.first else ""
    return first + "\n".join(row(r) for r in b.rows)


def row(r: Row) -> str:
    """state, number, relation, formula, reason, evidence."""
    command = {"": "row", "is-refuted": "rowrefuted", "after": "rowafter"}[r.state]
    relation = r.relation.latex[0] if r.relation else ""
    rests = "".join(f"\\\\{{\\color{{soft}}{text(t)}}}" for t in r.rests)
    reason = text(r.reason) + rests
    return (
        f"\\{command}{{}}{{{r.number}}}{{{relation}}}{{{formula(r.formula)}}}{{{reason}}}{{{signs.name(r.evidence)}}}"
    )


@block.register
def _(b: Figure) -> str:
    return f"\\drawing{{{b.stem}-print.pdf}}{{{text(b.caption)}}}"


@block.register
def _(b: CodePair) -> str:
    measures = ("156mm", "102mm") if b.stacked or b.left is None else ("75mm", "75mm")
    boxes = [listing(x, *measures) for x in (b.left, b.right) if x is not None]
    alone = b.stacked or b.left is None
    joint = "\\par\\listrule\n" if alone else "\\hspace{6mm}%\n"
    read = "\\par\\vspace{4pt}The hand-written code, read as mathematics:"
    return f"\\{'list' if alone else 'pair'}rule\n{joint.join(boxes)}\\par\n" + (
        f"{read}\\display{{{formula(b.formula)}}}" if b.formula else ""
    )


def listing(x: Listing, width: str, room: str) -> str:
    """A title and a piece of Python, as it stands."""
    source = x.source.strip("\n").replace("\\end{Verbatim}", "\\end {Verbatim}")
    verbatim = f"\\begin{{Verbatim}}\n{source}\n\\end{{Verbatim}}"
    return f"\\begin{{listing}}{{{width}}}{{{room}}}{{{text(x.title)}}}\n{verbatim}\n\\end{{listing}}"


@block.register
def _(b: Table) -> str:
    heads = "&".join(f"\\color{{soft}}{words(h)}" for h in b.heads) + "\\\\\\midrule\n" if b.heads else ""
    rows = "\\\\\n".join("&".join(text(c) for c in r) for r in b.rows)
    columns = "r" * (max(len(r) for r in b.rows) - 1)
    width = "156mm" if len(columns) > 3 else "102mm"
    return f"\\begin{{figures}}{{{width}}}{{{columns}}}{{{text(b.caption)}}}\n{heads}{rows}\n\\end{{figures}}"


@block.register
def _(b: Boxes) -> str:
    return "\n".join(
        f"\\par\\vspace{{4pt}}\\textbf{{{text(x.head)}}}\\par"
        + "".join(f"{{\\color{{soft}}\\note {text(i)}\\par}}" for i in x.items)
        for x in b.boxes
    )  # fmt: skip


@block.register
def _(b: World) -> str:
    values = " ".join(formula(v) for v in b.values)
    return f"\\display{{{values}}}\n{block(b.sides)}\n" + "\n".join(
        f"\\par\\vspace{{3pt}}{text(r)}\\par" for r in b.remarks
    )


@block.register
def _(b: Family) -> str:
    up = "; ".join(f"\\sign{{{signs.name(e)}}} {text(t)}" for e, t in b.up) or "the laws alone"
    down = "; ".join(f"\\sign{{{signs.name(e)}}} {text(t)}" for e, t in b.down) or "nothing yet"
    return f"Rests on: {up}.\\par Used by: {down}.\\par"


@block.register
def _(b: Map) -> str:
    rows = "\\\\\n".join(_map_row(b, k) for k in range(len(b.rows)))
    return f"\\begin{{course}}\n{rows}\\\\\n\\end{{course}}"


CLOSE = 16
"""More signs than this stand closer."""


def _map_row(b: Map, k: int) -> str:
    r = b.rows[k]
    title = f"\\hyperlink{{{r.page}}}{{{words(r.title)}}}" if r.page else words(r.title)
    before = sorted(i for i, j in b.arcs if j == k)
    uses = f" {{\\color{{soft}}\\note after {words(', '.join(b.rows[i].number for i in before))}}}" if before else ""
    strip = f"\\hspace{{{1.4 if len(r.strip) <= CLOSE else 0.6}pt}}".join(f"\\sign{{{signs.name(e)}}}" for e in r.strip)
    end = f"\\ev{{{signs.name(r.evidence)}}}" if b.entries else f"{{\\color{{soft}}\\note {words(r.note)}}}"
    at = f"{{\\color{{soft}}\\note\\pageref*{{page:{r.page}}}}}" if r.page else ""
    return f"{{\\color{{soft}}\\note {words(r.number)}}}\\hspace{{3pt}}{title}{uses}&{strip}&{end}&{at}"


@block.register
def _(b: Legend) -> str:
    return "".join(
        f"\\par\\makebox[22mm][l]{{\\ev{{{signs.name(e)}}}}}{{\\color{{soft}}\\note {words(e.means)}}}\\par"
        for e in sorted(Evidence, reverse=True)
    )


@block.register
def _(b: LawTable) -> str:
    rows = "\\\\\n".join(_law_row(r) for r in b.rows)
    return f"\\sect{{{words(b.title)}}}\n\\begin{{lawtable}}\n{rows}\\\\\n\\end{{lawtable}}"


def _law_row(r: LawRow) -> str:
    says = f"{formula(r.says)} {text(r.words)}"
    return f"\\textit{{{words(r.name)}}}&{says}&\\color{{soft}}{text(r.source)}&\\color{{soft}}{text(r.used)}"


@block.register
def _(b: Identities) -> str:
    return "\\begin{identities}\n" + "\n".join(_identity(r) for r in b.rows) + "\n\\end{identities}"


def _identity(r: Identity) -> str:
    """name, lines of number, formula and evidence, notes."""
    lines = "".join(
        f"\\identityline{{{text(r.name) if k == 0 else ''}}}{{{line.number}}}{{{_related(line)}}}"
        f"{{{signs.name(line.evidence)}}}"
        for k, line in enumerate(r.lines)
    )
    return lines + "".join(f"\\identitynote{{{text(n)}}}" for n in r.notes) + "\\identityend"


def _related(line: Row) -> str:
    relation = f"${line.relation.latex[0]}$\\hspace{{3pt}}" if line.relation else ""
    shown = relation + formula(line.formula)
    colour = {"": "", "is-refuted": "\\color{refuted}", "after": "\\color{soft}"}[line.state]
    return colour + shown
