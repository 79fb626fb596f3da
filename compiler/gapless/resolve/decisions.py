"""A decision put together: its steps, and the results that it answers with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gapless.model import (
    Anything,
    Call,
    Column,
    ColumnValue,
    Condition,
    HitPolicy,
    Let,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    Table,
)
from gapless.resolve.calls import resolve_call
from gapless.resolve.context import Context, Signature
from gapless.resolve.examples import example
from gapless.resolve.literals import slot
from gapless.resolve.outcomes import outcome
from gapless.resolve.tables import Steps, notes_of
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Label, decision
from gapless_dsl.nodes import Literal, OutcomeCell, ResultNode


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
