"""Rules of curvature against random chords: what they call convex lies below its chords in every world tried."""

from __future__ import annotations

from collections import Counter
from random import Random

import chainrule as cr
from chainrule.errors import ChainruleError, Undefined, Unsupported
from chainrule.judge.context import Context
from chainrule.kernel.curvature import Curvature
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import Predicate
from chainrule.worlds.examine import Outcome, examine
from tests.kernel.test_order import matrix, n, scalar, vector

FREE, INSIDE = cr.vector("x", n), cr.vector("x", n, positive=True)


def drawn(g: Random, x: Var) -> Node:
    """A scalar formula of x, with everything that has a rule of curvature near the root."""
    affine = g.choice([x, cr.matrix("A", n, n) @ x, x - cr.vector("y", n), -x, cr.scalar("a") * x, vector(g, 1)])
    inner = g.choice(
        [affine, affine * affine, cr.exp(affine), cr.relu(affine), cr.abs_(affine), cr.softplus(affine), 1 / x]
    )
    inner = g.choice(
        [inner, inner, cr.sqrt(x), cr.log(x), vector(g, 0) * inner, matrix(g, 0) @ inner, -inner, inner + affine]
    )
    whole = g.choice([cr.total, cr.sqnorm, cr.norm, cr.maximum, cr.logsumexp])(inner)
    return g.choice([
        whole, -whole, whole**2, whole**3, whole + scalar(g, 0), scalar(g, 0) * whole, whole * whole, 1 / whole,
        inner.T @ matrix(g, 0) @ inner, inner @ inner, whole - cr.sqnorm(affine), whole / cr.total(x), cr.relu(whole),
        cr.sqnorm(affine) / cr.total(x), cr.sqrt(whole), cr.log(whole), whole ** cr.rational(3, 2), cr.exp(-whole),
    ])  # fmt: skip


def test_what_is_called_convex_lies_below_its_chords() -> None:
    judged: Counter[str] = Counter()
    g = Random("curvature")
    while sum(judged.values()) < 1500:
        x = g.choice([FREE, INSIDE])
        try:
            f = drawn(g, x)
            said = Curvature((x,), Context((), False).order).of(f)
        except (Unsupported, Undefined, ChainruleError):
            continue
        judged[said] += 1
        if said in ("convex", "concave", "affine") and judged[said] <= 30:
            for claimed in {"convex": (f,), "concave": (-f,), "affine": (f, -f)}[said]:
                assert examine(Predicate("convex", claimed, (x,))).outcome is not Outcome.REFUTED, f"{said}: {f}"
    assert judged["convex"] > 60, judged
    assert judged["concave"] > 5, judged
