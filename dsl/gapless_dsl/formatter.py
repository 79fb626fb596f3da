"""Nodes and comments to text: laid out in columns, nothing reordered, nothing respelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from gapless_dsl.columns import pad, shown_width
from gapless_dsl.nodes import Comment, Document
from gapless_dsl.source import Source
from gapless_dsl.strips import Strip, strips

_ONE_LINERS = ("use", "type")


def format_document(document: Document, source: Source | None = None) -> str | None:
    """The file laid out; None where it could not be read whole, because layout must lose nothing."""
    return _printed(document, source) if document.complete else None


def print_document(document: Document) -> str:
    """The text of a document that was built rather than read; a cell that is None is printed empty."""
    return _printed(document, None)


def _printed(document: Document, source: Source | None) -> str:
    bare = [strip for node in document.declarations for strip in strips(node, source)]
    lines = _with_comments(bare, document.comments, source)
    text = "\n\n".join(_paragraph(each) for each in _paragraphs(lines, source))
    ended = f"{text}\n" if text else ""
    windows = source is not None and source.text.partition("\n")[0].endswith("\r")
    return ended.replace("\n", "\r\n") if windows else ended


# ---------------------------------------------------------------- comments


def _with_comments(
    bare: Sequence[Strip], comments: Sequence[Comment], source: Source | None
) -> list[Strip]:
    """Each comment before what it stood before."""
    found: list[Strip] = []
    waiting = list(reversed(_runs(comments, source)))
    for strip in bare:
        while waiting and waiting[-1][0].span.start <= strip.start:
            found += _comment(waiting.pop(), found[-1] if found else None, strip, source)
        found.append(strip)
    while waiting:
        found += _comment(waiting.pop(), found[-1] if found else None, None, source)
    return found


def _runs(comments: Sequence[Comment], source: Source | None) -> list[list[Comment]]:
    """Comments on lines that follow each other."""
    runs: list[list[Comment]] = []
    for comment in comments:
        if runs and _follows(comment, runs[-1][-1], source):
            runs[-1].append(comment)
        else:
            runs.append([comment])
    return runs


def _follows(comment: Comment, before: Comment, source: Source | None) -> bool:
    if source is None:
        return False
    return source.place(comment.span.start).line == source.place(before.span.start).line + 1


def _comment(
    run: Sequence[Comment], before: Strip | None, after: Strip | None, source: Source | None
) -> list[Strip]:
    """Laid out like what follows, or like what stands before if that is what it belongs to."""
    indent, part = (after.indent, after.part) if after else (0, "")
    if before and source and _belongs_before(run, before, after, source):
        indented = source.place(run[0].span.start).column > 1
        indent, part = 2 if indented or before.indent else 0, before.part
    return [Strip(each.text, each.span.start, indent, part, is_comment=True) for each in run]


def _belongs_before(
    run: Sequence[Comment], before: Strip, after: Strip | None, source: Source
) -> bool:
    """The last comment in a block does, if indented, and one with a blank line only below it."""
    first, last = (source.place(each.span.start) for each in (run[0], run[-1]))
    block_ends = after is None or after.indent == 0
    indented = first.column > 1
    if indented and block_ends:
        return True
    in_place = (before.indent > 0) == indented if block_ends else before.indent > 0
    return in_place and _touches(first.line, last.line, source)


def _touches(first: int, last: int, source: Source) -> bool:
    """Whether the lines from `first` to `last` have no blank line above them, and one below."""
    return not _is_blank(first - 1, source) and _is_blank(last + 1, source)


# ---------------------------------------------------------------- blank lines


def _paragraphs(lines: Sequence[Strip], source: Source | None) -> Iterator[list[Strip]]:
    paragraph = list(lines[:1])
    for above, below in pairwise(lines):
        if _must_part(above, below) or _is_parted(above, below, source):
            yield paragraph
            paragraph = []
        paragraph.append(below)
    if paragraph:
        yield paragraph


def _must_part(above: Strip, below: Strip) -> bool:
    if above.is_comment and above.indent == below.indent:
        return False
    if below.indent == 0:
        return above.part != below.part or above.part not in _ONE_LINERS
    return above.part != below.part


def _is_parted(above: Strip, below: Strip, source: Source | None) -> bool:
    """Whether the author left a blank line there, other than right below a declaration's first line."""
    if source is None or (above.indent == 0 and not above.is_comment and below.indent > 0):
        return False
    return _is_blank(source.place(below.start).line - 1, source)


def _is_blank(line: int, source: Source) -> bool:
    """Whether line number `line` is blank; there is nothing above the first, and nothing below the last."""
    inside = 1 <= line <= source.place(len(source.text)).line
    return inside and not source.line(line).strip()


# ---------------------------------------------------------------- one paragraph


def _paragraph(lines: Sequence[Strip]) -> str:
    runs = [(aligned, list(run)) for aligned, run in groupby(lines, lambda strip: strip.left != "")]
    return "\n".join(
        line for aligned, run in runs for line in (_aligned(run) if aligned else _indented(run))
    )


def _indented(lines: Sequence[Strip]) -> list[str]:
    return [" " * strip.indent + strip.text for strip in lines]


def _aligned(lines: Sequence[Strip]) -> list[str]:
    """One-line types, their `=` below each other."""
    width = max(shown_width(strip.left) for strip in lines)
    return [pad(strip.left, width) + strip.text.removeprefix(strip.left) for strip in lines]
