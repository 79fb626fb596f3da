"""GAP031: what a cell says twice, or says beside something that takes it in."""

from __future__ import annotations

from collections.abc import Sequence

from gapless.model import AnyOf, Begins, Between, Equals, Test
from gapless.resolve.context import Context
from gapless.semantics import holds
from gapless_dsl import nodes
from gapless_dsl.diagnostic import Edit, Label, decision, mechanical


def notice_repeat(before: nodes.At, again: nodes.At, context: Context) -> None:
    """GAP031. The edit takes the comma before the repeated value along."""
    edit = Edit(context.at((before[1], again[1])), "")
    context.warning(
        "GAP031",
        "this cell says the same value twice",
        Label(context.at(again), "said before"),
        helps=(mechanical("delete the second one", edit),),
    )


def without_idle(
    parts: tuple[nodes.Part, ...], places: Sequence[int], tests: list[Test], context: Context
) -> list[Test]:
    """The tests without the first that another takes in; `places` are those of the tests among the parts."""
    for at, test in enumerate(tests):
        others = (
            place for place, each in zip(places, tests, strict=True) if _is_within(test, each)
        )
        if (wider := next(others, None)) is not None:
            _notice(parts, places[at], wider, context)
            return [*tests[:at], *tests[at + 1 :]]
    return tests


def _notice(parts: tuple[nodes.Part, ...], at: int, wider: int, context: Context) -> None:
    """GAP031, for the `5` of `<= 50, 5`: it says nothing."""
    here, whole = parts[at].at, context.text(context.span)
    rest = (parts[at - 1].at[1], here[1]) if at else (here[0], parts[1].at[0])
    inside, outside = (whole[slice(*parts[each].at)] for each in (at, wider))
    context.warning(
        "GAP031",
        f"`{inside}` says nothing beside `{outside}`, which takes it in",
        Label(context.at(here), "a comma means either"),
        helps=(
            mechanical(f"delete `{inside}`", Edit(context.at(rest), "")),
            decision("or write what else was meant"),
        ),
    )


def _is_within(test: Test, other: Test) -> bool:
    """Whether one part of a cell takes in all that another does."""
    match test, other:
        case _ if test is other:
            return False
        case Equals(value), Between() | AnyOf() | Begins():
            return holds(other, value)
        case Between(low, high), Between(lowest, highest):
            starts = lowest is None or (low is not None and holds(other, low))
            return starts and (highest is None or (high is not None and holds(other, high)))
    return False
