"""`gapless check`: prove, and say what was proved; with `--certify`, so that others can check it."""

from __future__ import annotations

import argparse
import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gapless.cli import cache, files
from gapless.cli.console import CannotRun, Outcome, wants_color

if TYPE_CHECKING:
    from gapless.driver import Result
    from gapless.model import Table


def check(arguments: argparse.Namespace) -> Outcome:
    """What was said of the same files before, or else the whole work."""
    paths = arguments.paths
    found = files.discover(paths)
    if arguments.certify is not None:
        return _certified(arguments, found)
    if arguments.no_cache or files.STDIN in paths:
        return _worked_out(arguments, found)[0]
    color = arguments.output_format == "text" and wants_color()
    day = str(arguments.today)
    asked = (arguments.output_format, color, arguments.deny_warnings, arguments.all, day, *paths)
    name = cache.request(found, asked)
    known = cache.recall(name)
    if known is not None:
        return known
    outcome, loaded = _worked_out(arguments, found)
    cache.remember(name, loaded, outcome)
    return outcome


def _worked_out(
    arguments: argparse.Namespace, found: tuple[str, ...]
) -> tuple[Outcome, dict[str, bytes | None]]:
    from gapless.cli.approving import with_approvals
    from gapless.cli.compiling import compiled, reported
    from gapless_dsl.undisturbed import undisturbed

    loaded = files.load(found)
    with undisturbed():
        result = with_approvals(compiled(loaded, arguments.today), loaded)
        return reported(arguments, result, found), {**loaded.raw, **loaded.beside}


def _certified(arguments: argparse.Namespace, found: tuple[str, ...]) -> Outcome:
    """A certificate of each table in a folder, checked without the prover.

    Nothing is written while there is any error, or a certificate that is not confirmed.
    """
    from dataclasses import replace

    from gapless.cli.approving import with_approvals
    from gapless.cli.compiling import Ending, compiled, refused, reported
    from gapless.proof.audit import audited_as_told
    from gapless.text.words import count

    loaded = files.load(found)
    result = with_approvals(compiled(loaded, arguments.today), loaded)
    nothing = Ending((), f"nothing was written to {arguments.certify}\n", failed=True)
    if refused(result.diagnostics, deny_warnings=arguments.deny_warnings):
        return reported(arguments, result, found, nothing)
    audit, texts = audited_as_told(result)
    if audit.findings:
        result = replace(result, diagnostics=audit.findings)
        return reported(arguments, result, found, nothing)
    written, says = [], ""
    for path, table in _paths(result, arguments.certify).items():
        if table in audit.beyond:
            continue
        files.replace(path, texts[table].encode("utf-8"))
        written.append({"path": path, "state": "written"})
        parts = count(len(audit.certificates[table].parts), "part")
        says += f"certified: {table.name}, {parts}, {path}\n"
    says += "".join(f"not certified: {each.name}, {why}\n" for each, why in audit.beyond.items())
    return reported(arguments, result, found, Ending(written, says, failed=False))


def _paths(result: Result, folder: str) -> Mapping[str, Table]:
    """Where each certificate goes, as the policy and the table are called."""
    tables = [(policy, table) for policy in result.policies for table in policy.tables]
    paths = {
        files.shown(posixpath.join(folder, policy.name, f"{table.name}.json")): table
        for policy, table in tables
    }
    for policy, table in tables:
        link = files.link_in(folder, posixpath.join(policy.name, f"{table.name}.json"))
        if link is not None:
            raise CannotRun(f"{link} is a link, and no certificate is written through one")
    if len({path.casefold() for path in paths}) < len(tables):
        raise CannotRun("two tables would have certificates of one name; rename a policy")
    return paths
