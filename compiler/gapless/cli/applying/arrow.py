"""Arrow's part: what a file holds before it is read, and the writers of answers and of refused rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from gapless.cli.applying.asking import Asked
from gapless.cli.applying.formats import Format
from gapless.cli.applying.job import REASON, ROW, Job
from gapless.cli.console import CannotRun

ArrowError = pa.ArrowException

GROUP = 122_880
"""Rows that are written together: a row group of Parquet, as DuckDB has them."""


def parquet_shape(path: str) -> tuple[tuple[str, ...], int]:
    """The columns of a Parquet file, and how many rows it has."""
    with pq.ParquetFile(path) as file:
        return tuple(file.schema_arrow.names), file.metadata.num_rows


def ipc_reader(path: str) -> tuple[tuple[str, ...], int | None, pa.RecordBatchReader]:
    """The columns of an Arrow file, about how many rows it has, and its batches under other names.

    Columns are called by their places, `column 0`, since names may be anything.
    """
    held = pa.memory_map(path)
    is_file = held.read(6) == b"ARROW1"
    held.seek(0)
    opened = pa.ipc.open_file(held) if is_file else pa.ipc.open_stream(held)
    names = tuple(opened.schema.names)
    for field in opened.schema:
        if re.search(r"decimal\d+\(\d+, -\d+\)", str(field.type)):
            raise CannotRun(
                f"{path} cannot be read: `{field.name}` is {field.type}, and DuckDB has no decimals "
                "of a negative scale: write it with the scale 0, which loses nothing"
            )
    numbered = pa.schema(
        [field.with_name(f"column {place}") for place, field in enumerate(opened.schema)]
    )
    count = opened.num_record_batches if is_file else 0
    batches = (opened.get_batch(n) for n in range(count)) if is_file else opened
    renamed = (pa.RecordBatch.from_arrays(batch.columns, schema=numbered) for batch in batches)
    rows = count * opened.get_batch(0).num_rows if count else None
    return names, rows, pa.RecordBatchReader.from_batches(numbered, renamed)


BATCH = 24_576
"""Rows that are asked for at once: few, so that little waits to be written, however wide they are."""


class Sink(Protocol):
    """Where rows go, a group at a time."""

    def put(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class _Parquet:
    def __init__(self, path: str, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema)

    def put(self, table: pa.Table) -> None:
        self._writer.write_table(table, row_group_size=GROUP)

    def close(self) -> None:
        self._writer.close()


class _Ipc:
    def __init__(self, path: str, schema: pa.Schema) -> None:
        self._writer = pa.ipc.new_file(path, schema)

    def put(self, table: pa.Table) -> None:
        self._writer.write_table(table, max_chunksize=GROUP)

    def close(self) -> None:
        self._writer.close()


class _Csv:
    """Cells are text already; quotes only where a cell could not be read without them."""

    def __init__(self, path: str, schema: pa.Schema, delimiter: str) -> None:
        self._delimiter = delimiter
        self._special = f'["\\r\\n{"" if delimiter == "]" else delimiter}]'
        self._file = open(path, "wb")  # noqa: SIM115  # closed with the sink
        head = pa.table([pa.array([name]) for name in schema.names], names=range_of(schema))
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
        special = pc.match_substring_regex(text, self._special)
        if not pc.any(special).as_py():
            return text
        quote = pa.scalar('"', pa.large_string())
        doubled = pc.replace_substring(text, '"', '""')
        quoted = pc.binary_join_element_wise(
            quote, doubled, quote, pa.scalar("", pa.large_string())
        )
        return pc.if_else(special, quoted, text)

    def close(self) -> None:
        self._file.close()


def range_of(schema: pa.Schema) -> list[str]:
    return [str(place) for place in range(len(schema.names))]


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
            return _Parquet(path, schema)
        case Format.ARROW:
            return _Ipc(path, schema)
        case Format.CSV:
            return _Csv(path, schema, job.delimiter)


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
    """

    def __init__(
        self,
        schema: pa.Schema,
        asked: Asked,
        known: Sequence[Known | None],
        results: Sequence[str | None],
    ) -> None:
        job = asked.job
        self._data = len(asked.names)
        self._known = tuple(known)
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
        self.rows = self.rejected = 0

    def put(self, batch: pa.RecordBatch) -> None:
        refused = pc.less(_number(batch), 0)
        count = pc.sum(refused).as_py() or 0
        answered, rejected = self._results
        if count and rejected is not None:
            self._refuse(batch, refused, rejected)
        if answered is not None:
            chosen = batch.filter(pc.invert(refused)) if count else batch
            columns = [*chosen.columns[: self._data], *self._told(chosen)[:-1]]
            answered.put(pa.Table.from_arrays(columns, schema=self._schemas[0]))
        self.rows += batch.num_rows
        self.rejected += count

    def _refuse(self, batch: pa.RecordBatch, refused: pa.Array, rejected: Regular) -> None:
        places = pc.indices_nonzero(refused).cast(pa.int64())
        rows = pc.add(places, self.rows + 1).cast(self._schemas[1].field(0).type)
        chosen = batch.filter(refused)
        columns = [rows, *chosen.columns[: self._data], self._told(chosen)[-1]]
        rejected.put(pa.Table.from_arrays(columns, schema=self._schemas[1]))

    def _told(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """The answers, the rule and the reason."""
        others = iter(batch.columns[self._data :])
        numbers = _number(batch)
        return [next(others) if each is None else each.at(numbers) for each in self._known]

    def close(self) -> None:
        for each in self._results:
            if each is not None:
                each.close()


def _number(batch: pa.RecordBatch) -> pa.Array:
    return batch.column(batch.num_columns - 1)
