"""CSV held to its own header: cells are counted before Arrow reads a row, so that none can shift.

A quoted cell begins and ends with its quotes and doubles those inside (RFC 4180, section 2); lines
end with LF or CRLF. Readers differ in what they make of anything else, so it is refused.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from gapless.cli.apply import arrow
from gapless.cli.apply.job import Ragged
from gapless.cli.console import CannotRun

BLOCK = 1 << 22
"""Bytes that are looked at in one go: many rows, and little enough for some to wait in memory."""

LONGEST = 1 << 24
"""Bytes that a row may have for certain; a quote that is never closed shall not bring in the whole file."""

SHOWN = 100
"""Characters of a line that a message shows."""

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
DOUBLED = "a cell with a quote in it is written in quotes, and that quote twice"

Raw = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong at which place of a block, in which of its lines, and in which its cell begins.

    Lines are counted from 0.
    """

    place: int
    line: int
    said: str
    text: bytes
    help: str
    since: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a block holds; rows and lines of what is ragged are counted from the block's first."""

    batch: arrow.Batch
    lines: int
    rows: int
    ragged: tuple[Ragged, ...]


class Reader:
    """The rows of one file, as batches of text in columns called by their places.

    `ragged` are rows that were left out, in their order, for whoever writes them to take away; without
    `leaves_out`, the first ends the reading. What ends it is kept in `fault`: engines between retell it.
    """

    def __init__(self, path: str, delimiter: str, leaves_out: bool, threads: int | None) -> None:
        self._path, self._delimiter, self._leaves_out = path, delimiter, leaves_out
        self._threads = threads or os.cpu_count() or 1
        self.ragged: deque[Ragged] = deque()
        self.fault: BaseException | None = None
        self._file = open(path, "rb")  # noqa: SIM115  # closed by `close`
        self._rows = self._lines = 0
        try:
            self._held = self._file.read(BLOCK).removeprefix(arrow.MARK)
            self.names = self._header()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._file.close()

    def _header(self) -> tuple[str, ...]:
        while not (end := _first_end(self._held)) and len(self._held) <= LONGEST:
            if not (more := self._file.read(BLOCK)):
                break
            self._held += more
        if not end and (len(self._held) > LONGEST or self._held.count(b'"') % 2):
            self._refuse(_flaw(self._held, self._delimiter) or _endless(self._held))
        head = self._held[:end] if end else self._held + b"\n"
        self._held = self._held[end:] if end else b""
        if not head.strip():
            raise CannotRun(
                f"{self._path}:1: the first line is empty, and it must name the columns"
            )
        found = _flaw(head, self._delimiter)
        if found is not None:
            self._refuse(found)
        if head[:4].lower() == b"sep=":
            raise CannotRun(
                f"{self._path}:1: `{_shown(head)}` is a note for Excel, and the first line must name "
                "the columns: delete it, and say --delimiter"
            )
        self._lines = head.count(b"\n")
        width = len(_separators(head, self._delimiter))
        (names,) = arrow.cells(head, self._delimiter, width).to_pylist()
        return tuple(name or "" for name in names.values())

    def batches(self) -> Iterator[arrow.Batch]:
        """All rows, in order; to be read once."""
        try:
            with ThreadPoolExecutor(self._threads) as pool:
                waiting: deque[Future[_Piece | _Fault]] = deque()
                for block in self._blocks():
                    waiting.append(pool.submit(self._piece, block))
                    if len(waiting) > self._threads:
                        yield self._placed(waiting.popleft().result())
                while waiting:
                    yield self._placed(waiting.popleft().result())
        except GeneratorExit:
            raise
        except OSError as reason:
            said = reason.strerror or str(reason)
            self.fault = CannotRun(f"cannot read {self._path}: {said}")
            raise self.fault from None
        except BaseException as fault:
            self.fault = fault
            raise

    def _blocks(self) -> Iterator[bytes]:
        """The file in pieces that end where a row does, if it is one that ends."""
        held, self._held = self._held, b""
        while more := self._file.read(BLOCK):
            end = self._filled(held, _last_end(held))
            if not end and len(held) > LONGEST:
                break
            if end:
                yield held[:end]
            held = held[end:] + more
        else:
            held += b"" if held.endswith(b"\n") or not held else b"\n"
            held = held[: self._filled(held, len(held))]
        if held:
            yield held

    def _filled(self, held: bytes, end: int) -> int:
        """Where the last row ends that is not an empty line: those at the end of a file are no rows.

        If there is one column, an empty line is a row whose cell is missing.
        """
        if len(self.names) == 1:
            return end
        filled = len(held[:end].rstrip(b"\r\n"))
        below = held[filled:end]
        if below.count(b"\r") != below.count(b"\r\n"):
            return end  # and a lone CR is told
        return filled + below.find(b"\n") + 1 if filled else 0

    def _piece(self, block: bytes) -> _Piece | _Fault:
        found = _flaw(block, self._delimiter)
        if found is not None:
            return found
        if _last_end(block) < len(block):
            return _endless(block)
        width = len(self.names)
        separators = _separators(block, self._delimiter)
        rows = separators.count(b"\n")
        lines = block.count(b"\n") if b'"' in block else rows
        ragged: tuple[Ragged, ...] = ()
        if separators != (self._delimiter.encode() * (width - 1) + b"\n") * rows:
            block, ragged = _parted(block, self._delimiter, width)
        batch = arrow.cells(block, self._delimiter, width)
        assert batch.num_rows == rows - len(ragged), "Arrow reads as many rows as were counted"
        return _Piece(batch, lines, rows, ragged)

    def _placed(self, piece: _Piece | _Fault) -> arrow.Batch:
        """The rows of a piece; its ragged ones get their places in the file."""
        if isinstance(piece, _Fault):
            self._refuse(piece)
        width = len(self.names)
        if piece.ragged and not self._leaves_out:
            first = piece.ragged[0]
            help = f"{self._mending(first)}; or say --reject-ragged: such lines are rejected rows"
            self._refuse(_Fault(0, first.line, first.told(width), first.text.encode(), help))
        for each in piece.ragged:
            place = (each.row + self._rows, each.line + self._lines + 1)
            self.ragged.append(Ragged(*place, each.cells, each.text))
        self._lines += piece.lines
        self._rows += piece.rows
        return piece.batch

    def _mending(self, ragged: Ragged) -> str:
        parting = DELIMITERS.get(self._delimiter, f"`{self._delimiter}`")
        if not ragged.text:
            return "delete the line"
        if ragged.cells > len(self.names):
            return f"write a cell that holds {parting} in quotes"
        return f"write {parting} for every cell, even if it is empty"

    def _refuse(self, fault: _Fault) -> NoReturn:
        line = self._lines + fault.line + 1
        since = ""
        if fault.since is not None:
            since = f" (the cell begins in line {self._lines + fault.since + 1})"
        lines = [f"{self._path}:{line}: {fault.said}{since}", _shown(fault.text), fault.help]
        raise CannotRun("\n  ".join(each for each in lines if each))


def _first_end(data: bytes) -> int:
    """Where the first row ends, or 0: at the first line's end with an even number of quotes before."""
    begin = odd = 0
    while end := data.find(b"\n", begin) + 1:
        odd ^= data.count(b'"', begin, end) & 1
        if not odd:
            return end
        begin = end
    return 0


def _last_end(data: bytes) -> int:
    """Where the last whole row ends, or 0."""
    end = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, end) & 1
    while odd and end:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        odd ^= data.count(b'"', begin, end) & 1
        end = begin
    return end


def _separators(block: bytes, delimiter: str) -> bytes:
    """What parts cells and rows, one after the other, and nothing else."""
    parting = delimiter.encode() + b"\n"
    if b'"' not in block:
        return block.translate(None, _others(parting))
    kept = np.frombuffer(block.translate(None, _others(parting + b'"')), np.uint8)
    quotes = kept == ord('"')
    parted: Raw = kept[~quotes & ~_inside(quotes)]
    return parted.tobytes()


def _others(kept: bytes) -> bytes:
    return bytes(set(range(256)) - set(kept))


def _inside(quotes: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Where a quote has opened and not closed; sums of bytes wrap at 256, which is even."""
    return (np.cumsum(quotes, dtype=np.uint8) & 1).astype(np.bool_)


def _parted(block: bytes, delimiter: str, width: int) -> tuple[bytes, tuple[Ragged, ...]]:
    """The regular rows alone, and those with other numbers of cells."""
    raw = np.frombuffer(block, np.uint8)
    parts = (raw == ord(delimiter)) | (raw == ord("\n"))
    places = np.flatnonzero(parts & ~_inside(raw == ord('"')))
    last = np.flatnonzero(raw[places] == ord("\n"))
    cells = np.diff(last, prepend=-1)
    ends = places[last] + 1
    regular: list[bytes] = []
    ragged: list[Ragged] = []
    line = counted = begin = 0
    for row in np.flatnonzero(cells != width).tolist():
        start, end = int(ends[row - 1]) if row else 0, int(ends[row])
        line += block.count(b"\n", counted, start)
        text = block[start:end].removesuffix(b"\n").removesuffix(b"\r").decode()
        ragged.append(Ragged(row + 1, line, int(cells[row]), text))
        regular.append(block[begin:start])
        begin, counted = end, start
    regular.append(block[begin:])
    return b"".join(regular), tuple(ragged)


def _flaw(block: bytes, delimiter: str) -> _Fault | None:
    """What first makes a block something else than CSV in UTF-8, if anything does."""
    return min(_flaws(block, delimiter), key=lambda each: each.place, default=None)


def _flaws(block: bytes, delimiter: str) -> Iterator[_Fault]:
    """The first flaw of each kind. Whether a place is in quotes is known up to the first stray quote."""
    nul = block.find(b"\0")
    if nul >= 0:
        said = "a NUL byte, which no text has"
        yield _at(block, nul, said, "if the file is UTF-16, save it as UTF-8")
    if not block.isascii():
        try:
            block.decode()
        except UnicodeDecodeError as reason:
            place = reason.start
            letter = block[place : place + 1].decode("cp1252", "replace")
            is_letter = letter.isprintable() and letter != "\ufffd"
            meant = f" (`{letter}` in Windows-1252)" if is_letter else ""
            said = f"byte 0x{block[place]:02X}{meant} is not UTF-8"
            help = (
                "save the file as UTF-8 (in Excel: CSV UTF-8), or convert it: iconv -f WINDOWS-1252"
            )
            yield _at(block, place, said, f"{help} -t UTF-8")
    raw = np.frombuffer(block, np.uint8)
    if b'"' in block:
        yield from _stray(block, raw, delimiter)
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        lone = (raw == ord("\r")) & (np.append(raw[1:], 0) != ord("\n"))
        lone &= ~_inside(raw == ord('"'))
        if lone.any():
            said = "a carriage return (CR) that ends no line"
            help = "let every line end with LF or CRLF, and write a cell that holds a CR in quotes"
            yield _at(block, int(lone.argmax()), said, help)


def _stray(block: bytes, raw: Raw, delimiter: str) -> Iterator[_Fault]:
    """The first quote that neither opens nor closes a cell, nor is one of two.

    Up to there they open and close in turns: the first of two closes, the second opens again.
    """
    quotes = np.flatnonzero(raw == ord('"'))
    opening, closing = quotes[::2], quotes[1::2]
    around = np.zeros(256, np.bool_)
    around[[*delimiter.encode(), *b'\n"']] = True
    before = around[raw[opening - 1]] | (opening == 0)
    around[ord("\r")] = True
    after = around[raw[np.minimum(closing + 1, len(raw) - 1)]]
    first = _first_not(before, opening, len(raw))
    second = _first_not(after, closing, len(raw))
    if first < second:
        yield _at(block, first, "a quote inside a cell that does not begin with one", DOUBLED)
    elif second < first:
        begun = _begun(quotes, int(np.searchsorted(quotes, second)) - 1)
        yield _at(block, second, "a quote ends a cell, and the cell goes on", DOUBLED, begun)


def _first_not(holds: npt.NDArray[np.bool_], places: Places, otherwise: int) -> int:
    return otherwise if holds.all() else int(places[holds.argmin()])


def _begun(quotes: Places, opening: int) -> int:
    """Where the cell begins in which the quote of that number opens for the first or a further time."""
    while opening and quotes[opening - 1] == quotes[opening] - 1:
        opening -= 2
    return int(quotes[opening])


def _endless(block: bytes) -> _Fault:
    """Why what a block begins with has no end: quotes that are all right, save that one is not closed."""
    quotes = np.flatnonzero(np.frombuffer(block, np.uint8) == ord('"'))
    long = f"{LONGEST >> 20} MiB"
    if len(quotes) % 2 == 0:
        return _at(block, 0, f"a line of more than {long}", "no row may be longer than that")
    never = f"for {long}" if len(block) > LONGEST else "to the end of the file"
    return _at(
        block,
        _begun(quotes, len(quotes) - 1),
        f"a quote opens a cell and is not closed {never}",
        DOUBLED,
    )


def _at(block: bytes, place: int, said: str, help: str, begun: int | None = None) -> _Fault:
    """A fault, with the line around it as far as a message shows it."""
    start = max(block.rfind(b"\n", 0, place) + 1, place - SHOWN)
    end = block.find(b"\n", place, place + 4 * SHOWN)
    text = block[start : end if end >= 0 else place + 4 * SHOWN]
    line = block.count(b"\n", 0, place)
    since = None if begun is None else block.count(b"\n", 0, begun)
    return _Fault(place, line, said, text, help, None if since == line else since)


def _shown(line: bytes) -> str:
    """A line as a terminal can show it, cut where it is long."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
    cut = text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in cut
    )
