"""Random small files in the language in which all kinds of columns, rows and calls meet: for laws on findings.

Every column has few values, so that each table can be asked about all of its cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

TYPES = """\
type Kind  = a | b | c
type Level = ordered low < mid < high
"""
COLUMNS = {
    "kind": "Kind",
    "other": "Kind",
    "flag": "bool",
    "n": "int 0..3",
    "m": "int 0..3",
    "price": "decimal(1) 0..0.3",
    "day": "date 2024-02-28..2024-03-02",
    "due": "date 2024-02-26..2024-03-10",
    "pain": "Level",
    "ok": "optional Kind",
    "on": "optional int 0..2",
    "word": "text",
    "any": "int",
}
"""A name has one type in all tables, so that calls and what is declared impossible fit."""

VALUES = {
    "Kind": ("a", "b", "c"),
    "Level": ("low", "mid", "high"),
    "bool": ("yes", "no"),
    "int": ("0", "1", "2", "3"),
    "decimal": ("0", "0.1", "0.2", "0.3"),
    "date": ("2024-02-28", "2024-02-29", "2024-03-01"),
    "text": ("x", "y"),
}
OUTPUTS = ("Kind", "bool", "int 0..9", "Level", "optional Kind")
ORDERED = ("int", "decimal", "date", "Level")
PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Kind": (("a", "not a"), ("a, b", "c"), ("a", "b", "c")),
    "Level": (("low", "> low"), ("<= mid", "high")),
    "bool": (("yes", "no"),),
    "int": (("..1", "2.."), ("0", "1..2", "> 2"), ("0, 3", "1, 2")),
    "decimal": (("< 0.2", ">= 0.2"), ("..0.1", "0.2.."), ("0", "> 0")),
    "date": (("..2024-02-29", "2024-03-01.."), ("< 2024-02-29", ">= 2024-02-29")),
    "text": (("x", "not x"), ("x, y", "not x, y")),
}
"""Cells of which every value passes just one."""


class Table(NamedTuple):
    """What others need to know to ask it."""

    name: str
    inputs: tuple[str, ...]
    output: str


def bare(type: str) -> str:
    """`int` of `optional int 0..2`."""
    return type.removeprefix("optional ").split("(")[0].split(" ")[0]


def random_file(random: Random) -> str:
    """A file of one to three tables, each of which may ask those before it, and perhaps a decision.

    A third of them are tidy: their rows divide the cases, and all is there for a decision.
    """
    tidy = random.random() < 0.35
    blocks = [TYPES]
    tables: list[Table] = []
    if not tidy and random.random() < 0.3:
        blocks.append(_impossible(random))
    for number in range(random.randint(1, 3)):
        text, table = _table(random, f"t{number}", tables, tidy=tidy)
        blocks.append(text)
        tables.append(table)
    if tidy or random.random() < 0.3:
        blocks.append(_decision(random, tables))
    return "\n".join(blocks)


def _impossible(random: Random) -> str:
    names = random.sample(sorted(COLUMNS), random.randint(1, 2))
    lines = "".join(f"  {name} = {_cell(random, COLUMNS[name])}\n" for name in names)
    return f"impossible never\n{lines}  because it is so\n"


def _inputs(random: Random, tables: Sequence[Table]) -> dict[str, str]:
    known = sorted({name for table in tables for name in table.inputs}) or sorted(COLUMNS)
    count = random.choice((0, 1, 2, 2, 2, 3, 3)) if tables else random.choice((0, 1, 2, 2, 3, 3))
    found = [
        random.choice(known if random.random() < 0.6 else sorted(COLUMNS)) for _ in range(count)
    ]
    if random.random() < 0.15:
        found = ["day", "due", *found[:1]]
    return {name: COLUMNS[name] for name in found}


def _lets(random: Random, columns: dict[str, str], tables: Sequence[Table]) -> Iterator[str]:
    """Lines of computed columns, which are added to `columns`."""
    for number in range(random.choice((0, 1, 1, 2)) if tables else 0):
        table = random.choice(tables)
        guard, optional = "", ""
        if columns and random.random() < 0.3:
            name = random.choice([*columns])
            guard, optional = f" when {name} = {_cell(random, columns[name])}", "optional "
        yield f"  let s{number} = {_call(random, table, columns)}{guard}"
        columns[f"s{number}"] = optional + table.output.removeprefix(optional)
    for number in range(random.choice((0, 0, 1, 2))):
        made = _worked_out(random, columns)
        if made:
            yield f"  let w{number} = {made[0]}"
            columns[f"w{number}"] = made[1]


def _worked_out(random: Random, columns: dict[str, str]) -> tuple[str, str] | None:
    whole = [name for name, type in columns.items() if type.startswith("int")]
    days = [name for name, type in columns.items() if type.startswith("date")]
    if len(days) > 1 and random.random() < 0.7:
        unit = random.choice(("days", "weeks", "months", "years"))
        return f"{unit} between {' and '.join(random.sample(days, 2))}", "int"
    if days and random.random() < 0.4:
        return f"{random.choice(days)} + {random.choice(('1', '3'))} days", "date"
    if whole:
        one = random.choice(whole)
        other = random.choice([*(each for each in whole if each != one), "1"])
        form = random.choice(("{} + {}", "{} - {}", "{} * {}", "max({}, {})"))
        return form.format(one, other), "int"
    return None


def _call(random: Random, table: Table, columns: dict[str, str]) -> str:
    given = []
    for name in table.inputs:
        wanted = COLUMNS[name]
        fitting = [each for each, type in columns.items() if type == wanted]
        constant = random.choice(VALUES[bare(wanted)])
        given.append(
            random.choice([name, *fitting])
            if name in columns and columns[name] == wanted
            else random.choice(fitting or [f'"{constant}"' if wanted == "text" else constant])
        )
    return f"{table.name}({', '.join(given)})"


def _cell(random: Random, type: str, others: Sequence[str] = ()) -> str:
    """A cell for a column; `others` are the names of those that it may be compared with."""
    values = VALUES[bare(type)]
    if type.startswith("optional") and random.random() < 0.4:
        return random.choice(("missing", "present", f"missing, {values[0]}"))
    if others and random.random() < 0.25:
        return f"{random.choice(('<', '<=', '>', '>=', '=', '!='))} {random.choice(others)}"
    one, two = sorted(random.sample(range(len(values)), 2))
    forms = [values[one], f"{values[one]}, {values[two]}"]
    forms += [] if type.startswith("optional") else [f"not {values[one]}"]
    if bare(type) in ORDERED:
        ranges = (f"{values[one]}..{values[two]}", f"..{values[one]}", f"{values[two]}..")
        forms += [*ranges, f"{random.choice(('<=', '>'))} {values[one]}"]
    return random.choice(forms)


Row = dict[str, str]


def _parted(random: Random, columns: dict[str, str], depth: int) -> list[Row]:
    """Rows between which the cases are divided: one applies to each."""
    if not columns or depth == 0 or random.random() < 0.15:
        return [{}]
    name = random.choice([*columns])
    rest = {each: type for each, type in columns.items() if each != name}
    parts = random.choice(PARTS[bare(columns[name])])
    if columns[name].startswith("optional"):
        parts = ("present", "missing")
    alike = [each for each in rest if _alike(columns[each], columns[name])]
    if alike and random.random() < 0.2:
        signs = random.choice((("<", ">="), ("=", "!=")))
        parts = tuple(f"{sign} {alike[0]}" for sign in signs)
    return [{name: part, **row} for part in parts for row in _parted(random, rest, depth - 1)]


def _alike(one: str, other: str) -> bool:
    """Whether two columns may be compared."""
    return bare(one) == bare(other) and bare(one) in ORDERED


def _table(random: Random, name: str, tables: Sequence[Table], *, tidy: bool) -> tuple[str, Table]:
    """A table, or two versions of one."""
    tables = [each for each in tables if each.output]
    inputs = _inputs(random, tables)
    policy = random.choice(
        ("unique",) * 8 + ("first",) * 6 + ("any", "any", "priority")
        + ("collect sum", "collect", "rule order")
    )  # fmt: skip
    output = random.choice(OUTPUTS)
    if policy == "priority":
        output = random.choice(("Kind", "Level"))
    if policy == "collect sum":
        output = random.choice(("int 0..40", "int 0..5"))
    names = [name]
    if "day" in inputs and random.random() < 0.3:
        names = [f"{name} effective {days} by day" for days in ("..2024-02-29", "2024-03-01..")]
    texts = [_version(random, each, inputs, policy, output, tables, tidy=tidy) for each in names]
    lists = policy in ("collect", "rule order")
    return "\n".join(texts), Table(name, tuple(inputs), "" if lists else output)


def _version(
    random: Random,
    name: str,
    inputs: dict[str, str],
    policy: str,
    output: str,
    tables: Sequence[Table],
    *,
    tidy: bool,
) -> str:
    columns = dict(inputs)
    lets = [] if tidy and random.random() < 0.7 else [*_lets(random, columns, tables)]
    alone = policy not in ("unique", "first", "any")
    answers = _answers(random, output, columns, tables, plain=alone)
    type = output
    if policy in ("collect", "rule order"):
        type = f"list of {output.removeprefix('optional ')}"
    lines = [
        f"table {name}",
        *(f"  in {each} : {kind}" for each, kind in inputs.items()),
        *lets,
        f"  out o : {type}",
        "",
        f"  | {policy} |{''.join(f' {each} |' for each in columns)}| o || because |",
        *_rows(random, policy, columns, answers, tidy=tidy),
        "",
    ]
    return "\n".join(lines)


def _answers(
    random: Random, output: str, columns: dict[str, str], tables: Sequence[Table], *, plain: bool
) -> list[str]:
    found = [random.choice(VALUES[bare(output)]) for _ in range(random.choice((1, 2, 3)))]
    if plain:
        return found
    found += [name for name, type in columns.items() if type == output][:1]
    if output.startswith("int") and random.random() < 0.5:
        whole = [name for name, type in columns.items() if type.startswith("int")]
        found += [f"{random.choice(whole)} + {random.choice(whole)}"] if whole else []
    for table in tables:
        if table.output == output and random.random() < 0.5:
            found.append(_call(random, table, columns))
    return found


def _rows(
    random: Random, policy: str, columns: dict[str, str], answers: Sequence[str], *, tidy: bool
) -> Iterator[str]:
    rows = _parted(random, columns, random.choice((1, 2, 2, 3)))
    if policy == "first" and random.random() < 0.5:
        drawn = (random.sample([*columns], min(2, len(columns))) for _ in range(3))
        rows = [{each: _cell(random, columns[each]) for each in names} for names in drawn] + [{}]
    if not tidy and random.random() < 0.15:
        rows.pop(random.randrange(len(rows)))
    for _ in range(random.choice((0, 0, 0, 0, 1, 2)) if columns and not tidy else 0):
        names = random.sample([*columns], random.randint(1, min(2, len(columns))))
        row = {each: _cell(random, columns[each], _others(each, columns)) for each in names}
        rows.insert(random.randrange(len(rows) + 1), row)
    for number, row in enumerate(rows):
        name, answer = f"r{number}", random.choice(answers)
        if random.random() < (0.02 if tidy else 0.06):
            answer = random.choice(("impossible", "impossible", "draft"))
        elif policy in ("unique", "any") and number and not tidy and random.random() < 0.08:
            name += f" over r{random.randrange(number)}"
        cells = "".join(f" {row.get(each, '-')} |" for each in columns)
        because = random.choice(("as agreed", "")) if answer not in ("impossible",) else "so it is"
        yield f"  | {name} |{cells}| {answer} || {'so it is' if ' over ' in name else because} |"
    if not tidy and random.random() < 0.2:
        yield f"  | otherwise || {random.choice(answers)} || what is left |"


def _others(name: str, columns: dict[str, str]) -> list[str]:
    return [each for each in columns if each != name and _alike(columns[each], columns[name])]


def _decision(random: Random, tables: Sequence[Table]) -> str:
    asked = [table for table in tables if table.output]
    names = {name for table in asked for name in table.inputs if random.random() < 0.8}
    columns = {name: COLUMNS[name] for name in sorted(names)}
    inputs = [f"  in {name} : {type}" for name, type in columns.items()]
    lets = [*_lets(random, columns, asked)] if asked else []
    outs = [f"  out {each.split()[1]}" for each in lets][:2] or ["  out o : Kind = a"]
    return "\n".join(["decision d", *inputs, *lets, *outs, ""])
