"""People: who they are, and what their role lets them do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from serve.errors import NotFoundError, OrderError
from serve.store import models
from serve.store.passwords import hashed_password

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_MAX_FULL_NAME_CHARS = 200


class Scope(StrEnum):
    """What somebody may do over HTTP."""

    SUGGEST = "suggest"  # ask for suggestions, nothing stored
    INTAKE = "intake"  # bring complaints, fetch replies
    READ = "read"
    IDENTITY = "identity"  # read who reported, and secret complaints
    DECIDE = "decide"
    REVIEW = "review"  # judge decisions for the next model
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The words for people."""
        return _LABELS[self]


class Role(StrEnum):
    """What a person is at the desk."""

    PETUGAS = "petugas"  # decides
    PENYELIA = "penyelia"  # decides, judges decisions, and looks at the figures
    ANALIS = "analis"  # reads and judges decisions, but not who reported, and nothing secret
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the role may do."""
        return _SCOPES[self]


_LABELS = {
    Scope.SUGGEST: "minta usulan",
    Scope.INTAKE: "kirim aduan",
    Scope.READ: "baca aduan",
    Scope.IDENTITY: "lihat pelapor dan yang rahasia",
    Scope.DECIDE: "memutuskan",
    Scope.REVIEW: "menilai keputusan",
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
    """Add a person.

    Raises
    ------
    OrderError
        If the name is taken or cannot be one, the full name cannot be stored, or the password is too short.
    """
    if not _NAME.fullmatch(name):
        raise OrderError(
            f"Nama pengguna {name!r} tidak sah.",
            mend="Pakai 2 sampai 64 huruf kecil, angka, titik atau tanda hubung.",
            english=f"{name!r} is no user name. Take 2 to 64 small letters, digits, dots or hyphens.",
        )
    full_name = full_name.strip() or name
    if len(full_name) > _MAX_FULL_NAME_CHARS or not full_name.isprintable():
        raise OrderError(
            "Nama lengkap tidak sah.",
            mend=f"Pakai paling banyak {_MAX_FULL_NAME_CHARS} karakter yang dapat dicetak.",
            english=f"A full name has at most {_MAX_FULL_NAME_CHARS} characters, all of which can be printed.",
        )
    if session.scalar(select(models.User.id).where(models.User.name == name)) is not None:
        raise OrderError(
            f"Pengguna {name!r} sudah ada.",
            mend=f"Pakai nama lain. Kata sandi baru untuknya: disposisi user password {name}.",
            english=f"There is a user {name!r} already. Take another name, or: disposisi user password {name}.",
        )
    user = models.User(
        name=name, full_name=full_name, role=str(role), password_hash=hashed_password(password), created_at=now
    )
    session.add(user)
    session.flush()
    return user


def users(session: Session) -> Sequence[models.User]:
    """Return all people by name."""
    return session.scalars(select(models.User).order_by(models.User.name)).all()


def accounts_exist(session: Session) -> bool:
    """Tell whether anybody was ever given an account, disabled or not: from the first one on a login is asked for."""
    return bool(session.scalar(select(func.count()).select_from(models.User)))


def user_named(session: Session, name: str) -> models.User:
    """Return a person.

    Raises
    ------
    NotFoundError
        If there is none of this name.
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
    """Give a new password, free the account, and end all logins with the old one.

    Raises
    ------
    NotFoundError, OrderError
        If there is no such person, or the password is too short.
    """
    user = user_named(session, name)
    user.password_hash = hashed_password(password)
    user.failed_logins, user.locked_until, user.disabled_at = 0, None, None
    _end_logins(session, user)


def disable_user(session: Session, name: str, now: dt.datetime) -> None:
    """Let a person no longer log in; what they decided stays on record.

    Raises
    ------
    NotFoundError
        If there is no such person.
    """
    user = user_named(session, name)
    user.disabled_at = now
    _end_logins(session, user)


def _end_logins(session: Session, user: models.User) -> None:
    session.execute(delete(models.LoginSession).where(models.LoginSession.user_id == user.id))
