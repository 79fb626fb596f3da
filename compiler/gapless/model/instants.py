"""Days, times and moments as whole numbers and as words: days of the calendar, seconds of a day or of it."""

from __future__ import annotations

from datetime import MINYEAR, date, datetime, time, timedelta
from typing import TypeAlias

from gapless.model.types import DatetimeType, DateType, Temporal, TimeType

Instant: TypeAlias = date | time
"""A day, a time, or a moment: `datetime` is a `date` to Python, so it is asked for first everywhere."""

_START = datetime(MINYEAR, 1, 1)
_SECOND = timedelta(seconds=1)


def counted(value: Instant) -> int:
    """The days from one before the calendar's first on, or the seconds from midnight or that day on."""
    match value:
        case time():
            return (60 * value.hour + value.minute) * 60 + value.second
        case datetime():
            return (value - _START) // _SECOND
        case _:
            return value.toordinal()


def instant_at(type: Temporal, count: int) -> Instant:
    """The value of that kind that is so counted, which the calendar or the day must have."""
    match type:
        case DateType():
            return date.fromordinal(count)
        case TimeType():
            return (_START + timedelta(seconds=count)).time()
        case DatetimeType():
            return _START + timedelta(seconds=count)


def written(value: Instant) -> str:
    """As the language writes it: `2026-01-31`, `09:00`, `2026-01-31T09:00:30`; seconds where there are."""
    match value:
        case time() | datetime():
            return value.isoformat(timespec="auto" if value.second else "minutes")
        case _:
            return value.isoformat()


def is_kind(value: object, type: Temporal) -> bool:
    """Whether a value is just of that kind: a moment is no day."""
    return (
        value.__class__ is {DateType: date, TimeType: time, DatetimeType: datetime}[type.__class__]
    )


def is_end(value: object) -> bool:
    """Whether a value is the first or the last of its kind, which nobody needs to declare."""
    ends = ((kind.low, kind.high) for kind in (DateType(), TimeType(), DatetimeType()))
    return any(value.__class__ is end.__class__ and value == end for pair in ends for end in pair)
