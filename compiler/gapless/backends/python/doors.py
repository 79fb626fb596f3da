"""The public functions of a table: the answer, the same from a mapping, and the answer with its reason.

What explains is the door: it refuses whatever no column allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gapless.analysis.composition.calls import with_called
from gapless.analysis.domain.answers import Nothing
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    STEP,
    Comparison,
    Condition,
    Expression,
    Group,
    Loop,
    Quote,
    docstring,
    function_head,
    if_lines,
    joined,
    lay,
    prose,
    sentence,
    string,
    told,
)
from gapless.backends.code.scope import Scope
from gapless.backends.python.fast import fast
from gapless.backends.python.works import may_fail
from gapless.model import (
    BoolType,
    Column,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    RuleKind,
    Table,
    TextType,
    Type,
)
from gapless.text.types import as_python
from gapless.text.words import listed


def doors(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The public functions; all come from one decision, so that they cannot disagree.

    An argument that is an exact number may also be a whole one. What is not looked up is asked about.
    """
    table = unit.table
    names = scope.tables[table]
    found = fast(unit, scope)
    if found is not None:
        yield from found.blocks
    typed = scope.typed(table, table.inputs)
    parameters = [re.sub(r"\bDecimal\b", "Decimal | int", each) for each in typed]
    given = tuple(names.arguments[column.name] for column in table.inputs)
    exact = tuple(map(_exact, table.inputs, given))
    yield [
        *function_head(names.function, parameters, names.answer),
        *docstring(_said(unit, scope), 1),
        *(found.lines if found else ()),
        *lay(Group(f"{names.explain}(", given, ").answer"), first="return ", depth=1),
    ]
    yield _from_mapping(table, scope)
    yield [
        *function_head(names.explain, parameters, f"Explanation[{names.answer}]"),
        *docstring([[f"Explain `{names.function}`: which rule answers, and why."]], 1),
        *_guards(table, scope),
        *lay(Group(f"{names.decide}(", exact), first="return ", depth=1),
    ]


def _from_mapping(table: Table, scope: Scope) -> list[str]:
    """The same function of a mapping; what is not in it is refused as any other value is."""
    names = scope.tables[table]
    summary = f"Answer `{names.function}` from a mapping that has a value for each column."
    columns = tuple(string(column.name) for column in table.inputs)
    row = "row" if names.function != "row" else "mapping"
    given = Group(f"{names.function}(", tuple(f"{row}[{column}]" for column in columns))
    absent = Group(f"{names.function}(", (Group("*_values(", (row, *columns)),))
    return [
        *function_head(names.mapped, [f"{row}: Mapping[str, Any]"], names.answer),
        *docstring([[summary]], 1),
        f"{STEP}try:",
        *lay(given, first="return ", depth=2),
        f"{STEP}except KeyError:",
        *lay(absent, first="return ", depth=2),
    ]


def _exact(column: Column, name: str) -> Expression:
    """The argument as the decision wants it: exact numbers as `Decimal`."""
    match column.type:
        case DecimalType():
            return f"Decimal({name})"
        case OptionalType(DecimalType()):
            return Loop((f"None if {name} is None", f"else Decimal({name})"))
        case _:
            return name


# ---------------------------------------------------------------- what the docstring says


def _said(unit: Unit, scope: Scope) -> list[list[str]]:
    table = unit.table
    names = scope.tables[table]
    title = prose(table.title or "") or f"What table {table.name} answers"
    takes = [
        f"    {names.arguments[column.name]}: {_taken(column, scope)}" for column in table.inputs
    ]
    returns, raises = [*_returns(table, names.fields)], [*_raises(unit)]
    return [
        [sentence(title)],
        *told(*scope.policy.notes, *table.notes),
        ["Args:", *takes],
        *([["Returns:", *returns]] if returns else []),
        *([["Raises:", *raises]] if len(raises) > 1 else []),
        [*([f"Raises {raises[0].strip()}"] if len(raises) == 1 else []), *_sources(table)],
    ]


def _taken(column: Column, scope: Scope) -> str:
    """An argument's label, and what it may be where the annotation does not say it all."""
    label, inner = prose(column.label or ""), column.type.present
    if isinstance(inner, EnumerationType):
        return sentence(label or f"one of {scope.aliases[inner]}")
    if isinstance(inner, BoolType | TextType):
        return sentence(label or as_python(column.type))
    limits = as_python(column.type)
    return sentence(f"{label}, {limits}" if label else limits)


def _returns(table: Table, fields: Mapping[str, str]) -> Iterator[str]:
    """The labels of outputs; of a single one if that says more than its name."""
    for column in table.outputs:
        label = sentence(prose(column.label or "") or column.name.replace("_", " "))
        if len(table.outputs) > 1:
            yield f"    {fields[column.name]}: {label}"
        elif column.label and column.label.lower() != column.name.replace("_", " ").lower():
            yield f"    {label}"


def _raises(unit: Unit) -> Iterator[str]:
    table = unit.table
    yield "    InputError: an argument is not what its column allows."
    if unit.rules(RuleKind.IMPOSSIBLE) or _inherits_impossible(unit):
        yield "    ImpossibleError: a rule says that this case cannot happen."
    if _can_meet(RuleKind.DRAFT, table):
        yield "    DraftError: the answer to this case is still to be decided."
    if any(may_fail(each) for each in with_called(table)):
        yield "    OutcomeError: what a rule works out is not what its output allows."


def _inherits_impossible(unit: Unit) -> bool:
    """Whether a called table says of some case that it cannot happen."""
    asked = (*unit.caller.lets.values(), *unit.called.values())
    return any(piece.answer == Nothing(impossible=True) for pieces in asked for piece in pieces)


def _can_meet(kind: RuleKind, table: Table) -> bool:
    """Whether a rule of the table, or of one that it calls, is of that kind."""
    return any(rule.kind is kind for each in with_called(table) for rule in each.rules)


def _sources(table: Table) -> Iterator[str]:
    """The sections that the rules cite, by source."""
    cited: dict[str, dict[str, None]] = {}
    for rule in table.rules:
        for each in rule.reason.citations:
            cited.setdefault(each.source, {})[each.name] = None
    yield from (f"Source {name}: {', '.join(each)}." for name, each in cited.items())


VERSIONS = 4
"""More versions than this are not named one by one."""


def _guards(table: Table, scope: Scope) -> Iterator[str]:
    """The statements that refuse arguments which their columns do not allow."""
    for column in table.inputs:
        name, inner = scope.tables[table].arguments[column.name], column.type.present
        is_optional = isinstance(column.type, OptionalType)
        refused = _refused(inner, name, scope)
        if is_optional:
            refused = joined("and", [Comparison((name, "is not None")), refused])
        besides = _versions(table) if column.name == table.day else ""
        allowed: Expression
        if isinstance(inner, EnumerationType):  # its members are taken from where they are listed
            allowed = Group("_one_of(", (scope.aliases[inner], *['"None"'] * is_optional))
        else:
            allowed = Quote("", f"{as_python(column.type)}{besides}")
        yield from if_lines(refused, 1)
        error = Group("InputError(", (string(column.name), name, allowed))
        yield from lay(error, first="raise ", depth=2)


def _versions(table: Table) -> str:
    """When the versions of a table are in force, for whoever asks about a day that has none."""
    lives = [rule.name.replace("_", " ") for rule in table.rules if table.by_version]
    if len(lives) > VERSIONS:
        lives = [lives[0], f"{len(lives) - 2} more", lives[-1]]
    return f"; its versions are in force {listed(lives)}" if lives else ""


def _refused(type: Type, name: str, scope: Scope) -> Condition:
    """The test that every value outside `type` passes."""
    match type:
        case EnumerationType():
            outside = Comparison((name, f"not in {scope.members[type]}"))
            return joined("or", [_is_not(name, "str"), outside])
        case BoolType():
            return _is_not(name, "bool")
        case IntType(low, high) | DateType(low, high):
            other = _is_not(name, "int" if isinstance(type, IntType) else "datetime.date")
            beyond = scope.constants.outside(name, low, high)
            return joined("or", [other, *([beyond] if beyond else [])])
        case DecimalType(digits, low, high):
            ends = ("None" if end is None else scope.constants.ordered(end) for end in (low, high))
            low_end, high_end = ends
            call = f"_is_decimal({name}, digits={digits}, low={low_end}, high={high_end})"
            return Comparison((f"not {call}",))
        case TextType():
            return _is_not(name, "str")
    raise AssertionError("lists and sets do not go in")


def _is_not(name: str, type: str) -> Condition:
    return Comparison((f"type({name})", f"is not {type}"))
