"""Random formulas of random shapes, as JSON lines for `chainrule diff --batch`.

python -m tests.diff.generated 1000 [seed] > formulas.jsonl
"""

import json
import re
import sys
from random import Random

VARS = {
    "a": "scalar", "b": "scalar", "c": "positive scalar", "x": "vector(n)", "y": "vector(n)",
    "z": "positive vector(n)", "w": "vector(p)",
    "v": "vector(p)", "A": "matrix(n, n)", "B": "matrix(n, n)", "S": "symmetric(n)", "P": "pd(n)",
    "X": "matrix(n, p)", "W": "matrix(p, n)",
}  # fmt: skip
SHORTEST = 16
"""Characters that a formula has at least."""
SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "atan", "erf")


class Grower:
    """Grows a formula of a wanted shape: s a number, n and p vectors, nn, np and pn matrices, pd a positive definite
    one, m any matrix."""

    def __init__(self, rng: Random):
        self.rng = rng

    def __call__(self, shape: str, depth: int) -> str:
        if depth <= 0:
            return self.rng.choice(LEAVES[shape])
        return self.rng.choice(RULES[shape])(self, depth - 1)

    def twice(self, rule: str, shape: str, depth: int) -> str:
        """A rule in which one formula stands twice."""
        return rule.replace("?", f"({self(shape, depth)})")


LEAVES = {
    "s": ["a", "b", "c", "2", "0.5"],
    "n": ["x", "y", "z"],
    "p": ["w", "v"],
    "nn": ["A", "B", "S", "P"],
    "np": ["X"],
    "pn": ["W", "X'"],
    "pd": ["P", "P", "diag(z)", "eye(n)"],
    "m": ["A", "S", "X", "W"],
}


def f(g: Grower) -> str:
    return g.rng.choice(SMOOTH)


RULES = {
    "s": [
        lambda g, d: f"sum({g('n', d)})",
        lambda g, d: f"({g('n', d)})'*({g('n', d)})",
        lambda g, d: f"norm2({g('n', d)})^2",
        lambda g, d: f"({g('s', d)} + {g('s', d)})",
        lambda g, d: f"({g('s', d)})*({g('s', d)})",
        lambda g, d: f"tr({g('nn', d)})",
        lambda g, d: f"logsumexp({g('n', d)})",
        lambda g, d: f"{f(g)}({g('s', d)})",
        lambda g, d: f"({g('s', d)})/(1 + ({g('s', d)})^2)",
        lambda g, d: f"logdet({g('pd', d)})",
        lambda g, d: f"det({g('pd', d)})",
        lambda g, d: f"norm2({g('m', d)})^2",
        lambda g, d: f"norm2({g('n', d)})",
        lambda g, d: f"norm1({g('n', d)})",
        lambda g, d: f"({g('s', d)})/norm2({g('n', d)})",
        lambda g, d: f"sum({g('p', d)})",
        lambda g, d: f"tr(({g('nn', d)})*inv({g('pd', d)}))",
        lambda g, d: f"({g('n', d)})'*inv({g('pd', d)})*({g('n', d)})",
        lambda g, d: f"sum(kron({g('m', d)}, {g('m', d)}))",
        lambda g, d: f"tr(kron({g('nn', d)}, {g('nn', d)}))",
        lambda g, d: f"norm2(kron({g('nn', d)}, {g('m', d)}))^2",
        lambda g, d: f"max({g('n', d)})",
    ],
    "n": [
        lambda g, d: f"{f(g)}({g('n', d)})",
        lambda g, d: f"({g('n', d)} + {g('n', d)})",
        lambda g, d: f"({g('n', d)}).*({g('n', d)})",
        lambda g, d: f"({g('n', d)} - {g('n', d)})",
        lambda g, d: f"({g('nn', d)})*({g('n', d)})",
        lambda g, d: f"({g('np', d)})*({g('p', d)})",
        lambda g, d: f"({g('s', d)})*({g('n', d)})",
        lambda g, d: f"softmax({g('n', d)})",
        lambda g, d: "log(z)",
        lambda g, d: f"({g('n', d)}).^2",
        lambda g, d: f"({g('n', d)})./(1 + ({g('n', d)}).^2)",
        lambda g, d: f"sum({g('np', d)}, 1)",
        lambda g, d: f"logsumexp({g('np', d)}, 1)",
        lambda g, d: f"max({g('np', d)}, axis=1)",
        lambda g, d: f"max(0, {g('n', d)})",
        lambda g, d: f"diag({g('nn', d)})",
        lambda g, d: f"inv({g('pd', d)})*({g('n', d)})",
    ],
    "p": [
        lambda g, d: f"({g('pn', d)})*({g('n', d)})",
        lambda g, d: f"{f(g)}({g('p', d)})",
        lambda g, d: f"({g('p', d)} + {g('p', d)})",
        lambda g, d: f"sum({g('np', d)}, 0)",
        lambda g, d: f"logsumexp({g('np', d)}, 0)",
    ],
    "nn": [
        lambda g, d: f"({g('nn', d)})*({g('nn', d)})",
        lambda g, d: f"({g('nn', d)} + {g('nn', d)})",
        lambda g, d: f"({g('n', d)})*({g('n', d)})'",
        lambda g, d: f"diag({g('n', d)})",
        lambda g, d: f"inv({g('pd', d)})",
        lambda g, d: f"({g('nn', d)})'",
        lambda g, d: f"({g('np', d)})*({g('pn', d)})",
    ],
    "np": [
        lambda g, d: f"({g('nn', d)})*({g('np', d)})",
        lambda g, d: f"({g('n', d)})*({g('p', d)})'",
        lambda g, d: f"{f(g)}({g('np', d)})",
        lambda g, d: f"softmax({g('np', d)}, {g.rng.choice('01')})",
    ],
    "pn": [lambda g, d: f"({g('np', d)})'", lambda g, d: f"({g('pn', d)})*({g('nn', d)})"],
    "pd": [
        lambda g, d: g.twice(f"({g('pd', d)} + ?*?')", "n", d),
        lambda g, d: g.twice(f"({g('pd', d)} + ?*?')", "np", d),
        lambda g, d: f"({g('pd', d)} + {g('pd', d)})",
        lambda g, d: f"c*({g('pd', d)})",
        lambda g, d: f"inv({g('pd', d)})",
    ],
    "m": [lambda g, d: g("nn", d + 1), lambda g, d: g("np", d + 1), lambda g, d: g("pn", d + 1)],
}


def line(k: int, rng: Random) -> dict:
    """One question: mostly gradients of numbers, some Hessians, some Jacobians."""
    shape = rng.choice("ssssn")
    while True:
        text = Grower(rng)(shape, rng.choice((1, 2, 3, 3)))
        used = [n for n in VARS if re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z0-9])", text)]
        if used and len(text) >= SHORTEST:
            break
    wrt = rng.choice(used)
    order = (
        2 if shape == "s" and rng.random() < 0.3 and VARS[wrt].split("(")[0].split()[-1] in ("vector", "scalar") else 1
    )
    kinds = {n: VARS[n] for n in used}
    return {"id": k, "expr": text, "vars": kinds, "wrt": wrt, "order": order}


def lines(count: int, seed: int = 0) -> list[dict]:
    rng = Random(seed)
    return [line(k, rng) for k in range(count)]


if __name__ == "__main__":
    for made in lines(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0):
        print(json.dumps(made))
