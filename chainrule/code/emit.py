"""From the DAG to expressions, one arm a kind of node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy as sp

from chainrule import printing
from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import facts, loops, stacks, windows
from .contraction import meets, planned, with_numbers
from .elementwise import LOG, function
from .flatten import Flattening, Labelling, Product
from .order import HALF, reading_order, typical_size
from .products import Axes, Operand, Solver, reduced, total
from .shared import Shared
from .sums import LEAST, LOWEST, added, may_hide_all
from .syntax import Code, add, as_symmetric, call, div, literal, make, mul, neg, spread
from .values import Scatter, Value, aligned, argument, dim_code, materialised, permuted, whole


class Emitter:
    """Writes the expression of every node that is needed, each once. `formed` are the inverses that must be formed."""

    def __init__(
        self,
        roots: Sequence[Dag],
        scatter: Scatter,
        arguments: Mapping[Dag, str],
        order: Mapping[Dag, tuple[object, ...]],
        named: Mapping[Dag, str],
        typical: Mapping[str, int],
        formed: frozenset[Dag] = frozenset(),
        shared: Shared | None = None,
        depth: int = 0,
    ):
        self.scatter, self.arguments, self.typical, self.formed = scatter, arguments, typical, formed
        self.order, self.named = order, named
        self.flattening = Flattening(roots, order, named, self._typical)
        self.values: dict[Dag, Value] = {}
        self.names: dict[Code, str] = {}
        self.asked: set[Dag] = set()
        self.roots, self.shared, self.depth = roots, shared or Shared(), depth

    def _typical(self, dim: sp.Expr) -> float:
        return typical_size(dim, self.typical)

    def emit(self) -> list[Value]:
        """The values of the roots."""
        self.logdets = {n.args[0] for n in dag.order(*self.roots) if n.kind == "logdet"}
        for node in self.flattening.needed(self.formed):
            value = self._emit(node)
            if len(node.dims) >= 2 and value.have == value.pattern and facts.symmetric(node):
                value = Value(as_symmetric(value.code), value.have, value.pattern)
            self.values[node] = value
            if node in self.named and node not in self.roots and value.code.op not in ("atom", "literal", "dim"):
                self.names.setdefault(value.code, self.named[node])
        return [self.values[root] for root in self.roots]

    def _emit(self, node: Dag) -> Value:
        match node.kind:
            case "var":
                return argument(self.arguments[node], len(node.dims))
            case "size":
                return whole(dim_code(node.args[0]), 0)
            case "constant":
                return whole(make("atom", {sp.pi: "np.pi", sp.E: "np.e"}[node.args[0]]), 0)
            case "zero":
                return Value(literal(0), (), tuple(range(len(node.dims))))
            case "indicator":
                return whole(windows.mask(node), len(node.dims))
            case "position":
                return whole(call("np.arange({})", 1, dim_code(node.dims[0])), 1)
            case "loop":
                return self._loop(node)
            case "stack":
                return stacks.written(node, self._outside(node), self._step, self._taken())
            case "whitener":
                factor = self._cholesky(node.children[0])
                return whole(call("np.linalg.inv({})", factor.rank, factor), factor.rank)
            case "function":
                return self._function(node)
            case "inverse":
                return whole(self._inverse(node), len(node.dims))
            case "det":
                return self._over_matrices(node, "np.linalg.det({})")
            case "nuclear":
                return self._over_matrices(node, "np.linalg.svd({}, compute_uv=False).sum(-1)")
            case "logdet":
                return self._logdet(node)
            case "softmax" | "logsumexp":
                return self._exponentials(node)
            case "max":
                return self._max(node)
            case "argmax":
                return self._argmax(node)
            case "sum":
                return self._sum(node)
            case "contract":
                return self._contract(node)
        raise Unsupported(f"code generation has no arm for a {node.kind} node")

    def _loop(self, node: Dag) -> Value:
        code = loops.written(node, self._outside(node), self._step, self._taken(), self.depth)
        return whole(code, len(node.dims))

    def _outside(self, node: Dag) -> list[Code]:
        """What is computed before a loop."""
        return [self.array(child) for child in node.children]

    def _taken(self) -> set[str]:
        """The names of arguments, of what was named, and of sizes."""
        sizes = {s.name for node in dag.order(*self.roots) for d in node.dims for s in d.free_symbols}
        return {*self.arguments.values(), *self.named.values(), *map(printing.python_name, sizes)}

    def _step(self, roots: Sequence[Dag], known: Mapping[Dag, str]) -> tuple[list[Code], Mapping[Code, str]]:
        """The code of what a loop does in each round."""
        emitter = emitted(
            roots, self.scatter, known, reading_order(roots, list(known)), {}, self.typical, self.depth + 1
        )
        return [emitter.array(root) for root in roots], emitter.names

    def array(self, node: Dag) -> Code:
        """The array of a node with all its axes."""
        return materialised(self.values[node], node.dims, self.scatter)

    # --- entry by entry --------------------------------------------------------------------------
    def _function(self, node: Dag) -> Value:
        name, parameter, x = node.args
        inner = self.values[x]
        if not inner.dense:
            inner = whole(self.array(x), len(x.dims))
        if name == "sqrt" and (length := self._norm(x)) is not None:
            return whole(length, 0)
        code = windows.hiding(inner.code) if facts.hidden(node) else function(name, inner.code, parameter)
        if name == "sigmoid":
            self.names.setdefault(code, "s")
        return Value(code, inner.have, inner.pattern)

    def _norm(self, x: Dag) -> Code | None:
        """The root of a sum of squares as the norm that it is."""
        if x.kind != "contract":
            return None
        coef, ops, out, _ = x.args
        if coef != 1 or out or len(ops) != 2 or ops[0] != ops[1] or len(set(ops[0][1])) < len(ops[0][1]):
            return None
        value = self.values.get(ops[0][0])
        if value is None or len(value.have) != len(ops[0][1]) or not value.have:
            return None
        return call("np.linalg.norm({})", 0, value.code)

    def _sum(self, node: Dag) -> Value:
        return added(self._terms(node))

    def _terms(self, node: Dag) -> list[tuple[Fraction, Value]]:
        terms = [(c, self.values[n], n) for c, n in sorted(node.args, key=lambda t: self.order[t[1]])]
        patterns = {v.pattern for _, v, _ in terms}
        if len(patterns) > 1 and not all(v.dense for _, v, _ in terms):
            return [(c, v if v.dense else whole(self.array(n), len(n.dims))) for c, v, n in terms]
        return [(c, v) for c, v, _ in terms]

    # --- matrices --------------------------------------------------------------------------------
    def _matrix(self, node: Dag) -> Code:
        """The array under an inverse or determinant."""
        return self.array(node)

    def _inverse(self, node: Dag) -> Code:
        self.asked.add(node)
        code = call("np.linalg.inv({})", len(node.dims), self._matrix(node.args[0]))
        return as_symmetric(code) if facts.symmetric(node) else code

    def _over_matrices(self, node: Dag, template: str) -> Value:
        return whole(call(template, len(node.dims), self._matrix(node.args[0])), len(node.dims))

    def _cholesky(self, matrix: Dag) -> Code:
        code = call("np.linalg.cholesky({})", len(matrix.dims), self._matrix(matrix))
        self.names.setdefault(code, "L")
        return code

    def _logdet(self, node: Dag) -> Value:
        matrix = node.args[0]
        if not facts.positive_definite(matrix):
            return self._over_matrices(node, "np.linalg.slogdet({})[1]")
        batch = len(node.dims)
        template = "np.diagonal({}, axis1=-2, axis2=-1)" if batch else "np.diag({})"
        diagonal = call(template, batch + 1, self._cholesky(matrix))
        return whole(mul(literal(2), total(function("log", diagonal), [batch])), batch)

    # --- along axes ------------------------------------------------------------------------------
    def _exponentials(self, node: Dag) -> Value:
        """softmax and log-sum-exp, shifted by the largest entry lest they overflow; both share the exponentials."""
        axes, x = node.args
        code = self.array(x)
        rest, weights = self._weighed(x)
        lowest, least = (LOWEST, LEAST) if may_hide_all(x, code) else ("", "")
        largest = reduced("max", code, axes, lowest)
        e = function("exp", add(rest or code, neg(_back(largest, axes, code.rank))))
        for weight in weights:
            e = mul(weight, e)
        sums = reduced("sum", e, axes, least)
        self.names.setdefault(largest, "m")
        if node.kind == "softmax":
            return whole(div(e, _back(sums, axes, code.rank)), code.rank)
        return whole(add(largest, function("log", sums)), code.rank - len(axes))

    def _weighed(self, x: Dag) -> tuple[Code | None, list[Code]]:
        """The u and the w of e^(u + log w - m) = w e^(u - m): where u is large, u - m loses nothing, and u + log w the
        digits of log w. None where there is nothing to take apart."""
        terms = self._terms(x) if x.kind == "sum" else []
        logs = [v for c, v in terms if c == 1 and v.dense and v.code.text == LOG]
        rest = [(c, v) for c, v in terms if v not in logs]
        places = range(len(x.dims))
        if not logs or not rest or {k for _, v in terms for k in v.have} < set(places):
            return None, []
        value = added(rest)
        weights = [aligned(v.code.parts[0], v.have, places) for v in logs]
        return aligned(value.code, value.have, places), weights

    def _max(self, node: Dag) -> Value:
        axes, x = node.args
        return whole(reduced("max", self.array(x), axes), len(node.dims))

    def _argmax(self, node: Dag) -> Value:
        """1 at the first largest entry along the axes, else 0."""
        axes, x = node.args
        code, n = self.array(x), len(node.dims)
        if n == 0:
            return whole(literal(1), 0)
        kept = [k for k in range(n) if k not in axes]
        turned = permuted(code, range(n), (*kept, *axes))
        shape = [dim_code(node.dims[k]) for k in kept]
        flat = turned
        if len(axes) > 1:
            flat = call("{}.reshape(" + "{}, " * len(shape) + "-1)", len(kept) + 1, turned, *shape)
        where = call("np.argmax({}, axis=-1, keepdims=True)", len(kept) + 1, flat)
        places = call("np.arange({}.shape[-1])", 1, flat)
        hot = call("np.where({} == {}, 1.0, 0.0)", len(kept) + 1, places, where)
        if len(axes) > 1:
            sizes = [dim_code(node.dims[k]) for k in (*kept, *axes)]
            hot = call("{}.reshape(" + ", ".join(["{}"] * n) + ")", n, hot, *sizes)
        return whole(permuted(hot, (*kept, *axes), range(n)), n)

    def kron(self, root: Dag) -> Code | None:
        """A root as np.kron, if it is the Kronecker product of two matrices."""
        product = self.flattening.products.get(root)
        if product is None or len(product.factors) != 2 or product.coef != 1:
            return None
        (a, la), (b, lb) = product.factors
        for (x, lx), (y, ly) in (((a, la), (b, lb)), ((b, lb), (a, la))):
            if len(lx) == len(ly) == 2 and len({*lx, *ly}) == 4 and product.out == (lx[0], ly[0], lx[1], ly[1]):
                return call("np.kron({}, {})", 2, self.array(x), self.array(y))
        return None

    # --- contractions ----------------------------------------------------------------------------
    def _contract(self, node: Dag) -> Value:
        """The factors in the cheapest order, then the numbers in front."""
        product = self.flattening.products[node]
        operands, same = self._operands(product)
        out = tuple(map(same, product.out))
        dims = {same(k): d for k, d in enumerate(product.dims)}
        operands = [o if meets(o, operands, out) else o.explicit() for o in operands]
        used = {x for o in operands for x in o.labels} | set(out)
        kept, inner, places = windows.opened(product.factors, operands, out)
        if len(kept) == len(operands):
            operands = self._halved(operands, product, dims, same)
            operands = self._rooted(operands, product, same)
        else:
            operands = kept
        arrays = [o for o in operands if o.labels]
        used |= {x for o in arrays for x in o.labels}
        numbers = [o.array for o in operands if not o.labels]
        numbers += [dim_code(d) for x, d in dims.items() if x not in used and d != 1]
        axes = Axes(dims, {x: self._typical(d) for x, d in dims.items()})
        core = planned(node, arrays, inner, axes, self.shared)
        for place in reversed(places):
            core = windows.added_up(core, place, dims, self._typical)
        return with_numbers(product.coef, numbers, core, out)

    def _operands(self, product: Product) -> tuple[list[Operand], Labelling]:
        """The factors as expressions, and the labels that a delta inside one of them makes equal."""
        same, made = Labelling(), list[Operand]()
        for node, labels in product.factors:
            if self.solved(node, labels, product):
                made.append(Operand(None, labels, self._solver(node)))
                continue
            value = self.values[node] if node in self.values else whole(self._inverse(node), len(node.dims))
            label_of: dict[int, int] = {}
            for k, label in zip(value.pattern, labels, strict=True):
                same.join(label_of.setdefault(k, label), label)
            made.append(Operand(value.code, tuple(label_of[k] for k in value.have)))
        made = [Operand(o.code, tuple(map(same, o.labels)), o.solver) for o in made]
        return [o.explicit() if len(set(o.labels)) < len(o.labels) else o for o in made], same

    def solved(self, node: Dag, labels: tuple[int, ...], product: Product) -> bool:
        """Will this factor, an inverse, be a solved system instead?"""
        if node.kind != "inverse" or len(set(labels)) < len(labels) or node in self.formed:
            return False
        elsewhere = [x for other, ls in product.factors if (other, ls) != (node, labels) for x in ls]
        return any(x in elsewhere for x in labels) and all(x in elsewhere or x in product.out for x in labels)

    def _solver(self, node: Dag) -> Solver:
        matrix = self._matrix(node.args[0])
        return Solver(matrix, facts.symmetric(node.args[0]), False, lambda: self._inverse(node))

    def _halved(
        self, operands: list[Operand], product: Product, dims: dict[int, sp.Expr], same: Labelling
    ) -> list[Operand]:
        """b' S^-1 b as |L^-1 b|^2 where L is there already, for the log-determinant of S = L L'."""
        for k, (node, labels) in enumerate(product.factors):
            if operands[k].solver is None or node.args[0] not in self.logdets:
                continue
            swap = facts.mirror(product.factors, *labels[-2:])
            fixed = swap is not None and all(swap.get(x, x) == x for x in product.out)
            if not fixed or not facts.positive_definite(node.args[0]):
                continue
            factor = self._cholesky(node.args[0])
            inverse = call("np.linalg.inv({})", factor.rank, factor)
            half = Solver(factor, False, True, lambda inverse=inverse: inverse)  # type: ignore[misc]
            new = max(dims) + 1
            dims[new] = node.dims[-1]
            batch = tuple(map(same, labels[:-2]))
            sides = [Operand(None, (*batch, new, same(x)), half) for x in labels[-2:]]
            return [*operands[:k], *sides, *operands[k + 1 :]]
        return operands

    def _rooted(self, operands: list[Operand], product: Product, same: Labelling) -> list[Operand]:
        """X'SX with a diagonal S >= 0 as A'A with A = S^(1/2) X where it is large, since BLAS computes A'A by half."""
        out = tuple(map(same, product.out))
        sides = [k for k, o in enumerate(operands) if set(o.labels) & set(out)]
        if len(sides) != 2 or len(set(out)) != 2 or operands[sides[0]].code is not operands[sides[1]].code:
            return operands
        a, b = (operands[k] for k in sides)
        weights = [k for k, o in enumerate(operands) if k not in sides and o.labels]
        if not weights or len(a.labels) != 2 or a.labels[1] not in out or a.labels[0] != b.labels[0] or a.solver:
            return operands
        row, work = a.labels[0], self._typical(product.dims[product.factors[sides[0]][1][0]])
        for x in product.out:
            work *= self._typical(product.dims[x])
        if work < HALF or any(
            operands[k].labels != (row,) or not facts.nonnegative(product.factors[k][0]) for k in weights
        ):
            return operands
        weight = operands[weights[0]].array
        for k in weights[1:]:
            weight = mul(weight, operands[k].array)
        rows = mul(spread(function("sqrt", weight), ":, None"), a.array)
        kept = [o for k, o in enumerate(operands) if k not in sides and k not in weights]
        return [*kept, Operand(rows, a.labels), Operand(rows, b.labels)]


def _back(code: Code, axes: tuple[int, ...], rank: int) -> Code:
    """A reduced array so that it broadcasts against what was reduced."""
    if code.rank == 0:
        return code
    return aligned(code, [k for k in range(rank) if k not in axes], range(rank))


def emitted(
    roots: Sequence[Dag],
    scatter: Scatter,
    arguments: Mapping[Dag, str],
    order: Mapping[Dag, tuple[object, ...]],
    named: Mapping[Dag, str],
    typical: Mapping[str, int],
    depth: int = 0,
) -> Emitter:
    """An emitter that has written the roots. Where an inverse has to be formed anyway, it is used everywhere."""
    formed, shared, planned_apart = frozenset[Dag](), Shared(), True
    while True:
        emitter = Emitter(roots, scatter, arguments, order, named, typical, formed, shared, depth)
        emitter.emit()
        if emitter.asked <= formed and not planned_apart:
            return emitter
        planned_apart = not emitter.asked <= formed
        formed, shared = formed | emitter.asked, shared.again()
