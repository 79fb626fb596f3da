"""What other tables must know of a table to call it: its inputs and its outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gapless.model import Column, ListType, SetType
from gapless.resolve.findings import Findings
from gapless.resolve.names import BUILT_IN, Names, twice
from gapless.resolve.types import KnownTypes, Types, resolve_type
from gapless.resolve.unread import unread_columns
from gapless_dsl.diagnostic import Label, error
from gapless_dsl.lexis import EFFECTIVE
from gapless_dsl.nodes import (
    Call,
    ColumnNode,
    Document,
    LetNode,
    Literal,
    ResultNode,
    ScalarNode,
    TableNode,
    TypeNode,
    Word,
    within,
)
from gapless_dsl.source import Source, Span


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """A table's declared columns; a name that maps to None has a column not to be understood."""

    node: TableNode
    path: str
    inputs: Mapping[str, Column | None]
    lets: Mapping[str, LetNode]
    outputs: Mapping[str, Column | None]
    unread: frozenset[str]
    """What may be columns, declared in lines that could not be read."""
    strays: frozenset[str]
    """What the grid's header calls columns, and no line declares."""
    sound: bool
    """Whether these are all of its columns, each declared once and understood."""

    @property
    def name(self) -> str:
        return self.node.name.text

    @property
    def kind(self) -> str:
        return "decision" if self.node.is_decision else "table"

    @property
    def subject(self) -> str:
        """What findings about it begin with."""
        return f"{self.kind} {self.name}"

    def is_version_of(self, other: Signature) -> bool:
        """Whether both are the same table, or versions of it."""
        if self.node.life is None or other.node.life is None:
            return self is other
        return (self.path, self.name) == (other.path, other.name)

    @property
    def words(self) -> tuple[Word, ...]:
        """The names of its columns, where they are declared."""
        node = self.node
        columns: tuple[ColumnNode | LetNode, ...] = (*node.inputs, *node.lets, *node.outputs)
        return tuple(each.name for each in columns)

    @property
    def mentioned(self) -> frozenset[str]:
        """The names in its examples and the arguments of its `let` columns."""
        bindings = (
            each for case in self.node.examples for each in (*case.inputs, *(case.gives or ()))
        )
        return frozenset(
            [each.text for let in self.node.lets for each in literals(let)]
            + [each.name.text for each in bindings]
        )


def literals(let: LetNode) -> Iterator[Literal]:
    """The words that a computed column is made of: names of columns, and values."""
    for part in within(let.value):
        if isinstance(part, Literal):
            yield part
        elif isinstance(part, Call):
            yield from (each for each in part.arguments if isinstance(each, Literal))


def signatures(
    documents: Sequence[Document],
    names: Mapping[str, Names],
    types: Types,
    sources: Mapping[str, Source],
    found: Findings,
) -> Mapping[Span, Signature]:
    """By the place of its name: every table's signature, that of a name's second table too."""
    return {
        node.name.span: _signature(
            node, document.path, KnownTypes(names[document.path], types), sources, found
        )
        for document in documents
        for node in document.declarations
        if isinstance(node, TableNode)
    }


def _signature(
    node: TableNode, path: str, known: KnownTypes, sources: Mapping[str, Source], found: Findings
) -> Signature:
    subject = f"{'decision' if node.is_decision else 'table'} {node.name.text}"
    before = len(found)
    first = _once((*node.inputs, *node.lets, *node.outputs), subject, found)
    inputs: dict[str, Column | None] = {}
    outputs: dict[str, Column | None] = {}
    lets: dict[str, LetNode] = {}
    for each in first.values():
        if each in node.inputs:
            inputs[each.name.text] = _input(each, known, found, subject)
        elif isinstance(each, LetNode):
            lets[each.name.text] = each
        else:
            outputs[each.name.text] = _column(each, each.type, known, found, subject)
    for result in node.results:
        if result.type is not None:
            outputs[result.name.text] = _column(result, result.type, known, found, subject)
    unread = unread_columns(node, sources[path])
    strays = _strays(node) - unread
    understood = None not in (*inputs.values(), *outputs.values())
    sound = understood and len(found) == before and not unread and not strays
    return Signature(node, path, inputs, lets, outputs, unread, strays, sound)


def _strays(node: TableNode) -> frozenset[str]:
    if node.grid is None:
        return frozenset()
    header = node.grid.header
    outputs = {each.name.text for each in node.outputs}
    others = {each.name.text for each in node.inputs} | {each.name.text for each in node.lets}
    return frozenset(
        {
            word.text
            for word in header.conditions
            if word.text.partition(".")[0] not in others and not EFFECTIVE.fullmatch(word.text)
        }
        | {word.text for word in header.outcomes} - outputs
    )


def _once(
    nodes: Sequence[ColumnNode | LetNode], subject: str, found: Findings
) -> Mapping[str, ColumnNode | LetNode]:
    """The columns as they are declared, of two with one name the first."""
    first: dict[str, ColumnNode | LetNode] = {}
    for node in sorted(nodes, key=lambda each: each.span.start):
        if node.name.text in first:
            found.append(twice("column", node.name, first[node.name.text].name, subject))
        else:
            first[node.name.text] = node
    return first


def _input(node: ColumnNode, known: KnownTypes, found: Findings, subject: str) -> Column | None:
    column = _column(node, node.type, known, found, subject)
    if column is None or not isinstance(column.type, ListType | SetType):
        return column
    found.append(
        error(
            "GAP020",
            f"input `{column.name}` holds several values at once",
            Label(node.type.span, "lists and sets are for outputs"),
            subject=f"{subject}, column {column.name}",
            notes=("a condition asks about one value; a comma in it means *either*",),
        )
    )
    return None


def _column(
    node: ColumnNode | ResultNode,
    type_: TypeNode,
    known: KnownTypes,
    found: Findings,
    subject: str,
) -> Column | None:
    """The type's name is kept where it is the whole type: `optional Code` has none."""
    meant = resolve_type(type_, known, found, f"{subject}, column {node.name.text}")
    if meant is None:
        return None
    named = isinstance(type_, ScalarNode) and type_.name.text not in BUILT_IN
    type_name = type_.name.text if isinstance(type_, ScalarNode) and named else None
    label = None if node.label is None else node.label.text
    return Column(node.name.text, meant, label, type_name, node.name.span)
