"""Logins in browsers: a random cookie, its hash in the store, a token for forms."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, not_, select
from sqlalchemy.orm import Session

from serve.store import models, passwords
from serve.store.database import Database
from serve.store.lasting import lasts

LOGIN_TIME = dt.timedelta(hours=12)  # one long shift
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Login:
    """A login that just began: what goes into the cookie and into forms."""

    token: str
    csrf_token: str
    expires_at: dt.datetime


def log_in(database: Database, name: str, password: str, now: dt.datetime) -> Login:
    """Begin the login of whoever has this name and password.

    Raises
    ------
    LoginRequiredError
        If nobody has.
    TooManyRequestsError
        If too many passwords were wrong, or too many are being checked.
    """
    tried = passwords.attempt(database, name, password, now)
    with database.writing() as session:  # what is counted stays, whatever comes out of it
        user = passwords.authenticate(session, tried, now)
        login = begin(session, user, now) if user else None
    if login is None:
        raise passwords.wrong_login()
    return login


def begin(session: Session, user: models.User, now: dt.datetime) -> Login:
    """Begin a login; logins that have ended are swept out."""
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
    """Delete the logins that have ended."""
    session.execute(delete(models.LoginSession).where(not_(lasts(models.LoginSession.expires_at, now, LOGIN_TIME))))


def find(session: Session, token: str, now: dt.datetime) -> tuple[models.User, models.LoginSession] | None:
    """Return who is logged in with this cookie; ``None`` if nobody is any more."""
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
    """End a login."""
    session.execute(delete(models.LoginSession).where(models.LoginSession.token_hash == hashed(token)))


def hashed(secret: str) -> str:
    """Return the SHA-256 of a random secret, as it stands in the store."""
    return hashlib.sha256(secret.encode()).hexdigest()
