"""`gapless run`: ask one table one question."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gapless.analysis.composition.calls import with_called
from gapless.cli import cache, files
from gapless.cli.console import CannotRun, Outcome
from gapless.model import Policy
from gapless.report import answer, terminal
from gapless.report import why_not as losing
from gapless.resolve import resolve
from gapless.run import example_words, find_table, put, read_words
from gapless.semantics import Answered
from gapless.why_not import why_not
from gapless_dsl.diagnostic import Diagnostic, Severity
from gapless_dsl.parser import parse
from gapless_dsl.source import Source


def run(arguments: argparse.Namespace) -> Outcome:
    """The answer and its reasons; a table with gaps or conflicts may be asked all the same."""
    read = opened(arguments.tables)
    policies, sources = read.policies, read.sources
    errors = [each for each in read.findings if each.severity is Severity.ERROR]
    table = find_table(policies, arguments.table)
    if isinstance(table, str):
        is_wrong = errors or read.unread
        also = "\nsome files have errors: `gapless check` tells which" if is_wrong else ""
        raise CannotRun(table + also)
    if not all(each.complete for each in with_called(table)):  # its answers would not be its own
        return Outcome(terminal.render(sorted(errors, key=lambda each: each.span), sources), 1)
    inputs, wrong = read_words(table, arguments.words)
    if wrong:
        # Everything that is wrong with the words, and words that would do.
        lines = [f"`{arguments.table}` cannot be asked this", *(f"  {each}" for each in wrong)]
        if words := example_words(table):
            asked = shlex.join(["gapless", "run", arguments.table, *words])
            lines.append(f"for example: {asked}")
        raise CannotRun("\n".join(lines))
    case = put(table, inputs)
    code = 0 if isinstance(case.meaning, Answered) else 1
    why = why_not(table, inputs) if arguments.why_not else None
    if arguments.output_format == "json":
        besides = {} if why is None else {"why_not": losing.machine(why, sources)}
        return Outcome(answer.machine(case, policies, sources, besides), code)
    told = answer.text(case, policies, sources)
    return Outcome(told if why is None else f"{told}\n{losing.text(why, sources)}", code)


class Opened(NamedTuple):
    """Policies that were read and resolved, not proved; `unread` says whether some file was not read."""

    policies: tuple[Policy, ...]
    sources: Mapping[str, Source]
    findings: Sequence[Diagnostic]
    unread: bool


def opened(paths: Sequence[str]) -> Opened:
    """The policies of all files that `paths` name, for whoever asks one of their tables."""
    loaded = files.load(files.discover(paths))
    cache.prepare()
    sources = files.sources(loaded)
    parsed = [parse(source) for source in sources.values()]
    policies, meaningless = resolve([document for document, _ in parsed], sources)
    unreadable = [each for _, complaints in parsed for each in complaints]
    return Opened(policies, sources, (*unreadable, *meaningless), bool(loaded.unread))
