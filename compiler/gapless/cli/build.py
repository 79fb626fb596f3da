"""`gapless build`: compile what passes every check, and leave the output folder exactly so."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gapless.backends import ALL
from gapless.cli import files, journal, outputs
from gapless.cli.arguments import TABLES
from gapless.cli.compiling import Ending, compiled, refused, reported
from gapless.cli.console import CannotRun, Outcome, wants_color
from gapless.cli.trying import objections, untried
from gapless.driver import Result, in_order
from gapless.proof.audit import audited
from gapless_dsl.diagnostic import Severity


def build(arguments: argparse.Namespace) -> Outcome:
    """Nothing is written while there is any error, or with `--check`.

    What a killed build left is settled first, whatever the tables say by now.
    """
    targets = _targets(arguments.to)
    if files.STDIN in (arguments.paths or ()):
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
    found = files.discover(arguments.paths or [TABLES])
    result = compiled(files.load(found), arguments.today)
    if arguments.allow_drafts:  # a draft is something to know then, and no reason to refuse
        known = [
            replace(each, severity=Severity.NOTE) if each.code == "GAP120" else each
            for each in result.diagnostics
        ]
        result = replace(result, diagnostics=tuple(known))
    color = arguments.output_format == "text" and wants_color()

    def stopped(result: Result, so: str = "") -> Outcome:
        nothing = f"nothing was written to {arguments.out}{so}\n"
        return reported(arguments, result, found, color, Ending((), nothing, failed=True))

    if refused(result.diagnostics, deny_warnings=arguments.deny_warnings):
        return stopped(result, ": fix the errors first")
    wrong = audited(result).findings
    if not wrong:
        artefacts = _artefacts(result, targets)
        wrong = in_order(objections(result, artefacts))
    if wrong:
        return stopped(replace(result, diagnostics=wrong))
    changes = _changes(arguments, targets, artefacts, left)
    ending = Ending(
        files=[change.told(arguments.out, arguments.check) for change in changes],
        says="".join(f"{each}\n" for each in untried() if "columns" in targets)
        + outputs.listed(arguments.out, changes, arguments.check, _repair(arguments)),
        failed=arguments.check and any(change.is_needed for change in changes),
    )
    return reported(arguments, result, found, color, ending)


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
    if orphans and not all(os.path.isdir(path) for path in arguments.paths or [TABLES]):
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


def _artefacts(result: Result, targets: Sequence[str]) -> dict[str, str]:
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
    words = ["gapless", "build", *(arguments.paths or [TABLES]), "--out", arguments.out]
    words += ["--allow-drafts"] if arguments.allow_drafts else []
    words += ["--today", str(arguments.today)] if arguments.today else []
    return " ".join([*words, *(["--to", arguments.to] if arguments.to else [])])
