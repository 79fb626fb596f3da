"""What a condition or an outcome cell says; each different text is read once."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gapless_dsl.diagnostic import Diagnostic
from gapless_dsl.grammar import Stop, read
from gapless_dsl.misreading import reserved_words, unreadable_cell
from gapless_dsl.nodes import ConditionContent, OutcomeContent

MOST_TEXTS = 1 << 16


class ConditionReading(NamedTuple):
    content: ConditionContent | None
    problem: Diagnostic | None


class OutcomeReading(NamedTuple):
    content: OutcomeContent | None
    problem: Diagnostic | None


@lru_cache(MOST_TEXTS)
def condition(text: str) -> ConditionReading:
    content: ConditionContent | Stop = read("condition", text)
    if isinstance(content, Stop):
        return ConditionReading(None, unreadable_cell("condition", text, content))
    problem = reserved_words((*content.either, *content.neither))
    return ConditionReading(None if problem else content, problem)


@lru_cache(MOST_TEXTS)
def outcome(text: str) -> OutcomeReading:
    content: OutcomeContent | Stop = read("outcome", text)
    if isinstance(content, Stop):
        return OutcomeReading(None, unreadable_cell("outcome", text, content))
    problem = reserved_words(content.items)
    return OutcomeReading(None if problem else content, problem)
