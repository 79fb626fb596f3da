"""What to say of a line or a cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable

from gapless_dsl.complaint import complaint, mend
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import Stop
from gapless_dsl.nodes import Call, Comparison, Literal, Presence, Range

RESERVED = ("missing", "present", "not", "impossible", "otherwise")
"""Words of the language that are quoted when they are meant as values."""

Meant = Literal | Presence | Comparison | Range | Call


def unreadable_cell(start: str, text: str, stop: Stop) -> Diagnostic:
    return complaint(
        "GAP002", f"this cell is no {start}", (stop.at, max(stop.at, len(text))), _expected(stop)
    )


def unreadable_line(start: str, text: str, stop: Stop) -> Diagnostic:
    return complaint(
        "GAP001", "this line cannot be read", (stop.at, max(stop.at, len(text))), _expected(stop)
    )


def _expected(stop: Stop) -> str:
    return "expected " + " or ".join(sorted(stop.expected))


def reserved_words(values: Iterable[Meant]) -> Diagnostic | None:
    """A complaint about the first word of the language that stands bare where a value stands."""
    for value in values:
        match value:
            case Literal(text, at, False) if text in RESERVED:
                return complaint(
                    "GAP002",
                    f"`{text}` is a word of the language, not a value",
                    at,
                    helps=(mend(f'write `"{text}"` to mean the value', (at, f'"{text}"')),),
                )
            case Call(_, arguments):
                if (inner := reserved_words(arguments)) is not None:
                    return inner
            case _:
                pass
    return None
