"""The Python target: one module per policy, which needs nothing but the standard library.

A table becomes a function that looks its answer up (`fast`) where that can be, one that explains by
asking what its rules ask, and one that takes a mapping. What a module says and no table does is taken
from the runtime in `backends.code`. Another target may not be imported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from gapless.analysis.composition.calls import with_called
from gapless.analysis.domain.answers import Nothing
from gapless.analysis.unit import Unit
from gapless.backends.artefact import Artefact
from gapless.backends.code.layout import (
    FORMATTED,
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
    remark,
    sentence,
    string,
    told,
)
from gapless.backends.code.naming import Names, annotation, expression, kind_of_name
from gapless.backends.code.naming import module as module_name
from gapless.backends.code.scope import Scope, scope
from gapless.backends.code.shared import definition, runtime
from gapless.backends.python.deciding import decide
from gapless.backends.python.fast import look_up
from gapless.backends.python.flows import constants, flowing, has_marks, is_told
from gapless.backends.python.rows import rows
from gapless.backends.python.works import may_fail, works
from gapless.backends.verify import planned
from gapless.driver import Result
from gapless.model import (
    BoolType,
    Column,
    DatetimeType,
    DateType,
    DecimalType,
    EnumerationType,
    IntType,
    OptionalType,
    Policy,
    RuleKind,
    Section,
    SetType,
    Table,
    TextType,
    TimeType,
    Type,
)
from gapless.text.types import as_python
from gapless.text.words import listed


class Module(NamedTuple):
    """A policy's module: its path, and what answers and explains each of the policy's tables in it."""

    policy: Policy
    path: str
    functions: Mapping[Table, tuple[str, str]]


def emit(result: Result) -> tuple[Artefact, ...]:
    """The modules of a result without errors, in the order of its policies.

    A policy without tables has none: its types stand in the modules of those who use them.
    """
    return tuple(Artefact(each.path, _module(each.policy, result)) for each in modules(result))


def modules(result: Result) -> tuple[Module, ...]:
    """What the modules are called, and what is in them."""
    names = Names()
    found = []
    for policy in result.policies:
        if policy.tables:
            path = f"python/{names.take(module_name(policy.name))}.py"
            known = scope(policy, result.policies).tables
            own = {table: (known[table].function, known[table].explain) for table in policy.tables}
            found.append(Module(policy, path, own))
    return tuple(found)


# ---------------------------------------------------------------- one module

ALWAYS = ("Citation", "Explanation", "InputError")
"""What every module has for its callers."""

RAISED = frozenset({"DraftError", "ImpossibleError", "OutcomeError"})
"""What it has besides, where one of its tables can raise it."""

Blocks: TypeAlias = list[list[str]]
"""Blocks of lines that belong together: one value, class or function each."""


def _module(policy: Policy, result: Result) -> str:
    """The text of a policy's module."""
    known = scope(policy, result.policies)
    aliases = [_alias(kind, name, known) for kind, name in known.aliases.items()]
    every = (*known.own, *known.borrowed)
    flows = flowing(every, result.units, known)
    tables = [block for table in every for block in _table(table, known, result)]
    sections = (aliases, *_shared(known), tables, [*constants(flows, known)])
    own = [[definition(block) for block in section] for section in sections]
    asked = (*ALWAYS, *_public(known))
    by_name = {name: each for section in own for each in section for name in each.names}
    needed = runtime().needed(asked, by_name)
    listed = {*asked, *(needed & RAISED)}
    blocks = partial(
        runtime().blocks,
        needed,
        parts=any(table.policy.is_collecting for table in every),
        calls="_told" in needed,
        marks=any(map(has_marks, every)),
    )
    public = Group("__all__ = [", tuple(map(string, sorted(listed, key=kind_of_name))), "]")
    aliases, *others, flowing_in = (
        [each.lines for each in section if not needed.isdisjoint(each.names)] for section in own
    )
    whole = [
        [docstring(_said(known, result), 0)],
        [["from __future__ import annotations"]],
        [[line] for line in runtime().imports(needed)],
        [[FORMATTED]],
        [lay(public)],
        aliases,
        blocks(behind=False),
        *others,
        blocks(behind=True),
        flowing_in,
    ]
    return "\n".join(_apart(whole)) + "\n"


def _apart(sections: Iterable[Blocks]) -> Iterator[str]:
    """Two empty lines around classes and functions; values of one line stand close in their section."""
    before: list[str] = []
    for section in sections:
        for number, block in enumerate(section):
            if any(each[0].startswith(("class ", "def ", "@")) for each in (before, block) if each):
                yield from ("", "")
            elif before and (number == 0 or len(before) > 1 or len(block) > 1):
                yield ""
            yield from block
            before = block


def _said(known: Scope, result: Result) -> Iterator[list[str]]:
    """The module's docstring."""
    policy = known.policy
    yield [sentence(prose(policy.title or "") or f"Policy {prose(policy.name)}")]
    yield ["Generated by gapless; do not edit."]
    yield from told(*policy.notes)
    yield [
        f"From: {prose(_name_of(policy.path))}",
        *([f"As of: {policy.as_of}"] if policy.as_of else []),
        f"Digest: sha256 {policy.digest[:16]}",
    ]
    titles = {each.source: known.titles[each.span.path, each.source] for each in known.citations}
    if titles:
        yield [
            "Sources:",
            *(f"    {name}: {sentence(prose(title) or name)}" for name, title in titles.items()),
        ]
    yield [
        "Run before it was written, each function, and each that explains:",
        *(f"    {table.name}: {planned(result.units[table])}." for table in policy.tables),
    ]
    yield [_READING]


_READING = (
    "A table is a function of its name, with `_from` behind it one that takes a mapping, and"
    " `explain_` before that name tells which rule answered and why. All raise `InputError` for"
    " an argument that its column does not allow. Behind them, rules have their answers ready,"
    " and the function with one `_` decides."
)


def _name_of(path: str) -> str:
    """The file's name alone: the bytes are the same from whichever folder they are made."""
    return path.rpartition("/")[2]


def _public(known: Scope) -> Iterator[str]:
    """What a caller may name of the policy's own."""
    yield from known.aliases.values()
    for each in map(known.tables.__getitem__, known.own):
        yield from filter(None, (each.result, each.function, each.mapped, each.explain))


def _alias(kind: EnumerationType, name: str, known: Scope) -> list[str]:
    members: tuple[Expression, ...] = tuple(Quote("", member.name) for member in kind.members)
    notes = tuple(remark(member.label or "") for member in kind.members)
    lines = lay(Group("Literal[", members, "]", notes), first=f"{name}: TypeAlias = ")
    title = prose(known.titles.get(kind, ""))
    return [*lines, *(docstring([[sentence(title)]], 0) if title else [])]


def _shared(known: Scope) -> Iterator[Blocks]:
    """What several tables refer to: members, values, sections."""
    yield [
        lay(Group("frozenset(", (f"get_args({known.aliases[kind]})",)), first=f"{name}: Final = ")
        for kind, name in known.members.items()
    ]
    yield [
        lay(expression(value), first=f"{name}: Final = ")
        for value, name in known.constants.in_order()
    ]
    yield [_citation(section, name) for section, name in known.citations.items()]


def _citation(section: Section, name: str) -> list[str]:
    parts: list[Expression] = [string(section.source), string(section.name)]
    if section.title:
        parts.append(Quote("", section.title))
    return lay(Group("Citation(", tuple(parts)), first=f"{name}: Final = ")


def _table(table: Table, known: Scope, result: Result) -> Iterator[list[str]]:
    """Everything that belongs to one table."""
    names = known.tables[table]
    if names.result:
        yield _answer(table, known)
    if names.function:
        yield from _doors(result.units[table], known)
    yield from works(table, known)
    yield from rows(table, known)
    yield from decide(result.units[table], known)


def _answer(table: Table, known: Scope) -> list[str]:
    names = known.tables[table]
    return [
        f"class {names.result}(NamedTuple):",
        f'    """What `{names.function or table.name}` answers."""',
        "",
        *(
            f"    {names.fields[column.name]}: {annotation(column.type, known.aliases)}"
            for column in table.outputs
        ),
    ]


# ---------------------------------------------------------------- the public functions of a table


def _doors(unit: Unit, scope: Scope) -> Iterator[list[str]]:
    """The public functions; all come from one decision, so that they cannot disagree.

    An argument that is an exact number may also be a whole one. What is not looked up is asked about.
    """
    table = unit.table
    names = scope.tables[table]
    found = look_up(unit, scope)
    if found is not None:
        yield from found.blocks
    typed = scope.typed(table, table.inputs)
    parameters = [re.sub(r"\bDecimal\b", "Decimal | int", each) for each in typed]
    parameters = [each.replace(": frozenset[", ": Iterable[") for each in parameters]
    given = tuple(names.arguments[column.name] for column in table.inputs)
    decided = Group(f"{names.decide}(", tuple(map(_exact, table.inputs, given)))
    told = is_told(table)
    is_apart = told and found is None  # what answers does not wait for what only explains
    ask = names.ask if is_apart else names.explain
    yield [
        *function_head(names.function, parameters, names.answer),
        *docstring(_described(unit, scope), 1),
        *(found.lines if found else ()),
        *lay(Group(f"{ask}(", given, ").answer"), first="return ", depth=1),
    ]
    yield _from_mapping(table, scope)
    explanation = f"Explanation[{names.answer}]"
    said: Expression = Group(f"{ask}(", given) if is_apart else decided
    yield [
        *function_head(names.explain, parameters, explanation),
        *docstring([[f"Explain `{names.function}`: which rule answers, and why."]], 1),
        *([] if is_apart else _guards(table, scope)),
        *lay(Group("_told(", (said, names.flows)) if told else said, first="return ", depth=1),
    ]
    if is_apart:
        body = [*_guards(table, scope), *lay(decided, first="return ", depth=1)]
        yield [*function_head(ask, parameters, explanation), *body]


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


def _described(unit: Unit, scope: Scope) -> list[list[str]]:
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
    if isinstance(inner, SetType):
        of = inner.scalar
        assert isinstance(of, EnumerationType)
        said = f"any number of {scope.aliases[of]}"
        return sentence(f"{label}, {said}" if label else said)
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
        if isinstance(inner, SetType):
            of = inner.scalar
            assert isinstance(of, EnumerationType)
            members = scope.members[of], scope.aliases[of]
            given = Group("_chosen(", (string(column.name), name, *members))
            yield from lay(given, first=f"{name} = ", depth=1)
            continue
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
        case TimeType(low, high) | DatetimeType(low, high):
            other = _is_not(
                name, "datetime.time" if isinstance(type, TimeType) else "datetime.datetime"
            )
            fraction = Comparison((f"{name}.microsecond", "!= 0"))
            zone = Comparison((f"{name}.tzinfo", "is not None"))
            beyond = scope.constants.outside(name, low, high)
            return joined("or", [other, zone, fraction, *([beyond] if beyond else [])])
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
