"""Declarative base class, and column types that behave the same on SQLite and PostgreSQL."""

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

# 64 bits on PostgreSQL; SQLite autoincrements only columns of type INTEGER.
Identifier = BigInteger().with_variant(Integer, "sqlite")

LEVELS: tuple[Level, ...] = (Level.DARURAT, Level.TINGGI, Level.SEDANG, Level.RENDAH)


class Base(DeclarativeBase):
    """Base class of all tables; a naming convention gives constraints names that migrations can refer to."""

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
    """JSON, ``jsonb`` on PostgreSQL; its dialect is imported only when used, which saves a fiftieth of startup time."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the implementation for a dialect."""
        if dialect.name != "postgresql":
            return super().load_dialect_impl(dialect)
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415

        return dialect.type_descriptor(JSONB())


class JsonObject(Json):
    """A JSON object; ``None`` if the stored value isn't one, so that a damaged row doesn't fail a query of many."""

    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the expression with which the column is selected."""
        return _Raw(column)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return a function that converts a stored value, or returns ``None`` if it is damaged."""
        read = super().result_processor(dialect, coltype)

        def tolerant(value: Any) -> dict[str, Any] | None:
            try:
                found = read(value) if read else value
            except (ValueError, TypeError, RecursionError):
                return None
            return found if isinstance(found, dict) else None

        return tolerant


class _Raw(FunctionElement[Any]):
    """A column selected as bytes on SQLite, whose driver fails for all rows if one text isn't UTF-8."""

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
    """An aware datetime: ``timestamptz`` on PostgreSQL, naive UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the value as stored; refuse a naive datetime, which is ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time in the store needs a time zone.")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Return the value as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class UrgencyRank(TypeDecorator[Level]):
    """A level of urgency stored as its rank, 0 for the most urgent, so that an index has the order of the queue."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Level | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the level's rank."""
        return None if value is None else LEVELS.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Level | None:  # noqa: ARG002
        """Return the level of a rank."""
        return None if value is None else LEVELS[value]
