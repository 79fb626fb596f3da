"""A crosstab as its author drew it: heads across the top, and below each what every row answers there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page, reason_anchor, rule_anchor
from gapless.backends.markdown.conditions import condition
from gapless.backends.markdown.grid import grid
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
    joined,
    markdown,
    plain,
    text,
)
from gapless.backends.markdown.outcomes import answers
from gapless.backends.markdown.reasons import BASIS, marked_reason, reason, rule_link
from gapless.backends.markdown.rules import SHORT, Rules, Where
from gapless.backends.markdown.sides import WIDTH, conditions_of, fitted, tested
from gapless.backends.markdown.values import answer_name, name_of
from gapless.model import Column, CrossedRules, HitPolicy, Rule, RuleKind, Table

HEADS = 12
"""A crosstab with more heads is listed rule by rule."""

LETTERS = 80
"""So is one in which the words that stand across the page, none of them broken, take more room."""

ASKED = 2
"""So many columns say what a row asks, even beside many heads: one would make the rows high."""

NO_RULE: Line = text("–")
IMPOSSIBLE = Emphasis("cannot happen")


class Row(NamedTuple):
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


class Drawn(NamedTuple):
    """A crosstab with its parts at hand; `axis` is the condition column across the top."""

    page: Page
    unit: Unit
    axis: int
    rows: tuple[Row, ...]

    @property
    def table(self) -> Table:
        return self.unit.table

    @property
    def column(self) -> Column:
        return self.table.columns[self.axis]


def crosstab(page: Page, unit: Unit) -> Rules | None:
    """The rules of a table that is drawn as a crosstab; None for others, and where a page is too narrow."""
    if unit.table.crosstab is None:
        return None
    drawn = _drawn(page, unit, unit.table.crosstab)
    heads = [*_heads(drawn)]
    crossings = [tuple(_crossing(drawn, rule) for rule in row.crossings) for row in drawn.rows]
    return _printed(drawn, heads, crossings) if _fits(heads, crossings) else None


def _drawn(page: Page, unit: Unit, crossed: CrossedRules) -> Drawn:
    table = unit.table
    named = {rule.name: rule for rule in table.rules}
    rows = tuple(
        Row(row.name, tuple(None if name is None else named[name] for name in row.rules))
        for row in crossed.rows
    )
    axis = [column.name for column in table.columns].index(crossed.across)
    return Drawn(page, unit, axis, rows)


def _heads(drawn: Drawn) -> Iterator[Line]:
    """`Zone:` above each cell of the zones, which might be anything by itself."""
    for below in zip(*(row.crossings for row in drawn.rows), strict=True):
        rule = next(rule for rule in below if rule is not None)
        test = rule.conditions[drawn.axis].test
        cell = flat(condition(drawn.column, test, drawn.table.columns))
        yield (Text(f"{name_of(drawn.column)}:"), Break(), *cell)


def _crossing(drawn: Drawn, rule: Rule | None) -> Line:
    """What a rule answers, with its anchor; one that is impossible has its place further down."""
    if rule is None:
        return NO_RULE
    if rule.kind is RuleKind.IMPOSSIBLE:
        return (Link(IMPOSSIBLE, drawn.page.rule(drawn.table, rule)),)
    [answer] = answers(drawn.page, drawn.table, rule)
    return (Anchor(rule_anchor(drawn.table, rule)), *answer)


def _fits(heads: Sequence[Line], crossings: Sequence[tuple[Line, ...]]) -> bool:
    columns = zip(heads, *crossings, strict=True)
    letters = (
        max(len(word) for line in column for word in plain(line).split()) for column in columns
    )
    return len(heads) <= HEADS and sum(letters) <= LETTERS


# ---------------------------------------------------------------- the table


def _printed(drawn: Drawn, heads: Sequence[Line], crossings: Sequence[tuple[Line, ...]]) -> Rules:
    """The row's name, what it asks, the crossings; then why, and how many cases, if there is room."""
    table, firsts = drawn.table, [row.first for row in drawn.rows]
    asked = [each for each in tested(table, firsts) if each != drawn.axis]
    side = conditions_of(table, firsts, asked)
    names, cells = fitted([side], max(ASKED, WIDTH - 1 - len(heads)))
    room = WIDTH - 1 - len(names) - len(heads)
    why = [reason(drawn.page, rule) for rule in firsts]
    where = _where(why, room)
    beside = where is Where.BESIDE
    counts = _counts(drawn.unit) if _is_counted(drawn.unit) and room > beside else {}
    rows = [
        (
            _name(drawn, number, where),
            *cells[number],
            *crossings[number],
            *([_cases(row, counts)] if counts else []),
            *([why[number]] if beside else []),
        )
        for number, row in enumerate(drawn.rows)
    ]
    head: list[Line | str] = [
        "Row",
        *names,
        *heads,
        *(["Cases"] if counts else []),
        *(["Why"] if beside else []),
    ]
    below = [*_below(drawn)] if where is Where.BELOW else []
    return Rules("", _note(drawn), grid(head, rows), tuple(below))


def _where(why: Sequence[Line], room: int) -> Where:
    """Beside the crossings, unless they would be pressed together by long sentences."""
    if not any(why):
        return Where.NOWHERE
    longest = max(len(plain(each)) for each in why)
    return Where.BESIDE if room >= (1 if longest <= SHORT else 2) else Where.BELOW


def _note(drawn: Drawn) -> str:
    """What the crossings say, and how their rules are called."""
    [output] = drawn.table.outputs
    rule = drawn.rows[0].first
    said: list[Inline] = [
        Strong(f"{answer_name(output)} by {name_of(drawn.column)}:"),
        Text(" each crossing of a row and a head is a rule, such as "),
        rule_link(drawn.page, drawn.table, rule),
        Text("."),
    ]
    if drawn.table.policy is HitPolicy.FIRST:
        said.append(Text(" Every row is read from the left."))
    if any(None in row.crossings for row in drawn.rows):
        said += _dash(drawn)
    return markdown(said)


def _dash(drawn: Drawn) -> Iterator[Inline]:
    """What a crossing without a rule says, and who speaks instead; no case is left open."""
    yield from text(" A dash (", plain(NO_RULE), ") says that no rule stands there")
    rest = next((each for each in drawn.table.rules if each.kind is RuleKind.OTHERWISE), None)
    if rest is not None:
        yield from (Text(", and "), rule_link(drawn.page, drawn.table, rest))
        yield Text(" answers what no other row decides")
    elif not drawn.table.policy.is_collecting:
        yield Text(": another row decides, or it cannot happen")
    yield Text(".")


def _is_counted(unit: Unit) -> bool:
    """Whether the cases of a row are those of its rules together, none of them counted twice."""
    return shares(unit) is not None and not unit.table.policy.is_collecting


def _counts(unit: Unit) -> dict[str, int]:
    """The cases that each rule answers; those that cannot happen are counted further down."""
    counts = shares(unit) or {}
    rules = ((number, unit.table.rules[number]) for number in unit.rows)
    return {rule.name: counts.get(number, 0) for number, rule in rules}


def _cases(row: Row, counts: Mapping[str, int]) -> Line:
    found = [counts[rule.name] for rule in row.rules if rule.name in counts]
    return text(f"{sum(found):,}") if found else ()


# ---------------------------------------------------------------- the rows


def _name(drawn: Drawn, number: int, where: Where) -> Line:
    row = drawn.rows[number]
    below = where is Where.BELOW and marked_reason(drawn.page, row.first)
    why = f"#{reason_anchor(drawn.table, row.first)}"
    name = Link(Code(row.name), why) if below else Code(row.name)
    basis = BASIS[row.first.reason.basis]
    return (
        *_place(drawn, number),
        name,
        *((Break(), *basis) if basis else ()),
        *_related(drawn, row),
    )


def _place(drawn: Drawn, number: int) -> Line:
    """The row's place where order matters; what cannot happen is no matter of order."""
    if drawn.table.policy is not HitPolicy.FIRST or not drawn.rows[number].answering:
        return ()
    return text(f"{sum(bool(row.answering) for row in drawn.rows[: number + 1])}. ")


def _below(drawn: Drawn) -> Iterator[str]:
    """A line for every row of which more is known than its name."""
    for row in drawn.rows:
        if why := marked_reason(drawn.page, row.first):
            anchor = Anchor(reason_anchor(drawn.table, row.first))
            yield markdown((anchor, _link(drawn, row), Text(": "), *why))


def _link(drawn: Drawn, row: Row) -> Inline:
    """To the first of a row's rules: a row has no anchor of its own."""
    return Link(Code(row.name), drawn.page.rule(drawn.table, row.first))


def _related(drawn: Drawn, row: Row) -> Line:
    """The rows to which a row is an exception, and its own exceptions."""
    general: list[Inline] = []
    special: list[Inline] = []
    for head, rule in enumerate(row.crossings):
        if rule is not None:
            general += [
                _seen(drawn, each, head) for each in drawn.table.rules if each.name in rule.over
            ]
            special += [
                _seen(drawn, each, head) for each in drawn.table.rules if rule.name in each.over
            ]
    told: list[Inline] = []
    for words, links in (("exception to", general), ("except", special)):
        if links:
            listed = joined([(link,) for link in dict.fromkeys(links)], text(", "))
            told += [Break(), Emphasis(words), Text(" "), *listed]
    return tuple(told)


def _seen(drawn: Drawn, rule: Rule, head: int) -> Inline:
    """A rule as seen from below a head: below the same one, the row it stands in says it all."""
    for row in drawn.rows:
        if row.crossings[head] is rule:
            return _link(drawn, row)
    return rule_link(drawn.page, drawn.table, rule)
