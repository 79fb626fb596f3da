"""Where a finding of this pass stands, and how words are listed in it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.nodes.cells import At
from gapless_dsl.source import Span

Findings: TypeAlias = list[Diagnostic]
"""Where a function that reads something leaves its complaints, in the order it meets them."""


class Site(NamedTuple):
    """A stretch of text being read, and what readers call it: `table fee, rule heavy, column zone`."""

    span: Span
    subject: str = ""

    def at(self, at: At) -> Span:
        return self.span.within(*at)


def listed(words: tuple[str, ...], most: int = 8) -> str:
    """The words in backticks, as a sentence lists them, the first `most` of them."""
    shown = [f"`{word}`" for word in words[:most]]
    if len(words) > most:
        return f"{', '.join(shown)} and {len(words) - most} more"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)
