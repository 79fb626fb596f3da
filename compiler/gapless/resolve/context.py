"""The reading context: what can be named where a reader stands, and where its findings go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gapless.model import (
    Column,
    EnumerationType,
    Guard,
    Impossibility,
    NamedType,
    Section,
    SourceDocument,
    Table,
)
from gapless_dsl import diagnostic, nodes
from gapless_dsl.diagnostic import Diagnostic, Help, Label, Repair, replacing
from gapless_dsl.lexis import quoted
from gapless_dsl.source import Source, Span
from gapless_dsl.suggest import nearest_name


class Use(NamedTuple):
    """One `use` line and the file it means."""

    node: nodes.UseNode
    document: nodes.Document


@dataclass(frozen=True, slots=True)
class Names:
    """What one file can name, itself and by the files it uses."""

    types: Mapping[str, nodes.TypeDeclaration]
    tables: Mapping[str, nodes.TableNode]
    sources: Mapping[str, nodes.SourceNode]
    unread: frozenset[str]
    """Names that lines which could not be read may have declared."""
    partial: bool
    """Whether names may be missing here because a used file is."""
    elsewhere: Mapping[tuple[str, str], str]
    """What files that are not used here declare: by kind and name, the path to `use`."""
    impossible: Mapping[str, nodes.ImpossibleNode]
    """What cannot happen in this file's tables."""

    def excuses(self, name: str) -> bool:
        """Whether an unknown `name` follows from a mistake that is found elsewhere."""
        return self.partial or name in self.unread


@dataclass(frozen=True, slots=True)
class Step:
    """A step that asks a table: its guard, the columns as they are declared, and where more may be said."""

    guard: tuple[Guard, ...]
    declared: Mapping[str, Column | None]
    end: Span


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that may be named, None for one that is not understood; and those that may not be,
    each with the reason why. In a `step` they have the values that pass its guard."""

    known: Mapping[str, Column | None] = field(default_factory=dict)
    barred: Mapping[str, str] = field(default_factory=dict)
    step: Step | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """A table's declared columns, which is what other tables must know to call it.

    A name that maps to None has a column that is not understood.
    """

    node: nodes.TableNode
    path: str
    inputs: Mapping[str, Column | None]
    lets: Mapping[str, nodes.LetNode]
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
    def words(self) -> tuple[nodes.Word, ...]:
        """The names of its columns, where they are declared."""
        node = self.node
        columns: tuple[nodes.ColumnNode | nodes.LetNode, ...] = (
            *node.inputs,
            *node.lets,
            *node.outputs,
        )
        return tuple(each.name for each in columns)

    @property
    def operands(self) -> Iterator[str]:
        """The words in its `let` lines: names of columns, and values."""
        for let in self.node.lets:
            for part in nodes.within(let.value):
                if isinstance(part, nodes.Literal):
                    yield part.text
                elif isinstance(part, nodes.Call):
                    yield from (
                        each.text for each in part.arguments if isinstance(each, nodes.Literal)
                    )


@dataclass(frozen=True, slots=True)
class Program:
    """All files, and what is known of them so far: each step of the pass fills in what the next one needs.

    Declarations are known by the place of their name; None is one that is not understood.
    """

    documents: Sequence[nodes.Document]
    sources: Mapping[str, Source]
    found: list[Diagnostic] = field(default_factory=list)
    uses: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    """By a document's path: what it uses, each file once, itself never."""
    names: dict[str, Names] = field(default_factory=dict)
    """By a document's path."""
    types: dict[Span, NamedType | None] = field(default_factory=dict)
    lists: dict[EnumerationType, Span] = field(default_factory=dict)
    """Where each closed list is declared."""
    citable: dict[Span, SourceDocument] = field(default_factory=dict)
    cited: dict[str, set[Section]] = field(default_factory=dict)
    """By a document's path: the sections that its rules cite."""
    impossible: dict[Span, Impossibility | None] = field(default_factory=dict)
    signatures: dict[Span, Signature] = field(default_factory=dict)
    tables: dict[Span, Table | None] = field(default_factory=dict)
    """Of several versions, by the first."""

    def users(self, document: nodes.Document) -> tuple[str, ...]:
        """The paths of the files that use `document`."""
        return tuple(
            path
            for path, used in self.uses.items()
            if any(each.document is document for each in used)
        )

    def context(self, path: str, subject: str = "") -> Context:
        return Context(self, path, self.found, subject)


class Context(NamedTuple):
    """A place to read from: its file, what can be named there, and what its findings are about.

    `subject` is what readers call the place: `table fee, rule heavy, column zone`. `span` is the
    stretch of text being read, where it is one cell or line.
    """

    program: Program
    path: str
    found: list[Diagnostic]
    subject: str = ""
    span: Span = Span("", 0, 0)
    columns: Columns = Columns()
    caller: Signature | None = None

    # ------------------------------------------------------------ sight

    @property
    def names(self) -> Names:
        return self.program.names[self.path]

    @property
    def source(self) -> Source:
        return self.program.sources[self.path]

    def text(self, span: Span) -> str:
        return self.source.text[span.start : span.end]

    def at(self, at: nodes.At) -> Span:
        """Where a part of the text being read stands."""
        return self.span.within(*at)

    def about(self, subject: str) -> Context:
        return self._replace(subject=subject)

    def under(self, more: str, span: Span | None = None) -> Context:
        """The same for a part of what this is about."""
        span = self.span if span is None else span
        return self._replace(subject=f"{self.subject}, {more}", span=span)

    def seeing(self, columns: Columns) -> Context:
        return self._replace(columns=columns)

    # ------------------------------------------------------------ findings

    def error(
        self,
        code: str,
        title: str,
        *labels: Label,
        notes: tuple[str, ...] = (),
        helps: tuple[Help, ...] = (),
    ) -> None:
        """A mistake; the first label is the guilty place."""
        found = diagnostic.error(
            code, title, *labels, subject=self.subject, notes=notes, helps=helps
        )
        self.found.append(found)

    def warning(
        self,
        code: str,
        title: str,
        *labels: Label,
        notes: tuple[str, ...] = (),
        helps: tuple[Help, ...] = (),
    ) -> None:
        found = diagnostic.warning(
            code, title, *labels, subject=self.subject, notes=notes, helps=helps
        )
        self.found.append(found)

    def twice(
        self, kind: str, again: nodes.Word, first: nodes.Word, helps: tuple[Help, ...] = ()
    ) -> None:
        """GAP013, for two declarations of one name."""
        here, there = (
            Label(again.span, "declared again here"),
            Label(first.span, "first declared here"),
        )
        self.error("GAP013", f"{kind} `{again.text}` is declared twice", here, there, helps=helps)

    def unknown(
        self,
        code: str,
        kind: str,
        name: nodes.Word,
        known: Iterable[str],
        notes: tuple[str, ...] = (),
        title: str = "",
        also: Iterable[Help] = (),
    ) -> None:
        """A name that nothing bears, with the nearest one that something does."""
        right = nearest_name(name.text, known)
        label = f"no such {kind}" if right is None else f"did you mean `{right}`?"
        helps = (*replacing(name.span, name.text, right), *also)
        title = title or f"there is no {kind} `{name.text}`"
        self.error(code, title, Label(name.span, label), notes=notes, helps=helps)

    def undeclared(
        self,
        code: str,
        kind: str,
        name: nodes.Word,
        known: Iterable[str],
        also: Iterable[Help] = (),
    ) -> None:
        """A name that nothing here bears; perhaps a file does that could be used."""
        path = self.names.elsewhere.get((kind, name.text))
        if path is None:
            self.unknown(code, kind, name, known, also=also)
            return
        title = f"{kind} `{name.text}` is not known in this file"
        line = f"use {quoted(path)}"
        use = Help(Repair.DECISION, "use the file that declares it", lines=(line,))
        self.error(code, title, Label(name.span, f"declared in `{path}`"), helps=(use,))

    def barred(self, name: str, span: Span, *labels: Label) -> None:
        """GAP012, for a column that cannot be named where it is."""
        why = self.columns.barred[name]
        self.error("GAP012", f"`{name}` cannot be named here", Label(span, why), *labels)


def listed(words: tuple[str, ...], most: int = 8) -> str:
    """The words in backticks, as a sentence lists them, the first `most` of them."""
    shown = [f"`{word}`" for word in words[:most]]
    if len(words) > most:
        return f"{', '.join(shown)} and {len(words) - most} more"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)
