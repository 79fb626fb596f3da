"""What a columnar module's own machinery is called, so that no table's names hide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gapless.backends.code.naming import Names, camel, identifier, upper
from gapless.backends.code.scope import Scope
from gapless.model import EnumerationType, Table

PUBLIC = ("Answered", "ColumnError", "Passed", "Refusal", "Refused", "RefusedError", "units")

FRAME = frozenset(
    {
        *PUBLIC,
        *("Any", "Callable", "Decimal", "Enum", "Final", "Flags", "Fraction", "Generic"),
        *("Iterator", "Literal", "Mapping", "NamedTuple", "Protocol", "Sequence", "TypeAlias"),
        *(
            "TypeVar",
            "accumulate",
            "annotations",
            "assert_never",
            "b85decode",
            "bisect_left",
            "bisect_right",
        ),
        *("cached_property", "cast", "dataclass", "datetime", "decompress", "find_spec"),
        *("import_module", "lru_cache", "np", "npt", "prod", "replace"),
        *(
            "abs",
            "bool",
            "bytes",
            "dict",
            "divmod",
            "super",
            "enumerate",
            "float",
            "frozenset",
            "getattr",
            "hasattr",
            "int",
        ),
        *("isinstance", "len", "list", "map", "max", "min", "next", "object", "property", "range"),
        *("repr", "reversed", "set", "sorted", "str", "tuple", "type", "zip", "ValueError", "any"),
        *("_ABSENT", "_Answer", "_Answer_co", "_Arrow", "_Block", "_Chunked", "_Coded", "_Column"),
        *("_Deciding", "_EPOCH", "_End", "_FAR", "_FEW", "_Given", "_Groups", "_Known", "_LISTED"),
        *("_Level", "_Listed", "_Nulls", "_Numbers", "_OUTSIDE", "_Order", "_Outside"),
        *(
            "_MANY",
            "_PER_DAY",
            "_PER_DAY_FINE",
            "_Pack",
            "_ROWS",
            "_SMALL",
            "_Stage",
            "_TAKES",
            "_Table",
        ),
        *("_Units", "_Walk"),
    }
)
"""What every module defines, imports, or takes from Python, other than private functions."""


@dataclass(frozen=True, slots=True)
class TableNames:
    """`result` is empty where there is one output; `arguments` are by column."""

    columns: str
    frame: str
    result: str
    data: str
    arguments: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spelt:
    """The names of one module: of its enumerations, and of the tables that it offers."""

    aliases: Mapping[EnumerationType, str]
    tables: Mapping[Table, TableNames]


def spelt(known: Scope, offered: Sequence[Table]) -> Spelt:
    """Names as in the scalar module, where nothing of this one's own is called so."""
    names = Names({*FRAME})
    kinds = {kind: names.take(name, f"{name}Type") for kind, name in known.aliases.items()}
    return Spelt(kinds, {table: _table(table, known, names) for table in offered})


def _table(table: Table, known: Scope, names: Names) -> TableNames:
    scalar = known.tables[table]
    word = identifier(table.name).rstrip("_")
    own = Names({*FRAME, "refused"})
    arguments = {
        column.name: own.take(scalar.arguments[column.name], f"{scalar.arguments[column.name]}_")
        for column in table.inputs
    }
    result = scalar.result and names.take(scalar.result, f"{camel(table.name)}Answer")
    return TableNames(
        names.take(f"{word}_columns"),
        names.take(f"{word}_frame"),
        result,
        names.take(upper(table.name)),
        arguments,
        scalar.fields,
    )
