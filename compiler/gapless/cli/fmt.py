"""`gapless fmt`: lay tables out in columns, and change nothing else."""

from __future__ import annotations

import argparse

from gapless.cli import files
from gapless.cli.arguments import TABLES
from gapless.cli.console import Outcome
from gapless.report import terminal
from gapless.report.paint import plain
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source


def fmt(arguments: argparse.Namespace) -> Outcome:
    """Rewrite each file whose layout is not the one; a file that cannot be read is left as it is."""
    paths = arguments.paths or [TABLES]
    found = files.discover(paths)
    if files.STDIN in paths:
        return _printed(found[0], arguments.check)
    told, complaints, code = [], [], 0
    for path in found:
        raw = files.read(path)
        laid_out, complaint = _laid_out(path, raw)
        if laid_out is None:
            complaints.append(complaint)
            told.append(f"{path}  left as it is\n")
            code = 1
        elif laid_out == raw:
            continue
        elif arguments.check:
            told.append(f"{path}  would be laid out anew\n")
            code = 1
        else:
            files.replace(path, laid_out)
            told.append(f"{path}  laid out anew\n")
    told.append(f"{len(found)} {'file' if len(found) == 1 else 'files'}, {_changes(told)}\n")
    return Outcome("".join(told), code, "\n".join(complaints))


def _printed(path: str, check_only: bool) -> Outcome:
    raw = files.read(path)
    laid_out, complaint = _laid_out(path, raw)
    if laid_out is None:
        return Outcome("", 1, complaint)
    if check_only:
        return Outcome("", int(laid_out != raw))
    return Outcome(laid_out.decode("utf-8"), 0)


def _laid_out(path: str, raw: bytes) -> tuple[bytes | None, str]:
    """The file as it should be, or None and why it cannot be."""
    source = Source(path, files.decoded(path, raw))
    document, findings = parse(source)
    text = format_document(document, source)
    if text is None:
        return None, _complaint(findings, source)
    return text.encode("utf-8"), ""


def _complaint(findings: tuple[Diagnostic, ...], source: Source) -> str:
    return terminal.render(findings, {source.path: source}, paint=plain)


def _changes(told: list[str]) -> str:
    return f"{len(told)} to mention" if told else "all laid out as they should be"
