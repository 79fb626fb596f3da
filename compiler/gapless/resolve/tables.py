"""A table put together from its columns, `let` lines, grid and examples; a decision from its results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gapless.model import (
    AnyOf,
    Anything,
    Call,
    Column,
    ColumnValue,
    Computation,
    Condition,
    Guard,
    HitPolicy,
    IsMissing,
    Items,
    Let,
    ListType,
    Note,
    OptionalType,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    SetType,
    Table,
    Test,
)
from gapless.resolve import grid as grids
from gapless.resolve.calls import Called, resolve_call, resolve_step
from gapless.resolve.conditions import condition
from gapless.resolve.context import Columns, Context, Signature, listed
from gapless.resolve.examples import example
from gapless.resolve.hit_policies import check_answers, counted
from gapless.resolve.literals import slot
from gapless.resolve.outcomes import computation, outcome
from gapless.resolve.rules import rules
from gapless.text.types import type_words
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label, decision
from gapless_dsl.nodes import (
    GuardNode,
    LetNode,
    Literal,
    OutcomeCell,
    PolicyNode,
    ResultNode,
    TableNode,
)


def resolve_table(signature: Signature, steps: Steps, context: Context) -> Table | None:
    """None where its columns, or the tables that compute them, are not understood."""
    node = signature.node
    read = _grid(signature, steps, context)
    examples = [example(each, signature, context) for each in node.examples]
    if not signature.sound or steps.lost or not signature.outputs:
        return None
    answers = (each.value for rule in read.rules for each in rule.outcomes)
    items = (
        item for each in answers for item in (each.items if isinstance(each, Items) else [each])
    )
    calls = [*(let.call for let in steps.lets), *(each for each in items if isinstance(each, Call))]
    return Table(
        name=signature.name,
        title=None if node.title is None else node.title.text,
        notes=notes_of(node),
        inputs=tuple(each for each in signature.inputs.values() if each is not None),
        lets=tuple(steps.lets),
        computed=tuple(steps.computed),
        outputs=tuple(each for each in signature.outputs.values() if each is not None),
        written=read.written,
        policy=read.policy,
        rules=read.rules,
        examples=tuple(each for each in examples if each is not None),
        span=node.name.span,
        complete=read.complete and all(call.table.complete for call in calls),
        day=read.day,
        crosstab=grids.crossed(node, read.written),
    )


def notes_of(node: PolicyNode | TableNode) -> tuple[Note, ...]:
    return tuple(
        Note(each.text.text, each.address.text if each.address else None) for each in node.notes
    )


# ---------------------------------------------------------------- the grid


class GridRead(NamedTuple):
    """What a grid says; `complete` where every row of it could be read."""

    written: tuple[str, ...] = ()
    policy: HitPolicy = HitPolicy.UNIQUE
    rules: tuple[Rule, ...] = ()
    complete: bool = False
    day: str | None = None


def _grid(signature: Signature, steps: Steps, context: Context) -> GridRead:
    node = signature.node
    outputs = dict.fromkeys(signature.outputs, "an output: only inputs and `let` columns can be")
    columns = Columns(steps.in_order, {**steps.barred, **outputs})
    context = context.seeing(columns)
    grid, title = grids.grid_of(node), f"table `{node.name.text}` has no "
    if not signature.outputs and node.complete:
        label = Label(node.name.span, "it has nothing to answer: add `out name : type`")
        context.about("").error("GAP030", f"{title}output", label)
    elif grid is None and node.complete:
        context.about("").error("GAP030", f"{title}grid", Label(node.name.span, "it has no rows"))
    if grid is None:
        return GridRead()
    grid, day = grids.dated(grid, signature, context)
    if grid is None:
        return GridRead()
    plan = grids.layout(grid.header, signature, context)
    doubted = dict.fromkeys(signature.strays - columns.barred.keys())
    context = context.seeing(replace(columns, known={**doubted, **columns.known}))
    read, complete = rules(grid, plan, signature.outputs, context)
    understood = [column for column in signature.outputs.values() if column is not None]
    sound = True
    if plan.policy.is_collecting or len(understood) == len(signature.outputs):
        sound = check_answers(plan.policy, grid.header.policy, understood, read, context)
    if sound:
        read = counted(plan.policy, read)
    # A line that could not be read may have held a rule.
    complete = complete and plan.sound and node.complete and sound
    return GridRead(tuple(plan.conditions), plan.policy, read, complete, day)


# ---------------------------------------------------------------- `let` lines


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
    """The names of steps that are not understood."""

    @property
    def columns(self) -> Columns:
        return Columns(self.known, self.barred)

    @property
    def in_order(self) -> dict[str, Column | None]:
        """The columns in the order in which rules test them: looked-up ones last."""
        looked_up = {let.column.name for let in self.lets}
        return {name: self.known[name] for name in sorted(self.known, key=looked_up.__contains__)}


def read_steps(signature: Signature, context: Context) -> Steps:
    """The columns that conditions and outcomes may name: inputs, and what is computed from them."""
    known: dict[str, Column | None] = {
        **signature.inputs,
        **dict.fromkeys(sorted(signature.unread)),
    }
    barred = dict.fromkeys(signature.lets, "declared only further down")
    outputs = dict.fromkeys(signature.outputs, "an output: only inputs and `let` columns can be")
    read = Steps(known, barred)
    for name, node in signature.lets.items():
        here = context.under(f"column {name}", node.span)
        here = here.seeing(Columns(known, {**outputs, **barred}))
        if isinstance(node.value, nodes.Call):
            _look_up(name, node, node.value, read, here)
        else:
            _work_out(name, node, read, here)
    barred.update({name: why for name, why in outputs.items() if name not in known})
    return read


def _work_out(name: str, node: LetNode, read: Steps, context: Context) -> None:
    """Read a `let` line that calculates, and make known what it comes to."""
    if node.guard:
        context.error(
            "GAP045",
            "a guard is for steps that ask a table",
            Label(node.guard[0].column.span, "what is worked out always is"),
            helps=(decision("let a table say what is worked out in which cases"),),
        )
    made = computation(node, len(read.lets), context)
    read.barred.pop(name, None)
    read.known[name] = None if made is None else made.column
    if made is None or node.guard:
        read.lost.append(name)
    else:
        read.computed.append(made)


def _look_up(name: str, node: LetNode, call: nodes.Call, read: Steps, context: Context) -> None:
    """Read a `let` line that asks a table, and make known what that answers."""
    tests = [_guard(each, context) for each in node.guard]
    guard = tuple(each for each in tests if each is not None)
    sound = len(guard) == len(tests)
    called = resolve_step(call, _narrowed(context, guard if sound else ()))
    read.barred.pop(name, None)
    if not sound or not called or any(each.column is None for each in called):
        assert context.caller is not None
        read.lost.append(name)
        text = context.text(context.caller.node.span)
        dotted = re.findall(rf"(?<![\w.]){re.escape(name)}\.[A-Za-z_]\w*", text)
        read.known.update(dict.fromkeys([name, *dotted]))
        return
    is_record = len(called) > 1
    results = tuple(_results(node, called, guard, read, context, is_record=is_record))
    if is_record:
        read.records[name] = results
        names = listed(tuple(each.column.name for each in results))
        read.barred[name] = f"it has several results: {names}"
    if any(each.call is None for each in called):
        read.lost.append(name)


def _results(
    node: LetNode,
    called: Sequence[Called],
    guard: tuple[Guard, ...],
    read: Steps,
    context: Context,
    *,
    is_record: bool,
) -> Iterator[Result]:
    """The columns that the step computes, made known; a list is handed on by none that may be left out."""
    name, label = node.name.text, None if node.label is None else node.label.text
    for answered, call in called:
        assert answered is not None
        own = f"{name}.{answered.name}" if is_record else name
        type, type_name = answered.type, answered.type_name
        if guard and isinstance(type, ListType | SetType):
            if is_record:
                read.barred[own] = "a list, and this step is not always asked"
            else:
                read.known[own] = None
                _refuse_missing_list(node, answered, context)
            continue
        if guard:  # it is missing where its table is not asked
            type, type_name = OptionalType(type.scalar), None
        # Two steps may ask one table: so whose result it is belongs to what it is called.
        said = f"{label or name}: {answered.label or answered.name}" if is_record else label
        column = Column(own, type, said, type_name, node.name.span)
        read.known[own] = column
        if call is not None:
            read.lets.append(Let(column, call, guard))
        yield Result(column, answered)


def _refuse_missing_list(node: LetNode, answered: Column, context: Context) -> None:
    context.error(
        "GAP042",
        f"`{node.name.text}` would be a list that may be missing",
        Label(context.at(node.value.at), f"answers `{type_words(answered.type)}`"),
        Label(node.guard[0].column.span, "and is not always asked"),
        notes=("outside its guard a step has no value, and a list always has one",),
        helps=(decision("ask always, or let the table asked answer `[]` there"),),
    )


def _guard(node: GuardNode, context: Context) -> Guard | None:
    """A test after `when`, which compares with values only; None where it is not understood."""
    name, columns = node.column, context.columns
    if name.text in columns.barred and name.text not in columns.known:
        return context.barred(name.text, name.span)
    if name.text not in columns.known:
        return context.unknown("GAP012", "input or `let` column", name, columns.known)
    column = columns.known[name.text]
    if column is None:
        return None
    if not grids.may_be_asked(column):
        grids.refuse_list(name, context)
        return None
    span = node.cell.span
    here = context._replace(span=span, columns=Columns())
    test = condition(node.cell.content, slot(column, context), here)
    if test is None:
        return None
    return Guard(column.name, Condition(test, node.cell.text, span))


def _narrowed(context: Context, guard: Sequence[Guard]) -> Context:
    """The columns as they are where the guard holds: none is missing that it asks to be there."""
    known: dict[str, Column | None] = dict(context.columns.known)
    for name, tested in guard:
        column = known[name]
        if column is not None and not _admits_missing(tested.test):
            known[name] = replace(column, type=column.type.present)
    return context.seeing(replace(context.columns, known=known))


def _admits_missing(test: Test) -> bool:
    match test:
        case Anything() | IsMissing():
            return True
        case AnyOf(tests):
            return any(map(_admits_missing, tests))
    return False


# ---------------------------------------------------------------- decisions


def resolve_decision(signature: Signature, steps: Steps, context: Context) -> Table | None:
    """The table that a decision is: one rule that always answers; None where it is not understood."""
    results = _Results(steps, context, signature)
    node, here = signature.node, signature.node.name.span
    for each in node.results:
        results.read(each)
    if not node.results and node.complete:
        title = f"decision `{node.name.text}` has no output"
        label = "it has nothing to answer: add `out name = value`"
        context.about("").error("GAP030", title, Label(here, label))
    shown = _answering(signature, results)
    examples = [example(case, shown, context) for case in node.examples]
    if results.lost or not results.answers or steps.lost or not signature.sound:
        return None
    lets = (*steps.lets, *results.lets)
    inputs = tuple(each for each in signature.inputs.values() if each is not None)
    always = tuple(Condition(Anything(), "-", here) for _ in (*inputs, *steps.computed, *lets))
    outcomes = tuple(given for _, given in results.answers)
    rule = Rule(signature.name, RuleKind.RULE, always, outcomes, Reason(), (), here)
    return Table(
        name=signature.name,
        title=None if node.title is None else node.title.text,
        notes=notes_of(node),
        inputs=inputs,
        lets=lets,
        outputs=tuple(column for column, _ in results.answers),
        written=(),
        policy=HitPolicy.UNIQUE,
        rules=(rule,),
        examples=tuple(each for each in examples if each is not None),
        span=here,
        complete=node.complete and all(let.call.table.complete for let in lets),
        computed=tuple(steps.computed),
        is_decision=True,
    )


def _answering(signature: Signature, results: _Results) -> Signature:
    """What its examples may name; of a decision that is not understood, whatever they do name."""
    outputs = {column.name: column for column, _ in results.answers}
    if not results.lost:
        return replace(signature, outputs=outputs)
    given = (each.name.text for case in signature.node.examples for each in case.gives or ())
    unread = signature.unread.union(given)
    return replace(signature, outputs=outputs, unread=unread, sound=False)


@dataclass(frozen=True, slots=True)
class _Results:
    """What the `out` lines come to, so far; a call in one becomes a step without a name of its own."""

    steps: Steps
    context: Context
    signature: Signature
    answers: list[tuple[Column, Outcome]] = field(default_factory=list)
    lets: list[Let] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def read(self, node: ResultNode) -> None:
        """One line; what it lacks is complained about."""
        before, faults = len(self.answers), len(self.context.found)
        context = self.context.under(f"column {node.name.text}", node.span)
        context = context.seeing(self.steps.columns)
        meant = (
            self._passed_on(node, context)
            if node.cell is None
            else self._worked_out(node, node.cell, context._replace(span=node.cell.span))
        )
        for column, given in meant:
            self._answer(column, given)
        if len(self.answers) == before or len(self.context.found) > faults:
            self.lost.append(node.name.text)

    def _answer(self, column: Column, given: Outcome) -> None:
        for other, _ in self.answers:
            if other.name == column.name:
                again = nodes.Word(column.name, column.span)
                self.context.twice("output", again, nodes.Word(other.name, other.span))
                return
        self.answers.append((column, given))

    # ------------------------------------------------------------ `out name`, alone

    def _passed_on(self, node: ResultNode, context: Context) -> Iterator[tuple[Column, Outcome]]:
        """What a step has, under its own name; of one with several results all of them, under theirs."""
        name, known, records = node.name, self.steps.known, self.steps.records
        if node.type is not None:
            context.error(
                "GAP043",
                f"output `{name.text}` of decision `{self.signature.name}` has no value",
                Label(name.span, "what is it?"),
                helps=(decision(f"write `out {name.text} : … = value`"),),
            )
        elif name.text in records:
            if node.label is not None:
                context.error(
                    "GAP043",
                    f"`{name.text}` passes several results on, and one label cannot name them all",
                    Label(node.label.span, "a label for which of them?"),
                    helps=(decision('give each a line: `out name = step.name "label"`'),),
                )
            for column, output in records[name.text]:
                own = replace(column, name=output.name, label=output.label, span=name.span)
                yield own, Outcome(ColumnValue(column.name), column.name, name.span)
        elif name.text in known:
            step = known[name.text]
            if step is not None:
                label = step.label if node.label is None else node.label.text
                own = replace(step, label=label, span=name.span)
                yield own, Outcome(ColumnValue(name.text), name.text, name.span)
        elif name.text not in self.signature.unread:
            notes = ("alone, `out` passes on what a step has; else write `out name = value`",)
            kind = "input or `let` column"
            context.unknown("GAP012", kind, name, (*known, *records), notes)

    # ------------------------------------------------------------ `out name = value`

    def _worked_out(
        self, node: ResultNode, cell: OutcomeCell, context: Context
    ) -> Iterator[tuple[Column, Outcome]]:
        column = self._column(node, cell, context)
        if column is None:
            return
        value = outcome(cell.content, slot(column, context), context)
        if isinstance(value, Call):
            value = self._asked(column, value)
        if value is not None:
            yield column, Outcome(value, cell.text, cell.span)

    def _asked(self, column: Column, call: Call) -> ColumnValue:
        """A step for a call: so what is impossible there is impossible here."""
        taken = {*self.steps.known, *(let.column.name for let in self.lets)}
        name = column.name if column.name not in taken else f"out.{column.name}"
        answer = call.table.outputs[call.output]
        asked = Column(name, answer.type, column.label, answer.type_name, call.span)
        self.lets.append(Let(asked, call))
        return ColumnValue(name)

    def _column(self, node: ResultNode, cell: OutcomeCell, context: Context) -> Column | None:
        """The output, its type said or that of what it is."""
        if node.type is not None:
            return self.signature.outputs[node.name.text]
        meant = self._model(node, cell, context)
        if meant is None:
            return None
        label = meant.label if node.label is None else node.label.text
        return replace(meant, name=node.name.text, label=label, span=node.name.span)

    def _model(self, node: ResultNode, cell: OutcomeCell, context: Context) -> Column | None:
        """The column whose type the output takes over; None where it is not known."""
        match cell.content.items:
            case (nodes.Call() as call,):
                aside = context._replace(found=[])
                called = resolve_call(call, aside)
                if called.column is None or called.call is None:
                    context.found.extend(aside.found)
                return called.column
            case (Literal(text, _, False),) if text in self.steps.known:
                return self._own(text)
            case (Literal(text, at, False),) if text in self.steps.barred:
                return context.barred(text, context.at(at))
        name = node.name.text
        return context.error(
            "GAP043",
            f"output `{name}` of decision `{self.signature.name}` does not say its type",
            Label(cell.span, "neither a column nor a call, which would have one"),
            helps=(decision(f"write `out {name} : type = {cell.text}`"),),
        )

    def _own(self, name: str) -> Column | None:
        """A column; one result of a step as it is called where it comes from."""
        column = self.steps.known[name]
        results = (each for record in self.steps.records.values() for each in record)
        output = next((each.output for each in results if each.column.name == name), None)
        if column is None or output is None:
            return column
        return replace(column, label=output.label)
