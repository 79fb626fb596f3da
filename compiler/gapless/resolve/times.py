"""Words for times and moments, `09:00` and `2026-01-31T09:00`: read, or what to write in their place.

Both have no zone and are counted in whole seconds; what is said otherwise is refused, never rounded.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from gapless.resolve.faults import Fault
from gapless_dsl.lexis import day_of

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME, _MOMENT = re.compile(_CLOCK), re.compile(f"({_DAY})T({_CLOCK})")

_FRACTION = re.compile(rf"((?:{_DAY}T)?{_CLOCK})\.[0-9]+.*")
_ZONED = re.compile(rf"((?:{_DAY}T)?{_CLOCK})(?:Z|z|[+-][0-9:]+)")
_MIDNIGHT = re.compile(rf"({_DAY}T)?24:00(?::00)?")
_SHORT = re.compile(rf"({_DAY}T)?([0-9]:[0-5][0-9](?::[0-5][0-9])?)")
_HALVES = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]?([0-5][0-9]))?\s*([ap])\.?m\.?", re.IGNORECASE)
_LOOSE = re.compile(r"([01]?[0-9]|2[0-3])[.hH]?([0-5][0-9])")

_ONE_ZONE = (
    "convert it to one zone before, in the data, and say in the column's label which zone that is"
)


def read_time(text: str) -> time | Fault:
    """The time of day that a word is."""
    if _TIME.fullmatch(text):
        return time.fromisoformat(text)
    return _fault(text, "time", "09:00", _time_meant(text))


def read_moment(text: str) -> datetime | Fault:
    """The day and the time that a word is."""
    found = _MOMENT.fullmatch(text)
    if found:
        if day_of(found[1]) is None:
            return Fault("GAP021", f"there is no day `{found[1]}`", "the calendar has no such day")
        return datetime.fromisoformat(text)
    if day_of(text) is not None:
        title = f"`{text}` is all of a day, where a datetime is due"
        later = _next_day(text)
        advice = (f"for all of that day, write `[{text}T00:00..{later}T00:00)`",) if later else ()
        label = f"a datetime is written `{text}T09:00`"
        return Fault("GAP021", title, label, offers=(f"{text}T00:00",), advice=advice)
    return _fault(text, "datetime", "2026-01-31T09:00", None)


def day_at_end(text: str, *, is_low: bool, is_included: bool) -> Fault | None:
    """What is wrong with a day at the end of a range of moments; None where it is no day.

    From a day on, and before it, can mean but one thing; up to a day is a question.
    """
    if day_of(text) is None:
        return None
    start = f"{text}T00:00"
    if is_low == is_included:
        title = f"`{text}` is a day, and a datetime has a time"
        return Fault("GAP021", title, f"its first second is `{start}`", start)
    said = "up to" if is_included else "after"
    title = f"{said} `{text}` does not say whether the rest of that day is meant"
    sign = ("<" if is_included else ">") + "=" * is_included
    later = _next_day(text)
    advice = [f"without the rest of that day, write `{sign} {start}`"]
    if later:
        ways = ("<", "with") if is_included else (">=", "after")
        advice.insert(0, f"{ways[1]} all of that day, write `{ways[0]} {later}T00:00`")
    return Fault("GAP021", title, "a datetime has a time", advice=tuple(advice))


def _next_day(text: str) -> str | None:
    day = day_of(text)
    try:
        return None if day is None else (day + timedelta(1)).isoformat()
    except OverflowError:
        return None


def _fault(text: str, kind: str, example: str, meant: str | None) -> Fault:
    label = f"a {kind} is written `{example}`"
    if found := _ZONED.fullmatch(text):
        title = f"`{text}` names a time zone, and a {kind} has none"
        label = "answers must not depend on a table of zones"
        return Fault("GAP021", title, label, offers=(found[1],), advice=(_ONE_ZONE,))
    if _FRACTION.fullmatch(text):
        title = f"`{text}` has a fraction of a second, and a {kind} is counted in whole seconds"
        return Fault("GAP022", title, "nothing is rounded")
    if found := _MIDNIGHT.fullmatch(text):
        title = f"`{text}` is no time: a day ends with 23:59:59, and 00:00 begins the next"
        label = "`23:59:59` is the last second of a day"
        if not found[1]:
            advice = "for the end of the day, leave the end open: `18:00..`"
            return Fault("GAP022", title, label, advice=(advice,))
        later = _next_day(found[1][:-1])
        return Fault("GAP022", title, label, offers=(f"{later}T00:00",) if later else ())
    if found := _SHORT.fullmatch(text):
        right = f"{found[1] or ''}0{found[2]}"
        if (kind == "datetime") == bool(found[1]):
            return Fault("GAP021", f"`{text}` is not a {kind}", label, right)
    offers: tuple[str, ...] = ()
    if kind == "time":
        if _MOMENT.fullmatch(text):
            offers = (text.partition("T")[2],)
        elif found := _LOOSE.fullmatch(text):
            offers = (f"{found[1]:0>2}:{found[2]}",)
        elif _HALVES.fullmatch(text) and meant is None:
            offers = ("00:00", "12:00")
    return Fault("GAP021", f"`{text}` is not a {kind}", label, meant, offers)


def _time_meant(text: str) -> str | None:
    """`9am` as the language writes it; of `12am` and `12pm` few agree which is noon."""
    found = _HALVES.fullmatch(text)
    if not found or found[1] == "12":
        return None
    hour = int(found[1]) + 12 * (found[3] in "pP")
    return f"{hour:02}:{found[2] or '00'}"
