"""Linear algebra in ball arithmetic: what `numpy.linalg` and `scipy.linalg` do, for small matrices of balls.

A matrix that the balls cannot tell from a singular one raises `Undecided`; so do eigenvalues that may be equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from chainrule.agreement.balls import Ball, BallArray, NotLiftable, arb_of, balls, filled
from chainrule.agreement.elementwise import sign
from chainrule.worlds.arithmetic import Undecided


def to_flint(a: Any) -> Any:
    """A matrix, or a vector as a column, for python-flint."""
    a = a if a.ndim == 2 else a.reshape(-1, 1)
    return flint.arb_mat(a.shape[0], a.shape[1], [arb_of(v) for v in a.ravel().tolist()])


def from_flint(m: Any) -> BallArray:
    return filled((m.nrows(), m.ncols()), [Ball(v) for v in m.entries()])


def each_matrix(f: Callable[[BallArray], Any]) -> Callable[..., Any]:
    """A function of one matrix, applied to each matrix of a batch."""

    def batched(a: Any) -> Any:
        a = balls(a)
        if a.ndim == 2:
            return f(a)
        parts = [balls(f(m)) for m in a.reshape(-1, *a.shape[-2:])]
        return balls(np.stack([np.asarray(p) for p in parts])).reshape(a.shape[:-2] + parts[0].shape)

    return batched


@each_matrix
def inv(a: BallArray) -> BallArray:
    try:
        return from_flint(to_flint(a).inv())
    except ZeroDivisionError:
        raise Undecided("a matrix that may be singular has no certified inverse") from None


@each_matrix
def det(a: BallArray) -> Ball:
    return Ball(to_flint(a).det())


def solve(a: Any, b: Any, *_: Any, **options: Any) -> Any:
    """x with a x = b; b (n,), (n, k), or a batch as a has one."""
    if options.get("transposed") or options.get("lower"):
        raise NotLiftable("solve(..., transposed or lower)")
    a, b = balls(a), balls(b)
    if a.ndim > 2:
        return _solve_batch(a, b)
    try:
        x = from_flint(to_flint(a).solve(to_flint(b)))
    except ZeroDivisionError:
        raise Undecided("a system whose matrix may be singular") from None
    return x if b.ndim == 2 else x.ravel()


def _solve_batch(a: BallArray, b: BallArray) -> Any:
    if b.ndim < 2:
        raise NotLiftable("solve of a batch against one vector")
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    left = np.broadcast_to(a, lead + a.shape[-2:]).reshape(-1, *a.shape[-2:])
    right = np.broadcast_to(b, lead + b.shape[-2:]).reshape(-1, *b.shape[-2:])
    return np.stack([solve(m, r) for m, r in zip(left, right, strict=True)]).reshape(lead + b.shape[-2:])


def slogdet(a: Any) -> tuple[Any, Any]:
    d = det(a)
    return _each_entry(sign, d), _each_entry(lambda v: abs(v).log(), d)


def _each_entry(f: Callable[[Any], Any], x: Any) -> Any:
    if isinstance(x, Ball):
        return Ball(f(x.value))
    return filled(x.shape, [Ball(f(arb_of(v))) for v in x.ravel().tolist()])


@each_matrix
def cholesky_lower(a: BallArray) -> BallArray:
    """L with L L' = a, L lower triangular; only the lower triangle of a is read."""
    n = len(a)
    L = filled((n, n), [Ball(0) for _ in range(n * n)])
    for j in range(n):
        pivot = arb_of(a[j, j] - L[j, :j] @ L[j, :j]) if j else arb_of(a[j, j])
        if pivot <= 0:
            raise np.linalg.LinAlgError("Matrix is not positive definite")
        if not pivot > 0:
            raise Undecided("a pivot of Cholesky that may be 0")
        L[j, j] = Ball(pivot.sqrt())
        for i in range(j + 1, n):
            L[i, j] = (a[i, j] - (L[i, :j] @ L[j, :j] if j else 0)) / L[j, j]
    return L


def cholesky(a: Any, *, upper: bool = False) -> Any:
    """numpy.linalg.cholesky"""
    L = cholesky_lower(a)
    return np.swapaxes(L, -1, -2) if upper else L


def scipy_cholesky(a: Any, lower: bool = False, **_: Any) -> Any:
    """scipy.linalg.cholesky: upper unless asked"""
    return cholesky(np.swapaxes(balls(a), -1, -2) if not lower else a, upper=not lower)


def cho_factor(a: Any, lower: bool = False, **_: Any) -> tuple[Any, bool]:
    return scipy_cholesky(a, lower), lower


def cho_solve(factor: tuple[Any, bool], b: Any, **_: Any) -> Any:
    c, lower = factor
    triangle = balls(np.tril(c) if lower else np.triu(c))
    return solve(triangle @ triangle.T if lower else triangle.T @ triangle, b)


def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False, **_: Any) -> Any:
    triangle = balls(np.tril(a) if lower else np.triu(a))
    if unit_diagonal:
        triangle = balls(triangle - np.diag(np.diag(triangle)) + np.eye(len(triangle)))
    return solve(triangle.T if trans in (1, 2, "T", "C") else triangle, b)


def qr(a: Any, mode: str = "reduced") -> Any:
    """a = QR by Gram and Schmidt, with the diagonal of R positive."""
    a = balls(a)
    if mode not in ("reduced", "economic", "r") or a.ndim != 2:
        raise NotLiftable(f"qr with mode={mode!r}")
    m, n = a.shape
    k = min(m, n)
    Q, R = filled((m, k), [Ball(0)] * (m * k)), filled((k, n), [Ball(0)] * (k * n))
    for j in range(k):
        rest = a[:, j].copy()
        for i in range(j):
            R[i, j] = Q[:, i] @ a[:, j]
            rest = rest - R[i, j] * Q[:, i]
        R[j, j] = (rest @ rest) ** 0.5
        if not R[j, j].value > 0:
            raise Undecided("a column that may depend on those before it")
        Q[:, j] = rest / R[j, j]
    R[:, k:] = Q.T @ a[:, k:] if n > k else R[:, k:]
    return R if mode == "r" else (Q, R)


def scipy_qr(a: Any, mode: str = "full", **options: Any) -> Any:
    """scipy.linalg.qr, of the reduced kind"""
    if any(options.get(k) for k in ("pivoting",)) or mode not in ("economic", "r"):
        raise NotLiftable(f"scipy.linalg.qr with mode={mode!r}")
    found = qr(a, mode)
    return (found,) if mode == "r" else found


def lstsq(a: Any, b: Any, *_: Any, **__: Any) -> tuple[Any, ...]:
    """The least-squares solution; the residuals, rank and singular values that LAPACK adds are not lifted."""
    return (pinv(a) @ balls(b), None, None, None)


def pinv(a: Any, *_: Any, **__: Any) -> Any:
    """The pseudo-inverse of a matrix whose rows or columns are certified independent."""
    a = balls(a)
    if a.ndim != 2:
        raise NotLiftable("the pseudo-inverse of a batch")
    if a.shape[0] >= a.shape[1]:
        return solve(a.T @ a, a.T)
    return a.T @ inv(a @ a.T)


@each_matrix
def _eigen(a: BallArray) -> BallArray:
    """The eigenvalues of a symmetric matrix, increasing, above its unit eigenvectors: (n + 1, n). They are certified
    where all eigenvalues differ; where some may be equal, their vectors have no enclosure."""
    n = len(a)
    try:
        found, vectors = flint.acb_mat(to_flint(a)).eig(right=True)
    except ValueError:
        raise Undecided("eigenvalues that may be equal") from None
    order = sorted(range(n), key=lambda j: float(found[j].real.mid()))
    columns = []
    for j in order:
        column = [vectors[i, j] for i in range(n)]
        largest = max(range(n), key=lambda i: float(abs(column[i]).mid()))
        real = filled((n,), [Ball((v / column[largest]).real) for v in column])
        columns.append(real / (real @ real) ** 0.5)
    values = filled((n,), [Ball(found[j].real) for j in order])
    return np.vstack([values[None, :], np.stack(columns, axis=1)])  # type: ignore[return-value]


def eigh(a: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
    """numpy.linalg.eigh of a matrix whose eigenvalues are certified to differ; a vector's sign is not LAPACK's."""
    found = _eigen(a)
    return found[..., 0, :], found[..., 1:, :]


def eigvalsh(a: Any, *_: Any, **__: Any) -> Any:
    return eigh(a)[0]


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, **_: Any) -> Any:
    """U, s, V' of a matrix whose singular values are certified positive and different; signs are not LAPACK's."""
    a = balls(a)
    if a.ndim != 2 or (full_matrices and compute_uv and a.shape[0] != a.shape[1]):
        raise NotLiftable("svd of a batch, or with full_matrices=True")
    if a.shape[0] < a.shape[1]:
        found = svd(a.T, full_matrices, compute_uv)
        return (found[2].T, found[1], found[0].T) if compute_uv else found
    squares, V = eigh(a.T @ a)
    if not all(arb_of(v) > 0 for v in squares.tolist()):
        raise Undecided("a singular value that may be 0")
    s, V = np.sqrt(squares[::-1]), V[:, ::-1]
    return (a @ V / s, s, V.T) if compute_uv else s


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
    x = balls(x)
    vectors = x.ndim == 1 or isinstance(axis, int)
    if ord in (None, "fro") or (ord == 2 and vectors):
        squares = np.sum(x * x, axis=axis, keepdims=keepdims)
        return np.sqrt(balls(squares)) if isinstance(squares, np.ndarray) else squares**0.5
    if vectors and ord == 1:
        return np.sum(abs(x), axis=axis, keepdims=keepdims)
    if vectors and ord == np.inf:
        return np.max(abs(x), axis=axis, keepdims=keepdims)
    raise NotLiftable(f"norm with ord={ord!r}")


def matrix_power(a: Any, n: int) -> Any:
    a = balls(a)
    if n < 0:
        return matrix_power(inv(a), -n)
    power = balls(np.eye(len(a)))
    for _ in range(n):
        power = power @ a
    return power


def multi_dot(arrays: Any) -> Any:
    product: Any = balls(arrays[0])
    for a in arrays[1:]:
        product = product @ balls(a)
    return product


def block_diag(*blocks: Any) -> BallArray:
    parts = [np.atleast_2d(balls(b)) for b in blocks]
    out = balls(np.zeros((sum(p.shape[0] for p in parts), sum(p.shape[1] for p in parts))))
    i = j = 0
    for p in parts:
        out[i : i + p.shape[0], j : j + p.shape[1]] = p
        i, j = i + p.shape[0], j + p.shape[1]
    return out


NUMPY_LINALG: dict[str, Callable[..., Any]] = {
    "inv": inv,
    "det": det,
    "solve": solve,
    "slogdet": slogdet,
    "cholesky": cholesky,
    "qr": qr,
    "lstsq": lstsq,
    "pinv": pinv,
    "svd": svd,
    "eigh": eigh,
    "eigvalsh": eigvalsh,
    "norm": norm,
    "matrix_power": matrix_power,
    "multi_dot": multi_dot,
}
SCIPY_LINALG: dict[str, Callable[..., Any]] = {
    "inv": lambda a, **_: inv(a),
    "det": lambda a, **_: det(a),
    "solve": solve,
    "cholesky": scipy_cholesky,
    "cho_factor": cho_factor,
    "cho_solve": cho_solve,
    "solve_triangular": solve_triangular,
    "qr": scipy_qr,
    "lstsq": lstsq,
    "pinv": pinv,
    "svd": svd,
    "eigh": eigh,
    "eigvalsh": eigvalsh,
    "norm": norm,
    "block_diag": block_diag,
}
