"""A table's rules as its reader wants them: few columns, reasons beside or below, many rules divided.

A crosstab stands as its author drew it. More rules than anybody reads are told by what they come to,
answer by answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

from gapless.analysis.coverage.budget import OverBudget
from gapless.analysis.domain.partition import Box
from gapless.analysis.overlaps import overlaps
from gapless.analysis.unit import Unit
from gapless.analysis.verdict import shares
from gapless.backends.markdown.addresses import Page, rule_anchor
from gapless.backends.markdown.inline import (
    Anchor,
    Break,
    Code,
    Emphasis,
    Grid,
    Inline,
    Line,
    Link,
    Strong,
    Text,
    flat,
    grid,
    markdown,
    plain,
    text,
)
from gapless.backends.markdown.rows import (
    WIDTH,
    Row,
    Side,
    Where,
    answers,
    answers_of,
    conditions_of,
    exceptions,
    fitted,
    reason,
    rows_view,
    rule_link,
    tested,
    where_reasons_stand,
)
from gapless.backends.markdown.wording import ARROW, answer_name, asked, condition, name_of
from gapless.model import HitPolicy, OptionalType, Rule, RuleKind, Table, ranked
from gapless.text.words import count, share

ROOM = 3
"""With more conditions and answers than this, reasons stand below the table instead of in it."""

MANY = 8
"""A table with more rules than this is worth dividing."""

ANSWERS = 40
"""So many different answers have a row each in an overview; the others share one."""

SHOWN = 20
"""So many rules stand for all in an overview."""


class Rules(NamedTuple):
    """One table of rules; `heading` says what they have in common, `reasons` follow below."""

    heading: str
    note: str
    grid: Grid
    reasons: tuple[str, ...]


# ---------------------------------------------------------------- how rules decide together


def applies(unit: Unit) -> str:
    """How rules decide together, as it is proved: the hit policy in words."""
    table = unit.table
    if table.policy.is_collecting:
        several = "Several of these rules may apply to one case, and it is counted at each of them."
        listed = "What all of them answer is listed in the order of"
        return f"{several} {_COLLECTS.get(table.policy) or f'{listed} {_order(table)}.'}"
    if len(unit.rows) < 2:
        return ""
    if table.policy is HitPolicy.FIRST:
        return "The rules are read from the top: the first one that applies answers."
    decided = ""
    if unit.precedence.over:
        decided = "Where a rule and an exception to it both apply, the exception answers."
    elif table.policy is HitPolicy.PRIORITY:
        decided = "Where several rules apply, the one answers whose answer stands first"
        decided += f" in the order of {_order(table)}."
    try:
        may_meet = next(overlaps(unit), None) is not None
    except OverBudget:
        may_meet = True
    if not may_meet:
        return decided or "Just one rule applies to each case, so their order does not matter."
    alike = f"{decided} Several" if decided else "Several"
    alike += " of these rules may apply to one case; then they give the same answer"
    return f"{alike}, and the case is counted at the first of them."


_COLLECTS = {
    HitPolicy.COLLECT: "What all of them answer is listed.",
    HitPolicy.RULE_ORDER: "What all of them answer is listed, in the order of the rules.",
    HitPolicy.SUM: "What all of them answer is added up.",
    HitPolicy.MIN: "The least of their answers counts.",
    HitPolicy.MAX: "The greatest of their answers counts.",
    HitPolicy.COUNT: "The answer is how many of them there are.",
}
"""How the answers of all rules that apply become one."""


def _order(table: Table) -> str:
    """The closed lists by whose order answers rank."""
    return ", then of ".join(
        f"{name_of(column)} ({', '.join([*(each.label or each.name for each in of.members), *last])})"
        for column in table.outputs
        if (of := ranked(table.policy, column)) is not None
        for last in [["missing"] if isinstance(column.type, OptionalType) else []]
    )


# ---------------------------------------------------------------- rule by rule


def rules(page: Page, unit: Unit) -> tuple[Rules, ...]:
    """The rules proper, in one table or several; no `impossible`, no `otherwise`."""
    if not page.site.lists(unit.table, RuleKind.RULE):
        return overview(page, unit)
    drawn = crosstab(page, unit)
    if drawn is not None:
        return (drawn,)
    return _listed(page, unit, groups(unit, tuple(unit.rows))) if unit.rows else ()


def _listed(page: Page, unit: Unit, divided: Sequence[Group]) -> tuple[Rules, ...]:
    """A table of rules for each group."""
    table = unit.table
    widest = max(len(_columns(unit, group)) for group in divided) + len(table.outputs)
    reasons = [reason(page, table.rules[i]) for group in divided for i in group.rules]
    where = where_reasons_stand(reasons, ROOM + 2 - widest)
    return tuple(_group(page, unit, group, divided, where) for group in divided)


def _group(page: Page, unit: Unit, group: Group, divided: Sequence[Group], where: Where) -> Rules:
    table, counts = unit.table, shares(unit)
    these = [table.rules[number] for number in group.rules]
    sides = (conditions_of(table, these, _columns(unit, group)), answers_of(page, table, these))
    names, cells = fitted(sides, WIDTH - 2 - (where is Where.BESIDE))
    ordered = unit.rows if table.policy is HitPolicy.FIRST else ()
    places = {number: text(f"{place}. ") for place, number in enumerate(ordered, 1)}
    rows = []
    for number, rule, row in zip(group.rules, these, cells, strict=True):
        general = (rule_link(page, table, each) for each in table.rules if each.name in rule.over)
        special = (rule_link(page, table, each) for each in table.rules if rule.name in each.over)
        begin = (*places.get(number, ()), Anchor(rule_anchor(table, rule)))
        cases = text(f"{(counts or {}).get(number, 0):,}")
        rows.append(Row(rule.name, rule, begin, exceptions(general, special), row, cases))
    heading, note = "", ""
    if group.axis is not None:
        cell = these[0].conditions[group.axis]
        heading = markdown(asked(table.columns[group.axis], cell.test, table.columns))
    elif len(divided) > 1:
        heading, note = "All other rules", "These may concern the groups above as well."
    counted = counts is not None
    view = rows_view(page, table, ["Rule", *names], rows, where, counted=counted)
    return Rules(heading, note, *view)


def _columns(unit: Unit, group: Group) -> list[int]:
    """The condition columns that tell the group's rules apart."""
    these = [unit.table.rules[number] for number in group.rules]
    return [number for number in tested(unit.table, these) if number != group.axis]


# ---------------------------------------------------------------- many rules, divided


class Group(NamedTuple):
    """Rules by number, in the author's order.

    All of them have the same cell in column `axis`; in the group of the rest, which comes last,
    `axis` is None, and so it is in the one group of a table that is not divided.
    """

    axis: int | None
    rules: tuple[int, ...]


def groups(unit: Unit, rules: Sequence[int]) -> tuple[Group, ...]:
    """The rules by the column whose cells divide them best, if there are many, if their order means
    nothing, and if it helps."""
    undivided = (Group(None, tuple(rules)),)
    if len(rules) <= MANY or unit.table.policy is HitPolicy.FIRST:
        return undivided
    boxes = {number: box for number in rules if (box := unit.boxes[number]) is not None}
    names = [column.name for column in unit.table.columns]
    worthy = []
    for name in unit.table.written:
        division = _divided(unit, names.index(name), boxes, rules)
        rest = sum(len(group.rules) for group in division if group.axis is None)
        named = sum(group.axis is not None for group in division)
        # Two groups at least, three rules in each on average, and few left over.
        if named >= 2 and 3 * rest <= len(rules) and len(rules) >= 3 * len(division):
            worthy.append(division)
    # A reader who knows the cell shall have the fewest rules left to read.
    return min(
        worthy,
        key=lambda division: sum(len(group.rules) ** 2 for group in division),
        default=undivided,
    )


def _divided(
    unit: Unit, axis: int, boxes: dict[int, Box], rules: Sequence[int]
) -> tuple[Group, ...]:
    """The rules by their cell in `axis`: the most frequent cells that do not overlap, and the rest."""
    by_cell: dict[int, list[int]] = {}
    for number, box in boxes.items():
        by_cell.setdefault(box[axis], []).append(number)
    frequent, taken = set[int](), 0
    for mask in sorted(by_cell, key=lambda cell: -len(by_cell[cell])):
        if len(by_cell[mask]) > 1 and not mask & taken and mask != unit.axes[axis].whole:
            frequent.add(mask)
            taken |= mask
    found = [Group(axis, tuple(those)) for cell, those in by_cell.items() if cell in frequent]
    named = {number for group in found for number in group.rules}
    rest = tuple(number for number in rules if number not in named)
    return (*found, Group(None, rest)) if rest else tuple(found)


# ---------------------------------------------------------------- more rules than anybody reads


def overview(page: Page, unit: Unit) -> tuple[Rules, ...]:
    """What the rules answer, then those that decide most cases."""
    numbers = tuple(unit.rows)
    note: Line = (
        Text(f"{count(len(numbers), 'rule')} are too many to read one by one: they stand in "),
        Code(page.policy.path.rpartition("/")[2]),
        Text(", and "),
        Code(f"gapless run {unit.table.name}"),
        Text(" tells which of them decides a case."),
    )
    chosen = Group(None, tuple(largest(unit, numbers)))
    which = "that decide most cases" if shares(unit) is not None else "that come first"
    heading = f"The {len(chosen.rules)} rules {which}"
    return (
        Rules("", markdown(note), _by_answer(page, unit, numbers), ()),
        *(each._replace(heading=heading) for each in _listed(page, unit, (chosen,))),
    )


def largest(unit: Unit, rules: Iterable[int]) -> list[int]:
    """The rules that most cases lead to, in the author's order; the first where they are not counted."""
    counts = shares(unit) or {}
    return sorted(nlargest(SHOWN, rules, key=lambda number: (counts.get(number, 0), -number)))


def _by_answer(page: Page, unit: Unit, numbers: Iterable[int]) -> Grid:
    """A row for each answer: how many rules give it, and in how many cases, where that is known."""
    table, counts = unit.table, shares(unit)
    found: dict[tuple[Line, ...], tuple[int, int]] = {}
    for number in numbers:
        answer = answers(page, table, table.rules[number])
        rules, cases = found.get(answer, (0, 0))
        found[answer] = rules + 1, cases + (counts or {}).get(number, 0)
    ordered = sorted(found, key=lambda answer: -found[answer][counts is not None])
    side = Side(f"{ARROW}Answer", tuple(map(answer_name, table.outputs)), tuple(ordered[:ANSWERS]))
    head, cells = fitted([side], WIDTH - 3)

    def sizes(rules: int, cases: int) -> tuple[Line, ...]:
        counted = (text(f"{cases:,}"), text(share(cases, unit.cases)))
        return (text(f"{rules:,}"), *(counted if counts is not None else ()))

    rows = [(*cell, *sizes(*found[answer])) for cell, answer in zip(cells, ordered, strict=False)]
    others = [found[answer] for answer in ordered[ANSWERS:]]
    if others:
        rules, cases = (sum(each) for each in zip(*others, strict=True))
        other: Line = (Emphasis(count(len(others), "further answer")),)
        rows.append((other, *[()] * (len(head) - 1), *sizes(rules, cases)))
    return grid([*head, "Rules", *(["Cases", "Share"] if counts is not None else [])], rows)


# ---------------------------------------------------------------- crosstabs, as their authors drew them

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
    named = {rule.name: rule for rule in table.rules}
    crossed = [
        Crossed(row.name, tuple(None if name is None else named[name] for name in row.rules))
        for row in table.crosstab.rows
    ]
    axis = [column.name for column in table.columns].index(table.crosstab.across)
    column, heads = table.columns[axis], list[Line]()
    for below in zip(*(row.crossings for row in crossed), strict=True):
        # `Zone:` above each cell of the zones, which might be anything by itself.
        test = next(rule for rule in below if rule is not None).conditions[axis].test
        cell = flat(condition(column, test, table.columns))
        heads.append((Text(f"{name_of(column)}:"), Break(), *cell))
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
    # Cases are counted where none is counted twice in a row; those that cannot happen, further down.
    counted = None if table.policy.is_collecting else shares(unit)
    counts: dict[str, int] = {}
    if counted is not None and room > (where is Where.BESIDE):
        counts = {table.rules[number].name: counted.get(number, 0) for number in unit.rows}
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


def _crossing(page: Page, unit: Unit, rule: Rule | None) -> Line:
    """What a rule answers, with its anchor; one that is impossible has its place further down."""
    if rule is None:
        return NO_RULE
    if rule.kind is RuleKind.IMPOSSIBLE:
        return (Link(Emphasis("cannot happen"), page.rule(unit.table, rule)),)
    [answer] = answers(page, unit.table, rule)
    return (Anchor(rule_anchor(unit.table, rule)), *answer)


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
