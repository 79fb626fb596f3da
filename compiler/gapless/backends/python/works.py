"""What a table works out, as small functions: one for each computed column, one for each outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gapless.analysis.domain import ordinals as ranks
from gapless.analysis.domain.derived import arithmetic
from gapless.backends.code.conditions import Comparison
from gapless.backends.code.layout import STEP, Group, lay
from gapless.backends.code.naming import Names
from gapless.backends.code.scope import Scope
from gapless.backends.code.statements import docstring, function_head, if_lines
from gapless.backends.code.text import prose, sentence, string
from gapless.backends.code.values import annotation
from gapless.backends.python.arithmetic import Arithmetic, Told, is_exact
from gapless.model import (
    Column,
    Computed,
    DecimalType,
    Expression,
    OptionalType,
    ScalarType,
    Table,
    Type,
    columns_of,
)
from gapless.text.formulas import spoken

EXACTLY = "@_exactly"


class Work(NamedTuple):
    """A function to write: `name`, what it works out, for which output of which rule, if for one."""

    table: Table
    name: str
    expression: Expression
    type: Type
    outcome: tuple[int, int] | None

    @property
    def columns(self) -> dict[str, Column]:
        return {column.name: column for column in self.table.columns}

    @property
    def is_exact(self) -> bool:
        return is_exact(self.expression, self.columns)

    def lines(self, scope: Scope) -> list[str]:
        """The statements that work it out."""
        return _Body(self, scope).lines()


def works(table: Table, scope: Scope) -> Iterator[list[str]]:
    """The functions, in the order in which they are needed."""
    for work in _works(table, scope):
        yield _function(work, scope)


def call(table: Table, name: str, expression: Expression, scope: Scope) -> Group:
    """A call of such a function, with the columns that it takes."""
    arguments = scope.tables[table].arguments
    return Group(f"{name}(", tuple(arguments[column] for column in columns_of(expression)))


def _works(table: Table, scope: Scope) -> Iterator[Work]:
    worked = scope.tables[table].worked
    for each in table.computed:
        yield Work(table, worked[each.column.name], each.expression, each.column.type, None)
    for number, rule in enumerate(table.rules):
        for output, outcome in enumerate(rule.outcomes):
            if isinstance(outcome.value, Computed):
                name, computed = worked[number, output], outcome.value
                yield Work(table, name, computed.expression, computed.type, (number, output))


def _function(work: Work, scope: Scope) -> list[str]:
    names, columns = scope.tables[work.table], work.columns
    asked = [columns[name] for name in columns_of(work.expression)]
    typed = [
        f"{names.arguments[each.name]}: {annotation(each.type, scope.aliases)}" for each in asked
    ]
    said = prose(spoken(work.expression, lambda name: columns[name].label or name))
    return [
        *([EXACTLY] if work.is_exact else []),
        *function_head(work.name, typed, annotation(work.type, scope.aliases)),
        *docstring([[sentence(said[:1].upper() + said[1:])]], 1),
        *work.lines(scope),
    ]


@dataclass(slots=True)
class _Body:
    """The statements of one function, in order."""

    work: Work
    scope: Scope
    found: list[str] = field(default_factory=list)
    kept: dict[str, tuple[int, str]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        names = self.scope.tables[self.work.table].arguments
        taken = Names({*self.scope.spoken, *names.values()})

        def keep(text: str) -> str:
            name = taken.take("part")
            self.kept[name] = (len(self.found), text)
            self.found.extend(lay(text, first=f"{name} = ", depth=1))
            return name

        writer = Arithmetic(self.work.columns, names, keep)
        for absence in writer.absences(self.work.expression):
            self.found.extend(if_lines(Comparison((absence,)), 1))
            self.found.extend(self._nothing())
        told = writer.told(self.work.expression)
        if told.text in self.kept:  # all of it: no part that needs a name
            first, whole = self.kept[told.text]
            del self.found[first:]
            told = told._replace(text=whole)
        self.found.extend(self._given(told))
        return self.found

    def _nothing(self) -> list[str]:
        """The statement where there is no value."""
        if isinstance(self.work.type, OptionalType):
            return [f"{STEP * 2}return None"]
        return lay(self._error("None"), first="raise ", depth=2)

    def _given(self, told: Told) -> Iterator[str]:
        """The statements that hand on a value, if it is within the output's bounds."""
        inner = _inner(self.work.type)
        text = told.text
        if isinstance(inner, DecimalType) and not told.is_decimal:
            text = f"Decimal({text})"
        beyond = self._beyond(inner)
        if beyond is None:
            yield from lay(text, first="return ", depth=1)
            return
        yield from lay(text, first="value = ", depth=1)
        yield from if_lines(Comparison((beyond,)), 1)
        yield from lay(self._error("value"), first="raise ", depth=2)
        yield f"{STEP}return value"

    def _beyond(self, inner: ScalarType) -> str | None:
        """The comparison that refuses the value; None where it never would."""
        kind = ranks.ordered(inner)
        if self.work.outcome is None or kind is None:
            return None
        number, output = self.work.outcome
        computed = self.work.table.rules[number].outcomes[output].value
        assert isinstance(computed, Computed)
        natural = ranks.ordered(computed.natural)
        assert natural is not None
        low = kind.low if _reaches_below(natural, kind) else None
        high = kind.high if _reaches_above(natural, kind) else None
        if low is None and high is None:
            return None
        least, most = (
            None if end is None else self.scope.constants.ordered(end) for end in (low, high)
        )
        if least is None:
            return f"value > {most}"
        return f"value < {least}" if most is None else f"not {least} <= value <= {most}"

    def _error(self, value: str) -> Group:
        assert self.work.outcome is not None, "a column's type takes in all that it can be"
        number, output = self.work.outcome
        said = (
            self.work.table.name,
            self.work.table.rules[number].name,
            self.work.table.outputs[output].name,
        )
        return Group("OutcomeError(", (*map(string, said), value))


def _reaches_below(natural: ranks.OrderedType, kind: ranks.OrderedType) -> bool:
    return kind.low is not None and (natural.low is None or natural.low < kind.low)  # type: ignore[operator]


def _reaches_above(natural: ranks.OrderedType, kind: ranks.OrderedType) -> bool:
    return kind.high is not None and (natural.high is None or natural.high > kind.high)  # type: ignore[operator]


def _inner(type: Type) -> ScalarType:
    assert isinstance(type, OptionalType) or not hasattr(type, "of"), "no list is worked out"
    return type.present


class Uses(NamedTuple):
    """Which of the module's helpers and imports the functions that calculate call for."""

    exactly: bool
    rounded: bool
    fraction: bool
    decimal: bool
    later: bool
    is_day: bool
    elapsed: bool
    error: bool


def may_fail(table: Table) -> bool:
    """Whether a rule may work out what its output does not allow, as far as types say."""
    return any(not _always_fits(each) for each in arithmetic(table.rules))


def _always_fits(computed: Computed) -> bool:
    optional = isinstance(computed.natural, OptionalType)
    if optional and not isinstance(computed.type, OptionalType):
        return False
    natural, kind = ranks.ordered(computed.natural), ranks.ordered(computed.type)
    if natural is None or kind is None:
        return True
    return not _reaches_below(natural, kind) and not _reaches_above(natural, kind)


def uses(tables: Sequence[Table], scope: Scope) -> Uses:
    """What the functions of some tables call for."""
    lines = [
        line for table in tables for each in _works(table, scope) for line in each.lines(scope)
    ]
    code = "\n".join(lines)
    return Uses(
        exactly=any(each.is_exact for table in tables for each in _works(table, scope)),
        rounded="_rounded(" in code,
        fraction="Fraction(" in code,
        decimal="Decimal(" in code,
        later="_later(" in code or "_is_day(" in code,
        is_day="_is_day(" in code,
        elapsed="_elapsed(" in code,
        error=any(map(may_fail, tables)),
    )
