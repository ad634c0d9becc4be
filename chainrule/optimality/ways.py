"""The argument for the zero of a broken line, item by item: how far every x and the point come in each piece.

See `segments` for the formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from chainrule.notation.nodes import Let, Node, Number
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Reason,
    algebra,
    at_least,
    at_most,
    by,
    equals,
    nonnegative,
    positivity,
)
from chainrule.notation.vocabulary import relu, total, zeros

from .optimum import Optimum, nth
from .problem import Problem
from .words import chain, claimed, difference, negative, over, scaled

Sure = tuple[Claim | Assumption, ...]


@dataclass(frozen=True, eq=False)
class Written:
    """The parts as formulas: places, jumps, bends, slopes, and what is missing before and after each jump."""

    k: Node
    at: tuple[Node, ...]
    first: Node  # the first place, with the shape of x
    jumps: tuple[Node, ...]
    bends: tuple[Node, ...]
    slopes: tuple[Node, ...]
    before: tuple[Node, ...]
    after: tuple[Node, ...]
    gaps: tuple[Node, ...]
    point: Let


def is_zero(a: Node) -> bool:
    return isinstance(a, Number) and a.value == 0


def _sum(nodes: Sequence[Node]) -> Node:
    return reduce(add, nodes)


class Ways:
    """The ways in each piece, and the items of the argument, each made once."""

    def __init__(self, p: Problem, o: Optimum, s: Written):
        self.p, self.o, self.s = p, o, s
        self.m, self.given = len(s.at), o.given
        self.sure: Sure = (*o.solvable, *o.given)
        lengths = [scaled(slope, gap) for slope, gap in zip(s.slopes[1:], s.gaps, strict=False)]
        gaps = tuple(claimed(nth("gap", j), nonnegative(g), self._by(), self.given) for j, g in enumerate(lengths))
        self.sure = (*self.sure, *gaps)
        self.ways = self._ways()
        self.rests = self._rests()
        self.pairs = tuple(self._pairs())

    def _by(self, *facts: Claim | Derivation | Assumption) -> Reason:
        known = (*facts, *self.sure)
        return by(*known) if known else positivity

    # --- the ways ---------------------------------------------------------------------------------
    def _ways(self) -> tuple[Node, ...]:
        """t_0 = relu(-e_1) / s_0,  t_i = (relu(d_i) - relu(e_(i+1))) / s_i"""
        s, found = self.s, [over(relu(negative(self.s.before[0])), self.s.slopes[0])]
        for i in range(1, self.m):
            found.append(over(relu(s.after[i - 1]) - relu(s.before[i]), s.slopes[i]))
        found.append(over(relu(s.after[-1]), s.slopes[-1]))
        return tuple(found)

    def _rests(self) -> tuple[Node, ...]:
        """The length of a piece less the way in it: (relu(-e_(i+1)) - relu(-d_i)) / s_i"""
        s = self.s
        return tuple(
            over(relu(negative(s.before[i])) - relu(negative(s.after[i - 1])), s.slopes[i]) for i in range(1, self.m)
        )

    def past(self, j: int) -> Node:
        """y_j, the ways past the j-th corner."""
        return _sum(self.ways[j + 1 :])

    def short(self, j: int) -> Node:
        """n_j, what is missing to it."""
        return _sum((self.ways[0], *self.rests[:j]))

    def _pairs(self) -> Iterator[Derivation]:
        """relu(d) relu(-e) = 0 where d <= e."""
        s, seen = self.s, set()
        for j in range(self.m):
            right = [s.after[j], *(e for i in range(j + 1, self.m) for e in (s.before[i], s.after[i]))]
            left = [s.before[j], s.after[j], *(e for i in range(j) for e in (s.before[i], s.after[i]))]
            for d in right:
                for e in left:
                    if d != e and (d, e) not in seen:
                        seen.add((d, e))
                        product = relu(d) * relu(negative(e))
                        yield chain(
                            nth("apart", len(seen) - 1),
                            product,
                            equals(zeros(*product.shape), self._by()),
                            given=self.given,
                        )

    # --- the items --------------------------------------------------------------------------------
    def shown(self) -> Optimum:
        """The optimum with its items."""
        self.steps: list[Derivation] = []
        reached = tuple(self._reached(j) for j in range(self.m))
        conditions: tuple[Derivation | Claim, ...] = (
            *self._slopes(),
            *self.pairs,
            *self.steps,
            *(r for each in reached for r in each),
        )
        o = replace(self.o, stationary=self._stationary(), conditions=conditions)
        return replace(o, lowest=self._lowest(reached))

    def _slopes(self) -> Iterator[Claim]:
        """What each jump gives of itself lies between 0 and the jump."""
        count = 0
        for e, d, jump in zip(self.s.before, self.s.after, self.s.jumps, strict=True):
            if not is_zero(jump):
                for side in (relu(e) - relu(d), jump - (relu(e) - relu(d))):
                    yield claimed(nth("slope", count), nonnegative(side), self._by(), self.given)
                    count += 1

    def _stationary(self) -> Derivation:
        """b - w x* is a subgradient of what has corners."""
        s = self.s
        here = s.before[0] - scaled(s.slopes[0], s.point - s.first)
        parts: list[Node] = []
        for j, (e, d, jump, bend) in enumerate(zip(s.before, s.after, s.jumps, s.bends, strict=True)):
            parts += [] if is_zero(jump) else [relu(e) - relu(d)]
            parts += [] if is_zero(bend) else [scaled(bend, self.past(j))]
        return chain("stationary", here, equals(_sum(parts), self._by()), given=self.given)

    def _reached(self, j: int) -> tuple[Derivation, ...]:
        """relu(x* - a_j) = y_j, and its square, from y_j >= 0, n_j >= 0, y_j n_j = 0."""
        y, n, given = self.past(j), self.short(j), self.given
        z, far = y - n, relu(difference(self.s.point, self.s.at[j]))
        up = claimed(nth("past", j), nonnegative(y), self._by(), given)
        down = claimed(nth("short", j), nonnegative(n), self._by(), given)
        over, under = relu(z) * n, relu(-z) * y
        square = (relu(z) - y) ** 2
        none = zeros(*over.shape)
        apart = claimed(nth("square", j), nonnegative(square), given=given)
        least_ones = tuple(
            claimed(nth(name, j), nonnegative(part), by(sign), given)
            for part, sign, name in ((over, down, "over"), (under, up, "under"))
        )
        facts = []
        for part, other, least, name in ((over, under, least_ones, "over"), (under, over, least_ones[::-1], "under")):
            most = chain(
                nth(f"{name} at most", j),
                part,
                equals(-square - other, self._by(*self.pairs)),
                at_most(0, by(apart, least[1])),
                given=given,
            )
            facts.append(chain(nth(f"not {name}", j), part, equals(none, by(least[0], most)), given=given))
        self.steps += facts
        away = chain(
            nth("away", j),
            -((far - y) ** 2),
            equals(over + under, self._by(*self.pairs)),
            at_least(0, by(*least_ones)),
            given=given,
        )
        found = [chain(nth("reach", j), far, equals(y, by(away)), given=given)] if not is_zero(self.s.jumps[j]) else []
        if not is_zero(self.s.bends[j]):
            found.append(
                chain(
                    nth("reach squared", j),
                    far**2,
                    equals(y**2 + under - over, self._by(*self.pairs)),
                    equals(y**2, by(*facts)),
                    given=given,
                )
            )
        return tuple(found)

    # --- lowest -----------------------------------------------------------------------------------
    def _cost(self, i: int, way: Node) -> Node:
        """phi_i"""
        s = self.s
        slope = s.before[0] if i == 0 else negative(s.after[i - 1])
        return slope * way + scaled(s.slopes[i], way**2) / 2

    def _walked(self) -> tuple[Node, ...]:
        """C_i"""
        x, at = self.p.x, self.s.at
        past = [relu(difference(x, a)) for a in at]
        between = [past[i] - past[i + 1] for i in range(self.m - 1)]
        return (relu(negative(difference(x, at[0]))), *between, past[-1])

    def _costs(self, ways: Sequence[Node]) -> Node:
        return scaled(self.s.k, total(_sum([self._cost(i, w) for i, w in enumerate(ways)])))

    def _value(self, start: Node, reached: Sequence[tuple[Derivation, ...]]) -> Derivation:
        """f(x*) = f(a_1) + k sum phi_i(t_i)"""
        s, p = self.s, self.p
        z = difference(s.point, s.first)
        left = scaled(s.slopes[0], z**2) / 2 - s.before[0] * z
        asked, known = [left], [left]
        for j, (jump, bend) in enumerate(zip(s.jumps, s.bends, strict=True)):
            far, y = relu(difference(s.point, s.at[j])), self.past(j)
            if not is_zero(jump):
                asked, known = [*asked, scaled(jump, far)], [*known, scaled(jump, y)]
            if not is_zero(bend):
                asked, known = [*asked, scaled(bend, far**2) / 2], [*known, scaled(bend, y**2) / 2]
        return chain(
            "value",
            p.objective.at(p.x, s.point),
            equals(start + scaled(s.k, total(_sum(asked))), algebra),
            equals(start + scaled(s.k, total(_sum(known))), by(*(r for each in reached for r in each))),
            equals(start + self._costs(self.ways), self._by(*self.pairs)),
            given=self.given,
        )

    def _lowest(self, reached: Sequence[tuple[Derivation, ...]]) -> Derivation:
        p, s, walked = self.p, self.s, self._walked()
        f, start = p.objective, p.objective.at(p.x, s.first)
        level = f.at(p.x, s.point)
        squares = scaled(
            s.k,
            total(
                _sum(
                    [
                        scaled(s.slopes[i], (c - t) ** 2) / 2
                        for i, (c, t) in enumerate(zip(walked, self.ways, strict=True))
                    ]
                )
            ),
        )
        push, kept = self._pushes(walked)
        pushes = scaled(s.k, total(push))
        lines = []
        crossed = [
            scaled(s.slopes[i + 1], relu(negative(difference(p.x, s.at[i]))) * relu(difference(p.x, s.at[i + 1])))
            for i in range(self.m - 1)
        ]
        apart = start + self._costs(walked)
        if crossed:
            between = scaled(s.k, total(_sum(crossed)))
            none = claimed("crossed", nonnegative(between), self._by(), self.given)
            lines = [equals(apart + between, algebra), at_least(apart, by(none))]
        else:
            lines = [equals(apart, algebra)]
        each = claimed("pushes", nonnegative(push), by(*kept), self.given)
        low = claimed("push", nonnegative(pushes), by(each), self.given)
        bowl = claimed("bowl", nonnegative(squares), self._by(), self.given)
        return chain(
            "lowest",
            f,
            *lines,
            equals(start + self._costs(self.ways) + squares + pushes, self._by(*self.pairs)),
            equals(level + squares + pushes, by(self._value(start, reached))),
            at_least(level + squares, by(low)),
            at_least(level, by(bowl)),
            given=self.given,
        )

    def _pushes(self, walked: Sequence[Node]) -> tuple[Node, list[Claim]]:
        """What pushes at the ends of the pieces, and that each of its terms is at least 0."""
        p, s = self.p, self.s
        parts = [relu(s.before[0]) * walked[0]]
        for i in range(1, self.m):
            rest = relu(negative(difference(p.x, s.at[i]))) - relu(negative(difference(p.x, s.at[i - 1])))
            parts += [relu(negative(s.after[i - 1])) * walked[i], relu(s.before[i]) * rest]
        parts.append(relu(negative(s.after[-1])) * walked[-1])
        kept = [claimed(nth("pushes", k), nonnegative(q), self._by(), self.given) for k, q in enumerate(parts)]
        return _sum(parts), kept
