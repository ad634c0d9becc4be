"""Generated NumPy against the hand-written witnesses: ratios of medians in one run, below 1 where ours is faster.

python benchmarks/code.py
"""

import os
import subprocess
import sys
import time

ROUNDS = 41
THREAD_VARIABLES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Set, they tune OpenBLAS to one machine; the comparison runs without them."""


def median_ratio(ours, theirs, *arguments):
    """The median over rounds of the ratio of two times, taken one right after the other."""
    import numpy as np

    repeats = max(1, int(2e-3 / (timed(theirs, 1, arguments) + 1e-9)))
    ratios = [timed(ours, repeats, arguments) / timed(theirs, repeats, arguments) for _ in range(ROUNDS)]
    return float(np.median(ratios))


def timed(function, repeats, arguments):
    """Seconds for some calls."""
    start = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return time.perf_counter() - start


def main():
    import numpy as np

    from chainrule import I, dims, grad, hessian, matrix, scalar, softplus, sqnorm, total, vector
    from chainrule.code import numpy_function
    from numerics import kmeans, logistic, ridge

    n, p = dims("n p")
    X, y, w, lam = matrix("X", n, p), vector("y", n), vector("w", p), scalar("lam", positive=True)
    labels = vector("y", n, labels=True)
    loss = total(softplus(-labels * (X @ w)))
    minimiser = (X.T @ X + lam * I(p)).I @ X.T @ y
    objective = sqnorm(y - X @ w) + lam * sqnorm(w)
    cases = {
        "ridge minimiser": (minimiser, (X, y, lam), ridge.closed_form),
        "ridge gradient": (grad(objective, w), (X, y, w, lam), ridge.gradient),
        "logistic loss": (loss, (X, labels, w), logistic.loss),
        "logistic gradient": (grad(loss, w), (X, labels, w), logistic.gradient),
        "logistic Hessian": (hessian(loss, w), (X, labels, w), logistic.hessian),
        "k-means within": (_within(), None, kmeans.within),
    }
    rng = np.random.default_rng(0)
    sizes = [(100, 5), (1000, 30), (10000, 50)]
    print(f"{'generated / hand-written':26}" + "".join(f"{f'n={a}, p={b}':>16}" for a, b in sizes))
    for name, (formula, arguments, by_hand) in cases.items():
        ours = numpy_function(formula, arguments=arguments)
        row = [median_ratio(ours, by_hand, *_data(arguments, a, b, rng)) for a, b in sizes]
        print(f"{name:26}" + "".join(f"{ratio:16.2f}" for ratio in row))


def _within():
    from chainrule import Sum, clusters, dims, matrix, size, sqnorm

    N, K, d = dims("N K d")
    x, C = matrix("x", N, d), clusters("C", N, K)
    return Sum(sqnorm(x[i] - Sum(x[j] for j in C[k]) / size(C[k])) for k in C for i in C[k])


def _data(arguments, n, p, rng):
    import numpy as np

    if arguments is None:
        return rng.standard_normal((n, p)), np.eye(5)[np.arange(n) % 5]
    values = {
        "X": rng.standard_normal((n, p)), "w": rng.standard_normal(p), "lam": 0.7,
        "y": np.sign(rng.standard_normal(n)),
    }  # fmt: skip
    return tuple(values[a.name] for a in arguments)


if __name__ == "__main__":
    if any(name in os.environ for name in THREAD_VARIABLES):
        environment = {k: v for k, v in os.environ.items() if k not in THREAD_VARIABLES}
        sys.exit(subprocess.run([sys.executable, __file__], env=environment, check=False).returncode)
    main()
