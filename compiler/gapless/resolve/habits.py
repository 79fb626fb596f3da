"""A column's type as those see it who know what people type by habit."""

from __future__ import annotations

from typing import assert_never

from gapless.model import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    ScalarType,
    TextType,
    TimeType,
)
from gapless_dsl.nodes import Literal
from gapless_dsl.parser.cells import condition
from gapless_dsl.recovery.habits import Kind


def kind_of(of: ScalarType) -> Kind:
    match of:
        case IntType() | DecimalType():
            return Kind.NUMBER
        case DateType():
            return Kind.DAY
        case TimeType() | DatetimeType():
            return Kind.CLOCK
        case BoolType():
            return Kind.TRUTH
        case TextType():
            return Kind.TEXT
        case EnumerationType():
            return Kind.LIST
    assert_never(of)


def says_more(text: str) -> bool:
    """Whether a cell can be read as a condition that is more than one word."""
    content = condition(text).content
    return content is not None and not any(isinstance(each, Literal) for each in content.either)
