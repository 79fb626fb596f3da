"""Edits that would change more than they say, because other rules take a cell from the same place.

A cell that rows below repeat with `^` stands once in the file and is part of several rules. What a
check proposes for one rule is proved for that rule alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from gapless.model import Policy, Rule, Table
from gapless_dsl.diagnostic import Diagnostic, Edit, Help, Repair
from gapless_dsl.lexis import DITTOS
from gapless_dsl.nodes.declarations import Blocked
from gapless_dsl.source import Source, Span

_REPEATS = re.compile(rf"\|\s*[{re.escape(''.join(DITTOS))}]\s*\|")


def only_safe_edits(
    found: Iterable[Diagnostic], policies: Iterable[Policy], sources: Mapping[str, Source]
) -> list[Diagnostic]:
    """The findings; a help whose edits touch a shared cell is left to the author, in words."""
    found = list(found)
    edited = {edit.span.path for each in found for help_ in each.helps for edit in help_.edits}
    tables = (table for policy in policies for table in policy.tables if policy.path in edited)
    shared = sorted(chain.from_iterable(map(_shared, tables)))

    def safe(help_: Help) -> Help:
        edits = tuple(_emptied(edit, sources[edit.span.path]) for edit in help_.edits)
        help_ = replace(help_, edits=edits)
        if not any(
            _touches(edit.span, shared) or _is_repeated(edit, sources[edit.span.path])
            for edit in help_.edits
        ):
            return help_
        text = f"{help_.text}; other rules take a cell from there"
        return replace(help_, repair=Repair.DECISION, text=text, edits=())

    return [replace(each, helps=tuple(map(safe, each.helps))) for each in found]


def _shared(table: Table) -> Iterator[Span]:
    """The places from which more than one rule takes a cell."""
    if any(span.start < rule.span.start for rule in table.rules for span in _cells(rule)):
        taken = Counter(span for rule in table.rules for span in _cells(rule) if span != rule.span)
        yield from (span for span, times in taken.items() if times > 1)


def _cells(rule: Rule) -> Iterator[Span]:
    yield from (condition.span for condition in rule.conditions)
    yield from (outcome.span for outcome in rule.outcomes)


def _touches(edited: Span, shared: Sequence[Span]) -> bool:
    """Whether a shared cell begins inside what is edited; cells never overlap."""
    place = bisect_left(shared, edited._replace(end=edited.start))
    return place < len(shared) and (
        shared[place].path == edited.path
        and shared[place].start <= max(edited.end - 1, edited.start)
    )


def _emptied(edit: Edit, source: Source) -> Edit:
    """What deletes a rule: its row goes, but a crossing stays and says that there is no rule."""
    is_crossing = not edit.text and not source.text.startswith("|", edit.span.start)
    return replace(edit, text=Blocked.NO_RULE) if is_crossing else edit


def _is_repeated(edit: Edit, source: Source) -> bool:
    """Whether a row would be deleted of which the row below repeats a cell, be it an annotation."""
    if edit.text or not source.text.startswith("|", edit.span.start):
        return False
    below = source.text[edit.span.end :].partition("\n")[2].lstrip()
    while below.startswith("#"):
        below = below.partition("\n")[2].lstrip()
    row = below.partition("\n")[0]
    return row.startswith("|") and _REPEATS.search(row) is not None
