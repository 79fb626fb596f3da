"""GAP121: what rules come to together leaves the bounds that are declared for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gapless.analysis.aggregate import adding
from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.domain.partition import Box
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import (
    Column,
    DecimalType,
    HitPolicy,
    IntType,
    RuleKind,
    Value,
    total,
)
from gapless.semantics import Answered
from gapless.text import words
from gapless_dsl.diagnostic import Diagnostic, Label


def check(unit: Unit) -> Iterator[Diagnostic]:
    """Decided over all answers that some case gets, without asking how many cases.

    The least and the greatest of several values is one of them, and these are within the bounds.
    """
    if unit.table.policy not in (HitPolicy.SUM, HitPolicy.COUNT):
        return
    for output, column in enumerate(unit.table.outputs):
        if not any(_beyond(column, end) for end in _at_most(unit, output)):
            continue
        found = unit.collected[output]
        if not found.answers:
            raise OverBudget
        outside = {
            number: answer.value
            for number, answer in enumerate(found.answers)
            if isinstance(answer, Fixed) and _beyond(column, answer.value)
        }
        if outside and unit.following is not None:
            yield from _sought(unit, output)
        elif outside:
            worst = max(outside, key=lambda number: _distance(column, outside[number]))
            yield _finding(unit, output, outside[worst], found.where(worst))


def _sought(unit: Unit, output: int) -> Iterator[Diagnostic]:
    """Columns follow from others, so what rows would come to together need not happen."""
    column = unit.table.outputs[output]
    beyond = {
        piece.box: piece.answer.value
        for piece in unit.collected[output].pieces(unit.undecided)
        if isinstance(piece.answer, Fixed) and _beyond(column, piece.answer.value)
    }
    seen, doubtful = finding.that_happen(unit, [*beyond])
    worst = max(seen or doubtful, key=lambda box: _distance(column, beyond[box]), default=None)
    if worst is not None:
        yield _finding(unit, output, beyond[worst], worst)


def _at_most(unit: Unit, output: int) -> list[int | Decimal]:
    """Two numbers between which any sum lies, whichever rules apply together; none without rules."""
    adds = adding(unit.table, output, unit.rules(RuleKind.RULE)).added.values()
    ups, downs = [each for each in adds if each > 0], [each for each in adds if each < 0]
    return [total(each) for each in (downs or [*adds], ups or [*adds]) if each]


def _bounds(column: Column) -> tuple[int | Decimal | None, int | Decimal | None]:
    of = column.type.present
    return (of.low, of.high) if isinstance(of, IntType | DecimalType) else (None, None)


def _beyond(column: Column, value: Value) -> bool:
    """Whether a number lies outside the bounds."""
    low, high = _bounds(column)
    return value is not None and not (
        (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]
    )


def _distance(column: Column, value: Value) -> tuple[object, bool]:
    """How far a value lies beyond a bound; of two as far, the greater."""
    low, high = _bounds(column)
    below = low is not None and value < low  # type: ignore[operator]
    return (low - value if below else value - high), not below  # type: ignore[operator]


def _finding(unit: Unit, output: int, value: Value, box: Box) -> Diagnostic:
    column, region = unit.table.outputs[output], finding.region(unit, box)
    meaning = finding.meaning(unit, box)
    rules = meaning.rules if isinstance(meaning, Answered) else ()
    outcomes = [rule.outcomes[output] for rule in rules]
    limit = "..".join("" if end is None else words.literal(end) for end in _bounds(column))
    return finding.error(
        unit,
        "GAP121",
        f"`{column.name}` comes to `{words.literal(value)}`, which is outside `{limit}`",
        Label(column.span, f"declared to be `{limit}`"),
        *(Label(each.span, f"`{each.text}` here") for each in outcomes[: 2 * finding.SHOWN]),
        column=column.name,
        notes=(f"that is so for: {finding.where(unit, box)}", *finding.doubt(region.witness)),
        helps=(
            "widen the bounds, if rows may come to so much together",
            "or say with an `impossible` row that they never apply together",
        ),
        witness=region.witness,
        regions=(region,),
    )
