"""Why a case is not answered otherwise, for a person and for a script: losing rules, and the smallest change."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from gapless.model import AllOf, Compared, Outcome, Rule, Table, Test, Value
from gapless.report.answer import Sources, plain
from gapless.report.terminal import ROOM, visible, width
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Meaning,
    Unanswered,
    Unworkable,
)
from gapless.text.traces import rows_named
from gapless.text.words import count, listed, literal
from gapless.why_not import Asked, Beaten, Change, Losing, Tested, WhyNot

NEAREST = 5
"""So many losing rules are shown of a table whose row decides."""

NEAREST_ASIDE = 2
"""And so many rules of a table that was only asked on the way."""

CHANGES = 20
"""So many changes are shown."""

LISTED = 200
"""So many rules of a table, and changes, are listed as JSON."""


# ---------------------------------------------------------------- for a person


def text(why: WhyNot, sources: Sources) -> str:
    """The losing rules, the nearest first, then what would have to change."""
    lines = [line for asked in why.asked for line in (*_asked(asked, why, sources), "")]
    for unasked in why.unasked:
        name, caller = unasked.table.name, unasked.caller.name
        lines += _wrapped(f"`{name}` is not asked for `{unasked.column.name}` of `{caller}`:", "")
        lines += [*_marked(unasked.conditions, "  "), ""]
    return "\n".join([*lines, *_changes(why)]) + "\n"


def _asked(asked: Asked, why: WhyNot, sources: Sources) -> Iterator[str]:
    name, many = asked.table.name, len(asked.losing)
    case = ", ".join(f"{name} = {literal(value)}" for name, value in asked.inputs.items())
    of = f"`{name}`" if asked is why.asked[0] and len(why.asked) == 1 else f"`{name}` ({case})"
    if not many:
        yield from _wrapped(f"no rule of {of} loses", "")
        return
    order = ", the nearest first" * (many > 1)
    yield from _wrapped(f"{count(many, 'rule')} of {of} lose{'s' * (many == 1)}{order}:", "")
    most = NEAREST if asked.decides else NEAREST_ASIDE
    for losing in asked.losing[:most]:
        yield from _losing(asked.table, losing, sources)
    if many > most:
        yield f"  and {many - most:,} more"


def _losing(table: Table, losing: Losing, sources: Sources) -> Iterator[str]:
    rule = losing.rule
    outcomes = ", ".join(f"{name} = {each.text}" for name, each in _outcomes(table, rule))
    yield from _wrapped(f"{rule.name} ({_at(rule, sources)}): {outcomes or rule.kind}", "  ")
    yield from _marked(losing.conditions, "    ")
    if losing.beaten is not None:
        yield from _wrapped(_beaten(losing), "    ")


def _marked(conditions: Sequence[Tested], indent: str) -> Iterator[str]:
    """A tick or a cross for each condition, as the author wrote it, and what it met."""
    cells = [
        (each.column.name, visible(each.condition.text), visible(f"({', '.join(_met(each))})"))
        for each in conditions
    ]
    rooms = [max(map(width, column)) for column in zip(*cells, strict=True)] or [0, 0, 0]
    for each, cell in zip(conditions, cells, strict=True):
        said = "  ".join(map(_padded, cell, rooms))
        yield f"{indent}{'✓' if each.holds else '✗'} {said}".rstrip()


def _at(rule: Rule, sources: Sources) -> str:
    return f"{rule.span.path}:{_line(rule, sources)}"


def _line(rule: Rule, sources: Sources) -> int:
    return sources[rule.span.path].place(rule.span.start).line


def _outcomes(table: Table, rule: Rule) -> Iterator[tuple[str, Outcome]]:
    yield from zip((column.name for column in table.outputs), rule.outcomes, strict=False)


def _met(tested: Tested) -> Iterator[str]:
    """The value that a condition met, and those of columns that it compares it with."""
    yield literal(tested.value)
    for name in _compared(tested.condition.test):
        yield f"{name} is {literal(tested.case[name])}"


def _compared(test: Test) -> Iterator[str]:
    match test:
        case Compared(_, column):
            yield column
        case AllOf(tests):
            yield from (each.column for each in tests if isinstance(each, Compared))
        case _:
            return


def _beaten(losing: Losing) -> str:
    by = f"`{losing.by.name}`" if losing.by else ""
    match losing.beaten:
        case Beaten.FIRST:
            return f"applies, but {by} stands before it"
        case Beaten.PRIORITY:
            return f"applies, but what {by} says has priority"
        case Beaten.EXCEPTION:
            return f"applies, but {by} is an exception to it"
        case Beaten.IMPOSSIBLE:
            return f"applies, but {by} says that this cannot happen"
        case Beaten.AGREEING:
            return f"applies too, and says what {by} says"
        case Beaten.OTHERWISE:
            return f"answers only where no other rule does, and {by} does"
        case None:
            return ""
    assert_never(losing.beaten)


def _changes(why: WhyNot) -> Iterator[str]:
    found = why.changes
    size = len(found[0].values) if found else 0
    if size == 1:
        each = "each of these" if len(found) > 1 else "this"
        yield f"{each} alone changes the answer, the nearest value:"
    elif found:
        yield f"no input alone changes the answer; {size} together do, the nearest values:"
    elif why.is_whole and not why.given_up:
        yield "no change of the inputs changes the answer"
    else:
        yield "no change of the answer was found"
    said = [visible(", ".join(_valued(each.values))) for each in found[:CHANGES]]
    room = max(map(width, said), default=0)
    for words, change in zip(said, found, strict=False):
        lines = _wrapped(
            f"{_padded(words, room)}  {_then(change, why.meaning)}", "  ", " " * (room + 4)
        )
        yield from lines
    if len(found) > CHANGES:
        yield f"  and {len(found) - CHANGES:,} more"
    if why.given_up:
        yield "whether these do was not found out, only that no nearer value does:"
        for some in why.given_up[:CHANGES]:
            yield from _wrapped(", ".join(_valued(some)), "  ")
        if len(why.given_up) > CHANGES:
            yield f"  and {len(why.given_up) - CHANGES:,} more"
    if not why.is_whole:
        yield "others were not looked at, for the steps were used up"


def _valued(values: Mapping[str, Value]) -> Iterator[str]:
    yield from (f"{name} = {literal(value)}" for name, value in values.items())


def _then(change: Change, before: Meaning) -> str:
    """What is said after a change: the outputs that differ, or how there are none."""
    meaning, by = change.meaning, _by(change)
    match meaning:
        case Answered(table, _, values):
            old = before.values if isinstance(before, Answered) else None
            names = [column.name for column in table.outputs]
            differing = [n for n, v in enumerate(values) if old is None or old[n] != v]
            said = ", ".join(f"{names[n]} = {literal(values[n])}" for n in differing)
            return f"{said}, by {by}"
        case Impossible():
            return f"cannot happen, by {by}"
        case Unanswered(table):
            return f"no rule of `{table.name}` answers"
        case Draft():
            return f"still to be decided, by {by}"
        case Contradicted(_, rules):
            return f"{listed([rule.name for rule in rules])} contradict each other"
        case Unworkable(table, _, output):
            return f"`{table.outputs[output].name}` has no value, by {by}"
    assert_never(meaning)


def _by(change: Change) -> str:
    """The rows that the new answer rests on, or the one that refuses it."""
    meaning = change.meaning
    if isinstance(meaning, Answered):
        outcomes = change.trace.outcomes
        named = [[(table.name, rule.name) for table, rule in rows] for rows in outcomes]
        return rows_named(meaning.table, named, meaning.rule.name)
    return meaning.rule.name if isinstance(meaning, Impossible | Draft | Unworkable) else ""


def _padded(text: str, room: int) -> str:
    return text + " " * (room - width(text))


def _wrapped(said: str, indent: str, below: str | None = None) -> list[str]:
    return textwrap.wrap(
        visible(said),
        ROOM,
        initial_indent=indent,
        subsequent_indent=indent + "  " if below is None else below,
        break_long_words=False,
        break_on_hyphens=False,
    )


# ---------------------------------------------------------------- for a script


def machine(why: WhyNot, sources: Sources) -> dict[str, Any]:
    """The same as JSON; what is not listed is counted."""
    return {
        "tables": [_table(asked, sources) for asked in why.asked],
        "not_asked": [
            {
                "table": each.table.name,
                "by": each.caller.name,
                "column": each.column.name,
                "conditions": [*map(_condition, each.conditions)],
            }
            for each in why.unasked
        ],
        "changes": {
            "inputs": len(why.changes[0].values) if why.changes else 0,
            "nearest": [_change(change) for change in why.changes[:LISTED]],
            "more": max(0, len(why.changes) - LISTED),
            "given_up": [_plain(some) for some in why.given_up],
            "is_whole": why.is_whole,
        },
    }


def _table(asked: Asked, sources: Sources) -> dict[str, Any]:
    return {
        "table": asked.table.name,
        "inputs": _plain(asked.inputs),
        "decides": asked.decides,
        "losing": [_rule(asked.table, losing, sources) for losing in asked.losing[:LISTED]],
        "more": max(0, len(asked.losing) - LISTED),
    }


def _rule(table: Table, losing: Losing, sources: Sources) -> dict[str, Any]:
    rule = losing.rule
    return {
        "name": rule.name,
        "path": rule.span.path,
        "line": _line(rule, sources),
        "kind": rule.kind.value,
        "outcomes": {name: outcome.text for name, outcome in _outcomes(table, rule)},
        "conditions": [*map(_condition, losing.conditions)],
        "failed": losing.failed,
        "beaten": losing.beaten
        and {"how": losing.beaten.value, "by": losing.by and losing.by.name},
    }


def _condition(tested: Tested) -> dict[str, Any]:
    return {
        "column": tested.column.name,
        "cell": tested.condition.text,
        "value": plain(tested.value),
        "holds": tested.holds,
    }


def _change(change: Change) -> dict[str, Any]:
    meaning = change.meaning
    answer = None
    if isinstance(meaning, Answered):
        names = [column.name for column in meaning.table.outputs]
        answer = _plain(dict(zip(names, meaning.values, strict=True)))
    return {
        "change": _plain(change.values),
        "meaning": type(meaning).__name__.lower(),
        "answer": answer,
        "rule": _by(change),
    }


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
