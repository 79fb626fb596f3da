"""What modules say, behind all else, where tables call others: the rows that answers rest on.

It is written into them as it stands, like `runtime`.
"""

# fmt: off

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

from gapless.backends.code.runtime import Explanation, _Answer

_WEAKEST: Final = "silent", "inferred", "stated"
_UNASKED: Final[Explanation[Any]] = Explanation("", "", None)
_Flow: TypeAlias = tuple[int | tuple[int, int], ...]
_Keys: TypeAlias = dict[Any, Any]
"""Rows, by what they say; or such a key with how it rests on the sources, as it flows."""
_Trace: TypeAlias = tuple[Explanation[Any], list[_Keys], _Keys]


class _Flows(NamedTuple):
    """What flows into the outputs of a rule, and into arguments of calls, beside rows:
    inputs, by number, and what calls answer, by the numbers of call and output.
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
    """That; what flows into each output; and every row on the way, by what it says."""
    rows: tuple[Explanation[Any], ...] = (found,)
    rows = found.parts or rows
    met: _Keys = {row[:2] + row[3:7]: row.using(()) for row in rows}
    if flows is None:
        return found, [{(key, row.basis): None for key, row in met.items()}], met
    if id(found) in known:
        return known[id(found)]
    met = met if flows.has_rows else {}
    uses: list[Explanation[Any]] = []
    own: list[_Keys] = [
        {(key, row.basis_of(output)): None for key, row in met.items()}
        for output in flows.outputs
    ]
    answers = dict[Any, _Keys]()

    def into(flow: _Flow) -> _Keys:
        found = _Keys()
        for each in flow:
            found |= {each: None} if isinstance(each, int) else answers.get(each, {})
        return found

    for number, use in enumerate(found.uses):
        if use is not _UNASKED:
            call = flows.calls.get(number) or flows.calls.get((found.rule, number))
            callee, given = call or (None, ())
            told, outputs, inner = _traced(use, callee, known)
            uses.append(told)
            met |= inner
            arguments = [into(each) for each in given]
            for output, keys in enumerate(outputs):
                parted = (arguments[k] if isinstance(k, int) else [k] for k in keys)
                answers[number, output] = dict.fromkeys(k for ks in parted for k in ks)
    nothing: tuple[_Flow, ...] = ((),) * len(flows.outputs)
    flowing = zip(own, flows.rules.get(found.rule, nothing), strict=True)
    outputs = [keys | into(each) for keys, each in flowing]
    said = [[each for each in keys if not isinstance(each, int)] for keys in outputs]
    of = dict(zip(flows.outputs, said, strict=True))
    told = _by_rows(found, tuple(uses), of, met)
    known[id(found)] = told, outputs, met
    return told, outputs, met


def _by_rows(
    found: Explanation[Any], uses: tuple[Explanation[Any], ...],
    said: dict[str, list[tuple[Any, str]]], met: _Keys,
) -> Explanation[Any]:
    """What was found, as what rows say that flows into any output tells it together."""
    outcomes = {
        output: tuple(dict.fromkeys(met[key] for key, _ in each))
        for output, each in said.items()
    }
    rows = dict.fromkeys(row for rows in outcomes.values() for row in rows)
    named, bases = dict[str, str](), dict[str, str]()
    for output, each in outcomes.items():
        named[output] = ", ".join(
            row.rule if row.table == found.table else f"{row.table}.{row.rule}"
            for row in each
        )
        held = (basis for _, basis in said[output])
        bases[output] = min(held, key=_WEAKEST.index, default="")
    return Explanation(
        found.table,
        _by_output(named) or found.rule,
        found.answer,
        basis=_by_output(bases) or "stated",
        reason="; ".join(dict.fromkeys(row.reason for row in rows if row.reason)),
        citations=tuple(dict.fromkeys(each for row in rows for each in row.citations)),
        annotations=tuple(
            dict.fromkeys(each for row in rows for each in row.annotations)
        ),
        uses=uses,
        parts=found.parts,
        outcomes=tuple(outcomes.items()),
        asked=tuple(row for row in met.values() if row not in rows),
    )


def _by_output(told: dict[str, str]) -> str:
    """What is told of each output, once where it is the same of all that say any."""
    said = {output: each for output, each in told.items() if each}
    if len({*said.values()}) < 2:
        return next(iter(said.values()), "")
    return "; ".join(f"{output}: {each}" for output, each in said.items())
