"""From bytes to sources, with the parser's prepared grammar kept from one run to the next."""

from __future__ import annotations

from gapless.cli import cache, files
from gapless.cli.files import Loaded
from gapless_dsl.grammar import prepare_grammar, use_grammar_cache
from gapless_dsl.source import Source


def sources(loaded: Loaded) -> dict[str, Source]:
    """What is there, by path and in order; a used file that is not is the compiler's to complain of."""
    prepare()
    return {
        path: Source(path, files.decoded(path, raw))
        for path, raw in sorted(loaded.raw.items())
        if raw is not None
    }


def prepare() -> None:
    """Have the grammar ready; without a place to keep it, it is built anew each time."""
    path = cache.grammar()
    if path is not None:
        use_grammar_cache(path)
        prepare_grammar()
        cache.seal(path)
