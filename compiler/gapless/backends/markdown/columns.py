"""What a table is asked, works out and answers: every column with its values, a decision's steps, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from gapless.backends.markdown.addresses import Page, rule_anchor
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Grid,
    Line,
    Link,
    Text,
    grid,
    joined,
    markdown,
    text,
)
from gapless.backends.markdown.rows import (
    UNDECIDED,
    Side,
    answers,
    asked_for,
    called,
    fitted,
    rule_links,
)
from gapless.backends.markdown.wording import (
    ARROW,
    DOTS,
    MISSING,
    answer_name,
    asked,
    called_by_readers,
    name_of,
    shown,
    value_of,
)
from gapless.model import (
    Call,
    Column,
    Computation,
    EnumerationType,
    Guard,
    Let,
    ListType,
    OptionalType,
    Policy,
    RuleKind,
    SetType,
    Table,
    Type,
    Value,
)
from gapless.semantics import Answered, Draft, Impossible, Meaning, Row, evaluate, known, trace
from gapless.text.formulas import spoken
from gapless.text.types import described
from gapless.text.words import count, life, literal


def columns(page: Page, table: Table) -> Grid:
    """Inputs, computed columns and outputs, in the author's order."""
    before = page.policy.tables[: page.policy.tables.index(table)]
    seen = {
        column.type_name
        for each in before
        for column in (*each.inputs, *each.outputs)
        if column.type_name
    }
    rows = [_row("asked", column, _values(column, seen)) for column in table.inputs]
    for step in table.steps:
        match step:
            case Let(column, call, guard):
                said = called(page, table, call)
                if guard:
                    where = _holds(table, guard)
                    said = (*said, Text(", where "), *where, Text("; else missing"))
                rows.append(_row("looked up", column, said))
            case Computation(column, _):
                rows.append(_row("worked out", column, text(_worked_out(table, step))))
    rows += [_row(f"{ARROW}answered", column, _values(column, seen)) for column in table.outputs]
    return grid(["Role", "Column", "In the file", "Values"], rows)


def _worked_out(table: Table, step: Computation) -> str:
    return spoken(step.expression, lambda name: called_by_readers(table, name))


def _row(role: str, column: Column, said: Line) -> tuple[Line, ...]:
    return text(role), text(name_of(column)), (Code(column.name),), said


def _values(column: Column, seen: set[str]) -> Line:
    """All that the column can hold; once the names of a type have been listed, its labels suffice."""
    if column.type_name in seen:
        return briefly(column.type)
    if column.type_name:
        seen.add(column.type_name)
    return values(column.type)


def values(type: Type) -> Line:
    """Every member of a closed list with its label; of other types, what their values are."""
    of = type.scalar
    if not isinstance(of, EnumerationType):
        return text(described(type))
    lines = [text("any number of")] if isinstance(type, ListType | SetType) else []
    # A line for each member that has a label; those that have none share one with their neighbors.
    for labeled, members in groupby(of.members, lambda each: bool(each.label or each.has_life)):
        names = []
        for member in members:
            label = text(" ", member.label) if member.label else ()
            lives = text(f" ({life(member)})") if member.has_life else ()
            names.append((Code(literal(member.name)), *label, *lives))
        lines += names if labeled else [joined(names, ", ")]
    missing = [MISSING] if isinstance(type, OptionalType) else []
    return joined([*lines, *missing], (Break(),))


def briefly(type: Type) -> Line:
    """As `values`, but labels alone, in one line."""
    of = type.scalar
    if not isinstance(of, EnumerationType):
        return values(type)
    members = [text(shown(of, member)) for member in of.members]
    missing = [MISSING] if isinstance(type, OptionalType) else []
    several = text("any number of ") if isinstance(type, ListType | SetType) else ()
    return (*several, *joined([*members, *missing], " · "))


def unshown_types(policy: Policy) -> Grid | None:
    """The declared types that no table of the policy has in a column."""
    columns = [each for table in policy.tables for each in (*table.inputs, *table.outputs)]
    shown = {column.type_name for column in columns}
    held = {column.type.scalar for column in columns if isinstance(column.type, SetType)}
    rows = [
        ((Code(named.name),), text(named.title or ""), values(named.type))
        for named in policy.types
        if named.name not in shown and named.type not in held
    ]
    return grid(["Type", "Title", "Values"], rows) if rows else None


# ---------------------------------------------------------------- the steps of a decision


class Steps(NamedTuple):
    """What a decision's page has where a table's has its rules."""

    lines: tuple[str, ...]
    answer: Grid


def steps(page: Page, table: Table) -> Steps:
    rule = next(rule for rule in table.rules if rule.kind is RuleKind.RULE)
    rows = [
        ((Text(name_of(column)),), line)
        for column, line in zip(table.outputs, answers(page, table, rule), strict=True)
    ]
    first, *others = rows
    anchored = ((Anchor(rule_anchor(table, rule)), *first[0]), first[1])
    answer = grid([f"{ARROW}Answered", "What it is"], [anchored, *others])
    return Steps(tuple(markdown(line) for line in _lines(page, table)), answer)


def _lines(page: Page, table: Table) -> Iterator[Line]:
    """A line for each call: lets that ask the same under the same guard are one step."""
    for _, lets in groupby(table.steps, key=_same_step):
        together = list(lets)
        first = together[0]
        if isinstance(first, Computation):
            said = _worked_out(table, first)
            yield (Text("Work out "), Emphasis(name_of(first.column)), Text(f": {said}."))
            continue
        columns = [(Emphasis(name_of(each.column)),) for each in together]
        names = joined(columns, ", ", " and ")
        where = (Text("Where "), *_holds(table, first.guard), Text(", ask "))
        begin: Line = where if first.guard else text("Ask ")
        line = (*begin, *asked_for(page, table, first.call), Text(": this gives "), *names)
        if not first.guard:
            yield (*line, Text("."))
            continue
        verb = "is" if len(together) == 1 else "are"
        yield (*line, Text(". Elsewhere it is not asked, and "), *names, Text(f" {verb} missing."))


def _same_step(let: Let | Computation) -> object:
    if isinstance(let, Computation):
        return let.column.name
    tests = tuple((name, condition.test) for name, condition in let.guard)
    return let.call.table.name, let.call.arguments, tests


def _holds(table: Table, guard: tuple[Guard, ...]) -> Line:
    """`Zone is home and Weight is at most 5`."""
    columns = {column.name: column for column in table.columns}
    tests = [asked(columns[name], tested.test, table.columns, " is ") for name, tested in guard]
    return joined(tests, ", ", " and ")


# ---------------------------------------------------------------- worked examples

ROOM = 5
"""So many inputs and outputs have a column each; with more, outputs share one, and then inputs."""


class Examples(NamedTuple):
    """`coverage` says which rules the examples reach."""

    grid: Grid | None
    coverage: str


def examples(page: Page, table: Table) -> Examples:
    """Every example, run through the reference meaning."""
    if not table.examples:
        return Examples(None, _unshown(table))
    meanings = [evaluate(table, dict(example.inputs)) for example in table.examples]
    asked = Side(
        "Asked",
        tuple(map(name_of, table.inputs)),
        tuple(
            tuple(value_of(each.type, dict(example.inputs)[each.name]) for each in table.inputs)
            for example in table.examples
        ),
    )
    looked_up = Side(
        "On the way",
        tuple(f"{DOTS}{name_of(step.column)}" for step in table.steps),
        tuple(
            tuple(
                value_of(step.column.type, case[step.column.name])
                if step.column.name in case
                else text("–")
                for step in table.steps
            )
            for case in (known(table, dict(example.inputs)) for example in table.examples)
        ),
    )
    given = Side(
        f"{ARROW}Answered",
        tuple(map(answer_name, table.outputs)),
        tuple(_given(table, meaning) for meaning in meanings),
    )
    sides = [asked, looked_up, given] if looked_up.names else [asked, given]
    head, cells = fitted(sides, ROOM)
    rows = []
    for number, (example, row, meaning) in enumerate(
        zip(table.examples, cells, meanings, strict=True), 1
    ):
        name = text(f"{number}: {example.title}" if example.title else f"{number}")
        rows.append((name, *row, _by(page, table, dict(example.inputs), meaning)))
    told = grid(["Example", *head, "By rule"], rows)
    return Examples(told, "" if table.is_decision else _coverage(page, table, meanings))


def _unshown(table: Table) -> str:
    """Where the examples are, of a table that has none of its own."""
    called = (outcome.value for rule in table.rules for outcome in rule.outcomes)
    if table.by_version and any(isinstance(v, Call) and v.table.examples for v in called):
        return "They stand with the versions."
    return "No examples are given."


def _given(table: Table, meaning: Meaning) -> tuple[Line, ...]:
    """A value for each output, or the one remark that there is none."""
    if isinstance(meaning, Answered):
        pairs = zip(table.outputs, meaning.values, strict=True)
        return tuple(value_of(column.type, value) for column, value in pairs)
    return ((Emphasis("cannot happen"),),) if isinstance(meaning, Impossible) else (UNDECIDED,)


def _by(page: Page, table: Table, case: Mapping[str, Value], meaning: Meaning) -> Line:
    """The rows that an answer rests on: first those of every output, then what some rest on besides."""
    # What passed its checks answers every example, by one rule or by all that do together.
    assert isinstance(meaning, Answered | Impossible | Draft)
    outcomes = trace(table, case).outcomes
    told = {c: rows for c, rows in zip(table.outputs, outcomes, strict=True) if rows}
    if not told:
        return _row_links(page, table, [Row(meaning.table, rule) for rule in meaning.rules])
    first = next(iter(told.values()))
    shared = [row for row in first if all(row in rows for rows in told.values())]
    besides: dict[tuple[Row, ...], list[Column]] = {}
    for column, rows in told.items():
        besides.setdefault(tuple(row for row in rows if row not in shared), []).append(column)
    lines = [_row_links(page, table, shared)] if shared else []
    for some, columns in besides.items():
        if some:
            names = ", ".join(map(name_of, columns))
            lines.append((Text(f"{names}: "), *_row_links(page, table, some)))
    return joined(lines, (Break(),))


def _row_links(page: Page, table: Table, rows: Sequence[Row]) -> Line:
    """Rows by name, those of other tables with its name before their own."""
    links = []
    for of, rule in rows:
        name = rule.name if of is table else f"{of.name}.{rule.name}"
        links.append((Link(Code(name), page.rule(of, rule)),))
    return joined(links, ", ")


def _coverage(page: Page, table: Table, meanings: Sequence[Meaning]) -> str:
    reached = {
        rule.name
        for meaning in meanings
        if isinstance(meaning, Answered | Impossible | Draft) and meaning.table is table
        for rule in meaning.rules
    }
    own = [rule for rule in table.rules if rule.declared is None]
    rest = [rule for rule in own if rule.name not in reached]
    if not rest:
        return "Every rule decides an example."
    links = rule_links(page, [(table, rule) for rule in rest])
    part = f"{len(own) - len(rest):,} of {count(len(own), 'rule')}"
    return markdown((Text(f"The examples reach {part}; not "), *links, Text(".")))
