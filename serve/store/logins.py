"""Browser sessions: a random token in a cookie, its hash in the store, and a CSRF token for forms."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, not_, select
from sqlalchemy.orm import Session

from serve.store import models, passwords
from serve.store.database import Database
from serve.store.expiry import lasts

LOGIN_TIME = dt.timedelta(hours=12)  # one long shift
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Login:
    """A new login, with the tokens for the cookie and for forms."""

    token: str
    csrf_token: str
    expires_at: dt.datetime


def log_in(database: Database, name: str, password: str, now: dt.datetime) -> Login:
    """Log a user in with name and password.

    Raises
    ------
    LoginRequiredError
        If name or password is wrong.
    TooManyRequestsError
        If the account is locked after wrong passwords, or too many passwords are being checked at once.
    """
    tried = passwords.attempt(database, name, password, now)
    with database.writing() as session:  # commits the count of wrong passwords before the error is raised
        user = passwords.authenticate(session, tried, now)
        login = begin(session, user, now) if user else None
    if login is None:
        raise passwords.wrong_login()
    return login


def begin(session: Session, user: models.User, now: dt.datetime) -> Login:
    """Create a login, and delete expired ones."""
    sweep(session, now)
    login = Login(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES), now + LOGIN_TIME)
    session.add(
        models.LoginSession(
            token_hash=hashed(login.token),
            user_id=user.id,
            csrf_token=login.csrf_token,
            created_at=now,
            expires_at=login.expires_at,
        )
    )
    return login


def sweep(session: Session, now: dt.datetime) -> None:
    """Delete expired logins."""
    session.execute(delete(models.LoginSession).where(not_(lasts(models.LoginSession.expires_at, now, LOGIN_TIME))))


def find(session: Session, token: str, now: dt.datetime) -> tuple[models.User, models.LoginSession] | None:
    """Return user and session of a cookie's token; ``None`` if it is unknown, expired, or its account disabled."""
    query = (
        select(models.User, models.LoginSession)
        .join(models.User, models.User.id == models.LoginSession.user_id)
        .where(
            models.LoginSession.token_hash == hashed(token),
            lasts(models.LoginSession.expires_at, now, LOGIN_TIME),
            models.User.disabled_at.is_(None),
        )
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def end(session: Session, token: str) -> None:
    """Delete a login."""
    session.execute(delete(models.LoginSession).where(models.LoginSession.token_hash == hashed(token)))


def hashed(secret: str) -> str:
    """Return the SHA-256 of a random secret, in hexadecimal, as stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
