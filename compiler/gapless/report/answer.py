"""What a table answers to one case, which rule says so and on what it rests, for a person and for a script."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, assert_never

from gapless.model import (
    Constant,
    EnumerationType,
    Outcome,
    Policy,
    Rule,
    RuleKind,
    Scalar,
    Section,
    Table,
    Value,
    weakest,
)
from gapless.report.terminal import ROOM, visible
from gapless.run import Case, Step, WorkedOut, notes_of, source_of
from gapless.semantics import (
    Answered,
    Contradicted,
    Draft,
    Impossible,
    Part,
    Row,
    Unanswered,
    Unworkable,
)
from gapless.text.formulas import spoken
from gapless.text.traces import bases_named, rows_named
from gapless.text.words import listed, literal
from gapless_dsl.nodes.cells import Basis
from gapless_dsl.source import Source, Span

Sources = Mapping[str, Source]

_BASIS = {
    Basis.STATED: ("stated in the source", ""),
    Basis.INFERRED: ("inferred", ": the source does not say it in so many words"),
    Basis.SILENT: ("silent", ": the source does not say"),
}


def text(case: Case, policies: Sequence[Policy], sources: Sources) -> str:
    """The answer first, then what led to it."""
    lines = [*_meaning(case, sources), ""]
    facts = [*_computed(case.steps, sources), *_reasons(case, policies, sources)]
    facts += [("note", str(each)) for each in notes_of(case.table, policies)]
    room = max((len(name) for name, _ in facts), default=0) + 2
    for name, said in facts:
        lines += textwrap.wrap(
            visible(said),
            ROOM,
            initial_indent=f"{name:<{room}}",
            subsequent_indent=" " * room,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines).rstrip() + "\n"


def _meaning(case: Case, sources: Sources) -> Iterator[str]:
    match case.meaning:
        case Answered(table, _, values):
            room = max(len(column.name) for column in table.outputs)
            for column, value in zip(table.outputs, values, strict=True):
                # A value as the language writes it, and its label, if it has one, for people.
                of = column.type.scalar
                members = of.members if isinstance(of, EnumerationType) else ()
                label = next((each.label for each in members if each.name == value), None)
                said = literal(value) + (f"  {label}" if label else "")
                yield visible(f"{column.name:<{room}} = {said}")
        case Impossible(table, _):
            yield f"this case cannot happen{_elsewhere(table, case)}"
        case Unanswered(table):
            yield f"no rule answers this case{_elsewhere(table, case)}: a gap"
        case Draft(table, _):
            yield f"this case is still to be decided{_elsewhere(table, case)}"
        case Contradicted(table, rules):
            yield f"the rules contradict each other{_elsewhere(table, case)}"
            for rule in rules:
                outcomes = zip(table.outputs, rule.outcomes, strict=False)
                said = ", ".join(f"{column.name} = {outcome.text}" for column, outcome in outcomes)
                said = said or "that it is still to be decided"
                yield visible(f"  {rule.name} says {said}{_at(rule.span, sources)}")
        case Unworkable(table, rule, output):
            name = table.outputs[output].name
            yield f"`{name}` has no value here{_elsewhere(table, case)}"
            yield visible(
                f"  {rule.name} says {rule.outcomes[output].text}{_at(rule.span, sources)}"
            )
        case _:
            assert_never(case.meaning)


def _elsewhere(table: Table, case: Case) -> str:
    return "" if table is case.table else f", says `{table.name}`, which `{case.table.name}` calls"


def _computed(steps: Sequence[Step | WorkedOut], sources: Sources) -> Iterator[tuple[str, str]]:
    for step in steps:
        if isinstance(step, WorkedOut):
            column, expression = step.computation.column, step.computation.expression
            yield "computed", f"{column.name} = {literal(step.value)}, {spoken(expression, str)}"
            continue
        match step.meaning:
            case None:
                not_asked = f"`{step.call.table.name}` is not asked"
                yield "computed", f"{step.column.name} = missing, {not_asked}"
            case Answered(table, _, values):
                value = literal(values[step.call.output])
                found: dict[str, list[str]] = {}
                for at, rule in step.rows:
                    found.setdefault(at.name, []).append(f"{rule.name}{_at(rule.span, sources)}")
                by = [f"`{t}`, rule{'s' * (len(n) > 1)} {listed(n)}" for t, n in found.items()]
                told = ", and ".join(by) if by else f"`{table.name}`"
                yield "computed", f"{step.column.name} = {value}, by {told}"
            case Impossible() | Unanswered() | Contradicted() | Draft() | Unworkable():
                yield "computed", f"{step.column.name}: `{step.call.table.name}` does not answer"
            case _:
                assert_never(step.meaning)


def _adds(table: Table, rule: Rule) -> list[tuple[str, Outcome]]:
    """What a rule adds to an answer that several give together, by column."""
    if not table.policy.is_collecting or rule.kind is not RuleKind.RULE:
        return []
    return [(c.name, each) for c, each in zip(table.outputs, rule.outcomes, strict=True)]


def _reasons(case: Case, policies: Sequence[Policy], sources: Sources) -> Iterator[tuple[str, str]]:
    """The rows that the answer rests on, each with its reasons, and those that only decided which apply."""
    meaning, traced = case.meaning, case.trace
    if not isinstance(meaning, Answered):
        rows = meaning.rules if isinstance(meaning, Impossible | Draft) else ()
        for rule in rows:
            yield from _told(Row(meaning.table, rule), case, "", policies, sources)
        return
    if case.table.is_decision and not traced.rows:
        yield "decision", f"{meaning.rule.name}{_at(meaning.rule.span, sources)}"
    if case.table.by_version:
        yield "version", f"{meaning.rule.name}{_at(meaning.rule.span, sources)}"
    names = [column.name for column in case.table.outputs]
    for row in traced.rows:
        of = [name for name, rows in zip(names, traced.outcomes, strict=True) if row in rows]
        said = f" for {listed(of)}" if len(of) < len(names) else ""
        yield from _told(row, case, said, policies, sources)
    # The outputs of one row of another table may be called otherwise here.
    marked = any(row.rule.reason.marks and row.table is not case.table for row in traced.rows)
    if (len(traced.rows) > 1 or marked) and set(traced.bases) - {Basis.STATED, None}:
        yield "together", bases_named(case.table, traced.bases)
    known = {row.rule for step in case.steps if isinstance(step, Step) for row in step.rows}
    for table, rule in traced.steering:
        if rule not in known:
            yield "asked", f"`{table.name}`, rule {rule.name}{_at(rule.span, sources)}"


def _told(
    row: Row, case: Case, of: str, policies: Sequence[Policy], sources: Sources
) -> Iterator[tuple[str, str]]:
    """One row: its name and place, what it adds to a collected answer, and why."""
    rule = row.rule
    name = rule.name if row.table is case.table else f"{row.table.name}.{rule.name}"
    adds = _adds(row.table, rule) if row.table is case.table else []
    added = ", ".join(f"{column} = {outcome.text}" for column, outcome in adds)
    if len(adds) == 1:
        added = adds[0][1].text
    yield "rule", f"{name}{': ' if adds else ''}{added}{_at(rule.span, sources)}{of}"
    if rule.reason.text:
        yield "because", rule.reason.text
    for section in rule.reason.citations:
        document = _title(section, policies) or section.source
        title = section.title or section.name
        yield "source", f"{document}: {title} [{section.source}.{section.name}]"
    bases = _bases(row, case)
    if rule.reason.citations or set(bases) != {Basis.STATED}:
        for basis, outputs in bases.items():
            word, why = _BASIS[basis]
            of = f" for {listed(outputs)}" if rule.reason.marks else ""
            yield "basis", f"{word}{of}{why}"
    yield from rule.annotations


def _bases(row: Row, case: Case) -> dict[Basis, list[str]]:
    """The outputs in which the answer rests on the row, or all where it is no answer, by their basis."""
    columns = row.table.outputs
    flowing = {part.output for parts in case.trace.parts for part in parts if part.row == row}
    found: dict[Basis, list[str]] = {basis: [] for basis in Basis}
    for output in sorted(flowing) or range(len(columns)):
        found[Part(row, output).basis].append(columns[output].name)
    return {basis: names for basis, names in found.items() if names}


def _at(span: Span, sources: Sources) -> str:
    return f" ({span.path}:{sources[span.path].place(span.start).line})"


def machine(
    case: Case, policies: Sequence[Policy], sources: Sources, besides: Mapping[str, Any]
) -> str:
    """The same as JSON, and what else is told of it: decimals and dates as strings, so that nothing is lost."""
    meaning = case.meaning
    answer = None
    if isinstance(meaning, Answered):
        columns = (column.name for column in meaning.table.outputs)
        answer = dict(zip(columns, map(plain, meaning.values), strict=True))
    rows: Sequence[Row] = ()
    if isinstance(meaning, Answered):
        rows = case.trace.rows
    elif isinstance(meaning, Impossible | Draft | Contradicted):
        rows = [Row(meaning.table, rule) for rule in meaning.rules]
    elif isinstance(meaning, Unworkable):
        rows = [Row(meaning.table, meaning.rule)]
    document = {
        "format": 2,
        "table": case.table.name,
        "inputs": {name: plain(value) for name, value in case.inputs.items()},
        "meaning": type(meaning).__name__.lower(),
        "answer": answer,
        **(_traced(case, meaning) if isinstance(meaning, Answered) else {}),
        "rules": [_row(case, row, policies, sources) for row in rows],
        "asked": [_placed(row, sources) for row in case.trace.steering],
        "notes": [each._asdict() for each in notes_of(case.table, policies)],
        **besides,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _traced(case: Case, meaning: Answered) -> dict[str, Any]:
    """The rows in the words that files and databases have for them, and the same by output."""
    outcomes = case.trace.outcomes
    named = [[(table.name, rule.name) for table, rule in rows] for rows in outcomes]
    outputs = [column.name for column in case.table.outputs]
    return {
        "rule": rows_named(case.table, named, meaning.rule.name),
        "basis": bases_named(case.table, case.trace.bases),
        "outcomes": {
            output: {
                "rules": [f"{table}.{rule}" for table, rule in each],
                "basis": (basis or Basis.STATED).value,
            }
            for output, each, basis in zip(outputs, named, case.trace.bases, strict=True)
        },
    }


def _placed(row: Row, sources: Sources) -> dict[str, Any]:
    span = row.rule.span
    line = sources[span.path].place(span.start).line
    return {"table": row.table.name, "name": row.rule.name, "path": span.path, "line": line}


def _row(case: Case, row: Row, policies: Sequence[Policy], sources: Sources) -> dict[str, Any]:
    rule = row.rule
    found = {
        **_placed(row, sources),
        "otherwise": rule.kind is RuleKind.OTHERWISE,
        "because": rule.reason.text,
        "basis": (weakest(_bases(row, case)) or Basis.STATED).value,
        "citations": [
            {
                "source": section.source,
                "source_title": _title(section, policies),
                "section": section.name,
                "section_title": section.title,
            }
            for section in rule.reason.citations
        ],
        "annotations": dict(rule.annotations),
    }
    if rule.reason.marks:
        found["marks"] = {output: basis.value for output, basis in rule.reason.marks}
    adds = [(name, outcome.value) for name, outcome in _adds(row.table, rule)]
    if adds:
        found["adds"] = {n: plain(v.value) for n, v in adds if isinstance(v, Constant)}
    return found


def _title(section: Section, policies: Sequence[Policy]) -> str | None:
    """The title of the source that has a section."""
    source = source_of(policies, section.span.path, section.source)
    return source.title if source else None


def plain(value: Value) -> Any:
    """A value as JSON has it."""
    match value:
        case tuple():
            return [_scalar(each) for each in value]
        case frozenset():
            return [_scalar(each) for each in sorted(value, key=literal)]
        case _:
            return _scalar(value)


def _scalar(value: Scalar | None) -> str | bool | int | None:
    match value:
        case Decimal():
            return format(value, "f")
        case date() | time():
            return value.isoformat()
        case _:
            return value
