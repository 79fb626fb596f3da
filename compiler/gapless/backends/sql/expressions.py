"""A table as SQL expressions over columns that are named like its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gapless.analysis.decision.diagram import renumbered
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends import rejections as refusing
from gapless.backends.sql.decided import NO_CASE, Decided, decided
from gapless.backends.sql.flavor import Flavor
from gapless.backends.sql.layout import Written, arms, choose, lay
from gapless.backends.sql.literals import Unheld, sql_type, text
from gapless.backends.sql.names import quoted
from gapless.backends.sql.tree import halved
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
    rejected: str


@dataclass(frozen=True, slots=True)
class Expressions:
    """`ending` numbers what a case gets; the others follow from it, called `number`, and the inputs.

    Numbers from 0 on answer, those below refuse. `rule` is the name of the rule that decides, NULL
    for what is refused and where rules answer together; `rejected` is the reason, NULL where answered.
    `rows` say the same as a table. `names` are what the number, the rule and the reason are called
    beside the outputs. `questions` is how many conditions `ending`, the text of `tree`, has.
    """

    columns: tuple[Typed, ...]
    names: tuple[str, str, str]
    tree: Written
    questions: int
    outputs: tuple[Output, ...]
    rule: str
    rejected: str
    rows: tuple[Row, ...]

    @property
    def number(self) -> str:
        return self.names[0]

    @property
    def ending(self) -> str:
        return lay(self.tree)


@lru_cache(maxsize=128)
def expressions(unit: Unit, flavor: Flavor = Flavor.DUCKDB) -> Expressions | Unsupported:
    """The table as expressions, or why it has none."""
    try:
        return _expressions(decided(unit, flavor))
    except Unheld as reason:
        return Unsupported(str(reason))


def _expressions(found: Decided) -> Expressions:
    table = found.unit.table
    rules, reasons = found.rules, [text(reason) for reason in found.reasons]
    tree = ending(found)
    if (questions := arms(tree)) > MOST:
        raise Unheld(f"it takes {questions:,} questions, more than {MOST:,}")
    return Expressions(
        columns=tuple(Typed(each.name, sql_type(each.type, found.flavor)) for each in table.inputs),
        names=found.names,
        tree=tree,
        questions=questions,
        outputs=tuple(_output(found, place) for place in range(len(table.outputs))),
        rule=_typed(by_number(rules, found.number), rules, "VARCHAR"),
        rejected=_typed(_refusals(reasons, found.number), reasons, "VARCHAR"),
        rows=tuple(_rows(found)),
    )


def _rows(found: Decided) -> Iterator[Row]:
    """Every ending, those that refuse first."""
    outputs = range(len(found.unit.table.outputs))
    nothing = ("NULL",) * len(outputs)
    for reason, number in sorted(found.reasons.items(), key=lambda each: each[1]):
        yield Row(number, nothing, (None,) * len(outputs), "NULL", text(reason))
    given = [found.given(place) for place in outputs]
    for number, (_, ended) in enumerate(found.answering):
        said = [each[number] for each in given]
        fixed = [isinstance(each, Fixed) for each in ended.answers or ()]
        yield Row(
            number,
            tuple(each if is_fixed else "NULL" for each, is_fixed in zip(said, fixed, strict=True)),
            tuple(None if is_fixed else each for each, is_fixed in zip(said, fixed, strict=True)),
            found.rules[number],
            "NULL",
        )


def ending(found: Decided) -> Written:
    """The number of what a case gets."""
    inside = found.tree(found.tabulation.decision.root, lambda rule: str(found.called(rule)))
    return guarded(found, lambda reason: str(found.reasons[reason]), inside)


def guarded(found: Decided, refused: Callable[[str], str], inside: Written) -> Written:
    """The door first, and the table inside."""
    whens = tuple((condition, refused(reason)) for condition, reason in found.door)
    return choose(whens, inside)


def _output(found: Decided, place: int) -> Output:
    column = found.outputs[place]
    type = sql_type(column.type, found.flavor)
    given = found.given(place)
    return Output(column.name, type, _cast(by_number(given, found.number), given, column, type))


def scalars(found: Decided) -> Iterator[Output]:
    """Each output, the rule and the reason by the inputs only: answers stand where questions end."""
    for place, column in enumerate(found.outputs):
        given = found.given(place)
        type = sql_type(column.type, found.flavor)
        written = _by_inputs(found, given, _no)
        yield Output(column.name, type, _cast(written, given, column, type))
    _, rule, rejected = found.names
    kind = sql_type(TextType(), found.flavor)
    yield Output(rule, kind, _typed(_by_inputs(found, found.rules, _no), found.rules, kind))
    nothing = ["NULL"] * len(found.answering)
    yield Output(rejected, kind, lay(_by_inputs(found, nothing, text)))


def _no(_: str) -> str:
    return "NULL"


def _by_inputs(found: Decided, answered: Sequence[str], refused: Callable[[str], str]) -> Written:
    """A tree with what each ending that answers comes to, and what is said where it refuses."""
    said = {place: answered[number] for number, (place, _) in enumerate(found.answering)}
    for place, ended in found.refusing:
        said[place] = refused(refusing.refused(found.unit, ended))
    texts = list(dict.fromkeys([refused(NO_CASE), *said.values()]))
    named = {place: texts.index(each) for place, each in said.items()}
    root = renumbered(found.tabulation.decision.root, named)
    return guarded(found, refused, found.tree(root, lambda rule: texts[max(rule, 0)]))


def by_number(texts: Sequence[str], number: str) -> Written:
    """The text of each ending by its number, from 0 on, neighbors alike taken together; else NULL."""
    stretches: list[tuple[str, Written]] = []
    for place, said in enumerate(texts):
        if not stretches or stretches[-1][1] != said:
            stretches.append((str(place), said))
    if all(said == "NULL" for _, said in stretches):
        return "NULL"
    name = quoted(number)
    return choose(((f"{name} < 0", "NULL"),), halved(stretches, name))


def _refusals(reasons: Sequence[str], number: str) -> Written:
    """The reason of each number below 0; else NULL."""
    if not reasons:
        return "NULL"
    name = quoted(number)
    downward: list[tuple[str, Written]] = [
        (str(-len(reasons) + place), reason) for place, reason in enumerate(reversed(reasons))
    ]
    return choose(((f"{name} >= 0", "NULL"),), halved(downward, name))


def _typed(written: Written, texts: Iterable[str], type: str) -> str:
    """The text of an expression; where there are only missing values, nothing else says the type."""
    return f"CAST(NULL AS {type})" if all(each == "NULL" for each in texts) else lay(written)


def _cast(written: Written, texts: Iterable[str], column: Column, type: str) -> str:
    """The same, where numbers get the type of the column and not that of their figures."""
    said = _typed(written, texts, type)
    if isinstance(column.type.present, IntType | DecimalType) and not said.startswith("CAST(NULL"):
        return f"CAST({said} AS {type})"
    return said
