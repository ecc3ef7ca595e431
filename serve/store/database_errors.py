"""Database errors: temporary ones, which can be retried, damage, and names that are taken."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import Session

from serve.errors import OrderError, StoreError, StoreUnavailableError
from serve.store.models.base import Base

# Server gone, stopping, starting or giving up; file that cannot be opened for now.
_LOST = (
    "connect", "terminat", "shutting down", "starting up", "recovery", "server closed", "canceling statement",
    "deadlock", "unable to open",
)  # fmt: skip
_FULL = ("is full", "disk i/o error", "no space")
# Disk remounted read-only after an error, file moved away, server turned into a standby.
_READ_ONLY = ("readonly database", "read-only transaction")


def store_trouble(error: Exception) -> StoreUnavailableError | None:
    """Return the error to report for a temporary database error; ``None`` for any other error.

    The database's own message is only searched for keywords, and never passed on.
    """
    if isinstance(error, NoConnectionError):
        return StoreUnavailableError(
            "Semua sambungan ke basis data sedang dipakai.",
            mend="Kirim lagi sesudah beberapa detik.",
            english="All connections to the database are in use. Try again in a few seconds.",
        )
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    if "locked" in said:
        return StoreUnavailableError(
            "Basis data sedang dikunci proses lain.",
            mend="Kirim lagi sesudah beberapa detik.",
            english="Another process has locked the database. Try again in a few seconds.",
        )
    if any(word in said for word in _READ_ONLY):
        return read_only()
    if any(word in said for word in _FULL):
        return full()
    if error.connection_invalidated or any(word in said for word in _LOST):
        return StoreUnavailableError(
            "Basis data tidak menjawab.",
            mend="Kirim lagi sesudah beberapa detik.",
            english="The database does not answer. Try again in a few seconds.",
        )
    return None


def read_only() -> StoreUnavailableError:
    """Return the error for a database that is read-only for now."""
    return StoreUnavailableError(
        "Basis data sedang hanya dapat dibaca.",
        mend="Beri tahu admin; belum ada yang disimpan.",
        english="The database is read-only. Check the permissions, and its disk or server.",
    )


def full() -> StoreUnavailableError:
    """Return the error for a full disk."""
    return StoreUnavailableError(
        "Ruang penyimpanan basis data penuh.",
        mend="Beri tahu admin; belum ada yang disimpan.",
        english="The database's disk is full or failing. Free some space, then run the same command again.",
    )


def damage(error: Exception) -> StoreError | None:
    """Return the error to report for a damaged SQLite file; ``None`` for any other error."""
    if not isinstance(error, DBAPIError) or "malformed" not in str(error.orig):
        return None
    return StoreError(
        "The store's file is damaged.", mend="Replace it with a copy: disposisi restore COPY --overwrite."
    )


def first_line(error: Exception) -> str:
    """Return the first line of the driver's message; the next ones may quote what is stored."""
    return str(getattr(error, "orig", error)).strip().partition("\n")[0].rstrip(".")


def add_unique(session: Session, row: Base, taken: OrderError) -> None:
    """Add a row, or raise ``taken`` if another one has its unique name; the session can be used on.

    Another process may add the same name meanwhile, so that only the unique index decides.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise taken from None
