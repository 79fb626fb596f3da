"""From files to a result, and from a result to what is printed of it: what `check` and `build` share."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapless.approvals import Standing
from gapless.cli import cache
from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, Outcome, wants_color
from gapless.cli.files import Loaded, decoded, sources, used_by
from gapless.driver import Result, compile_sources, in_order
from gapless.report import machine, terminal
from gapless.report.finding import counted
from gapless.report.tables import Told, told
from gapless.report.terminal import Ink
from gapless.run import full_names
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Span


def compiled(loaded: Loaded, today: date | None = None) -> Result:
    """The result of files that say anything: a pipe that broke off must not pass for a sound policy."""
    cache.prepare()
    read = sources(loaded)
    lines = (line.strip() for source in read.values() for line in source.text.split("\n"))
    if all(line.startswith("#") or not line for line in lines):
        raise CannotRun(f"nothing is declared in {', '.join(read)}")
    result = compile_sources(tuple(read.values()), today)
    findings = [found for found in result.diagnostics if not _is_of_unread(found, loaded)]
    for path, why in loaded.unread.items():  # such a file hides nothing but what it says itself
        findings.append(
            Diagnostic(
                "GAP017",
                Severity.ERROR,
                why.what,
                (Label(Span(path, 0, 0), "not read"),),
                notes=("nothing in it was checked; the other files were",),
                helps=(Help(Repair.DECISION, why.todo),),
            )
        )
    return replace(result, diagnostics=in_order(findings))


def _is_of_unread(found: Diagnostic, loaded: Loaded) -> bool:
    """Whether a `use` line is called wrong because the file it names is there and cannot be read."""
    if found.code != "GAP014":
        return False
    text = decoded(found.span.path, loaded.raw[found.span.path] or b"")
    line = f"use {text[found.span.start : found.span.end]}"
    return any(used in loaded.unread for used in used_by(found.span.path, line))


def refused(findings: Sequence[Diagnostic], *, deny_warnings: bool) -> bool:
    """Whether something was found that must not pass."""
    bad = {Severity.ERROR, Severity.WARNING} if deny_warnings else {Severity.ERROR}
    return any(found.severity in bad for found in findings)


_INKS = {True: Ink.GOOD, False: Ink.WARNING, None: Ink.NOTE}


def judged(result: Result, asked: Collection[str]) -> list[Told]:
    """What is told of each table of the files `asked` about, with its approvals."""
    policies = [policy for policy in result.policies if policy.path in asked]
    return [
        replace(each, approvals=tuple(a for a in result.approvals if _is_of(a, each)))
        for each in told(policies, result.units, result.diagnostics, result.sources)
    ]


def verdicts(
    tables: Sequence[Told], approvals: Sequence[Standing], paint: terminal.Paint
) -> Iterator[str]:
    """A line for each table, and below it one for each approval."""
    room = max((terminal.width(table.name) for table in tables), default=0)
    for table in tables:
        space = " " * (room - terminal.width(table.name))
        says = paint(table.says, Ink.GOOD if table.proved else Ink.ERROR)
        yield f"{table.name}{space}  {says}\n"
        for each in table.approvals:
            yield f"{' ' * room}  {paint(terminal.visible(each.says), _INKS[each.holds])}\n"
    paths = {table.span.path for table in tables}
    for each in approvals:
        if each.is_gone and each.path in paths:
            yield f"{each.policy}.{each.approval.table}  {terminal.visible(each.says)}\n"


def _is_of(approval: Standing, table: Told) -> bool:
    return (approval.path, approval.approval.table) == (table.span.path, table.table)


class Ending(NamedTuple):
    """What `build` has to add: the files as scripts and as people are told of them, and whether it failed."""

    files: Sequence[Mapping[str, str]]
    says: str
    failed: bool


def reported(
    arguments: argparse.Namespace,
    result: Result,
    asked: Collection[str],
    ending: Ending | None = None,
) -> Outcome:
    """The whole report: findings in all that was read, a line for each table of the files `asked` about."""
    findings, sources = result.diagnostics, result.sources
    failed, says = (ending.failed, ending.says) if ending else (False, "")
    outdated = ending is None and any(each.holds is False for each in result.approvals)
    bad = refused(findings, deny_warnings=arguments.deny_warnings)
    code = int(failed or bad or (outdated and arguments.deny_warnings))
    tables = judged(result, asked)
    names = full_names(result.policies)
    drifted = tuple(machine.drifts(ending.files)) if ending else ()
    match arguments.output_format:
        case "json":
            files = ending.files if ending else None
            return Outcome(machine.render(findings, sources, tables, code, files, names), code)
        case "sarif":
            return Outcome(machine.sarif(findings, sources, drifted), code, says)
        case "github":
            return Outcome(machine.github(findings, sources, drifted), code, says)
    paint = terminal.colored if wants_color() else terminal.plain
    # `gapless run` has to be told besides where to look, if not where it looks anyway.
    elsewhere = arguments.paths if arguments.paths != [TABLES] else ()
    shown = terminal.render(
        findings,
        sources,
        paint=paint,
        limit=None if arguments.all else terminal.LIMIT,
        suffix=tuple(word for path in elsewhere for word in ("--tables", path)),
        names=names,
    )
    whole = f"{count(len(tables), 'table')} in {count(len(asked), 'file')}: {counted(findings)}\n"
    lines = "".join(verdicts(tables, result.approvals, paint))
    return Outcome("\n".join(part for part in (shown, lines, says or whole) if part), code)
