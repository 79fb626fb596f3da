"""Whole tables, any and sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from gapless.model import (
    Anything,
    Basis,
    Column,
    Condition,
    HitPolicy,
    Let,
    Note,
    Reason,
    Rule,
    RuleKind,
    Section,
    Table,
    Test,
    Type,
)
from tests.strategies.answers import outcomes
from tests.strategies.cells import partitions, tests
from tests.strategies.steps import decided, steps
from tests.strategies.types import input_types, output_types
from tests.strategies.words import NOWHERE, names, words

SECTIONS = (
    Section("guide", "codes", 'Codes, "all" of them', NOWHERE),
    Section("guide", "limits", None, NOWHERE),
    Section("class", "codes", '"""', NOWHERE),
)

reasons = st.builds(
    Reason,
    words,
    st.lists(st.sampled_from(SECTIONS), max_size=3, unique=True).map(tuple),
    st.sampled_from(Basis),
)

said = words.map(lambda word: Note(word, word[::-1] if len(word) % 2 else None))
"""Some with an address, which is as odd as the words."""

notes: st.SearchStrategy[list[tuple[str, str]]] = st.lists(
    st.tuples(st.sampled_from(("note", "class", "reviewed")), words), max_size=2
)


ONE_ANSWERS = tuple(policy for policy in HitPolicy if not policy.is_collecting)
"""Tables that collect are written out in `test_collecting`."""


@st.composite
def tables(
    draw: st.DrawFn, callees: Sequence[Table] = (), name: str = "table", columns: int = 3
) -> Table:
    """Any table: its rules may leave gaps, contradict each other, or never apply."""
    head = draw(_heads(callees, name, columns))
    rows = draw(st.lists(_rows(head, callees), max_size=5))
    if draw(st.booleans()):
        rows.append(draw(_otherwises(head, callees)))
    return _filled(head, draw(st.sampled_from(ONE_ANSWERS)), rows)


@st.composite
def sound_tables(
    draw: st.DrawFn, callees: Sequence[Table] = (), name: str = "table", columns: int = 3
) -> Table:
    """A table that answers every case with one voice, or says that it is impossible.

    Either its rules part the cases between them, or the first one wins, or each is an exception to
    the next, or all agree; and what they leave open is left to `otherwise`. Callees must be sound too.
    """
    head = draw(_heads(callees, name, columns))
    if head.lets and draw(st.integers(0, 3)) == 0:
        return draw(decided(head))
    policy, chained = draw(st.sampled_from(ONE_ANSWERS)), False
    impossible = draw(st.lists(_impossibles(head), max_size=1))
    if draw(st.booleans()) and head.columns:
        rows = [
            draw(_rules(head, box, callees))
            for box in draw(_boxes([column.type for column in head.columns]))
        ]
        rows = rows[:8] if len(rows) > 8 else rows
        closing = len(rows) == 8
    else:
        rows = draw(st.lists(_rows(head, callees), max_size=5))
        chained = policy in (HitPolicy.UNIQUE, HitPolicy.ANY) and draw(st.booleans())
        if policy is not HitPolicy.FIRST and not chained:
            rows = _agreeing(rows)
        closing = True
    last = [draw(_otherwises(head, callees))] if closing else []
    found = _filled(head, policy, [*draw(st.permutations([*rows, *impossible])), *last])
    return draw(_in_a_chain(found)) if chained else found


@st.composite
def _in_a_chain(draw: st.DrawFn, table: Table) -> Table:
    """The table with each rule an exception to the next of some order, and so to all after it."""
    answering = [rule.name for rule in table.rules if rule.kind is RuleKind.RULE]
    order = draw(st.permutations(answering))
    over = dict(pairwise(order))
    rules = (replace(r, over=(over[r.name],) if r.name in over else ()) for r in table.rules)
    return replace(table, rules=tuple(rules))


def _agreeing(rows: Sequence[Rule]) -> list[Rule]:
    """The rows, all with the outcomes of the first."""
    answering = [row for row in rows if row.kind is RuleKind.RULE]
    return [
        Rule(
            *(row.name, row.kind, row.conditions),
            answering[0].outcomes if row.kind is RuleKind.RULE else (),
            *(row.reason, row.annotations, row.span),
        )
        for row in rows
    ]


@st.composite
def _heads(draw: st.DrawFn, callees: Sequence[Table], name: str, columns: int) -> Table:
    """A table without rules."""
    count = draw(st.integers(1, columns))
    called = draw(st.lists(st.sampled_from(callees), max_size=2)) if callees else []
    outputs = draw(st.integers(1, 3))
    spelt = draw(names(count + len(called) + outputs))
    wanted = [column.type for callee in callees for column in callee.inputs]
    types = input_types | st.sampled_from(wanted) if wanted else input_types
    inputs = tuple(_column(spelt[k], draw(types), draw(words)) for k in range(count))
    lets: list[Let] = []
    for number, callee in enumerate(called):
        known = [*inputs, *(let.column for let in lets)]
        lets += draw(steps(callee, spelt[count + number], known))
    given = tuple(_column(word, draw(output_types), draw(words)) for word in spelt[-outputs:])
    tested = [column.name for column in (*inputs, *(let.column for let in lets))]
    return Table(
        name=name,
        title=draw(st.none() | words),
        notes=tuple(draw(st.lists(said, max_size=2))),
        inputs=inputs,
        lets=tuple(lets),
        outputs=given,
        written=tuple(draw(st.permutations(tested))),
        policy=HitPolicy.UNIQUE,
        rules=(),
        examples=(),
        span=NOWHERE,
    )


def _filled(head: Table, policy: HitPolicy, rows: Sequence[Rule]) -> Table:
    """The table with these rules, renamed where two have one name."""
    named = tuple(
        Rule(
            row.name if row.name not in [other.name for other in rows[:k]] else f"{row.name}-{k}",
            *(row.kind, row.conditions, row.outcomes, row.reason, row.annotations, row.span),
        )
        for k, row in enumerate(rows)
    )
    return Table(
        *(head.name, head.title, head.notes, head.inputs, head.lets, head.outputs, head.written),
        *(policy, named, head.examples, head.span),
    )


def _column(name: str, type: Type, label: str | None) -> Column:
    return Column(name, type, label, None, NOWHERE)


rule_names = st.sampled_from(("small", "r1", "26", "77387-TC", "a-b", "a_b", "4.5", "None", "-5"))


@st.composite
def _rules(draw: st.DrawFn, head: Table, box: Sequence[Test], callees: Sequence[Table]) -> Rule:
    conditions = tuple(Condition(test, "", NOWHERE) for test in box)
    answers = tuple(draw(outcomes(column.type, head.columns, callees)) for column in head.outputs)
    noted = tuple(draw(notes))
    why = draw(_marked(head))
    return Rule(draw(rule_names), RuleKind.RULE, conditions, answers, why, noted, NOWHERE)


@st.composite
def _marked(draw: st.DrawFn, head: Table) -> Reason:
    """A reason of the whole row, or one that marks some of its outputs, the others being stated."""
    reason = draw(reasons)
    marks = [(each.name, draw(st.sampled_from(Basis))) for each in head.outputs]
    marks = [(name, basis) for name, basis in marks if basis is not Basis.STATED]
    alike = len(marks) == len(head.outputs) and len({basis for _, basis in marks}) == 1
    if not marks or alike or draw(st.booleans()):
        return reason
    return replace(reason, basis=Basis.STATED, marks=tuple(marks))


@st.composite
def _impossibles(draw: st.DrawFn, head: Table) -> Rule:
    conditions = [Condition(draw(tests(column.type)), "", NOWHERE) for column in head.columns]
    name, reason = draw(rule_names), draw(reasons)
    return Rule(name, RuleKind.IMPOSSIBLE, tuple(conditions), (), reason, (), NOWHERE)


def _rows(head: Table, callees: Sequence[Table]) -> st.SearchStrategy[Rule]:
    boxes = st.tuples(*(tests(column.type) for column in head.columns))
    plain = boxes.flatmap(lambda box: _rules(head, box, callees))
    return st.one_of(plain, plain, plain, _impossibles(head))


@st.composite
def _otherwises(draw: st.DrawFn, head: Table, callees: Sequence[Table]) -> Rule:
    rule = draw(_rules(head, [Anything()] * len(head.columns), callees))
    return Rule(
        *("otherwise", RuleKind.OTHERWISE, rule.conditions, rule.outcomes),
        *(rule.reason, rule.annotations, rule.span),
    )


@st.composite
def _boxes(draw: st.DrawFn, types: Sequence[Type]) -> list[tuple[Test, ...]]:
    """Boxes of tests, one per column, of which every case passes exactly one."""
    if not types:
        return [()]
    first, *others = types
    if draw(st.integers(0, 2)) == 0:
        return [(Anything(), *rest) for rest in draw(_boxes(others))]
    parts = draw(partitions(first))
    return [(test, *rest) for test in parts for rest in draw(_boxes(others))]
