"""Fisher's iris: 150 flowers of three species, four lengths each, in centimetres with one decimal.

This is the variant that scikit-learn ships, which is Fisher's own table; the file at UCI differs from it in the rows
35 and 38 (counted from 1), and so in its total sum of squares.
Source: R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936), 179-188.
"""

import hashlib
import itertools
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from numerics import kmeans, mixture

FILE = Path(__file__).parent / "data" / "iris.csv"
SHA256 = "9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355"
"""Of the file's bytes; checked whenever it is read."""


@cache
def rows(file=FILE):
    """The table as text: 150 rows of four decimals and a species. ValueError if the file is not the one described."""
    content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{file} has the SHA-256 {found}; expected {SHA256}: restore the file from the repository")
    return tuple(tuple(line.split(",")) for line in content.decode("ascii").splitlines()[1:])


def measurements():
    """Sepal length, sepal width, petal length, petal width, in cm.    ->  (150, 4) floats"""
    return np.array([[float(v) for v in row[:4]] for row in rows()])


def exact():
    """The same as exact fractions: 5.1 is 51/10.    ->  (150, 4) of Fraction"""
    return np.array([[Fraction(v) for v in row[:4]] for row in rows()], dtype=object)


def species():
    """The species of each flower.    ->  (150,) of str"""
    return np.array([row[4] for row in rows()])


@cache
def _labels(k):
    return kmeans.fit(measurements(), k)[0]


def kmeans_world(k=3):
    """The data and the best clustering found, exactly.    ->  {"x": (150, 4) of Fraction, "C": (150, k) of 0 and 1}"""
    return {"x": exact(), "C": kmeans.one_hot(_labels(k), k)}


def indicator():
    """The species as an indicator, in the order of their first flower.    ->  (150, 3) of 0 and 1"""
    names = list(dict.fromkeys(species()))
    return kmeans.one_hot([names.index(name) for name in species()], len(names))


def species_world():
    """The data and the species, exactly.    ->  {"X": (150, 4) of Fraction, "C": (150, 3) of 0 and 1}"""
    return {"X": exact(), "C": indicator()}


def mixture_run(steps=30, seed=0):
    """Three Gaussians for the petals, from means at three flowers.    ->  X (150, 2), list of steps + 1 Mixture"""
    petals = measurements()[:, 2:4]
    return petals, mixture.run(petals, mixture.from_points(petals, 3, np.random.default_rng(seed)), steps)


def mixture_steps():
    """Petals, and what each of 30 steps of EM, written by hand, began with and found: exactly, as it was rounded.

    ->  a list of {"X": (150, 2), "pi": (3,), "mu": (3, 2), "Sigma": (3, 2, 2), "pi_new", ...} of Fraction
    """
    exactly = np.vectorize(Fraction, otypes=[object])
    run = [[exactly(part) for part in theta] for theta in mixture_run()[1]]
    names = mixture.Mixture._fields
    both = (*names, *(f"{name}_new" for name in names))
    return [
        {"X": exact()[:, 2:4], **dict(zip(both, (*before, *after), strict=True))}
        for before, after in itertools.pairwise(run)
    ]
