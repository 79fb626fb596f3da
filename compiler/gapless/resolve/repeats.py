"""A word that is wrong in many places is one mistake, and one finding."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from gapless_dsl.diagnostic import Diagnostic, Help, Repair
from gapless_dsl.source import Source

_ABOUT_ONE_WORD = frozenset({"GAP010", "GAP011", "GAP012", "GAP021", "GAP022", "GAP301"})

ENOUGH = 3
"""So many places may be slips; more are a rename that was not carried through."""

_LINES = 8


def folded(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> tuple[Diagnostic, ...]:
    """The findings, those that say the same of one file more often than a few times as one.

    What is wrong with a cell that rows below repeat is wrong once.
    """
    once: dict[Hashable, Diagnostic] = {}
    for each in found:
        once.setdefault((each.code, each.title, each.labels, each.helps), each)
    in_groups = sorted(once.values(), key=_cause)
    result: list[Diagnostic] = []
    for (_, code, _), group in groupby(in_groups, _cause):
        same = sorted(group, key=lambda each: each.span)
        if code in _ABOUT_ONE_WORD and len(same) > ENOUGH:
            same = [_one(same, sources[same[0].span.path])]
        result.extend(same)
    return tuple(result)


def _cause(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.span.path, finding.code, finding.title


def _one(same: list[Diagnostic], source: Source) -> Diagnostic:
    first, *others = same
    lines = tuple(dict.fromkeys(source.place(each.span.start).line for each in others))
    shown = ", ".join(map(str, lines[:_LINES])) + (" …" if len(lines) > _LINES else "")
    note = f"the same in {len(others)} more places, line{'s' * (len(lines) > 1)} {shown}"
    helps = tuple(_everywhere(help_, at, same) for at, help_ in enumerate(first.helps))
    return replace(first, notes=(*first.notes, note), helps=helps)


def _everywhere(help_: Help, at: int, same: list[Diagnostic]) -> Help:
    """The mechanical help for all the places; a decision may differ from one to the next."""
    if help_.repair is not Repair.MECHANICAL:
        return help_
    edits = tuple(edit for each in same for edit in each.helps[at].edits)
    return replace(help_, text=f"{help_.text}, everywhere", edits=edits)
