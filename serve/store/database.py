"""The connection to the store: SQLite in one file by default, PostgreSQL by URL."""

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
from serve.store.trouble import damage, full, read_only

BUSY_MILLISECONDS = 10_000  # a writer waits this long for another one; an import commits far more often
CACHE_KIBIBYTES = 32_768
MMAP_BYTES = 256 * 1024 * 1024
# Where there is less, a complaint with all that is found in it may not fit; smaller changes still do for a while.
ROOM_BYTES = 1024 * 1024
_RECORDING_SECONDS = 1.0  # for which it is remembered that a change was stored
# An error's message must not hold a statement's values: they are complaints.
_OPTIONS: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20}
# A server behind a network that has broken says nothing, and the system would wait for it for a quarter of an hour; all
# threads would. In seconds, but for the second one; what stands in the URL counts more.
_PATIENCE: dict[str, int] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 10_000,  # milliseconds, for what was sent and not received
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Database:
    """The store's engine, and sessions that read or write.

    Parameters
    ----------
    url
        ``sqlite:///path/to/file`` or ``postgresql://user@host/name``.

    Raises
    ------
    StoreError
        If the URL is none, or the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.url = checked_url(url)
        self.engine = _engine(self.url)
        # A transaction that will write says so at its begin: SQLite then waits for its turn at once, instead of
        # failing when it has already read an older state.
        self._writers = sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._records_until = 0.0
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseError as error:
            if damaged := damage(error):
                raise damaged from None
            mend = "who may write there" if self.embedded else "that the server runs"
            raise StoreError(
                f"The database {self.url.render_as_string()} cannot be reached: {_first_line(error)}.",
                mend=f"Check --database or DISPOSISI_DATABASE_URL, and {mend}.",
            ) from None

    @property
    def embedded(self) -> bool:
        """Tell whether it is SQLite, the database that needs no server."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading."""
        with self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are stored when the block ends, all or none."""
        with self._writers.begin() as session:
            yield session

    def check_recording(self) -> None:
        """Pass if a complaint can be recorded: reading shows neither a full disk nor a file that only others may write.

        It is tried at most once a second, since anybody may ask. Where another process is writing, it passes.

        Raises
        ------
        StoreSilentError
            If the disk is full, or the database can only be read.
        SQLAlchemyError
            If the database can be used even less.
        """
        if time.monotonic() < self._records_until:
            return
        if self.embedded:
            self._check_file()
        else:
            with self.reading() as session:
                if session.scalar(text("SHOW transaction_read_only")) == "on":  # so it is on a copy, too
                    raise read_only()
        self._records_until = time.monotonic() + _RECORDING_SECONDS

    def _check_file(self) -> None:
        if self.url.database and shutil.disk_usage(Path(self.url.database).parent).free < ROOM_BYTES:
            raise full()
        with self.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                connection.exec_driver_sql("PRAGMA user_version = 0")  # as it was; a page is written all the same
            except OperationalError as error:
                if "locked" not in str(error.orig):
                    raise
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def checked_url(url: str) -> URL:
    """Return the URL of a database that the store can be in.

    Raises
    ------
    StoreError
        If it is none, or of another kind of database.
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
        # Other users of this machine must not read complaints; SQLite gives its log and index the same rights.
        with suppress(OSError):  # it is there already, or cannot be made: that is told when it is opened
            file.touch(mode=0o600, exist_ok=False)
    engine = create_engine(url, **_OPTIONS) if url.database else create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    # Readers and a writer don't wait for each other.
    cursor.execute("PRAGMA journal_mode = WAL")
    # A decision that a dispatcher saw accepted must survive a power cut (NORMAL could lose the last ones in WAL mode);
    # the sync costs about a millisecond, and decisions come one at a time.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    cursor.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".")
