"""How much work a question may take: counted in steps, so that every machine gives up at the same place."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = 300_000
"""The steps of one question. A step is about one look at one box: a few microseconds."""

STEPS_PER_BOX = 50
"""What each box that a question is about adds: cutting a large table into its parts takes that much."""


class OverBudget(Exception):
    """The question is too hard; says nothing about its answer."""


@dataclass(slots=True)
class Work:
    """What is left of a question's steps; handed on to all that is asked on its behalf."""

    left: int

    @staticmethod
    def on(boxes: int) -> Work:
        """The steps for a question about so many boxes."""
        return Work(STEPS + STEPS_PER_BOX * boxes)

    @staticmethod
    def aside(boxes: int) -> Work:
        """The steps for a question whose answer is only good to know."""
        return Work((STEPS + STEPS_PER_BOX * boxes) // 4)

    def spend(self, steps: int) -> None:
        """Raises OverBudget when there are not so many left."""
        self.left -= steps
        if self.left < 0:
            raise OverBudget
