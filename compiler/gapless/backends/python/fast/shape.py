"""Which shape a table's look-up gets, and why: what it costs is what is compared.

Tables within tables take least time, a step for each column and nothing between; but each of them is
made on its own. Lists that are counted into take a little more, and hold any number of entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapless.analysis.by_inputs import Ending, Tabulation, tabulation
from gapless.analysis.decision.tables import Layers
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends.code.conditions import joined
from gapless.backends.code.layout import STEP, Expression, Group, constant, lay
from gapless.backends.code.naming import upper
from gapless.backends.code.scope import Scope
from gapless.backends.code.statements import if_lines
from gapless.backends.code.text import wrapped
from gapless.backends.code.values import expression
from gapless.backends.python.fast.accepting import accepted
from gapless.backends.python.fast.nested import WRITTEN_OUT, Nest, by_member, entries, nested
from gapless.backends.python.fast.plan import compared_with_members, laid
from gapless.backends.python.fast.staged import staged, stages
from gapless.backends.python.fast.written import Written
from gapless.backends.python.rows import keyword
from gapless.model import DecimalType, Table, Value

LINKED = 8_000
"""Tables with more entries than this, all together, become lists that are counted into."""


@dataclass(frozen=True, slots=True)
class Fast:
    """`blocks` are constants, `lines` the body of the function up to what it does with all others."""

    blocks: tuple[list[str], ...]
    lines: tuple[str, ...]


def fast(unit: Unit, scope: Scope) -> Fast | None:
    """The look-up of a table; None where it must ask: answers are worked out, or it is too large."""
    found = tabulation(unit)
    if found is None or not found.is_ready or not found.by_answer.asked:
        return None
    found = _refusals_last(found.by_answer)
    written = _nested(found, unit.table, scope) or _staged(found, unit.table, scope)
    return (
        None
        if written is None
        else Fast(written.blocks, tuple(_body(written, found, unit.table, scope)))
    )


def _refusals_last(found: Tabulation) -> Tabulation:
    """The same; the endings that have answers are numbered first."""
    places = range(len(found.endings))
    return found.numbered(sorted(places, key=lambda n: found.endings[n].answers is None))


def _nested(found: Tabulation, table: Table, scope: Scope) -> Written | None:
    """Tables within tables, if they are not too many."""
    first = compared_with_members(found)
    layers = laid(found, first)
    if layers is None:
        return None
    branching = sum(column.place in first for column in layers.columns)
    total = entries(layers, branching)
    refuses = any(ending.answers is None for ending in found.endings)
    is_written_out = total <= WRITTEN_OUT
    if is_written_out and (not refuses or _is_by_member(layers, branching)):
        said = f"Tables within tables, {total:,} entries in all: a step for each column."
        said = said if total else "Its few members are compared with: nothing costs less."
        names, answers = _named(found.endings, table, scope)
        nest = Nest(layers, branching, answers, scope.tables[table].answer, "")
        return nested(nest, table, scope).after(_told(said), *names)
    if layers.entries > LINKED or (not is_written_out and branching == len(layers.columns)):
        return None
    return _numbered(found, layers, branching, table, scope)


def _is_by_member(layers: Layers, branching: int) -> bool:
    """Whether what is refused can be left out of the tables of the last column."""
    at = len(layers.columns) - 1
    return at < branching or by_member(layers, at)


def _numbered(
    found: Tabulation, layers: Layers, branching: int, table: Table, scope: Scope
) -> Written:
    """Tables that are linked; where some cases are refused, their entries are the numbers of answers."""
    answers = [_answer(ending, table, scope) for ending in found.endings]
    kind = scope.tables[table].answer
    if "" not in answers:
        said = (
            f"Tables within tables, linked here: {layers.entries:,} entries are too many to read."
        )
        nest = Nest(layers, branching, answers, kind, "")
        return nested(nest, table, scope).after(_told(said))
    said = (
        f"Tables within tables, {layers.entries:,} entries in all: numbers of answers, or of none."
    )
    behind = scope.names.take(upper(table.name, "answers"))
    ready = Group("[", tuple(each for each in answers if each != ""), "]")
    block = constant(behind, f"list[{kind}]", ready)
    numbers = [str(number) for number in range(len(answers))]
    nest = Nest(layers, branching, numbers, "int", behind)
    return nested(nest, table, scope).after(_told(said), block)


def _staged(found: Tabulation, table: Table, scope: Scope) -> Written | None:
    """Lists that are counted into, if they are not too large."""
    layers = laid(found, ())
    plan = None if layers is None else stages(layers)
    if layers is None or plan is None:
        return None
    lists = "A list" if len(plan.ends) == 2 else f"{len(plan.ends) - 1} lists"
    said = f"{lists} to count into, {plan.size:,} bytes in all: compact, where tables are too many."
    answers = [_answer(ending, table, scope) for ending in found.endings]
    return staged(layers, plan, table, scope, answers).after(_told(said))


def _told(text: str) -> list[str]:
    return list(wrapped(text, "# ", "# "))


def _answer(ending: Ending, table: Table, scope: Scope) -> Expression:
    """What an ending answers, ready-made; "" where it is refused."""
    if ending.answers is None:
        return ""
    values = [expression(each.value) for each in ending.answers if isinstance(each, Fixed)]
    names = scope.tables[table]
    if not names.result:
        return values[0]
    fields = (names.fields[column.name] for column in table.outputs)
    return Group(f"{names.result}(", tuple(map(keyword, fields, values)))


def _named(
    endings: Sequence[Ending], table: Table, scope: Scope
) -> tuple[list[list[str]], list[Expression]]:
    """Answers of several outputs get names, for they may stand in several places."""
    blocks: list[list[str]] = []
    answers: list[Expression] = []
    for ending in endings:
        answer = _answer(ending, table, scope)
        if ending.answers is not None and isinstance(answer, Group) and scope.tables[table].result:
            said = (_word(each.value) for each in ending.answers if isinstance(each, Fixed))
            name = scope.names.take(upper(table.name, *said))
            blocks.append(lay(answer, first=f"{name}: Final = "))
            answer = name
        answers.append(answer)
    return blocks, answers


def _word(value: Value) -> str:
    """A value as a part of a name, the same on every run."""
    match value:
        case frozenset():
            return " ".join(sorted(map(str, value)))
        case tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)


def _body(written: Written, found: Tabulation, table: Table, scope: Scope) -> Iterator[str]:
    """The statements: what may be looked up is, and what is not found goes on behind them."""
    names = scope.tables[table].arguments
    conditions = [
        accepted(axis, names[axis.column.name], scope, looked_at=place in found.asked)
        for place, axis in enumerate(found.axes[: found.inputs])
    ]
    inner = (axis.column.type for axis in found.axes[: found.inputs])
    kinds = [type.present for type in inner]
    divides = any(isinstance(kind, DecimalType) for kind in kinds)
    yield f"{STEP}try:"
    yield from if_lines(joined("and", conditions), 2)
    yield from (f"{STEP * 3}{line}" for line in written.lines)
    yield f"{STEP}except {'(LookupError, ArithmeticError)' if divides else 'LookupError'}:"
    yield f"{STEP * 2}pass  # what is wrong with it is said below"
