"""`gapless build`: compile what passes every check, and leave the output folder exactly so.

What was generated is loaded and tried before it is written; where it does not say what its table says,
that is GAP132, and nothing is written.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from gapless.backends import ALL, columns, python
from gapless.backends.verify.answers import Asked, Refused, Said, columnar_difference, objection
from gapless.backends.verify.explained import Reading, misread
from gapless.cli import files, journal, outputs
from gapless.cli.approving import with_approvals
from gapless.cli.compiling import Ending, compiled, refused, reported
from gapless.cli.console import CannotRun, Outcome
from gapless.driver import Result, in_order
from gapless.model import Table
from gapless.proof.audit import audited
from gapless.text.words import listed
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, Severity


def build(arguments: argparse.Namespace) -> Outcome:
    """Nothing is written while there is any error, or with `--check`.

    What a killed build left is settled first, whatever the tables say by now.
    """
    targets = _targets(arguments.to)
    if files.STDIN in arguments.paths:
        raise CannotRun("`build` reads files; standard input is for `check` and `fmt`")
    if arguments.check:
        left = outputs.left_behind(arguments.out)
        outcome = _built(arguments, targets, left)
        aside = f"{arguments.out}: a build was {left.says}\n" if left and left.changed else ""
    else:
        settled = outputs.settled(arguments.out)
        outcome = _built(arguments, targets, None)
        aside = f"{arguments.out}: an interrupted build was {settled}\n" if settled else ""
    return outcome._replace(aside=aside + outcome.aside)


def _built(
    arguments: argparse.Namespace, targets: tuple[str, ...], left: journal.Left | None
) -> Outcome:
    found = files.discover(arguments.paths)
    loaded = files.load(found)
    result = with_approvals(compiled(loaded, arguments.today), loaded)
    if arguments.allow_drafts:  # a draft is something to know then, and no reason to refuse
        known = [
            replace(each, severity=Severity.NOTE) if each.code == "GAP120" else each
            for each in result.diagnostics
        ]
        result = replace(result, diagnostics=tuple(known))

    def stopped(result: Result, so: str = "") -> Outcome:
        nothing = f"nothing was written to {arguments.out}{so}\n"
        return reported(arguments, result, found, Ending((), nothing, failed=True))

    if refused(result.diagnostics, deny_warnings=arguments.deny_warnings):
        return stopped(result, ": fix the errors first")
    wrong = audited(result).findings
    if not wrong:
        made = artefacts(result, targets)
        wrong = in_order(objections(result, made))
    if wrong:
        return stopped(replace(result, diagnostics=wrong))
    changes = _changes(arguments, targets, made, left)
    ending = Ending(
        files=[change.told(arguments.out, arguments.check) for change in changes],
        says="".join(f"{each}\n" for each in untried() if "columns" in targets)
        + outputs.listed(arguments.out, changes, arguments.check, _repair(arguments)),
        failed=arguments.check and any(change.is_needed for change in changes),
    )
    return reported(arguments, result, found, ending)


def _changes(
    arguments: argparse.Namespace,
    targets: Sequence[str],
    artefacts: Mapping[str, str],
    left: journal.Left | None,
) -> tuple[outputs.Change, ...]:
    """How the output folder stands to the tables; made to stand right, unless only asked.

    A folder that is current is left alone. Any other is looked at again when no build can be at it.
    """
    changes = _compared(arguments, targets, artefacts)
    is_needed = any(change.is_needed for change in changes)
    if arguments.check:
        if left is not None and (left.changed or is_needed):
            interrupted = outputs.State.INTERRUPTED
            return (outputs.Change(journal.FOLDER, interrupted, says=left.says), *changes)
    elif is_needed:
        with journal.alone(arguments.out):
            changes = _compared(arguments, targets, artefacts)
            outputs.carry_out(arguments.out, changes)
    return changes


def _compared(
    arguments: argparse.Namespace, targets: Sequence[str], artefacts: Mapping[str, str]
) -> tuple[outputs.Change, ...]:
    """Files named one by one are seldom all there is: what others became is no orphan."""
    every = {**artefacts, **outputs.package(arguments.out, artefacts)}
    changes = outputs.compared(arguments.out, targets, every)
    orphans = [change.path for change in changes if change.state is outputs.State.ORPHANED]
    if orphans and not all(os.path.isdir(path) for path in arguments.paths):
        raise CannotRun(
            f"{arguments.out} also holds what other tables become, such as {orphans[0]}; "
            "build the folder that holds all tables, or choose another --out"
        )
    return changes


def _targets(names: str | None) -> tuple[str, ...]:
    if names is None:
        return tuple(ALL)
    chosen = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    for name in chosen:
        if name not in ALL:
            raise CannotRun(f"there is no target `{name}`; there are {', '.join(ALL)}")
    if not chosen:
        raise CannotRun(f"--to names no target; there are {', '.join(ALL)}")
    return chosen


def artefacts(result: Result, targets: Sequence[str]) -> dict[str, str]:
    """Path to text. Policies of one name would become files of one name.

    On some disks they would even if only the case of their letters differs.
    """
    paths: dict[str, str] = {}
    for policy in result.policies:
        other = paths.setdefault(policy.name.casefold(), policy.path)
        if other != policy.path:
            raise CannotRun(
                f"{other} and {policy.path} are both policy `{policy.name}`; "
                "give one another name on its `policy` line"
            )
    return {artefact.path: artefact.text for target in targets for artefact in ALL[target](result)}


def _repair(arguments: argparse.Namespace) -> str:
    """The command that makes the output folder current."""
    words = ["gapless", "build", *arguments.paths, "--out", arguments.out]
    words += ["--allow-drafts"] if arguments.allow_drafts else []
    words += ["--today", str(arguments.today)] if arguments.today else []
    return " ".join([*words, *(["--to", arguments.to] if arguments.to else [])])


# ---------------------------------------------------------------- what was generated, tried

REFUSALS = ("InputError", "ImpossibleError", "DraftError", "OutcomeError")

TOO_LONG = "has numbers that are too long to compare"

FRAMES = ("narwhals", "polars")
"""What generated functions of data frames are tried with."""


def objections(result: Result, artefacts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A finding for each table whose functions, loaded from the texts to be written, differ from it.

    Of a target that is not among the texts nothing is tried, nor what needs a library that is not there.
    """
    for each in python.modules(result):
        if each.path in artefacts:
            for table, why in _scalars(each, result, artefacts[each.path]):
                yield _differs(table, "code", why)
    if not _is_there("numpy"):
        return
    tried = [each for each in columns.modules(result) if each.path in artefacts and each.functions]
    beside: dict[str, ModuleType] = {}
    for of_columns in tried:
        for table, why in _columnar(of_columns, result, artefacts, beside):
            yield _differs(table, "code for whole columns", why)


def _differs(table: Table, what: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GAP132",
        Severity.ERROR,
        f"the {what} generated for `{table.name}` does not answer as its table does",
        (Label(table.span),),
        subject=f"table {table.name}",
        notes=(why, "this is a fault of gapless, not of the table; nothing was written"),
        helps=(Help(Repair.DECISION, "send this table to the maintainers of gapless"),),
    )


def untried() -> Iterator[str]:
    """What is written without having been run, because a library that it needs is not installed."""
    if not _is_there("numpy"):
        yield "columns were not tried before they were written: numpy is not installed"
    elif lacking := [name for name in FRAMES if not _is_there(name)]:
        are = f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed"
        yield f"data frames were not tried before columns were written: {are}"


def _is_there(name: str) -> bool:
    return find_spec(name) is not None


def _loaded(path: str, text: str, beside: Mapping[str, ModuleType] | None = None) -> ModuleType:
    """The module that a text is, known by its name while it is loaded, as are those `beside` it."""
    parts = path.removesuffix(".py").split("/")
    is_package = parts[-1] == "__init__"
    module = ModuleType(".".join(parts[:-1] if is_package else parts))
    module.__package__ = ".".join(parts[:-1])
    known = {**(beside or {}), module.__name__: module}
    before = {name: sys.modules.get(name) for name in known}
    sys.modules.update(known)
    try:
        exec(compile(text.encode(), path, "exec"), module.__dict__)  # noqa: S102
    finally:
        for name, held in before.items():
            if held is None:
                del sys.modules[name]
            else:
                sys.modules[name] = held
    return module


# ---------------------------------------------------------------- one case at a time


def _scalars(each: python.Module, result: Result, text: str) -> Iterator[tuple[Table, str]]:
    try:
        module = _loaded(each.path, text)
    except Exception as error:  # noqa: BLE001, whatever it is, nothing can be asked
        yield next(iter(each.functions)), f"it cannot be loaded: {_said(error)}"
        return
    for table, (answer, explain) in each.functions.items():
        explaining = getattr(module, explain)
        several = len(table.outputs) > 1
        asked = _asked(getattr(module, answer), several)
        explained = _asked(lambda *given, of=explaining: of(*given).answer, several)
        unit = result.units[table]
        why = objection(unit, asked, explained) or misread(unit, _reading(explaining))
        if why is not None:
            yield table, why


def _reading(explaining: Callable[..., Any]) -> Reading:
    def read(given: Sequence[Any]) -> tuple[str, str]:
        found = explaining(*given)
        return found.rule, found.basis

    return read


def _asked(function: Callable[..., Any], is_several: bool) -> Asked:
    def ask(given: Sequence[Any]) -> Said:
        try:
            answer = function(*given)
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            name = type(error).__name__
            return Refused(name if name in REFUSALS else _said(error))
        return tuple(answer) if is_several else (answer,)

    return ask


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------- whole columns and data frames


def _columnar(
    each: columns.Module,
    result: Result,
    artefacts: Mapping[str, str],
    beside: dict[str, ModuleType],
) -> Iterator[tuple[Table, str]]:
    """What differs; `beside` is what modules share, loaded with the first of them."""
    try:
        if not beside:
            package = _loaded(columns.PACKAGE, artefacts[columns.PACKAGE])
            runtime = _loaded(columns.RUNTIME, artefacts[columns.RUNTIME])
            beside |= {each.__name__: each for each in (package, runtime)}
        module = _loaded(each.path, artefacts[each.path], beside)
    except Exception as error:  # noqa: BLE001, whatever it is, nothing can be asked
        yield next(iter(each.functions)), f"it cannot be loaded: {_said(error)}"
        return
    numpy = import_module("numpy")
    polars = import_module("polars") if all(map(_is_there, FRAMES)) else None
    for table, names in each.functions.items():
        try:
            functions = getattr(module, names.columns), getattr(module, names.frame, None)
            unit = result.units[table]
            why = columnar_difference(unit, *functions, names.fields, numpy, polars)
        except Exception as error:  # noqa: BLE001, whatever it is, it is not an answer
            # Bounds alone may be too long to compare; the page on columns says what then happens.
            why = None if str(error).endswith(TOO_LONG) else _said(error)
        if why is not None:
            yield table, why
