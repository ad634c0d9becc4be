"""The sweep with checkpoints finds the adjoint of the sweep that keeps everything, in the memory and time it says."""

import numpy as np
import pytest

from numerics import checkpointing

W = np.random.default_rng(2).normal(size=(36, 4, 4)) / 2


def step(h, l):
    return np.tanh(W[l] @ h)


def back(h, l, adjoint):
    return W[l].T @ ((1 - step(h, l) ** 2) * adjoint)


@pytest.mark.parametrize("k", [1, 2, 3, 6, 9, 36, 7])
def test_the_same_adjoint_in_less_memory(k):
    n, start, adjoint = len(W), np.full(4, 0.3), np.arange(4.0)
    whole, kept, _ = checkpointing.sweep(step, back, start, adjoint, n, n)
    found, most, taken = checkpointing.sweep(step, back, start, adjoint, n, k)
    assert kept == n
    np.testing.assert_array_equal(found, whole)
    assert most <= checkpointing.memory(n, k) + 1
    if n % k == 0:
        assert taken == checkpointing.steps_forwards(n, k)
    assert taken < 2 * n


def test_the_root_of_n_needs_least():
    needs = {k: checkpointing.sweep(step, back, np.full(4, 0.3), np.arange(4.0), 36, k)[1] for k in range(1, 37)}
    assert needs[6] == min(needs.values())
    assert needs[6] <= 2 * np.sqrt(36)
