"""Results written to Parquet, CSV, JSON Lines or Excel; the file appears only when it is complete."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

from pipeline.batch.chunks import BadRow
from pipeline.batch.flatten import as_json, as_plain, flat, flat_schema
from pipeline.batch.output import appearing_whole
from pipeline.batch.refused import write_refused
from pipeline.clock import WIB, local_time
from pipeline.errors import DataError

ROW_GROUP_ROWS = 50_000  # about 25 MB of complaints: large enough to compress well, small enough for memory
EXCEL_ROWS = 1_048_576  # of a sheet, the header included
EXCEL_CELL_CHARS = 32_767
EXCEL_YEAR = 1900  # its days are counted from then; an earlier one would be 0

Write = Callable[[Path, pa.Schema, Iterable[pa.Table]], None]


@dataclass(frozen=True, slots=True)
class FileSink:
    """A file, and beside it ``OUT.rejected.csv`` if rows were refused.

    Attributes
    ----------
    clock
        The region's, by which a workbook has its times, as it knows no zones.
    """

    out: Path
    clock: dt.tzinfo = WIB

    def __post_init__(self) -> None:
        writer_for(self.out, self.clock)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.out.name

    @property
    def where(self) -> str:
        """The file's path, for messages."""
        return str(self.out)

    @property
    def refused(self) -> Path:
        """The file that lists the refused rows."""
        return self.out.with_name(f"{self.out.name}.rejected.csv")

    def exists(self) -> bool:
        """Tell whether there is such a file."""
        return self.out.exists()

    def write(self, schema: pa.Schema, tables: Iterator[pa.Table], rows: int) -> None:  # noqa: ARG002
        """Write all rows; the file appears when it is complete."""
        with appearing_whole(self.out) as unfinished:
            writer_for(self.out, self.clock)(unfinished, schema, tables)

    def write_refused(self, rows: Iterable[BadRow]) -> None:
        """Write which rows were refused; if none were, remove the list of an earlier run."""
        write_refused(self.refused, rows)


def writer_for(out: Path, clock: dt.tzinfo) -> Write:
    """Return the function that writes a file of this name.

    Raises
    ------
    DataError
        If its extension is not that of a writable format.
    """
    name = out.name.lower()
    writers = _WRITERS | {".xlsx": partial(_write_excel, clock=clock)}
    for ending, write in writers.items():
        if name.endswith(ending):
            return write
    raise DataError(f"{out.name} has an extension that cannot be written.", mend=f"Use one of: {', '.join(writers)}.")


def _write_parquet(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    # Opened here, since Arrow rejects a path that is not valid UTF-8.
    with path.open("wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _regrouped(tables, schema):
            writer.write_table(group, row_group_size=ROW_GROUP_ROWS)


def _write_csv(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with path.open("wb") as raw, _packed(raw, path) as file, pa_csv.CSVWriter(file, flat_schema(schema)) as writer:
        for table in tables:
            writer.write_table(flat(table))


def _write_json_lines(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:  # noqa: ARG001
    with path.open("wb") as raw, _packed(raw, path) as file:
        for table in tables:
            lines = map(as_json, table.to_pylist())
            file.writelines(f"{line}\n".encode("utf-8", "replace") for line in lines)


def _write_excel(path: Path, schema: pa.Schema, tables: Iterable[pa.Table], clock: dt.tzinfo) -> None:
    """Write as many sheets as the rows need; a text longer than a cell can hold ends with an ellipsis."""
    with _scratch(path) as scratch:
        _write_sheets(_new_book(path, scratch), schema, tables, clock)


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """Yield a folder for xlsxwriter's temporary files, beside the output file, where the space is needed anyway.

    By default they are in the system's shared folder, and would leave complaints there if writing fails.
    """
    folder = path.with_name(f"{path.name}.sheets")
    shutil.rmtree(folder, ignore_errors=True)  # left by a killed run
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_book(path: Path, scratch: Path) -> xlsxwriter.Workbook:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    book = xlsxwriter.Workbook(str(path), options | {"tmpdir": str(scratch)})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 (the same rows give the same bytes)
    return book


def _write_sheets(book: xlsxwriter.Workbook, schema: pa.Schema, tables: Iterable[pa.Table], clock: dt.tzinfo) -> None:
    sheet, line = _new_sheet(book, schema), 0
    for table in tables:
        for cells in zip(*(column.to_pylist() for column in flat(table).columns), strict=True):
            line += 1
            if line == EXCEL_ROWS:
                sheet, line = _new_sheet(book, schema), 1
            for column, cell in enumerate(cells):
                if cell is not None:
                    _write_cell(sheet, line, column, cell, clock)
    close_workbook(book)


def close_workbook(book: xlsxwriter.Workbook) -> None:
    """Write a workbook's file, all of it now.

    Raises
    ------
    OSError
        If it cannot be written; xlsxwriter raises its own error for that.
    """
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _new_sheet(book: xlsxwriter.Workbook, schema: pa.Schema) -> Any:
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(schema.names):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_cell(sheet: Any, line: int, column: int, cell: Any, clock: dt.tzinfo) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, int | float) and abs(cell) < 1e15:
        sheet.write_number(line, column, cell)
    elif isinstance(cell, dt.datetime | dt.date) and cell.year >= EXCEL_YEAR:
        sheet.write_datetime(line, column, local_time(cell, clock) if isinstance(cell, dt.datetime) else cell)
    else:
        text = as_plain(cell)
        sheet.write_string(line, column, text if len(text) <= EXCEL_CELL_CHARS else text[: EXCEL_CELL_CHARS - 1] + "…")


_WRITERS: dict[str, Write] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".csv.gz": _write_csv,
    ".jsonl": _write_json_lines,
    ".jsonl.gz": _write_json_lines,
}


def _regrouped(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the same rows in tables of ``ROW_GROUP_ROWS``; the last may be smaller."""
    waiting = schema.empty_table()
    for table in tables:
        waiting = pa.concat_tables([waiting, table])
        while len(waiting) >= ROW_GROUP_ROWS:
            yield waiting.slice(0, ROW_GROUP_ROWS)
            waiting = waiting.slice(ROW_GROUP_ROWS)
    if len(waiting):
        yield waiting


@contextmanager
def _packed(raw: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """Yield the file to write to, gzipped without name and time if ``path`` ends in ``.gz``."""
    if path.name.lower().endswith(".gz"):
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as packed:
            yield packed  # type: ignore[misc]
    else:
        yield raw
