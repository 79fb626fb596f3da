"""Colors, where the reader wants them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from gapless_dsl.diagnostic import Severity


class Ink(StrEnum):
    """What a stretch of a report is; the value is how a terminal is asked to show it."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    SECOND = "34"
    GOOD = "32"
    STRONG = "1"
    QUIET = "2"


Paint: TypeAlias = Callable[[str, Ink], str]

INK_OF = {
    Severity.ERROR: Ink.ERROR,
    Severity.WARNING: Ink.WARNING,
    Severity.NOTE: Ink.NOTE,
}


def plain(text: str, ink: Ink) -> str:
    return text


def colored(text: str, ink: Ink) -> str:
    return f"\x1b[{ink}m{text}\x1b[0m" if text else text
