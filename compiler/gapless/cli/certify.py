"""`gapless check --certify`: a certificate of each table in a folder, checked without the prover."""

from __future__ import annotations

import argparse
import posixpath
from collections.abc import Mapping
from dataclasses import replace

from gapless.cli import files
from gapless.cli.compiling import Ending, compiled, refused, reported
from gapless.cli.console import CannotRun, Outcome
from gapless.driver import Result
from gapless.model import Table
from gapless.proof.audit import audited_as_told
from gapless.text.words import count


def certify(arguments: argparse.Namespace, found: tuple[str, ...], color: bool) -> Outcome:
    """Nothing is written while there is any error, or a certificate that is not confirmed."""
    result = compiled(files.load(found), arguments.today)
    nothing = Ending((), f"nothing was written to {arguments.certify}\n", failed=True)
    if refused(result.diagnostics, deny_warnings=arguments.deny_warnings):
        return reported(arguments, result, found, color, nothing)
    audit, texts = audited_as_told(result)
    if audit.findings:
        result = replace(result, diagnostics=audit.findings)
        return reported(arguments, result, found, color, nothing)
    written, says = [], ""
    for path, table in _paths(result, arguments.certify).items():
        if table in audit.beyond:
            continue
        files.replace(path, texts[table].encode("utf-8"))
        written.append({"path": path, "state": "written"})
        parts = count(len(audit.certificates[table].parts), "part")
        says += f"certified: {table.name}, {parts}, {path}\n"
    says += "".join(f"not certified: {each.name}, {why}\n" for each, why in audit.beyond.items())
    return reported(arguments, result, found, color, Ending(written, says, failed=False))


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
