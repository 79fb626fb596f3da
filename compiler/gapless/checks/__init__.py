"""Every question asked of a table, written out, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gapless.checks import (
    called,
    completeness,
    conflict,
    examples,
    otherwise,
    undecided,
    unreachable,
)
from gapless.unit import Unit
from gapless_dsl.diagnostic import Diagnostic

Check = Callable[[Unit], Iterator[Diagnostic]]

ALL: tuple[Check, ...] = (
    completeness.check,
    conflict.check,
    unreachable.check,
    otherwise.check,
    called.check,
    undecided.check,
    examples.check,
)
