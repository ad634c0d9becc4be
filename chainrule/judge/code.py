"""Verdicts on code and on data."""

from __future__ import annotations

from chainrule.evidence import Verdict
from chainrule.notation.statements import Agreement, Example


def verdict_on_agreement(item: Agreement, name: str) -> Verdict:
    raise NotImplementedError


def verdict_on_example(item: Example, name: str) -> Verdict:
    raise NotImplementedError
