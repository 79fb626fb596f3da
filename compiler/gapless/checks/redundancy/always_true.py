"""GAP108: a cell that seems to compare holds for every value."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.partition import Axis
from gapless.analysis.unit import Unit
from gapless.checks.support import finding
from gapless.model import AnyOf, Between, Condition
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Label, decision
from gapless_dsl.lexis import spelled
from gapless_dsl.nodes.cells import Comparison, ConditionContent, Literal, Part, Range
from gapless_dsl.parser.cells import condition as read


def check(unit: Unit) -> Iterator[Diagnostic]:
    for rule, cells in zip(unit.table.rules, unit.lowered.cells, strict=True):
        for axis, condition in zip(unit.axes, cells, strict=True):
            if _compares(condition, axis) and axis.mask(condition.test) == axis.whole:
                anything = decision("if anything is meant, write `-`", Edit(condition.span, "-"))
                yield finding.error(
                    unit,
                    "GAP108",
                    f"`{condition.text}` holds for every value of `{axis.column.name}`",
                    Label(condition.span, "a comma means either"),
                    rule=rule,
                    column=axis.column.name,
                    helps=(*_both(condition), anything),
                )


def _compares(condition: Condition, axis: Axis) -> bool:
    test = condition.test
    if not isinstance(test, AnyOf):
        return False
    if ranks.ordered_list(axis.column.type) is not None:
        # What compares members is one of several tests that hold either itself.
        return any(isinstance(each, AnyOf) for each in test.tests)
    compares = any(isinstance(each, Between) for each in test.tests)
    return compares and ranks.ordered(axis.column.type) is not None


def _both(condition: Condition) -> Iterator[Help]:
    """Two comparisons of which both were meant, as the range that says so."""
    content = read(condition.text).content or ConditionContent()
    ends = [_end(part) for part in content.either]
    lows, highs = [low for low, _ in ends if low], [high for _, high in ends if high]
    if not content.neither and len(ends) == 2 and len(lows) == len(highs) == 1:
        text = f"{lows[0]}..{highs[0]}"
        yield decision(f"if both are meant at once, write `{text}`", Edit(condition.span, text))


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
