"""Digits drawn with strokes: images of 0 to 9, each a little different, from lines that a pen would draw.

images, labels = digits(rng, 500, 12)       images (500, 12, 12) between 0 and 1, labels (500,)
"""

from itertools import pairwise

import numpy as np

RING = [(0.5 + 0.3 * np.sin(a), 0.5 - 0.42 * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 13)]
STROKES = {
    0: [RING],
    1: [[(0.35, 0.25), (0.55, 0.08), (0.55, 0.92)]],
    2: [[(0.22, 0.3), (0.35, 0.1), (0.65, 0.1), (0.78, 0.3), (0.7, 0.5), (0.22, 0.92), (0.8, 0.92)]],
    3: [[(0.22, 0.1), (0.75, 0.1), (0.45, 0.45), (0.75, 0.6), (0.72, 0.85), (0.5, 0.93), (0.22, 0.85)]],
    4: [[(0.65, 0.92), (0.65, 0.08), (0.2, 0.65), (0.82, 0.65)]],
    5: [[(0.75, 0.08), (0.28, 0.08), (0.25, 0.45), (0.6, 0.42), (0.78, 0.62), (0.68, 0.88), (0.22, 0.9)]],
    6: [[(0.68, 0.08), (0.35, 0.4), (0.25, 0.7), (0.4, 0.92), (0.65, 0.9), (0.75, 0.7), (0.6, 0.52), (0.28, 0.62)]],
    7: [[(0.2, 0.1), (0.8, 0.1), (0.42, 0.92)]],
    8: [[(0.5 + 0.5 * (x - 0.5), 0.08 + 0.45 * y) for x, y in RING], [(x, 0.5 + 0.45 * y) for x, y in RING]],
    9: [[(0.72, 0.38), (0.5, 0.5), (0.28, 0.38), (0.32, 0.14), (0.6, 0.08), (0.73, 0.25), (0.68, 0.92)]],
}
"""The lines of each digit, through points (across, down) of the unit square."""


def digits(rng, count, size):
    """`count` images of `size` by `size` pixels, and what they show."""
    labels = rng.integers(0, 10, size=count)
    return np.array([digit(rng, int(k), size) for k in labels]), labels


def digit(rng, label, size):
    """One image: the lines turned, stretched, moved and shaken a little, drawn with a pen of some width."""
    turn = np.eye(2) + rng.normal(scale=0.09, size=(2, 2))
    shift = rng.normal(scale=0.04, size=2)
    centres = (np.arange(size) + 0.5) / size
    pixels = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
    nearest = np.full(len(pixels), np.inf)
    for line in STROKES[label]:
        points = (np.array(line) - 0.5) @ turn * 0.8 + 0.5 + shift + rng.normal(scale=0.012, size=(len(line), 2))
        for a, b in pairwise(points):
            nearest = np.minimum(nearest, distances(pixels, a, b))
    ink = 1.2 - nearest / rng.uniform(0.045, 0.07)
    return np.clip(ink, 0, 1).reshape(size, size)


def distances(points, a, b):
    """How far points (n, 2) are from the line between a and b.    ->  (n,)"""
    along = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
    return np.linalg.norm(points - a - along[:, None] * (b - a), axis=1)


def one_hot(labels, classes):
    """A 1 at each label.    labels (n,)  ->  (n, classes)"""
    return np.eye(classes)[labels]
