"""A look-up as it is written: constants, and statements that end in an answer."""

from __future__ import annotations

from dataclasses import dataclass

from gapless.backends.python.layout import STEP, Expression, lay
from gapless.backends.python.text import WIDTH, width


@dataclass(frozen=True, slots=True)
class Written:
    """Blocks of constants, and the statements that find the answer, the last of which returns it."""

    blocks: tuple[list[str], ...]
    lines: tuple[str, ...]

    def after(self, remark: list[str], *blocks: list[str]) -> Written:
        """The same after other blocks, with a remark above all of them."""
        first, *others = (*blocks, *self.blocks)
        return Written(([*remark, *first], *others), self.lines)


def constant(name: str, kind: str, value: Expression) -> list[str]:
    """`name: Final[kind] = value`, broken where the usual formatters break it."""
    lines = lay(value, first=f"{name}: Final[{kind}] = ")
    if width(lines[0]) <= WIDTH:
        return lines
    return [f"{name}: Final[", f"{STEP}{kind}", *lay(value, first="] = ")]
