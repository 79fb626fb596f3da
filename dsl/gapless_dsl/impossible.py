"""An `impossible` block: what cannot happen, whatever table is asked, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gapless_dsl.blocks import Block, first_word
from gapless_dsl.cells import condition
from gapless_dsl.complaint import complaint, decide, mend
from gapless_dsl.diagnostic import Diagnostic, Help
from gapless_dsl.lexis import BECAUSE
from gapless_dsl.lines import Line
from gapless_dsl.nodes import AskedNode, At, ConditionCell, ImpossibleNode, TextCell, Word
from gapless_dsl.placing import diagnostic_at, word_or_none_at
from gapless_dsl.reading import name_at, read_head
from gapless_dsl.suggest import keyword

_ASKED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)\s*(.*)")
_TO_A_BAR = re.compile(r"(?:\\\||[^|])+\|?|\|")
_UNEQUAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\s*)(==|:|(?=[<>≤≥])|(?<=\s)is\s)")
"""A column and its cell, with another sign between them than the one that belongs there, or none."""


def impossible(block: Block, problems: list[Diagnostic]) -> ImpossibleNode | None:
    """None where not even the name can be read."""
    named = read_head(block, problems)
    if named is None:
        return None
    subject = f"impossible {named.name.text}"
    reasons = [line for line in block.body if _is_reason(line)]
    asked = [line for line in block.body if line not in reasons]
    has_reason = bool(reasons)
    if not asked:
        problems.append(diagnostic_at(_nothing(block.first), block.first.span, subject))
    problems.extend(diagnostic_at(_again(line), line.span, subject) for line in reasons[1:])
    for line in reasons:
        if (found := _ASKED.match(line.text)) is not None:
            problems.append(diagnostic_at(_no_column(found.span(1)), line.span, subject))
    return ImpossibleNode(
        name_at(named.name, block.first, subject, problems),
        word_or_none_at(named.title, block.first.span),
        tuple(_asked(asked, has_reason, subject, problems)),
        _because(reasons[0]) if reasons else None,
        block.span,
    )


def _nothing(line: Line) -> Diagnostic:
    label = "no `column = cell` follows"
    helps = (decide("write what it is that cannot happen, indented, one column a line"),)
    return complaint(
        "GAP009", "an `impossible` without a column", (0, len(line.text)), label, helps=helps
    )


# ---------------------------------------------------------------- the reason


def _is_reason(line: Line) -> bool:
    return first_word(line) == BECAUSE


def _because(line: Line) -> TextCell | None:
    """As in a grid, where a bar is written after a backslash; but here one without it is a bar, too."""
    text = line.text.removeprefix(BECAUSE).lstrip()
    start = len(line.text) - len(text)
    said = ""
    breaks: list[At] = []
    for part in _TO_A_BAR.finditer(text):
        breaks.append((len(said), part.start()))
        said += part[0].replace("\\|", "|").replace("\t", " ")
    span = line.span.within(start, len(line.text))
    return TextCell(said, span, breaks=tuple(breaks[1:])) if said else None


def _again(line: Line) -> Diagnostic:
    at, label = (0, len(BECAUSE)), "said before in this declaration"
    helps = (decide("keep the one that is meant, or make one sentence of them"),)
    return complaint("GAP009", "`because` is said twice", at, label, helps=helps)


def _no_column(at: At) -> Diagnostic:
    """What asks for less than was meant excludes more."""
    label = "here it begins the reason, which begins with no `=`"
    return complaint("GAP001", f"a column called `{BECAUSE}` cannot be asked for here", at, label)


# ---------------------------------------------------------------- the columns


def _asked(
    lines: list[Line], has_reason: bool, subject: str, problems: list[Diagnostic]
) -> Iterator[AskedNode]:
    for line in lines:
        found = _ASKED.match(line.text)
        if found is None:
            problems.append(diagnostic_at(_unreadable(line, has_reason), line.span, subject))
            continue
        column = Word(found[1], line.span.within(*found.span(1)))
        span = line.span.within(*found.span(2))
        content, problem = condition(found[2])
        if problem is not None:
            problems.append(diagnostic_at(problem, span, f"{subject}, column {column.text}"))
        cell = None if content is None else ConditionCell(content, span)
        yield AskedNode(column, cell, line.span)


def _unreadable(line: Line, has_reason: bool) -> Diagnostic:
    word = first_word(line) or line.text.split()[0]
    found = _UNEQUAL.match(line.text)
    title = f"no line of an `impossible` begins with `{word}`"
    label = "expected `column = cell`, or `because` and the reason"
    helps: tuple[Help, ...] = ()
    if found is not None:
        title = f"what `{word}` must be is written after `=`"
        label = "expected `=` here"
        blank = "" if found[1] else " "
        helps = (mend("write `=`", (found.span(2), f"{blank}= ")),)
        return complaint("GAP001", title, (found.start(2), found.end(2)), label, helps=helps)
    if not has_reason and keyword(word, (BECAUSE,)) is not None:
        helps = (mend(f"write `{BECAUSE}`", ((0, len(word)), BECAUSE)),)
    return complaint("GAP001", title, (0, len(word)), label, helps=helps)
