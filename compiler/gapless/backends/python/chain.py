"""The rules as they were written: one `if` each, what is impossible first."""

from __future__ import annotations

from collections.abc import Iterator

from gapless.analysis.unit import Unit
from gapless.backends.python.steps import Answer, Body, If, Question, Step, Unanswered


def chain(unit: Unit) -> tuple[Body, int]:
    """The steps that ask for one rule after another, and about how many lines they take.

    A rule with a single condition leaves fewer values possible for those after it; one of which
    nothing is left is not asked for.
    """
    steps = tuple(_steps(unit))
    return Body(None, steps), sum(map(_lines, steps))


def _steps(unit: Unit) -> Iterator[Step]:
    possible = list(unit.wholes)
    for number in unit.precedence.order:
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
            yield Answer(number)
            return
        yield If(questions, (Answer(number),))
        if len(questions) == 1:
            possible[questions[0].axis] &= ~questions[0].mask
    yield Unanswered()


def _lines(step: Step) -> int:
    """More than two questions hardly fit on a line: then each has its own, between brackets."""
    if not isinstance(step, If):
        return 1
    questions = len(step.questions)
    return 2 if questions <= 2 else questions + 3
