"""Reading labelled complaints row by row from CSV, Excel, JSON Lines and Parquet; no row is dropped silently."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.batch.chunks import BadRow, place_of
from pipeline.batch.columns import Columns, may_only_count
from pipeline.batch.files import input_file
from pipeline.batch.plan import with_roles
from pipeline.batch.sources import open_file
from pipeline.batch.values import NESTED_TEXT, cell_text, is_nested, label_text, parse_date, readable
from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError, DataError

_ROWS_AT_ONCE = 1_000
_ALSO_EXTRA = ("problem", "source", "answered", "kecamatan", "secret", "status")  # roles that are looked up by name


@dataclass(frozen=True, slots=True)
class Record:
    """A usable row: the complaint and what is known of it.

    Attributes
    ----------
    row
        Row number in the file, the header being 1; the line number for JSON Lines.
    agency, urgency
        The labels as written in the file; ``None`` if empty.
    extra
        The row's other columns, by name.
    warning
        What could not be read in a usable row, such as an invalid date.
    file
        The file's name in messages; after a workbook's first sheet also the sheet, whose rows are numbered anew.
    counted
        Whether ``id`` may be only a running number, which another table gives to a different complaint.
    """

    row: int
    complaint: Complaint
    agency: str | None
    urgency: str | None
    date: dt.datetime | None
    extra: dict[str, Any]
    warning: str | None = None
    file: str = ""
    counted: bool = False


def read_records(path: Path, columns: Columns | None = None) -> Iterator[Record | BadRow]:
    """Yield every row of a file, as a record or as a bad row with its reason.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.xlsm``, ``.xls``, ``.ods``, ``.jsonl``, ``.ndjson`` or ``.parquet``.
    columns
        Column names, where they should not be detected.

    Raises
    ------
    DataError
        If the file as a whole cannot be read.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder, not a file.", mend="Name a file in it.")
    if not path.is_file():
        raise DataError(f"There is no file {path}.", mend="Check the path.")
    found = with_roles(open_file(input_file(str(path))), columns or Columns())
    for piece in found.source.pieces(_ROWS_AT_ONCE):
        records = (
            _record(place_of(path.name, piece.part), number, cells, found.roles)
            for number, cells in zip(piece.rows, piece.table.to_pylist(), strict=True)
        )
        # In the order of the file: both are already sorted by row number.
        yield from heapq.merge(records, piece.refused, key=lambda record: record.row)


def _record(file: str, number: int, cells: dict[str, Any], roles: Mapping[str, str]) -> Record | BadRow:
    def cell(role: str) -> Any:
        return cells.get(roles[role]) if role in roles else None

    text = cell_text(cell("text"))
    if not text:
        return BadRow(file, number, "the text is empty")
    if is_nested(cell("text")):
        return BadRow(file, number, NESTED_TEXT)
    try:
        complaint = Complaint(
            readable(text),
            address=readable(cell("address")) or None,
            id=readable(cell("id")) or None,
        )
    except ComplaintError as error:
        return BadRow(file, number, error.english)
    date, warning = None, None
    try:
        date = parse_date(cell("date"))
    except ValueError as error:
        warning = str(error)
    used = set(roles.values()) - {roles.get(role) for role in _ALSO_EXTRA}
    extra = {name: value for name, value in cells.items() if name not in used}
    extra |= {role: cell(role) for role in _ALSO_EXTRA if role in roles}
    return Record(
        number,
        complaint,
        label_text(cell("agency")) or None,
        label_text(cell("urgency")) or None,
        date,
        extra,
        warning,
        file,
        "id" in roles and may_only_count(roles["id"], complaint.id or ""),
    )


def split_bad(rows: Iterable[Record | BadRow]) -> tuple[list[Record], list[BadRow]]:
    """Return the usable rows and the unusable ones."""
    good: list[Record] = []
    bad: list[BadRow] = []
    for row in rows:
        if isinstance(row, Record):
            good.append(row)
        else:
            bad.append(row)
    return good, bad
