"""One object for equal formulas, so that comparing two that share their parts does not walk them again and again."""

from __future__ import annotations

from typing import TypeVar, cast

from sympy.core.basic import Basic

N = TypeVar("N", bound=Basic)
_pool: dict[Basic, Basic] = {}
_kept: set[int] = set()
"""The identities of the objects in the pool; they live as long as it does."""


def shared(node: N) -> N:
    """The one object for this formula, whose parts are such objects already."""
    found = _pool.setdefault(node, node)
    _kept.add(id(found))
    return cast(N, found)


def canonical(root: N) -> N:
    """The one object for this formula, made from its parts upwards; each part is visited once."""
    done: dict[int, Basic] = {}
    todo: list[Basic] = [root]
    while todo:
        node = todo[-1]
        if id(node) in _kept:
            done[id(todo.pop())] = node
            continue
        waiting = [a for a in node.args if id(a) not in done]
        if waiting:
            todo.extend(waiting)
            continue
        todo.pop()
        args = [done[id(a)] for a in node.args]
        same = all(a is b for a, b in zip(args, node.args, strict=True))
        done[id(node)] = shared(node if same else node.func(*args))
    return cast(N, done[id(root)])
