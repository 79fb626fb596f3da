"""A condition cell that stands by itself, in no table: for those who state cases in the language's words."""

from __future__ import annotations

from gapless.model import Column, Test
from gapless.resolve.conditions import condition
from gapless.resolve.context import Names, Program
from gapless.resolve.literals import slot
from gapless_dsl.diagnostic import Severity
from gapless_dsl.parser import cells
from gapless_dsl.source import Source, Span

PATH = "cell"


def read_cell(text: str, column: Column) -> Test | None:
    """The test that a cell is of a column's values; None where it is none."""
    content = cells.condition(text).content
    if content is None:
        return None
    names = Names({}, {}, {}, frozenset(), False, {}, {})
    program = Program((), {PATH: Source(PATH, text)}, names={PATH: names})
    context = program.context(PATH)._replace(span=Span(PATH, 0, len(text)))
    test = condition(content, slot(column, context), context)
    is_wrong = any(each.severity is Severity.ERROR for each in program.found)
    return None if is_wrong else test
