"""Answers without questions: a table laid out so that an input is looked up, not asked about.

Tables within tables take least time, a step for each column and nothing between; but each of them is
made on its own. Lists that are counted into take a little more, and hold any number of entries. Which
of these a table gets depends on what it costs. Nothing here may ask in the order of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapless.analysis.by_inputs import Ending, Tabulation, tabulation
from gapless.analysis.decision.tables import Layers
from gapless.analysis.domain.answers import Fixed
from gapless.analysis.unit import Unit
from gapless.backends.code.layout import (
    STEP,
    WIDTH,
    Expression,
    Group,
    constant,
    flat,
    if_lines,
    items,
    joined,
    width,
    wrapped,
)
from gapless.backends.code.naming import upper
from gapless.backends.code.scope import Scope
from gapless.backends.python.fast.nested import (
    WRITTEN_OUT,
    Nest,
    by_member,
    entries,
)
from gapless.backends.python.fast.reading import (
    Means,
    Written,
    accepted,
    compared_with_members,
    laid,
    means,
)
from gapless.backends.python.fast.staged import stages, written_as_lists
from gapless.backends.python.rows import answer
from gapless.model import DecimalType, SetType, Table

LINKED = 8_000
"""Tables with more entries than this, all together, become lists that are counted into."""

INLINE = 40
"""Answers of several outputs that take more letters stand in a table of their own."""

ALONE = 72
"""If one of them takes more letters, decimals go by names, so that each stands on a line."""


def look_up(unit: Unit, scope: Scope) -> Written | None:
    """The look-up of a table, as the body of its function up to what it does with all others.

    None where it must ask: answers are worked out, or it is too large.
    """
    if any(isinstance(column.type, SetType) for column in unit.table.inputs):
        return None  # what a set is looked up by would have to be counted first
    found = tabulation(unit)
    if found is None or not found.is_ready or not found.by_answer.asked:
        return None
    if any(found.axes[place].tree is not None for place in found.by_answer.asked):
        return None  # how a text begins is asked
    found = _refusals_last(found.by_answer)
    written = _nested(found, unit.table, scope) or _staged(found, unit.table, scope)
    if written is None:
        return None
    return Written(written.blocks, tuple(_body(written, found, unit.table, scope)))


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
    one_of_edges = len(layers.columns) == 1 and means(layers.columns[0].axis) is Means.EDGES
    by_name = one_of_edges and not scope.tables[table].result
    answers = [_answer(ending, table, scope, by_name=by_name) for ending in found.endings]
    stands_in_place = not refuses
    if is_written_out and (not refuses or _is_by_member(layers, branching)):
        said = f"A table of {total:,} entries: one step."
        if len(layers.columns) - branching > 1:
            said = f"Tables within tables, {total:,} entries in all: a step for each column."
        said = said if total else "Its few members are compared with: nothing costs less."
        long = any(width(flat(each)) > INLINE for each in answers)
        stands_in_place = not (long and scope.tables[table].result)
    elif layers.entries > LINKED or (not is_written_out and branching == len(layers.columns)):
        return None
    elif refuses:
        said = f"Tables within tables, {layers.entries:,} entries in all: numbers of answers, or of none."
    else:
        said = (
            f"Tables within tables, linked here: {layers.entries:,} entries are too many to read."
        )
    kind = scope.tables[table].answer
    if stands_in_place:
        written = Nest(layers, branching, answers, kind, "", table, scope).written()
        if total and not written.blocks:
            said = "Compared with the edges of stretches: answers stand where they are found."
        return written.after(_told(said))
    if any(width(flat(each)) > ALONE for each in answers):
        answers = [_answer(ending, table, scope, by_name=True) for ending in found.endings]
    behind = scope.names.take(upper(table.name, "answers"))
    known = [each for each in answers if each != ""]
    made = Group("[", tuple(known), "]")
    if is_written_out and scope.tables[table].result:
        rows, notes = _numbered(known)
        made = Group(f"list(starmap({kind}, [", tuple(rows), "]))", tuple(notes))
    # A list: of a tuple, checkers say that numbers of no answer lie outside.
    block = constant(behind, f"list[{kind}]", made)
    left_out = is_written_out and _is_by_member(layers, branching)
    numbers = ["" if each == "" and left_out else str(n) for n, each in enumerate(answers)]
    nest = Nest(layers, branching, numbers, "int", behind, table, scope)
    return nest.written().after(_told(said), block)


def _numbered(answers: Iterable[Expression]) -> tuple[list[Expression], list[str]]:
    """The rows of answers, side by side where several fit on a line, and the number of each line's first."""
    lines: list[Expression] = []
    notes: list[str] = []
    for number, each in enumerate(answers):
        assert isinstance(each, Group), "an answer of several outputs"
        row = items(*each.items)
        more = f"{flat(lines[-1])}, {flat(row)}" if lines else ""
        if lines and width(f"{STEP}{more},  # {notes[-1]}") <= WIDTH:
            lines[-1] = more
        else:
            lines.append(row)
            notes.append(str(number))
    return lines, notes


def _is_by_member(layers: Layers, branching: int) -> bool:
    """Whether what is refused can be left out of the tables of the last column."""
    at = len(layers.columns) - 1
    return at < branching or by_member(layers, at)


def _staged(found: Tabulation, table: Table, scope: Scope) -> Written | None:
    """Lists that are counted into, if they are not too large."""
    layers = laid(found, ())
    plan = None if layers is None else stages(layers)
    if layers is None or plan is None:
        return None
    lists = "A list" if len(plan.ends) == 2 else f"{len(plan.ends) - 1} lists"
    said = f"{lists} to count into, {plan.size:,} bytes in all: compact, where tables are too many."
    answers = [_answer(ending, table, scope) for ending in found.endings]
    return written_as_lists(layers, plan, table, scope, answers).after(_told(said))


def _told(text: str) -> list[str]:
    return list(wrapped(text, "# ", "# "))


def _answer(ending: Ending, table: Table, scope: Scope, *, by_name: bool = False) -> Expression:
    """What an ending answers, ready-made; "" where it is refused."""
    if ending.answers is None:
        return ""
    values = (each.value for each in ending.answers if isinstance(each, Fixed))
    return answer(table, values, scope, by_name=by_name)


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
