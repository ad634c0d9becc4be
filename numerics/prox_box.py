"""The nearest point of a box."""

import numpy as np


def nearest(v, lo, w):
    """min(max(v, lo), lo + w), entry by entry.    v (n,), lo (n,), w (n,) >= 0, the widths  ->  (n,)"""
    return np.minimum(np.maximum(v, lo), lo + w)
