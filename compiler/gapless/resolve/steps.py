"""The `let` lines of a table: columns that other tables compute, one or several, always or under a guard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gapless.model import (
    AnyOf,
    Anything,
    Column,
    Computation,
    Condition,
    Guard,
    IsMissing,
    Let,
    ListType,
    OptionalType,
    SetType,
    Test,
    Type,
)
from gapless.resolve.calculated import computation
from gapless.resolve.calls import Called, Callees, resolve_step
from gapless.resolve.conditions import condition
from gapless.resolve.findings import Findings, Site, listed
from gapless.resolve.names import unknown
from gapless.resolve.operands import Columns
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import slot
from gapless.text.types import type_words
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.nodes import Call, GuardNode, LetNode
from gapless_dsl.source import Source, Span

NO_OTHERS = Columns({})
"""A guard compares with values only."""


class Result(NamedTuple):
    """One result of a step of several: the column it is, and the output that the table asked calls it."""

    column: Column
    output: Column


@dataclass(frozen=True, slots=True)
class Steps:
    """What the `let` lines come to; `records` are the steps of several results, by name."""

    known: dict[str, Column | None]
    barred: dict[str, str]
    lets: list[Let] = field(default_factory=list)
    computed: list[Computation] = field(default_factory=list)
    records: dict[str, tuple[Result, ...]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    """The names of steps that are not to be understood."""

    @property
    def columns(self) -> Columns:
        return Columns(self.known, self.barred)

    @property
    def in_order(self) -> dict[str, Column | None]:
        """The columns in the order in which rules test them: looked-up ones last."""
        looked_up = {let.column.name for let in self.lets}
        return {name: self.known[name] for name in sorted(self.known, key=looked_up.__contains__)}


def steps(signature: Signature, callees: Callees, source: Source, found: Findings) -> Steps:
    """The columns that conditions and outcomes may name: inputs, and what is computed from them."""
    known: dict[str, Column | None] = {**signature.inputs, **dict.fromkeys(signature.unread)}
    barred = dict.fromkeys(signature.lets, "declared only further down")
    read = Steps(known, barred)
    for name, node in signature.lets.items():
        here = Columns(known, {**dict(_outputs(signature)), **barred})
        reading = _Reading(node, here, callees, source, found)
        _take(name, reading, read, signature)
    read.barred.update({name: why for name, why in _outputs(signature) if name not in known})
    return read


def _outputs(signature: Signature) -> Iterator[tuple[str, str]]:
    for name in signature.outputs:
        yield name, "an output: only inputs and `let` columns can be"


def _take(name: str, reading: _Reading, read: Steps, signature: Signature) -> None:
    """Read one `let` line, and make known what it computes."""
    node = reading.node
    if not isinstance(node.value, Call):
        _work_out(name, reading, read)
        return
    guard = reading.guard()
    called = resolve_step(
        node.value,
        _narrowed(reading.columns, guard),
        reading.callees,
        reading.site,
        reading.found,
    )
    read.barred.pop(name, None)
    if guard is None or not called or any(each.column is None for each in called):
        read.lost.append(name)
        text = reading.source.text[slice(*signature.node.span[1:])]
        dotted = re.findall(rf"(?<![\w.]){re.escape(name)}\.[A-Za-z_]\w*", text)
        read.known.update(dict.fromkeys([name, *dotted]))
        return
    is_record = len(called) > 1
    results = tuple(reading.results(name, called, guard, read, is_record=is_record))
    if is_record:
        read.records[name] = results
        names = listed(tuple(each.column.name for each in results))
        read.barred[name] = f"it has several results: {names}"


def _work_out(name: str, reading: _Reading, read: Steps) -> None:
    """Read a `let` line that calculates, and make known what it comes to."""
    node, site, found = reading.node, reading.site, reading.found
    if node.guard:
        found.append(_no_guard(node, site))
    made = computation(node, len(read.lets), reading.columns, site, found)
    read.barred.pop(name, None)
    read.known[name] = None if made is None else made.column
    if made is None or node.guard:
        read.lost.append(name)
    else:
        read.computed.append(made)


def _no_guard(node: LetNode, site: Site) -> Diagnostic:
    return error(
        "GAP045",
        "a guard is for steps that ask a table",
        Label(node.guard[0].column.span, "what is worked out always is"),
        subject=site.subject,
        helps=(decision("let a table say what is worked out in which cases"),),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One `let` line, what may be named in it, and where its faults are put."""

    node: LetNode
    columns: Columns
    callees: Callees
    source: Source
    found: Findings

    @property
    def site(self) -> Site:
        subject = f"{self.callees.caller.subject}, column {self.node.name.text}"
        return Site(self.node.span, subject)

    def guard(self) -> tuple[Guard, ...] | None:
        """The tests after `when`; None where one of them is not to be understood."""
        read = [self._test(each) for each in self.node.guard]
        tests = tuple(each for each in read if each is not None)
        return tests if len(tests) == len(read) else None

    def _test(self, node: GuardNode) -> Guard | None:
        name, known = node.column, self.columns.known
        if name.text not in known:
            self.found.append(self._unknown(node))
            return None
        column = known[name.text]
        if column is None:
            return None
        if isinstance(column.type, ListType | SetType):
            self.found.append(several(name.span, column, self.site.subject))
            return None
        site = Site(node.cell.span, self.site.subject)
        test = condition(
            node.cell.content, slot(column, self.callees.places), NO_OTHERS, site, self.found
        )
        if test is None:
            return None
        text = self.source.text[slice(*node.cell.span[1:])]
        return Guard(column.name, Condition(test, text, node.cell.span))

    def _unknown(self, node: GuardNode) -> Diagnostic:
        word, why = node.column, self.columns.barred.get(node.column.text)
        if why is None:
            kind = "input or `let` column"
            return unknown("GAP012", kind, word, self.columns.known, self.site.subject)
        title = f"`{word.text}` cannot be named here"
        return error("GAP012", title, Label(word.span, why), subject=self.site.subject)

    def results(
        self,
        name: str,
        called: Sequence[Called],
        guard: tuple[Guard, ...],
        read: Steps,
        *,
        is_record: bool,
    ) -> Iterator[Result]:
        """The columns that the step computes, made known; a list is handed on by none that may be left out."""
        label = None if self.node.label is None else self.node.label.text
        for answered, call in called:
            assert answered is not None
            own = f"{name}.{answered.name}" if is_record else name
            kind, type_name = answered.type, answered.type_name
            if guard and isinstance(kind, ListType | SetType):
                if not is_record:
                    self.found.append(self._no_list(answered))
                    read.known[own] = None
                else:
                    read.barred[own] = "a list, and this step is not always asked"
                continue
            if guard:
                kind, type_name = _or_missing(kind), None
            said = _labeled(label or name, answered) if is_record else label
            column = Column(own, kind, said, type_name, self.node.name.span)
            read.known[own] = column
            if call is not None:
                read.lets.append(Let(column, call, guard))
            yield Result(column, answered)
        if any(call is None for _, call in called):
            read.lost.append(name)

    def _no_list(self, answered: Column) -> Diagnostic:
        return error(
            "GAP042",
            f"`{self.node.name.text}` would be a list that may be missing",
            Label(self.site.at(self.node.value.at), f"answers `{type_words(answered.type)}`"),
            Label(self.node.guard[0].column.span, "and is not always asked"),
            subject=self.site.subject,
            notes=("outside its guard a step has no value, and a list always has one",),
            helps=(decision("ask always, or let the table asked answer `[]` there"),),
        )


def _or_missing(kind: Type) -> Type:
    """The type of a column that is missing where its table is not asked."""
    assert not isinstance(kind, ListType | SetType), "a list is never missing"
    return kind if isinstance(kind, OptionalType) else OptionalType(kind)


def _labeled(step: str, answered: Column) -> str:
    """Two steps may ask one table: so whose result it is belongs to what it is called."""
    return f"{step}: {answered.label or answered.name}"


def _narrowed(columns: Columns, guard: tuple[Guard, ...] | None) -> Columns:
    """The columns as they are where the guard holds: none is missing that it asks to be there."""
    known: dict[str, Column | None] = dict(columns.known)
    for name, tested in guard or ():
        column = known[name]
        if column is None or not isinstance(column.type, OptionalType):
            continue
        if not _admits_missing(tested.test):
            known[name] = replace(column, type=column.type.of)
    return Columns(known, columns.barred)


def _admits_missing(test: Test) -> bool:
    match test:
        case Anything() | IsMissing():
            return True
        case AnyOf(tests):
            return any(map(_admits_missing, tests))
    return False


def several(span: Span, column: Column, subject: str) -> Diagnostic:
    """GAP044: a condition on a column that holds a list."""
    return error(
        "GAP044",
        f"`{column.name}` holds several values at once",
        Label(span, "no condition asks about a list"),
        Label(column.span, f"`{column.name}` is `{type_words(column.type)}`"),
        subject=subject,
        notes=("a list is passed on as it is, by an outcome that names it",),
        helps=(decision("ask a table that answers one value"),),
    )
