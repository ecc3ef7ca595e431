"""Workbooks as sources: the rows of all sheets that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice, repeat
from typing import Any

import pyarrow as pa
from python_calamine import CalamineWorkbook

from pipeline.batch.chunks import WHOLE_FILE, BadRow, Piece, Row, piece_rows, place_of, unique_names
from pipeline.batch.file_source import FileSource, until_broken
from pipeline.batch.sheets import HEADER_WITHIN, Sheet, Sheets, sheet_rows, sheets_of
from pipeline.batch.value_types import sheet_cell, sheet_cell_type, type_of
from pipeline.batch.values import cell_text


class ExcelSource(FileSource):
    """The first sheet that has rows, and the others with the same header; other sheets are reported as refused.

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

    def top(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the first rows below the presumed header."""
        return islice(self._below_header(self._sheets.read[0]), HEADER_WITHIN)

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield the rows sheet by sheet, then the sheets that were left out."""
        sheets = self._sheets
        for position, sheet in enumerate(sheets.read):
            part = sheet.name if position else ""  # rows keep their names when a workbook gets more sheets
            rows = until_broken(self._rows_of(sheet))
            for piece in piece_rows(rows, self.schema, size, place_of(self.name, part)):
                yield replace(piece, part=part)
        if sheets.left_out:
            refused = tuple(BadRow(place_of(self.name, name), WHOLE_FILE, reason) for name, reason in sheets.left_out)
            yield Piece((), self.schema.empty_table(), refused)

    def _rows_of(self, sheet: Sheet) -> Iterator[Row]:
        texts = [field.type == pa.string() for field in self.schema]
        for number, cells in self._below_header(sheet):
            if any(cell != "" for cell in cells):
                # A sheet may be wider than the first; rows with cells beyond its columns are refused later.
                yield (
                    number,
                    [sheet_cell(cell, text) for cell, text in zip(cells, chain(texts, repeat(True)), strict=False)],
                )

    def _below_header(self, sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
        return islice(sheet_rows(self._workbook, sheet.name), sheet.header + 1, None)
