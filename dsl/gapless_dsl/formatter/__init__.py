"""Nodes and comments to text: laid out in columns, nothing reordered, nothing respelled.

`printer` writes each small thing, `grid` lays out rows; here declarations become lines, and lines a file.
A file that could not be read whole is never printed, for layout must lose nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple, assert_never

from gapless_dsl import nodes
from gapless_dsl.formatter import printer
from gapless_dsl.formatter.printer import lay_out, pad, shown_width, written
from gapless_dsl.lexis import DRAFT, IMPOSSIBLE, quoted, spelled
from gapless_dsl.source import Source

_ONE_LINERS = ("use", "type")


def format_document(document: nodes.Document, source: Source | None = None) -> str | None:
    """The file laid out; None where it could not be read whole, because layout must lose nothing."""
    return _printed(document, source) if document.complete else None


def print_document(document: nodes.Document) -> str:
    """The text of a document that was built rather than read; a cell that is None is printed empty."""
    return _printed(document, None)


def _printed(document: nodes.Document, source: Source | None) -> str:
    bare = [strip for node in document.declarations for strip in strips(node, source)]
    lines = _with_comments(bare, document.comments, source)
    text = "\n\n".join(_paragraph(each) for each in _paragraphs(lines, source))
    ended = f"{text}\n" if text else ""
    windows = source is not None and source.text.partition("\n")[0].endswith("\r")
    return ended.replace("\n", "\r\n") if windows else ended


# ---------------------------------------------------------------- comments


def _with_comments(
    bare: Sequence[Strip], comments: Sequence[nodes.Comment], source: Source | None
) -> list[Strip]:
    """Each comment before what it stood before; those on lines that follow each other stay together."""
    found: list[Strip] = []
    runs: list[list[nodes.Comment]] = []
    for comment in comments:
        if runs and source and _line(comment, source) == _line(runs[-1][-1], source) + 1:
            runs[-1].append(comment)
        else:
            runs.append([comment])
    runs.reverse()
    for strip in (*bare, None):
        while runs and (strip is None or runs[-1][0].span.start <= strip.start):
            found += _comment(runs.pop(), found[-1] if found else None, strip, source)
        if strip is not None:
            found.append(strip)
    return found


def _line(comment: nodes.Comment, source: Source) -> int:
    return source.place(comment.span.start).line


def _comment(
    run: Sequence[nodes.Comment], before: Strip | None, after: Strip | None, source: Source | None
) -> list[Strip]:
    """Laid out like what follows, or like what stands before if that is what it belongs to."""
    indent, part = (after.indent, after.part) if after else (0, "")
    if before and source and _belongs_before(run, before, after, source):
        indented = source.place(run[0].span.start).column > 1
        indent, part = 2 if indented or before.indent else 0, before.part
    return [Strip(each.text, each.span.start, indent, part, is_comment=True) for each in run]


def _belongs_before(
    run: Sequence[nodes.Comment], before: Strip, after: Strip | None, source: Source
) -> bool:
    """The last comment in a block does, if indented, and one with a blank line only below it."""
    first, last = (source.place(each.span.start) for each in (run[0], run[-1]))
    block_ends = after is None or after.indent == 0
    indented = first.column > 1
    if indented and block_ends:
        return True
    in_place = (before.indent > 0) == indented if block_ends else before.indent > 0
    touches = not _is_blank(first.line - 1, source) and _is_blank(last.line + 1, source)
    return in_place and touches


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


def _paragraph(strips: Sequence[Strip]) -> str:
    """Indented lines; of one-line types that follow each other, the `=` below each other."""
    lines: list[str] = []
    for aligned, run in groupby(strips, lambda strip: strip.left != ""):
        those = list(run)
        width = max(shown_width(strip.left) for strip in those)
        for strip in those:
            left = pad(strip.left, width) if aligned else " " * strip.indent
            lines.append(left + strip.text.removeprefix(strip.left))
    return "\n".join(lines)


# ---------------------------------------------------------------- declarations as lines

WIDEST_TYPE = 100
"""A closed list longer than this is written one member a line, where its author did not choose."""


class Strip(NamedTuple):
    """A line, or two that nothing may part. Strips of one `part` stand together in their block.

    `left` is what stands before the `=` that the lines around it have below this one's.
    """

    text: str
    start: int
    indent: int = 2
    part: str = ""
    left: str = ""
    is_comment: bool = False


def strips(node: nodes.Declaration, source: Source | None) -> list[Strip]:
    match node:
        case nodes.PolicyNode():
            return _policy(node, source)
        case nodes.UseNode(path, span):
            return [Strip(f"use {quoted(path.text)}", span.start, 0, "use")]
        case nodes.SourceNode():
            lines = [(each.name, each.name.text, each.title, "") for each in node.sections]
            return [_head("source", node), *_titled(lines)]
        case nodes.TypeDeclaration():
            return _type(node, source)
        case nodes.ImpossibleNode():
            return _impossible(node)
        case nodes.TableNode():
            return _table(node)
        case _:
            assert_never(node)


def _head(
    keyword: str,
    node: nodes.PolicyNode | nodes.SourceNode | nodes.ImpossibleNode | nodes.TableNode,
    rest: str = "",
) -> Strip:
    line = printer.titled(f"{keyword} {node.name.text}{rest}", node.title)
    return Strip(line, node.span.start, 0)


def _start(strip: Strip) -> int:
    return strip.start


def _titled(lines: Sequence[tuple[nodes.Word, str, nodes.Word | None, str]]) -> list[Strip]:
    """A name and a title a line, the titles below each other; and what follows these."""
    width = max((shown_width(name) for _, name, title, _ in lines if title), default=0)
    return [
        Strip(printer.titled(pad(name, width) if title else name, title) + rest, word.span.start)
        for word, name, title, rest in lines
    ]


# ---------------------------------------------------------------- policy


def _policy(node: nodes.PolicyNode, source: Source | None) -> list[Strip]:
    lines = [_note(note) for note in node.notes]
    for words, day in (("as of", node.as_of), ("review by", node.review_by)):
        if day is not None:
            lines.append(Strip(f"{words} {day}", _place_of(words, node, source)))
    return [_head("policy", node), *sorted(lines, key=_start)]


def _note(node: nodes.NoteNode) -> Strip:
    at = f" at {quoted(node.address.text)}" if node.address else ""
    return Strip(quoted(node.text.text) + at, node.text.span.start)


def _place_of(words: str, node: nodes.PolicyNode, source: Source | None) -> int:
    """Where a day's line begins: the node does not say, and a comment may stand before it."""
    if source is None:
        return node.span.start
    typed = r"\s+".join(words.split())
    pattern = re.compile(rf"^\s*({typed})", re.MULTILINE)
    found = pattern.search(source.text, *node.span[1:])
    return found.start(1) if found else node.span.start


# ---------------------------------------------------------------- type


def _type(node: nodes.TypeDeclaration, source: Source | None) -> list[Strip]:
    left = printer.titled(f"type {node.name.text}", node.title)
    if not isinstance(node.type, nodes.EnumerationNode) or _is_on_one_line(node, node.type, source):
        return [Strip(f"{left} = {printer.type_(node.type)}", node.span.start, 0, "type", left)]
    lines = [
        (each.name, spelled(each.name), each.label, printer.lived(each))
        for each in node.type.members
    ]
    ordered = " ordered" if node.type.is_ordered else ""
    return [Strip(left + ordered, node.span.start, 0), *_titled(lines)]


def _is_on_one_line(
    node: nodes.TypeDeclaration, type_: nodes.EnumerationNode, source: Source | None
) -> bool:
    if len(type_.members) < 2:
        return False
    if source is not None:
        return "\n" not in source.text[node.name.span.end : type_.members[0].name.span.start]
    return node.title is None and shown_width(printer.type_(type_)) <= WIDEST_TYPE


# ---------------------------------------------------------------- impossible


def _impossible(node: nodes.ImpossibleNode) -> list[Strip]:
    """The author's order, the reason last where spans do not say."""
    width = max((len(asked.column.text) for asked in node.asked), default=0)
    lines = [
        Strip(f"{pad(asked.column.text, width)} = {written(asked.cell)}", asked.span.start)
        for asked in node.asked
    ]
    if node.because:
        said = node.because.text.replace("|", "\\|")
        lines.append(Strip(f"because {said}", node.because.span.start))
    return [_head("impossible", node), *sorted(lines, key=_start)]


# ---------------------------------------------------------------- table


def _table(node: nodes.TableNode) -> list[Strip]:
    """The author's order; where spans do not say it, notes come first and examples last."""
    body = [
        *(_note(note) for note in node.notes),
        *_columns(node),
        *(_grid(node.grid) if node.grid else ()),
        *(_show(each) for each in node.shows),
        *(strip for example in node.examples for strip in _example(example)),
    ]
    head = _head("decision" if node.is_decision else "table", node, printer.life(node.life))
    return [head, *sorted(body, key=_start)]


def _columns(node: nodes.TableNode) -> list[Strip]:
    parts = (node.inputs, node.lets, node.outputs, node.results)
    width = max((len(each.name.text) for part in parts for each in part), default=0)
    return [
        *(_column("in ", each, width) for each in node.inputs),
        *(_column("let", each, width) for each in node.lets),
        *(_column("out", each, width) for each in node.outputs),
        *(_column("out", each, width) for each in node.results),
    ]


def _column(
    keyword: str, node: nodes.ColumnNode | nodes.LetNode | nodes.ResultNode, width: int
) -> Strip:
    name, rest = pad(node.name.text, width), ""
    match node:
        case nodes.ColumnNode(type=type_):
            line = f"{name} : {printer.type_(type_)}"
        case nodes.LetNode(value=value, guard=guard):
            line, rest = f"{name} = {printer.expression(value)}", printer.guard(guard)
        case nodes.ResultNode(type=type_, cell=cell):
            said = "" if type_ is None else f" : {printer.type_(type_)}"
            said += "" if cell is None else f" = {printer.outcome(cell.content)}"
            line = f"{name if said else node.name.text}{said}"
    return Strip(f"{keyword} {printer.titled(line, node.label)}{rest}", node.span.start)


def _show(node: nodes.ShowNode) -> Strip:
    columns = ", ".join(word.text for word in node.columns)
    by = f" by {', '.join(word.text for word in node.across)}" if node.across else ""
    line = printer.titled(f"show {columns}{by}", node.title) + printer.guard(node.guard)
    return Strip(line, node.span.start, part="shows")


def _grid(grid: nodes.Grid | nodes.Crosstab) -> list[Strip]:
    heads, dashes, rows = lay_out(grid)
    starts = [
        grid.header.span.start,
        *([grid.line.start] if isinstance(grid, nodes.Crosstab) else []),
    ]
    *tops, last = heads
    texts = [*tops, f"{last}\n  {dashes}", *rows]
    starts += [row.span.start for row in grid.rows]
    return [Strip(text, start, part="grid") for text, start in zip(texts, starts, strict=True)]


def _example(node: nodes.ExampleNode) -> list[Strip]:
    title = quoted(node.title.text) if node.title else ""
    inputs = ", ".join(printer.binding(each) for each in node.inputs)
    asked = " ".join(part for part in ("example", title, inputs) if part)
    gives = DRAFT if node.is_draft else IMPOSSIBLE
    if node.gives is not None:
        gives = ", ".join(printer.binding(each) for each in node.gives)
    # A comment inside the example can only stand between its two lines.
    last = max(node.span.start, node.span.end - 1)
    return [
        Strip(asked, node.span.start, part="examples"),
        Strip(f"gives {gives}", last, 4, "examples"),
    ]
