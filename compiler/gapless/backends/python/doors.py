"""The public functions of a table: the answer, and the answer with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gapless.analysis.composition.calls import with_called
from gapless.analysis.domain.answers import Nothing
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import STEP, Group, lay
from gapless.backends.code.scope import Scope
from gapless.backends.code.statements import docstring, function_head
from gapless.backends.code.text import prose, sentence, string, told
from gapless.backends.code.values import annotation
from gapless.backends.python.fast import Fast, fast
from gapless.backends.python.works import may_fail
from gapless.model import (
    BoolType,
    Column,
    DecimalType,
    EnumerationType,
    OptionalType,
    RuleKind,
    Table,
    TextType,
)
from gapless.text.types import as_python


def doors(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The two public functions; both come from one decision, so that they cannot disagree."""
    table = unit.table
    names = scope.tables[table]
    found = fast(unit, scope)
    if found is not None:
        yield from found.blocks
    yield [
        *function_head(names.function, _parameters(table, scope), names.answer),
        *docstring(_said(unit, scope), 1),
        *(_asked(table, scope) if found is None else _looked_up(found, table, scope)),
    ]
    yield _from_mapping(table, scope)
    summary = f"Explain `{names.function}`: which rule answers, and why."
    yield [
        *function_head(names.explain, _parameters(table, scope), f"Explanation[{names.answer}]"),
        *docstring([[summary]], 1),
        *_checked(table, scope),
        *_decided(table, scope, ""),
    ]


def _parameters(table: Table, scope: Scope) -> list[str]:
    """The arguments of a door, where an exact number may also be a whole one."""
    names = scope.tables[table].arguments
    return [
        f"{names[column.name]}: {annotation(column.type, scope.aliases).replace('Decimal', 'Decimal | int')}"
        for column in table.inputs
    ]


def _from_mapping(table: Table, scope: Scope) -> list[str]:
    """The same function of a mapping; what is not in it is refused as any other value is."""
    names = scope.tables[table]
    summary = f"Answer `{names.function}` from a mapping that has a value for each column."
    given = tuple(
        f"{names.arguments[column.name]}=row[{string(column.name)}]" for column in table.inputs
    )
    absent = tuple(f"row.get({string(column.name)}, _ABSENT)" for column in table.inputs)
    return [
        *function_head(names.mapped, ["row: Mapping[str, Any]"], names.answer),
        *docstring([[summary]], 1),
        f"{STEP}try:",
        *lay(Group(f"{names.function}(", given), first="return ", depth=2),
        f"{STEP}except KeyError:",
        *lay(Group(f"{names.check}(", absent), depth=2),
        f"{STEP * 2}raise",
    ]


def _asked(table: Table, scope: Scope) -> list[str]:
    """The body of a function that has nothing ready."""
    return [*_checked(table, scope), *_decided(table, scope, ".answer")]


def _looked_up(found: Fast, table: Table, scope: Scope) -> list[str]:
    """The body of a function that looks its answer up; whatever is not found is asked about."""
    names = scope.tables[table]
    given = tuple(names.arguments[column.name] for column in table.inputs)
    asked = Group(f"{names.explain}(", given, ").answer")
    return [*found.lines, *lay(asked, first="return ", depth=1)]


def _checked(table: Table, scope: Scope) -> list[str]:
    names = scope.tables[table]
    return lay(
        Group(f"{names.check}(", tuple(names.arguments[c.name] for c in table.inputs)), depth=1
    )


def _decided(table: Table, scope: Scope, picked: str) -> list[str]:
    names = scope.tables[table]
    given = tuple(_exact(column, names.arguments[column.name]) for column in table.inputs)
    return lay(Group(f"{names.decide}(", given, f"){picked}"), first="return ", depth=1)


def _exact(column: Column, name: str) -> str:
    """The argument as the decision wants it: exact numbers as `Decimal`."""
    match column.type:
        case DecimalType():
            return f"Decimal({name})"
        case OptionalType(DecimalType()):
            return f"_exact({name})"
        case _:
            return name


# ---------------------------------------------------------------- what the docstring says


def _said(unit: Unit, scope: Scope) -> list[list[str]]:
    table = unit.table
    names = scope.tables[table]
    title = prose(table.title or "") or f"What table {table.name} answers"
    takes = [
        f"    {names.arguments[column.name]}: {_taken(column, _alias(column, scope))}"
        for column in table.inputs
    ]
    return [
        [sentence(title)],
        *told(*scope.policy.notes, *table.notes),
        ["Args:", *takes],
        ["Returns:", *_returns(table, names.fields)],
        ["Raises:", *_raises(unit)],
        *_sources(table),
    ]


def _taken(column: Column, alias: str) -> str:
    """An argument's label, and what it may be where the annotation does not say it all."""
    label = prose(column.label or "")
    if isinstance(column.type.present, EnumerationType | BoolType | TextType):
        return sentence(label or (f"one of {alias}" if alias else as_python(column.type)))
    limits = as_python(column.type)
    return sentence(f"{label}, {limits}" if label else limits)


def _returns(table: Table, fields: Mapping[str, str]) -> Iterator[str]:
    for column in table.outputs:
        label = sentence(prose(column.label or "") or column.name.replace("_", " "))
        yield f"    {fields[column.name]}: {label}" if len(table.outputs) > 1 else f"    {label}"


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


def _sources(table: Table) -> Iterator[list[str]]:
    """The sections that the rules cite, by source."""
    cited: dict[str, dict[str, None]] = {}
    for rule in table.rules:
        for each in rule.reason.citations:
            cited.setdefault(each.source, {})[each.name] = None
    if cited:
        yield ["Sources:", *(f"    {name}: {', '.join(each)}." for name, each in cited.items())]


def _alias(column: Column, scope: Scope) -> str:
    inner = column.type.present
    return scope.aliases[inner] if isinstance(inner, EnumerationType) else ""
