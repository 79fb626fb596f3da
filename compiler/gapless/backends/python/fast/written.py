"""A look-up as it is written: constants, and statements that end in an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """Blocks of constants, and the statements that find the answer, the last of which returns it."""

    blocks: tuple[list[str], ...]
    lines: tuple[str, ...]

    def after(self, remark: list[str], *blocks: list[str]) -> Written:
        """The same after other blocks, with a remark above all of them; or above its statements."""
        every = (*blocks, *self.blocks)
        if not every:
            return Written((), (*remark, *self.lines))
        return Written(([*remark, *every[0]], *every[1:]), self.lines)
