"""GAP108: a cell that seems to compare holds for every value."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis
from gapless.analysis.unit import Unit
from gapless.checks.support import wording as said
from gapless.model import AnyOf, Between, Condition, Rule
from gapless_dsl.cells import condition as read
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, Repair, Severity
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes import Comparison, ConditionContent, Literal, Part, Range


def check(unit: Unit) -> Iterator[Diagnostic]:
    for rule, cells in zip(unit.table.rules, unit.lowered.cells, strict=True):
        for axis, condition in zip(unit.axes, cells, strict=True):
            if _compares(condition, axis) and axis.mask(condition.test) == axis.whole:
                yield _finding(unit, rule, axis, condition)


def _compares(condition: Condition, axis: Axis) -> bool:
    test = condition.test
    if not isinstance(test, AnyOf):
        return False
    if ranks.ordered_list(axis.column.type) is not None:
        # What compares members is one of several tests that hold either itself.
        return any(isinstance(each, AnyOf) for each in test.tests)
    compares = any(isinstance(each, Between) for each in test.tests)
    return compares and ranks.ordered(axis.column.type) is not None


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
    said = read(condition.text).content or ConditionContent()
    ends = [_end(part) for part in said.either]
    lows, highs = [low for low, _ in ends if low], [high for _, high in ends if high]
    if not said.neither and len(ends) == 2 and len(lows) == len(highs) == 1:
        text = f"{lows[0]}..{highs[0]}"
        yield Help(
            Repair.DECISION,
            f"if both are meant at once, write `{text}`",
            (Edit(condition.span, text),),
        )


def _end(part: Part) -> tuple[str, str]:
    """How a range begins or ends that is open at the other end: `[50` or `65)`."""
    match part:
        case Comparison(operator, value) if operator[0] == ">":
            return f"{'[' if operator == '>=' else '('}{spelled(value)}", ""
        case Comparison(operator, value):
            return "", f"{spelled(value)}{']' if operator == '<=' else ')'}"
        case Range(Literal() as low, None):
            return f"[{spelled(low)}", ""
        case Range(None, Literal() as high):
            return "", f"{spelled(high)}]"
    return "", ""
