"""Input files as streams of pieces: the Arrow schema is known at the start, and rows come in fixed numbers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.batch.arrow_columns import (
    OUT_OF_RANGE,
    OUTSIDE_CALENDAR,
    out_of_range,
    outside_calendar,
    readable_columns,
    with_valid_text,
)
from pipeline.batch.chunks import BadRow, Piece, Row, Unreadable, piece_rows, unique_names
from pipeline.batch.file_signatures import check_signs
from pipeline.batch.file_source import READ_ERRORS, FileSource, Source, broken, in_short, until_broken
from pipeline.batch.files import ARCHIVE, CSV, EXCEL, JSON_LINES, PARQUET, InputFile
from pipeline.batch.flatten import as_json
from pipeline.batch.sheets import HEADER_WITHIN
from pipeline.batch.text_files import TextLayout, cells_of_line, read_csv, read_json_lines, text_layout
from pipeline.batch.value_types import kind_of, type_of
from pipeline.batch.values import cell_text
from pipeline.batch.workbooks import ExcelSource
from pipeline.errors import DataError


def open_file(file: InputFile) -> Source:
    """Return the source for a file, its schema read.

    Raises
    ------
    DataError
        If the file cannot be read, has another format than its extension says, or is empty.
    """
    if file.format == ARCHIVE:
        raise DataError(f"{file.name} is an archive.", mend="Unpack it, then name the unpacked file or folder.")
    check_signs(file)
    kinds: dict[str, type[FileSource]] = {
        CSV: CsvSource,
        JSON_LINES: JsonLinesSource,
        EXCEL: ExcelSource,
        PARQUET: ParquetSource,
    }
    source = kinds[file.format](file)
    try:
        names = source.schema.names
    except PermissionError:
        raise DataError(
            f"{file.name} cannot be read: permission denied.", mend="Grant this account read access."
        ) from None
    except READ_ERRORS as error:
        raise DataError(
            f"{file.name} cannot be read as {file.format}: {in_short(error)}.", mend=_MEND[file.format]
        ) from None
    if not names and file.format == JSON_LINES and source.expected_rows:
        raise DataError(f"{file.name} has no line that is a JSON object.", mend=_MEND[JSON_LINES])
    if not names:
        mend = _MEND[JSON_LINES] if file.format == JSON_LINES else "Export it again with a header row."
        raise DataError(f"{file.name} is empty.", mend=mend)
    return source


_MEND = {
    CSV: "Export it again as UTF-8.",
    JSON_LINES: "Write one JSON object per line; jq -c '.[]' converts a JSON array.",
    EXCEL: "Save it again as .xlsx.",
    PARQUET: "Export it again.",
}


class _TextSource(FileSource):
    """A text file, read row by row."""

    @cached_property
    def _layout(self) -> TextLayout:
        return text_layout(self.file)

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Yield the rows, of CSV those below the header, their cells in the schema's order and types."""

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time."""
        return piece_rows(until_broken(self.rows()), self.schema, size, self.name)


class CsvSource(_TextSource):
    """CSV; every column is text, so that ``0812`` and ``007`` stay what they are."""

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        header: list[Any] | Unreadable = next((cells for _, cells in read_csv(self.file, self._layout)), [])
        if isinstance(header, Unreadable):
            raise DataError(
                f"{self.name} has no readable header: {header.reason}.", mend="Close the quote, or export it again."
            )
        return pa.schema([(name, pa.string()) for name in unique_names([cell_text(name) for name in header])])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return max(0, self._layout.lines - 1)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        rows = read_csv(self.file, self._layout)
        next(rows, None)
        return rows

    def top(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the first rows below the presumed header; if that is a title, it doesn't show their separator."""
        for number, cells in islice(until_broken(self.rows()), HEADER_WITHIN):
            if not isinstance(cells, Unreadable):
                yield number, cells if len(cells) > 1 else cells_of_line(cells[0])


class JsonLinesSource(_TextSource):
    """JSON Lines; the whole file is read once beforehand, for its columns and their types."""

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        kinds: dict[str, set[type]] = {}
        for _, row in until_broken(read_json_lines(self.file, self._layout)):
            if isinstance(row, dict):
                for name, value in row.items():
                    kinds.setdefault(name, set()).add(kind_of(value))
        return pa.schema([(name, type_of(kind)) for name, kind in kinds.items()])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return self._layout.lines

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        texts = {field.name for field in self.schema if field.type == pa.string()}
        for number, row in read_json_lines(self.file, self._layout):
            if isinstance(row, Unreadable):
                yield number, row
            else:
                yield number, [_as_text(row.get(n)) if n in texts else row.get(n) for n in self.schema.names]


class ParquetSource(FileSource):
    """Parquet, row group by row group."""

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        with self.file.open() as content, pq.ParquetFile(content) as file:
            return _readable(file.schema_arrow.remove_metadata().empty_table()).schema

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        with self.file.open() as content, pq.ParquetFile(content) as file:
            return int(file.metadata.num_rows)

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time."""
        number = 2
        try:
            with self.file.open() as content, pq.ParquetFile(content, pre_buffer=False) as file:
                for batch in file.iter_batches(batch_size=size, use_threads=False):
                    yield self._piece(with_valid_text(_readable(pa.Table.from_batches([batch]))), number)
                    number += len(batch)
        except READ_ERRORS as error:
            yield Piece((), self.schema.empty_table(), (BadRow(self.name, number, broken(error)),))

    def _piece(self, table: pa.Table, first: int) -> Piece:
        reasons = dict.fromkeys(out_of_range(table), OUT_OF_RANGE) | dict.fromkeys(
            outside_calendar(table), OUTSIDE_CALENDAR
        )
        if not reasons:
            return Piece(range(first, first + len(table)), table)
        left = [position for position in range(len(table)) if position not in reasons]
        refused = tuple(BadRow(self.name, first + position, reasons[position]) for position in sorted(reasons))
        return Piece([first + position for position in left], table.take(pa.array(left, pa.int64())), refused)


def _readable(table: pa.Table) -> pa.Table:
    """Return a table with unique column names and without views, which Arrow could not handle."""
    names = table.column_names
    return readable_columns(table if len(set(names)) == len(names) else table.rename_columns(unique_names(names)))


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    text = as_json(value)
    return None if text == "null" else text  # NaN, which Python and pandas write where a value is missing
