"""What all shapes are spelt with: a function with or without a door, cuts as comparisons, constants by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import Any

from benchmarks.lookups.grids import Column, Grid
from benchmarks.lookups.handwritten.doors import again

INDENT = "    "


@dataclass
class Spelt:
    """Lines of a function `lookup`, and the objects that they name."""

    grid: Grid
    known: dict[str, Any] = field(default_factory=dict)

    def name(self, name: str, value: object) -> str:
        self.known[name] = value
        return name

    def edge(self, column: Column, value: int) -> str:
        """A number to compare with: a whole one as it is, a Decimal as a constant."""
        if column.kind == "int":
            return str(value)
        return self.name(f"{column.name.upper()}_{value}", column.exact(value))

    def function(
        self, body: Sequence[str], *, is_safe: bool, check: str = ""
    ) -> Callable[..., Any]:
        """`body` behind a door that lets nothing else in, or without one."""
        given = ", ".join(column.name for column in self.grid.columns)
        lines = [f"def lookup({given}):"]
        if is_safe:
            check = check or self.door()
            lines += ["    try:", f"        if {check}:"]
            lines += [INDENT * 3 + line for line in body]
            lines += ["    except FAULTS:", "        pass"]
            lines += [f"    return again(lookup, COLUMNS, ({given},))"]
        else:
            lines += [INDENT + line for line in body]
        known = {
            **self.known,
            "COLUMNS": self.grid.columns,
            "FAULTS": (KeyError, IndexError, DecimalException),
            "Decimal": Decimal,
            "again": again,
        }
        exec("\n".join(lines) + "\n", known)  # noqa: S102
        made: Callable[..., Any] = known["lookup"]
        return made

    def door(self) -> str:
        """That every argument is what its column allows, whatever is asked of it later."""
        return " and ".join(map(self._allowed, self.grid.columns))

    def types(self) -> str:
        """That every argument is of its type, where what follows asks for the rest."""
        return " and ".join(self._typed(column) for column in self.grid.columns)

    def _typed(self, column: Column) -> str:
        match column.kind:
            case "enum" if None in column.values:
                return f"({column.name} is None or type({column.name}) is str)"
            case "enum":
                return f"type({column.name}) is str"
            case "bool":
                return f"({column.name} is True or {column.name} is False)"
            case "int":
                return f"type({column.name}) is int"
        cent = self.name("CENT", Decimal(1).scaleb(-column.scale))
        return f"type({column.name}) is Decimal and not {column.name} % {cent}"

    def _allowed(self, column: Column) -> str:
        typed = self._typed(column)
        if column.kind == "bool":
            return typed
        if column.kind == "enum":
            words = self.name(f"{column.name.upper()}_WORDS", frozenset(column.values))
            return f"{typed} and {column.name} in {words}"
        low, high = self.edge(column, column.values[0]), self.edge(column, column.end - 1)
        return f"{typed} and {low} <= {column.name} <= {high}{self._no_dust(column)}"

    def _no_dust(self, column: Column) -> str:
        """What is smaller than the context holds leaves no remainder."""
        if column.kind != "dec":
            return ""
        return f" and (CENT <= {column.name} or not {column.name})"

    def by_part(self, column: Column, leaf: Callable[[int], Sequence[str]]) -> list[str]:
        """A tree of comparisons with a leaf for each part; what lies outside is not asked for."""

        def halved(low: int, high: int) -> list[str]:
            if high - low == 1:
                return list(leaf(low))
            middle = (low + high) // 2
            return [
                f"if {column.name} < {self.edge(column, column.values[middle])}:",
                *(INDENT + line for line in halved(low, middle)),
                "else:",
                *(INDENT + line for line in halved(middle, high)),
            ]

        return halved(0, len(column.values))
