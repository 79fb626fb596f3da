"""The day that `--today` names, and the one place where the clock is read."""

from __future__ import annotations

from argparse import ArgumentTypeError
from contextlib import suppress
from datetime import date


def named(word: str) -> date:
    """The day as tables write it; the clock is read only where `now` asks for it."""
    if word == "now":
        return date.today()
    with suppress(ValueError):
        day = date.fromisoformat(word)
        if str(day) == word:  # and no week with a weekday, as no table is written so either
            return day
    raise ArgumentTypeError(f"`{word}` is no day, such as 2027-03-01, and not `now`")
