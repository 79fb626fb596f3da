"""One line's meaning, or a complaint about it in its place."""

from __future__ import annotations

from typing import Any

from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lines import Line
from gapless_dsl.misreading import unreadable_line
from gapless_dsl.placing import diagnostic_at


def read_line(
    start: str, line: Line, head: int, subject: str, problems: list[Diagnostic]
) -> Any | None:
    """What `line` says after its first `head` letters, as a phrase placed from the line's start."""
    text = " " * head + line.text[head:]
    found = read(start, text)
    if not isinstance(found, Stop):
        return found
    problems.append(diagnostic_at(unreadable_line(start, text, found), line.span, subject))
    return None
