"""`gapless fmt`: lay tables out in columns, and change nothing else."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NamedTuple

from gapless.cli import cache, files
from gapless.cli.console import CannotRun, Outcome
from gapless.report import terminal
from gapless.text.words import count
from gapless_dsl.formatter import format_document
from gapless_dsl.parser import parse
from gapless_dsl.source import Source


class Layout(NamedTuple):
    """One file: as it is (None where it cannot be read), as it should be (None too where what it
    says cannot be), and why it cannot."""

    path: str
    raw: bytes | None
    laid_out: bytes | None
    complaint: str

    @property
    def is_right(self) -> bool:
        return self.laid_out is not None and self.laid_out == self.raw


def fmt(arguments: argparse.Namespace) -> Outcome:
    """Rewrite each file whose layout is not the one; a file that cannot be read is left as it is."""
    cache.prepare()
    layouts = [_layout(path) for path in files.discover(arguments.paths)]
    if all(layout.raw is None for layout in layouts):
        raise CannotRun(layouts[0].complaint)
    if files.STDIN in arguments.paths:
        if len(layouts) > 1:
            raise CannotRun("standard input is laid out alone: `gapless fmt -`")
        layout = layouts[0]
        if layout.laid_out is None:
            return Outcome("", 1, layout.complaint)
        if arguments.check:
            return Outcome("", int(not layout.is_right))
        return Outcome(layout.laid_out.decode("utf-8"), 0)
    if not arguments.check:
        for layout in layouts:
            if layout.laid_out is not None and not layout.is_right:
                files.replace(layout.path, layout.laid_out)
    return _told(layouts, check_only=arguments.check)


def _told(layouts: Sequence[Layout], *, check_only: bool) -> Outcome:
    done = "would be laid out anew" if check_only else "laid out anew"
    unread = [layout for layout in layouts if layout.laid_out is None]
    changed = [layout for layout in layouts if layout not in unread and not layout.is_right]
    lines = [f"{layout.path}  {done}\n" for layout in changed]
    lines += [f"{layout.path}  cannot be read, left as it is\n" for layout in unread]
    right = len(layouts) - len(unread) - (len(changed) if check_only else 0)
    lines.append(f"{right} of {count(len(layouts), 'file')} laid out as it should be\n")
    code = int(bool(unread or (changed and check_only)))
    complaints = [
        f"gapless: {layout.complaint}\n" if layout.raw is None else layout.complaint
        for layout in unread
    ]
    return Outcome("".join(lines), code, "\n".join(complaints))


def _layout(path: str) -> Layout:
    try:
        raw = files.read(path)
        source = Source(path, files.decoded(path, raw))
    except files.Unreadable as reason:
        return Layout(path, None, None, str(reason))
    document, findings = parse(source)
    text = format_document(document, source)
    if text is None:
        return Layout(path, raw, None, terminal.render(findings, {path: source}))
    return Layout(path, raw, text.encode("utf-8"), "")
