"""From bytes to sources, with the parser's prepared grammar kept from one run to the next."""

from __future__ import annotations

from collections.abc import Mapping

from gapless.cli import cache, files
from gapless_dsl.parser import use_grammar_cache
from gapless_dsl.source import Source


def sources(loaded: Mapping[str, bytes | None]) -> dict[str, Source]:
    """What is there, by path and in order; a used file that is not is the compiler's to complain of."""
    prepare()
    return {
        path: Source(path, files.decoded(path, raw))
        for path, raw in sorted(loaded.items())
        if raw is not None
    }


def prepare() -> None:
    """Say where the grammar is kept; without such a place it is built anew each time."""
    path = cache.grammar()
    if path is not None:
        use_grammar_cache(path)
