"""From files to a result, and from a result to what is printed of it: what `check` and `build` share."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence

from gapless.cli.arguments import TABLES
from gapless.cli.console import Outcome
from gapless.cli.reading import sources
from gapless.driver import Result, compile_sources
from gapless.report import github, machine, sarif, terminal
from gapless.report.finding import counted
from gapless.report.glyphs import width
from gapless.report.paint import Ink, Paint, colored, plain
from gapless.report.tables import Told, told
from gapless.words import count
from gapless_dsl.diagnostic import Diagnostic, Severity


def compiled(loaded: Mapping[str, bytes | None]) -> Result:
    return compile_sources(tuple(sources(loaded).values()))


def exit_code(findings: Sequence[Diagnostic], *, deny_warnings: bool) -> int:
    refused = {Severity.ERROR, Severity.WARNING} if deny_warnings else {Severity.ERROR}
    return int(any(found.severity in refused for found in findings))


def reported(
    arguments: argparse.Namespace,
    result: Result,
    asked: Collection[str],
    color: bool,
    *,
    outputs: Sequence[Mapping[str, str]] | None = None,
    closing: str | None = None,
    spoiled: bool = False,
) -> Outcome:
    """The whole report; tables are told of for the files `asked` about, findings for all that were read.

    `outputs` and `closing` are what `build` has to add, `spoiled` that it is not content.
    """
    findings = result.diagnostics
    code = exit_code(findings, deny_warnings=arguments.deny_warnings) or int(spoiled)
    tables = told(
        (policy for policy in result.policies if policy.path in asked), result.units, findings
    )
    match arguments.output_format:
        case "json":
            text = machine.render(findings, result.sources, tables, code, outputs)
        case "sarif":
            text = sarif.render(findings, result.sources)
        case "github":
            text = github.render(findings, result.sources)
        case _:
            text = _text(arguments, result, tables, len(asked), color, closing)
    return Outcome(text, code)


def _text(
    arguments: argparse.Namespace,
    result: Result,
    tables: Sequence[Told],
    asked: int,
    color: bool,
    closing: str | None,
) -> str:
    paint = colored if color else plain
    findings = terminal.render(
        result.diagnostics,
        result.sources,
        paint=paint,
        limit=None if arguments.all else terminal.LIMIT,
        suffix=suffix(arguments.paths),
    )
    if closing is None:
        many = f"{count(len(tables), 'table')} in {count(asked, 'file')}"
        closing = f"{many}: {counted(result.diagnostics)}\n"
    blocks = [findings, _lines(tables, paint), closing]
    return "\n".join(block for block in blocks if block)


def suffix(paths: Sequence[str]) -> tuple[str, ...]:
    """What `gapless run` has to be told besides, so that it looks in the same places."""
    if not paths or list(paths) == [TABLES]:
        return ()
    return tuple(word for path in paths for word in ("--tables", path))


def _lines(tables: Sequence[Told], paint: Paint) -> str:
    names = max((width(table.name) for table in tables), default=0)
    return "".join(
        f"{table.name}{' ' * (names - width(table.name))}  "
        f"{paint(table.says, Ink.GOOD if table.proved else Ink.ERROR)}\n"
        for table in tables
    )
