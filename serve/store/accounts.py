"""User accounts, roles, and the scopes that roles grant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from serve.errors import NotFoundError, OrderError
from serve.store import models
from serve.store.database_errors import add_unique
from serve.store.passwords import hashed_password

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_MAX_FULL_NAME_CHARS = 200


class Scope(StrEnum):
    """Permission to use a part of the HTTP interface."""

    SUGGEST = "suggest"  # ask for suggestions, nothing stored
    INTAKE = "intake"  # send complaints, fetch replies
    READ = "read"
    IDENTITY = "identity"  # see reporters and secret complaints
    DECIDE = "decide"
    REVIEW = "review"  # judge decisions for the next model
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """Label shown to users."""
        return _LABELS[self]


class Role(StrEnum):
    """Role of a user at the desk."""

    PETUGAS = "petugas"  # decides
    PENYELIA = "penyelia"  # decides, judges decisions, sees the figures
    ANALIS = "analis"  # reads and judges decisions, but sees no reporters and nothing secret
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[Scope]:
        """Scopes that the role grants."""
        return _SCOPES[self]


_LABELS = {
    Scope.SUGGEST: "meminta usulan",
    Scope.INTAKE: "mengirim aduan",
    Scope.READ: "membaca aduan",
    Scope.IDENTITY: "melihat pelapor dan yang rahasia",
    Scope.DECIDE: "memutuskan",
    Scope.REVIEW: "memeriksa keputusan",
    Scope.ADMIN: "mengelola",
}
_DECIDING = frozenset({Scope.SUGGEST, Scope.INTAKE, Scope.READ, Scope.IDENTITY, Scope.DECIDE})
_SCOPES = {
    Role.PETUGAS: _DECIDING,
    Role.PENYELIA: _DECIDING | {Scope.REVIEW},
    Role.ANALIS: frozenset({Scope.SUGGEST, Scope.READ, Scope.REVIEW}),
    Role.ADMIN: frozenset(Scope),
}


def add_user(
    session: Session, name: str, password: str, *, full_name: str, role: Role, now: dt.datetime
) -> models.User:
    """Add a user.

    Raises
    ------
    OrderError
        If the name is taken or invalid, the full name is invalid, or the password is too short or too long.
    """
    if not _NAME.fullmatch(name):
        raise OrderError(
            f"Nama pengguna {name!r} tidak sah.",
            mend="Pakai 2 sampai 64 huruf kecil, angka, titik, atau tanda hubung.",
            english=f"{name!r} is not a valid user name. Use 2 to 64 lower-case letters, digits, dots or hyphens.",
        )
    full_name = full_name.strip() or name
    if len(full_name) > _MAX_FULL_NAME_CHARS or not full_name.isprintable():
        raise OrderError(
            "Nama lengkap tidak sah.",
            mend=f"Pakai paling banyak {_MAX_FULL_NAME_CHARS} karakter yang dapat dicetak.",
            english=f"A full name has at most {_MAX_FULL_NAME_CHARS} characters, all of them printable.",
        )
    user = models.User(
        name=name, full_name=full_name, role=str(role), password_hash=hashed_password(password), created_at=now
    )
    taken = OrderError(
        f"Pengguna {name!r} sudah ada.",
        mend=f"Pakai nama lain. Kata sandi baru untuknya: disposisi user password {name}.",
        english=f"User {name!r} already exists. Choose another name, or change the password: "
        f"disposisi user password {name}.",
    )
    add_unique(session, user, taken)
    return user


def users(session: Session) -> Sequence[models.User]:
    """Return all users, ordered by name."""
    return session.scalars(select(models.User).order_by(models.User.name)).all()


def accounts_exist(session: Session) -> bool:
    """Tell whether any account exists, disabled or not: from the first one on, the desk requires a login."""
    return bool(session.scalar(select(func.count()).select_from(models.User)))


def user_named(session: Session, name: str) -> models.User:
    """Return a user by name.

    Raises
    ------
    NotFoundError
        If there is no such user.
    """
    user = session.scalar(select(models.User).where(models.User.name == name))
    if user is None:
        raise NotFoundError(
            f"Tidak ada pengguna {name!r}.",
            mend="Pilih dari daftar di Kelola.",
            english=f"There is no user {name!r}. See: disposisi user list.",
        )
    return user


def set_password(session: Session, name: str, password: str) -> None:
    """Set a new password, unlock and enable the account, and end all its logins.

    Raises
    ------
    NotFoundError, OrderError
        If there is no such user, or the password is too short or too long.
    """
    user = user_named(session, name)
    user.password_hash = hashed_password(password)
    user.failed_logins, user.locked_until, user.disabled_at = 0, None, None
    _end_logins(session, user)


def disable_user(session: Session, name: str, now: dt.datetime) -> None:
    """Disable a user's account and end its logins; the user's decisions stay on record.

    Raises
    ------
    NotFoundError
        If there is no such user.
    """
    user = user_named(session, name)
    user.disabled_at = now
    _end_logins(session, user)


def _end_logins(session: Session, user: models.User) -> None:
    session.execute(delete(models.LoginSession).where(models.LoginSession.user_id == user.id))
