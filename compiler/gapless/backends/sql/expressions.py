"""A table as SQL expressions over columns that are named like its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gapless.analysis.decision.diagram import renumbered
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends.sql.decision import NO_CASE, Decided, decided
from gapless.backends.sql.dialects import Flavor
from gapless.backends.sql.literals import Unheld, quoted, sql_type, text
from gapless.backends.sql.tree import Written, arms, choose, halved, lay
from gapless.model import Column, DecimalType, IntType, TextType

MOST = 20_000
"""A tree of more questions is no expression that databases take."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a table has no expressions, in plain words."""

    reason: str


class Typed(NamedTuple):
    """A column: its name as it is, not quoted, and its SQL type."""

    name: str
    type: str


class Output(NamedTuple):
    """`sql` is the value by the ending and the inputs, NULL where refused."""

    name: str
    type: str
    sql: str


class Row(NamedTuple):
    """What one ending comes to, as SQL: `outputs` are NULL where refused and where `passed` on."""

    number: int
    outputs: tuple[str, ...]
    passed: tuple[str | None, ...]
    rule: str
    basis: str
    rejected: str


@dataclass(frozen=True, slots=True, eq=False)
class Expressions:
    """`ending` numbers what a case gets; the others follow from it, called `number`, and the inputs.

    Numbers from 0 on answer, those below refuse. `rule` names the rows that the answer rests on, and
    `basis` how these rest on the sources, NULL for what is refused; `rejected` is the reason, NULL
    where answered. `rows` say the same as a table. `names` are what the number, the rule, the basis
    and the reason are called beside the outputs. `questions` is how many conditions `ending`, the text of `tree`, has.
    """

    decided: Decided
    columns: tuple[Typed, ...]
    tree: Written
    outputs: tuple[Output, ...]
    rule: str
    basis: str
    rejected: str
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, str, str, str]:
        return self.decided.names

    @property
    def number(self) -> str:
        return self.names[0]

    @property
    def ending(self) -> str:
        return lay(self.tree)

    @property
    def questions(self) -> int:
        return arms(self.tree)


@lru_cache(maxsize=128)
def expressions(unit: Unit, flavor: Flavor = Flavor.DUCKDB) -> Expressions | Unsupported:
    """The table as expressions, or why it has none."""
    try:
        return _expressions(decided(unit, flavor))
    except Unheld as reason:
        return Unsupported(str(reason))


def _expressions(found: Decided) -> Expressions:
    number = found.names[0]
    root = found.tabulation.decision.root
    tree = guarded(
        found,
        lambda reason: str(found.reasons[reason]),
        found.tree(root, lambda rule: str(found.called(rule))),
    )
    if (questions := arms(tree)) > MOST:
        raise Unheld(f"it takes {questions:,} questions, more than {MOST:,}")
    columns = tuple(
        Typed(each.name, sql_type(each.type, found.flavor)) for each in found.unit.table.inputs
    )
    outputs = []
    for place, column in enumerate(found.outputs):
        given = found.given(place)
        outputs.append(_output(found, column, _by_number(given, number), given))
    reasons = [*map(text, found.reasons)]
    refusals: Written = "NULL"
    if reasons:  # by their numbers, the lowest first
        upward: list[tuple[str, Written]] = [
            (str(place - len(reasons)), reason) for place, reason in enumerate(reversed(reasons))
        ]
        refusals = choose([(f"{quoted(number)} >= 0", "NULL")], halved(upward, quoted(number)))
    return Expressions(
        decided=found,
        columns=columns,
        tree=tree,
        outputs=tuple(outputs),
        rule=_typed(_by_number(found.rules, number), found.rules, "VARCHAR"),
        basis=_typed(_by_number(found.bases, number), found.bases, "VARCHAR"),
        rejected=_typed(refusals, reasons, "VARCHAR"),
        rows=tuple(_rows(found)),
    )


def _rows(found: Decided) -> Iterator[Row]:
    """Every ending, those that refuse first."""
    outputs = range(len(found.outputs))
    nothing = ("NULL",) * len(outputs)
    for reason, number in sorted(found.reasons.items(), key=lambda each: each[1]):
        yield Row(number, nothing, (None,) * len(outputs), "NULL", "NULL", text(reason))
    given = [found.given(place) for place in outputs]
    for number, (_, ended) in enumerate(found.answering):
        answers = [
            (each[number], isinstance(answer, Fixed))
            for each, answer in zip(given, ended.answers or (), strict=True)
        ]
        yield Row(
            number,
            tuple(said if is_fixed else "NULL" for said, is_fixed in answers),
            tuple(None if is_fixed else said for said, is_fixed in answers),
            found.rules[number],
            found.bases[number],
            "NULL",
        )


def guarded(found: Decided, refused: Callable[[str], str], inside: Written) -> Written:
    """The door first, and the table inside."""
    return choose([(condition, refused(reason)) for condition, reason in found.door], inside)


def scalars(found: Decided) -> Iterator[Output]:
    """Each output, the rule, the basis and the reason by the inputs only: answers stand where
    questions end."""

    def no(_: str) -> str:
        return "NULL"

    for place, column in enumerate(found.outputs):
        given = found.given(place)
        yield _output(found, column, _by_inputs(found, given, no), given)
    _, rule, basis, rejected = found.names
    kind = sql_type(TextType(), found.flavor)
    for name, told in ((rule, found.rules), (basis, found.bases)):
        yield Output(name, kind, _typed(_by_inputs(found, told, no), told, kind))
    nothing = ["NULL"] * len(found.answering)
    yield Output(rejected, kind, lay(_by_inputs(found, nothing, text)))


def _by_inputs(found: Decided, answered: Sequence[str], refused: Callable[[str], str]) -> Written:
    """A tree with what each ending that answers comes to, and what is said where it refuses."""
    said = {place: answered[number] for number, (place, _) in enumerate(found.answering)}
    said |= {place: refused(reason) for place, reason in found.refusing}
    texts = list(dict.fromkeys([refused(NO_CASE), *said.values()]))
    named = {place: texts.index(each) for place, each in said.items()}
    root = renumbered(found.tabulation.decision.root, named)
    return guarded(found, refused, found.tree(root, lambda rule: texts[max(rule, 0)]))


def _by_number(texts: Sequence[str], number: str) -> Written:
    """The text of each ending by its number, from 0 on, neighbors alike taken together; else NULL."""
    stretches: list[tuple[str, Written]] = []
    for place, said in enumerate(texts):
        if not stretches or stretches[-1][1] != said:
            stretches.append((str(place), said))
    if all(said == "NULL" for _, said in stretches):
        return "NULL"
    return choose([(f"{quoted(number)} < 0", "NULL")], halved(stretches, quoted(number)))


def _output(found: Decided, column: Column, written: Written, given: Iterable[str]) -> Output:
    """An output; numbers get the type of the column and not that of their figures."""
    type = sql_type(column.type, found.flavor)
    said = _typed(written, given, type)
    if isinstance(column.type.present, IntType | DecimalType) and not said.startswith("CAST(NULL"):
        said = f"CAST({said} AS {type})"
    return Output(column.name, type, said)


def _typed(written: Written, texts: Iterable[str], type: str) -> str:
    """The text of an expression; where there are only missing values, nothing else says the type."""
    return f"CAST(NULL AS {type})" if all(each == "NULL" for each in texts) else lay(written)
