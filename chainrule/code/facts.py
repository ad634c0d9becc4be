"""What is known of a DAG node's sign and definiteness: enough to choose Cholesky and to drop a transpose."""

from __future__ import annotations

from functools import cache

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Var

from .patterns import argument, is_function, minus, plus_number

POSITIVE = ("exp", "sigmoid", "softplus", "cosh", "sigmoid_slope", "trigamma")


def declared(node: Dag) -> frozenset[str]:
    """The properties of a symbol; nothing is declared of other nodes."""
    return node.args[0].properties if node.kind == "var" and isinstance(node.args[0], Var) else frozenset()


@cache
def positive(node: Dag) -> bool:
    """Every entry is known to be > 0."""
    match node.kind:
        case "var":
            return "positive" in declared(node)
        case "size" | "constant":
            return True
        case "softmax":
            return not any(hidden(n) for n in dag.order(node.args[1]))
        case "function":
            name, _, x = node.args
            return name in POSITIVE or (name in ("sqrt", "power") and positive(x))
        case "sum":
            return any(positive(n) for _, n in node.args) and all(c > 0 and nonnegative(n) for c, n in node.args)
        case "contract":
            coef, ops, out, _ = node.args
            return coef > 0 and len(set(out)) == len(out) and all(positive(op) for op, _ in ops)
    return False


@cache
def nonnegative(node: Dag) -> bool:
    """Every entry is known to be >= 0."""
    if positive(node) or "nonnegative" in declared(node):
        return True
    match node.kind:
        case "zero" | "argmax" | "softmax" | "indicator":
            return True
        case "function":
            name, exponent, x = node.args
            even = name == "power" and exponent.denominator == 1 and exponent % 2 == 0
            return even or name in ("relu", "step", "abs", "sqrt") or (name == "power" and nonnegative(x))
        case "sum":
            return all(c > 0 and nonnegative(n) for c, n in node.args)
        case "contract":
            coef, ops, _, _ = node.args
            return coef >= 0 and all(nonnegative(op) or ops.count((op, ls)) % 2 == 0 for op, ls in ops)
    return False


@cache
def mask(node: Dag) -> bool:
    """Every entry is known to be 0 or 1: what is said of sizes and indices, what is declared so, and 1 - either."""
    match node.kind:
        case "indicator":
            return True
        case "var":
            return "binary" in declared(node)
        case "sum":
            split = plus_number(node)
            return split is not None and split[1] == 1 and mask(minus(split[0]))
        case "contract":
            coef, ops, out, _ = node.args
            return coef == 1 and all(mask(op) and set(labels) <= set(out) for op, labels in ops)
    return False


def hidden(node: Dag) -> bool:
    """log m of a mask m: 0 where it is 1, -inf where it is 0."""
    return is_function(node, "log") and not positive(argument(node)) and mask(argument(node))


@cache
def symmetric(node: Dag) -> bool:
    """The matrix is known to equal its transpose."""
    if len(node.dims) < 2 or node.dims[-1] != node.dims[-2]:
        return False
    if "symmetric" in declared(node):
        return True
    match node.kind:
        case "zero":
            return True
        case "inverse":
            return symmetric(node.args[0])
        case "sum":
            return all(symmetric(n) for _, n in node.args)
        case "contract" if len(node.dims) == 2:
            _, ops, out, _ = node.args
            return out[0] == out[1] or mirror(ops, out[0], out[1]) is not None
    return False


@cache
def psd(node: Dag) -> bool:
    """The matrix is known to be symmetric with v'Av >= 0."""
    if positive_definite(node) or "psd" in declared(node):
        return True
    match node.kind:
        case "sum":
            return all(c > 0 and psd(n) for c, n in node.args)
        case "contract" if symmetric(node) and len(node.dims) == 2:
            return _gram(node)
    return False


@cache
def positive_definite(node: Dag) -> bool:
    """The matrix is known to be symmetric with v'Av > 0 for v != 0."""
    if "positive_definite" in declared(node):
        return True
    match node.kind:
        case "inverse":
            return positive_definite(node.args[0])
        case "sum":
            return any(positive_definite(n) for _, n in node.args) and all(c > 0 and psd(n) for c, n in node.args)
        case "contract" if diagonal(node):
            coef, ops, _, _ = node.args
            return coef > 0 and all(positive(op) for op, _ in ops)
        case "contract" if symmetric(node) and len(node.dims) == 2:
            return _full_rank_gram(node)
    return False


def diagonal(node: Dag) -> bool:
    """A matrix with entries on its diagonal alone, or a stack of them."""
    if node.kind != "contract" or len(node.dims) < 2:
        return False
    out = node.args[2]
    return out[-1] == out[-2] and len(set(out)) == len(out) - 1


def _gram(node: Dag) -> bool:
    """Sum over shared labels of a nonnegative weight times f(j) f(k): the exchange of j and k keeps two sides apart."""
    coef, ops, out, _ = node.args
    if coef < 0:
        return False
    if out[0] == out[1]:
        return all(nonnegative(op) for op, _ in ops)
    swap = mirror(ops, out[0], out[1])
    if swap is None:
        return False
    side: dict[int, int] = {}

    def find(label: int) -> int:
        while label in side:
            label = side[label]
        return label

    for op, labels in ops:
        moved = [k for k in labels if swap.get(k, k) != k]
        if not moved and not (nonnegative(op) or ops.count((op, labels)) % 2 == 0):
            return False
        if len(labels) == 2 and len(moved) == 2 and swap[moved[0]] == moved[1] and psd(op):
            continue
        for k in moved[1:]:
            if find(k) != find(moved[0]):
                side[find(k)] = find(moved[0])
    return all(find(k) != find(image) for k, image in swap.items() if k != image)


def _full_rank_gram(node: Dag) -> bool:
    """X'X, or X'SX with S a positive diagonal or positive definite matrix, where X has full column rank."""
    coef, ops, out, _ = node.args
    if coef <= 0 or len(set(out)) < 2:
        return False
    sides = [(op, ls) for op, ls in ops if set(ls) & set(out)]
    between = [(op, ls) for op, ls in ops if not set(ls) & set(out)]
    if len(sides) != 2 or sides[0][0] is not sides[1][0] or "full_column_rank" not in declared(sides[0][0]):
        return False
    (_, a), (_, b) = sides
    if len(a) != 2 or a[1] not in out or b[1] not in out or a[1] == b[1]:
        return False
    if a[0] == b[0]:
        return all(positive(op) and set(ls) <= {a[0]} for op, ls in between)
    weights = [(op, ls) for op, ls in between if ls]
    return (
        len(weights) == 1
        and sorted(weights[0][1]) == sorted((a[0], b[0]))
        and positive_definite(weights[0][0])
        and all(positive(op) for op, ls in between if not ls)
    )


Factor = tuple[Dag, tuple[int, ...]]


def mirror(ops: tuple[Factor, ...], j: int, k: int) -> dict[int, int] | None:
    """The exchange of labels, j with k, that maps the product onto itself; None where none is found."""
    swap = {j: k, k: j}
    todo = list(ops)
    while True:
        step = next(((one, image) for one in todo if (image := _image(one, todo, swap)) is not None), None)
        if step is None:
            break
        (op, labels), image = step
        also = {(op, _turned(image))} if len(image) >= 2 and symmetric(op) else set()
        for done in ({(op, labels), (op, image)} | also) & set(todo):
            todo.remove(done)
        for x, y in zip(labels, image, strict=True):
            swap[x], swap[y] = y, x
    moved = [(op, tuple(swap.get(x, x) for x in labels)) for op, labels in ops]
    return swap if sorted(map(_standing, moved)) == sorted(map(_standing, ops)) else None


def _standing(factor: Factor) -> tuple[int, tuple[int, ...]]:
    op, labels = factor
    return op.uid, min(labels, _turned(labels)) if len(labels) >= 2 and symmetric(op) else labels


def _turned(labels: tuple[int, ...]) -> tuple[int, ...]:
    """The labels of the transpose, in each matrix of a batch."""
    return (*labels[:-2], labels[-1], labels[-2])


def _image(one: Factor, ops: list[Factor], swap: dict[int, int]) -> tuple[int, ...] | None:
    """The labels of the factor that `one` is exchanged with, for a factor that holds an exchanged label."""
    op, labels = one
    if not any(swap.get(x, x) != x for x in labels):
        return None
    images = [ls for other, ls in ops if other is op and ls != labels]
    if len(labels) >= 2 and symmetric(op):
        images += [_turned(ls) for ls in [*images, labels]]
    for image in images:
        if all(swap.get(x, y) == y and swap.get(y, x) == x for x, y in zip(labels, image, strict=True)):
            return image
    return None
