"""A chunk: a fixed number of rows of one source, as an Arrow table with the original columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

WHOLE_FILE = 0  # the row number that stands for the file as a whole


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, and why; never its text."""

    file: str
    row: int
    reason: str

    @property
    def is_single(self) -> bool:
        """Whether it is one row, not a file or a sheet as a whole."""
        return self.row != WHOLE_FILE

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}: {self.reason}" if self.is_single else f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Takes the place of the cells of a row that cannot be read."""

    reason: str


Row = tuple[int, list[Any] | Unreadable]  # row number as a spreadsheet shows it (the header is 1), and its cells


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of one source.

    Attributes
    ----------
    rows
        The row numbers of ``table``'s rows in the source, the header being 1; line numbers for JSON Lines.
    table
        The readable rows, with the source's own columns.
    refused
        The unreadable rows.
    part
        Their sheet, if it isn't a workbook's first; empty for sources without sheets.
    """

    rows: Sequence[int]
    table: pa.Table
    refused: tuple[BadRow, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece with its place in the run: what an engine hands to a worker.

    Attributes
    ----------
    number
        Counted from 0 over all sources.
    source
        Name of the file or table; after a workbook's first sheet also the name of the sheet.
    roles
        The column that holds the text, the previous agency and so on, by role.
    """

    number: int
    source: str
    roles: Mapping[str, str]
    piece: Piece

    @property
    def digest(self) -> str:
        """A sha256 of the chunk's content, the same in every process."""
        piece = self.piece
        refused = [(row.row, row.reason) for row in piece.refused]
        content = [self.source, list(piece.rows), refused, piece.table.to_pydict()]
        return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


def place_of(source: str, part: str) -> str:
    """Return what messages call a part of a source, such as a workbook's sheet.

    Examples
    --------
    >>> place_of("aduan.xlsx", "Februari")
    'aduan.xlsx, sheet Februari'
    """
    return f"{source}, sheet {part}" if part else source


def piece_rows(rows: Iterable[Row], schema: pa.Schema, size: int, source: str) -> Iterator[Piece]:
    """Yield rows of cells as pieces of ``size`` rows; a row that doesn't fit the schema is refused.

    Parameters
    ----------
    rows
        Cells in the order of the schema and of its types; missing ones at the end become null.
    """
    rows = iter(rows)
    while part := list(islice(rows, size)):
        yield _piece(part, schema, source)


def unique_names(header: Sequence[str]) -> list[str]:
    """Return column names that are unique and not empty: ``x``, ``x_2``, ``column 3``."""
    names: list[str] = []
    for position, name in enumerate(header, start=1):
        unique = base = name or f"column {position}"
        copy = 2
        while unique in names:
            unique, copy = f"{base}_{copy}", copy + 1
        names.append(unique)
    return names


def _piece(part: list[Row], schema: pa.Schema, source: str) -> Piece:
    width = len(schema)
    numbers: list[int] = []
    good: list[list[Any]] = []
    refused: list[BadRow] = []
    for number, cells in part:
        if isinstance(cells, Unreadable):
            refused.append(BadRow(source, number, cells.reason))
        elif len(cells) > width and any(cell not in (None, "") for cell in cells[width:]):
            refused.append(BadRow(source, number, f"{len(cells)} cells, but the header has {width}; quote the text"))
        else:
            numbers.append(number)
            good.append(cells[:width] + [None] * (width - len(cells)))
    try:
        table = _table(good, schema)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError):
        fitting = [i for i, cells in enumerate(good) if _fits(cells, schema)]
        kept = set(fitting)
        refused += [
            BadRow(source, number, "a character is not valid UTF-8, or a value does not fit its column's type")
            for i, number in enumerate(numbers)
            if i not in kept
        ]
        numbers = [numbers[i] for i in fitting]
        table = _table([good[i] for i in fitting], schema)
    return Piece(numbers, table, tuple(sorted(refused, key=lambda row: row.row)))


def _table(rows: list[list[Any]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _fits(cells: list[Any], schema: pa.Schema) -> bool:
    try:
        _table([cells], schema)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError):
        return False
    return True
