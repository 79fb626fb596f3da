"""A grid's shape: a crosstab written out as rows, `effective` as a date, and what each cell of a row stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress
from typing import assert_never

from gapless.model import (
    Column,
    CrossedRow,
    CrossedRules,
    DateType,
    EnumerationType,
    HitPolicy,
    ListType,
    SetType,
)
from gapless.resolve.context import Context, Signature, listed
from gapless.resolve.hit_policies import read_policy
from gapless.resolve.types import MOST_MEMBERS
from gapless.text.types import type_words
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Label, decision
from gapless_dsl.lexis import EFFECTIVE
from gapless_dsl.source import Span
from gapless_dsl.suggest import nearest_name

BECAUSE = "because"


# ---------------------------------------------------------------- the columns of a grid


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a row the cell of each column stands, by the column's name."""

    policy: HitPolicy
    conditions: Mapping[str, int]
    outcomes: Mapping[str, int]
    annotations: Mapping[str, int]
    sound: bool
    """Whether every cell of a row is some column's, and every output has one."""


def layout(header: nodes.Header, signature: Signature, context: Context) -> Layout:
    """`context` is about the table, and sees the columns that conditions may test."""
    before = len(context.found)
    inside = context.under("header")
    policy = read_policy(header.policy, context)
    # The parser has seen to it that a header names no column twice.
    conditions, outcomes, annotations = (
        {word.text: at for at, word in enumerate(words)}
        for words in (header.conditions, header.outcomes, header.annotations)
    )
    for word in header.conditions:
        _check_condition(word, header, signature, inside)
    # Without any output the table is complained about as a whole.
    for word in header.outcomes if signature.outputs else ():
        if word.text not in signature.outputs and word.text not in signature.unread:
            _no_outcome(word, header, signature, inside)
    named = (each.name for each in signature.node.outputs if each.name.text in signature.outputs)
    left_out = [name for name in named if name.text not in outcomes]
    # A misspelt name leaves its output without a column: that is one mistake, and it has been found.
    if len(left_out) > sum(name not in signature.outputs for name in outcomes):
        for name in left_out:
            nothing = Label(name.span, "nothing ever answers this")
            there = Label(header.span, "this header leaves it out")
            title = f"output `{name.text}` has no column in the grid"
            context.error("GAP015", title, nothing, there)
    sound = len(context.found) == before
    return Layout(policy, conditions, outcomes, annotations, sound)


def _check_condition(
    word: nodes.Word, header: nodes.Header, signature: Signature, context: Context
) -> None:
    known = context.columns.known
    column = known.get(word.text)
    if column is not None and not may_be_asked(column):
        refuse_list(word, context)
    elif word.text in known:
        return
    elif word.text in signature.outputs:
        title = f"output `{word.text}` stands among the conditions"
        label = "outputs stand to the right of the first `||`"
        context.error("GAP012", title, Label(word.span, label))
    elif word.text in context.columns.barred:
        context.barred(word.text, word.span)
    else:
        others = {each.text for each in header.conditions}
        free = tuple(name for name in known if name not in others)
        _undeclared("input or `let` column", word, free, signature, context)


def may_be_asked(column: Column) -> bool:
    """Whether conditions may ask about a column: of those that hold several values, sets of members."""
    match column.type:
        case SetType(EnumerationType(_, members)):
            return len(members) <= MOST_MEMBERS
        case ListType() | SetType():
            return False
    return True


def refuse_list(word: nodes.Word, context: Context) -> None:
    """GAP044: a condition on a column that holds a list."""
    column = context.columns.known[word.text]
    assert column is not None
    context.error(
        "GAP044",
        f"`{column.name}` holds several values at once",
        Label(word.span, "conditions ask about one value, or about a `set of` members"),
        Label(column.span, f"`{column.name}` is `{type_words(column.type)}`"),
        notes=("a list is passed on as it is, by an outcome that names it",),
        helps=(decision("ask a table that answers one value"),),
    )


def _no_outcome(
    word: nodes.Word, header: nodes.Header, signature: Signature, context: Context
) -> None:
    if word.text in context.columns.known:
        title = f"`{word.text}` stands among the outcomes and is no output"
        label = "conditions stand to the left of the first `||`"
        return context.error("GAP012", title, Label(word.span, label))
    others = {each.text for each in header.outcomes}
    free = tuple(name for name in signature.outputs if name not in others)
    return _undeclared("output", word, free, signature, context)


def _undeclared(
    kind: str, word: nodes.Word, free: tuple[str, ...], signature: Signature, context: Context
) -> None:
    """A name in the header that no column has; `free` are columns that the header does not name."""
    notes = (f"not named in this header: {listed(free)}",) if free else ()
    near = nearest_name(word.text, free)
    declared = next((each for each in signature.words if each.text == near), None)
    bindings = (
        each for case in signature.node.examples for each in (*case.inputs, *(case.gives or ()))
    )
    mentioned = {*signature.operands, *(each.name.text for each in bindings)}
    if near is None or declared is None or word.text not in mentioned:
        return context.unknown("GAP012", kind, word, free, notes)
    # The grid and something else agree on the name, so it may be the declaration that is wrong.
    rename = decision(f"declare the column as `{word.text}`", Edit(declared.span, word.text))
    return context.error(
        "GAP012",
        f"there is no {kind} `{word.text}`",
        Label(word.span, f"declared as `{near}`"),
        Label(declared.span, "declared here"),
        notes=notes,
        helps=(rename, decision(f"or write `{near}` everywhere else", Edit(word.span, near))),
    )


# ---------------------------------------------------------------- a column headed `effective`

# It is the table's date: so a row that is in force for some days is a rule with a condition.
#
#     | unique | effective    | zone ||            | unique | sent         | zone ||
#     | old    | ..2024-12-31 | home ||    ──▶     | old    | ..2024-12-31 | home ||


def dated(
    grid: nodes.Grid, signature: Signature, context: Context
) -> tuple[nodes.Grid | None, str | None]:
    """The grid with the table's date in the place of `effective`, and which input that is.

    The grid is None where the date is not known; a grid without `effective` stays as it is.
    """
    words = grid.header.conditions
    taken = {*context.columns.known, *context.columns.barred}
    place = next(
        (at for at, w in enumerate(words) if EFFECTIVE.fullmatch(w.text) and w.text not in taken),
        None,
    )
    if place is None:
        return grid, None
    context, word = context.under("header"), words[place]
    name = _date(word, signature, context)
    again = next((other for other in words if other is not word and other.text == name), None)
    if again is not None:
        context.error(
            "GAP409",
            f"`{again.text}` is tested twice: by its name, and as `effective`",
            Label(word.span, f"this is the day of `{again.text}`"),
            Label(again.span, "and here once more"),
            helps=(decision("say all of it in one of the two columns"),),
        )
    if name is None or again is not None:
        return None, None
    meant = (*words[:place], word._replace(text=name), *words[place + 1 :])
    return replace(grid, header=replace(grid.header, conditions=meant)), name


def _date(word: nodes.Word, signature: Signature, context: Context) -> str | None:
    """The input whose day counts: the one that is named, here or by the version, or the only one."""
    here, life, inputs = EFFECTIVE.fullmatch(word.text), signature.node.life, signature.inputs
    above = life.by.text if life and life.by else None
    said = here[1] if here and here[1] else above
    dates = tuple(
        name for name, column in inputs.items() if column and isinstance(column.type, DateType)
    )
    if said in signature.unread or None in inputs.values():
        return None  # of which there is a complaint already
    if said in dates:
        return said
    helps = tuple(
        decision(f"write `effective by {name}`", Edit(word.span, f"effective by {name}"))
        for name in dates
    )
    if said is not None:
        column = inputs.get(said)
        holds = f"no input is `{said}`"
        if column is not None:
            holds = f"`{said}` holds `{type_words(column.type)}`"
        title, label = "`effective` goes by an input of type `date`", holds
    elif len(dates) == 1:
        return dates[0]
    elif dates:
        title = (
            f"`{signature.name}` has {len(dates)} dates, and `effective` does not say which counts"
        )
        label = f"the day of {listed(dates)}?"
    else:
        title = f"`{signature.name}` has no date by which its rows are `effective`"
        label = "which day has to be one of these?"
        helps = (decision("declare it, such as `in day : date 2020-01-01..`"),)
    return context.error("GAP409", title, Label(word.span, label), helps=helps)


# ---------------------------------------------------------------- a crosstab written out

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+|\.(?![0-9])")
_COMPARED = {"<": "below", "<=": "to", ">": "above", ">=": "from", "=": "is", "!=": "not"}


def grid_of(node: nodes.TableNode) -> nodes.Grid | None:
    """The grid of a table; that of a crosstab has one row for each crossing."""
    return _written_out(node.grid) if isinstance(node.grid, nodes.Crosstab) else node.grid


def crossed(node: nodes.TableNode, written: Sequence[str]) -> CrossedRules | None:
    """Where the rules of a crosstab stand; None for any other table, and where no crossing has a rule.

    `written` are the condition columns of its grid, of which the last is the one across the top.
    """
    if not isinstance(node.grid, nodes.Crosstab) or not written:
        return None
    crosstab = node.grid
    rows = []
    for number, row in enumerate(crosstab.rows, 1):
        if row.kind is not nodes.RowKind.OTHERWISE:
            crossings = _crossings(row, number, crosstab)
            names = (each.name.text if each and each.name else None for each in crossings)
            rows.append(CrossedRow(_called(row, number), tuple(names)))
    used = [any(row.rules[at] for row in rows) for at in range(len(crosstab.heads))]
    told = tuple(
        CrossedRow(row.name, tuple(compress(row.rules, used))) for row in rows if any(row.rules)
    )
    return CrossedRules(written[-1], told) if told else None


@lru_cache(8)
def _written_out(crosstab: nodes.Crosstab) -> nodes.Grid:
    rows: list[nodes.Row] = []
    for number, row in enumerate(crosstab.rows, 1):
        if row.kind is nodes.RowKind.OTHERWISE:
            outcomes = tuple(nodes.answer(each) for each in row.outcomes)
            rows.append(
                nodes.Row(row.name, row.kind, (), outcomes, row.annotations, row.span, row.over)
            )
        else:
            rows += (each for each in _crossings(row, number, crosstab) if each is not None)
    return nodes.Grid(crosstab.header, tuple(rows), crosstab.span)


def _crossings(
    row: nodes.CrossRow, number: int, crosstab: nodes.Crosstab
) -> Iterator[nodes.Row | None]:
    """What stands below each head, None where no rule does."""
    crossings = row.outcomes or (None,) * len(crosstab.heads)
    places = row.places or (row.span,) * len(crosstab.heads)
    columns = zip(crosstab.heads, crossings, places, strict=True)
    for at, (head, crossing, place) in enumerate(columns, 1):
        blocked = crossing.content if crossing else row.kind
        if blocked == nodes.Blocked.NO_RULE:
            yield None
            continue
        called = f"{_called(row, number)}-{_head_name(head, at)}"
        name = nodes.Word(called, row.name.span if row.name else place)
        over = tuple(_over(row, at, crosstab))
        kind = (
            nodes.RowKind(blocked.value)
            if isinstance(blocked, nodes.Blocked | nodes.RowKind)
            else nodes.RowKind.RULE
        )
        outcomes = (nodes.answer(crossing),) if kind is nodes.RowKind.RULE else ()
        yield nodes.Row(name, kind, (*row.conditions, head), outcomes, row.annotations, place, over)


def _called(row: nodes.CrossRow, number: int) -> str:
    return row.name.text if row.name else str(number)


def _over(row: nodes.CrossRow, at: int, crosstab: nodes.Crosstab) -> Iterator[nodes.Word]:
    """What the crossing below head number `at` is an exception to: of a row, the one with that head."""
    named = {each.name.text: each for each in crosstab.rows if each.name} if row.over else {}
    for word in row.over:
        other = named.get(word.text)
        if other is None or other.kind is nodes.RowKind.OTHERWISE:
            yield word
            continue
        crossing = other.outcomes[at - 1] if other.outcomes else None
        if crossing is None or crossing.content is not nodes.Blocked.NO_RULE:
            yield word._replace(text=f"{word.text}-{_head_name(crosstab.heads[at - 1], at)}")


def _head_name(head: nodes.ConditionCell | None, at: int) -> str:
    """What a head adds to the names of its rules: its own words, joined by `_`."""
    if head is None:
        return str(at)
    if head.content.is_any:
        return "any"
    either = [_part_name(part) for part in head.content.either]
    neither = [_part_name(part) for part in head.content.neither]
    return "_".join([*either, *(["not"] if neither else []), *neither])


def _part_name(part: nodes.Part) -> str:
    match part:
        case nodes.Literal(text):
            return _NOT_IN_NAMES.sub("_", text).strip("_") or "value"
        case nodes.Presence(state):
            return state.value
        case nodes.Comparison(operator, value):
            return f"{_COMPARED[operator]}_{_part_name(value)}"
        case nodes.Range():
            return _range_name(part)
        case nodes.Beginning(prefix, but):
            left = "_".join(map(_part_name, but))
            return f"{_part_name(prefix)}_and_more{f'_but_not_{left}' if left else ''}"
        case nodes.Among(quantifier, members, counted):
            word = "just" if quantifier is nodes.Quantifier.EXACTLY else quantifier.split()[0]
            number = [_part_name(counted)] if counted else []
            return "_".join([word, *number, *map(_part_name, members)])
        case nodes.Together(parts):
            return "_and_".join(map(_part_name, parts))
    assert_never(part)


def _range_name(part: nodes.Range) -> str:
    low = _part_name(part.low) if part.low else ""
    high = _part_name(part.high) if part.high else ""
    if not high:
        return f"from_{low}" if part.low_included else f"above_{low}"
    below = f"to_{high}" if part.high_included else f"below_{high}"
    if not low:
        return below
    return f"{low}_{below}" if part.low_included else f"above_{low}_{below}"


def head(row: nodes.Row) -> Span:
    """A row's name, or else its first letter."""
    if row.name is not None:
        return row.name.span
    return Span(row.span.path, row.span.start, row.span.start + 1)
