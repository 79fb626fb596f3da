"""A region in words: its cells, what was answered before and is now, and the rows on which that rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from gapless.analysis.arithmetic.dependent import Case
from gapless.analysis.by_inputs import Given
from gapless.analysis.composition.calls import calls
from gapless.analysis.domain.answers import Fixed, Same, Several
from gapless.analysis.domain.derived import Ordering
from gapless.analysis.domain.partition import Box
from gapless.diff.alike import is_same
from gapless.diff.change import Answers, Because, Region, Silence
from gapless.diff.pairing import Pairing
from gapless.diff.shared import Shared
from gapless.diff.sides import Side
from gapless.model import Basis, Table, Value, copied, weakest
from gapless.semantics import (
    Answered,
    Draft,
    Impossible,
    Meaning,
    Part,
    Row,
    Unanswered,
    evaluate,
    trace,
)
from gapless.text.formulas import spoken
from gapless.text.words import constrained, literal

End: TypeAlias = tuple[Given, ...] | Silence


class Cases(NamedTuple):
    """A region's box, how many cases it has, and one of them."""

    box: Box
    number: int
    one: Case


def told(
    shared: Shared,
    pairing: Pairing,
    cases: Cases,
    names: tuple[str, ...],
    ends: tuple[End, End],
    *,
    is_whole: bool,
) -> Region:
    """One region; that the reference meaning tells its case differently on both sides is made sure of.

    It reads all rows of a table, if `is_whole`, else those whose cells the case's inputs pass.
    """
    inputs = {
        each.column.name: value for each, value in zip(pairing.inputs, cases.one, strict=False)
    }
    given = [_given(seen.side, inputs) for seen in shared.sides]
    tables = [
        seen.side.unit.table if is_whole else seen.side.reading(case)
        for seen, case in zip(shared.sides, given, strict=True)
    ]
    meanings = [evaluate(table, case) for table, case in zip(tables, given, strict=True)]
    differing = [differs(meanings[0], meanings[1], name) for name in names]
    assert all(differing), f"a case that was proved to differ does not: {inputs}"
    old, new = (because(*each, names) for each in zip(tables, given, meanings, strict=True))
    before, after = (_answers(shared, end) for end in ends)
    cells = constrained(shared.axes, cases.box)
    return Region(cases.box, cases.number, cells, names, before, after, old, new, inputs)


# ---------------------------------------------------------------- the reference meaning


def _given(side: Side, inputs: Mapping[str, Value]) -> dict[str, Value]:
    return {
        column.name: side.day if place == side.pinned else copied(inputs[column.name], column.type)
        for place, column in enumerate(side.unit.table.inputs)
    }


def differs(one: Meaning, other: Meaning, output: str) -> bool:
    """Whether two meanings are not alike, as to one output that both tables have."""
    if not isinstance(one, Answered) or not isinstance(other, Answered):
        return _silence(one) is not _silence(other)
    values = [
        dict(zip((c.name for c in each.table.outputs), each.values, strict=True))
        for each in (one, other)
    ]
    return not is_same(values[0][output], values[1][output])


def _silence(meaning: Meaning) -> Silence | None:
    match meaning:
        case Answered():
            return None
        case Draft():
            return Silence.DRAFT
        case Unanswered():
            return Silence.GAP
    return Silence.REFUSED


def because(
    table: Table, inputs: Mapping[str, Value], meaning: Meaning, outputs: Sequence[str]
) -> Because:
    """On which rows a meaning rests, as far as some outputs go."""
    if isinstance(meaning, Answered):
        places = [n for n, each in enumerate(table.outputs) if each.name in outputs]
        if table.is_decision or calls(table):
            found = trace(table, inputs).parts
            parts = [part for place in places for part in found[place]]
        else:  # then no row of another table flows in
            parts = [Part(Row(table, rule), place) for place in places for rule in meaning.rules]
        rows = [*dict.fromkeys(part.row for part in parts)]
        basis = weakest(part.basis for part in parts)
        if not rows:
            return Because((meaning.rule.name,), "", (), None)
        return _rested(table, rows, basis)
    if isinstance(meaning, Impossible | Draft):
        row = Row(meaning.table, meaning.rule)
        return _rested(table, [row], row.rule.reason.weakest)
    return Because((), "", (), None)


def _rested(table: Table, rows: Sequence[Row], basis: Basis | None) -> Because:
    names = (
        row.rule.name if row.table is table else f"{row.table.name}.{row.rule.name}" for row in rows
    )
    reasons = (row.rule.reason.text for row in rows)
    cited = (f"{each.source}.{each.name}" for row in rows for each in row.rule.reason.citations)
    return Because(
        tuple(dict.fromkeys(names)),
        next(filter(None, reasons), ""),
        tuple(dict.fromkeys(cited)),
        basis,
    )


# ---------------------------------------------------------------- answers


def _answers(shared: Shared, end: End) -> Answers | Silence:
    if isinstance(end, Silence):
        return end
    return Answers(end, tuple(_said(shared, each) for each in end))


def _said(shared: Shared, given: Given) -> str:
    match given:
        case Fixed(value):
            return literal(value)
        case Same(place):
            return f"= {_formula(shared, place)}"
        case Several(items):
            return f"[{', '.join(_said(shared, each) for each in items)}]"


def _formula(shared: Shared, place: int) -> str:
    """The name of an input, or how a column is worked out from inputs."""
    if place >= shared.inputs:
        definition = shared.definitions[place - shared.inputs]
        if not isinstance(definition, Ordering):
            places = {each.column.name: number for number, each in enumerate(shared.axes)}

            def name(column: str) -> str:
                at = places.get(column)
                if at is None:
                    return shared.names.get(column, column)
                return column if at < shared.inputs else f"({_formula(shared, at)})"

            return spoken(definition, name)
    return shared.axes[place].column.name
