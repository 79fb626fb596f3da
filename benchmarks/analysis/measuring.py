"""Times as medians, growth as an exponent, and an end to what takes too long."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from types import FrameType
from typing import NamedTuple, TypeVar

Found = TypeVar("Found")

RUNS = 3
LONG = 0.7
"""What takes so many seconds is measured once."""


class _TooLongError(Exception):
    pass


class Measured(NamedTuple):
    """The median in seconds, and what was found; None where it took too long."""

    seconds: float
    found: object


def measured(work: Callable[[], object], limit: float) -> Measured:
    """Run `work` some times; give up after `limit` seconds."""
    times: list[float] = []
    found: object = None
    while len(times) < RUNS and sum(times) < LONG:
        start = perf_counter()
        found = within(limit, work)
        times.append(perf_counter() - start)
    return Measured(median(times), found)


def within(limit: float, work: Callable[[], Found]) -> Found | None:
    """What `work` returns, or None after `limit` seconds; only what is written in Python is stopped."""
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return work()
    except _TooLongError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size that the time grows with: the slope of the best line between logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _TooLongError
