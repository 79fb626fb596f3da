"""Findings as a person reads them: the case before the theory, the guilty cell underlined."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from gapless.report.finding import Names, command
from gapless.report.glyphs import visible, width
from gapless.report.paint import INK_OF, Ink, Paint, plain
from gapless.report.shown import shown
from gapless.report.snippet import ROOM, quoted
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair
from gapless_dsl.source import Source

LIMIT = 20
"""How many findings a person is shown at once."""


def render(
    findings: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    *,
    paint: Paint = plain,
    limit: int | None = LIMIT,
    suffix: Sequence[str] = (),
    names: Names = MappingProxyType({}),
) -> str:
    """Findings one below the other, a blank line between them, the less important ones counted.

    `suffix` are the words that `gapless run` needs besides to find the same tables, `names` what it
    calls those whose name is not theirs alone.
    """
    chosen, left_out = shown(findings, limit)
    explained: set[str] = set()
    blocks = []
    for found in chosen:
        lines = list(_finding(found, sources, paint, command(found, suffix, names)))
        if found.code not in explained:
            lines.append(f"more: gapless explain {found.code}")
        explained.add(found.code)
        blocks.append("\n".join(lines) + "\n")
    if left_out:
        blocks.append(left_out)
    return "\n".join(blocks)


def _finding(
    found: Diagnostic, sources: Mapping[str, Source], paint: Paint, to_try: Sequence[str]
) -> Iterator[str]:
    ink = INK_OF[found.severity]
    yield f"{paint(f'{found.severity}[{found.code}]', ink)}: {paint(visible(found.title), Ink.STRONG)}"
    files = _by_file(found, sources)
    gutter = max((_digits(sources[path], there) for path, there in files), default=1)
    blank = " " * gutter
    for path, there in files:
        place = sources[path].place(there[0].span.start)
        subject = (
            f"  {visible(found.subject)}" if found.subject and there[0] is found.labels[0] else ""
        )
        yield f"{blank}{paint('┌─', Ink.QUIET)} {visible(path)}:{place.line}:{place.column}{subject}"
        yield blank + paint("│", Ink.QUIET)
        yield from quoted(sources[path], there, found.labels[0], gutter, paint, ink)
        yield blank + paint("│", Ink.QUIET)
    for note in found.notes:
        yield from _said(f"{blank}{paint('=', Ink.QUIET)} ", gutter + 2, gutter + 2, note)
    yield from _try(to_try, blank, paint)
    for each in found.helps:
        yield from _help(each, paint)


def _by_file(
    found: Diagnostic, sources: Mapping[str, Source]
) -> list[tuple[str, tuple[Label, ...]]]:
    """The labels, grouped by file in the order the files are first named, the guilty one in front."""
    order = {label.span.path: None for label in found.labels if label.span.path in sources}
    return [
        (path, tuple(label for label in found.labels if label.span.path == path)) for path in order
    ]


def _digits(source: Source, labels: Sequence[Label]) -> int:
    return max(len(str(source.place(label.span.start).line)) for label in labels)


def _said(lead: str, taken: int, indent: int, text: str) -> Iterator[str]:
    """A text wrapped at words; what its author put on lines of its own stays on lines of its own."""
    for line in text.splitlines():
        first, *rest = textwrap.wrap(
            visible(line),
            ROOM,
            initial_indent=" " * taken,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        yield (lead + first[taken:]).rstrip()
        yield from rest
        lead, taken = " " * indent, indent


def _try(words: Sequence[str], blank: str, paint: Paint) -> Iterator[str]:
    """The command that shows the witness, broken where a shell lets it."""
    if not words:
        return
    words = [shlex.quote(word) for word in words]
    line = f"{blank}{paint('=', Ink.QUIET)} try it: {' '.join(words[:3])}"
    taken = width(f"{blank}= try it: {' '.join(words[:3])}")
    for word in words[3:]:
        if taken + 3 + width(word) > ROOM:
            yield line + " \\"
            line, taken = " " * 10, 10
        line += f" {visible(word)}"
        taken += 1 + width(word)
    yield line


def _help(each: Help, paint: Paint) -> Iterator[str]:
    ink = Ink.GOOD if each.repair is Repair.MECHANICAL else Ink.NOTE
    lead = f"help ({each.repair}): "
    yield from _said(lead.replace("help", paint("help", ink)), len(lead), 6, each.text)
    for line in each.lines:
        yield f"  {paint('+', ink)} {visible(line)}"
