"""Several statements that make one array: a loop, with names inside it for what is computed outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from chainrule.forms.dag import Dag

from .statements import Statements, below, written_again
from .syntax import Code, block, together

Emitted = Callable[[Sequence[Dag], Mapping[Dag, str]], tuple[list[Code], Mapping[Code, str]]]
"""The code of formulas from the names of their leaves, and the names that a reader would choose in it."""

OUTER = re.compile(r"outer(\d+)_")
"""How a part from outside is called inside, until the block is written."""


class Block:
    """The statements of one block. `taken` are the names that mean something else."""

    def __init__(self, taken: Iterable[str]):
        self.taken = set(taken)
        self.parts: list[Code] = []

    def fresh(self, name: str) -> str:
        """The name, or with underlines behind it."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def part(self, code: Code) -> str:
        """The name inside of something outside; what is written again each time is put in brackets."""
        self.parts.append(code)
        name = f"outer{len(self.parts) - 1}_"
        return f"({name})" if written_again(code) and code.op not in ("atom", "dim", "T", "view") else name

    def body(self, codes: Sequence[Code], preferred: Mapping[Code, str], suffix: str) -> Statements:
        """What is done in each round."""
        root = together(codes)
        sizes = {c: self.part(c) for c in below(root) if c.op == "dim"}
        return Statements(root, preferred, sizes, self.taken, suffix)

    def code(self, lines: Iterable[str], rank: int) -> Code:
        """The array {self} that the lines make."""
        template = "\n".join(lines).replace("{self}", "\0")
        template = template.replace("{", "{{").replace("}", "}}").replace("\0", "{self}")
        template = OUTER.sub(lambda found: f"{{{found[1]}}}", template)
        return block(template, rank, *self.parts, *self.parts)  # twice: each has a name outside
