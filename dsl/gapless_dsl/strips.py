"""The lines that declarations are printed as, each knowing where it stood in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, assert_never

from gapless_dsl import arithmetic, printing
from gapless_dsl.columns import condition, lay_out, pad, shown_width
from gapless_dsl.lexis import DRAFT, IMPOSSIBLE, quoted, spelled
from gapless_dsl.nodes import (
    ColumnNode,
    Crosstab,
    Declaration,
    EnumerationNode,
    ExampleNode,
    Grid,
    ImpossibleNode,
    LetNode,
    NoteNode,
    PolicyNode,
    ResultNode,
    SourceNode,
    TableNode,
    TypeDeclaration,
    UseNode,
    Word,
)
from gapless_dsl.source import Source

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


def strips(node: Declaration, source: Source | None) -> list[Strip]:
    match node:
        case PolicyNode():
            return _policy(node, source)
        case UseNode(path, span):
            return [Strip(f"use {quoted(path.text)}", span.start, 0, "use")]
        case SourceNode(name, title, sections, span):
            lines = [(section.name, section.name.text, section.title, "") for section in sections]
            return [_head("source", name, title, span.start), *_titled(lines)]
        case TypeDeclaration():
            return _type(node, source)
        case ImpossibleNode():
            return _impossible(node)
        case TableNode():
            return _table(node)
        case _:
            assert_never(node)


def _head(keyword: str, name: Word, title: Word | None, start: int) -> Strip:
    return Strip(printing.titled(f"{keyword} {name.text}", title), start, 0)


def _titled(lines: Sequence[tuple[Word, str, Word | None, str]]) -> list[Strip]:
    """A name and a title a line, the titles below each other; and what follows these."""
    width = max((shown_width(name) for _, name, title, _ in lines if title), default=0)
    return [
        Strip(printing.titled(pad(name, width) if title else name, title) + rest, word.span.start)
        for word, name, title, rest in lines
    ]


# ---------------------------------------------------------------- policy


def _policy(node: PolicyNode, source: Source | None) -> list[Strip]:
    lines = [_note(note) for note in node.notes]
    if node.as_of:
        lines.append(Strip(f"as of {node.as_of}", _place_of(r"as\s+of", node, source)))
    if node.review_by:
        lines.append(Strip(f"review by {node.review_by}", _place_of(r"review\s+by", node, source)))
    head = _head("policy", node.name, node.title, node.span.start)
    return [head, *sorted(lines, key=lambda strip: strip.start)]


def _note(node: NoteNode) -> Strip:
    at = f" at {quoted(node.address.text)}" if node.address else ""
    return Strip(quoted(node.text.text) + at, node.text.span.start)


def _place_of(words: str, node: PolicyNode, source: Source | None) -> int:
    """Where a day's line begins: the node does not say, and a comment may stand before it."""
    if source is None:
        return node.span.start
    found = re.compile(rf"^\s*({words})", re.MULTILINE).search(source.text, *node.span[1:])
    return found.start(1) if found else node.span.start


# ---------------------------------------------------------------- type


def _type(node: TypeDeclaration, source: Source | None) -> list[Strip]:
    if isinstance(node.type, EnumerationNode) and not _is_on_one_line(node, node.type, source):
        members = node.type.members
        lines = [
            (each.name, spelled(each.name), each.label, printing.lived(each)) for each in members
        ]
        head = printing.titled(f"type {node.name.text}", node.title)
        ordered = " ordered" if node.type.is_ordered else ""
        return [Strip(head + ordered, node.span.start, 0), *_titled(lines)]
    left = printing.titled(f"type {node.name.text}", node.title)
    return [Strip(f"{left} = {printing.type_(node.type)}", node.span.start, 0, "type", left)]


def _is_on_one_line(node: TypeDeclaration, type_: EnumerationNode, source: Source | None) -> bool:
    if len(type_.members) < 2:
        return False
    if source is not None:
        return "\n" not in source.text[node.name.span.end : type_.members[0].name.span.start]
    return node.title is None and shown_width(printing.type_(type_)) <= WIDEST_TYPE


# ---------------------------------------------------------------- impossible


def _impossible(node: ImpossibleNode) -> list[Strip]:
    """The author's order, the reason last where spans do not say."""
    width = max((len(asked.column.text) for asked in node.asked), default=0)
    lines = [
        Strip(f"{pad(asked.column.text, width)} = {condition(asked.cell)}", asked.span.start)
        for asked in node.asked
    ]
    if node.because:
        said = node.because.text.replace("|", "\\|")
        lines.append(Strip(f"because {said}", node.because.span.start))
    head = _head("impossible", node.name, node.title, node.span.start)
    return [head, *sorted(lines, key=lambda strip: strip.start)]


# ---------------------------------------------------------------- table


def _table(node: TableNode) -> list[Strip]:
    """The author's order; where spans do not say it, notes come first and examples last."""
    body = [
        *(_note(note) for note in node.notes),
        *_columns(node),
        *(_grid(node.grid) if node.grid else ()),
        *(strip for example in node.examples for strip in _example(example)),
    ]
    keyword = "decision" if node.is_decision else "table"
    named = f"{keyword} {node.name.text}{printing.life(node.life)}"
    head = Strip(printing.titled(named, node.title), node.span.start, 0)
    return [head, *sorted(body, key=lambda strip: strip.start)]


def _columns(node: TableNode) -> list[Strip]:
    parts = (node.inputs, node.lets, node.outputs, node.results)
    names = [each.name.text for part in parts for each in part]
    width = max(map(len, names), default=0)
    return [
        *(_column("in ", column, width) for column in node.inputs),
        *(_let(let, width) for let in node.lets),
        *(_column("out", column, width) for column in node.outputs),
        *(_result(result, width) for result in node.results),
    ]


def _column(keyword: str, node: ColumnNode, width: int) -> Strip:
    line = f"{keyword} {pad(node.name.text, width)} : {printing.type_(node.type)}"
    return Strip(printing.titled(line, node.label), node.span.start)


def _let(node: LetNode, width: int) -> Strip:
    line = f"let {pad(node.name.text, width)} = {arithmetic.expression(node.value)}"
    guarded = printing.titled(line, node.label) + printing.guard(node.guard)
    return Strip(guarded, node.span.start)


def _result(node: ResultNode, width: int) -> Strip:
    said = "" if node.type is None else f" : {printing.type_(node.type)}"
    said += "" if node.cell is None else f" = {printing.outcome(node.cell.content)}"
    line = f"out {pad(node.name.text, width) if said else node.name.text}{said}"
    return Strip(printing.titled(line, node.label), node.span.start)


def _grid(grid: Grid | Crosstab) -> list[Strip]:
    heads, dashes, rows = lay_out(grid)
    starts = [grid.header.span.start, *([grid.line.start] if isinstance(grid, Crosstab) else [])]
    *tops, last = heads
    texts = [*tops, f"{last}\n  {dashes}", *rows]
    starts += [row.span.start for row in grid.rows]
    return [Strip(text, start, part="grid") for text, start in zip(texts, starts, strict=True)]


def _example(node: ExampleNode) -> list[Strip]:
    title = quoted(node.title.text) if node.title else ""
    inputs = ", ".join(printing.binding(each) for each in node.inputs)
    asked = " ".join(part for part in ("example", title, inputs) if part)
    gives = DRAFT if node.is_draft else IMPOSSIBLE
    if node.gives is not None:
        gives = ", ".join(printing.binding(each) for each in node.gives)
    # A comment inside the example can only stand between its two lines.
    last = max(node.span.start, node.span.end - 1)
    return [
        Strip(asked, node.span.start, part="examples"),
        Strip(f"gives {gives}", last, 4, "examples"),
    ]
