"""Who is asking, and whether they may.

Three ways in: a key in the header ``Authorization: Bearer …``, a login's cookie, and, only on the machine itself and
only while no account was ever made, the demo user.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from serve.errors import ForbiddenError, LoginRequiredError
from serve.identity import Identity
from serve.media_type import media_type
from serve.origin import check_origin, is_local
from serve.rate_limit import RateLimit
from serve.store import accounts, keys, logins, models
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from serve.store.logins import hashed

COOKIE = "disposisi_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ACCOUNTS_SECONDS = 1.0  # for which it is remembered that there is no account
_KEY_SECONDS = 1.0  # for which it is remembered that a key may ask for suggestions
_AGAIN_SECONDS = 0.5  # before the end of either, when a thread asks again, so that no request has to wait for it


@dataclass(frozen=True, slots=True)
class _SuggestKey:
    """A key that was found to open suggestions, and until when, in seconds of the monotonic clock, that is believed."""

    id: int
    per_minute: int
    until: float


class Door:
    """Tells who is asking; one per application."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._limit = RateLimit()
        self._without_accounts_until = 0.0
        self._suggest_keys: dict[str, _SuggestKey] = {}  # by their hash
        self._asker = ThreadPoolExecutor(1, "door")
        self._asked_again: dict[int | None, float] = {}  # by key, None without: the end of what is being asked again
        self._demo = Identity(
            "demo", "Petugas Demo", Role.ADMIN, Role.ADMIN.scopes, secrets.token_urlsafe(32), is_demo=True
        )

    def is_open(self) -> bool:
        """Tell whether nobody has an account yet, and the database is the embedded one, so that none is needed."""
        if not self._database.embedded:
            return False
        return self.is_remembered_open() or self._is_found_open()

    def _is_found_open(self) -> bool:
        until = time.monotonic() + _ACCOUNTS_SECONDS
        with self._database.reading() as session:
            is_open = not accounts.accounts_exist(session)
        self._without_accounts_until = until if is_open else 0.0
        return is_open

    def is_remembered_open(self) -> bool:
        """Tell, without asking the database, whether nobody had an account a moment ago."""
        return time.monotonic() < self._without_accounts_until

    def is_remembered(self, request: Request) -> bool:
        """Tell, without asking the database, whether suggestions were open to a request a moment ago; count its key.

        To ask takes longer than to suggest. Only suggestions are opened so, which show and store nothing: to all else a
        revoked key is refused at once.

        Raises
        ------
        TooManyRequestsError
            If its key is used too often.
        """
        if self.is_remembered_open():
            self._ask_in_time(None, self._without_accounts_until, self._is_found_open)
            return True
        return self._is_remembered_key(request)

    def _is_remembered_key(self, request: Request) -> bool:
        credentials = _bearer(request)
        key = self._suggest_keys.get(hashed(credentials)) if credentials else None
        if not credentials or key is None or time.monotonic() >= key.until:
            return False
        self._limit.take(key.id, key.per_minute)
        self._ask_in_time(key.id, key.until, partial(self._found_key, credentials))
        return True

    def _ask_in_time(self, key_id: int | None, until: float, ask: Callable[[], object]) -> None:
        """Have it asked again, once, shortly before what is remembered expires.

        Once it has expired, all requests of that moment would ask, each in a thread, and wait for one another.
        """
        if time.monotonic() >= until - _AGAIN_SECONDS and self._asked_again.get(key_id) != until:
            self._asked_again[key_id] = until
            self._asker.submit(ask)

    def who(self, request: Request) -> Identity | None:
        """Return who is asking; ``None`` if that isn't known.

        Raises
        ------
        LoginRequiredError
            If a key was sent that opens nothing.
        TooManyRequestsError
            If the key is used too often.
        """
        if (credentials := _bearer(request)) is not None:
            return self._key(credentials)
        if (token := request.cookies.get(COOKIE)) and (login := self._login(token)):
            return login
        return self._demo if is_local(request) and self.is_open() else None

    def knows(self, request: Request) -> bool:
        """Tell whether a request comes from somebody known, or nobody needs to be; it isn't counted."""
        if (credentials := _bearer(request)) is not None:
            return self._found_key(credentials) is not None
        token = request.cookies.get(COOKIE)
        return bool(token and self._login(token)) or self.is_open()

    def let_in(self, request: Request, scope: Scope) -> Identity:
        """Return who is asking, if they may.

        Changes by a browser need the login's token in the header ``X-CSRF-Token``; forms of the desk send it as a
        field, which their endpoints check.

        Raises
        ------
        LoginRequiredError
            If nobody is logged in.
        ForbiddenError
            If the scope is missing, or another site sent the request.
        """
        identity = self.who(request)
        if identity is None:
            raise LoginRequiredError(
                "Perlu masuk atau mengirim kunci API.",
                mend="Masuk di /masuk, atau kirim Authorization: Bearer KUNCI.",
            )
        _check_scope(identity, scope)
        if request.method not in _SAFE_METHODS and identity.role is not None:
            check_origin(request)
            if not identity.is_demo and not _is_form(request):
                identity.check_csrf(request.headers.get(CSRF_HEADER))
        return identity

    def still_lets_in(self, request: Request, identity: Identity) -> bool:
        """Tell whether a request that goes on for hours would still be let in as who it was; it isn't counted again."""
        if (credentials := _bearer(request)) is None:
            return self.who(request) == identity
        key = self._found_key(credentials)
        return key is not None and _identity_of(key) == identity

    def with_key(self, key: str, scope: Scope) -> Identity:
        """Return whose key it is, if it has the scope.

        Raises
        ------
        LoginRequiredError, ForbiddenError, TooManyRequestsError
            If the key opens nothing, not this, or is used too often.
        """
        identity = self._key(key)
        _check_scope(identity, scope)
        return identity

    def _key(self, credentials: str) -> Identity:
        key = self._found_key(credentials)
        if key is None:
            raise LoginRequiredError("Kunci API tidak berlaku.", mend="Minta kunci baru: disposisi key add.")
        self._limit.take(key.id, key.per_minute)
        return _identity_of(key)

    def _found_key(self, credentials: str) -> models.ApiKey | None:
        until = time.monotonic() + _KEY_SECONDS
        with self._database.reading() as session:
            key = keys.find_key(session, credentials)
        if key is None or Scope.SUGGEST not in key.scopes:
            self._suggest_keys.pop(hashed(credentials), None)
        else:
            self._suggest_keys[key.key_hash] = _SuggestKey(key.id, key.per_minute, until)
        return key

    def _login(self, token: str) -> Identity | None:
        with self._database.reading() as session:
            found = logins.find(session, token, dt.datetime.now(tz=dt.UTC))
        if found is None:
            return None
        user, login = found
        role = Role(user.role)
        return Identity(user.name, user.full_name, role, role.scopes, login.csrf_token)


def _identity_of(key: models.ApiKey) -> Identity:
    return Identity(f"kunci:{key.name}", key.name, None, frozenset(map(Scope, key.scopes)))


def may(scope: Scope) -> Callable[[Request], Identity]:
    """Return a dependency that lets through whoever has a scope, and returns who that is."""

    def check(request: Request) -> Identity:
        door: Door = request.app.state.door
        return door.let_in(request, scope)

    return check


async def may_suggest_inline(request: Request) -> None:
    """Do what :func:`may_suggest` does, in a thread only if the database must be asked."""
    door: Door = request.app.state.door
    if not door.is_remembered(request):
        await run_in_threadpool(may_suggest, request)


def may_suggest(request: Request) -> None:
    """Let everybody ask for suggestions while there are no accounts; afterwards, whoever has the scope."""
    door: Door = request.app.state.door
    if not door.is_open():
        may(Scope.SUGGEST)(request)


Reader = Annotated[Identity, Depends(may(Scope.READ))]
Sender = Annotated[Identity, Depends(may(Scope.INTAKE))]
Decider = Annotated[Identity, Depends(may(Scope.DECIDE))]
Admin = Annotated[Identity, Depends(may(Scope.ADMIN))]


def _bearer(request: Request) -> str | None:
    """Return the key that a request was sent with; ``None`` if none was."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else None


def _check_scope(identity: Identity, scope: Scope) -> None:
    if scope not in identity.scopes:
        name = scope.label if identity.role else scope  # a key's owner knows it by its name in docs/api.md
        raise ForbiddenError(f"{identity.full_name} tidak punya izin “{name}”.", mend="Minta kepada admin Disposisi.")


def _is_form(request: Request) -> bool:
    return media_type(request) in {"application/x-www-form-urlencoded", "multipart/form-data"}
