"""Makes Arrow columns usable that aren't as they come: views, unknown time zones, invalid UTF-8, impossible dates."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

OUTSIDE_CALENDAR = "a date outside the years 1 to 9999"
OUT_OF_RANGE = "a nested date outside the years 1 to 9999, or a duration that is too long"


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds texts; for a view of texts after :func:`readable_columns`."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def readable_columns(table: pa.Table) -> pa.Table:
    """Return a table whose rows can be taken and whose cells can be read.

    Arrow can neither take rows from views of text and bytes nor write them; they become plain columns. It cannot read
    timestamps in a zone whose name it doesn't know (``WIB``, ``utc``); they become the same moments in UTC, also those
    inside lists and structures.
    """
    for position, field in enumerate(table.schema):
        kind = _readable_type(field.type)
        if kind != field.type:
            table = table.set_column(position, field.name, table[position].cast(kind))
    return table


def with_valid_text(table: pa.Table) -> pa.Table:
    """Return a table whose texts are UTF-8; invalid bytes, which a Latin-1 writer may leave, become ``\ufffd``.

    Raises
    ------
    pyarrow.ArrowInvalid
        If something else in the table is not what its type says.
    """
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        for position, field in enumerate(table.schema):
            if is_text(field.type):
                cells = table[position].cast(pa.large_binary()).to_pylist()
                texts = [None if cell is None else cell.decode(errors="replace") for cell in cells]
                table = table.set_column(position, field, pa.array(texts, field.type))
        table.validate(full=True)
    return table


def outside_calendar(table: pa.Table) -> set[int]:
    """Return the positions of rows with a date or time outside the years 1 to 9999, which wrong units produce.

    Only Arrow and Parquet can represent them.
    """
    found: set[int] = set()
    for column in table.columns:
        moments = pa.types.is_timestamp(column.type)
        if per_day := _PER_DAY.get(column.type.unit if moments else str(column.type)):
            counted = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column.cast(pa.int64())
            outside = pc.or_(pc.less(counted, _FIRST_DAY * per_day), pc.greater(counted, _LAST_DAY * per_day))
            found.update(pc.indices_nonzero(outside).to_pylist())
    return found


def out_of_range(table: pa.Table) -> set[int]:
    """Return the positions of rows with a duration, or a time inside a list or structure, that Python cannot represent.

    They are looked for one by one only in columns that have some.
    """
    found: set[int] = set()
    for column in table.columns:
        if pa.types.is_duration(column.type) or (pa.types.is_nested(column.type) and _holds_times(column.type)):
            try:
                column.to_pylist()
            except (OverflowError, ValueError):
                found.update(position for position, cell in enumerate(column) if not _is_readable(cell))
    return found


_VIEWS = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
# Units per day of the types that can hold such a date, by unit or name. Nanoseconds end in the year 2262.
_PER_DAY = {"date32[day]": 1, "date64[ms]": 86_400_000, "s": 86_400, "ms": 86_400_000, "us": 86_400_000_000}
# Days since 1970, without the calendar's first and last day: a time zone may move them outside.
_FIRST_DAY, _LAST_DAY = (
    day.toordinal() - dt.date(1970, 1, 1).toordinal() for day in (dt.date(1, 1, 2), dt.date(9999, 12, 30))
)


def _readable_type(kind: pa.DataType) -> pa.DataType:
    """Return the type to cast a column to; where nothing in it is unreadable, its own."""
    types = pa.types
    if types.is_timestamp(kind) and kind.tz and not _is_known(kind.tz):
        return pa.timestamp(kind.unit, "UTC")
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _readable_type(kind.value_type), kind.ordered)
    inner = [kind.field(i).with_type(_readable_type(kind.field(i).type)) for i in range(kind.num_fields)]
    if all(field.type == kind.field(i).type for i, field in enumerate(inner)):
        return _VIEWS.get(kind, kind)
    if types.is_struct(kind):
        return pa.struct(inner)
    if types.is_map(kind):
        return pa.map_(*(field.type for field in inner[0].type))
    return pa.large_list(*inner) if types.is_large_list(kind) else pa.list_(*inner)


def _holds_times(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind)) or any(_holds_times(kind.field(i).type) for i in range(kind.num_fields))


def _is_readable(cell: pa.Scalar) -> bool:
    try:
        cell.as_py()
    except (OverflowError, ValueError):
        return False
    return True


@lru_cache
def _is_known(zone: str) -> bool:
    try:
        pa.scalar(0, pa.timestamp("s", zone)).as_py()
    except pa.ArrowInvalid:
        return False
    return True
