"""The command line is tested with a judge that answers by the item's name."""

import sys

import pytest

from tests import fake_judge


@pytest.fixture(autouse=True)
def judged_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "chainrule.judge", fake_judge.module())
