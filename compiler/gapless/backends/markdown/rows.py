"""What stands in a row of a table of rules: the rule's name, what it asks, what it answers, and who says so.

Columns that belong together, such as all inputs, are a `Side`: they stand beside each other, or in
one cell where room is short.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, assert_never

from gapless.backends.markdown.addresses import Page, reason_anchor, rule_anchor, titled
from gapless.backends.markdown.inline import (
    FOLD,
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
    fits,
    grid,
    joined,
    markdown,
    plain,
    text,
)
from gapless.backends.markdown.wording import (
    ANY,
    ARROW,
    DOTS,
    answer_name,
    called_by_readers,
    condition,
    items_of,
    name_of,
    value_of,
)
from gapless.model import (
    Anything,
    Call,
    Column,
    ColumnValue,
    Computed,
    Constant,
    Equals,
    IsMissing,
    Items,
    OutcomeValue,
    Rule,
    RuleKind,
    Scalar,
    Section,
    Table,
)
from gapless.text.formulas import spoken
from gapless.text.words import listed
from gapless_dsl.nodes.cells import Basis

WIDTH = 8
"""A table with more columns cannot be read on a page."""

SHORT = 40
"""A column of reasons that are no longer takes the room of one condition less."""

LINKS = 200
"""More names in one sentence nobody reads."""

UNDECIDED: Line = (Emphasis("still to be decided"),)

BASIS: dict[Basis, tuple[Inline, ...]] = {
    Basis.STATED: (),
    Basis.INFERRED: (Emphasis("inferred"),),
    Basis.SILENT: (Strong("source silent"),),
}
"""How a rule that its source does not state is marked, wherever it stands."""


# ---------------------------------------------------------------- who says so


def section_name(section: Section) -> str:
    """`§ codes`, never broken across lines."""
    return f"§\u00a0{section.name}"


def words(page: Page, rule: Rule) -> Line:
    """What the author wrote under `because`: the words, and the citations in brackets behind them."""
    said = rule.reason
    cited = joined(
        [(Link(Text(section_name(each)), page.section(each)),) for each in said.citations], ", "
    )
    if said.text and cited:
        return (Text(f"{said.text} ("), *cited, Text(")"))
    return text(said.text) or cited


def reason(page: Page, rule: Rule) -> Line:
    """The words and citations, and below them what other annotations say."""
    notes = [
        (Emphasis(column), Text(": "), Text(note)) for column, note in rule.annotations if note
    ]
    return joined([line for line in (words(page, rule), *notes) if line], (Break(),))


def marked_reason(page: Page, table: Table, rule: Rule) -> Line:
    """The reason with its basis, where the rule's name is not marked with it."""
    parts = (basis_of(table, rule), reason(page, rule))
    return joined([line for line in parts if line], ": ")


def bases(table: Table, rule: Rule) -> dict[Basis, list[Column]]:
    """How what the rule answers rests on its source: its outputs by their basis, the strongest first."""
    found: dict[Basis, list[Column]] = {basis: [] for basis in Basis}
    for column in table.outputs:
        found[rule.reason.basis_of(column.name)].append(column)
    return {basis: columns for basis, columns in found.items() if columns}


def basis_of(table: Table, rule: Rule) -> Line:
    """*inferred*, or *inferred* for Payment, where that is not so of all the rule answers."""
    parts = [
        (*BASIS[basis], Text(" for "), *text(listed_names(columns)))
        for basis, columns in bases(table, rule).items()
        if basis is not Basis.STATED
    ]
    return joined(parts, ", ") if rule.reason.marks else BASIS[rule.reason.basis]


def listed_names(columns: Sequence[Column]) -> str:
    return listed([name_of(column) for column in columns])


def marked(name: Inline, basis: Line) -> Line:
    """A name with the basis of its rule below."""
    return (name, *((Break(), *basis) if basis else ()))


def rule_name(table: Table, rule: Rule, *, why: str = "") -> Line:
    """The rule's name with its anchor and its basis; `why` is where its reason stands, if elsewhere."""
    name = Link(Code(rule.name), why) if why else Code(rule.name)
    return (Anchor(rule_anchor(table, rule)), *marked(name, basis_of(table, rule)))


def rule_link(page: Page, table: Table, rule: Rule) -> Inline:
    return Link(Code(rule.name), page.rule(table, rule))


def rule_links(page: Page, rules: Sequence[tuple[Table, Rule]]) -> Line:
    """Rules by name; of very many the first, and how many more there are."""
    links: list[Line] = [(rule_link(page, *each),) for each in rules[:LINKS]]
    if len(rules) > LINKS:
        links.append(text(f"{len(rules) - LINKS:,} more"))
    return joined(links, ", ", " and ")


# ---------------------------------------------------------------- what is answered


def answers(page: Page, table: Table, rule: Rule) -> tuple[Line, ...]:
    """What the rule answers, a line for each output."""
    if rule.kind is RuleKind.DRAFT:
        return (UNDECIDED,) * len(table.outputs)
    known: dict[str, Scalar | None] = {}  # columns with but one value where the rule applies
    for column, asked in zip(table.columns, rule.conditions, strict=True):
        if isinstance(asked.test, Equals | IsMissing):
            known[column.name] = asked.test.value if isinstance(asked.test, Equals) else None
    return tuple(
        _answer(page, table, column, outcome.value, known)
        for column, outcome in zip(table.outputs, rule.outcomes, strict=True)
    )


def _answer(
    page: Page,
    table: Table,
    column: Column,
    value: OutcomeValue,
    known: Mapping[str, Scalar | None],
) -> Line:
    match value:
        case Constant(constant):
            return value_of(column.type, constant)
        case ColumnValue(name) if name in known:
            return value_of(column.type, known[name])
        case ColumnValue(name):
            return (Text("same as "), Emphasis(called_by_readers(table, name)))
        case Call():
            return called(page, table, value)
        case Items(items):
            return items_of([_answer(page, table, column, item, known) for item in items])
        case Computed(expression):
            return text(spoken(expression, lambda name: called_by_readers(table, name)))
    assert_never(value)


def called(page: Page, table: Table, call: Call) -> Line:
    """`what *The fee* answers for Weight and Zone`, naming the output where there are several."""
    outputs = call.table.outputs
    which = text(f" as {name_of(outputs[call.output])}") if len(outputs) > 1 else ()
    link, *given = asked_for(page, table, call)
    return (Text("what "), link, Text(" answers"), *which, *given)


def asked_for(page: Page, table: Table, call: Call) -> Line:
    """`*The fee* for Weight and Zone`: a called table, and what it is asked."""
    link = Link(Emphasis(titled(call.table)), page.table(call.table))
    given = [
        text(called_by_readers(table, argument.column))
        if isinstance(argument, ColumnValue)
        else value_of(column.type, argument.value)
        for column, argument in zip(call.table.inputs, call.arguments, strict=True)
    ]
    return (link, *((Text(" for "), *joined(given, ", ", " and ")) if given else ()))


# ---------------------------------------------------------------- sides


class Side(NamedTuple):
    """`title` stands above the one column that they become; a row of one cell spans them all."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


def tested(table: Table, rules: Sequence[Rule]) -> list[int]:
    """The condition columns that any of the rules tests, as the author ordered them."""
    names = [column.name for column in table.columns]
    unwritten = (name for name in names if name not in table.written)
    return [
        number
        for number in map(names.index, (*table.written, *unwritten))
        if any(not isinstance(rule.conditions[number].test, Anything) for rule in rules)
    ]


def conditions_of(table: Table, rules: Sequence[Rule], columns: Sequence[int]) -> Side:
    """What the rules ask of the columns with these numbers."""
    rows = [
        tuple(condition(table.columns[i], rule.conditions[i].test, table.columns) for i in columns)
        for rule in rules
    ]
    return Side("When", tuple(name_of(table.columns[i]) for i in columns), tuple(rows))


def answers_of(page: Page, table: Table, rules: Sequence[Rule]) -> Side:
    rows = tuple(answers(page, table, rule) for rule in rules)
    return Side(f"{ARROW}Answer", tuple(map(answer_name, table.outputs)), rows)


def fitted(sides: Sequence[Side], room: int) -> tuple[list[str], list[tuple[Line, ...]]]:
    """The head and the rows of the sides together, the last ones gathered first, if there must be."""
    fitting = list(sides)
    for number, side in reversed([*enumerate(sides)]):
        if sum(len(each.names) for each in fitting) > room and len(side.names) > 1:
            rows = tuple((_gathered(row, side),) for row in side.rows)
            fitting[number] = Side(side.title, (side.title,), rows)
    head = [name for side in fitting for name in side.names]
    rows_of = [
        [(*row, *[()] * (len(side.names) - len(row))) for row in side.rows] for side in fitting
    ]
    return head, [
        tuple(cell for part in row for cell in part) for row in zip(*rows_of, strict=True)
    ]


def _gathered(row: tuple[Line, ...], side: Side) -> Line:
    """One cell that says what each part of it is; what does not matter is not said."""
    if len(row) < len(side.names):
        return row[0]
    said = [
        (Text(f"{name.removeprefix(ARROW).removeprefix(DOTS)}: "), *cell)
        for name, cell in zip(side.names, row, strict=True)
        if cell != ANY
    ]
    return joined(said, (Break(),)) if said else ANY


# ---------------------------------------------------------------- whole rows


class Where(Enum):
    """Where a table's reasons stand."""

    NOWHERE = "no rule gives one"
    BESIDE = "in a column of their own"
    BELOW = "in a list below"


def where_reasons_stand(reasons: Iterable[Line], room: int) -> Where:
    """Beside the rules if so many columns are left: long sentences would be pressed together in one."""
    longest = max((len(plain(each)) for each in reasons), default=0)
    if not longest:
        return Where.NOWHERE
    return Where.BESIDE if room >= (1 if longest <= SHORT else 2) else Where.BELOW


class Row(NamedTuple):
    """A row of a grid or of a crosstab; in a crosstab it has several rules, and `rule` stands for all.

    `begin` is what stands before the name, such as the rule's place, `related` what stands below it.
    """

    name: str
    rule: Rule
    begin: Line
    related: Line
    cells: tuple[Line, ...]
    cases: Line


def rows_view(
    page: Page,
    table: Table,
    head: Sequence[Line | str],
    rows: Sequence[Row],
    where: Where,
    *,
    counted: bool,
) -> tuple[Grid, tuple[str, ...]]:
    """The table, and below it a line for every row of which more is known than its name."""
    printed: list[tuple[Line, ...]] = []
    below: list[str] = []
    for row in rows:
        why = marked_reason(page, table, row.rule) if where is Where.BELOW else ()
        anchor = reason_anchor(table, row.rule)
        name = Link(Code(row.name), f"#{anchor}") if why else Code(row.name)
        if why:
            link = Link(Code(row.name), page.rule(table, row.rule))
            below.append(markdown((Anchor(anchor), link, Text(": "), *why)))
        printed.append(
            (
                (*row.begin, *marked(name, basis_of(table, row.rule)), *row.related),
                *row.cells,
                *([row.cases] if counted else []),
                *([reason(page, row.rule)] if where is Where.BESIDE else []),
            )
        )
    extra = [*(["Cases"] if counted else []), *(["Why"] if where is Where.BESIDE else [])]
    whole = [*head, *extra]
    if where is Where.BESIDE and len(rows) <= FOLD and not fits(whole, printed):
        return rows_view(page, table, head, rows, Where.BELOW, counted=counted)
    return grid(whole, printed), tuple(below)


def exceptions(general: Iterable[Inline], special: Iterable[Inline]) -> Line:
    """The rules to which a rule is an exception, and its own exceptions, below its name."""
    told: list[Inline] = []
    for said, links in (("exception to", general), ("except", special)):
        listed = joined([(link,) for link in dict.fromkeys(links)], ", ")
        if listed:
            told += [Break(), Emphasis(said), Text(" "), *listed]
    return tuple(told)
