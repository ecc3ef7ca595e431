"""Password authentication, with limited concurrency and exponential lockout after wrong passwords."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from serve.errors import LoginRequiredError, OrderError, TooManyRequestsError
from serve.store import models
from serve.store.database import Database
from serve.store.expiry import lasts
from serve.store.unknown_users import Tries, UnknownUsers

MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 200
FREE_TRIES = 4
LONGEST_LOCK = dt.timedelta(minutes=15)
CHECKED_AT_ONCE = 2  # concurrent checks per process: each takes 64 MiB, and all cores for a moment
WAITING, WAIT_SECONDS = 8, 5.0  # queue for a check: each waiting login occupies one of the desk's threads
RETRY_SECONDS = 2
_hasher = PasswordHasher()  # Argon2id with the parameters of RFC 9106's second recommendation
_places = BoundedSemaphore(CHECKED_AT_ONCE)
_room = BoundedSemaphore(CHECKED_AT_ONCE + WAITING)
_unknown_users: WeakKeyDictionary[Database, UnknownUsers] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Result of checking a password against the hash of the user with the name.

    Attributes
    ----------
    password_hash
        The hash that it was checked against.
    renewed_hash
        The hash to store from now on; differs from ``password_hash`` if Argon2's parameters have changed.
    """

    name: str
    right: bool
    password_hash: str
    renewed_hash: str


def hashed_password(password: str) -> str:
    """Return the hash of a new password.

    Raises
    ------
    OrderError
        If it is too short or too long.
    """
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise OrderError(
            f"Kata sandi harus {MIN_PASSWORD_CHARS} sampai {MAX_PASSWORD_CHARS} karakter.",
            mend="Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak.",
            english=f"A password must have {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters. "
            "Several unrelated words are easy to remember and hard to guess.",
        )
    return _hasher.hash(password)


def attempt(database: Database, name: str, password: str, now: dt.datetime) -> Attempt:
    """Check a password outside any transaction: it takes as long as hundreds of writes, and SQLite has one writer.

    An unknown name takes as long as a wrong password, so that timing doesn't reveal which names exist.

    Raises
    ------
    TooManyRequestsError
        If the account is locked, or too many passwords are being checked.
    """
    with database.reading() as session:
        user = session.scalar(_named(name))
    stranger = None if user else _unknown_users_of(database)
    tries = stranger.of(_normal(name)) if stranger else Tries()
    _check_unlocked(user.locked_until if user else tries.locked_until, now)
    with _taken(_room, 0), _taken(_places, WAIT_SECONDS):
        known = user.password_hash if user else _nobody()
        right = _verified(known, password)
        renewed = _hasher.hash(password) if right and _hasher.check_needs_rehash(known) else known
    if stranger:
        failed = stranger.of(_normal(name)).failed + 1  # read again: others may have tried meanwhile
        stranger.keep(_normal(name), Tries(failed, _locked_until(failed, now)))
    return Attempt(name, right, known, renewed)


def authenticate(session: Session, tried: Attempt, now: dt.datetime) -> models.User | None:
    """Return the user if the password was right; otherwise count the failure and return ``None``.

    The caller must commit in either case.

    Raises
    ------
    TooManyRequestsError
        If too many passwords were wrong in a row; the lock time doubles with each further one, up to 15 minutes.
    """
    user = session.scalar(_named(tried.name).with_for_update())
    if user is None:  # attempt() has counted it
        return None
    _check_unlocked(user.locked_until, now)
    unchanged = user.disabled_at is None and user.password_hash == tried.password_hash
    if tried.right and unchanged:  # neither disabled nor given a new password meanwhile
        user.failed_logins, user.locked_until = 0, None
        user.password_hash = tried.renewed_hash
        return user
    user.failed_logins += 1
    user.locked_until = _locked_until(user.failed_logins, now)
    return None


def wrong_login() -> LoginRequiredError:
    """Return the error for a wrong name or password, the same for both."""
    return LoginRequiredError("Nama pengguna atau kata sandi salah.", mend="Periksa keduanya, lalu coba lagi.")


def _named(name: str) -> Select[models.User]:
    """Return the query for a user by the name as typed."""
    return select(models.User).where(models.User.name == _normal(name))


def _normal(name: str) -> str:
    return name.strip().lower()


def _unknown_users_of(database: Database) -> UnknownUsers:
    return _unknown_users.setdefault(database, UnknownUsers())


def _locked_until(failed: int, now: dt.datetime) -> dt.datetime | None:
    """Return until when a name is locked after ``failed`` wrong passwords in a row; ``None`` if it isn't."""
    if failed < FREE_TRIES:
        return None
    return now + min(dt.timedelta(seconds=2 ** min(failed - FREE_TRIES + 1, 12)), LONGEST_LOCK)


@contextmanager
def _taken(places: BoundedSemaphore, seconds: float) -> Iterator[None]:
    """Hold a slot of a semaphore, waiting at most ``seconds`` for it."""
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


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[: MAX_PASSWORD_CHARS + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
