"""Words, quoted words and comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gapless_dsl.source import Span


class Word(NamedTuple):
    """A bare or quoted word: `text` is its value, without quotes and escapes."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A whole line that begins with `#`, kept as typed but for the white space around it."""

    text: str
    span: Span
