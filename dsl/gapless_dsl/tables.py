"""A `table` block, read into its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from gapless_dsl.blocks import TABLE_LINES, Block, first_word, meant
from gapless_dsl.complaint import complaint
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.lines import Line
from gapless_dsl.nodes import Binding, ColumnNode, ExampleNode, LetNode, TableNode, Word
from gapless_dsl.phrases import (
    BindingPhrase,
    ColumnPhrase,
    ExamplePhrase,
    GivesPhrase,
    LetPhrase,
    Named,
)
from gapless_dsl.placing import diagnostic_at, type_at, value_from, word_at, word_or_none_at
from gapless_dsl.reading import read_line
from gapless_dsl.rows import read_grid
from gapless_dsl.source import Span

Kinds = dict[str, list[Line]]


def table(block: Block, problems: list[Diagnostic]) -> TableNode | None:
    before = len(problems)
    named: Named | None = read_line("named", block.first, block.head, "", problems)
    if named is None:
        return None
    subject = f"table {named.name.text}"
    lines = [(_kind(line, subject, problems), line) for line in block.body]
    rows = [line for kind, line in lines if kind == "|"]
    grid = read_grid(rows, named.name.text, problems) if rows else None
    return TableNode(
        word_at(named.name, block.first.span),
        word_or_none_at(named.title, block.first.span),
        tuple(_notes(lines, subject, problems)),
        tuple(_columns("in", lines, subject, problems)),
        tuple(_lets(lines, subject, problems)),
        tuple(_columns("out", lines, subject, problems)),
        grid,
        tuple(_examples(lines, subject, problems)),
        block.span,
        complete=len(problems) == before,
    )


def _kind(line: Line, subject: str, problems: list[Diagnostic]) -> str:
    if line.text[0] in '|"':
        return line.text[0]
    word = first_word(line)
    if word in TABLE_LINES:
        return word
    keyword = meant(word, TABLE_LINES)
    found = complaint("GAP007" if keyword else "GAP001", "no such line", (0, len(word) or 1))
    problems.append(diagnostic_at(found, line.span, subject))
    return keyword or ""


Sorted = list[tuple[str, Line]]


def _notes(lines: Sorted, subject: str, problems: list[Diagnostic]) -> Iterator[Word]:
    for kind, line in lines:
        if kind == '"':
            note: Word | None = read_line("note", line, 0, subject, problems)
            if note is not None:
                yield word_at(note, line.span)


def _columns(
    keyword: str, lines: Sorted, subject: str, problems: list[Diagnostic]
) -> Iterator[ColumnNode]:
    for kind, line in lines:
        if kind == keyword:
            head = len(first_word(line))
            found: ColumnPhrase | None = read_line("column", line, head, subject, problems)
            if found is not None:
                name, label = (
                    word_at(found.name, line.span),
                    word_or_none_at(found.label, line.span),
                )
                yield ColumnNode(name, type_at(found.type, line.span), label, line.span)


def _lets(lines: Sorted, subject: str, problems: list[Diagnostic]) -> Iterator[LetNode]:
    for kind, line in lines:
        if kind == "let":
            found: LetPhrase | None = read_line(
                "let", line, len(first_word(line)), subject, problems
            )
            if found is not None:
                name, label = (
                    word_at(found.name, line.span),
                    word_or_none_at(found.label, line.span),
                )
                yield LetNode(name, found.call, label, line.span)


def _examples(lines: Sorted, subject: str, problems: list[Diagnostic]) -> Iterator[ExampleNode]:
    waiting: tuple[Line, ExamplePhrase | None] | None = None
    for kind, line in lines:
        if kind == "example":
            waiting = line, read_line("example", line, len(first_word(line)), subject, problems)
        elif kind == "gives":
            gives: GivesPhrase | None = read_line(
                "gives", line, len(first_word(line)), subject, problems
            )
            if waiting is not None and waiting[1] is not None and gives is not None:
                yield _example(waiting[0], waiting[1], line, gives)
            waiting = None


def _example(first: Line, example: ExamplePhrase, last: Line, gives: GivesPhrase) -> ExampleNode:
    return ExampleNode(
        word_or_none_at(example.title, first.span),
        tuple(_binding(each, first) for each in example.inputs),
        None if gives.outputs is None else tuple(_binding(each, last) for each in gives.outputs),
        Span(first.span.path, first.span.start, last.span.end),
    )


def _binding(found: BindingPhrase, line: Line) -> Binding:
    values = tuple(value_from(value, found.at[0]) for value in found.values)
    return Binding(
        word_at(found.name, line.span), values, found.bracketed, line.span.within(*found.at)
    )
