"""Databases, through SQLAlchemy: connecting, and reporting their errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from pipeline.batch.sql_types import keep_as_text
from pipeline.errors import DatabaseError, DataError

_AGAIN = "Fix the query or the connection, then run the same command to resume."


def connect(url: str) -> sa.Engine:
    """Return the engine for a database's URL; nothing is connected yet.

    Raises
    ------
    DataError
        If it is not the URL of a supported database, or its driver isn't installed.
    """
    try:
        made = sa.make_url(url)
        if made.drivername == "postgresql":
            made = made.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(made)
    except (ArgumentError, NoSuchModuleError):
        raise DataError(
            "This is not a valid database URL.", mend="Write postgresql://user@host/name or sqlite:///FILE."
        ) from None
    except ModuleNotFoundError as error:
        postgres = error.name == "psycopg"
        how = "Install it: pip install 'disposisi[postgres]'." if postgres else "Install it, or export to files."
        raise DataError(f"The database driver {error.name} is not installed.", mend=how) from None
    if engine.driver == "psycopg":
        sa.event.listen(engine, "connect", lambda connection, _: keep_as_text(connection))
    if engine.dialect.name == "sqlite":
        # Only the invalid byte is replaced, as with Parquet; sqlite3's error would quote the complaint.
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "text_factory", _replacing))
        # sqlite3 would commit a CREATE TABLE by itself; this leaves transactions to SQLAlchemy
        # (SQLAlchemy, "Transactions with SQLite and the sqlite3 driver").
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn SQLAlchemy's errors into ours: its messages repeat the statement and its values."""
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
    # Raised for values that don't fit; the message quotes the value, which a citizen may have written. So may those of
    # Python's own errors, such as for a date that cannot be read.
    quotes = not {"DataError", "IntegrityError"}.isdisjoint(kinds) or type(error).__module__ == "builtins"
    lines = [] if quotes else str(error).splitlines()
    return DatabaseError(f"The database reported: {(lines or kinds)[0][:200].rstrip('.')}.", mend=_AGAIN)


def _replacing(content: bytes) -> str:
    return content.decode(errors="replace")
