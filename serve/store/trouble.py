"""What a database's own error means for whoever asked: whether it may pass by itself."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from serve.errors import StoreError, StoreSilentError

# Of a server that is gone, going or coming back.
_LOST = ("connect", "terminat", "shutting down", "starting up", "recovery", "server closed")


def store_trouble(error: Exception) -> StoreSilentError | None:
    """Return what to tell of an error of the database that may pass by itself; ``None`` for any other.

    Only kinds of words of the database's own message are looked for; what it says is never told on.
    """
    if isinstance(error, NoConnectionError):
        return StoreSilentError("Semua sambungan ke basis data sedang dipakai.", mend="Kirim lagi beberapa detik lagi.")
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    if "locked" in said:
        return StoreSilentError(
            "Basis data sedang dikunci proses lain.",
            mend="Kirim lagi beberapa detik lagi.",
            english="Another process holds the database. Try again in some seconds.",
        )
    if "full" in said or "disk i/o error" in said or "no space" in said:
        return StoreSilentError(
            "Ruang penyimpanan basis data penuh.",
            mend="Beri tahu admin; belum ada yang disimpan.",
            english="The database's disk is full or fails. Make room; then the same command.",
        )
    if error.connection_invalidated or any(word in said for word in _LOST):
        return StoreSilentError(
            "Basis data tidak menjawab.",
            mend="Kirim lagi beberapa detik lagi.",
            english="The database doesn't answer. Try again in some seconds.",
        )
    return None


def damage(error: Exception) -> StoreError | None:
    """Return what to tell an administrator whose SQLite file is broken; ``None`` for any other error."""
    if not isinstance(error, DBAPIError) or "malformed" not in str(error.orig):
        return None
    return StoreError(
        "The store's file is damaged.", mend="Put a copy in its place: disposisi restore COPY --overwrite."
    )
