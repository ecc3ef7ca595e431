"""What all tables share: the base class, and the column types that SQLite and PostgreSQL must agree on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Dialect, Integer, MetaData, SmallInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from pipeline.complaint import Level

# 64 bits on PostgreSQL; SQLite numbers rows only in a column that is called INTEGER.
Identifier = BigInteger().with_variant(Integer, "sqlite")

LEVELS: tuple[Level, ...] = (Level.DARURAT, Level.TINGGI, Level.SEDANG, Level.RENDAH)


class Base(DeclarativeBase):
    """The base of all tables; constraints are named, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Json(TypeDecorator[Any]):
    """JSON, ``jsonb`` on PostgreSQL, whose dialect is imported only there: it is a fiftieth of what a start takes."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of a database."""
        if dialect.name != "postgresql":
            return super().load_dialect_impl(dialect)
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415

        return dialect.type_descriptor(JSONB())


class JsonObject(Json):
    """A JSON object; ``None`` where what is stored is none, for one damaged row must not fail a query of many."""

    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the column as it is to be fetched."""
        return _Raw(column)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads a stored value."""
        read = super().result_processor(dialect, coltype)

        def tolerant(value: Any) -> dict[str, Any] | None:
            try:
                found = read(value) if read else value
            except (ValueError, TypeError, RecursionError):
                return None
            return found if isinstance(found, dict) else None

        return tolerant


class _Raw(FunctionElement[Any]):
    """A column as bytes on SQLite, whose driver fails all the rows for one text that isn't UTF-8."""

    name = "raw"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Raw)
def _as_it_is(element: _Raw, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(_Raw, "sqlite")
def _as_bytes(element: _Raw, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **how)} AS BLOB)"


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment: ``timestamptz`` on PostgreSQL, UTC without zone on SQLite; always with zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a time without zone: nobody could say which moment it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment in the store needs its time zone.")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class UrgencyRank(TypeDecorator[Level]):
    """A level of urgency as a number, the most urgent 0, so that an index holds the order of the queue."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Level | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the level's place in the order."""
        return None if value is None else LEVELS.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Level | None:  # noqa: ARG002
        """Return the level."""
        return None if value is None else LEVELS[value]
