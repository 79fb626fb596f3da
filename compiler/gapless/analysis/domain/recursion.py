"""Recursion that may go as deep as it likes: a column more is a level more, and Python's stack is short."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

Answer = TypeVar("Answer")

Unrolled: TypeAlias = Generator[Any, Any, Answer]
"""A function that yields the calls it would make of itself, and is sent what they return.

What it sends back and forth has no one type, for calls may be of several such functions.
"""


def unroll(call: Unrolled[Answer]) -> Answer:
    """What a call returns, the calls within it kept in a list."""
    waiting: list[Unrolled[Any]] = [call]
    returned: Any = None
    while True:
        try:
            waiting.append(waiting[-1].send(returned))
            returned = None
        except StopIteration as ended:
            waiting.pop()
            returned = ended.value
            if not waiting:
                return returned  # type: ignore[no-any-return]
