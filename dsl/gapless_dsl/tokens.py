"""Single words of a line or cell, as Lark hands them over, to words of ours."""

from __future__ import annotations

import re
from typing import Any

from gapless_dsl.nodes import Literal, Word
from gapless_dsl.source import Span

_ESCAPE = re.compile(r"\\(.)")


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


def text(token: Any) -> str:
    if token.type != "STRING":
        return str(token)
    inner: str = token[1:-1]
    return _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner


def word(token: Any) -> Word:
    span = Span("", token.start_pos, token.end_pos)
    return Word(text(token), span, token.type == "STRING")


def word_or_none(token: Any) -> Word | None:
    return None if token is None else word(token)


def literal(token: Any) -> Literal:
    return Literal(text(token), (token.start_pos, token.end_pos), token.type == "STRING")
