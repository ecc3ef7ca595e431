"""Database connection and sessions: SQLite in one file by default, PostgreSQL by URL."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from serve.errors import StoreError
from serve.store.database_errors import damage, first_line, full, read_only

BUSY_MILLISECONDS = 10_000  # how long a writer waits for another one; an import commits far more often
CACHE_KIBIBYTES = 32_768
MMAP_BYTES = 256 * 1024 * 1024
# With less free space, a complaint and its suggestion may not fit; smaller changes still do for a while.
ROOM_BYTES = 1024 * 1024
_RECORDING_SECONDS = 1.0  # for which a successful write check is cached
# hide_parameters: error messages must not contain a statement's values, which are complaints.
_OPTIONS: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20}
# If the network to the server breaks, the system would wait for a quarter of an hour, and so would all threads. In
# seconds unless noted; parameters in the URL take precedence.
_PATIENCE: dict[str, int] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 10_000,  # milliseconds, for data sent but not acknowledged
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Database:
    """The store's engine, with read and write sessions.

    Parameters
    ----------
    url
        ``sqlite:///path/to/file`` or ``postgresql://user@host/name``.

    Raises
    ------
    StoreError
        If the URL is invalid, or the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.url = checked_url(url)
        self.engine = _engine(self.url)
        # Write transactions begin with BEGIN IMMEDIATE: SQLite then waits for the lock at once, instead of failing when
        # a transaction that has read an older state tries to write.
        self._writers = sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._records_until = 0.0
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseError as error:
            if damaged := damage(error):
                raise damaged from None
            mend = "the file's permissions" if self.embedded else "that the server runs"
            raise StoreError(
                f"The database {self.url.render_as_string()} cannot be reached: {first_line(error)}.",
                mend=f"Check --database or DISPOSISI_DATABASE_URL, and {mend}.",
            ) from None

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite, which needs no server."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a read session."""
        with self._readers() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Yield a read session that sees the store of one moment, for several queries whose results must agree."""
        with self.reading() as session:
            if not self.embedded:  # SQLite's transactions always do
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a write session that is committed when the block ends, or rolled back on an error."""
        with self._writers.begin() as session:
            yield session

    def check_recording(self) -> None:
        """Check that the database is writable; a read would reveal neither a full disk nor missing permissions.

        Checked at most once a second, since anybody may ask. Passes if another process is writing.

        Raises
        ------
        StoreUnavailableError
            If the disk is full, or the database is read-only.
        SQLAlchemyError
            If the database fails in any other way.
        """
        if time.monotonic() < self._records_until:
            return
        if self.embedded:
            self._check_file()
        else:
            with self.reading() as session:
                if session.scalar(text("SHOW transaction_read_only")) == "on":  # also on a standby
                    raise read_only()
        self._records_until = time.monotonic() + _RECORDING_SECONDS

    def _check_file(self) -> None:
        if self.url.database and shutil.disk_usage(Path(self.url.database).parent).free < ROOM_BYTES:
            raise full()
        with self.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                connection.exec_driver_sql("PRAGMA user_version = 0")  # value unchanged, but forces a write
            except OperationalError as error:
                if "locked" not in str(error.orig):
                    raise
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def checked_url(url: str) -> URL:
    """Parse a database URL, and set the driver for PostgreSQL.

    Raises
    ------
    StoreError
        If the URL is invalid, or not of SQLite or PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            "The database given by --database or DISPOSISI_DATABASE_URL is no database URL.",
            mend="Write sqlite:///file.sqlite3 or postgresql://user@host/name.",
        ) from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(f"{backend!r} databases are not supported.", mend="Use SQLite or PostgreSQL.")
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
            return create_engine(url, pool_pre_ping=True, connect_args=patience, **_OPTIONS)
        except ModuleNotFoundError:
            raise StoreError(
                "The driver for PostgreSQL is not installed.", mend='Install it: pip install "disposisi[postgres]".'
            ) from None
    if url.database and url.database != ":memory:":
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Other users of this machine must not read complaints; SQLite gives its WAL files the same permissions.
        with suppress(OSError):  # it exists, or cannot be created: opening it then raises the error
            file.touch(mode=0o600, exist_ok=False)
    engine = create_engine(url, **_OPTIONS) if url.database else create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    # Readers and a writer don't block each other.
    cursor.execute("PRAGMA journal_mode = WAL")
    # An acknowledged decision must survive a power failure (NORMAL could lose the last ones in WAL mode); a sync takes
    # about a millisecond, and decisions come one at a time.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    cursor.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
