"""The Python target: one module per policy, which needs nothing but the standard library.

A table becomes a function that looks its answer up (`fast`) where that can be, one that explains by
asking what its rules ask, and one that takes a mapping. What a module says and no table does is taken
from the runtime in `backends.code`. Another target may not be imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from gapless.backends.artefact import Artefact
from gapless.backends.code.layout import (
    FORMATTED,
    Expression,
    Group,
    Quote,
    docstring,
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
from gapless.backends.python.doors import doors
from gapless.backends.python.rows import rows
from gapless.backends.python.works import works
from gapless.backends.verify import planned
from gapless.driver import Result
from gapless.model import EnumerationType, Policy, Section, Table


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
    tables = [
        block for table in (*known.own, *known.borrowed) for block in _table(table, known, result)
    ]
    own = [
        [definition(block) for block in section] for section in (aliases, *_shared(known), tables)
    ]
    asked = (*ALWAYS, *_public(known))
    by_name = {name: each for section in own for each in section for name in each.names}
    needed = runtime().needed(asked, by_name)
    listed = {*asked, *(needed & RAISED)}
    together = any(table.policy.is_collecting for table in (*known.own, *known.borrowed))
    public = Group("__all__ = [", tuple(map(string, sorted(listed, key=kind_of_name))), "]")
    aliases, *others = (
        [each.lines for each in section if not needed.isdisjoint(each.names)] for section in own
    )
    sections = [
        [docstring(_said(known, result), 0)],
        [["from __future__ import annotations"]],
        [[line] for line in runtime().imports(needed)],
        [[FORMATTED]],
        [lay(public)],
        aliases,
        runtime().blocks(needed, behind=False, with_parts=together),
        *others,
        runtime().blocks(needed, behind=True, with_parts=together),
    ]
    return "\n".join(_apart(sections)) + "\n"


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
    members: tuple[Expression, ...] = tuple(string(member.name) for member in kind.members)
    notes = tuple(remark(member.label or "") for member in kind.members)
    lines = lay(Group("Literal[", members, "]", notes), first=f"{name}: TypeAlias = ")
    title = prose(known.titles.get(kind, ""))
    return [*lines, *(docstring([[sentence(title)]], 0) if title else [])]


def _shared(known: Scope) -> Iterator[Blocks]:
    """What several tables refer to: members, values, sections."""
    yield [
        [f"{name}: Final = frozenset(get_args({known.aliases[kind]}))"]
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
        yield from doors(result.units[table], known)
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
