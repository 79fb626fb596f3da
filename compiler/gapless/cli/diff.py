"""`gapless diff`: what a change of tables does to their answers, proved."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapless.cli import files, revisions
from gapless.cli.arguments import TABLES
from gapless.cli.compiling import compiled
from gapless.cli.console import CannotRun, Outcome, wants_color
from gapless.cli.files import Loaded
from gapless.diff import expecting
from gapless.diff.change import Change, Verdict
from gapless.diff.policies import State, changes
from gapless.diff.sides import Side
from gapless.driver import Result
from gapless.report import terminal
from gapless.report.changes import machine, markdown, text, wording
from gapless.text.words import listed
from gapless_dsl.undisturbed import undisturbed

COULD_NOT_SAY = 2

_DAY = re.compile(r"@(\d{4}-\d\d-\d\d)\Z")
_TABLE = re.compile(r":((?:\w+\.)?[A-Za-z_]\w*)\Z")


class Named(NamedTuple):
    """What was typed for one side: a path, or a revision; the files as they are where that is empty."""

    words: str
    revision: str
    only: str | None = None
    day: date | None = None


def diff(arguments: argparse.Namespace) -> Outcome:
    """The change, in the form that was asked for; 0 same, 1 changed, 2 could not say."""
    old, new = _sides(arguments.old, arguments.new)
    loaded = [_loaded(each, arguments.tables) for each in (old, new)]
    with undisturbed():
        results: list[Result] = [compiled(loaded[0][1])]
        results.append(
            results[0] if loaded[0][1].raw == loaded[1][1].raw else compiled(loaded[1][1])
        )
        states = [
            State(result, frozenset(paths), each.only, each.day)
            for each, (paths, _), result in zip((old, new), loaded, results, strict=True)
        ]
        for state, each in zip(states, (old, new), strict=True):
            if each.only and not state.named():
                raise CannotRun(f"there is no table `{each.only}` in {each.words}")
        change = changes(*states)
        aside = ""
        if arguments.on:
            change, aside = _counted(arguments, change, states)
    if arguments.write_expect:
        files.replace(arguments.write_expect, expecting.drafted(change).encode("utf-8"))
    if arguments.expect:
        return _expected(arguments, change, results[1])
    report = _reported(arguments, change, results[1], change.exit_code)
    return Outcome(report, change.exit_code, aside)


def _counted(
    arguments: argparse.Namespace, change: Change, states: Sequence[State]
) -> tuple[Change, str]:
    """The change, with the rows of a file counted for the one table that changed; else why they are not."""
    path = arguments.on
    if arguments.output_format == "sarif":
        raise CannotRun("--on is told in text, in markdown and in json")
    changed = [
        each
        for each in change.tables
        if each.old is not None and each.new is not None and each.verdict is not Verdict.SAME
    ]
    if not changed:
        return change, f"{path} was not read: no table answers otherwise\n"
    if len(changed) > 1:
        raise CannotRun(
            f"--on puts rows to one table, and {len(changed)} differ: "
            f"{listed([f'`{each.name}`' for each in changed])}; say which: "
            f"PATH:TABLE, as OLD and as NEW"
        )
    (one,) = changed
    try:
        from gapless.cli.apply.counting import counted
    except ImportError as missing:
        raise CannotRun(
            f"`diff --on` needs duckdb and pyarrow ({missing.name} is not installed): "
            "pip install 'gapless[apply]'"
        ) from None
    if one.undecided is not None:
        raise CannotRun(f"{path} was not read: of `{one.name}`, {one.undecided.why}")
    assert one.old is not None and one.new is not None
    old, new = (
        Side(state.result.units[table], state.day)
        for state, table in zip(states, (one.old, one.new), strict=True)
    )
    rows = replace(one, rows=counted(one, old, new, path))
    return Change(tuple(rows if each is one else each for each in change.tables)), ""


def _expected(arguments: argparse.Namespace, change: Change, result: Result) -> Outcome:
    """0 where just that happened which was stated."""
    try:
        with open(arguments.expect, encoding="utf-8") as file:
            stated = file.read()
    except (OSError, UnicodeDecodeError) as reason:
        raise CannotRun(f"{arguments.expect} cannot be read: {reason}") from None
    try:
        verdict = expecting.held(change, stated)
    except expecting.Unread as reason:
        raise CannotRun(f"{arguments.expect}: {reason}") from None
    code = {True: 0, False: 1, None: COULD_NOT_SAY}[verdict.holds]
    if arguments.output_format == "json":
        return Outcome(machine.render(change, code, verdict.says), code)
    if arguments.output_format == "text" and code == 0:
        rows = "".join(f"{said}\n" for each in change.tables if (said := wording.rows(each)))
        return Outcome(f"{verdict.says}\n{rows}digest {wording.digest(change)}\n", 0)
    report = _reported(arguments, change, result, code)
    if arguments.output_format == "sarif":
        return Outcome(report, code, f"{verdict.says}\n")
    return Outcome(f"{verdict.says}\n\n{report}", code)


def _reported(arguments: argparse.Namespace, change: Change, result: Result, code: int) -> str:
    match arguments.output_format:
        case "json":
            return machine.render(change, code)
        case "sarif":
            return machine.sarif(change, result.sources)
        case "markdown":
            return markdown.render(change)
    paint = terminal.colored if wants_color() else terminal.plain
    return text.render(change, paint=paint, limit=None if arguments.all else text.MOST)


# ---------------------------------------------------------------- what was typed


def _sides(old: str, new: str | None) -> tuple[Named, Named]:
    if new is not None:
        return _named(old), _named(new)
    first, dots, last = old.partition("..")
    if dots and not os.path.lexists(old):
        since = last.startswith(".")  # A...B: since they went apart
        one, other = first or "HEAD", last.removeprefix(".") or "HEAD"
        for each in (one, other):
            if not revisions.is_revision(each):
                raise CannotRun(f"git knows no revision `{each}` here")
        start = revisions.common_ancestor(one, other) if since else one
        return Named(one, start), Named(other, other)
    named = _named(old)
    if not named.revision:
        raise CannotRun(f"say what to compare {old} with: `gapless diff OLD NEW`, or a revision")
    return named, Named("the files", "", named.only, named.day)


def _named(typed: str) -> Named:
    """A path or revision, perhaps with a table and a day behind it."""
    words, day, only = typed, None, None
    if not os.path.lexists(words) and (match := _DAY.search(words)):
        try:
            day, words = date.fromisoformat(match[1]), words[: match.start()]
        except ValueError:
            raise CannotRun(f"`{match[1]}` is no day") from None
    if not os.path.lexists(words) and (match := _TABLE.search(words)):
        only, words = match[1], words[: match.start()]
    if os.path.lexists(words):
        return Named(words, "", only, day)
    if revisions.is_revision(words):
        return Named(words, words, only, day)
    raise CannotRun(f"{words} is no file, no folder and no git revision here")


def _loaded(side: Named, tables: Sequence[str]) -> tuple[tuple[str, ...], Loaded]:
    if side.revision:
        there = revisions.found_at(side.revision, _where(tables))
        return there, revisions.load_at(side.revision, there)
    found = files.discover(_where(tables) if side.words == "the files" else [side.words])
    loaded = files.load(found)
    if loaded.unread:
        raise next(iter(loaded.unread.values()))
    return found, loaded


def _where(tables: Sequence[str]) -> Sequence[str]:
    """Where tables are; in the whole folder where nothing is said and there is no such folder."""
    return ["."] if list(tables) == [TABLES] and not os.path.isdir(TABLES) else tables
