"""Which shape a table's look-up gets, and why: what it costs is what is compared.

Tables within tables take least time, a step for each column and nothing between; but each of them is
made on its own. Lists that are counted into take a little more, and hold any number of entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapless.backends.python.conditions import joined
from gapless.backends.python.fast.accepting import accepted
from gapless.backends.python.fast.nested import by_member, nested, written_out
from gapless.backends.python.fast.staged import staged, stages
from gapless.backends.python.fast.written import Written
from gapless.backends.python.layout import STEP, Expression, Group, lay
from gapless.backends.python.naming import upper
from gapless.backends.python.rows import keyword
from gapless.backends.python.scope import Scope
from gapless.backends.python.statements import if_lines
from gapless.backends.python.text import wrapped
from gapless.backends.python.values import expression
from gapless.calls import Fixed
from gapless.layered import Layers, candidates, layers
from gapless.model import DecimalType, OptionalType, Table
from gapless.tabulating import Ending, Tabulation, renumbered, tabulation
from gapless.unit import Unit

LINKED = 8_000
"""Tables with more entries than this, all together, become lists that are counted into."""

TRIED = 2_000
"""Of decisions with more nodes than this no other order of columns is tried."""


@dataclass(frozen=True, slots=True)
class Fast:
    """`blocks` are constants, `lines` the body of the function up to what it does with all others."""

    blocks: tuple[list[str], ...]
    lines: tuple[str, ...]


def fast(unit: Unit, scope: Scope) -> Fast | None:
    """The look-up of a table; None where it must ask: answers are worked out, or it is too large."""
    found = tabulation(unit)
    if found is None or not found.is_ready:
        return None
    found = _refusals_last(found.by_answer)
    laid = _smallest(found)
    written = None if laid is None else _written(found, laid, unit.table, scope)
    if laid is None or written is None:
        return None
    looked_at = {column.place for column in laid.columns}
    return Fast(written.blocks, tuple(_body(written, unit.table, scope, looked_at)))


def _refusals_last(found: Tabulation) -> Tabulation:
    """The same; the endings that have answers are numbered first."""
    return renumbered(found, sorted(range(len(found.endings)), key=lambda n: _is_refused(found, n)))


def _is_refused(found: Tabulation, number: int) -> bool:
    return found.endings[number].answers is None


def _smallest(found: Tabulation) -> Layers | None:
    """The layers with fewest entries, of some orders of the columns."""
    orders = list(candidates(found))
    if found.decision.nodes > TRIED:
        orders = [found.decision.order]
    tried = [each for order in orders if (each := layers(found, order)) is not None]
    laid = min(tried, key=lambda each: each.entries, default=None)
    return laid if laid is not None and laid.columns else None


def _written(found: Tabulation, laid: Layers, table: Table, scope: Scope) -> Written | None:
    """The shape that costs least, and the reason in a comment above it."""
    refuses = any(ending.answers is None for ending in found.endings)
    entries = written_out(laid)
    if entries is not None and (not refuses or by_member(laid, len(laid.columns) - 1)):
        names, answers = _named(found.endings, table, scope)
        said = f"Tables within tables, {entries:,} entries in all: a step for each column."
        return nested(laid, table, scope, answers).after(_told(said), *names)
    answers = [_answer(ending, table, scope) for ending in found.endings]
    if laid.entries <= LINKED and not refuses:
        said = f"Tables within tables, linked here: {laid.entries:,} entries are too many to read."
        return nested(laid, table, scope, answers).after(_told(said))
    plan = stages(laid)
    if plan is None:
        return None
    lists = "A list" if len(plan.ends) == 2 else f"{len(plan.ends) - 1} lists"
    said = f"{lists} to count into, {plan.size:,} bytes in all: compact, where tables are too many."
    return staged(laid, plan, table, scope, answers).after(_told(said))


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
            said = (str(each.value) for each in ending.answers if isinstance(each, Fixed))
            name = scope.names.take(upper(table.name, *said))
            blocks.append(lay(answer, first=f"{name}: Final = "))
            answer = name
        answers.append(answer)
    return blocks, answers


def _body(written: Written, table: Table, scope: Scope, looked_at: set[int]) -> Iterator[str]:
    """The statements: what may be looked up is, and what is not found goes on behind them."""
    names = scope.tables[table].arguments
    conditions = [
        accepted(column, names[column.name], scope, looked_at=place in looked_at)
        for place, column in enumerate(table.inputs)
    ]
    kinds = [
        each.type.of if isinstance(each.type, OptionalType) else each.type for each in table.inputs
    ]
    inexact = any(isinstance(kind, DecimalType) for kind in kinds)
    yield f"{STEP}try:"
    yield from if_lines(joined("and", conditions), 2)
    yield from (f"{STEP * 3}{line}" for line in written.lines)
    errors = "(LookupError, ArithmeticError)" if inexact else "LookupError"
    yield f"{STEP}except {errors}:"
    yield f"{STEP * 2}pass  # what is wrong with it is said below"
