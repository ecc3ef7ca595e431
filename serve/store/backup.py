"""Online backup and restore of the SQLite store; copies are verified and written atomically."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from pipeline.atomic_files import sync
from serve.errors import StoreError
from serve.store import audit, migrate, models
from serve.store.database import Database, checked_url

_HEADER = b"SQLite format 3\x00"
_BESIDE = ("-wal", "-shm", "-journal")  # files that SQLite keeps beside a database, and replays when it opens one
_UNFINISHED = ".disposisi-copy-"
_REPLACE = "Choose another file, or replace it with --overwrite."
_ABANDONED_SECONDS = 6 * 3600  # since the last write to a temporary file; verifying the largest copy takes minutes


@dataclass(frozen=True, slots=True)
class Copy:
    """Contents of a verified copy: numbers of complaints and of record entries, size in bytes."""

    complaints: int
    decisions: int
    size: int


def back_up(database: Database, file: Path, *, force: bool = False) -> Copy:
    """Copy the store into one file and verify the copy; others can read and write meanwhile.

    The copy is a consistent snapshot: it has every transaction that was committed before it began.

    Parameters
    ----------
    force
        Replace an existing file.

    Raises
    ------
    StoreError
        If the store is not a SQLite file, or is ``file`` itself; if the copy cannot be written, or is inconsistent with
        its record. ``file`` is then left unchanged.
    """
    if not database.embedded or not database.url.database:
        raise StoreError(
            "Only a SQLite store is a file.", mend="Use pg_dump: pg_dump --format=custom --file=COPY NAME."
        )
    source = Path(database.url.database)
    if file.exists() and file.samefile(source):
        # The server would keep writing to the replaced file, and lose what it writes.
        raise StoreError(f"{file} is the store itself.", mend="Write the copy to another file.")
    with _written_whole(file, force=force) as unfinished:
        # All pages in one step: in WAL mode a reader doesn't block writers, and a copy in several steps would restart
        # with every write.
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(unfinished)) as writer:
            reader.backup(writer)
        return _proved(unfinished)


def restore(file: Path, database_url: str, *, force: bool = False) -> Copy:
    """Replace the store with a copy, migrated to this version's schema and verified.

    Parameters
    ----------
    force
        Replace an existing store.

    Raises
    ------
    StoreError
        If the copy is damaged, inconsistent with its record or of a newer version; if a server still uses the store; if
        a store exists and ``force`` isn't given. The store is then left unchanged.
    """
    url = checked_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreError(
            "Only a SQLite store is a file.", mend="Use pg_restore: pg_restore --dbname=NAME COPY, into an empty one."
        )
    target = Path(url.database)
    if not file.exists():
        raise StoreError(f"There is no file {file}.", mend="Name a file that disposisi backup wrote.")
    if not file.is_file() or not _begins_like_a_store(file):
        raise StoreError(f"{file} is not a copy of a store.", mend="Name a file that disposisi backup wrote.")
    with _written_whole(target, force=force) as unfinished:
        with closing(_opened(file)) as reader, closing(sqlite3.connect(unfinished)) as writer:
            try:
                reader.backup(writer)
            except sqlite3.DatabaseError as error:
                raise _damaged(file, str(error)) from None
        proved = _proved(unfinished, named=file)
        if target.exists():
            _close(target)
        else:
            _forget_beside(target)  # a WAL left by a deleted store would be replayed into the copy
        return proved


@contextmanager
def _written_whole(file: Path, *, force: bool) -> Iterator[Path]:
    """Yield a temporary file beside ``file`` that is synced and replaces it if the block ends without error."""
    if file.exists() and not force:
        raise StoreError(f"{file} already exists.", mend=_REPLACE)
    unfinished: Path | None = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(file.parent)
        # mkstemp makes it readable by its owner only: it holds what citizens wrote.
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=file.parent)
        os.close(handle)
        unfinished = Path(name)
        yield unfinished
        sync(unfinished)
        if force:
            unfinished.replace(file)
        else:
            os.link(unfinished, file)  # fails if the file was created meanwhile
        sync(file.parent)
    except FileExistsError:
        raise StoreError(f"{file} already exists.", mend=_REPLACE) from None
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"{file} cannot be written: {error}.", mend="Check the folder and the free space.") from None
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
            _forget_beside(unfinished)


def _clear_abandoned(folder: Path) -> None:
    """Remove temporary files of killed commands: they hold what citizens wrote, and nobody would look for them."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):  # deleted meanwhile, or owned by somebody else
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                left.unlink()


def _proved(file: Path, named: Path | None = None) -> Copy:
    """Return the contents of a copy after verifying every page, foreign key and entry of the record."""
    named = named or file
    try:
        with closing(sqlite3.connect(file)) as connection:
            for pragma in ("integrity_check", "foreign_key_check"):
                rows = connection.execute(f"PRAGMA {pragma}").fetchall()
                if rows and rows != [("ok",)]:
                    raise _damaged(named, f"{pragma}: {rows[0][0]}")
    except sqlite3.DatabaseError as error:
        raise _damaged(named, str(error)) from None
    database = Database(f"sqlite:///{file}")
    try:
        if migrate.current(database) is None:
            raise StoreError(f"{named} is not a copy of a store.", mend="Name a file that disposisi backup wrote.")
        migrate.ensure_current(database)
        with database.reading() as session:
            if doubt := next(audit.doubts(session), None):
                raise _damaged(named, f"complaint {doubt.complaint}: {doubt.what}")
            complaints, decisions = (
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (models.Complaint, models.Decision)
            )
    finally:
        database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # so that the one file has everything
    return Copy(complaints, decisions, size=file.stat().st_size)


def _close(store: Path) -> None:
    """Take a store out of WAL mode, which only succeeds while nobody else has it open."""
    try:
        with closing(sqlite3.connect(store, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise StoreError(f"{store} is in use.", mend="Stop the service first: systemctl stop disposisi.") from None
    except sqlite3.DatabaseError:  # damaged, which is why it is being replaced
        _forget_beside(store)


def _forget_beside(store: Path) -> None:
    for name in _BESIDE:
        store.with_name(store.name + name).unlink(missing_ok=True)


def _begins_like_a_store(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(_HEADER)) == _HEADER


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _damaged(file: Path, what: str) -> StoreError:
    return StoreError(f"{file} is damaged ({what}).", mend="Use another copy.")
