"""CSV is read as RFC 4180 has it or refused in the right line, wherever blocks of it are cut."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gapless.cli.apply import delimited
from gapless.cli.console import CannotRun

EXAMPLES = int(os.environ.get("GAPLESS_CSV_EXAMPLES", "100"))


@dataclass(frozen=True)
class Row:
    line: int
    text: bytes
    cells: tuple[bytes, ...]


@dataclass(frozen=True)
class Flaw:
    place: int
    line: int


def rows_of(data: bytes, delimiter: bytes) -> Iterator[Row | Flaw]:
    """All rows byte by byte, up to what no row of CSV has: slow, and nothing like the reader."""
    cells: list[bytes] = []
    cell, state, start, opened = b"", "begun", 0, 0
    place = 0

    def line(at: int) -> int:
        return data.count(b"\n", 0, at) + 1

    while place < len(data):
        byte = data[place : place + 1]
        ends = byte == b"\n" or data[place : place + 2] == b"\r\n" or data[place:] == b"\r"
        if state == "quoted":
            state = "closed" if byte == b'"' else state
            cell += b"" if byte == b'"' else byte
        elif byte == b'"' and state == "closed":
            state, cell = "quoted", cell + byte
        elif byte == b'"' and state == "begun":
            state, opened = "quoted", place
        elif byte == b'"' or (byte == b"\r" and not ends):
            yield Flaw(place, line(place))
            return
        elif byte == delimiter or ends:
            cells.append(cell)
            cell, state = b"", "begun"
            if ends:
                yield Row(line(start), data[start:place], tuple(cells))
                place += data.startswith(b"\r\n", place)
                cells, start = [], place + 1
        elif state == "closed":
            yield Flaw(place - 1, line(place - 1))
            return
        else:
            state, cell = "plain", cell + byte
        place += 1
    if state == "quoted":
        yield Flaw(len(data) + 1, line(opened))
    elif start < len(data):
        yield Row(line(start), data[start:], (*cells, cell))


@dataclass(frozen=True)
class Meant:
    """What a file means: its rows, and the line of its first flaw."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    flaw: int | None

    @property
    def ragged(self) -> tuple[tuple[int, int, int, str], ...]:
        return tuple(
            (number, row.line, len(row.cells), row.text.decode("utf-8", "replace"))
            for number, row in enumerate(self.rows, start=1)
            if len(row.cells) != len(self.names)
        )


def meant(data: bytes, delimiter: bytes) -> Meant:
    found = list(rows_of(data, delimiter))
    flaws = [each for each in found if isinstance(each, Flaw)]
    nul = data.find(b"\0")
    if nul >= 0:
        flaws.append(Flaw(nul, data.count(b"\n", 0, nul) + 1))
    try:
        data.decode()
    except UnicodeDecodeError as reason:
        flaws.append(Flaw(reason.start, data.count(b"\n", 0, reason.start) + 1))
    first = min(flaws, key=lambda each: each.place, default=None)
    rows = [each for each in found if isinstance(each, Row)]
    if first is not None:
        rows = [each for each in rows if each.line < first.line]
    if not rows:
        return Meant((), (), 1 if first is None else first.line)
    head, *rest = rows
    while len(head.cells) > 1 and rest and not rest[-1].text and first is None:
        rest.pop()
    if not head.text.strip():
        return Meant((), (), 1)
    names = tuple(each.decode("utf-8", "replace") for each in head.cells)
    return Meant(names, tuple(rest), None if first is None else first.line)


ALPHABET = [b"a", b"1", b" ", b",", b",", b",", b'"', b"\n", b"\n", b"\r\n", b"\r", "é".encode()]
STRAY = [b"\0", b"\xf6", b"\xef\xbb\xbf"]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Half of them regular but for a little, half of them whatever comes."""
    if draw(st.booleans()):
        return b"".join(draw(st.lists(st.sampled_from(ALPHABET + STRAY), max_size=30)))
    width = draw(st.integers(1, 3))
    cells = st.sampled_from(
        [b"", b"a", b"12", b'""', b'"a"', b'"a,b"', b'"a\nb"', b'"a""b"', b'""""', b'"\r"']
    )
    ends = draw(st.sampled_from([[b"\n"], [b"\r\n"], [b"\n", b"\r\n"]]))
    lines = [b",".join(draw(st.lists(cells, min_size=width, max_size=width))) for _ in range(9)]
    made = b"".join(each + draw(st.sampled_from(ends)) for each in lines)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(made)))
        made = made[:place] + draw(st.sampled_from([*ALPHABET, *STRAY, b""])) + made[place + 1 :]
    return made[: draw(st.integers(len(made) - 2, len(made)))]


def cells(reader: delimited.Reader) -> list[tuple[str, ...]]:
    rows = (row for batch in reader.batches() for row in batch.to_pylist())
    return [tuple(value or "" for value in row.values()) for row in rows]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.integers(1, 24), st.booleans())
@example(b"a,b\n1,2\n3,4,", 1000, False)
@example(b"a,b\n1,2\n\n\n", 9, False)
@example(b"a\n1\n\n\n", 3, False)
@example(b",\n\n\r\r\n", 1, False)
@example(b"a\n1\n\xef\xbb\xbf2\n", 4, False)
def test_rows_are_those_of_the_standard_or_the_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, block: int, leaves_out: bool
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(data)
    due = meant(data.removeprefix(b"\xef\xbb\xbf") if block >= 3 else data, b",")
    monkeypatch.setattr(delimited, "BLOCK", block)
    reader = None

    try:
        reader = delimited.Reader(str(path), ",", leaves_out, 2)
        found = cells(reader)
    except CannotRun as fault:
        line = int(str(fault).partition("in.csv:")[2].partition(":")[0])
        ragged = [] if leaves_out else [line for _, line, _, _ in due.ragged[:1]]
        assert line in [due.flaw, *ragged], str(fault)
        return
    finally:
        if reader is not None:
            reader.close()

    assert due.flaw is None
    assert reader.names == due.names
    assert [(each.row, each.line, each.cells, each.text) for each in reader.ragged] == [*due.ragged]
    assert leaves_out or not due.ragged
    expected = [row.cells for row in due.rows if len(row.cells) == len(due.names)]
    assert found == [tuple(cell.decode() for cell in row) for row in expected]


@given(st.lists(st.lists(st.text("ab,\"\n\r é;'", max_size=4), min_size=2, max_size=2), min_size=1))
def test_what_a_writer_of_the_standard_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["a", "b"], *rows])

    reader = delimited.Reader(str(path), ",", False, 1)
    found = cells(reader)
    reader.close()

    assert found == [tuple(row) for row in rows]
