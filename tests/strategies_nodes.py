"""Hypothesis strategies for nodes: documents as an importer builds them, without places.

Everything drawn here can be written: names are names, quoted texts hold no letter that the language
refuses, and a bare word is none of the reserved ones.
"""

from __future__ import annotations

import string
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from gapless_dsl.lexis import BARE, BECAUSE, RESERVED
from gapless_dsl.nodes.cells import (
    Among,
    Beginning,
    Call,
    Comment,
    Comparison,
    ConditionContent,
    Literal,
    OutcomeContent,
    Part,
    Presence,
    Quantifier,
    Range,
    State,
    Together,
    Word,
)
from gapless_dsl.nodes.declarations import (
    AskedNode,
    Binding,
    Blocked,
    ColumnNode,
    ConditionCell,
    Crossing,
    CrossRow,
    Crosstab,
    Declaration,
    Document,
    EnumerationNode,
    ExampleNode,
    Grid,
    GuardNode,
    Header,
    ImpossibleNode,
    LetNode,
    LifeNode,
    MemberNode,
    NoteNode,
    OutcomeCell,
    PolicyNode,
    ResultNode,
    Row,
    RowKind,
    ScalarNode,
    SectionNode,
    ShowNode,
    SourceNode,
    TableNode,
    TextCell,
    TypeDeclaration,
    TypeNode,
    UseNode,
    WrappedNode,
    Wrapper,
)
from gapless_dsl.parser import UNWELCOME
from gapless_dsl.source import Span
from gapless_dsl.suggest import distance

NOWHERE = Span("", 0, 0)
AT = (0, 0)
PATH = "drawn.dtable"
KEYWORDS = (
    "ordered",
    *("policy", "use", "source", "type", "table", "in", "let", "out", "show", "example", "gives"),
    *("as", "of", "review", "by", "list", "set", "int", "bool", "unique", "because"),
    *("effective", "by", "decision", "when", "and"),
)

Drawn = TypeVar("Drawn")


def without_places(thing: Drawn) -> Drawn:
    """The same node with every place in it forgotten."""
    return _without_places(thing)  # type: ignore[no-any-return]


def _without_places(thing: Any) -> Any:
    if isinstance(thing, Span):
        return NOWHERE
    if isinstance(thing, tuple):
        if isinstance(thing, ConditionCell | OutcomeCell | Crossing):
            thing = thing._replace(text="")
        parts = (_without_places(part) for part in thing)
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
    if is_dataclass(thing) and not isinstance(thing, type):
        parts_by_name = {
            field.name: AT if field.name == "at" else _without_places(getattr(thing, field.name))
            for field in fields(thing)
        }
        return replace(thing, **parts_by_name)
    return thing


# ---------------------------------------------------------------- words and texts

names = st.one_of(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True).filter(
        lambda name: name not in RESERVED
    ),
    st.sampled_from(KEYWORDS),
)
dotted = st.tuples(names, names).map(".".join)
bare_texts = st.one_of(
    st.from_regex(BARE, fullmatch=True),
    st.sampled_from((*KEYWORDS, "77387", "26", "4.90", "30_000", "-5", "2026-01-01", "a-b")),
).filter(lambda text: text not in RESERVED)
letters = st.one_of(
    st.sampled_from('"\\|#[]()<>=,.;: \n-äß漢\u0301\u200d\u00a0'),
    st.sampled_from(string.printable[:94]),
    st.characters(exclude_categories=("Cc", "Cs")),
).filter(lambda letter: not UNWELCOME.search(letter))
quoted_texts = st.one_of(st.text(letters, max_size=8), st.sampled_from(RESERVED))
one_line_texts = quoted_texts.map(lambda text: text.replace("\n", " ").strip())


def words(texts: st.SearchStrategy[str], *, quoted: bool = False) -> st.SearchStrategy[Word]:
    return st.builds(Word, texts, st.just(NOWHERE), st.just(quoted))


titles = words(quoted_texts, quoted=True)
maybe_titles = st.none() | titles
named = words(names)
comments = st.builds(Comment, one_line_texts.map(lambda text: f"#{text}"), st.just(NOWHERE))

# ---------------------------------------------------------------- cells

bare_literals = st.builds(Literal, bare_texts, st.just(AT))
dotted_literals = st.builds(Literal, dotted, st.just(AT))
literals = bare_literals | st.builds(Literal, quoted_texts, st.just(AT), st.just(True))
missing = st.just(Presence(State.MISSING, AT))
values = literals | missing | dotted_literals


def ranges() -> st.SearchStrategy[Range]:
    both = st.builds(Range, literals, literals, st.booleans(), st.booleans(), st.just(AT))
    below = st.builds(Range, st.none(), literals, st.just(True), st.just(True), st.just(AT))
    above = st.builds(Range, literals, st.none(), st.just(True), st.just(True), st.just(AT))
    return both | below | above


def beginnings() -> st.SearchStrategy[Beginning]:
    plain = st.builds(Beginning, literals, st.just(()), st.just(AT))
    but = st.lists(literals | plain, max_size=2).map(tuple)
    return plain | st.builds(Beginning, literals, but, st.just(AT))


parts: st.SearchStrategy[Part] = st.one_of(
    literals,
    st.sampled_from(State).map(lambda state: Presence(state, AT)),
    st.builds(Comparison, st.sampled_from(("<", "<=", ">", ">=", "!=")), literals, st.just(AT)),
    ranges(),
    beginnings(),
)
some_parts = st.lists(parts, max_size=3).map(tuple)
held = st.lists(literals, min_size=1, max_size=3).map(tuple)
numbers = st.builds(Literal, st.sampled_from(("0", "2", "17")), st.just(AT))
counted = numbers | st.builds(
    Range, numbers, st.none() | numbers, st.just(True), st.just(True), st.just(AT)
)
amongs = st.one_of(
    st.builds(
        Among,
        st.sampled_from((Quantifier.ANY, Quantifier.ALL, Quantifier.NONE)),
        held,
        st.none(),
        st.just(AT),
    ),
    st.builds(Among, st.just(Quantifier.COUNT), st.just(()) | held, counted, st.just(AT)),
    st.builds(Among, st.just(Quantifier.EXACTLY), st.just(()) | held, st.none(), st.just(AT)),
)
together = st.builds(Together, st.lists(amongs, min_size=2, max_size=3).map(tuple), st.just(AT))
of_sets = st.lists(amongs | together, min_size=1, max_size=3).map(tuple)
conditions = st.builds(ConditionContent, some_parts, some_parts) | st.builds(
    ConditionContent, of_sets
)
guarding = st.one_of(
    st.builds(ConditionContent, st.lists(parts, min_size=1, max_size=3).map(tuple), some_parts),
    st.builds(ConditionContent, st.just(()), st.lists(parts, min_size=1, max_size=3).map(tuple)),
    st.builds(ConditionContent, st.tuples(amongs | together)),
)
"""What a step may be asked under: something, and nothing about sets joined by `or`."""

called = st.builds(Literal, names, st.just(AT))
calls = st.builds(
    Call, called, st.lists(values, max_size=3).map(tuple), st.none() | called, st.just(AT)
)
outcomes = st.builds(OutcomeContent, st.lists(values | calls, max_size=3).map(tuple))

# ---------------------------------------------------------------- grids

rule_names = st.none() | words(bare_texts)


def _cells(
    count: int, cell: type[Drawn], contents: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[Drawn, ...]]:
    drawn = contents.map(lambda content: cell(content, NOWHERE))  # type: ignore[call-arg]
    return st.lists(drawn, min_size=count, max_size=count).map(tuple)


def annotation_cells(count: int) -> st.SearchStrategy[tuple[TextCell | None, ...]]:
    texts = (one_line_texts | st.sampled_from(("^", "\\^", "〃", "a^"))).map(
        lambda text: TextCell(text, NOWHERE) if text else None
    )
    return st.lists(texts, min_size=count, max_size=count).map(tuple)


@st.composite
def headers(draw: st.DrawFn) -> Header:
    unlike = names.filter(lambda name: name == BECAUSE or distance(name, BECAUSE) > 1)
    columns = [*draw(st.lists(unlike, min_size=1, max_size=6, unique=True))]
    first = draw(st.integers(0, len(columns) - 1))
    second = draw(st.integers(first + 1, len(columns)))
    placed = [Word(column, NOWHERE) for column in columns]
    policy = draw(st.none() | words(st.sampled_from(("unique", "any", "first", "priority"))))
    groups = (placed[:first], placed[first:second], placed[second:])
    tests, answers, notes = (tuple(group) for group in groups)
    return Header(policy, tests, answers, notes, NOWHERE)


def _of_all(count: int) -> st.SearchStrategy[tuple[OutcomeCell, ...]]:
    """A call that stands alone in several outcomes."""
    if count < 2:
        return st.nothing()
    whole = st.builds(Call, called, st.lists(values, max_size=2).map(tuple), st.none(), st.just(AT))
    cells = whole.map(lambda call: OutcomeCell(OutcomeContent((call,)), NOWHERE, spans=True))
    return cells.map(lambda cell: (cell,) * count)


@st.composite
def rows(draw: st.DrawFn, header: Header) -> Row:
    kind = draw(st.sampled_from(RowKind))
    otherwise = words(st.just("otherwise")) if kind is RowKind.OTHERWISE else st.nothing()
    tests = 0 if kind is RowKind.OTHERWISE else len(header.conditions)
    unanswered = kind in (RowKind.IMPOSSIBLE, RowKind.DRAFT)
    answers = 0 if unanswered else len(header.outcomes)
    name = draw(rule_names | otherwise)
    over = () if name is None else tuple(draw(st.lists(words(bare_texts), max_size=2)))
    return Row(
        name,
        kind,
        draw(_cells(tests, ConditionCell, conditions)),
        draw(_cells(answers, OutcomeCell, outcomes) | _of_all(answers)),
        draw(annotation_cells(len(header.annotations))),
        NOWHERE,
        over,
    )


Cell = TypeVar("Cell", ConditionCell, OutcomeCell, TextCell, Crossing)


def _repeating(
    draw: st.DrawFn, cells: tuple[Cell | None, ...], above: tuple[Cell | None, ...]
) -> tuple[Cell | None, ...]:
    """The cells, some of them replaced by those above where there are any; no part of a call for all."""
    if len(above) != len(cells) or any(getattr(each, "spans", False) for each in (*cells, *above)):
        return cells
    pairs = zip(cells, above, strict=True)
    return tuple(
        over._replace(ditto=True) if over and draw(st.booleans()) else cell for cell, over in pairs
    )


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    header = draw(headers())
    found: list[Row] = []
    drawn: list[Row] = draw(st.lists(rows(header), max_size=5))
    for row in drawn:
        if draw(st.booleans()) and found:
            row = replace(
                row,
                conditions=_repeating(draw, row.conditions, found[-1].conditions),
                outcomes=_repeating(draw, row.outcomes, found[-1].outcomes),
                annotations=_repeating(draw, row.annotations, found[-1].annotations),
            )
        found.append(row)
    return Grid(header, tuple(found), NOWHERE)


# ---------------------------------------------------------------- crosstabs

crossed = st.one_of(outcomes, st.sampled_from(Blocked)).map(lambda said: Crossing(said, NOWHERE))


@st.composite
def cross_rows(draw: st.DrawFn, header: Header, many: int) -> CrossRow:
    row = draw(rows(header))
    said: tuple[Crossing, ...] = ()
    if row.kind is RowKind.RULE:
        said = draw(st.lists(crossed, min_size=many, max_size=many).map(tuple))
    elif row.kind is RowKind.OTHERWISE:
        said = (Crossing(draw(outcomes), NOWHERE),)
    places = (NOWHERE,) * len(said)
    return CrossRow(
        row.name, row.kind, row.conditions, said, row.annotations, places, NOWHERE, row.over
    )


@st.composite
def crosstabs(draw: st.DrawFn) -> Crosstab:
    header = draw(headers().filter(lambda each: bool(each.conditions)))
    header = replace(header, outcomes=header.outcomes[:1])
    asked = replace(header, conditions=header.conditions[:-1])
    heads = draw(st.lists(conditions, min_size=2, max_size=4, unique=True))
    found: list[CrossRow] = []
    drawn: list[CrossRow] = draw(st.lists(cross_rows(asked, len(heads)), max_size=4))
    for row in drawn:
        if draw(st.booleans()) and found and found[-1].kind is row.kind:
            row = replace(
                row,
                conditions=_repeating(draw, row.conditions, found[-1].conditions),
                outcomes=_repeating(draw, row.outcomes, found[-1].outcomes),
                annotations=_repeating(draw, row.annotations, found[-1].annotations),
            )
        found.append(row)
    cells = tuple(ConditionCell(head, NOWHERE) for head in heads)
    return Crosstab(header, cells, tuple(found), NOWHERE, NOWHERE)


# ---------------------------------------------------------------- types

bounds = st.none() | words(bare_texts)
scalars = st.builds(
    ScalarNode,
    words(bare_texts.filter(lambda text: text not in ("optional", "ordered"))),
    st.none() | words(bare_texts),
    bounds,
    bounds,
    st.just(NOWHERE),
)
types: st.SearchStrategy[TypeNode] = st.recursive(
    scalars,
    lambda inner: st.builds(WrappedNode, st.sampled_from(Wrapper), inner, st.just(NOWHERE)),
    max_leaves=2,
)
ends = st.one_of(st.none(), words(st.dates().map(str)))
members = st.builds(MemberNode, words(bare_texts) | titles, maybe_titles, ends, ends)
enumerations = st.builds(
    EnumerationNode,
    st.lists(members, min_size=1, max_size=5).map(tuple),
    st.just(NOWHERE),
    st.booleans(),
)

# ---------------------------------------------------------------- declarations

columns = st.builds(ColumnNode, named, types, maybe_titles, st.just(NOWHERE))

guards = st.builds(
    GuardNode,
    words(names | dotted),
    guarding.map(lambda content: ConditionCell(content, NOWHERE)),
)
lets = st.builds(
    LetNode,
    named,
    calls,
    maybe_titles,
    st.just(NOWHERE),
    st.lists(guards, max_size=2).map(tuple),
)
some_names = st.lists(named, min_size=1, max_size=3).map(tuple)
shows = st.builds(
    ShowNode,
    some_names,
    st.just(()) | some_names,
    maybe_titles,
    st.just(NOWHERE),
    st.lists(guards, max_size=2).map(tuple),
)
results = st.builds(
    ResultNode,
    named,
    st.none() | types,
    st.none() | outcomes.map(lambda content: OutcomeCell(content, NOWHERE)),
    maybe_titles,
    st.just(NOWHERE),
)
bindings = st.one_of(
    st.builds(Binding, named, st.tuples(values), st.just(False), st.just(NOWHERE)),
    st.builds(
        Binding,
        named,
        st.lists(values, max_size=3).map(tuple),
        st.just(True),
        st.just(NOWHERE),
    ),
)
examples = st.builds(
    ExampleNode,
    maybe_titles,
    st.lists(bindings, max_size=3).map(tuple),
    st.none() | st.lists(bindings, min_size=1, max_size=3).map(tuple),
    st.just(NOWHERE),
)
days = st.none() | st.dates(date(1000, 1, 1))
lives = st.builds(LifeNode, days, days, st.none() | named, st.just(NOWHERE)).filter(
    lambda life: life.low is not None or life.high is not None
)
notes = st.lists(st.builds(NoteNode, titles, st.none() | titles), max_size=2).map(tuple)


def _heads_stand_as_declared(table: TableNode) -> bool:
    """Whether no head of the grid is declared as another kind of column than it stands among."""
    if table.grid is None:
        return True
    header = table.grid.header
    asked = {each.name.text for each in table.inputs} | {each.name.text for each in table.lets}
    answered = {each.name.text for each in table.outputs}
    conditions, outcomes, annotations = (
        {word.text for word in words}
        for words in (header.conditions, header.outcomes, header.annotations)
    )
    policy = {header.policy.text} if header.policy else set()
    return not (
        asked & (outcomes | annotations | policy)
        or answered & (conditions | annotations | policy)
        or {word.casefold() for word in conditions | outcomes} & {BECAUSE}
    )


tables = st.builds(
    TableNode,
    named,
    maybe_titles,
    notes,
    st.lists(columns, max_size=3).map(tuple),
    st.lists(lets, max_size=2).map(tuple),
    st.lists(columns, max_size=2).map(tuple),
    st.none() | grids() | crosstabs(),
    st.lists(examples, max_size=2).map(tuple),
    st.just(NOWHERE),
    life=st.none() | lives,
    shows=st.lists(shows, max_size=2).map(tuple),
).filter(_heads_stand_as_declared)
decisions = st.builds(
    TableNode,
    named,
    maybe_titles,
    notes,
    st.lists(columns, max_size=3).map(tuple),
    st.lists(lets, max_size=2).map(tuple),
    st.just(()),
    st.none(),
    st.lists(examples, max_size=2).map(tuple),
    st.just(NOWHERE),
    is_decision=st.just(True),
    results=st.lists(results, max_size=3).map(tuple),
    shows=st.lists(shows, max_size=2).map(tuple),
)
cells = conditions.map(lambda content: ConditionCell(content, NOWHERE))
asked = st.builds(
    AskedNode, words(names.filter(lambda name: name != BECAUSE)), cells, st.just(NOWHERE)
)
reasons = one_line_texts.filter(lambda text: not text.startswith("=")).map(
    lambda text: TextCell(text, NOWHERE) if text else None
)
declarations: st.SearchStrategy[Declaration] = st.one_of(
    st.builds(PolicyNode, words(bare_texts), maybe_titles, days, days, st.just(NOWHERE), notes),
    st.builds(UseNode, titles, st.just(NOWHERE)),
    st.builds(
        SourceNode,
        named,
        maybe_titles,
        st.lists(st.builds(SectionNode, named, maybe_titles), max_size=4).map(tuple),
        st.just(NOWHERE),
    ),
    st.builds(TypeDeclaration, named, maybe_titles, enumerations | types, st.just(NOWHERE)),
    st.builds(
        ImpossibleNode,
        named,
        maybe_titles,
        st.lists(asked, min_size=1, max_size=3).map(tuple),
        st.none() | reasons,
        st.just(NOWHERE),
    ),
    tables,
    decisions,
)
documents = st.builds(
    Document,
    st.just(PATH),
    st.lists(declarations, max_size=4).map(tuple),
    st.lists(comments, max_size=2).map(tuple),
)
