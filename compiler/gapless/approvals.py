"""Who approved which meaning: the lines of an approvals file, and how each stands to a table today."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gapless.analysis.meaning import Meaning

HEAD = "# Who approved which meaning of a table; `gapless approve` writes it, `gapless check` holds it against the tables.\n"
SHORT = 12
"""So much of the digest of a part is kept: it tells parts apart, and vouches for nothing."""

_WORDS = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(
    rf"(\w+) by ({_WORDS}) note ({_WORDS}) means ([0-9a-f]{{64}}) \(([\w, ]+)\)", re.ASCII
)
_PART = re.compile(rf"(\w+)( formulas| rules)? ([0-9a-f]{{{SHORT}}})", re.ASCII)
INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved what a table decides.

    `inputs` and `outputs` are the beginnings of digests of its parts; `as_written` are outputs that
    are known by `formulas` or `rules` as they are written, each with that word.
    """

    table: str
    by: str
    note: str
    digest: str
    inputs: str
    outputs: tuple[tuple[str, str], ...]
    as_written: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(table: str, by: str, note: str, meaning: Meaning) -> Approval:
        outputs = tuple((each.name, each.digest[:SHORT]) for each in meaning.outputs)
        inputs = meaning.inputs[:SHORT]
        written = tuple((name, known_by.value) for name, known_by in meaning.as_written.items())
        return Approval(table, by, note, meaning.digest, inputs, outputs, written)

    def __str__(self) -> str:
        parts, words = [f"{INPUTS} {self.inputs}"], {name: [by] for name, by in self.as_written}
        for name, digest in self.outputs:
            parts.append(" ".join((name, *words.get(name, ()), digest)))
        by, note = _quoted(self.by), _quoted(self.note)
        return f"{self.table} by {by} note {note} means {self.digest} ({', '.join(parts)})"


def _quoted(text: str) -> str:
    """On one line, and all of it to be seen."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in plain)


def read(text: str) -> tuple[tuple[Approval, ...], tuple[str, ...]] | int:
    """The approvals of a file and its comments; or the number of the first line that says neither."""
    found: list[Approval] = []
    comments: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if line.startswith("#"):
            comments.append(line.rstrip())
            continue
        approval = _approval(line.rstrip())
        if approval is None:
            return number
        found.append(approval)
    return tuple(found), tuple(comments)


def _approval(line: str) -> Approval | None:
    told = _LINE.fullmatch(line)
    if told is None:
        return None
    parts = [_PART.fullmatch(each) for each in told[5].split(", ")]
    known = [each for each in parts if each is not None]
    if len(known) < len(parts) or known[0][1] != INPUTS:
        return None
    try:
        by, note = json.loads(told[2]), json.loads(told[3])
    except ValueError:
        return None
    outputs = tuple((each[1], each[3]) for each in known[1:])
    as_written = tuple((each[1], each[2].strip()) for each in known[1:] if each[2])
    return Approval(told[1], by, note, told[4], known[0][3], outputs, as_written)


def written(approvals: Iterable[Approval], comments: Iterable[str] = ()) -> str:
    """The file: a line for each, by table and by name."""
    lines = sorted(map(str, approvals))
    kept = [*comments] or [HEAD.rstrip("\n")]
    return "".join(f"{line}\n" for line in (*kept, *lines))


# ---------------------------------------------------------------- how they stand


@dataclass(frozen=True, slots=True)
class Standing:
    """An approval of a table of the policy at `path`, held against what that table decides now.

    `changed` says what has changed since; None where that is not known, as the table has errors or is gone.
    """

    policy: str
    path: str
    approval: Approval
    changed: tuple[str, ...] | None
    is_gone: bool = False

    @property
    def holds(self) -> bool | None:
        return None if self.changed is None else not self.changed

    @property
    def says(self) -> str:
        """The same in a line for readers."""
        by = f"approved by {self.approval.by}"
        if self.is_gone:
            return f"{by}, and there is no such table"
        if self.changed is None:
            return f"{by}, and not compared: it is not proved"
        if self.changed:
            return f"{by}, and changed since: {', '.join(self.changed)}"
        return f"{by} on this meaning{aside(self.approval.as_written)}: {self.approval.note}"


def aside(as_written: Iterable[tuple[str, str]]) -> str:
    """Which outputs are known by what is written, in brackets."""
    words: dict[str, list[str]] = {}
    for name, word in as_written:
        words.setdefault(word, []).append(name)
    told = (f"{', '.join(names)} by {word} as written" for word, names in sorted(words.items()))
    return f" ({'; '.join(told)})" if words else ""


def changed(approval: Approval, meaning: Meaning) -> tuple[str, ...]:
    """What has changed of a table that means this now."""
    return tuple(_changed(approval, meaning))


def _changed(approval: Approval, meaning: Meaning) -> Iterator[str]:
    if approval.digest == meaning.digest:
        return
    before: Mapping[str, str] = dict(approval.outputs)
    now = {each.name: each.digest[:SHORT] for each in meaning.outputs}
    parts = ["the inputs"] if approval.inputs != meaning.inputs[:SHORT] else []
    for name in sorted({*before, *now}):
        if name not in now:
            parts.append(f"{name} is gone")
        elif name not in before:
            parts.append(f"{name} is new")
        elif before[name] != now[name]:
            both = dict(approval.as_written).get(name) == meaning.as_written.get(name) == "rules"
            parts.append(f"the rules of {name}" if both else name)
    yield from parts or ["what it decides"]
