"""Backward passes of layers: generated NumPy against jitted JAX, hand-written NumPy and torch, one thread each.

    python benchmarks/layers.py [--only TEXT]

All ways run in one process and take turns; a figure is the median of the ratios of the turns, and before anything is
timed the results are compared. Each problem asks for all of its gradients at once. JAX and torch are the extra `peers`;
without them their columns stay empty.
"""

from __future__ import annotations

import os

os.environ.update(
    OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", JAX_PLATFORMS="cpu", NPROC="1",
    XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
)  # fmt: skip

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from numerics import attention, convolution, transformer_block

TURNS, TURN, EQUAL = 21, 0.03, 1e-8
Run = Callable[..., Any]


@dataclass(frozen=True)
class Layer:
    """A function of arrays in chainrule's words and in JAX's; `by` names what gradients are taken by.

    `formula` returns the result and its symbols by name; G, the derivative by the result, is the last of `data`.
    """

    name: str
    goal: float
    formula: Callable[[], tuple[Any, dict[str, Any]]]
    plain: Callable[[Any], Run]
    by_hand: Run
    by: tuple[str, ...]
    data: dict[str, Any]


def random(*shape: int, seed: int) -> Any:
    """Standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)


# --- attention ---------------------------------------------------------------------------------------
def attention_layer(T: int, d: int, goal: float) -> Layer:
    """softmax(Q K' / sqrt(d)) V by Q, K and V."""

    def formula() -> tuple[Any, dict[str, Any]]:
        from chainrule import dims, matrix, softmax, sqrt

        t, s, e, f = dims("T S d e", typical=(T, T, d, d))
        Q, K, V = matrix("Q", t, e), matrix("K", s, e), matrix("V", s, f)
        return softmax(Q @ K.T / sqrt(e)) @ V, {"Q": Q, "K": K, "V": V}

    def plain(np_: Any) -> Run:
        def f(Q: Any, K: Any, V: Any) -> Any:
            A = Q @ K.T / Q.shape[1] ** 0.5
            E = np_.exp(A - A.max(1, keepdims=True))
            return (E / E.sum(1, keepdims=True)) @ V

        return f

    data = {name: random(T, d, seed=k) for k, name in enumerate(("Q", "K", "V", "G"))}
    return Layer(f"attention, T = {T}", goal, formula, plain, attention.backward, ("Q", "K", "V"), data)


# --- layer norm --------------------------------------------------------------------------------------
def norm_layer(n: int, p: int, goal: float) -> Layer:
    """gain o (X - mean) / sqrt(variance + eps) + offset by X, gain and offset."""

    def formula() -> tuple[Any, dict[str, Any]]:
        from chainrule import dims, each, matrix, over, rational, sqrt, total, vector

        t, q = dims("T p", typical=(n, p))
        X, gain, offset = matrix("X", t, q), vector("gain", q), vector("offset", q)
        away = each(X[i] - total(X, axis=1)[i] / q for i in over(t))
        unit = each(away[i] / sqrt(total(away**2, axis=1)[i] / q + rational(1, 100_000)) for i in over(t))
        return unit * gain + offset, {"X": X, "gain": gain, "offset": offset}

    def plain(np_: Any) -> Run:
        def f(X: Any, gain: Any, offset: Any) -> Any:
            away = X - X.mean(1, keepdims=True)
            return away / np_.sqrt((away**2).mean(1, keepdims=True) + 1e-5) * gain + offset

        return f

    def by_hand(X: Any, gain: Any, offset: Any, G: Any) -> Any:
        unit = transformer_block.normalised(X, 1e-5)[0]
        return transformer_block.layer_norm_by_input(X, gain, G, 1e-5), (G * unit).sum(0), G.sum(0)

    data = {
        "X": random(n, p, seed=1),
        "gain": random(p, seed=2),
        "offset": random(p, seed=3),
        "G": random(n, p, seed=4),
    }
    return Layer(f"layer norm, {n} x {p}", goal, formula, plain, by_hand, ("X", "gain", "offset"), data)


# --- convolution -------------------------------------------------------------------------------------
def convolution_layer(n: int, c: int, o: int, size: int, k: int, goal: float) -> Layer:
    """A 2-D convolution with padding 1 by x, w and b."""

    def formula() -> tuple[Any, dict[str, Any]]:
        from chainrule import Sum, dims, each, over, tensor, vector

        N, C, O, H, K = dims("N C O H K", typical=(n, c, o, size, k))
        x, w, b = tensor("x", N, C, H, H), tensor("w", O, C, K, K), vector("b", O)
        y = each(
            b[f] + Sum(w[f, a, r, s] * x[m, a, i + r - 1, j + s - 1] for a in over(C) for r in over(K) for s in over(K))
            for m in over(N) for f in over(O) for i in over(H) for j in over(H)
        )  # fmt: skip
        return y, {"x": x, "w": w, "b": b}

    def plain(_: Any) -> Run:
        def f(x: Any, w: Any, b: Any) -> Any:
            import jax

            return jax.lax.conv_general_dilated(x, w, (1, 1), ((1, k - 2), (1, k - 2))) + b[:, None, None]

        return f

    def by_hand(x: Any, w: Any, b: Any, G: Any) -> Any:
        back = convolution.plane_by_input(x, w, G, 1, 1), convolution.plane_by_weights(x, w, G, 1, 1)
        return *back, G.sum((0, 2, 3))

    data = {
        "x": random(n, c, size, size, seed=1), "w": random(o, c, k, k, seed=2), "b": random(o, seed=3),
        "G": random(n, o, size, size, seed=4),
    }  # fmt: skip
    name = f"conv 2-D, {n} x {c} x {size} x {size} to {o}"
    return Layer(name, goal, formula, plain, by_hand, ("x", "w", "b"), data)


# --- a network ---------------------------------------------------------------------------------------
def network_layer(n: int, widths: tuple[int, int, int, int], goal: float) -> Layer:
    """Three dense layers with relu between them, by all weights and biases."""

    def formula() -> tuple[Any, dict[str, Any]]:
        from chainrule import dims, matrix, relu, vector

        N, *sizes = dims("N a b c d", typical=(n, *widths))
        X = matrix("X", N, sizes[0])
        Ws = [matrix(f"W{k}", a, b) for k, (a, b) in enumerate(pairwise(sizes), 1)]
        bs = [vector(f"b{k}", b) for k, b in enumerate(sizes[1:], 1)]
        A = X
        for k, (W, b) in enumerate(zip(Ws, bs, strict=True)):
            A = A @ W + b if k == 2 else relu(A @ W + b)
        return A, {"X": X, **{v.name: v for v in (*Ws, *bs)}}

    def plain(np_: Any) -> Run:
        def f(X: Any, W1: Any, W2: Any, W3: Any, b1: Any, b2: Any, b3: Any) -> Any:
            return np_.maximum(np_.maximum(X @ W1 + b1, 0) @ W2 + b2, 0) @ W3 + b3

        return f

    def by_hand(X: Any, W1: Any, W2: Any, W3: Any, b1: Any, b2: Any, b3: Any, G: Any) -> Any:
        A = np.maximum(X @ W1 + b1, 0)
        B = np.maximum(A @ W2 + b2, 0)
        e = (G @ W3.T) * (B > 0)
        d = (e @ W2.T) * (A > 0)
        return X.T @ d, A.T @ e, B.T @ G, d.sum(0), e.sum(0), G.sum(0)

    data = {"X": random(n, widths[0], seed=0)}
    pairs = list(pairwise(widths))
    data |= {f"W{k}": random(a, b, seed=k) / a**0.5 for k, (a, b) in enumerate(pairs, 1)}
    data |= {f"b{k}": random(b, seed=9 + k) for k, b in enumerate(widths[1:], 1)}
    data["G"] = random(n, widths[3], seed=20)
    name = f"MLP {'-'.join(map(str, widths))}, {n}"
    return Layer(name, goal, formula, plain, by_hand, ("W1", "W2", "W3", "b1", "b2", "b3"), data)


LAYERS = (
    attention_layer(128, 64, 0.85),
    attention_layer(512, 64, 0.85),
    norm_layer(64, 128, 1.2),
    norm_layer(512, 768, 1.0),
    convolution_layer(8, 16, 32, 28, 3, 0.9),
    network_layer(16, (20, 32, 16, 3), 1.3),
    network_layer(128, (784, 256, 128, 10), 1.15),
)


# --- ways --------------------------------------------------------------------------------------------
def generated(layer: Layer) -> Run:
    """All gradients in one generated function."""
    from chainrule import tensor, vjp
    from chainrule.code import numpy_function

    y, symbols = layer.formula()
    G = tensor("G", *y.shape)
    used = [*symbols.values(), G]
    made = numpy_function(tuple(vjp(y, symbols[name], G) for name in layer.by), arguments=used)
    arguments = [layer.data[v.name] for v in used]
    return lambda: made(*arguments)


def in_jax(layer: Layer) -> Run:
    """jax.vjp of the function written plainly, compiled, in double precision."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    names = [name for name in layer.data if name != "G"]
    f = layer.plain(jnp)
    at = [names.index(name) for name in layer.by]

    def back(*arrays: Any) -> Any:
        *rest, G = arrays
        found = jax.vjp(f, *rest)[1](G)
        return tuple(found[k] for k in at)

    compiled = jax.jit(back)
    arguments = [jnp.asarray(a) for a in layer.data.values()]
    return lambda: jax.block_until_ready(compiled(*arguments))


def hand(layer: Layer) -> Run:
    """As in numerics/."""
    return lambda: layer.by_hand(*layer.data.values())


WAYS = {"hand": hand, "JAX": in_jax}


def alike(layer: Layer, ours: Any, theirs: Any, way: str) -> None:
    """Raises where two ways compute different things."""
    for a, b in zip(ours, theirs, strict=True):
        if np.abs(a - np.asarray(b)).max() > EQUAL * np.abs(a).max():
            raise SystemExit(f"{layer.name}: {way} computes something else")


def seconds(call: Run, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def compared(layer: Layer) -> str:
    """One row: milliseconds of ours, and theirs / ours."""
    calls = {"ours": generated(layer)}
    calls |= {way: make(layer) for way, make in WAYS.items() if way != "JAX" or importlib.util.find_spec("jax")}
    for way, call in calls.items():
        alike(layer, calls["ours"](), call(), way)
    repeats = {way: max(1, round(TURN / min(seconds(call, 1) for _ in range(3)))) for way, call in calls.items()}
    turns = [{way: seconds(call, repeats[way]) for way, call in calls.items()} for _ in range(TURNS)]
    ratio = {way: statistics.median(t[way] / t["ours"] for t in turns) for way in calls}
    ours = statistics.median(t["ours"] for t in turns) * 1e3
    shown = "".join(f"{ratio[way]:12.2f}" if way in ratio else f"{'-':>12}" for way in WAYS)
    met = "" if ratio.get("JAX", layer.goal) >= layer.goal else "   missed"
    return f"{layer.name:38}{ours:9.3f}{shown}{layer.goal:9.2f}{met}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="the layers whose name has TEXT in it")
    only = parser.parse_args().only
    print(f"{'':38}{'ms':>9}" + "".join(f"{way + ' / us':>12}" for way in WAYS) + f"{'goal':>9}")
    for row in LAYERS:
        if only in row.name:
            print(compared(row), flush=True)
