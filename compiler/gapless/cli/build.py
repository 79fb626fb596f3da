"""`gapless build`: compile what passes every check, and leave the output folder exactly so."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from gapless.backends import ALL
from gapless.backends.artefact import Artefact
from gapless.cli import files, outputs
from gapless.cli.arguments import TABLES
from gapless.cli.compiling import compiled, reported
from gapless.cli.console import CannotRun, Outcome, wants_color
from gapless.driver import Result


def build(arguments: argparse.Namespace) -> Outcome:
    """Nothing is written while there is any error, or with `--check`."""
    targets = _targets(arguments.to)
    paths = arguments.paths or [TABLES]
    if files.STDIN in paths:
        raise CannotRun("`build` reads files; standard input is for `check` and `fmt`")
    found = files.discover(paths)
    result = compiled(files.load(found))
    color = arguments.output_format == "text" and wants_color()
    refused = reported(arguments, result, found, color, closing=_nothing(arguments), outputs=())
    if refused.code or not result.is_sound:
        return refused
    changes = outputs.compared(arguments.out, targets, _artefacts(result, targets))
    _refuse_a_part(arguments, paths, changes)
    if not arguments.check:
        outputs.carry_out(changes)
    return reported(
        arguments,
        result,
        found,
        color,
        outputs=[change.told(arguments.check) for change in changes],
        closing=outputs.listed(changes, arguments.check, _repair(arguments)),
        spoiled=arguments.check and any(change.is_needed for change in changes),
    )


def _refuse_a_part(
    arguments: argparse.Namespace, paths: Sequence[str], changes: Sequence[outputs.Change]
) -> None:
    """Files named one by one are seldom all there is: what others became is no orphan."""
    orphans = [change.path for change in changes if change.state is outputs.State.ORPHANED]
    if orphans and not all(os.path.isdir(path) for path in paths):
        raise CannotRun(
            f"{arguments.out} also holds what other tables become, such as {orphans[0]}; "
            "build the folder that holds all tables, or choose another --out"
        )


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


def _artefacts(result: Result, targets: tuple[str, ...]) -> dict[str, str]:
    """Path to text; two files of one name would overwrite each other."""
    artefacts: dict[str, str] = {}
    for artefact in (each for target in targets for each in ALL[target](result)):
        _add(artefact, artefacts)
    return artefacts


def _add(artefact: Artefact, artefacts: dict[str, str]) -> None:
    if artefact.path in artefacts:
        raise CannotRun(
            f"two policies would become {artefact.path}; give them different names "
            "on their `policy` lines"
        )
    artefacts[artefact.path] = artefact.text


def _nothing(arguments: argparse.Namespace) -> str:
    return f"nothing was written to {arguments.out}: mend the errors first\n"


def _repair(arguments: argparse.Namespace) -> str:
    """The command that makes the output folder current."""
    words = ["gapless", "build", *(arguments.paths or [TABLES]), "--out", arguments.out]
    return " ".join([*words, *(["--to", arguments.to] if arguments.to else [])])
