"""The rules as they were written: one `if` each, what is impossible first."""

from __future__ import annotations

from gapless.backends.python.steps import Answer, Body, If, Question, Step, Unanswered
from gapless.model import RuleKind
from gapless.unit import Unit


def chain(unit: Unit) -> tuple[Body, int]:
    """The steps that ask for one rule after another, and how many lines they take.

    A rule with a single condition leaves fewer values possible for those after it; one of which
    nothing is left is not asked for.
    """
    possible = list(unit.wholes)
    steps: list[Step] = []
    for number in _in_order(unit):
        box = unit.boxes[number]
        if box is None or not all(
            mask & may_be for mask, may_be in zip(box, possible, strict=True)
        ):
            continue
        questions = tuple(
            Question(axis, mask & may_be, may_be)
            for axis, (mask, may_be) in enumerate(zip(box, possible, strict=True))
            if may_be & ~mask
        )
        if not questions:
            return Body(None, (*steps, Answer(number))), 2 * len(steps) + 1
        steps.append(If(questions, (Answer(number),)))
        if len(questions) == 1:
            possible[questions[0].axis] &= ~questions[0].mask
    return Body(None, (*steps, Unanswered())), 2 * len(steps) + 1


def _in_order(unit: Unit) -> list[int]:
    """The numbers of the rules in the order in which they win."""
    kinds = (RuleKind.IMPOSSIBLE, RuleKind.RULE, RuleKind.OTHERWISE)
    return [number for kind in kinds for number in unit.rules(kind)]
