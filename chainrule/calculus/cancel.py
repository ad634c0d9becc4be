"""What falls away inside one term: a factor and its reciprocal, a matrix and its inverse, a total that is 1.

    x / x = 1                  y^2 = 1 for labels       step(u) relu(u) = relu(u)       A^-1 A = I
    sqrt(q)^2 = q              y^2 = y for binary y     e^u / (1 + e^u) = sigmoid(u)    sum softmax(x) = 1

Nothing is asked here: whoever prints a term in which something fell away has to have it judged.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from fractions import Fraction

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .order import mark
from .terms import Factor, Label, Term

ONE = Fraction(1)
Powers = dict[tuple[Dag, tuple[Label, ...]], Fraction]


class Cancelled:
    """A term while it is made shorter; `changed` says if anything was, `gone` how many factors met their reciprocal."""

    def __init__(self, term: Term, whole: Container[Dag] = ()):
        self.whole = whole
        self.coef, self.out, self.sizes = term.coef, term.out, dict(term.sizes)
        self.powers: Powers = {}
        self.changed, self.gone = False, 0
        for f in sorted(term.factors, key=lambda f: mark(f.node)):
            self._multiply(f.node, f.labels, f.power)
        for rule in RULES:
            rule(self)

    def term(self) -> Term:
        """What is left."""
        return Term(self.coef, tuple(Factor(n, ls, p) for (n, ls), p in self.powers.items()), self.out, self.sizes)

    def node(self) -> Dag:
        """What is left, as a node; a summed label that has lost its last factor counts its size."""
        ops: list[tuple[Dag, Sequence[Label]]] = []
        for (node, labels), p in self.powers.items():
            if p.denominator == 1 and p > 0:
                ops.extend([(node, labels)] * int(p))
            else:
                ops.append((dag.function("power", node, p), labels))
        return dag.contract(self.coef, ops, self.out, self.sizes)

    # --- the changes -------------------------------------------------------------------------------------
    def _multiply(self, node: Dag, labels: tuple[Label, ...], p: Fraction) -> None:
        """Another factor; whole powers of one factor at one place are added."""
        if p.denominator != 1:
            node, p = dag.function("power", node, p), ONE
        key = (node, labels)
        before = self.powers.get(key, Fraction(0))
        if before * p < 0:
            self.changed, self.gone = True, self.gone + 1
        self.powers[key] = before + p
        if not self.powers[key]:
            del self.powers[key]

    def replace(
        self, old: Sequence[tuple[Dag, tuple[Label, ...]]], *new: tuple[Dag, tuple[Label, ...], Fraction]
    ) -> None:
        """Other factors in place of some."""
        for key in old:
            del self.powers[key]
        for node, labels, p in new:
            self._multiply(node, labels, p)
        self.changed = True

    def alone(self, key: tuple[Dag, tuple[Label, ...]], label: Label) -> bool:
        """Is this label summed, and in no other factor, and but once in this one?"""
        others = any(label in ls for (n, ls) in self.powers if (n, ls) != key)
        return label not in self.out and not others and key[1].count(label) == 1


# --- the rules -----------------------------------------------------------------------------------------
def _numbers(made: Cancelled) -> None:
    """The number before a factor stands before the term."""
    for (node, labels), p in list(made.powers.items()):
        c, base = dag.scaled(node)
        if c != 1 and p.denominator == 1:
            made.coef *= c ** int(p)
            made.replace([(node, labels)], (base, labels, p))


def _idempotent(made: Cancelled) -> None:
    """Powers of signs, of zeros and ones, of steps."""
    for (node, labels), p in list(made.powers.items()):
        if p.denominator != 1 or p < 2:
            continue
        has = node.args[0].properties if node.kind == "var" and hasattr(node.args[0], "properties") else frozenset()
        if "labels" in has:
            made.replace([(node, labels)], *([(node, labels, ONE)] if p % 2 else []))
        elif "binary" in has or (node.kind == "function" and node.args[0] == "step"):
            made.replace([(node, labels)], (node, labels, ONE))


def _roots(made: Cancelled) -> None:
    """sqrt(q)^2 = q: of a root one power is left, the rest joins the powers of q."""
    for (node, labels), p in list(made.powers.items()):
        if node.kind != "function" or node.args[0] != "sqrt" or p.denominator != 1:
            continue
        base = node.args[2]
        beside = made.powers.get((base, labels), Fraction(0))
        value = _rational(base)
        if value is not None and value > 0:
            odd = _odd_power(made.coef, value, p)
            if odd != p:
                made.coef *= value ** int((p - odd) / 2)
                made.replace([(node, labels)], *([(node, labels, odd)] if odd else []))
        elif beside and beside.denominator == 1:
            total = p + 2 * beside
            made.powers.pop((base, labels))
            new = [(base, labels, total / 2)] if total % 2 == 0 else [(node, labels, total)]
            made.replace([(node, labels)], *(n for n in new if n[2]))
            made.gone += beside * p < 0
        elif p % 2 == 0:
            made.replace([(node, labels)], (base, labels, p / 2))


def _odd_power(coef: Fraction, value: Fraction, p: Fraction) -> Fraction:
    """The power of sqrt(value) to be left, so that the number before it is short: 2 / sqrt(2) = sqrt(2)."""
    if p % 2 == 0:
        return Fraction(0)
    choices = (Fraction(1), -ONE) if p > 0 else (-ONE, Fraction(1))
    numbers = [coef * value ** int((p - k) / 2) for k in choices]
    return min(zip(numbers, choices, strict=True), key=lambda c: abs(c[0].numerator) + c[0].denominator)[1]


def _squares(made: Cancelled) -> None:
    """(x / sqrt(2))^2 = x^2 / 2: the power of a product with the root of a number in it is taken apart."""
    for (node, labels), p in list(made.powers.items()):
        if node.kind != "contract" or p.denominator != 1 or p < 2 or node in made.whole:
            continue
        coef, ops, out, _ = node.args
        inside = [_power_of(op) for op, _ in ops]
        entrywise = len(set(out)) == len(out) and all(k in out for _, ls in ops for k in ls)
        if entrywise and any(n.kind == "function" and n.args[0] == "sqrt" and _rational(n.args[2]) for n, _ in inside):
            at = dict(zip(out, labels, strict=True))
            made.coef *= coef ** int(p)
            new = zip(inside, ops, strict=True)
            made.replace([(node, labels)], *((n, tuple(at[k] for k in ls), q * p) for (n, q), (_, ls) in new))


def _power_of(node: Dag) -> tuple[Dag, Fraction]:
    """x and k for the node x^k."""
    if node.kind == "function" and node.args[0] == "power":
        return node.args[2], node.args[1]
    return node, ONE


def _rational(node: Dag) -> Fraction | None:
    """The value of a node that is one number."""
    if node.kind != "contract" or not dag.is_number(node):
        return None
    value: Fraction = node.args[0]
    return value


def _logistic(made: Cancelled) -> None:
    """1 / (1 + e^u) = sigmoid(-u), and e^u sigmoid(-u) = sigmoid(u)."""
    for (node, labels), p in list(made.powers.items()):
        u = exponent_beside_one(node)
        if u is not None and p.denominator == 1 and p < 0:
            made.replace([(node, labels)], (dag.function("sigmoid", dag.scale(-1, u)), labels, -p))
    for (node, labels), p in list(made.powers.items()):
        if node.kind == "function" and node.args[0] == "exp" and p.denominator == 1 and p > 0:
            u = node.args[2]
            down, up = (dag.function("sigmoid", v) for v in (dag.scale(-1, u), u))
            k = min(p, made.powers.get((down, labels), Fraction(0)))
            if k > 0 and k.denominator == 1:
                made.replace([], (node, labels, -k), (down, labels, -k), (up, labels, k))


def exponent_beside_one(node: Dag) -> Dag | None:
    """u of 1 + e^u."""
    if node.kind != "sum" or len(node.args) != 2:
        return None
    (a, x), (b, y) = node.args
    if y.kind == "contract" and not y.args[1]:
        (a, x), (b, y) = (b, y), (a, x)
    if _rational(x) is None or a * x.args[0] != 1 or b != 1 or y.kind != "function" or y.args[0] != "exp":
        return None
    u: Dag = y.args[2]
    return u


def _gates(made: Cancelled) -> None:
    """step(u) relu(u) = relu(u)."""
    for node, labels in list(made.powers):
        if node.kind == "function" and node.args[0] == "step":
            ramp = (dag.function("relu", node.args[2]), labels)
            if made.powers.get(ramp, Fraction(0)) > 0:
                made.replace([(node, labels)])


def _inverses(made: Cancelled) -> None:
    """A^-1 A = I, where they meet at a summed label that nothing else has."""
    for node, labels in list(made.powers):
        if node.kind != "inverse" or len(node.dims) != 2 or made.powers.get((node, labels)) != 1:
            continue
        for meet, end in (labels, labels[::-1]):
            other = next((key for key in made.powers if _meets(made, (node, labels), key, meet)), None)
            if other is not None and meet != end:
                (k,) = (k for k in range(2) if (labels[k], other[1][1 - k]) == (meet, meet))
                rest = other[1][k]
                del made.powers[(node, labels)], made.powers[other], made.sizes[meet]
                _rename(made, rest, end)
                made.changed, made.gone = True, made.gone + 1
                break


def _meets(
    made: Cancelled, one: tuple[Dag, tuple[Label, ...]], key: tuple[Dag, tuple[Label, ...]], meet: Label
) -> bool:
    """Is this factor what `one` is the inverse of, and do they share just this label, column to row?"""
    (node, labels), (other, at) = one, key
    if node.args[0] is not other or made.powers[key] != 1 or meet in made.out or at.count(meet) != 1:
        return False
    elsewhere = any(meet in ls for n, ls in made.powers if (n, ls) not in (one, key))
    return not elsewhere and any(labels[k] == meet == at[1 - k] for k in range(2)) and labels.count(meet) == 1


def _rename(made: Cancelled, old: Label, new: Label) -> None:
    if old == new:
        return
    powers, made.powers = made.powers, {}
    made.out = tuple(new if k == old else k for k in made.out)
    made.sizes.pop(old)
    for (node, labels), p in powers.items():
        made._multiply(node, tuple(new if k == old else k for k in labels), p)


def _totals(made: Cancelled) -> None:
    """The entries of a softmax, of a point of the simplex, add up to 1."""
    for node, labels in list(made.powers):
        axes = _sums_to_one(node)
        if axes and made.powers[(node, labels)] == 1 and all(made.alone((node, labels), labels[a]) for a in axes):
            for a in axes:
                del made.sizes[labels[a]]
            made.replace([(node, labels)])


def _sums_to_one(node: Dag) -> tuple[int, ...]:
    """The axes over which the entries of a node add up to 1."""
    if node.kind == "softmax":
        axes: tuple[int, ...] = node.args[0]
        return axes
    has = node.args[0].properties if node.kind == "var" and hasattr(node.args[0], "properties") else frozenset()
    return (len(node.dims) - 1,) if has & {"simplex", "stochastic_rows"} else ()


RULES: tuple[Callable[[Cancelled], None], ...] = (
    _numbers,
    _squares,
    _idempotent,
    _roots,
    _logistic,
    _gates,
    _inverses,
    _totals,
)


# --- terms that are one up to their summed labels --------------------------------------------------------
def signature(term: Term) -> tuple[object, ...]:
    """What equal terms have in common: the pattern of the output, and the factors without their labels."""
    first = {k: p for p, k in reversed(list(enumerate(term.out)))}
    factors = sorted((*mark(f.node), f.power) for f in term.factors)
    return (tuple(first[k] for k in term.out), tuple(factors))
