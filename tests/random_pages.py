"""Random small files in the language itself, most of them sound: for laws on what a finding proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from gapless.model import Table, Value
from gapless_dsl.diagnostic import Edit
from gapless_dsl.source import Source


class Kind(NamedTuple):
    """A column's type as it is declared, and its values as they are written, in order."""

    declared: str
    words: tuple[str, ...]
    values: tuple[Value, ...]
    ordered: bool


LETTER = Kind("Letter", ("a", "b", "c"), ("a", "b", "c"), ordered=False)
KINDS = (
    LETTER,
    Kind("bool", ("no", "yes"), (False, True), ordered=False),
    Kind("int 0..4", ("0", "1", "2", "3", "4"), (0, 1, 2, 3, 4), ordered=True),
    Kind("optional Letter", ("a", "b", "c", "missing"), ("a", "b", "c", None), ordered=False),
)
TYPES = "type Letter = a | b | c\ntype Answer = p | q | r | s\n"
Part = tuple[frozenset[int], ...]


def random_page(random: Random) -> str:
    """A file with one table `t`, complete as a rule, which may call another, `k`."""
    kinds = [random.choice(KINDS) for _ in range(random.randint(1, 3))]
    inputs = "".join(f"  in  i{n} : {kind.declared}\n" for n, kind in enumerate(kinds))
    text = TYPES
    columns = [(f"i{n}", kind) for n, kind in enumerate(kinds)]
    let = ""
    if random.random() < 0.5:
        text += f"\ntable k\n{inputs}  out o : Letter\n\n"
        text += _grid(random, columns, ("a", "b", "c")[: random.randint(2, 3)], "unique")
        let = f"  let l  = k({', '.join(name for name, _ in columns)})\n"
        columns.append(("l", LETTER))
    policy = random.choice(("unique", "any", "first"))
    answers = ("p", "q", "r", "s")[: random.choice((2, 3, 3, 4))]
    text += f"\ntable t\n{inputs}{let}  out o : Answer\n\n"
    return text + _grid(random, columns, answers, policy)


def cases(table: Table) -> Iterator[dict[str, Value]]:
    """Every case of such a table."""
    found: list[dict[str, Value]] = [{}]
    for column in table.inputs:
        kind = next(k for k in KINDS if _is_of(column.type, k))
        found = [{**case, column.name: value} for case in found for value in kind.values]
    yield from found


def mended(source: Source, edits: Sequence[Edit]) -> Source:
    """The file with all edits carried out; a row that is deleted takes its line with it."""
    text = source.text
    for edit in sorted(edits, key=lambda each: each.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    lines = [line for line in text.split("\n") if line.strip() or not line]
    return Source(source.path, "\n".join(lines))


def _is_of(type: object, kind: Kind) -> bool:
    shown = str(type)
    optional = kind.declared.startswith("optional")
    if "OptionalType" in shown or optional:
        return "OptionalType" in shown and optional
    return shown.startswith(
        {"Letter": "EnumerationType", "bool": "BoolType", "int 0..4": "IntType"}[kind.declared]
    )


def _grid(
    random: Random, columns: Sequence[tuple[str, Kind]], answers: Sequence[str], policy: str
) -> str:
    whole = tuple(frozenset(range(len(kind.words))) for _, kind in columns)
    rows = [(part, random.choice(answers)) for part in _parts(random, whole, random.randint(1, 4))]
    if policy == "first":
        rows = [(_box(random, columns), random.choice(answers)) for _ in range(3)]
        rows.append((whole, random.choice(answers)))
    elif random.random() < 0.3:
        rows += [(_narrower(random, part), answer) for part, answer in random.sample(rows, 1)]
        rows += [(_wider(random, whole, part), answer) for part, answer in random.sample(rows, 1)]
        random.shuffle(rows)
    lines = [f"  | {policy} | {' | '.join(name for name, _ in columns)} || o || because |"]
    lines.append(f"  |---{'|---' * len(columns)}||---||---|")
    for number, (part, answer) in enumerate(rows):
        cells = (_cell(random, kind, atoms) for (_, kind), atoms in zip(columns, part, strict=True))
        is_impossible = random.random() < 0.06
        said = "impossible" if is_impossible else answer
        reason = "why" if is_impossible else random.choice(("", "", "as agreed"))
        lines.append(f"  | r{number} | {' | '.join(cells)} || {said} || {reason} |")
    return "\n".join(lines) + "\n"


def _parts(random: Random, part: Part, depth: int) -> list[Part]:
    """`part` cut in two, and its halves again."""
    wide = [axis for axis, atoms in enumerate(part) if len(atoms) > 1]
    if not wide or depth == 0:
        return [part]
    axis = random.choice(wide)
    atoms = sorted(part[axis])
    cut = random.randint(1, len(atoms) - 1)
    halves = (frozenset(atoms[:cut]), frozenset(atoms[cut:]))
    return [
        small
        for half in halves
        for small in _parts(random, (*part[:axis], half, *part[axis + 1 :]), depth - 1)
    ]


def _box(random: Random, columns: Sequence[tuple[str, Kind]]) -> Part:
    """A box of any place and size; what is ordered is not torn apart."""
    box = []
    for _, kind in columns:
        atoms = range(len(kind.words))
        low, high = sorted(random.choices(atoms, k=2))
        some = random.sample(atoms, random.randint(1, len(atoms)))
        part = range(low, high + 1) if kind.ordered else some
        box.append(frozenset(atoms if random.random() < 0.3 else part))
    return tuple(box)


def _wider(random: Random, whole: Part, part: Part) -> Part:
    return tuple(
        all_ if random.random() < 0.3 else atoms for all_, atoms in zip(whole, part, strict=True)
    )


def _narrower(random: Random, part: Part) -> Part:
    return tuple(
        frozenset(random.sample(sorted(atoms), random.randint(1, len(atoms)))) for atoms in part
    )


def _cell(random: Random, kind: Kind, atoms: frozenset[int]) -> str:
    chosen = sorted(atoms)
    if len(chosen) == len(kind.words):
        return "-"
    if kind.ordered and len(chosen) > 1 and chosen[-1] - chosen[0] == len(chosen) - 1:
        low = "" if chosen[0] == 0 and random.random() < 0.5 else kind.words[chosen[0]]
        top = len(kind.words) - 1
        high = "" if low and chosen[-1] == top and random.random() < 0.5 else kind.words[chosen[-1]]
        return f"{low}..{high}"
    if kind is LETTER and random.random() < 0.3:
        return f"not {', '.join(w for n, w in enumerate(kind.words) if n not in atoms)}"
    return ", ".join(kind.words[n] for n in chosen)
