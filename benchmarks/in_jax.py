"""The problems in JAX: `jax.grad` or `jax.hessian` of the function written plainly, compiled, in double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def logistic(X: Any, y: Any, w: Any) -> Any:
    """sum log(1 + exp(-y o Xw))"""
    return jnp.sum(jax.nn.softplus(-y * (X @ w)))


def factorisation(T: Any, U: Any, V: Any) -> Any:
    """|T - UV'|^2"""
    return jnp.sum((T - U @ V.T) ** 2)


def network(W1: Any, W2: Any, W3: Any, x: Any, t: Any) -> Any:
    """Softmax cross-entropy of three layers."""
    z = W3 @ jax.nn.relu(W2 @ jax.nn.relu(W1 @ x))
    return jax.nn.logsumexp(z) - t @ z


def gaussian(S: Any, C: Any) -> Any:
    """log det S + tr(S^-1 C)"""
    return jnp.linalg.slogdet(S)[1] + jnp.trace(jnp.linalg.solve(S, C))


DERIVATIVES = {
    "logistic gradient": jax.grad(logistic, argnums=2),
    "logistic Hessian": jax.hessian(logistic, argnums=2),
    "factorisation Hessian": jax.hessian(factorisation, argnums=1),
    "network Hessian": jax.hessian(network, argnums=0),
    "Gaussian gradient": jax.grad(gaussian, argnums=0),
}


def prepared(name: str, size: int, data: dict[str, Any]) -> Callable[[], Any]:
    """The compiled derivative, ready to be called; each call waits for its result."""
    compiled = jax.jit(DERIVATIVES[name])
    arguments = [jnp.asarray(a) for a in data.values()]
    return lambda: compiled(*arguments).block_until_ready()
