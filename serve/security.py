"""Authentication and authorisation of requests.

Three ways in: an API key in the header ``Authorization: Bearer …``, a session cookie, and the demo user, only from the
machine itself and only while no account has ever been made.
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
_ACCOUNTS_SECONDS = 1.0  # time to live of the cached fact that there is no account
_KEY_SECONDS = 1.0  # time to live of a cached key that may ask for suggestions
_AGAIN_SECONDS = 0.5  # before either expires, a thread refreshes it, so that no request has to wait


@dataclass(frozen=True, slots=True)
class _SuggestKey:
    """Cache entry of a key with the scope for suggestions; expires ``until`` (monotonic clock, seconds)."""

    id: int
    per_minute: int
    until: float


class Door:
    """Authenticates requests; one per application."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._limit = RateLimit()
        self._without_accounts_until = 0.0
        self._suggest_keys: dict[str, _SuggestKey] = {}  # by key hash
        self._asker = ThreadPoolExecutor(1, "door")
        self._asked_again: dict[int | None, float] = {}  # by key id, None for no accounts: expiry being refreshed
        self._demo = Identity(
            "demo", "Petugas Demo", Role.ADMIN, Role.ADMIN.scopes, secrets.token_urlsafe(32), is_demo=True
        )

    def is_open(self) -> bool:
        """Tell whether no login is needed: the database is the embedded one and has no accounts."""
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
        """Tell from the cache, without a query, whether there was no account a moment ago."""
        return time.monotonic() < self._without_accounts_until

    def is_remembered(self, request: Request) -> bool:
        """Tell from the cache, without a query, whether a request may ask for suggestions; count it for its key.

        A query takes longer than a suggestion. Only suggestions, which show and store nothing, are authorised from the
        cache: everywhere else a revoked key is refused at once.

        Raises
        ------
        TooManyRequestsError
            If the key exceeds its rate limit.
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
        """Refresh a cache entry in the background, once, shortly before it expires.

        After it expired, all concurrent requests would query, each in a thread, and wait for one another.
        """
        if time.monotonic() >= until - _AGAIN_SECONDS and self._asked_again.get(key_id) != until:
            self._asked_again[key_id] = until
            self._asker.submit(ask)

    def who(self, request: Request) -> Identity | None:
        """Return the identity behind a request; ``None`` for an anonymous one.

        Raises
        ------
        LoginRequiredError
            If an invalid key was sent.
        TooManyRequestsError
            If the key exceeds its rate limit.
        """
        if (credentials := _bearer(request)) is not None:
            return self._key(credentials)
        if (token := request.cookies.get(COOKIE)) and (login := self._login(token)):
            return login
        return self._demo if is_local(request) and self.is_open() else None

    def knows(self, request: Request) -> bool:
        """Tell whether a request is authenticated, or no login is needed; doesn't count it for the rate limit."""
        if (credentials := _bearer(request)) is not None:
            return self._found_key(credentials) is not None
        token = request.cookies.get(COOKIE)
        return bool(token and self._login(token)) or self.is_open()

    def let_in(self, request: Request, scope: Scope) -> Identity:
        """Return the identity behind a request, if it has the scope.

        Unsafe methods from a browser need the login's CSRF token in the header ``X-CSRF-Token``; forms of the desk send
        it as a field, which their endpoints check.

        Raises
        ------
        LoginRequiredError
            If the request is anonymous, or its key invalid.
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
        """Tell whether a long-running request would still be let in with the same identity; doesn't count it again."""
        if (credentials := _bearer(request)) is None:
            return self.who(request) == identity
        key = self._found_key(credentials)
        return key is not None and _identity_of(key) == identity

    def with_key(self, key: str, scope: Scope) -> Identity:
        """Return the identity of a key, if it has the scope.

        Raises
        ------
        LoginRequiredError, ForbiddenError, TooManyRequestsError
            If the key is invalid, lacks the scope, or exceeds its rate limit.
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
    return Identity(f"{keys.RECORDED}{key.name}", key.name, None, frozenset(map(Scope, key.scopes)))


def may(scope: Scope) -> Callable[[Request], Identity]:
    """Return a FastAPI dependency that requires a scope and returns the identity."""

    def check(request: Request) -> Identity:
        door: Door = request.app.state.door
        return door.let_in(request, scope)

    return check


async def may_suggest_inline(request: Request) -> None:
    """Do what :func:`may_suggest` does, but in a thread only if a query is needed."""
    door: Door = request.app.state.door
    if not door.is_remembered(request):
        await run_in_threadpool(may_suggest, request)


def may_suggest(request: Request) -> None:
    """Allow suggestions to everybody while there are no accounts; afterwards require the scope."""
    door: Door = request.app.state.door
    if not door.is_open():
        may(Scope.SUGGEST)(request)


Reader = Annotated[Identity, Depends(may(Scope.READ))]
Sender = Annotated[Identity, Depends(may(Scope.INTAKE))]
Decider = Annotated[Identity, Depends(may(Scope.DECIDE))]


def _bearer(request: Request) -> str | None:
    """Return the request's bearer token; ``None`` without one."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else None


def _check_scope(identity: Identity, scope: Scope) -> None:
    if scope not in identity.scopes:
        name = scope.label if identity.role else scope  # a key's owner knows it by its name in docs/api.md
        raise ForbiddenError(f"{identity.full_name} tidak punya izin “{name}”.", mend="Minta kepada admin Disposisi.")


def _is_form(request: Request) -> bool:
    return media_type(request) in {"application/x-www-form-urlencoded", "multipart/form-data"}
