"""The approvals that stand beside files, held against what their tables decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gapless.analysis.composition.calls import with_called
from gapless.analysis.meaning import meaning
from gapless.approvals import Approval, Standing, changed, read
from gapless.cli import files
from gapless.cli.console import CannotRun
from gapless.cli.files import Loaded
from gapless.driver import Result
from gapless.model import Policy, Table
from gapless.report.finding import table_of
from gapless_dsl.diagnostic import Severity


def with_approvals(result: Result, loaded: Loaded) -> Result:
    """The result, knowing who approved what; nothing is worked out where nobody did."""
    if not any(loaded.beside.values()):
        return result
    found = tuple(each for policy in result.policies for each in _of(policy, result, loaded))
    return replace(result, approvals=found)


def approvals_in(path: str, raw: bytes | None) -> tuple[tuple[Approval, ...], tuple[str, ...]]:
    """The approvals of a file and its comments; raises CannotRun where a line says something else."""
    found = read(files.decoded(path, raw or b""))
    if isinstance(found, int):
        raise CannotRun(
            f"{path}:{found} is no approval; bring the line back as `gapless approve` wrote it, or "
            "delete it and approve anew"
        )
    return found


def is_proved(table: Table, result: Result) -> bool:
    """Whether nothing is wrong with a table, nor with those that it calls."""
    errors = [each for each in result.diagnostics if each.severity is Severity.ERROR]
    wrong = {(each.span.path, table_of(each)) for each in errors}
    if any(name is None for _, name in wrong):
        return False
    beneath = with_called(table)
    return all(t in result.units and (t.span.path, t.name) not in wrong for t in beneath)


def _of(policy: Policy, result: Result, loaded: Loaded) -> Iterator[Standing]:
    path = files.approvals_of(policy.path)
    tables = {table.name: table for table in policy.tables}
    is_whole = not any(
        each.severity is Severity.ERROR and each.span.path == policy.path
        for each in result.diagnostics
    )
    for each in approvals_in(path, loaded.beside.get(path))[0]:
        table = tables.get(each.table)
        if table is not None and is_proved(table, result):
            since = changed(each, meaning(result.units[table]))
            yield Standing(policy.name, policy.path, each, since)
        else:
            is_gone = table is None and is_whole
            yield Standing(policy.name, policy.path, each, None, is_gone)
