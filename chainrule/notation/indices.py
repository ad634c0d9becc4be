"""Index notation: letters, the sets they run over, and the binders Sum and each.

    Sum(sqnorm(x[i] - m[k]) for k in C for i in C[k])

reads as on paper. The generator is run once with fresh letters; their names are those of the loop variables.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Iterator
from itertools import chain, count

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import NotationError

from .dims import Dim, as_dim
from .nodes import At, Each, Let, Letter, Node, Range, Var, as_node, given_name
from .nodes import Sum as SumNode

_open = count(1)
_binders: list[list[Range]] = []


def index(name: str, size: object) -> Letter:
    """An arbitrary index: what is said with it holds for each of its values."""
    return Letter(Str(name), as_dim(size), sp.Integer(0))


class over:
    """All the values of an index: `for i in over(n)`."""

    def __init__(self, size: object):
        self.dim: Dim = as_dim(size)

    def __iter__(self) -> Iterator[Letter]:
        letter = _fresh(self.dim)
        _bind(Range(letter))
        yield letter


class Clusters(Var):
    """An assignment of N points to K clusters, as its indicator C[i, k] in {0, 1}, one 1 in each row.

    `for k in C` runs over the clusters, `for i in C[k]` over the points of one, `size(C[k])` counts them.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[Letter]:
        yield from over(self.shape[1])

    def __getitem__(self, where: object) -> At | Members:
        return super().__getitem__(where) if isinstance(where, tuple) else Members(self, where)  # type: ignore[arg-type]


class Members:
    """The points of one cluster, C[k]."""

    def __init__(self, clusters: Clusters, cluster: Letter):
        if not isinstance(cluster, Letter):
            raise NotationError(f"{clusters.name}[{cluster}]: a cluster is named by an index, as in `for k in C`")
        self.clusters, self.cluster = clusters, cluster

    def __iter__(self) -> Iterator[Letter]:
        letter = _fresh(self.clusters.shape[0])
        _bind(Range(letter, At(self.clusters, letter, self.cluster)))
        yield letter


def clusters(name: str, points: object, groups: object, *, nonempty: bool = True) -> Clusters:
    """An arbitrary assignment of `points` to `groups`. `nonempty` declares that every cluster holds a point."""
    props = ("nonempty_columns", "one_hot_rows") if nonempty else ("one_hot_rows",)
    shape = sp.Tuple(as_dim(points), as_dim(groups))
    return Clusters(Str(given_name(name)), shape, sp.Tuple(*(Str(p) for p in props)))


def Sum(terms: Generator[object, None, None]) -> Node:
    """The sum of a generator: Sum(x[i] for i in over(n)), Sum(f(i, k) for k in C for i in C[k])."""
    body, ranges = _run(terms, "Sum")
    return SumNode(body, *ranges)


def summed(body: Node, letter: Letter) -> Node:
    """The sum of a formula over all values of one of its arbitrary indices."""
    fresh = _fresh(letter.dim)
    closed, ranges = _close(
        body.xreplace({letter: fresh}), [Range(fresh)], {fresh: "k" if "[" in letter.name else letter.name}
    )
    return SumNode(closed, *ranges)


def each_of(body: Node, *letters: Letter) -> Node:
    """The array of a formula over all values of some of its arbitrary indices, the first axis first."""
    fresh = [_fresh(letter.dim) for letter in letters]
    inside = body.xreplace(dict(zip(letters, fresh, strict=True)))
    names = {f: "k" if "[" in letter.name else letter.name for f, letter in zip(fresh, letters, strict=True)}
    closed, ranges = _close(inside, [Range(f) for f in fresh], names)
    return Each(closed, *(r.letter for r in ranges))


def each(entries: Generator[object, None, None]) -> Node:
    """The array of a generator: each(m(k) for k in over(K)) has the axis of k first."""
    body, ranges = _run(entries, "each")
    if any(r.weight is not None for r in ranges):
        raise NotationError("each(...) runs over whole axes; the points of one cluster are no axis")
    return Each(body, *(r.letter for r in ranges))


def size(members: Members) -> Node:
    """How many points a cluster holds, n_k = |C_k|."""
    return Sum(as_node(1) for _ in members)


def _fresh(dim: Dim) -> Letter:
    return Letter(Str("_"), dim, sp.Integer(-next(_open)))


def _bind(where: Range) -> None:
    if not _binders:
        raise NotationError("an index set is looped over only inside Sum(...) or each(...)")
    _binders[-1].append(where)


def _run(terms: Generator[object, None, None], what: str) -> tuple[Node, tuple[Range, ...]]:
    """The body and the closed ranges of a generator."""
    if not isinstance(terms, Generator):
        raise NotationError(f"{what}(...) takes a generator: {what}(f(i) for i in over(n))")
    _binders.append([])
    try:
        body = as_node(next(terms))
        frame = inspect.getgeneratorlocals(terms)
        names = {v: k for k, v in frame.items() if isinstance(v, Letter)}
        terms.close()
    except StopIteration:
        raise NotationError(f"{what}(...) has no term") from None
    finally:
        ranges = _binders.pop()
    if not ranges:
        raise NotationError(f"{what}(...) binds no index; loop over over(n), clusters or their members")
    return _close(body, ranges, names)


def _close(body: Node, ranges: list[Range], names: dict[Letter, str]) -> tuple[Node, tuple[Range, ...]]:
    """Give the fresh letters their names and a level above everything inside the binder."""
    inside: set[Letter] = {letter for part in (body, *ranges) for letter in Basic.atoms(part, Letter)}
    top = max([letter.level for letter in inside] + [0])
    renamed: dict[Basic, Basic] = {}
    taken = {letter.name for part in (body, *ranges) for letter in _visible(part) if letter.level >= 0}
    for r in ranges:
        top += 1
        name = names.get(r.letter, "_")
        if name == "_" or name in taken:
            name = next(c for c in chain("ijlrstuv", (f"i{n}" for n in count(1))) if c not in taken)
        taken.add(name)
        renamed[r.letter] = Letter(Str(name), r.letter.dim, sp.Integer(top))
    return body.xreplace(renamed), tuple(r.xreplace(renamed) for r in ranges)


def _visible(node: Basic) -> set[Letter]:
    """The letters that a reader sees: those inside a named formula are hidden by its name."""
    if isinstance(node, Letter):
        return {node}
    if isinstance(node, Let):
        return set()
    return set().union(*(_visible(a) for a in node.args))


def free_letters(node: Basic) -> frozenset[Letter]:
    """The indices of a formula that no binder inside it closes."""
    if isinstance(node, Letter):
        return frozenset({node})
    inner = frozenset().union(*(free_letters(a) for a in node.args)) if node.args else frozenset()
    if isinstance(node, SumNode):
        return inner - {r.letter for r in node.ranges}
    if isinstance(node, Each):
        return inner - set(node.letters)
    return inner


def check_closed(node: Node) -> Node:
    """The formula itself, if every index in it is summed, listed or declared arbitrary."""
    loose = sorted(letter.name for letter in free_letters(node) if letter.level != 0)
    if loose:
        raise NotationError(
            f"the index {', '.join(loose)} is neither summed nor declared arbitrary; "
            'bind it with Sum(... for i in ...) or declare it with i = index("i", n)'
        )
    return node
