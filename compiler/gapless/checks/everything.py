"""GAP108: a cell that seems to compare holds for every value."""

from __future__ import annotations

from collections.abc import Iterator

from gapless import ranks
from gapless.checks import said
from gapless.model import AnyOf, Between, Condition, Rule
from gapless.space import Axis
from gapless.unit import Unit
from gapless.words import literal
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity


def check(unit: Unit) -> Iterator[Diagnostic]:
    for rule in unit.table.rules:
        for axis, condition in zip(unit.axes, rule.conditions, strict=True):
            if _compares(condition, axis) and axis.mask(condition.test) == axis.whole:
                yield _finding(unit, rule, axis, condition)


def _compares(condition: Condition, axis: Axis) -> bool:
    test = condition.test
    several = isinstance(test, AnyOf) and any(isinstance(each, Between) for each in test.tests)
    return several and ranks.ordered(axis.column.type) is not None


def _finding(unit: Unit, rule: Rule, axis: Axis, condition: Condition) -> Diagnostic:
    return Diagnostic(
        "GAP108",
        Severity.ERROR,
        f"`{condition.text}` holds for every value of `{axis.column.name}`",
        (Label(condition.span, "a comma means either"),),
        subject=said.subject(unit, rule, axis.column.name),
        helps=(
            *_both(condition),
            Help(Repair.DECISION, "if anything is meant, write `-`", (Edit(condition.span, "-"),)),
        ),
    )


def _both(condition: Condition) -> Iterator[Help]:
    """Two comparisons of which both were meant, as the range that says so."""
    tests = condition.test.tests if isinstance(condition.test, AnyOf) else ()
    lows = [each for each in tests if isinstance(each, Between) and each.high is None]
    highs = [each for each in tests if isinstance(each, Between) and each.low is None]
    if len(tests) == 2 and len(lows) == len(highs) == 1:
        low, high = lows[0], highs[0]
        opening, closing = "[" if low.low_included else "(", "]" if high.high_included else ")"
        text = f"{opening}{literal(low.low)}..{literal(high.high)}{closing}"
        yield Help(
            Repair.DECISION,
            f"if both are meant at once, write `{text}`",
            (Edit(condition.span, text),),
        )
