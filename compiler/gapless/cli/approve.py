"""`gapless approve`: write down beside a table who approved what it decides."""

from __future__ import annotations

import argparse

from gapless.analysis.meaning import meaning
from gapless.approvals import Approval, aside, written
from gapless.cli import files
from gapless.cli.approving import approvals_in, is_proved
from gapless.cli.compiling import compiled
from gapless.cli.console import CannotRun, Outcome
from gapless.report import terminal
from gapless.run import find_table
from gapless_dsl.diagnostic import Severity


def approve(arguments: argparse.Namespace) -> Outcome:
    """A line in the file beside the table's own; one of the same table and name is written over."""
    by, note = arguments.by.strip(), arguments.note.strip()
    for option, said in (("--by", by), ("--note", note)):
        if not said:
            raise CannotRun(f"{option} says nothing: who approves, and what was looked at?")
        if any("\ud800" <= each <= "\udfff" for each in said):
            raise CannotRun(f"{option} is not UTF-8: {said!a}")
    loaded = files.load(files.discover(arguments.tables))
    result = compiled(loaded)
    table = find_table(result.policies, arguments.table)
    if isinstance(table, str):
        raise CannotRun(table)
    if not is_proved(table, result):
        errors = [each for each in result.diagnostics if each.severity is Severity.ERROR]
        told = terminal.render(errors, result.sources)
        return Outcome(f"{told}\nnothing was approved: fix the errors first\n", 1)
    path = files.approvals_of(table.span.path)
    known, comments = approvals_in(path, loaded.beside.get(path))
    new = Approval.of(table.name, by, note, meaning(result.units[table]))
    kept = [each for each in known if (each.table, each.by) != (table.name, by)]
    files.replace(path, written([*kept, new], comments).encode("utf-8"))
    says = f"{path}  {table.name} approved by {by}, meaning {new.digest[:12]}\n"
    if new.as_written:
        says += (
            f"note: calculated, or too many steps to be told by answers alone{aside(new.as_written)}: "
            "other words for the same take a new approval\n"
        )
    return Outcome(says, 0)
