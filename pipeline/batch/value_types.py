"""Which Arrow type holds the values of a column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from pipeline.batch.values import cell_text

_EXACT_FLOATS, _INT64 = 2**53, 2**63


class _Long(int):
    """Marks integers that a column of floats would round."""


_ARROW: tuple[tuple[set[type], pa.DataType], ...] = (
    ({bool}, pa.bool_()),
    ({int, _Long}, pa.int64()),
    ({int, float}, pa.float64()),
    ({dt.datetime, dt.date}, pa.timestamp("us")),
)


def kind_of(value: Any) -> type:
    """Return a value's type; ``str`` for an integer too large for any column of numbers."""
    if type(value) is not int or abs(value) <= _EXACT_FLOATS:
        return type(value)
    return _Long if abs(value) < _INT64 else str


def type_of(kinds: set[type]) -> pa.DataType:
    """Return the Arrow type for values of these kinds (:func:`kind_of`); text where they are mixed or nested."""
    kinds = kinds - {type(None)}
    for types, arrow in _ARROW:
        if kinds and kinds <= types:
            return arrow
    return pa.string()


def sheet_cell(cell: Any, text: bool) -> Any:
    """Return a spreadsheet cell's value in the type of its column."""
    if cell == "":
        return None
    if text:
        return cell_text(cell)
    # A spreadsheet's date without a time is a date, which Arrow doesn't accept as a timestamp.
    return dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell


def sheet_cell_type(cell: Any) -> type:
    """Return a cell's type; spreadsheets have only floats, so whole ones count as integers."""
    if cell == "":
        return type(None)
    return int if isinstance(cell, float) and cell.is_integer() and abs(cell) < _INT64 else type(cell)
