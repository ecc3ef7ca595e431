"""Arrow types for the columns of a database, and the reverse."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from pipeline.batch.arrow_columns import OUTSIDE_CALENDAR
from pipeline.batch.chunks import Unreadable
from pipeline.batch.flatten import as_plain
from pipeline.batch.value_types import type_of

# PostgreSQL's types by psycopg's names; all others are read as text. numeric has no bounds, so it doesn't fit Arrow's
# decimals, and as a float it would lose digits.
_POSTGRES_TYPES = {
    "int2": pa.int64(),
    "int4": pa.int64(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
    "bytea": pa.binary(),
}
_FLOAT_DIGITS = 15


def postgres_types(result: sa.CursorResult[Any], connection: sa.Connection) -> list[pa.DataType]:
    """Return the Arrow types of a PostgreSQL result's columns, as the server names their own."""
    driver: Any = connection.connection.driver_connection
    known = driver.adapters.types
    described: Any = result.cursor
    types = []
    for number in (column.type_code for column in described.description):
        entry = known.get(number)
        # An array shares its element's entry but not its number.
        own = entry is not None and entry.oid == number
        types.append(_POSTGRES_TYPES.get(entry.name, pa.string()) if own else pa.string())
    return types


def keep_as_text(connection: Any) -> None:
    """Make a psycopg connection return dates and times as text where Python cannot represent them: *infinity*."""
    import psycopg  # noqa: PLC0415 (an extra)
    from psycopg.types import datetime  # noqa: PLC0415

    def keeping(usual: type[psycopg.adapt.Loader]) -> type[psycopg.adapt.Loader]:
        def load(self: Any, data: psycopg.abc.Buffer) -> Any:
            try:
                return usual.load(self, data)
            except (psycopg.DataError, OverflowError):
                return bytes(data).decode()

        return type(usual.__name__, (usual,), {"load": load})

    for name, usual in (
        ("date", datetime.DateLoader),
        ("timestamp", datetime.TimestampLoader),
        ("timestamptz", datetime.TimestamptzLoader),
        ("time", datetime.TimeLoader),
        ("timetz", datetime.TimetzLoader),
        ("interval", datetime.IntervalLoader),
    ):
        connection.adapters.register_loader(name, keeping(usual))


def copy_into(target: sa.Table) -> Any:
    """Return psycopg's COPY statement for a table; SQLAlchemy would double the percent signs in names."""
    from psycopg import sql  # noqa: PLC0415 (an extra)

    place = sql.Identifier(*([target.schema] if target.schema else []), target.name)
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in target.columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(place, columns)


def type_of_kinds(kinds: set[type]) -> pa.DataType:
    """Return the Arrow type for values of these kinds; unlike a spreadsheet's, a column of dates has no times."""
    kinds = kinds - {type(None)}
    return pa.date32() if kinds == {dt.date} else pa.binary() if kinds == {bytes} else type_of(kinds)


def sql_type(kind: pa.DataType) -> sa.types.TypeEngine[Any]:
    """Return the type of a new table's column; text for what SQL has none for."""
    if pa.types.is_boolean(kind):
        return sa.Boolean()
    if pa.types.is_uint64(kind):
        return _Exact(20, 0)
    if pa.types.is_integer(kind):
        return sa.BigInteger()
    if pa.types.is_floating(kind):
        return sa.Double()
    if pa.types.is_timestamp(kind):
        return _Moment(timezone=True) if kind.tz is not None else sa.DateTime()
    if pa.types.is_date(kind):
        return sa.Date()
    if pa.types.is_decimal(kind):
        number = _Exact if kind.precision > _FLOAT_DIGITS else sa.Numeric
        return number(kind.precision, kind.scale)
    return sa.Text()


def as_text(cell: Any) -> str | None:
    """Return a value as text: bytes as hexadecimal digits, lists and structures as JSON."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return cell.hex()
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list) else str(cell)


def cells_of(row: Sequence[Any], kinds: Sequence[pa.DataType]) -> list[Any] | Unreadable:
    """Return a row's cells in the columns' types, or an unreadable row if a date or time does not fit."""
    if any(isinstance(cell, str) and pa.types.is_temporal(kind) for cell, kind in zip(row, kinds, strict=True)):
        return Unreadable(OUTSIDE_CALENDAR)
    return [as_text(cell) if kind == pa.string() else cell for cell, kind in zip(row, kinds, strict=True)]


class Declared(sa.types.UserDefinedType[Any]):
    """The declared type of a SQLite column, whose values may be of another type; these are returned unchanged.

    Dates are often written as 31/12/2025, for which SQLAlchemy would raise an error that quotes them.
    """

    cache_ok = True

    def __init__(self, kind: sa.types.TypeEngine[Any]) -> None:
        self.kind = kind

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return a function that converts a value if possible."""
        convert = self.kind.dialect_impl(dialect).result_processor(dialect, coltype)
        if convert is None:
            return None

        def converted(value: Any) -> Any:
            if isinstance(self.kind, sa.Boolean) and value not in (0, 1):  # any text would become true
                return value
            try:
                return convert(value)
            except (ValueError, TypeError, ArithmeticError):
                return value

        return converted


class _TextInSqlite(sa.types.TypeDecorator[Any]):
    """A type that SQLite lacks, and stores as text."""

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else self.impl_instance)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return as_plain(value) if dialect.name == "sqlite" and value is not None else value


class _Moment(_TextInSqlite):
    """A time with its zone, which SQLite would silently drop."""

    impl = sa.DateTime
    cache_ok = True


class _Exact(_TextInSqlite):
    """A number with more digits than a float; SQLite has only floats for it."""

    impl = sa.Numeric
    cache_ok = True
