"""Headers further down or in two rows: reported before a run takes a title for the header, or the wrong columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.batch.columns import Columns, known_columns
from pipeline.batch.file_source import FileSource, Source
from pipeline.batch.files import CSV
from pipeline.batch.sheets import SURELY_COLUMNS
from pipeline.batch.values import cell_text
from pipeline.errors import DataError

_MEND = "Put all column names in one row and delete the rows above it"
_MEND_SEPARATOR = "If the separator is not a comma, semicolon, | or tab, declare it on the first line, such as sep=^."


def roles_of(source: Source, columns: Columns) -> Mapping[str, str]:
    """Return the column of a source by role.

    Raises
    ------
    DataError
        If no column looks like the complaint's text, or the column names are in two rows, as below merged cells.
    """
    names = source.schema.names
    try:
        positions = columns.find(names, source.name)
    except DataError as error:
        if below := _header_below(source, columns):
            raise DataError(error.what, mend=f"Row {below} looks like the header. {_MEND}.") from None
        if len(names) == 1 and isinstance(source, FileSource) and source.file.format == CSV:
            raise DataError(error.what, mend=f"{error.mend} {_MEND_SEPARATOR}") from None
        raise
    # A gap in the header is the rest of a merged cell.
    gaps = [position for position, name in enumerate(names) if name == f"column {position + 1}"]
    if gaps and columns.text is None and (below := _header_below(source, columns, len(positions), gaps)):
        raise DataError(
            f"Some columns in the header of {source.name} have no name, and row {below} names more columns.",
            mend=f"{_MEND}, or name the text column with --text.",
        )
    return {role: names[position] for role, position in positions.items()}


def _header_below(source: Source, columns: Columns, found: int = 0, gaps: Sequence[int] = ()) -> int | None:
    """Return the number of the first row near the top that names the text and more than ``found`` columns, if any.

    A row with fewer also counts if it names too many columns for chance and fills a gap: the row above may name groups
    of columns, with words like *Laporan*, which are known column names too.
    """
    for number, cells in source.top() if isinstance(source, FileSource) else ():
        named = known_columns([cell_text(cell) for cell in cells], columns)
        if len(named) > found or (len(named) >= SURELY_COLUMNS and not set(gaps).isdisjoint(named.values())):
            return number
    return None
