"""A file's lines: what stands on each, where, and which of them are comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gapless_dsl.nodes import Comment
from gapless_dsl.source import Span


class Line(NamedTuple):
    """A line that is neither blank nor a comment, without the `indent` blanks before it."""

    text: str
    span: Span
    indent: int


def split(path: str, text: str) -> tuple[list[Line], tuple[Comment, ...]]:
    lines: list[Line] = []
    comments: list[Comment] = []
    for line in _inked(path, text):
        if line.text.startswith("#"):
            comments.append(Comment(line.text, line.span))
        else:
            lines.append(line)
    return lines, tuple(comments)


def _inked(path: str, text: str) -> Iterator[Line]:
    start = 1 if text.startswith("\ufeff") else 0  # a byte order mark is no letter
    for raw in text[start:].split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            begin = start + indent
            yield Line(stripped, Span(path, begin, begin + len(stripped)), indent)
        start += len(raw) + 1
