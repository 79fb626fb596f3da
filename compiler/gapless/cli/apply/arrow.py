"""Arrow's part: what a file holds before it is read, and the writers of answers and of refused rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
from pyarrow import csv

from gapless.cli.apply.job import REASON, ROW, Format, Job, Ragged
from gapless.cli.apply.query import Query
from gapless.cli.console import CannotRun

ArrowError = pa.ArrowException
Batch = pa.RecordBatch

LONGEST = 38
"""So many figures has a decimal of DuckDB."""

GROUP = 122_880
"""Rows that are written together: a row group of Parquet, as DuckDB has them."""


def parquet_shape(path: str) -> tuple[tuple[str, ...], int]:
    """The columns of a Parquet file, and how many rows it has."""
    with pq.ParquetFile(path) as file:
        _hold_to_duckdb(path, file.schema_arrow)
        return tuple(file.schema_arrow.names), file.metadata.num_rows


_DECIMAL = re.compile(r"decimal\d+\((\d+), (-?\d+)\)")


def _hold_to_duckdb(path: str, schema: pa.Schema) -> None:
    """Refuse decimals that DuckDB does not have, in any column: it would pass some on as doubles."""
    for field in schema:
        for figures, scale in _DECIMAL.findall(str(field.type)):
            if int(scale) < 0:
                why = "decimals of a negative scale: write it with the scale 0, which loses nothing"
            elif int(figures) > LONGEST:
                why = f"decimals of more than {LONGEST} figures: write it with fewer, or as text"
            else:
                continue
            raise CannotRun(
                f"{path} cannot be read: `{field.name}` is {field.type}, and DuckDB has no {why}"
            )


def ipc_reader(path: str) -> tuple[tuple[str, ...], int | None, pa.RecordBatchReader]:
    """The columns of an Arrow file, about how many rows it has, and its batches under other names.

    Columns are called by their places, `column 0`, since names may be anything.
    """
    held = pa.memory_map(path)
    is_file = held.read(6) == b"ARROW1"
    held.seek(0)
    opened = pa.ipc.open_file(held) if is_file else pa.ipc.open_stream(held)
    names = tuple(opened.schema.names)
    _hold_to_duckdb(path, opened.schema)
    numbered = pa.schema(
        [field.with_name(f"column {place}") for place, field in enumerate(opened.schema)]
    )
    count = opened.num_record_batches if is_file else 0
    batches = (opened.get_batch(n) for n in range(count)) if is_file else opened
    renamed = (pa.RecordBatch.from_arrays(batch.columns, schema=numbered) for batch in batches)
    rows = count * opened.get_batch(0).num_rows if count else None
    return names, rows, pa.RecordBatchReader.from_batches(numbered, renamed)


MARK = b"\xef\xbb\xbf"
"""What some editors put in front of a text in UTF-8."""


def cells(lines: bytes, delimiter: str, width: int) -> pa.RecordBatch:
    """The cells of lines of CSV that all have `width`; an empty one is missing, with or without quotes."""
    schema = _texts(width)
    if not lines:
        return pa.RecordBatch.from_arrays([pa.array([], pa.string())] * width, schema=schema)
    # A mark in front is dropped, and this one would be a cell's: the lines are not a file's first.
    whole = MARK + lines if lines.startswith(MARK) else lines
    table = csv.read_csv(
        pa.BufferReader(whole),
        csv.ReadOptions(use_threads=False, block_size=len(whole) + 1, column_names=schema.names),
        csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=b'"' in lines, ignore_empty_lines=False
        ),
        csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True),
    )
    return table.combine_chunks().to_batches()[0]


def texts_reader(batches: Iterator[pa.RecordBatch], width: int) -> pa.RecordBatchReader:
    """What an engine reads of batches of cells."""
    return pa.RecordBatchReader.from_batches(_texts(width), batches)


def _texts(width: int) -> pa.Schema:
    return pa.schema([(f"column {place}", pa.string()) for place in range(width)])


BATCH = 24_576
"""Rows that are asked for at once: few, so that little waits to be written, however wide they are."""


class Sink(Protocol):
    """Where rows go, a group at a time; `disarmed` are the cells that were no formulas to be."""

    disarmed: int

    def put(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class _Binary:
    """Parquet or Arrow."""

    disarmed = 0

    def __init__(self, writer: pq.ParquetWriter | pa.ipc.RecordBatchFileWriter) -> None:
        self._writer = writer
        self.close = writer.close

    def put(self, table: pa.Table) -> None:
        self._writer.write_table(table, GROUP)


FORMULA = "^[ \\t\\r\\n]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\\t\\r\\n]"
"""Cells that spreadsheets run as formulas: https://owasp.org/www-community/attacks/CSV_Injection.

The four letters are also known in full width. A tab or a line's end at the beginning may be dropped.
"""
NUMBER = "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"
"""What is only a number in any case."""


class _Csv:
    """Cells are text already; quotes only where a cell could not be read without them."""

    def __init__(self, path: str, schema: pa.Schema, delimiter: str, is_safe: bool) -> None:
        self.disarmed = 0
        self._delimiter, self._is_safe = delimiter, is_safe
        self._special = f'["\\r\\n{"" if delimiter == "]" else delimiter}]'
        self._file = open(path, "wb")  # noqa: SIM115  # closed with the sink
        head = pa.table(
            [pa.array([name]) for name in schema.names], names=[*map(str, range(len(schema.names)))]
        )
        self.put(head)

    def put(self, table: pa.Table) -> None:
        cells = [self._cell(column.combine_chunks()) for column in table.columns]
        lines = pc.binary_join_element_wise(
            *cells, pa.scalar(self._delimiter, pa.large_string()), null_handling="replace"
        )
        whole = pc.binary_join_element_wise(
            lines, pa.scalar("", pa.large_string()), pa.scalar("\n", pa.large_string())
        )
        for chunk in whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]:
            self._file.write(_bytes(chunk))

    def _cell(self, column: pa.Array) -> pa.Array:
        text = column.cast(pa.large_string())
        if pa.types.is_timestamp(column.type):
            text = pc.replace_substring(text, " ", "T")  # as it is read
        if self._is_safe:
            text = self._safe(text)
        special = pc.match_substring_regex(text, self._special)
        if not pc.any(special).as_py():
            return text
        quote = pa.scalar('"', pa.large_string())
        doubled = pc.replace_substring(text, '"', '""')
        quoted = pc.binary_join_element_wise(
            quote, doubled, quote, pa.scalar("", pa.large_string())
        )
        return pc.if_else(special, quoted, text)

    def _safe(self, text: pa.Array) -> pa.Array:
        """An apostrophe in front makes a text of what a spreadsheet would run."""
        runs = pc.match_substring_regex(text, FORMULA)
        if not pc.any(runs).as_py():
            return text
        runs = pc.and_not(runs, pc.match_substring_regex(text, NUMBER))
        self.disarmed += pc.sum(runs).as_py() or 0
        apostrophe, nothing = (pa.scalar(each, pa.large_string()) for each in ("'", ""))
        return pc.if_else(runs, pc.binary_join_element_wise(apostrophe, text, nothing), text)

    def close(self) -> None:
        self._file.close()


def _bytes(lines: pa.Array) -> memoryview:
    """The text of all elements, one after the other, as it lies in memory."""
    _, offsets, data = lines.buffers()
    first, last = (
        int.from_bytes(offsets[8 * place : 8 * place + 8], "little")
        for place in (lines.offset, lines.offset + len(lines))
    )
    return memoryview(data)[first:last] if data is not None else memoryview(b"")


def sink(path: str, job: Job, schema: pa.Schema) -> Sink:
    match job.out_format:
        case Format.PARQUET:
            return _Binary(pq.ParquetWriter(path, schema))
        case Format.ARROW:
            return _Binary(pa.ipc.new_file(path, schema))
        case Format.CSV:
            return _Csv(path, schema, job.delimiter, job.spreadsheet_safe)


class Regular:
    """Rows as they come, written in groups of one size: bytes do not depend on who was faster."""

    def __init__(self, sink: Sink, schema: pa.Schema) -> None:
        self._sink, self._schema = sink, schema
        self._waiting: list[pa.Table] = []
        self.rows = self._held = 0

    def put(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._held += table.num_rows
        self.rows += table.num_rows
        while self._held >= GROUP:
            self._write(GROUP)

    def _write(self, rows: int) -> None:
        whole = pa.concat_tables(self._waiting)
        self._sink.put(whole.slice(0, rows).combine_chunks())
        self._held -= rows
        self._waiting = [whole.slice(rows)] if self._held else []

    @property
    def disarmed(self) -> int:
        return self._sink.disarmed

    def close(self) -> None:
        if self._held:
            self._write(self._held)
        self._sink.close()


class Known:
    """What an answer is by the number of what a row gets, the lowest number first."""

    def __init__(self, table: pa.Table, low: int) -> None:
        self.values = table.column(0).combine_chunks()
        self._low = low

    def at(self, numbers: pa.Array) -> pa.Array:
        return self.values.take(pc.subtract(numbers, self._low))


class Parted:
    """Batches of answered and refused rows, parted: a row is refused where its number is below 0.

    The columns of a batch are those of the data, then what is not `known` of the answers, and last
    the number. `results` are the paths of answers and of refused rows, where they are wanted.
    `ragged` are rows that no batch has, put there while the data is read: they are taken away, and
    refused in their places.
    """

    def __init__(
        self,
        schema: pa.Schema,
        asked: Query,
        known: Sequence[Known | None],
        results: Sequence[str | None],
        ragged: deque[Ragged],
    ) -> None:
        job = asked.job
        self._data = len(asked.names)
        self._known = tuple(known)
        self._ragged = ragged
        types = iter(field.type for field in list(schema)[self._data :])
        told = [next(types) if each is None else each.values.type for each in known]
        data = [pa.field(name, schema.field(n).type) for n, name in enumerate(asked.names)]
        answers = [pa.field(*each) for each in zip(job.answers, told, strict=False)]
        row = pa.field(ROW, pa.string() if job.out_format is Format.CSV else pa.int64())
        self._schemas = (
            pa.schema([*data, *answers]),
            pa.schema([row, *data, pa.field(REASON, told[-1])]),
        )
        self._results = [
            None if path is None else Regular(sink(path, job, each), each)
            for path, each in zip(results, self._schemas, strict=True)
        ]
        self._schema = schema
        self._read = self.left_out = self.rejected = 0

    @property
    def rows(self) -> int:
        return self._read + self.left_out

    @property
    def disarmed(self) -> tuple[int, int]:
        answered, rejected = (0 if each is None else each.disarmed for each in self._results)
        return answered, rejected

    def put(self, batch: pa.RecordBatch) -> None:
        refused = pc.less(_number(batch), 0)
        count = pc.sum(refused).as_py() or 0
        answered, _ = self._results
        if answered is not None:
            chosen = batch.filter(pc.invert(refused)) if count else batch
            columns = [*chosen.columns[: self._data], *self._told(chosen)[:-1]]
            answered.put(pa.Table.from_arrays(columns, schema=self._schemas[0]))
        end = self._read + batch.num_rows
        ragged: list[Ragged] = []
        while self._ragged and self._ragged[0].row - 1 - self.left_out - len(ragged) < end:
            ragged.append(self._ragged.popleft())
        self._refuse(batch.filter(refused) if count else batch.slice(0, 0), refused, ragged)
        self._read = end

    def _refuse(self, batch: pa.RecordBatch, refused: pa.Array, ragged: Sequence[Ragged]) -> None:
        """Rows without an answer, and between them those that could not be read."""
        rejected = self._results[1]
        if rejected is not None and (batch.num_rows or ragged):
            read = pc.add(pc.indices_nonzero(refused).cast(pa.int64()), self._read)
            rows = pc.add(read, self.left_out + 1)
            columns = [*batch.columns[: self._data], self._told(batch)[-1]]
            if ragged:
                ahead = [each.row - 1 - n for n, each in enumerate(ragged, self.left_out)]
                between = [bisect_right(ahead, place) for place in read.to_pylist()]
                own = [each.row for each in ragged]
                rows = pa.concat_arrays(
                    [pc.add(rows, pa.array(between, pa.int64())), pa.array(own)]
                )
                order = pc.sort_indices(rows)
                rows = rows.take(order)
                reasons = [
                    f"line {each.line}: {each.told(self._data)}: {each.text}" for each in ragged
                ]
                missing = [pa.nulls(len(ragged), column.type) for column in columns[:-1]]
                below = [*missing, pa.array(reasons, columns[-1].type)]
                columns = [
                    pa.concat_arrays(each).take(order) for each in zip(columns, below, strict=True)
                ]
            numbers = rows.cast(self._schemas[1].field(0).type)
            rejected.put(pa.Table.from_arrays([numbers, *columns], schema=self._schemas[1]))
        self.left_out += len(ragged)
        self.rejected += batch.num_rows + len(ragged)

    def _told(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """The answers, the rule and the reason."""
        others = iter(batch.columns[self._data :])
        numbers = _number(batch)
        return [next(others) if each is None else each.at(numbers) for each in self._known]

    def close(self) -> None:
        """Write what waits; after an error, whatever comes of it is thrown away."""
        none = pa.RecordBatch.from_arrays(
            [pa.array([], each.type) for each in self._schema], schema=self._schema
        )
        self._refuse(none, pa.array([], pa.bool_()), [*self._ragged])
        for each in self._results:
            if each is not None:
                each.close()


def _number(batch: pa.RecordBatch) -> pa.Array:
    return batch.column(batch.num_columns - 1)
