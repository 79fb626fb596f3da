"""What modules say, behind all else, where tables call others: by which rows an explanation is told.

It is written into them as it stands, like `runtime`.
"""

# fmt: off

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, TypeAlias

from gapless.backends.code.runtime import Explanation, _Answer

_WEAKEST: Final = "silent", "inferred", "stated"
_UNASKED: Final[Explanation[Any]] = Explanation("", "", None)
_Flow: TypeAlias = tuple[int | tuple[int, int], ...]
_Keys: TypeAlias = dict[Any, Any]
_Trace: TypeAlias = tuple[Explanation[Any], list[_Keys], _Keys]


class _Flows(NamedTuple):
    """What flows into the outputs of a rule, beside its row: inputs, by number, and
    what calls answer, by the numbers of call and output; and into arguments of these.
    """

    outputs: tuple[str, ...]
    rules: dict[str, tuple[_Flow, ...]]
    calls: dict[int | tuple[str, int], tuple[_Flows, tuple[_Flow, ...]]]
    has_rows: bool = True


def _told(found: Explanation[_Answer], flows: _Flows) -> Explanation[_Answer]:
    """What was found, and what it used, told by the rows whose answers flow into it."""
    return _traced(found, flows, {})[0]


def _traced(
    found: Explanation[Any], flows: _Flows | None, known: dict[int, _Trace]
) -> _Trace:
    """That; what flows into each output; and all rows on the way, by what each says."""
    if id(found) in known:
        return known[id(found)]
    rows: tuple[Explanation[Any], ...] = (found,)
    rows = found.parts or rows
    met: _Keys = {row[:2] + row[3:7]: row.using(()) for row in rows}
    if flows is None:
        return found, [met], met
    met = met if flows.has_rows else {}
    own, answers, uses = met.copy(), dict[Any, _Keys](), list[Explanation[Any]]()
    for number, use in enumerate(found.uses):
        if use is not _UNASKED:
            call = flows.calls.get(number) or flows.calls.get((found.rule, number))
            callee, given = call or (None, ())
            told, outputs, inner = _traced(use, callee, known)
            uses.append(told)
            met |= inner
            into = {at: _through(each, answers) for at, each in enumerate(given)}
            for output, keys in enumerate(outputs):
                answers[number, output] = _through(keys, into) if into else keys
    nothing: tuple[_Flow, ...] = ((),) * len(flows.outputs)
    flowing = flows.rules.get(found.rule, nothing)
    outputs = [own | _through(each, answers) for each in flowing]
    told = _by_rows(found, flows.outputs, outputs, met, tuple(uses))
    known[id(found)] = told, outputs, met
    return told, outputs, met


def _through(keys: Iterable[Any], answers: _Keys) -> _Keys:
    """Keys, answers replaced by what flows into them; each once, where it is first."""
    found: _Keys = {}
    for key in keys:
        found |= answers.get(key, {key: None})
    return found


def _by_rows(
    found: Explanation[Any], outputs: tuple[str, ...], flowing: list[_Keys], met: _Keys,
    uses: tuple[Explanation[Any], ...],
) -> Explanation[Any]:
    """What was found, as the rows that flow into any output tell it together."""
    every = {key: met[key] for keys in flowing for key in keys if key in met}
    rows, named, bases = [*every.values()], dict[str, str](), dict[str, str]()
    outcomes = dict[str, tuple[Explanation[Any], ...]]()
    for output, keys in zip(outputs, flowing, strict=True):
        outcomes[output] = tuple(every[key] for key in keys if key in every)
        named[output] = ", ".join(
            row.rule if row.table == found.table else f"{row.table}.{row.rule}"
            for row in outcomes[output]
        )
        bases[output] = min(
            (row.basis for row in outcomes[output]), key=_WEAKEST.index, default=""
        )
    return Explanation(
        found.table,
        _by_output(named) or found.rule,
        found.answer,
        basis=_by_output(bases) or "stated",
        reason="; ".join(dict.fromkeys(row.reason for row in rows if row.reason)),
        citations=tuple(dict.fromkeys(of for row in rows for of in row.citations)),
        annotations=tuple(dict.fromkeys(of for row in rows for of in row.annotations)),
        uses=uses,
        parts=found.parts,
        outcomes=tuple(outcomes.items()),
        asked=tuple(row for key, row in met.items() if key not in every),
    )


def _by_output(told: dict[str, str]) -> str:
    """What is told of each output, once where it is the same of all that say any."""
    said = {output: each for output, each in told.items() if each}
    if len({*said.values()}) < 2:
        return next(iter(said.values()), "")
    return "; ".join(f"{output}: {each}" for output, each in said.items())
