"""Which Arrow type holds the values of a column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from pipeline.batch.values import cell_text

_EXACT_FLOATS, _INT64 = 2**53, 2**63


class _Long(int):
    """Stands for the whole numbers that a column of floats would round."""


_ARROW: tuple[tuple[set[type], pa.DataType], ...] = (
    ({bool}, pa.bool_()),
    ({int, _Long}, pa.int64()),
    ({int, float}, pa.float64()),
    ({dt.datetime, dt.date}, pa.timestamp("us")),
)


def kind_of(value: Any) -> type:
    """Return a value's type; for a whole number that no column of numbers holds, that of text."""
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
    """Return what stands in a cell, as its column has it."""
    if cell == "":
        return None
    if text:
        return cell_text(cell)
    # A day without a time is a day to a spreadsheet, and no time stamp to Arrow.
    return dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell


def sheet_cell_type(cell: Any) -> type:
    """Return a cell's type; every number is a float to a spreadsheet, whole ones are meant as such."""
    if cell == "":
        return type(None)
    return int if isinstance(cell, float) and cell.is_integer() and abs(cell) < _INT64 else type(cell)
