"""A decision put together: its steps, and the results that it answers with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gapless.model import (
    Anything,
    Call,
    Column,
    ColumnValue,
    Condition,
    Example,
    HitPolicy,
    Let,
    Note,
    Outcome,
    Reason,
    Rule,
    RuleKind,
    Table,
)
from gapless.resolve.calls import Callees, resolve_call
from gapless.resolve.examples import example
from gapless.resolve.findings import Findings, Site
from gapless.resolve.names import twice, unknown
from gapless.resolve.outcomes import Sight, outcome
from gapless.resolve.signatures import Signature
from gapless.resolve.slots import slot
from gapless.resolve.steps import Steps
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Diagnostic, Label, decision, error
from gapless_dsl.nodes.cells import Literal
from gapless_dsl.nodes.declarations import OutcomeCell, PolicyNode, ResultNode, TableNode
from gapless_dsl.source import Source, Span


def decision_of(
    signature: Signature, steps: Steps, callees: Callees, source: Source, found: Findings
) -> Table | None:
    """The table that a decision is: one rule that always answers; None where it is not understood."""
    results = _Results(signature, steps, callees, source, found)
    node = signature.node
    for each in node.results:
        results.read(each)
    if not node.results and node.complete:
        label = "it has nothing to answer: add `out name = value`"
        title = f"decision `{node.name.text}` has no output"
        found.append(error("GAP030", title, Label(node.name.span, label)))
    shown = _answering(signature, results)
    read = [example(case, shown, callees.places, found) for case in node.examples]
    if results.lost or not results.answers or steps.lost or not signature.sound:
        return None
    return _table(signature, steps, results, read)


def _answering(signature: Signature, results: _Results) -> Signature:
    """What its examples may name; of a decision that is not understood, whatever they do name."""
    outputs = {column.name: column for column, _ in results.answers}
    if not results.lost:
        return replace(signature, outputs=outputs)
    given = (each.name.text for case in signature.node.examples for each in case.gives or ())
    unread = signature.unread.union(given)
    return replace(signature, outputs=outputs, unread=unread, sound=False)


def _table(
    signature: Signature, steps: Steps, results: _Results, examples: Sequence[Example | None]
) -> Table:
    node, here = signature.node, signature.node.name.span
    lets, answers = (*steps.lets, *results.lets), results.answers
    inputs = tuple(each for each in signature.inputs.values() if each is not None)
    always = tuple(Condition(Anything(), "-", here) for _ in (*inputs, *steps.computed, *lets))
    outcomes = tuple(given for _, given in answers)
    rule = Rule(signature.name, RuleKind.RULE, always, outcomes, Reason(), (), here)
    return Table(
        name=signature.name,
        title=None if node.title is None else node.title.text,
        notes=notes_of(node),
        inputs=inputs,
        lets=lets,
        outputs=tuple(column for column, _ in answers),
        written=(),
        policy=HitPolicy.UNIQUE,
        rules=(rule,),
        examples=tuple(each for each in examples if each is not None),
        span=here,
        complete=node.complete and all(let.call.table.complete for let in lets),
        computed=tuple(steps.computed),
        is_decision=True,
    )


def notes_of(node: PolicyNode | TableNode) -> tuple[Note, ...]:
    return tuple(
        Note(each.text.text, each.address.text if each.address else None) for each in node.notes
    )


@dataclass(frozen=True, slots=True)
class _Results:
    """What the `out` lines come to, so far; a call in one becomes a step without a name of its own."""

    signature: Signature
    steps: Steps
    callees: Callees
    source: Source
    found: Findings
    answers: list[tuple[Column, Outcome]] = field(default_factory=list)
    lets: list[Let] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def read(self, node: ResultNode) -> None:
        """One line; what it lacks is complained about."""
        before = len(self.answers)
        faults = len(self.found)
        for column, given in self._meant(node):
            self._answer(column, given)
        if len(self.answers) == before or len(self.found) > faults:
            self.lost.append(node.name.text)

    def _meant(self, node: ResultNode) -> Iterator[tuple[Column, Outcome]]:
        if node.cell is None:
            yield from self._passed_on(node)
            return
        column = self._column(node, node.cell)
        if column is None:
            return
        sight = Sight(self.steps.columns, self.callees)
        into = slot(column, self.callees.places)
        site = self._site(node, node.cell.span)
        value = outcome(node.cell.content, into, sight, site, self.found)
        if isinstance(value, Call):
            value = self._asked(column, value)
        if value is not None:
            yield column, Outcome(value, self._text(node.cell.span), node.cell.span)

    def _asked(self, column: Column, call: Call) -> ColumnValue:
        """A step for a call: so what is impossible there is impossible here."""
        taken = {*self.steps.known, *(let.column.name for let in self.lets)}
        name = column.name if column.name not in taken else f"out.{column.name}"
        answer = call.table.outputs[call.output]
        asked = Column(name, answer.type, column.label, answer.type_name, call.span)
        self.lets.append(Let(asked, call))
        return ColumnValue(name)

    def _answer(self, column: Column, given: Outcome) -> None:
        for other, _ in self.answers:
            if other.name == column.name:
                again = nodes.Word(column.name, column.span)
                first = nodes.Word(other.name, other.span)
                self.found.append(twice("output", again, first, self.signature.subject))
                return
        self.answers.append((column, given))

    # ------------------------------------------------------------ `out name`, alone

    def _passed_on(self, node: ResultNode) -> Iterator[tuple[Column, Outcome]]:
        """What a step has, under its own name; of one with several results all of them, under theirs."""
        name, known = node.name, self.steps.known
        if node.type is not None:
            self.found.append(self._no_value(node))
        elif name.text in self.steps.records:
            if node.label is not None:
                self.found.append(self._labeled(node))
            for column, output in self.steps.records[name.text]:
                label = output.label
                own = replace(column, name=output.name, label=label, span=name.span)
                yield own, Outcome(ColumnValue(column.name), column.name, name.span)
        elif name.text in known:
            column_ = known[name.text]
            if column_ is not None:
                label = column_.label if node.label is None else node.label.text
                own = replace(column_, label=label, span=name.span)
                yield own, Outcome(ColumnValue(name.text), name.text, name.span)
        elif name.text not in self.signature.unread:
            free = (*known, *self.steps.records)
            subject = self._site(node, node.span).subject
            notes = ("alone, `out` passes on what a step has; else write `out name = value`",)
            kind = "input or `let` column"
            self.found.append(unknown("GAP012", kind, name, free, subject, notes))

    def _no_value(self, node: ResultNode) -> Diagnostic:
        return error(
            "GAP043",
            f"output `{node.name.text}` of decision `{self.signature.name}` has no value",
            Label(node.name.span, "what is it?"),
            subject=self._site(node, node.span).subject,
            helps=(decision(f"write `out {node.name.text} : … = value`"),),
        )

    def _labeled(self, node: ResultNode) -> Diagnostic:
        assert node.label is not None
        return error(
            "GAP043",
            f"`{node.name.text}` passes several results on, and one label cannot name them all",
            Label(node.label.span, "a label for which of them?"),
            subject=self._site(node, node.span).subject,
            helps=(decision('give each a line: `out name = step.name "label"`'),),
        )

    # ------------------------------------------------------------ `out name = value`

    def _column(self, node: ResultNode, cell: OutcomeCell) -> Column | None:
        """The output, its type said or that of what it is."""
        if node.type is not None:
            return self.signature.outputs[node.name.text]
        label = None if node.label is None else node.label.text
        meant = self._model(node, cell)
        if meant is None:
            return None
        label = meant.label if label is None else label
        return replace(meant, name=node.name.text, label=label, span=node.name.span)

    def _model(self, node: ResultNode, cell: OutcomeCell) -> Column | None:
        """The column whose type the output takes over; None where it is not known."""
        match cell.content.items:
            case (nodes.Call() as call,):
                aside: Findings = []
                site = self._site(node, cell.span)
                called = resolve_call(call, self.steps.columns, self.callees, site, aside)
                if called.column is None or called.call is None:
                    self.found.extend(aside)
                return called.column
            case (Literal(text, _, False),) if text in self.steps.known:
                return self._own(text)
            case (Literal(text, at, False),) if text in self.steps.barred:
                label = Label(cell.span.within(*at), self.steps.barred[text])
                title = f"`{text}` cannot be named here"
                subject = self._site(node, cell.span).subject
                self.found.append(error("GAP012", title, label, subject=subject))
                return None
        self.found.append(self._untyped(node, cell))
        return None

    def _own(self, name: str) -> Column | None:
        """A column; one result of a step as it is called where it comes from."""
        column = self.steps.known[name]
        results = (each for record in self.steps.records.values() for each in record)
        output = next((each.output for each in results if each.column.name == name), None)
        if column is None or output is None:
            return column
        return replace(column, label=output.label)

    def _untyped(self, node: ResultNode, cell: OutcomeCell) -> Diagnostic:
        return error(
            "GAP043",
            f"output `{node.name.text}` of decision `{self.signature.name}` does not say its type",
            Label(cell.span, "neither a column nor a call, which would have one"),
            subject=self._site(node, cell.span).subject,
            helps=(decision(f"write `out {node.name.text} : type = {self._text(cell.span)}`"),),
        )

    def _site(self, node: ResultNode, span: Span) -> Site:
        return Site(span, f"{self.signature.subject}, column {node.name.text}")

    def _text(self, span: Span) -> str:
        return self.source.text[slice(*span[1:])]
