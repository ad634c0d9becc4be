"""Layers by hand, forwards and backwards, equal to torch's to 1e-12 in float64. torch is one of the extra `peers`."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from tests.numerics.beside_torch import ROWS

SURVEY = Path(__file__).parents[2] / "reports" / "layers.toml"


@pytest.mark.parametrize("name", ROWS)
def test_equal_to_torch(name):
    pairs = list(ROWS[name]())
    assert len(pairs) > 1
    for ours, other in pairs:
        np.testing.assert_allclose(ours, other, rtol=1e-12, atol=1e-12)


def test_every_row_is_one_of_the_survey():
    assert set(ROWS) <= {one["name"] for one in tomllib.loads(SURVEY.read_text(encoding="utf-8"))["row"]}
