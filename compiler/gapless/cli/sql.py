"""`gapless sql`: print tables as expressions, views or functions of a database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from gapless.backends.sql import Unsupported
from gapless.backends.sql.dialects import ALL, Dialect, NoTranslator, Untranslated
from gapless.backends.sql.statements import (
    Form,
    expression,
    functions,
    unviewed,
    view,
    written,
)
from gapless.cli import files
from gapless.cli.compiling import compiled, refused
from gapless.cli.console import CannotRun, Outcome
from gapless.driver import Result
from gapless.model import Policy, Table
from gapless.proof.audit import audited
from gapless.report import terminal


def sql(arguments: argparse.Namespace) -> Outcome:
    """The statements on standard output; nothing is printed while there is any error."""
    if files.STDIN in arguments.paths:
        raise CannotRun("`sql` reads files; standard input is for `check` and `fmt`")
    result = compiled(files.load(files.discover(arguments.paths)))
    found = result.diagnostics or audited(result).findings
    if refused(found, deny_warnings=False):
        return Outcome(terminal.render(found, result.sources), 1)
    dialect, form = ALL[arguments.dialect], Form(arguments.form)
    if form is Form.FUNCTION and dialect.function is None:
        raise CannotRun(f"{dialect.name} has no functions in SQL; ask for --as view or expression")
    try:
        parts = [*_statements(arguments, result, dialect, form)]
    except NoTranslator:
        raise CannotRun(
            f"--dialect {dialect.name} needs sqlglot: python -m pip install 'gapless[sql]'"
        ) from None
    return Outcome("\n".join(parts), 0)


def _statements(
    arguments: argparse.Namespace, result: Result, dialect: Dialect, form: Form
) -> Iterator[str]:
    """The statements of every table asked for; of one that has none, why, as a comment."""
    for policy, table in _chosen(result, arguments.table):
        found = written(result.units[table], dialect)
        why = None
        try:
            if isinstance(found, Unsupported):
                why = found.reason
            elif form is Form.EXPRESSION:
                yield "\n".join(expression(found))
            elif form is Form.FUNCTION:
                yield "\n".join(functions(found))
            elif (why := unviewed(found)) is None:
                yield view(found, arguments.source)[0]
        except Untranslated as reason:
            why = str(reason)
        if why is None:
            continue
        if arguments.table is not None:
            raise CannotRun(f"{policy.name}.{table.name} cannot be expressed in SQL: {why}")
        yield f"-- {table.name} cannot be expressed in SQL: {why}\n"


def _chosen(result: Result, name: str | None) -> list[tuple[Policy, Table]]:
    """The tables meant by a name, or all of them."""
    every = [(policy, table) for policy in result.policies for table in policy.tables]
    if name is None:
        return every
    chosen = [each for each in every if name in (each[1].name, f"{each[0].name}.{each[1].name}")]
    if not chosen:
        known = ", ".join(f"{policy.name}.{table.name}" for policy, table in every)
        raise CannotRun(f"there is no table `{name}`; there are {known}")
    if len(chosen) > 1:
        named = " and ".join(f"{policy.name}.{table.name}" for policy, table in chosen)
        raise CannotRun(f"`{name}` is {named}; say which")
    return chosen
