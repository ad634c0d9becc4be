"""The formulas of reports/formulas.toml, as the tests use them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[2] / "reports" / "formulas.toml"


@dataclass(frozen=True)
class Case:
    """A formula, what is declared of its letters, the symbol to differentiate by, and how its derivatives read."""

    name: str
    text: str
    wrt: str
    reads: str = ""
    twice: str = ""
    declare: str = ""


CASES = [Case(**table) for table in tomllib.loads(FILE.read_text(encoding="utf-8"))["formula"]]
