"""Work that may not take for ever: a limit in seconds for one line, and for formulas of strangers."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from chainrule.errors import ChainruleError, Place

T = TypeVar("T")

FRAMES = 6000
"""Python calls that may be nested while a derivative is worked out."""


class TooMuch(ChainruleError):
    """The work was stopped: it took longer than allowed, or more memory than there is."""

    def __init__(self, text: str, place: Place | None = None):
        super().__init__(text, place or Place("limits", 0))

    def __str__(self) -> str:
        return self.text


class _Stopped(BaseException):
    """Raised by the clock; not an Exception, so that nobody on the way takes it for an ordinary failure."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of the work. Raises TooMuch after so many seconds, or where it nests too deep or fills the memory.

    The clock runs in the main thread of systems that have one; elsewhere only depth and memory are limited.
    """
    try:
        with _clock(seconds), _frames():
            return work()
    except _Stopped:
        raise TooMuch(f"stopped after {seconds:g} seconds; take a part of the formula, or a lower order") from None
    except RecursionError:
        raise TooMuch("the formula is nested too deep to be worked on; take it in parts") from None
    except MemoryError:
        raise TooMuch("the work needs more memory than there is; take the formula in parts") from None


@contextmanager
def _frames() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """Raises _Stopped when the time is up."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise _Stopped

    start = time.monotonic()
    before = signal.signal(signal.SIGALRM, stop)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        left = max(outer - (time.monotonic() - start), 1e-3) if outer else 0.0  # an outer clock goes on
        signal.setitimer(signal.ITIMER_REAL, left)
        signal.signal(signal.SIGALRM, before)
