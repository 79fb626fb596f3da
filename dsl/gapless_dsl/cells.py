"""What a condition or an outcome cell says; each different text is read once.

In a long table nearly every text that is not repeated is one word or one range of numbers. These two
are read without the grammar, which takes thirty times as long to say the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import Stop, read
from gapless_dsl.lexis import BARE, RESERVED, is_bare
from gapless_dsl.misreading import unreadable_cell
from gapless_dsl.nodes import ConditionContent, Literal, OutcomeContent, Range
from gapless_dsl.reserved import not_to_be_meant, reserved_words

MOST_TEXTS = 1 << 16

_RANGE = re.compile(rf"([\[(]?)({BARE.pattern})\.\.({BARE.pattern})([\])]?)")


class ConditionReading(NamedTuple):
    content: ConditionContent | None
    problem: Diagnostic | None


class OutcomeReading(NamedTuple):
    content: OutcomeContent | None
    problem: Diagnostic | None


@lru_cache(MOST_TEXTS)
def condition(text: str) -> ConditionReading:
    if is_bare(text):
        return ConditionReading(ConditionContent((_whole(text),)), None)
    if (found := _range(text)) is not None:
        return ConditionReading(ConditionContent((found,)), None)
    return condition_by_grammar(text)


@lru_cache(MOST_TEXTS)
def outcome(text: str) -> OutcomeReading:
    if is_bare(text):
        return OutcomeReading(OutcomeContent((_whole(text),)), None)
    return outcome_by_grammar(text)


def _whole(text: str) -> Literal:
    return Literal(text, (0, len(text)))


def _range(text: str) -> Range | None:
    """`a..b` or `[a..b)`, written without blanks."""
    found = _RANGE.fullmatch(text)
    if found is None or found[2] in RESERVED or found[3] in RESERVED:
        return None
    if bool(found[1]) != bool(found[4]):
        return None
    low, high = (Literal(found[i], found.span(i)) for i in (2, 3))
    return Range(low, high, found[1] != "(", found[4] != ")", found.span())


def condition_by_grammar(text: str) -> ConditionReading:
    content: ConditionContent | Stop = read("condition", text)
    if isinstance(content, Stop):
        return ConditionReading(None, unreadable_cell("condition", text, content))
    problem = reserved_words((*content.either, *content.neither))
    return ConditionReading(None if problem else content, problem)


def outcome_by_grammar(text: str) -> OutcomeReading:
    content: OutcomeContent | Stop = read("outcome", text)
    if isinstance(content, Stop):
        return OutcomeReading(None, unreadable_cell("outcome", text, content))
    problem = not_to_be_meant(content.items, text)
    return OutcomeReading(None if problem else content, problem)
