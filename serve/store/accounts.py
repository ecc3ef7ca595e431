"""People: who they are, what their role lets them do, and how they log in."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import BoundedSemaphore
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from serve.errors import LoginRequiredError, NotFoundError, OrderError, TooManyRequestsError
from serve.store import models
from serve.store.database import Database
from serve.store.lasting import lasts
from serve.store.strangers import Strangers, Tries

MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 200
FREE_TRIES = 4
LONGEST_LOCK = dt.timedelta(minutes=15)
CHECKED_AT_ONCE = 2  # passwords in a process: each takes 64 MiB, and all the cores for a moment
WAITING, WAIT_SECONDS = 8, 5.0  # for their turn: each has one of the threads that the desk is answered in
RETRY_SECONDS = 2
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_hasher = PasswordHasher()  # Argon2id with the parameters of RFC 9106's second recommendation
_places = BoundedSemaphore(CHECKED_AT_ONCE)
_strangers: WeakKeyDictionary[Database, Strangers] = WeakKeyDictionary()
_room = BoundedSemaphore(CHECKED_AT_ONCE + WAITING)


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
        If the name is taken or no name, or the password is too short.
    """
    if not _NAME.fullmatch(name):
        raise OrderError(
            f"Nama pengguna {name!r} tidak sah.",
            mend="Pakai 2 sampai 64 huruf kecil, angka, titik atau tanda hubung.",
            english=f"{name!r} is no user name. Take 2 to 64 small letters, digits, dots or hyphens.",
        )
    if session.scalar(select(models.User.id).where(models.User.name == name)) is not None:
        raise OrderError(
            f"Pengguna {name!r} sudah ada.",
            mend="Pakai nama lain, atau: disposisi user password.",
            english=f"There is a user {name!r} already. Take another name, or: disposisi user password {name}.",
        )
    user = models.User(
        name=name, full_name=full_name or name, role=str(role), password_hash=_hashed(password), created_at=now
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
            mend="Lihat: disposisi user list.",
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
    user.password_hash = _hashed(password)
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


@dataclass(frozen=True, slots=True)
class Attempt:
    """A password that was held against the hash of whoever has the name.

    Attributes
    ----------
    password_hash
        The hash it was held against.
    renewed_hash
        The one to keep from now on; another one where the parameters of Argon2 have changed.
    """

    name: str
    right: bool
    password_hash: str
    renewed_hash: str


def attempt(database: Database, name: str, password: str, now: dt.datetime) -> Attempt:
    """Check a password, in no transaction: it takes as long as hundreds of writes, and SQLite has one writer.

    An unknown name costs as much time as a wrong password.

    Raises
    ------
    TooManyRequestsError
        If the account is locked, or too many passwords are being checked.
    """
    with database.reading() as session:
        user = session.scalar(_named(name))
    stranger = None if user else _strangers_of(database)
    tries = stranger.of(_normal(name)) if stranger else Tries()
    _check_unlocked(user.locked_until if user else tries.locked_until, now)
    with _taken(_room, 0), _taken(_places, WAIT_SECONDS):
        known = user.password_hash if user else _nobody()
        right = _verified(known, password)
        renewed = _hasher.hash(password) if right and _hasher.check_needs_rehash(known) else known
    if stranger:
        failed = stranger.of(_normal(name)).failed + 1  # by now: others may have tried meanwhile
        stranger.keep(_normal(name), Tries(failed, _locked_until(failed, now)))
    return Attempt(name, right, known, renewed)


def authenticate(session: Session, tried: Attempt, now: dt.datetime) -> models.User | None:
    """Return the person whose password was right; ``None`` if there is none, which is counted.

    The caller must commit in either case.

    Raises
    ------
    TooManyRequestsError
        If too many passwords were wrong in a row; the delay doubles with each further one, up to 15 minutes.
    """
    user = session.scalar(_named(tried.name).with_for_update())
    if user is None:  # counted by the attempt
        return None
    _check_unlocked(user.locked_until, now)
    unchanged = user.disabled_at is None and user.password_hash == tried.password_hash
    if tried.right and unchanged:  # or it was changed meanwhile
        user.failed_logins, user.locked_until = 0, None
        user.password_hash = tried.renewed_hash
        return user
    user.failed_logins += 1
    user.locked_until = _locked_until(user.failed_logins, now)
    return None


def wrong_login() -> LoginRequiredError:
    """Return the one answer to a wrong name and to a wrong password."""
    return LoginRequiredError("Nama pengguna atau kata sandi salah.", mend="Periksa keduanya, lalu coba lagi.")


def _named(name: str) -> Select[models.User]:
    """Return the query for a person by the name as it was typed."""
    return select(models.User).where(models.User.name == _normal(name))


def _normal(name: str) -> str:
    return name.strip().lower()


def _strangers_of(database: Database) -> Strangers:
    return _strangers.setdefault(database, Strangers())


def _locked_until(failed: int, now: dt.datetime) -> dt.datetime | None:
    """Return until when a name is locked after so many wrong passwords in a row."""
    if failed < FREE_TRIES:
        return None
    return now + min(dt.timedelta(seconds=2 ** min(failed - FREE_TRIES + 1, 12)), LONGEST_LOCK)


@contextmanager
def _taken(places: BoundedSemaphore, seconds: float) -> Iterator[None]:
    """Take a place, waiting for it as long as that."""
    if not places.acquire(timeout=seconds):
        raise TooManyRequestsError(
            "Terlalu banyak yang masuk sekaligus.",
            mend=f"Coba lagi dalam {RETRY_SECONDS} detik.",
            retry_after=RETRY_SECONDS,
        )
    try:
        yield
    finally:
        places.release()


def _check_unlocked(locked_until: dt.datetime | None, now: dt.datetime) -> None:
    if locked_until is not None and lasts(locked_until, now, LONGEST_LOCK):
        seconds = math.ceil((locked_until - now).total_seconds())
        raise TooManyRequestsError(
            "Terlalu banyak kata sandi salah.", mend=f"Coba lagi dalam {seconds} detik.", retry_after=seconds
        )


def _hashed(password: str) -> str:
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise OrderError(
            f"Kata sandi harus {MIN_PASSWORD_CHARS} sampai {MAX_PASSWORD_CHARS} karakter.",
            mend="Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak.",
            english=f"A password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters. Several words that have "
            "nothing to do with each other are easy to remember and hard to guess.",
        )
    return _hasher.hash(password)


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[: MAX_PASSWORD_CHARS + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def _end_logins(session: Session, user: models.User) -> None:
    session.execute(delete(models.LoginSession).where(models.LoginSession.user_id == user.id))
