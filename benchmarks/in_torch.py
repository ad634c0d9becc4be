"""The problems in PyTorch: `torch.func.grad` or `torch.func.hessian` of the function written plainly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.func import grad, hessian
from torch.nn import functional

torch.set_num_threads(1)


def logistic(X: Any, y: Any, w: Any) -> Any:
    """sum log(1 + exp(-y o Xw))"""
    return functional.softplus(-y * (X @ w)).sum()


def factorisation(T: Any, U: Any, V: Any) -> Any:
    """|T - UV'|^2"""
    return ((T - U @ V.T) ** 2).sum()


def network(W1: Any, W2: Any, W3: Any, x: Any, t: Any) -> Any:
    """Softmax cross-entropy of three layers."""
    z = W3 @ torch.relu(W2 @ torch.relu(W1 @ x))
    return torch.logsumexp(z, 0) - t @ z


def gaussian(S: Any, C: Any) -> Any:
    """log det S + tr(S^-1 C)"""
    return torch.linalg.slogdet(S)[1] + torch.trace(torch.linalg.solve(S, C))


DERIVATIVES = {
    "logistic gradient": grad(logistic, argnums=2),
    "logistic Hessian": hessian(logistic, argnums=2),
    "factorisation Hessian": hessian(factorisation, argnums=1),
    "network Hessian": hessian(network, argnums=0),
    "Gaussian gradient": grad(gaussian, argnums=0),
}


def prepared(name: str, size: int, data: dict[str, Any]) -> Callable[[], Any]:
    """The derivative, ready to be called."""
    arguments = [torch.from_numpy(a) for a in data.values()]
    return lambda: DERIVATIVES[name](*arguments)
