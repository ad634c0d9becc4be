"""Entropy and divergence of laws on finitely many outcomes."""

import numpy as np


def divergence(p, q):
    """sum_i p_i log(p_i / q_i).    p, q (n,) positive, each with sum 1  ->  ()"""
    return (p * np.log(p / q)).sum()


def entropy(p):
    """-sum_i p_i log p_i.    p (n,) positive with sum 1  ->  ()"""
    return -(p * np.log(p)).sum()
