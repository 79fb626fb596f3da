"""A crosstab as its author drew it: heads across the top, and below each what every row answers there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page, rule_anchor
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Inline,
    Line,
    Link,
    Strong,
    Text,
    flat,
    markdown,
    plain,
    text,
)
from gapless.backends.markdown.rows import (
    WIDTH,
    Row,
    Where,
    answers,
    conditions_of,
    exceptions,
    fitted,
    reason,
    rows_view,
    rule_link,
    tested,
    where_reasons_stand,
)
from gapless.backends.markdown.rules import Rules
from gapless.backends.markdown.values import answer_name, name_of
from gapless.model import CrossedRules, HitPolicy, Rule, RuleKind

HEADS = 12
"""A crosstab with more heads is listed rule by rule."""

LETTERS = 80
"""So is one in which the words that stand across the page, none of them broken, take more room."""

ASKED = 2
"""So many columns say what a row asks, even beside many heads: one would make the rows high."""

NO_RULE: Line = text("–")


class Crossed(NamedTuple):
    """One row, with the rule below each head; `first` stands for what they all share."""

    name: str
    crossings: tuple[Rule | None, ...]

    @property
    def rules(self) -> list[Rule]:
        return [rule for rule in self.crossings if rule is not None]

    @property
    def answering(self) -> list[Rule]:
        """The rules that have their place in this table; others are listed as what cannot happen."""
        return [rule for rule in self.rules if rule.kind is not RuleKind.IMPOSSIBLE]

    @property
    def first(self) -> Rule:
        return (self.answering or self.rules)[0]


def crosstab(page: Page, unit: Unit) -> Rules | None:
    """The rules of a table that is drawn as a crosstab; None for others, and where a page is too narrow."""
    table = unit.table
    if table.crosstab is None:
        return None
    crossed = _rows(unit, table.crosstab)
    axis = [column.name for column in table.columns].index(table.crosstab.across)
    heads = [
        _head(unit, axis, below) for below in zip(*(r.crossings for r in crossed), strict=True)
    ]
    crossings = [tuple(_crossing(page, unit, rule) for rule in row.crossings) for row in crossed]
    widest = (
        max(len(word) for line in column for word in plain(line).split())
        for column in zip(heads, *crossings, strict=True)
    )
    if len(heads) > HEADS or sum(widest) > LETTERS:
        return None

    # The row's name, what it asks, the crossings; then why, and how many cases, if there is room.
    firsts = [row.first for row in crossed]
    asked = [each for each in tested(table, firsts) if each != axis]
    names, cells = fitted([conditions_of(table, firsts, asked)], max(ASKED, WIDTH - 1 - len(heads)))
    room = WIDTH - 1 - len(names) - len(heads)
    where = where_reasons_stand([reason(page, rule) for rule in firsts], room)
    counts = _counts(unit) if room > (where is Where.BESIDE) else {}
    rows, places = [], 0
    for row, asks, answered in zip(crossed, cells, crossings, strict=True):
        places += bool(row.answering)  # what cannot happen is no matter of order
        in_order = table.policy is HitPolicy.FIRST and row.answering
        found = [counts[rule.name] for rule in row.rules if rule.name in counts]
        rows.append(
            Row(
                row.name,
                row.first,
                text(f"{places}. ") if in_order else (),
                _related(page, unit, crossed, row),
                (*asks, *answered),
                text(f"{sum(found):,}") if found else (),
            )
        )
    head: list[Line | str] = ["Row", *names, *heads]
    note = markdown(_note(page, unit, axis, crossed))
    return Rules("", note, *rows_view(page, table, head, rows, where, counted=bool(counts)))


def _rows(unit: Unit, crossed: CrossedRules) -> tuple[Crossed, ...]:
    named = {rule.name: rule for rule in unit.table.rules}
    return tuple(
        Crossed(row.name, tuple(None if name is None else named[name] for name in row.rules))
        for row in crossed.rows
    )


def _head(unit: Unit, axis: int, below: Sequence[Rule | None]) -> Line:
    """`Zone:` above each cell of the zones, which might be anything by itself."""
    column = unit.table.columns[axis]
    rule = next(rule for rule in below if rule is not None)
    cell = condition(column, rule.conditions[axis].test, unit.table.columns)
    return (Text(f"{name_of(column)}:"), Break(), *flat(cell))


def _crossing(page: Page, unit: Unit, rule: Rule | None) -> Line:
    """What a rule answers, with its anchor; one that is impossible has its place further down."""
    if rule is None:
        return NO_RULE
    if rule.kind is RuleKind.IMPOSSIBLE:
        return (Link(Emphasis("cannot happen"), page.rule(unit.table, rule)),)
    [answer] = answers(page, unit.table, rule)
    return (Anchor(rule_anchor(unit.table, rule)), *answer)


def _counts(unit: Unit) -> dict[str, int]:
    """The cases that each rule answers, where none is counted twice in a row; those that cannot happen
    are counted further down."""
    counts = shares(unit)
    if counts is None or unit.table.policy.is_collecting:
        return {}
    return {unit.table.rules[number].name: counts.get(number, 0) for number in unit.rows}


def _note(page: Page, unit: Unit, axis: int, crossed: Sequence[Crossed]) -> Iterator[Inline]:
    """What the crossings say, how their rules are called, and who speaks where no rule stands."""
    table = unit.table
    [output] = table.outputs
    yield Strong(f"{answer_name(output)} by {name_of(table.columns[axis])}:")
    yield Text(" each crossing of a row and a head is a rule, such as ")
    yield rule_link(page, table, crossed[0].first)
    yield Text(".")
    if table.policy is HitPolicy.FIRST:
        yield Text(" Every row is read from the left.")
    if not any(None in row.crossings for row in crossed):
        return
    yield Text(f" A dash ({plain(NO_RULE)}) says that no rule stands there")
    rest = next((each for each in table.rules if each.kind is RuleKind.OTHERWISE), None)
    if rest is not None:
        yield from (Text(", and "), rule_link(page, table, rest))
        yield Text(" answers what no other row decides")
    elif not table.policy.is_collecting:
        yield Text(": another row decides, or it cannot happen")
    yield Text(".")


def _related(page: Page, unit: Unit, crossed: Sequence[Crossed], row: Crossed) -> Line:
    """The rows to which a row is an exception, and its own exceptions."""
    table = unit.table
    general: list[Inline] = []
    special: list[Inline] = []
    for head, rule in enumerate(row.crossings):

        def seen(each: Rule, head: int = head) -> Inline:
            """Below the same head, the row it stands in says it all: it has no anchor of its own."""
            for other in crossed:
                if other.crossings[head] is each:
                    return Link(Code(other.name), page.rule(table, other.first))
            return rule_link(page, table, each)

        if rule is not None:
            general += [seen(each) for each in table.rules if each.name in rule.over]
            special += [seen(each) for each in table.rules if rule.name in each.over]
    return exceptions(general, special)
