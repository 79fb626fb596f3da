"""`gapless run`: ask one table one question."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from gapless.analysis.composition.calls import with_called
from gapless.cli import cache, files
from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, Outcome
from gapless.model import Table
from gapless.report import answer, terminal
from gapless.report import why_not as losing
from gapless.resolve import resolve
from gapless.run import example_words, find_table, put, read_words
from gapless.semantics import Answered
from gapless.why_not import why_not
from gapless_dsl.diagnostic import Severity
from gapless_dsl.parser import parse


def run(arguments: argparse.Namespace) -> Outcome:
    """The answer and its reasons; a table with gaps or conflicts may be asked all the same."""
    found = files.discover(arguments.tables or [TABLES])
    loaded = files.load(found)
    cache.prepare()
    sources = files.sources(loaded)
    parsed = [parse(source) for source in sources.values()]
    policies, meaningless = resolve([document for document, _ in parsed], sources)
    unreadable = [each for _, complaints in parsed for each in complaints]
    found_wrong = [each for each in (*unreadable, *meaningless) if each.severity is Severity.ERROR]
    errors = tuple(sorted(found_wrong, key=lambda found: found.span))
    table = find_table(policies, arguments.table)
    if isinstance(table, str):
        also = (
            "\nsome files have errors: `gapless check` tells which"
            if errors or loaded.unread
            else ""
        )
        raise CannotRun(table + also)
    if not all(each.complete for each in with_called(table)):  # its answers would not be its own
        return Outcome(terminal.render(errors, sources), 1)
    inputs, wrong = read_words(table, arguments.words)
    if wrong:
        raise CannotRun(_refused(arguments, table, wrong))
    case = put(table, inputs)
    code = 0 if isinstance(case.meaning, Answered) else 1
    why = why_not(table, inputs) if arguments.why_not else None
    if arguments.output_format == "json":
        besides = {} if why is None else {"why_not": losing.machine(why, sources)}
        return Outcome(answer.machine(case, policies, sources, besides), code)
    told = answer.text(case, policies, sources)
    return Outcome(told if why is None else f"{told}\n{losing.text(why, sources)}", code)


def _refused(arguments: argparse.Namespace, table: Table, wrong: Sequence[str]) -> str:
    """Everything that is wrong with the words, and words that would do."""
    lines = [f"`{arguments.table}` cannot be asked this", *(f"  {each}" for each in wrong)]
    words = example_words(table)
    if words:
        asked = shlex.join(["gapless", "run", arguments.table, *words])
        lines.append(f"for example: {asked}")
    return "\n".join(lines)
