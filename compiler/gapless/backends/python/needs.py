"""What the steps of a function take up: the columns they ask for or hand on, and what answers rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from gapless.analysis.domain.derived import named_in
from gapless.analysis.unit import Unit
from gapless.backends.code.contents import taken_up
from gapless.backends.python.asking import ordering
from gapless.backends.python.rows import REFUSALS
from gapless.backends.python.steps import Answer, Body, If, Part, Step, Unanswered


class Needs(NamedTuple):
    """`columns` are names of columns; `uses`: whether an answer names the calls it rests on."""

    columns: frozenset[str] = frozenset()
    uses: bool = False

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.columns | other.columns, self.uses or other.uses)


def asked_of(unit: Unit, axis: int) -> tuple[str, ...]:
    """The columns that a question about an axis looks at."""
    order = ordering(unit, axis)
    return (unit.axes[axis].column.name,) if order is None else named_in(order)


def needs(unit: Unit, steps: tuple[Step, ...], parts: Mapping[int, Body]) -> Needs:
    """What `steps` need; `parts` are the bodies of the functions they may call, by `id` of their node."""
    found = Needs()
    for step in steps:
        match step:
            case If(questions, body):
                asked = frozenset(
                    name for question in questions for name in asked_of(unit, question.axis)
                )
                found |= Needs(asked) | needs(unit, body, parts)
            case Answer(number):
                rule = unit.table.rules[number]
                columns = frozenset(column.name for column in taken_up(unit.table, rule))
                answers = rule.kind not in REFUSALS
                found |= Needs(columns, answers and bool(unit.table.lets))
            case Part(node):
                found |= needs(unit, parts[id(node)].steps, parts)
            case Unanswered():
                pass
            case _:
                assert_never(step)
    return found
