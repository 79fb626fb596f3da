"""What everything in one generated module is called, settled before a line of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.backends.code import contents, naming
from gapless.backends.code.naming import SPOKEN, Names, camel, identifier, upper
from gapless.backends.code.values import Constants, annotation
from gapless.model import Column, Computed, EnumerationType, HitPolicy, Policy, Section, Table

FRAME = frozenset(
    {
        *(
            "Citation",
            "DraftError",
            "Explanation",
            "Final",
            "Generic",
            "ImpossibleError",
            "InputError",
        ),
        *(
            "Any",
            "Literal",
            "NamedTuple",
            "TypeAlias",
            "TypeVar",
            "annotations",
            "get_args",
            "suppress",
        ),
        *("Context", "Fraction", "MAX_EMAX", "MAX_PREC", "MIN_EMIN", "ParamSpec", "wraps"),
        *("Inexact", "OutcomeError", "monthrange", "localcontext"),
        *("_EXACT", "_Arguments", "_elapsed", "_exactly", "_is_day", "_later", "_rounded"),
        *("_month_of",),
        *("_Answer", "_exact", "_is_decimal", "_one_of", "_shown"),
        *("Callable", "Iterable", "Mapping", "accumulate", "bisect_right", "xor"),
        *("Protocol", "final", "Context", "MAX_EMAX", "MAX_PREC", "MIN_EMIN"),
        *("_EXACT", "_together", "_total"),
        *(
            "Sequence",
            "a2b_base64",
            "unpack",
            "_stretched",
            "_rows_of",
            "_picked",
            "_linked",
            "_unpacked",
        ),
        *("_ABSENT", "_Basis", "_Record", "Self", "cache", "lru_cache"),
        "isinstance",
        *("_Column", "_Draft", "_Impossible", "_Members", "_Rows", "_Stretches", "_as_bits"),
    }
)
"""What every module defines, imports, or says in the bodies of its functions."""

BUILTINS = frozenset(
    {
        *("Exception", "NotImplementedError", "OverflowError", "all", "any", "bytearray"),
        *("bytes", "dict", "divmod", "enumerate", "filter", "len", "list", "property"),
        *("abs", "max", "min", "sum", "range", "repr", "round", "set", "sorted", "super", "zip"),
    }
)
"""What functions of the module take from Python beside what is `SPOKEN`, so that no table is called so."""


@dataclass(frozen=True, slots=True)
class TableNames:
    """`function`, `explain`, `mapped` and `check` are empty for a table that another file declares.

    `answer` is the annotation of an answer: the class `result` where there are several outputs.
    `arguments` names the condition columns, `fields` the outputs, by column.
    `rows` names the rules: constants, or functions where an answer is computed. `together` are the
    columns that all of these functions take; None where each takes its own. `worked` names the
    functions that calculate: by computed column, and by rule and output.
    """

    function: str
    explain: str
    mapped: str
    check: str
    decide: str
    result: str
    answer: str
    arguments: Mapping[str, str]
    fields: Mapping[str, str]
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
    def looks_up(self) -> bool:
        """Whether the rules of some table are looked up."""
        return any(each.together is not None for each in self.tables.values())

    @property
    def spoken(self) -> frozenset[str]:
        """What no local name may hide, since functions say it."""
        return frozenset(
            {*SPOKEN, *FRAME, *BUILTINS, *(each.result for each in self.tables.values())}
        )


def scope(policy: Policy, policies: Iterable[Policy]) -> Scope:
    """The names in a policy's module: those that the public sees choose first."""
    own, borrowed = policy.tables, contents.borrowed(policy)
    every = (*own, *borrowed)
    names = Names({*SPOKEN, *FRAME, *BUILTINS})
    functions = {table: names.take(*_spelt(table.name)) for table in own}
    mapped = {table: names.take(*_spelt(f"{table.name}_from")) for table in own}
    explains = {table: names.take(*_spelt(f"explain_{table.name}")) for table in own}
    kinds = contents.enumerations(policy, every)
    aliases = {kind: names.take(camel(kind.name), f"{camel(kind.name)}Type") for kind in kinds}
    results = dict(_results(every, names))
    checks = {table: names.take(f"_check_{_word(table)}") for table in own}
    decides = {table: names.take(f"_{_word(table)}") for table in every}
    members = {kind: names.take(upper(aliases[kind])) for kind in contents.taken_in(own)}
    citations = {
        each: names.take(upper(each.source, each.name)) for each in contents.citations(every)
    }
    tables = {
        table: TableNames(
            function=functions.get(table, ""),
            explain=explains.get(table, ""),
            mapped=mapped.get(table, ""),
            check=checks.get(table, ""),
            decide=decides[table],
            result=results.get(table, ""),
            answer=results.get(table) or annotation(table.outputs[0].type, aliases),
            arguments=naming.arguments(
                [column.name for column in table.columns],
                {*FRAME, *_said_by(table), *results.values(), explains.get(table, "")},
            ),
            fields=naming.fields((column.name for column in table.outputs), aliases.values()),
            rows=_rows(table, names),
            together=contents.taken_together(table),
            worked=dict(_worked(table, names)),
        )
        for table in every
    }
    constants, titles = Constants(names), dict(_titles(policies))
    remembering = contents.remembering(every)
    return Scope(
        *(policy, own, borrowed, names, aliases, members, tables),
        *(citations, constants, titles, remembering),
    )


def _said_by(table: Table) -> frozenset[str]:
    """What a table's functions take from Python in order to add up, or to calculate."""
    outcomes = (outcome.value for rule in table.rules for outcome in rule.outcomes)
    calculates = bool(table.computed) or any(isinstance(each, Computed) for each in outcomes)
    totals = {
        HitPolicy.SUM: "sum",
        HitPolicy.COUNT: "sum",
        HitPolicy.MIN: "min",
        HitPolicy.MAX: "max",
    }
    own = totals.get(table.policy)
    return frozenset({*(("abs", "max", "min") if calculates else ()), *((own,) if own else ())})


def _titles(policies: Iterable[Policy]) -> Iterator[tuple[object, str]]:
    for policy in policies:
        yield from (
            ((each.span.path, each.name), each.title or each.name) for each in policy.sources
        )
        yield from ((each.type, each.title) for each in policy.types if each.title)


def _results(tables: Iterable[Table], names: Names) -> Iterator[tuple[Table, str]]:
    """The class of a table's answers, where there are several outputs."""
    for table in tables:
        if len(table.outputs) > 1:
            yield table, names.take(camel(table.name), f"{camel(table.name)}Answer")


def _rows(table: Table, names: Names) -> tuple[str, ...]:
    return tuple(
        names.take(
            upper(table.name, rule.name)
            if contents.is_constant(rule)
            else upper(table.name, rule.name).lower()
        )
        for rule in table.rules
    )


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


def _word(table: Table) -> str:
    return identifier(table.name).strip("_")


def _spelt(name: str) -> tuple[str, str]:
    return identifier(name), f"{identifier(name)}_"
