"""A table's examples: each `example` line with the `gives` line below it."""

from __future__ import annotations

from collections.abc import Iterator

from gapless_dsl.complaint import complaint, decide
from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.forms import BindingPhrase, ExamplePhrase, GivesPhrase
from gapless_dsl.lines import Line
from gapless_dsl.nodes import Binding, ExampleNode
from gapless_dsl.placing import diagnostic_at, value_from, word_at, word_or_none_at
from gapless_dsl.reading import check_values
from gapless_dsl.source import Span
from gapless_dsl.table_lines import TableLine


def examples(
    lines: list[TableLine], subject: str, problems: list[Diagnostic]
) -> Iterator[ExampleNode]:
    waiting: TableLine | None = None
    for each in lines:
        if each.keyword == "gives" and waiting is not None:
            if waiting.phrase is not None and each.phrase is not None:
                yield _example(waiting, each, subject, problems)
            waiting = None
        elif each.keyword == "gives":
            problems.append(diagnostic_at(_no_example(each.line), each.line.span, subject))
        elif each.keyword:
            _check_answered(waiting, subject, problems)
            waiting = each if each.keyword == "example" else None
    _check_answered(waiting, subject, problems)


def _example(
    asked: TableLine, answered: TableLine, subject: str, problems: list[Diagnostic]
) -> ExampleNode:
    question: ExamplePhrase = asked.phrase
    answer: GivesPhrase = answered.phrase
    first, last = asked.line, answered.line
    outputs = answer.outputs
    return ExampleNode(
        word_or_none_at(question.title, first.span),
        tuple(_binding(each, first, subject, problems) for each in question.inputs),
        None
        if outputs is None
        else tuple(_binding(each, last, subject, problems) for each in outputs),
        Span(first.span.path, first.span.start, last.span.end),
        answer.is_draft,
    )


def _binding(found: BindingPhrase, line: Line, subject: str, problems: list[Diagnostic]) -> Binding:
    check_values(found.values, line, subject, problems)
    values = tuple(value_from(value, found.at[0]) for value in found.values)
    span = line.span.within(*found.at)
    return Binding(word_at(found.name, line.span), values, found.bracketed, span)


def _no_example(line: Line) -> Diagnostic:
    label = "the line above it is no `example`"
    helps = (decide("write the `example` that it answers above it, or take it away"),)
    return complaint(
        "GAP006", "this line belongs to nothing", (0, len(line.text)), label, helps=helps
    )


def _check_answered(example: TableLine | None, subject: str, problems: list[Diagnostic]) -> None:
    if example is not None and example.phrase is not None:
        at = (0, len(example.line.text))
        label = "no `gives` line follows"
        helps = (decide("write `gives` and the answer on the line below it"),)
        found = complaint("GAP009", "an example without its answer", at, label, helps=helps)
        problems.append(diagnostic_at(found, example.line.span, subject))
