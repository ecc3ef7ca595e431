"""API keys of other systems: shown once, stored hashed, with scopes and a rate limit."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.errors import NotFoundError, OrderError
from serve.store import models
from serve.store.accounts import Scope
from serve.store.database_errors import add_unique
from serve.store.logins import hashed

PREFIX = "dsp_"  # so that secret scanners recognise a leaked key
DEFAULT_PER_MINUTE = 600
MOST_PER_MINUTE = 2**31 - 1  # the column's maximum
RECORDED = "kunci:"  # begins the names of keys on the record, which no user's name can
MAX_NAME_CHARS = 64  # the record's column has 100 characters, including the beginning
_BYTES = 32


def add_key(
    session: Session, name: str, scopes: Collection[Scope], *, now: dt.datetime, per_minute: int = DEFAULT_PER_MINUTE
) -> str:
    """Add a key and return it; only its hash is stored, so it cannot be shown again.

    Raises
    ------
    OrderError
        If the name is taken or invalid, no scope is given, or the limit isn't positive or is too large to store.
    """
    if not name.strip() or not scopes or not 0 < per_minute <= MOST_PER_MINUTE:
        raise OrderError(
            "Kunci butuh nama, cakupan, dan batas.",
            mend="Isi namanya dan pilih sedikitnya satu cakupan.",
            english="A key needs a name, a scope and a limit. For example: disposisi key add bot --scope intake.",
        )
    if len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise OrderError(
            f"Nama kunci {name!r} tidak sah.",
            mend=f"Pakai 1 sampai {MAX_NAME_CHARS} karakter yang dapat dicetak.",
            english=f"{name!r} is not a valid key name. Use 1 to {MAX_NAME_CHARS} printable characters.",
        )
    key = PREFIX + secrets.token_urlsafe(_BYTES)
    stored = models.ApiKey(
        name=name,
        key_hash=hashed(key),
        scopes=sorted(str(scope) for scope in scopes),
        per_minute=per_minute,
        created_at=now,
    )
    taken = OrderError(
        f"Kunci {name!r} sudah ada.",
        mend="Pakai nama lain; nama kunci lama tetap di catatan.",
        english=f"Key {name!r} already exists. Choose another name; those of old keys stay on record.",
    )
    add_unique(session, stored, taken)
    return key


def find_key(session: Session, key: str) -> models.ApiKey | None:
    """Return the stored key; ``None`` if it is unknown or revoked."""
    query = select(models.ApiKey).where(models.ApiKey.key_hash == hashed(key), models.ApiKey.revoked_at.is_(None))
    return session.scalar(query)


def keys(session: Session) -> Sequence[models.ApiKey]:
    """Return all keys, also revoked ones, ordered by name."""
    return session.scalars(select(models.ApiKey).order_by(models.ApiKey.name)).all()


def revoke_key(session: Session, name: str, now: dt.datetime) -> None:
    """Revoke a key.

    Raises
    ------
    NotFoundError
        If there is no such key.
    """
    key = session.scalar(select(models.ApiKey).where(models.ApiKey.name == name))
    if key is None:
        raise NotFoundError(
            f"Tidak ada kunci {name!r}.",
            mend="Pilih dari daftar di Kelola.",
            english=f"There is no key {name!r}. See: disposisi key list.",
        )
    key.revoked_at = key.revoked_at or now
