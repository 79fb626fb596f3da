"""The one door to Lark: a line or a cell goes in, what it says or where it stops making sense comes out."""

from __future__ import annotations

import pkgutil
from functools import cache
from typing import Any, NamedTuple

from gapless_dsl.transformer import ToNodes

STARTS = (
    "named",
    "headed",
    "used",
    "typed",
    "member",
    "day",
    "note",
    "column",
    "let",
    "result",
    "show",
    "example",
    "gives",
    "condition",
    "outcome",
)

SIGNS = {
    "COLON": ":",
    "COMMA": ",",
    "DOT": ".",
    "DOTS": "..",
    "EQUAL": "=",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "VBAR": "|",
    "LESS": "<",
}
"""The terminals that are one sign, which could be written in."""

_cache_path: str | None = None


class Stop(NamedTuple):
    """Reading came to `at` and could not go on; `expected` are the terminals that could have stood there."""

    at: int
    expected: frozenset[str]


def use_grammar_cache(path: str) -> None:
    """Keep the prepared grammar in the file at `path`; it changes how soon reading starts, nothing else.

    To be called before anything is read. A file that cannot be read or written is done without.
    """
    global _cache_path
    _cache_path = path


def prepare_grammar() -> None:
    """Build or load the grammar now and not when the first line is read."""
    _grammar()


def grammar_text() -> str:
    text = pkgutil.get_data("gapless_dsl", "grammar.lark")
    assert text is not None
    return text.decode()


def read(start: str, text: str) -> Any:
    """What `text` says, read as `start`: what the method of `ToNodes` returns, or a `Stop`."""
    from lark.exceptions import UnexpectedInput

    try:
        return _grammar().parse(text, start)
    except UnexpectedInput:
        return _stop(start, text)


@cache
def _grammar() -> Any:
    from lark import Lark

    # Annotated Any: Lark wants a Transformer, and takes whatever has the methods.
    phrases: Any = ToNodes()
    return Lark(
        grammar_text(),
        parser="lalr",
        start=list(STARTS),
        maybe_placeholders=True,
        transformer=phrases,
        cache=_cache_path or False,
    )


def _stop(start: str, text: str) -> Stop:
    from lark.exceptions import UnexpectedInput

    parser = _grammar().parse_interactive(text, start)
    try:
        parser.exhaust_lexer()
    except UnexpectedInput as stopped:
        return Stop(stopped.pos_in_stream or 0, frozenset(parser.accepts()))
    return Stop(len(text), frozenset(parser.accepts()))
