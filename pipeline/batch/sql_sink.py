"""New tables of databases, written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from pipeline.batch.chunks import BadRow
from pipeline.batch.databases import translated_errors
from pipeline.batch.flatten import flat, flat_schema
from pipeline.batch.refused import write_refused
from pipeline.batch.sql_types import as_text, copy_into, sql_type
from pipeline.errors import DatabaseError


@dataclass(frozen=True)
class SqlSink:
    """A new table, created and filled in one transaction.

    Attributes
    ----------
    refused
        The file that lists the refused rows.
    """

    engine: sa.Engine
    table: str
    refused: Path

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table

    @property
    def where(self) -> str:
        """The table's name, for messages."""
        return self.table

    def exists(self) -> bool:
        """Tell whether there is such a table."""
        schema, _, name = self.table.rpartition(".")
        with translated_errors():
            return bool(sa.inspect(self.engine).has_table(name, schema=schema or None))

    def try_out(self, schema: pa.Schema) -> None:
        """Create the table and roll back, to find the database's objections before hours of work.

        Raises
        ------
        DatabaseError
            If the table cannot be created, because of its column names or missing permissions.
        """
        if self.engine.dialect.name not in {"postgresql", "sqlite"}:  # other databases don't roll back a CREATE TABLE
            return
        try:
            with translated_errors(), self.engine.connect() as connection:  # rolled back
                _made_of(self.table, flat_schema(schema)).create(connection)
        except DatabaseError as error:
            raise DatabaseError(
                error.what, mend="Choose another --out-table, rename the columns, or write to a file: -o OUT."
            ) from None

    def write(self, schema: pa.Schema, tables: Iterable[pa.Table], rows: int) -> None:
        """Create the table with all rows.

        Raises
        ------
        DatabaseError
            If the table exists, or the connection is lost; in that case no table is created.
        """
        target = _made_of(self.table, flat_schema(schema))
        with translated_errors():
            if self.exists():
                # A run that was killed after its commit has already written the same table.
                if not self._is_written(target, tables, rows):
                    raise DatabaseError(f"Table {self.table} already exists.", mend="Choose another --out-table.")
                return
            with self.engine.begin() as connection:
                target.create(connection)
                for table in tables:
                    _insert(connection, target, flat(table))

    def write_refused(self, rows: Iterable[BadRow]) -> None:
        """Write which rows were refused."""
        write_refused(self.refused, rows)

    def _is_written(self, target: sa.Table, tables: Iterable[pa.Table], rows: int) -> bool:
        """Tell whether the table has these rows, by its columns, the number of rows, and each column's characters.

        A database doesn't keep the order of rows, nor every value unchanged, but it does keep texts.
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
    """Return the cells; in a text column all as text, even durations, and without NUL, which databases reject."""
    cells: list[Any] = column.to_pylist()
    if not isinstance(sql_type(column.type), sa.Text):
        return cells
    texts = map(as_text, cells)
    return [text.replace("\x00", " ") if text and "\x00" in text else text for text in texts]


def _made_of(name: str, schema: pa.Schema) -> sa.Table:
    space, _, table = name.rpartition(".")
    columns = [sa.Column(field.name, sql_type(field.type)) for field in schema]
    return sa.Table(table, sa.MetaData(), *columns, schema=space or None)
