"""Which sheets of a workbook are read: the first with a header, and all with the same header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from pipeline.batch.columns import known_columns
from pipeline.batch.values import cell_text

HEADER_WITHIN = 50  # rows of a sheet; titles and logos stand above it
SURELY_COLUMNS = 3  # known columns in a row; one or two cells may match column names by chance


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, and where its rows begin.

    Attributes
    ----------
    height
        Its rows, title and header included.
    header
        Position of the header's row.
    """

    name: str
    height: int
    header: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook.

    Attributes
    ----------
    read
        The sheets to read; none if the workbook is empty.
    left_out
        Names of the other sheets, with the reason.
    """

    read: tuple[Sheet, ...]
    left_out: tuple[tuple[str, str], ...]


def sheets_of(workbook: CalamineWorkbook) -> Sheets:
    """Return a workbook's sheets; one that is empty, or holds only a chart, is in neither list.

    The header is the first row with two filled cells in the first sheet that has one, or a row below it that names the
    complaint's text and other columns. A sheet of single cells, such as a cover, is read only if all are, or if one of
    them is a known column. Other sheets are read if a row near their top has the same cells, such as one sheet per
    month, or the next sheet after a full one.
    """
    found: list[_Top] = []
    left_out: list[tuple[str, str]] = []
    for name in (each.name for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet):
        try:
            sheet = workbook.get_sheet_by_name(name)
        except CalamineError as error:
            if not found:
                raise
            left_out.append((name, f"the sheet cannot be read: {type(error).__name__}"))
            continue
        cells = [_cells(row) for row in islice(sheet.iter_rows(), HEADER_WITHIN)]
        if any(cells):
            found.append(_Top(name, _height(sheet), cells, _header_of(cells)))
    if not found:
        return Sheets((), tuple(left_out))
    first = next((top for top in found if _filled(top.header) > 1 or known_columns(top.header)), found[0])
    differs = f"the sheet's header differs from that of {first.name!r}; save it as a separate file"
    read: list[Sheet] = []
    for top in found:
        if first.header in top.cells:
            read.append(Sheet(top.name, top.height, top.cells.index(first.header)))
        else:
            left_out.append((top.name, differs))
    return Sheets(tuple(read), tuple(left_out))


def sheet_rows(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield a sheet's rows with their numbers."""
    yield from enumerate(workbook.get_sheet_by_name(name).iter_rows(), start=1)


def _height(sheet: CalamineSheet) -> int:
    # Not total_height, which is the position of the last row.
    return sheet.end[0] + 1 if sheet.end else 0


@dataclass(frozen=True, slots=True)
class _Top:
    """The first rows of a sheet that has a filled cell there, and which of them would be its header."""

    name: str
    height: int
    cells: list[list[str]]
    header: list[str]


def _header_of(top: list[list[str]]) -> list[str]:
    """Return the first row with two filled cells, or else one; a row below with known columns wins.

    An export of SP4N-LAPOR! begins with rows of two cells: its title, owner and period.
    """
    first = next(cells for least in (2, 1) for cells in top if _filled(cells) >= least)
    if known_columns(first):
        return first
    return next((cells for cells in top if len(known_columns(cells)) >= SURELY_COLUMNS), first)


def _filled(cells: list[str]) -> int:
    return sum(cell != "" for cell in cells)


def _cells(row: list[Any]) -> list[str]:
    """Return a row's cells as text, up to the last that is filled."""
    cells = [cell_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
