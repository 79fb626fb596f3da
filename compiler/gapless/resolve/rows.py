"""What rows owe each other: names all different, one `otherwise` at most, and that last."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.resolve.files import whole_line
from gapless.resolve.findings import Findings
from gapless.resolve.names import twice
from gapless_dsl.diagnostic import Diagnostic, Edit, Label, decision, error, mechanical
from gapless_dsl.nodes.cells import Word
from gapless_dsl.nodes.declarations import ConditionCell, OutcomeCell, Row, RowKind, TextCell
from gapless_dsl.source import Source, Span


def rule_names(rows: tuple[Row, ...], subject: str, found: Findings) -> tuple[str, ...]:
    """The name of every row's rule: its own, or its number among the rows."""
    first: dict[str, Word] = {}
    again: set[Span] = set()
    numbered: dict[str, Row] = {}
    names: list[str] = []
    for number, row in enumerate(rows, start=1):
        names.append(str(number) if row.name is None else row.name.text)
        if row.name is None:
            numbered[str(number)] = row
        elif row.kind is RowKind.OTHERWISE and row.name.text == RowKind.OTHERWISE:
            continue  # A second one is more than a name that is taken.
        elif row.name.text in first:
            # The rules of one row of a crosstab all have their name from the same cell.
            if row.name.span not in again:
                found.append(twice("rule", row.name, first[row.name.text], subject))
            again.add(row.name.span)
        else:
            first[row.name.text] = row.name
    for name, row in numbered.items():
        if name in first:
            found.append(_number_taken(first[name], row, subject))
    return tuple(names)


def _number_taken(name: Word, row: Row, subject: str) -> Diagnostic:
    start = Span(row.span.path, row.span.start, row.span.start + 1)
    return error(
        "GAP013",
        f"two rules are called `{name.text}`",
        Label(name.span, "named so"),
        Label(start, f"a rule without a name is called by its number, {name.text}"),
        subject=subject,
    )


def otherwise_is_alone(
    rows: tuple[Row, ...], names: tuple[str, ...], subject: str, source: Source, found: Findings
) -> bool:
    """Whether at most one row is an `otherwise`. One that is not last is complained about all the same."""
    every = [(at, row) for at, row in enumerate(rows) if row.kind is RowKind.OTHERWISE]
    if len(every) > 1:
        first, *others = (head(row) for _, row in every)
        label = "what is left for this one?"
        labels = [Label(other, label) for other in others]
        title = "a table has more than one `otherwise`"
        found.append(
            error("GAP026", title, *labels, Label(first, "the first one"), subject=subject)
        )
        return False
    for at, row in every:
        if at < len(rows) - 1:
            leaned_on = any(
                cell and cell.ditto for each in (row, rows[at + 1]) for cell in _cells(each)
            )
            to_the_end = None if leaned_on else _moved(row, rows[-1], source)
            found.append(_not_last(row, rows[at + 1], names[at + 1], to_the_end, subject))
    return True


def _cells(row: Row) -> Iterator[ConditionCell | OutcomeCell | TextCell | None]:
    yield from (*row.conditions, *row.outcomes, *row.annotations)


def _moved(row: Row, last: Row, source: Source) -> tuple[Edit, Edit]:
    """It answers what is left wherever it stands, so moving it changes nothing."""
    line = whole_line(row.span, source)
    text = source.text[line.start : line.end].rstrip()
    below = whole_line(last.span, source)
    end = below.start + len(source.text[below.start : below.end].rstrip())
    return Edit(line, ""), Edit(Span(last.span.path, end, end), f"\n{text}")


def _not_last(
    row: Row, after: Row, name: str, to_the_end: tuple[Edit, Edit] | None, subject: str
) -> Diagnostic:
    return error(
        "GAP026",
        "`otherwise` is not the last row",
        Label(head(row), "answers what no other row does, so it is read last"),
        Label(head(after), f"rule `{name}` comes after it"),
        subject=subject,
        helps=(
            mechanical("move it to the end", *to_the_end)
            if to_the_end
            else decision("move it to the end, and write out what a `^` in it or below it repeats"),
        ),
    )


def head(row: Row) -> Span:
    """A row's name, or else its first letter."""
    if row.name is not None:
        return row.name.span
    return Span(row.span.path, row.span.start, row.span.start + 1)
