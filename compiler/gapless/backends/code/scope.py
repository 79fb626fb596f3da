"""What everything in one generated module is called, settled before a line of it is written.

A policy's module stands alone: it holds the tables, types and citations that its own tables need,
each once, those of other files too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.analysis.composition.calls import calls
from gapless.backends.code import naming
from gapless.backends.code.naming import (
    SPOKEN,
    Constants,
    Names,
    annotation,
    camel,
    identifier,
    upper,
)
from gapless.backends.code.shared import runtime
from gapless.model import (
    AllOf,
    Call,
    Column,
    ColumnValue,
    Compared,
    Computed,
    Constant,
    EnumerationType,
    HitPolicy,
    Items,
    OutcomeValue,
    Policy,
    Rule,
    RuleKind,
    Section,
    Table,
    Type,
    columns_of,
)

BUILTINS = frozenset(
    {
        *("Exception", "NotImplementedError", "OverflowError", "all", "any", "bytearray"),
        *("abs", "annotations", "bytes", "dict", "divmod", "enumerate", "filter", "isinstance"),
        *("len", "list", "max", "min", "property", "range", "repr", "round", "set", "setattr"),
        *("sorted", "sum", "super", "zip"),
    }
)
"""What functions of the module take from Python beside what is `SPOKEN`, so that no table is called so."""

RESERVED = SPOKEN | BUILTINS


@dataclass(frozen=True, slots=True)
class TableNames:
    """`function`, `explain` and `mapped` are empty for a table that another file declares.

    `ask` names what lets arguments in where both of these need it, `flows` what tells how answers flow.
    `answer` is the annotation of an answer: the class `result` where there are several outputs.
    `arguments` names the condition columns, `fields` the outputs, by column.
    `rules` names the answers of all rules that always answer alike; `rows` the other rules: constants
    where they refuse, or functions where an answer is computed. `together` are the columns that all
    of these functions take; None where each takes its own. `worked` names the
    functions that calculate: by computed column, and by rule and output.
    """

    function: str
    explain: str
    mapped: str
    ask: str
    decide: str
    flows: str
    result: str
    answer: str
    arguments: Mapping[str, str]
    fields: Mapping[str, str]
    rules: str
    rows: Sequence[str]
    together: tuple[Column, ...] | None
    worked: Mapping[str | tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Scope:
    """`own` are the policy's tables, `borrowed` those that they call in other files.

    `members` names the set of members of each enumeration that an own table takes in.
    `titles` are what authors call sources, by file and name, and enumerations. The private functions
    of `remembering` tables remember what they said.
    """

    policy: Policy
    own: tuple[Table, ...]
    borrowed: tuple[Table, ...]
    names: Names
    aliases: Mapping[EnumerationType, str]
    members: Mapping[EnumerationType, str]
    tables: Mapping[Table, TableNames]
    citations: Mapping[Section, str]
    constants: Constants
    titles: Mapping[object, str]
    remembering: frozenset[Table]

    @property
    def spoken(self) -> frozenset[str]:
        """What no local name may hide, since functions say it."""
        return frozenset(
            {*RESERVED, *runtime().names, *(each.result for each in self.tables.values())}
        )

    def typed(self, table: Table, columns: Iterable[Column]) -> list[str]:
        """Columns of a table as parameters of its functions."""
        names = self.tables[table].arguments
        return [
            f"{names[column.name]}: {annotation(column.type, self.aliases)}" for column in columns
        ]


def scope(policy: Policy, policies: Iterable[Policy]) -> Scope:
    """The names in a policy's module: those that the public sees choose first."""
    own, borrowed = policy.tables, called_elsewhere(policy)
    every = (*own, *borrowed)
    frame = runtime().names
    names = Names({*RESERVED, *frame})
    functions = {table: names.take(*_spelt(table.name)) for table in own}
    mapped = {table: names.take(*_spelt(f"{table.name}_from")) for table in own}
    explains = {table: names.take(*_spelt(f"explain_{table.name}")) for table in own}
    used = (column.type for table in every for column in (*table.columns, *table.outputs))
    kinds = _enumerations((*(each.type for each in policy.types), *used))
    aliases = {kind: names.take(camel(kind.name), f"{camel(kind.name)}Type") for kind in kinds}
    results = {
        table: names.take(camel(table.name), f"{camel(table.name)}Answer")
        for table in every
        if len(table.outputs) > 1
    }
    decides = {table: names.take(f"_{identifier(table.name).strip('_')}") for table in every}
    taken_in = _enumerations(column.type for table in own for column in table.inputs)
    members = {kind: names.take(upper(aliases[kind])) for kind in taken_in}
    citations = dict(_citations(cited(every), names))
    tables = {
        table: TableNames(
            function=functions.get(table, ""),
            explain=explains.get(table, ""),
            mapped=mapped.get(table, ""),
            ask=names.take(f"_ask_{decides[table].lstrip('_')}"),
            decide=decides[table],
            flows=names.take(upper(table.name, "flows")),
            result=results.get(table, ""),
            answer=results.get(table) or annotation(table.outputs[0].type, aliases),
            arguments=naming.arguments(
                [column.name for column in table.columns],
                {
                    *(*frame, "annotations", "isinstance", *_said_by(table)),
                    *(*results.values(), explains.get(table, "")),
                },
            ),
            fields=naming.fields((column.name for column in table.outputs), aliases.values()),
            rules=names.take(upper(table.name, "rules")),
            rows=_rows(table, names),
            together=taken_together(table),
            worked=dict(_worked(table, names)),
        )
        for table in every
    }
    constants, titles = Constants(names), dict(_titles(policies))
    remembering = remember(every)
    return Scope(
        *(policy, own, borrowed, names, aliases, members, tables),
        *(citations, constants, titles, remembering),
    )


def _said_by(table: Table) -> set[str]:
    """What a table's functions take from Python in order to add up, or to calculate."""
    outcomes = (outcome.value for rule in table.rules for outcome in rule.outcomes)
    calculates = bool(table.computed) or any(isinstance(each, Computed) for each in outcomes)
    found = {"abs", "max", "min"} if calculates else set()
    if table.policy in (HitPolicy.SUM, HitPolicy.COUNT):
        found.add("sum")
    elif table.policy in (HitPolicy.MIN, HitPolicy.MAX):
        found.add(table.policy.value.split()[-1])
    return found


def _titles(policies: Iterable[Policy]) -> Iterator[tuple[object, str]]:
    for policy in policies:
        yield from (
            ((each.span.path, each.name), each.title or each.name) for each in policy.sources
        )
        yield from ((each.type, each.title) for each in policy.types if each.title)


def _citations(sections: Sequence[Section], names: Names) -> Iterator[tuple[Section, str]]:
    """Sections go by their own names where these are words, and no other source has one of that name."""
    times = Counter(each.name for each in sections)
    for each in sections:
        short = [upper(each.name)] * (times[each.name] == 1 and each.name[0].isalpha())
        yield each, names.take(*short, upper(each.source, each.name))


def _rows(table: Table, names: Names) -> tuple[str, ...]:
    found = []
    for rule in table.rules:
        name = upper(table.name, rule.name)
        if not is_constant(rule):
            found.append(names.take(name.lower()))
        elif rule.kind in REFUSALS:
            found.append(names.take(name))
        else:
            found.append("")
    return tuple(found)


def _worked(table: Table, names: Names) -> Iterator[tuple[str | tuple[int, int], str]]:
    """The functions that calculate."""
    for each in table.computed:
        yield each.column.name, names.take(f"_{_lower(table.name, each.column.name)}")
    for number, rule in enumerate(table.rules):
        for output, outcome in enumerate(rule.outcomes):
            if isinstance(outcome.value, Computed):
                words = (table.name, rule.name, table.outputs[output].name)
                yield (number, output), names.take(f"_{_lower(*words)}")


def _lower(*words: str) -> str:
    return upper(*words).lower().strip("_")


def _spelt(name: str) -> tuple[str, str]:
    return identifier(name), f"{identifier(name)}_"


MANY = 500
"""More rules than this are looked up: asking for them one by one, or by a tree, nobody would read."""


REFUSALS = {RuleKind.IMPOSSIBLE: "ImpossibleError", RuleKind.DRAFT: "DraftError"}
"""What is raised where a rule gives no answer."""

OFTEN = 100
"""If one answer would ask tables more often than this, they remember what they said."""


def remember(tables: Iterable[Table]) -> frozenset[Table]:
    """The tables that remember what they said: else long chains of calls would ask the same without end.

    Where a table asks another twice, and that one a third, the calls of a chain are as many as its ways,
    though few differ. Few tables need to remember so that nothing is asked often.
    """
    waiting, asked = [*tables], dict[Table, int]()
    found: set[Table] = set()
    while waiting:
        table = waiting[-1]
        callees = dict.fromkeys((call.table, call.arguments) for call in calls(table))
        unknown = [callee for callee, _ in callees if callee not in asked]
        if table not in asked and unknown:
            waiting.extend(unknown)
            continue
        waiting.pop()
        if table not in asked:
            times = 1 + sum(asked[callee] for callee, _ in callees)
            if times > OFTEN:
                found.add(table)
            asked[table] = 1 if table in found else times
    return frozenset(found)


def called_elsewhere(policy: Policy) -> tuple[Table, ...]:
    """The tables of other files that the policy's own tables call, callees first."""
    found: dict[Table, None] = {}

    def add(table: Table) -> None:
        for call in calls(table):
            if call.table not in found:
                add(call.table)
                found[call.table] = None

    for table in policy.tables:
        add(table)
    return tuple(table for table in found if table not in policy.tables)


def _enumerations(types: Iterable[Type]) -> tuple[EnumerationType, ...]:
    """The closed lists among types, each once."""
    scalars = (type.scalar for type in types)
    return tuple(dict.fromkeys(each for each in scalars if isinstance(each, EnumerationType)))


def cited(tables: Iterable[Table]) -> tuple[Section, ...]:
    """Every section that some rule cites."""
    rules = (rule for table in tables for rule in table.rules)
    return tuple(dict.fromkeys(each for rule in rules for each in rule.reason.citations))


def is_constant(rule: Rule) -> bool:
    """Whether a rule answers alike in every case, or never answers."""
    return all(isinstance(outcome.value, Constant) for outcome in rule.outcomes)


def operands(value: OutcomeValue) -> tuple[OutcomeValue, ...]:
    """What an outcome is made of."""
    return value.items if isinstance(value, Items) else (value,)


def taken_up(table: Table, *rules: Rule) -> tuple[Column, ...]:
    """The columns whose values the outcomes of rules hold or hand on."""
    parts = [part for rule in rules for each in rule.outcomes for part in operands(each.value)]
    handed = [argument for part in parts if isinstance(part, Call) for argument in part.arguments]
    columns = {part.column for part in (*parts, *handed) if isinstance(part, ColumnValue)}
    worked = (part.expression for part in parts if isinstance(part, Computed))
    columns.update(name for expression in worked for name in columns_of(expression))
    return tuple(column for column in table.columns if column.name in columns)


def taken_together(table: Table) -> tuple[Column, ...] | None:
    """The columns that all rules take up, for a table whose rules are looked up."""
    return taken_up(table, *table.rules) if is_looked_up(table) else None


def is_looked_up(table: Table) -> bool:
    """Whether a table's rules are looked up: columns compared with each other must be asked for."""
    if len(table.rules) <= MANY or table.policy.is_collecting:
        return False
    tests = (condition.test for rule in table.rules for condition in rule.conditions)
    return not any(isinstance(test, Compared | AllOf) for test in tests)
