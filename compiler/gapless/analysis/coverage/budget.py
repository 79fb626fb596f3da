"""How much work questions may take: counted in steps, so that every machine gives up at the same place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

STEPS = 300_000
"""The steps of one question. A step is about one look at one box: a few microseconds."""

STEPS_PER_BOX = 50
"""What each box that a question is about adds: cutting a large table into its parts takes that much."""

QUESTIONS = 7
"""The questions about a table together may take so many times the steps of one: about ten seconds."""


class OverBudget(Exception):
    """The question is too hard; says nothing about its answer."""


@dataclass(slots=True)
class Work:
    """What is left of a question's steps; handed on to all that is asked on its behalf.

    What it spends, it spends of what its table has `together` with it.
    """

    own: int
    together: Work | None = None

    @staticmethod
    def on(boxes: int) -> Work:
        """The steps for a question about so many boxes."""
        return Work.of(STEPS + STEPS_PER_BOX * boxes)

    @staticmethod
    def aside(boxes: int) -> Work:
        """The steps for a question whose answer is only good to know."""
        return Work.of((STEPS + STEPS_PER_BOX * boxes) // 4)

    @staticmethod
    def of(steps: int) -> Work:
        """So many steps, if the table that is asked about has as many left."""
        return Work(steps, _TOGETHER.get())

    @staticmethod
    def for_all(boxes: int) -> Work:
        """The steps for all questions together about a table of so many boxes."""
        return Work(QUESTIONS * (STEPS + STEPS_PER_BOX * boxes))

    @property
    def left(self) -> int:
        """How many steps there still are."""
        return max(0, self.own if self.together is None else min(self.own, self.together.left))

    def spend(self, steps: int) -> None:
        """Raises OverBudget when there are not so many left."""
        together = self.together
        missing = self.own < steps or (together is not None and together.own < steps)
        self.own -= steps
        if together is not None:
            together.own -= steps
        if missing and steps > 0:
            raise OverBudget


_TOGETHER: ContextVar[Work | None] = ContextVar("together", default=None)


@contextmanager
def spending(together: Work) -> Iterator[None]:
    """Within it, every question spends of these steps besides its own."""
    token = _TOGETHER.set(together)
    try:
        yield
    finally:
        _TOGETHER.reset(token)
