"""`gapless evidence`: all there is to show of some tables, in a folder that anyone can verify without gapless.

The tables are compiled from where they lie in that folder, so that no path of this machine is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from importlib.resources import files as shipped

from gapless import __version__
from gapless.analysis.meaning import meaning
from gapless.approvals import aside
from gapless.backends import ALL
from gapless.cli import files, outputs
from gapless.cli.approving import with_approvals
from gapless.cli.build import artefacts, objections
from gapless.cli.compiling import compiled, judged, refused, verdicts
from gapless.cli.console import CannotRun, Outcome
from gapless.diff.policies import State, changes
from gapless.driver import Result, in_order
from gapless.proof.audit import audited_as_told
from gapless.report import answer, machine, terminal
from gapless.report.changes import machine as of_changes
from gapless.report.changes import markdown
from gapless.run import full_names, put
from gapless.text.words import count
from gapless_dsl.diagnostic import Diagnostic

MANIFEST = "manifest.sha256"
TABLES = "tables"


def evidence(arguments: argparse.Namespace) -> Outcome:
    """The folder, whole or not at all as far as its manifest says, which is written last."""
    out = arguments.out
    if files.STDIN in arguments.paths:
        raise CannotRun("`evidence` reads files; standard input is for `check` and `fmt`")
    if os.path.lexists(out) and (not os.path.isdir(out) or os.listdir(out)):
        raise CannotRun(f"{out} is not empty: evidence is written into a folder of its own")
    loaded = moved(files.load(files.discover(arguments.paths)))
    result = with_approvals(compiled(loaded), loaded)
    if refused(result.diagnostics, deny_warnings=False):
        return _nothing(result, result.diagnostics, out)
    audit, certificates = audited_as_told(result)
    made = artefacts(result, tuple(ALL))
    wrong = (*audit.findings, *in_order(objections(result, made)))
    if wrong:
        return _nothing(result, wrong, out)
    homes = {table: policy.name for policy in result.policies for table in policy.tables}
    lacking = {f"{homes[table]}.{table.name}": why for table, why in audit.beyond.items()}
    texts = {
        "README.md": _text("readme.md").replace("VERSION", __version__),
        "verify.py": _text("verify.py"),
        **_verdicts(result, lacking),
        "approvals.txt": "".join(_approvals(result)),
        **(_since(arguments.since, result) if arguments.since else {}),
        "examples.json": _examples(result),
        **{
            f"certificates/{homes[table]}/{table.name}.json": text
            for table, text in certificates.items()
        },
        **{f"generated/{path}": text for path, text in {**outputs.PACKAGE, **made}.items()},
    }
    held = {path: text.encode("utf-8") for path, text in texts.items()}
    given = {**loaded.raw, **loaded.beside}
    held |= {path: raw for path, raw in given.items() if raw is not None}
    if len({path.casefold() for path in held}) < len(held):
        raise CannotRun("two files of the evidence would have one name; rename a policy")
    digest = _written(out, held)
    return Outcome(
        f"{out}  {count(len(held), 'file')}, and {MANIFEST}\n"
        f"digest {digest}\n"
        f"to verify: python {out}/verify.py {digest}\n",
        0,
    )


def moved(loaded: files.Loaded) -> files.Loaded:
    """The same files as if the folder that holds them all were `tables`."""
    try:
        root = os.path.commonpath([os.path.dirname(os.path.abspath(each)) for each in loaded.raw])
    except ValueError:
        raise CannotRun("the tables lie on several drives; bring them together first") from None

    def place(path: str) -> str:
        within = os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
        return f"{TABLES}/{within}"

    return files.Loaded(
        {place(path): raw for path, raw in loaded.raw.items()},
        {place(path): why for path, why in loaded.unread.items()},
        {place(path): raw for path, raw in loaded.beside.items()},
    )


def _nothing(result: Result, findings: tuple[Diagnostic, ...], out: str) -> Outcome:
    told = terminal.render(findings, result.sources, limit=None)
    return Outcome(f"{told}\nnothing was written to {out}: fix the errors first\n", 1)


def _written(out: str, held: Mapping[str, bytes]) -> str:
    """Every file, then the manifest; the digest of that."""
    for path, content in sorted(held.items()):
        files.create(os.path.join(out, *path.split("/")), content)
    lines = (f"{hashlib.sha256(raw).hexdigest()}  {path}\n" for path, raw in sorted(held.items()))
    manifest = "".join(lines).encode("utf-8")
    files.create(os.path.join(out, MANIFEST), manifest)
    return hashlib.sha256(manifest).hexdigest()


def _text(name: str) -> str:
    return shipped(__name__).joinpath(name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- what is told


def _verdicts(result: Result, lacking: Mapping[str, str]) -> dict[str, str]:
    """What `check` says, for people and for programs, and which tables have no certificate."""
    findings, sources = result.diagnostics, result.sources
    tables = judged(result, [policy.path for policy in result.policies])
    shown = terminal.render(findings, sources, limit=None)
    told = "".join(verdicts(tables, result.approvals, terminal.plain))
    told += "".join(f"{name}  not certified: {why}\n" for name, why in lacking.items())
    names = full_names(result.policies)
    return {
        "verdicts.txt": f"{shown}\n{told}" if shown else told,
        "verdicts.json": machine.render(findings, sources, tables, 0, names=names),
    }


def _approvals(result: Result) -> Iterator[str]:
    """For each table the digest of what it decides, and how its approvals stand to that."""
    for policy in result.policies:
        for table in policy.tables:
            means = meaning(result.units[table])
            written = aside((name, by.value) for name, by in means.as_written.items())
            yield f"{policy.name}.{table.name}  {means.digest}{written}\n"
            of = (policy.path, table.name)
            told = [e.says for e in result.approvals if (e.path, e.approval.table) == of]
            yield from (f"  {each}\n" for each in map(terminal.visible, told or ["not approved"]))
    gone = [each for each in result.approvals if each.is_gone]
    yield from (f"{each.policy}.{each.approval.table}\n  {each.says}\n" for each in gone)


def _since(old: str, result: Result) -> dict[str, str]:
    """What changed since other tables, most often those of the evidence of the day of an approval."""
    manifest = os.path.join(old, MANIFEST)
    head = ""
    if os.path.isfile(manifest):
        with open(manifest, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        old, head = os.path.join(old, TABLES), f"Since the evidence with digest `{digest}`.\n\n"
    before = compiled(moved(files.load(files.discover([old]))))
    states = (
        State(each, frozenset(policy.path for policy in each.policies)) for each in (before, result)
    )
    change = changes(*states)
    return {
        "changes.md": head + markdown.render(change),
        "changes.json": of_changes.render(change, change.exit_code),
    }


def _examples(result: Result) -> str:
    """Every example put to the reference meaning: `check` has found that it gives what it says."""
    found = [
        {
            "policy": policy.name,
            "title": example.title,
            **json.loads(
                answer.machine(
                    put(table, dict(example.inputs)), result.policies, result.sources, {}
                )
            ),
        }
        for policy in result.policies
        for table in policy.tables
        for example in table.examples
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
