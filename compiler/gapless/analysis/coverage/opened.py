"""What a search knows of the cells that some boxes leave open: all, or how many at least and at most."""

from __future__ import annotations

from dataclasses import dataclass

from gapless.analysis.domain.axes import Box


@dataclass(frozen=True, slots=True)
class Open:
    """What some boxes leave open of another, as far as the search went.

    `parts` are disjoint boxes, open for certain; `undecided` are disjoint boxes in which cells may be
    open that no part holds. Between `at_least` and `at_most` cells are open.
    """

    parts: tuple[Box, ...] = ()
    undecided: tuple[Box, ...] = ()
    at_least: int = 0
    at_most: int = 0
    closed_according_to: str | None = None
    """Who says, though nothing here confirms it, that no cell is open."""

    @property
    def is_exact(self) -> bool:
        """Whether every open cell lies in a part."""
        return not self.undecided

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many cells are open, though perhaps not of each where."""
        return self.at_least == self.at_most
