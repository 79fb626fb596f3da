"""What a table computes before it decides: its lets, in order."""

from __future__ import annotations

from gapless.backends.python.calling import calling
from gapless.backends.python.layout import items, lay
from gapless.backends.python.needs import Needs
from gapless.backends.python.scope import Scope
from gapless.model import ColumnValue
from gapless.unit import Unit


def computed(unit: Unit, scope: Scope, needed: Needs) -> list[str]:
    """The lets, all of them first: where a called table cannot answer, neither can this one."""
    arguments = scope.tables[unit.table].arguments
    lets = unit.table.lets
    handed = {
        argument.column
        for let in lets
        for argument in let.call.arguments
        if isinstance(argument, ColumnValue)
    }
    made = calling(scope, arguments)
    for let in lets:
        if let.column.name in needed.columns | handed:
            made.assign(arguments[let.column.name], let.call)
        else:
            made.explanation(let.call)
    uses = lay(items(*made.found.values()), first="uses = ", depth=1)
    return [*made.lines(all_read=needed.uses), *(uses if needed.uses else [])]
