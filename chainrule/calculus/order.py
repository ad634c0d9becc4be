"""An order of nodes that does not depend on what else has been made: for text that is the same every time."""

from __future__ import annotations

from hashlib import blake2b

from chainrule.forms import dag
from chainrule.forms.dag import Dag

_marks: dict[Dag, tuple[int, str]] = {}


def mark(root: Dag) -> tuple[int, str]:
    """How deep a node is, and a digest of its form (without the labels of contractions)."""
    if root not in _marks:
        for node in dag.order(root):
            if node not in _marks:
                _marks[node] = _mark(node)
    return _marks[root]


def _mark(node: Dag) -> tuple[int, str]:
    inner = [_marks[c] for c in node.children]
    own = [str(a) for a in node.args if not isinstance(a, (Dag, tuple))]
    if node.kind == "sum":
        own = [f"{c} {_marks[n][1]}" for c, n in node.args]
    own += [str(d) for d in node.dims]
    form = "\0".join([node.kind, *sorted(own), *sorted(m for _, m in inner)])
    return 1 + max((h for h, _ in inner), default=0), blake2b(form.encode(), digest_size=12).hexdigest()
