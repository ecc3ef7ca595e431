"""Input files as streams of pieces: an Arrow schema known from the start, a fixed number of rows at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, repeat
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.batch.chunks import (
    WHOLE_FILE,
    BadRow,
    Piece,
    outside_calendar,
    piece_rows,
    place_of,
    unique_names,
    with_valid_text,
    without_views,
)
from pipeline.batch.files import ARCHIVE, CSV, EXCEL, JSON_LINES, InputFile
from pipeline.batch.sheets import Sheet, Sheets, sheet_rows, sheets_of
from pipeline.batch.text_files import Row, Unreadable, read_csv, read_json_lines, text_layout
from pipeline.batch.value_types import kind_of, sheet_cell, sheet_cell_type, type_of
from pipeline.batch.values import cell_text
from pipeline.errors import DataError

# What reading a broken file raises: truncated or false gzip, a broken page, a vanished mount.
READ_ERRORS = (OSError, EOFError, zlib.error, ValueError, pa.ArrowException, CalamineError)


class Source(Protocol):
    """Rows to read, of one file, table or query."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of every piece."""

    @property
    def expected_rows(self) -> int:
        """How many rows there are, for the progress display: at most, where only reading tells."""

    def fingerprint(self) -> dict[str, Any]:
        """Return plain values that change when the input does."""

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time; what cannot be read is refused, with the place where reading ended."""


def open_file(file: InputFile) -> Source:
    """Return the source for a file, its schema read.

    Raises
    ------
    DataError
        If the file cannot be read, or is empty.
    """
    if file.format == ARCHIVE:
        raise DataError(f"{file.name} is an archive: unpack it.", mend="Then give the folder, or the file in it.")
    kinds: dict[str, type[_FileSource]] = {CSV: CsvSource, JSON_LINES: JsonLinesSource, EXCEL: ExcelSource}
    source = kinds.get(file.format, ParquetSource)(file)
    try:
        names = source.schema.names
    except PermissionError:
        raise DataError(f"This account may not read {file.name}.", mend="Let it, see chmod and chown.") from None
    except READ_ERRORS as error:
        raise DataError(
            f"{file.name} cannot be read as {file.format}: {_short(error)}.", mend=_MEND[file.format]
        ) from None
    if not names and file.format == JSON_LINES and source.expected_rows:
        raise DataError(f"{file.name}: no line of it is a JSON object.", mend=_MEND[JSON_LINES])
    if not names:
        raise DataError(f"{file.name} is empty.", mend="Export it again, with a header row.")
    return source


_MEND = {
    CSV: "Export it again as UTF-8.",
    JSON_LINES: "Write one JSON object per line.",
    EXCEL: "Save it again as .xlsx.",
    "parquet": "Write it again.",
}


@dataclass(frozen=True)
class _FileSource:
    """What the sources of all formats share."""

    file: InputFile

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        raise NotImplementedError

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        raise NotImplementedError

    def fingerprint(self) -> dict[str, Any]:
        """Return what changes when the file does."""
        return self.file.fingerprint()

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, their cells in the schema's order and types."""
        raise NotImplementedError

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time."""
        return piece_rows(_until_broken(self.rows()), self.schema, size, self.name)


class CsvSource(_FileSource):
    """CSV; every column is text, so that ``0812`` and ``007`` stay what they are."""

    @cached_property
    def _layout(self) -> Any:
        return text_layout(self.file)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        header: list[Any] | Unreadable = next((cells for _, cells in read_csv(self.file, self._layout)), [])
        if isinstance(header, Unreadable):
            raise DataError(f"{self.name} has no header: {header.reason}.", mend="Close the quote, or export it again.")
        return pa.schema([(name, pa.string()) for name in unique_names([cell_text(name) for name in header])])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return max(0, int(self._layout.lines) - 1)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        rows = read_csv(self.file, self._layout)
        next(rows, None)
        return rows


class JsonLinesSource(_FileSource):
    """JSON Lines; the whole file is read once before, for its columns and their types."""

    @cached_property
    def _layout(self) -> Any:
        return text_layout(self.file)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns."""
        kinds: dict[str, set[type]] = {}
        for _, row in _until_broken(read_json_lines(self.file, self._layout)):
            if isinstance(row, dict):
                for name, value in row.items():
                    kinds.setdefault(name, set()).add(kind_of(value))
        return pa.schema([(name, type_of(kind)) for name, kind in kinds.items()])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return int(self._layout.lines)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        texts = {field.name for field in self.schema if field.type == pa.string()}
        for number, row in read_json_lines(self.file, self._layout):
            if isinstance(row, Unreadable):
                yield number, row
            else:
                yield number, [_as_text(row.get(n)) if n in texts else row.get(n) for n in self.schema.names]


class ExcelSource(_FileSource):
    """The first sheet that has rows, and the others with the same header; those without are told as refused.

    The parser holds one sheet in memory, up to the format's limit of 1,048,576 rows.
    """

    @cached_property
    def _workbook(self) -> CalamineWorkbook:
        with self.file.open() as content:
            return CalamineWorkbook.from_filelike(content)

    @cached_property
    def _sheets(self) -> Sheets:
        return sheets_of(self._workbook)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns; their types are those of all sheets together."""
        if not self._sheets.read:
            return pa.schema([])
        first = self._sheets.read[0]
        _, header = next(islice(sheet_rows(self._workbook, first.name), first.header, None))
        kinds: list[set[type]] = [set() for _ in header]
        for sheet in self._sheets.read:
            for _, cells in self._below_header(sheet):
                for kind, cell in zip(kinds, cells, strict=False):
                    kind.add(sheet_cell_type(cell))
        names = unique_names([cell_text(cell) for cell in header])
        return pa.schema([(name, type_of(kind)) for name, kind in zip(names, kinds, strict=True)])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return sum(sheet.height - sheet.header - 1 for sheet in self._sheets.read)

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield the rows of one sheet after the other, then which sheets were left out."""
        sheets = self._sheets
        for position, sheet in enumerate(sheets.read):
            part = sheet.name if position else ""  # a workbook that gets a sheet each month keeps its rows' names
            rows = _until_broken(self._rows_of(sheet))
            for piece in piece_rows(rows, self.schema, size, place_of(self.name, part)):
                yield replace(piece, part=part)
        if sheets.left_out:
            refused = tuple(BadRow(place_of(self.name, name), WHOLE_FILE, reason) for name, reason in sheets.left_out)
            yield Piece((), self.schema.empty_table(), refused)

    def _rows_of(self, sheet: Sheet) -> Iterator[Row]:
        texts = [field.type == pa.string() for field in self.schema]
        for number, cells in self._below_header(sheet):
            if any(cell != "" for cell in cells):
                # A sheet may be wider than the first; what stands there has no column, and is refused later.
                yield (
                    number,
                    [sheet_cell(cell, text) for cell, text in zip(cells, chain(texts, repeat(True)), strict=False)],
                )

    def _below_header(self, sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
        return islice(sheet_rows(self._workbook, sheet.name), sheet.header + 1, None)


class ParquetSource(_FileSource):
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
            yield Piece((), self.schema.empty_table(), (BadRow(self.name, number, _broken(error)),))

    def _piece(self, table: pa.Table, first: int) -> Piece:
        if not (outside := outside_calendar(table)):
            return Piece(range(first, first + len(table)), table)
        left = [position for position in range(len(table)) if position not in outside]
        refused = tuple(
            BadRow(self.name, first + position, "a date outside of the years 1 to 9999") for position in sorted(outside)
        )
        return Piece([first + position for position in left], table.take(pa.array(left, pa.int64())), refused)


def _readable(table: pa.Table) -> pa.Table:
    """Return a table whose columns Arrow takes rows from and finds by their names; a file may have doubles."""
    names = table.column_names
    return without_views(table if len(set(names)) == len(names) else table.rename_columns(unique_names(names)))


def _as_text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _until_broken(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows; where reading fails, say so in the place of the next row, and end."""
    number = WHOLE_FILE
    try:
        for number, cells in rows:
            yield number, cells
    except READ_ERRORS as error:
        yield number + 1, Unreadable(_broken(error))


def _broken(error: Exception) -> str:
    return f"the file cannot be read from here on: {_short(error)}"


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200].rstrip(".") if str(error) else type(error).__name__
