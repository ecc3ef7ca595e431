"""Tables and queries of databases, read by a server-side cursor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError

from pipeline.batch.chunks import Piece, piece_rows, unique_names
from pipeline.batch.databases import translated_errors
from pipeline.batch.sql_types import Declared, cells_of, postgres_types, type_of_kinds
from pipeline.batch.value_types import kind_of
from pipeline.errors import DataError
from pipeline.sqlite_file import missing_file


@dataclass(frozen=True)
class SqlSource:
    """A table, in the order of its primary key, or a query, in its own order.

    Everything is read in one transaction, so rows written meanwhile are not seen.

    Attributes
    ----------
    query
        A ``SELECT``; without it the whole of ``table`` is read.

    Raises
    ------
    DataError
        If it is a SQLite file that does not exist.
    """

    engine: sa.Engine
    table: str | None = None
    query: str | None = None

    def __post_init__(self) -> None:
        if file := missing_file(self.engine.url):
            raise DataError(
                f"There is no database file {file}.", mend="Check the path; an absolute one starts with four slashes."
            )

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table or "the query"

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns, with the server's types for PostgreSQL, and with the types of all values for others."""
        with translated_errors(), self._connected() as connection:
            result = self._executed(connection, 1)
            names = unique_names(list(result.keys()))
            if self.engine.dialect.name == "postgresql":
                return pa.schema(list(zip(names, postgres_types(result, connection), strict=True)))
            kinds: list[set[type]] = [set() for _ in names]
            for row in result:
                for kind, cell in zip(kinds, row, strict=True):
                    kind.add(kind_of(cell))
            return pa.schema([(name, type_of_kinds(kind)) for name, kind in zip(names, kinds, strict=True)])

    @cached_property
    def expected_rows(self) -> int:
        """How many rows there are."""
        with translated_errors(), self._connected() as connection:
            if self.query is not None:
                # The parenthesis is closed on its own line: the query may end in a comment.
                counted = connection.exec_driver_sql(f"SELECT count(*) FROM ({self._driver_query}\n) AS counted")  # noqa: S608
            else:
                counted = connection.execute(sa.select(sa.func.count()).select_from(self._reflected))
            return int(counted.scalar_one())

    def fingerprint(self) -> dict[str, Any]:
        """Return what is read, and how many rows it had; the rows themselves are compared chunk by chunk."""
        url = self.engine.url.render_as_string(hide_password=True)
        return {"url": url, "table": self.table, "query": self.query, "rows": self.expected_rows}

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time, from a server-side cursor.

        Raises
        ------
        DatabaseError
            If the connection is lost.
        """
        with translated_errors(), self._connected() as connection:
            result = self._executed(connection, size)
            kinds = [field.type for field in self.schema]
            rows = ((number, cells_of(row, kinds)) for number, row in enumerate(result, start=1))
            yield from piece_rows(rows, self.schema, size, self.name)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            else:
                yield connection

    def _executed(self, connection: sa.Connection, size: int) -> sa.CursorResult[Any]:
        connection = connection.execution_options(stream_results=True, yield_per=size)
        if self.query is not None:
            result = connection.exec_driver_sql(self._driver_query)
            if not result.returns_rows:
                raise DataError("The query is not a SELECT: it returns no rows.", mend="Write a SELECT.")
            return result
        table = self._reflected
        return connection.execute(sa.select(table).order_by(*table.primary_key.columns))

    @cached_property
    def _driver_query(self) -> str:
        query = (self.query or "").strip().rstrip(";")
        # psycopg would take a percent sign for a parameter.
        return query.replace("%", "%%") if self.engine.dialect.paramstyle in {"format", "pyformat"} else query

    @cached_property
    def _reflected(self) -> sa.Table:
        schema, _, name = (self.table or "").rpartition(".")
        listeners = [("column_reflect", _declare)] if self.engine.dialect.name == "sqlite" else []
        try:
            return sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=self.engine, listeners=listeners)
        except NoSuchTableError:
            raise DataError(
                f"The database has no table {self.table!r}.",
                mend="Check the spelling; write it as TABLE or SCHEMA.TABLE.",
            ) from None


def _declare(_inspector: Any, _table: sa.Table, column: Any) -> None:
    column["type"] = Declared(column["type"])
