"""The gapless language: text to nodes and back, knowing nothing of what tables mean.

Nothing is imported before it is asked for: a program that only prints a finding needs no parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gapless_dsl.diagnostic import Diagnostic, Severity
    from gapless_dsl.formatter import format_document, print_document
    from gapless_dsl.parser import parse, use_grammar_cache
    from gapless_dsl.parser.cells import read_reason
    from gapless_dsl.source import Source, Span

__all__ = [
    "Diagnostic",
    "Severity",
    "Source",
    "Span",
    "format_document",
    "parse",
    "print_document",
    "read_reason",
    "use_grammar_cache",
]

_ROOMS = {
    "Diagnostic": "diagnostic",
    "Severity": "diagnostic",
    "Source": "source",
    "Span": "source",
    "format_document": "formatter",
    "parse": "parser",
    "print_document": "formatter",
    "read_reason": "parser.cells",
    "use_grammar_cache": "parser",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
