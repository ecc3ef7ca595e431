"""Tables of databases, read by a server-side cursor and written in one transaction, through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError

from pipeline.batch.chunks import BadRow, Piece, piece_rows, unique_names
from pipeline.batch.flat import flat, flat_schema
from pipeline.batch.refused import write_refused
from pipeline.batch.sql_types import (
    Declared,
    as_text,
    cells_of,
    copy_into,
    keep_as_text,
    postgres_types,
    sql_type,
    type_of_kinds,
)
from pipeline.batch.value_types import kind_of
from pipeline.errors import DatabaseError, DataError
from pipeline.sqlite_file import missing_file

_AGAIN = "Mend the query or the connection; then the same command goes on where it was."


def connect(url: str) -> sa.Engine:
    """Return the engine for a database's URL; nothing is connected yet.

    Raises
    ------
    DataError
        If it is no URL of a known database, or its driver isn't installed.
    """
    try:
        made = sa.make_url(url)
        if made.drivername == "postgresql":
            made = made.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(made)
    except (ArgumentError, NoSuchModuleError):
        raise DataError("That is no URL of a database.", mend="Write postgresql://user@host/name.") from None
    except ModuleNotFoundError as error:
        how = "pip install 'disposisi[postgres]'" if error.name == "psycopg" else "Install it, or export to files."
        raise DataError(f"The driver {error.name} isn't installed.", mend=how) from None
    if engine.driver == "psycopg":
        sa.event.listen(engine, "connect", lambda connection, _: keep_as_text(connection))
    if engine.dialect.name == "sqlite":
        # A byte that is no UTF-8 costs no more than itself, as in Parquet; sqlite3's error would quote the complaint.
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "text_factory", _replacing))
        # sqlite3 itself would commit a CREATE TABLE on its own; this gives SQLAlchemy the say
        # (SQLAlchemy, "Transactions with SQLite and the sqlite3 driver").
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


@dataclass(frozen=True)
class SqlSource:
    """A table, in the order of its primary key, or a query, in its own order.

    All is read in one transaction, so rows that others write meanwhile are not seen.

    Attributes
    ----------
    query
        A ``SELECT``; without it the whole of ``table`` is read.

    Raises
    ------
    DataError
        If it is a SQLite file that isn't there.
    """

    engine: sa.Engine
    table: str | None = None
    query: str | None = None

    def __post_init__(self) -> None:
        if file := missing_file(self.engine.url):
            raise DataError(
                f"There is no database file {file}.", mend="Check the path; four slashes begin an absolute one."
            )

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table or "the query"

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns; of PostgreSQL as the server names their types, of others as all the values have them."""
        with _told(), self._connected() as connection:
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
        with _told(), self._connected() as connection:
            if self.query is not None:
                # Closed on a line of its own: the query may end in a comment.
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
        with _told(), self._connected() as connection:
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
                raise DataError("The query is no SELECT: it returns no rows.", mend="Write one.")
            return result
        table = self._reflected
        return connection.execute(sa.select(table).order_by(*table.primary_key.columns))

    @cached_property
    def _driver_query(self) -> str:
        query = (self.query or "").strip().rstrip(";")
        # psycopg takes a percent sign for a place to fill.
        return query.replace("%", "%%") if self.engine.dialect.paramstyle in {"format", "pyformat"} else query

    @cached_property
    def _reflected(self) -> sa.Table:
        schema, _, name = (self.table or "").rpartition(".")
        listeners = [("column_reflect", _declare)] if self.engine.dialect.name == "sqlite" else []
        try:
            return sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=self.engine, listeners=listeners)
        except NoSuchTableError:
            raise DataError(
                f"The database has no table {self.table!r}.", mend="Write it as table or schema.table."
            ) from None


def _declare(_inspector: Any, _table: sa.Table, column: Any) -> None:
    column["type"] = Declared(column["type"])


def _replacing(content: bytes) -> str:
    return content.decode(errors="replace")


@dataclass(frozen=True)
class SqlSink:
    """A new table: made, filled and seen in one transaction.

    Attributes
    ----------
    refused
        The file that tells which rows were refused.
    """

    engine: sa.Engine
    table: str
    refused: Path

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table

    def exists(self) -> bool:
        """Tell whether there is such a table."""
        schema, _, name = self.table.rpartition(".")
        with _told():
            return bool(sa.inspect(self.engine).has_table(name, schema=schema or None))

    def try_out(self, schema: pa.Schema) -> None:
        """Make the table and take it back, to learn before hours of work what the database would say after them.

        Raises
        ------
        DatabaseError
            If there can be no such table: for its columns' names, for want of rights.
        """
        if self.engine.dialect.name not in {"postgresql", "sqlite"}:  # others would keep it
            return
        try:
            with _told(), self.engine.connect() as connection:  # rolled back
                _made_of(self.table, flat_schema(schema)).create(connection)
        except DatabaseError as error:
            raise DatabaseError(
                error.what, mend="Choose another --out-table or names for the columns, or write to a file: -o OUT."
            ) from None

    def write(self, schema: pa.Schema, tables: Iterable[pa.Table], rows: int) -> None:
        """Make the table with all rows.

        Raises
        ------
        DatabaseError
            If there is such a table, or the connection is lost; then there is none.
        """
        target = _made_of(self.table, flat_schema(schema))
        with _told():
            if self.exists():
                # A run that was killed after its commit has left exactly what this one would write.
                if not self._is_written(target, tables, rows):
                    raise DatabaseError(f"There is a table {self.table} already.", mend="Choose another --out-table.")
                return
            with self.engine.begin() as connection:
                target.create(connection)
                for table in tables:
                    _insert(connection, target, flat(table))

    def write_refused(self, rows: Iterable[BadRow]) -> None:
        """Write which rows were refused."""
        write_refused(self.refused, rows)

    def _is_written(self, target: sa.Table, tables: Iterable[pa.Table], rows: int) -> bool:
        """Tell whether the table has these rows: by its columns, and the number of rows and of characters in each.

        A database keeps no order of rows, and not every value as it got it; texts it does.
        """
        schema, _, name = self.table.rpartition(".")
        found = [column["name"] for column in sa.inspect(self.engine).get_columns(name, schema=schema or None)]
        if found != target.columns.keys():
            return False
        texts = [column for column in target.columns if isinstance(column.type, sa.Text)]
        length = sa.func.length if self.engine.dialect.name == "sqlite" else sa.func.char_length
        sums = [sa.func.coalesce(sa.func.sum(length(column)), 0) for column in texts]
        with self.engine.connect() as connection:
            counted = connection.execute(sa.select(sa.func.count(), *sums).select_from(target)).one()
        if counted[0] != rows:
            return False
        chars = dict.fromkeys((column.name for column in texts), 0)
        for table in map(flat, tables):
            for column in chars:
                chars[column] += sum(len(text) for text in _storable(table[column]) if text)
        return list(counted[1:]) == list(chars.values())


def _insert(connection: sa.Connection, target: sa.Table, table: pa.Table) -> None:
    columns = [_storable(column) for column in table.columns]
    rows = zip(*columns, strict=True)
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor.copy(copy_into(target)) as copy:
            for row in rows:
                copy.write_row(row)
    elif len(table):
        connection.execute(target.insert(), [dict(zip(table.schema.names, row, strict=True)) for row in rows])


def _storable(column: pa.ChunkedArray) -> list[Any]:
    """Return the cells; in a column of text all as text (a duration, too), without NUL, which no database stores."""
    cells: list[Any] = column.to_pylist()
    if not isinstance(sql_type(column.type), sa.Text):
        return cells
    texts = map(as_text, cells)
    return [text.replace("\x00", " ") if text and "\x00" in text else text for text in texts]


def _made_of(name: str, schema: pa.Schema) -> sa.Table:
    space, _, table = name.rpartition(".")
    columns = [sa.Column(field.name, sql_type(field.type)) for field in schema]
    return sa.Table(table, sa.MetaData(), *columns, schema=space or None)


@contextmanager
def _told() -> Iterator[None]:
    """Turn SQLAlchemy's errors into ours; its own text repeats the statement and its values."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _database_error(getattr(error, "orig", None) or error) from None
    except Exception as error:
        if type(error).__module__.split(".")[0] in {"psycopg", "sqlite3"}:
            raise _database_error(error) from None
        raise


def _database_error(error: BaseException) -> DatabaseError:
    kinds = [kind.__name__ for kind in type(error).__mro__]
    # The driver's names for what doesn't fit; its words quote the value, which a citizen may have written.
    quotes = not {"DataError", "IntegrityError"}.isdisjoint(kinds)
    lines = [] if quotes else str(error).splitlines()
    return DatabaseError(f"The database answered: {(lines or kinds)[0][:200].rstrip('.')}.", mend=_AGAIN)
