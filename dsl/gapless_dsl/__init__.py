"""The gapless language: text to nodes and back, knowing nothing of what tables mean."""

from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.parser import parse, use_grammar_cache
from gapless_dsl.source import Source, Span

__all__ = ["Diagnostic", "Severity", "Source", "Span", "parse", "use_grammar_cache"]
