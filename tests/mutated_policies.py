"""Random policies, and what becomes of them by one to five edits as people make them.

Cells, rows, members, bounds and days of versions are edited, in the text; what an edit makes may
well be wrong, and then nothing can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from gapless_dsl.source import Source
from tests.random_files import random_file
from tests.random_policies import random_policy

_ROW = re.compile(r"^  \|(?!-).*\|$")
_NUMBER = re.compile(r"(?<![\w.:\"-])-?\d+(?:\.\d+)?(?![\w:*]|-\d|\.\d)")
_DAY = re.compile(r"\b(\d{4}-\d\d-)(\d\d)\b")


class Mutated(NamedTuple):
    """A policy before and after, and how often it was edited."""

    old: list[Source]
    new: list[Source]
    edits: int


def mutated(seed: int, most: int = 5) -> Mutated:
    """The pair that a seed names."""
    chance = Random(f"mutated {seed}")
    if chance.random() < 0.7:
        old = random_policy(seed)
    else:
        old = [Source("p.dtable", random_file(Random(f"file {seed}")))]
    new, edits = [*old], 0
    for _ in range(chance.randint(1, most)):
        for _ in range(20):
            place = chance.randrange(len(new))
            text = chance.choice(EDITS)(chance, new[place].text)
            if text is not None and text != new[place].text:
                new[place] = Source(new[place].path, text)
                edits += 1
                break
    return Mutated(old, new, edits)


def with_one_cell(seed: int) -> Mutated:
    """One cell is edited, and nothing else."""
    chance = Random(f"one cell {seed}")
    old = random_policy(seed)
    place = chance.randrange(len(old))
    for _ in range(20):
        text = cell(chance, old[place].text)
        if text is not None and text != old[place].text:
            new = [*old]
            new[place] = Source(old[place].path, text)
            return Mutated(old, new, 1)
    return Mutated(old, old, 0)


def _grids(lines: Sequence[str]) -> list[list[int]]:
    """The lines of each grid, its heads first."""
    found: list[list[int]] = []
    for number, line in enumerate(lines):
        if _ROW.match(line):
            if found and found[-1][-1] >= number - 2:
                found[-1].append(number)
            else:
                found.append([number])
    return [grid for grid in found if len(grid) > 1]


def _cells(line: str) -> list[str]:
    """The cells of a row, split where no quotes are; joined by `|` they are the row again."""
    return re.findall(r'(?:"(?:[^"\\]|\\.)*"|\\.|[^|"])*(?:\||$)', line)


def cell(chance: Random, text: str) -> str | None:
    """A cell becomes what another row says there, a number next to it, or anything."""
    lines = text.split("\n")
    grids = _grids(lines)
    if not grids:
        return None
    grid = chance.choice(grids)
    number = chance.choice(grid[1:])
    cells = _cells(lines[number])
    place = chance.randrange(2, len(cells)) if len(cells) > 2 else 0
    others = [_cells(lines[each]) for each in grid[1:] if each != number]
    said = [each[place] for each in others if len(each) == len(cells)]
    way = chance.random()
    if way < 0.5 and said:
        cells[place] = chance.choice(said)
    elif way < 0.9:
        cells[place] = _other_number(chance, cells[place]) or cells[place]
    elif cells[place].strip(" |"):
        cells[place] = " - |"
    lines[number] = "".join(cells)
    return "\n".join(lines)


def _other_number(chance: Random, text: str) -> str | None:
    found = [*_NUMBER.finditer(text)]
    if found:
        match = chance.choice(found)
        whole = match[0].partition(".")[0]
        other = str(int(whole) + chance.choice((-1, 1, 1, 2, 10)))
        return text[: match.start()] + other + match[0][len(whole) :] + text[match.end() :]
    days = [*_DAY.finditer(text)]
    if days:
        match = chance.choice(days)
        return text[: match.start(2)] + f"{chance.randint(1, 28):02}" + text[match.end(2) :]
    return None


def row(chance: Random, text: str) -> str | None:
    """A row goes, comes twice, or changes places with another."""
    lines = text.split("\n")
    grids = [grid for grid in _grids(lines) if len(grid) > 2]
    if not grids:
        return None
    grid = chance.choice(grids)
    number = chance.choice(grid[1:])
    way = chance.random()
    if way < 0.4:
        del lines[number]
    elif way < 0.7:
        other = chance.choice(grid[1:])
        lines[number], lines[other] = lines[other], lines[number]
    else:
        cells = _cells(lines[number])
        if len(cells) < 2:
            return None
        cells[1] = f" again{chance.randint(0, 99)} |"
        lines.insert(number + 1, "".join(cells))
    return "\n".join(lines)


def member(chance: Random, text: str) -> str | None:
    """A closed list gets a member, or loses one."""
    lines = text.split("\n")
    those = [n for n, line in enumerate(lines) if re.match(r"type \w+ = .* [|<] ", line)]
    if not those:
        return None
    number = chance.choice(those)
    sign = " < " if "= ordered " in lines[number] else " | "
    head, _, rest = lines[number].partition(" = ")
    members = rest.split(sign)
    if chance.random() < 0.5 and len(members) > 2:
        del members[chance.randrange(1, len(members))]
    else:
        members.append(f"more{chance.randint(0, 9)}")
    lines[number] = f"{head} = {sign.join(members)}"
    return "\n".join(lines)


def bound(chance: Random, text: str) -> str | None:
    """A bound of a column or a type is another one, or none."""
    lines = text.split("\n")
    those = [
        n
        for n, line in enumerate(lines)
        if re.match(r"(?:  (?:in|out) |type )", line) and re.search(r"\d\.\.|\.\.-?\d", line)
    ]
    if not those:
        return None
    number = chance.choice(those)
    if chance.random() < 0.2:
        lines[number] = re.sub(r"\.\.-?[\d_.]+", "..", lines[number], count=1)
    else:
        lines[number] = _other_number(chance, lines[number]) or lines[number]
    return "\n".join(lines)


def version(chance: Random, text: str) -> str | None:
    """The days on which a version is in force are others."""
    lines = text.split("\n")
    those = [n for n, line in enumerate(lines) if re.match(r"table \w+ effective ", line)]
    if not those:
        return None
    days = [*dict.fromkeys(match[0] for n in those for match in _DAY.finditer(lines[n]))]
    if not days:
        return None
    day = chance.choice(days)
    other = f"{day[:8]}{chance.randint(2, 27):02}"
    return text.replace(day, other)


def optional(chance: Random, text: str) -> str | None:
    """A column may be missing."""
    lines = text.split("\n")
    those = [n for n, line in enumerate(lines) if re.match(r"  in .* : (?!optional|set)", line)]
    if not those:
        return None
    number = chance.choice(those)
    lines[number] = lines[number].replace(" : ", " : optional ", 1)
    return "\n".join(lines)


EDITS: tuple[Callable[[Random, str], str | None], ...] = (
    *(cell,) * 6,
    *(row,) * 3,
    member,
    bound,
    version,
    optional,
)
