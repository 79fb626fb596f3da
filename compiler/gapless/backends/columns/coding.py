"""What the rows of a table can get, numbered: first the answers, then the reasons for which it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gapless.analysis.by_inputs import Ending, Tabulation
from gapless.analysis.decision.diagram import GAP, NEVER, Node, renumbered
from gapless.analysis.domain.answers import Fixed, Same
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing

Answer: TypeAlias = tuple[Fixed | Same, ...]
"""One value, or one input that is passed on, for each output."""


@dataclass(frozen=True, slots=True)
class Coded:
    """`root` is the decision, whose leaves number the answers and, after them, the reasons."""

    answers: tuple[Answer, ...]
    reasons: tuple[str, ...]
    root: Node

    @property
    def codes(self) -> int:
        return len(self.answers) + len(self.reasons)


def coded(unit: Unit, known: Tabulation) -> Coded:
    """The endings of a table that calculates nothing; which rule gives an answer is not told."""
    answers = {_answer(each): None for each in known.endings if each.answers is not None}
    reasons = {refusing.refused(unit, each): None for each in known.endings if each.answers is None}
    numbered: list[Answer | str] = [*answers, *reasons]
    numbers = {each: number for number, each in enumerate(numbered)}
    named = {
        number: numbers[refusing.refused(unit, each) if each.answers is None else _answer(each)]
        for number, each in enumerate(known.endings)
    }
    # Where no case is, any code does: the one that most likely makes nodes alike is the first.
    root = renumbered(known.decision.root, {**named, NEVER: 0, GAP: 0})
    return Coded(tuple(answers), tuple(reasons), root)


def _answer(ending: Ending) -> Answer:
    assert ending.answers is not None
    return tuple(each for each in ending.answers if isinstance(each, Fixed | Same))
