"""From files to a result, and from a result to what is printed of it: what `check` and `build` share."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapless.cli import cache
from gapless.cli.arguments import TABLES
from gapless.cli.console import CannotRun, Outcome
from gapless.cli.files import Loaded, Unreadable, decoded, sources, used_by
from gapless.driver import Result, compile_sources, in_order
from gapless.report import machine, terminal
from gapless.report.finding import counted
from gapless.report.machine import drifts
from gapless.report.tables import Told, told
from gapless.report.terminal import Ink, Paint, colored, plain, width
from gapless.run import full_names
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity
from gapless_dsl.source import Span


def compiled(loaded: Loaded, today: date | None = None) -> Result:
    """The result of files that say anything: a pipe that broke off must not pass for a sound policy."""
    cache.prepare()
    read = sources(loaded)
    if all(_is_blank(source.text) for source in read.values()):
        raise CannotRun(f"nothing is declared in {', '.join(read)}")
    result = compile_sources(tuple(read.values()), today)
    known = [found for found in result.diagnostics if not _is_of_unread(found, loaded)]
    unread = [_unread(path, why) for path, why in loaded.unread.items()]
    return replace(result, diagnostics=in_order([*known, *unread]))


def _is_of_unread(found: Diagnostic, loaded: Loaded) -> bool:
    """Whether a `use` line is called wrong because the file it names is there and cannot be read."""
    if found.code != "GAP014":
        return False
    text = decoded(found.span.path, loaded.raw[found.span.path] or b"")
    line = f"use {text[found.span.start : found.span.end]}"
    return any(used in loaded.unread for used in used_by(found.span.path, line))


def _unread(path: str, why: Unreadable) -> Diagnostic:
    """A file that cannot be read hides nothing but what it says itself."""
    return Diagnostic(
        "GAP017",
        Severity.ERROR,
        why.what,
        (Label(Span(path, 0, 0), "not read"),),
        notes=("nothing in it was checked; the other files were",),
        helps=(Help(Repair.DECISION, why.todo),),
    )


def _is_blank(text: str) -> bool:
    """Whether there is nothing but blanks and comments."""
    return all(line.lstrip().startswith("#") or not line.strip() for line in text.split("\n"))


def refused(findings: Sequence[Diagnostic], *, deny_warnings: bool) -> bool:
    """Whether something was found that must not pass."""
    bad = {Severity.ERROR, Severity.WARNING} if deny_warnings else {Severity.ERROR}
    return any(found.severity in bad for found in findings)


class Ending(NamedTuple):
    """What `build` has to add: the files as scripts and as people are told of them, and whether it failed."""

    files: Sequence[Mapping[str, str]]
    says: str
    failed: bool


def reported(
    arguments: argparse.Namespace,
    result: Result,
    asked: Collection[str],
    color: bool,
    ending: Ending | None = None,
) -> Outcome:
    """The whole report: findings in all that was read, a line for each table of the files `asked` about."""
    findings, sources = result.diagnostics, result.sources
    failed = ending is not None and ending.failed
    code = int(failed or refused(findings, deny_warnings=arguments.deny_warnings))
    policies = [policy for policy in result.policies if policy.path in asked]
    tables = told(policies, result.units, findings, sources)
    names = full_names(result.policies)
    drifted = tuple(drifts(ending.files)) if ending else ()
    says = ending.says if ending else ""
    match arguments.output_format:
        case "json":
            files = ending.files if ending else None
            return Outcome(machine.render(findings, sources, tables, code, files, names), code)
        case "sarif":
            return Outcome(machine.sarif(findings, sources, drifted), code, says)
        case "github":
            return Outcome(machine.github(findings, sources, drifted), code, says)
    paint = colored if color else plain
    shown = terminal.render(
        findings,
        sources,
        paint=paint,
        limit=None if arguments.all else terminal.LIMIT,
        suffix=suffix(arguments.paths),
        names=names,
    )
    whole = f"{count(len(tables), 'table')} in {count(len(asked), 'file')}: {counted(findings)}\n"
    says = says or whole
    return Outcome("\n".join(part for part in (shown, _lines(tables, paint), says) if part), code)


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
