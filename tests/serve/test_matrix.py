"""Access matrix: every endpoint with every scope and role; a new endpoint without an entry fails."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from serve.security import COOKIE, CSRF_HEADER
from serve.store import accounts, keys, logins
from serve.store.accounts import Role, Scope
from tests.serve.test_security import NOW, PASSWORD

EVERYBODY = None
# What each endpoint needs once there are accounts.
NEEDS: dict[str, Scope | None] = {
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /openapi.json": EVERYBODY,
    "GET /docs": EVERYBODY,
    "GET /docs/{name}": EVERYBODY,
    "GET /v1/agencies": Scope.SUGGEST,
    "GET /v1/model": Scope.SUGGEST,
    "POST /v1/suggestions": Scope.SUGGEST,
    "POST /v1/suggestions/batch": Scope.SUGGEST,
    "POST /v1/complaints": Scope.INTAKE,
    "GET /v1/complaints": Scope.READ,
    "GET /v1/complaints/counts": Scope.READ,
    "GET /v1/complaints/{number}": Scope.READ,
    "POST /v1/complaints/{number}/decisions": Scope.DECIDE,
    "PUT /v1/complaints/{number}/claim": Scope.DECIDE,
    "DELETE /v1/complaints/{number}/claim": Scope.DECIDE,
    "GET /v1/replies": Scope.INTAKE,
    "POST /v1/replies/sent": Scope.INTAKE,
    "GET /v1/overview": Scope.READ,
    "GET /v1/overview.xlsx": Scope.READ,
    "GET /v1/events": Scope.READ,
    "GET /open311/v2/discovery.{fmt}": EVERYBODY,
    "GET /open311/v2/services.{fmt}": EVERYBODY,
    "GET /open311/v2/services/{code}.{fmt}": EVERYBODY,
    "GET /open311/v2/requests.{fmt}": Scope.READ,
    "GET /open311/v2/requests/{number}.{fmt}": Scope.READ,
    "POST /open311/v2/requests.{fmt}": Scope.INTAKE,
    "GET /open311/v2/tokens/{token}.{fmt}": EVERYBODY,
    "GET /": Scope.READ,
    "GET /aduan/{number}": Scope.READ,
    "POST /aduan/{number}/keputusan": Scope.DECIDE,
    "POST /aduan/{number}/gabung": Scope.DECIDE,
    "POST /batal": Scope.DECIDE,
    "GET /instansi.json": Scope.READ,
    "GET /baru": Scope.INTAKE,
    "POST /baru": Scope.INTAKE,
    "GET /ringkasan": Scope.READ,
    "GET /ringkasan.xlsx": Scope.READ,
    "GET /model": Scope.READ,
    "GET /model/laporan/{name}": Scope.READ,
    "GET /periksa": Scope.REVIEW,
    "POST /periksa/{number}": Scope.REVIEW,
    "POST /periksa/batal": Scope.REVIEW,
    "GET /coba": Scope.SUGGEST,
    "POST /coba": Scope.SUGGEST,
    "GET /bantuan": Scope.READ,
    "GET /masuk": EVERYBODY,
    "POST /masuk": EVERYBODY,
    "POST /keluar": Scope.READ,
    "GET /kelola": Scope.ADMIN,
    "POST /kelola": Scope.ADMIN,
    "GET /panel.js": EVERYBODY,
    "GET /favicon.ico": EVERYBODY,
}
# A stream doesn't end, and logging in or out would change the identity.
NOT_ASKED = frozenset({"GET /v1/events", "POST /keluar", "POST /masuk"})
VALUES = {"number": "999999", "code": "dishub", "fmt": "json", "token": "1", "name": "x.html"}


@pytest.fixture
def guarded(local_client: TestClient) -> TestClient:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        accounts.add_user(session, "somebody", PASSWORD, full_name="", role=Role.ADMIN, now=NOW)
    return local_client


def _listed(client: TestClient) -> Iterator[str]:
    for route in iter_route_contexts(client.app.routes):  # type: ignore[attr-defined]
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {route.path}"


def _refused(client: TestClient, endpoint: str, headers: dict[str, str], csrf: str = "") -> bool:
    """Tell whether an endpoint denies access; any other error counts as access."""
    method, path = endpoint.split(" ", 1)
    path = re.sub(r"\{([^}]+)\}", lambda match: VALUES[match[1]], path)
    is_form = method == "POST" and not path.startswith("/v1/")
    sent: dict[str, Any] = {"data": {"csrf": csrf, "csrf_token": csrf}} if is_form else {}
    if method in {"POST", "PUT"} and not is_form:
        sent = {"json": {}}
    answer = client.request(method, path, headers=headers, follow_redirects=False, **sent)
    assert answer.status_code < 500, endpoint
    to_login = answer.status_code == 303 and answer.headers["location"].startswith("/masuk")
    return to_login or answer.status_code in {401, 403}


def test_every_endpoint_has_its_entry_here(local_client: TestClient) -> None:
    assert sorted(_listed(local_client)) == sorted(NEEDS)


def test_a_stranger_reaches_only_what_is_for_everybody(guarded: TestClient) -> None:
    let_in = {endpoint for endpoint in NEEDS if endpoint not in NOT_ASKED and not _refused(guarded, endpoint, {})}
    assert let_in == {endpoint for endpoint, need in NEEDS.items() if need is EVERYBODY} - NOT_ASKED


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_reaches_what_its_one_scope_says(guarded: TestClient, scope: Scope) -> None:
    with guarded.app.state.database.writing() as session:  # type: ignore[attr-defined]
        headers = {"Authorization": f"Bearer {keys.add_key(session, scope, [scope], now=NOW)}"}
    for endpoint, need in NEEDS.items():
        # The desk's forms are for browsers: they need a login's CSRF token, which keys don't have.
        is_form = endpoint.startswith("POST ") and not endpoint.startswith(
            ("POST /v1/", "POST /open311/", "POST /coba")
        )
        if endpoint in NOT_ASKED:
            continue
        assert _refused(guarded, endpoint, headers) is (is_form or need not in {EVERYBODY, scope}), endpoint


@pytest.mark.parametrize("role", list(Role))
def test_a_person_reaches_what_the_role_says(guarded: TestClient, role: Role) -> None:
    with guarded.app.state.database.writing() as session:  # type: ignore[attr-defined]
        user = accounts.add_user(session, "ani", PASSWORD, full_name="", role=role, now=NOW)
        login = logins.begin(session, user, dt.datetime.now(tz=dt.UTC))
    guarded.cookies.set(COOKIE, login.token)
    for endpoint, need in NEEDS.items():
        if endpoint not in NOT_ASKED:
            allowed = need is EVERYBODY or need in role.scopes
            found = _refused(guarded, endpoint, {CSRF_HEADER: login.csrf_token}, csrf=login.csrf_token)
            assert found is not allowed, endpoint


def test_no_form_and_no_change_of_a_login_passes_without_its_token(guarded: TestClient) -> None:
    with guarded.app.state.database.writing() as session:  # type: ignore[attr-defined]
        user = accounts.add_user(session, "ani", PASSWORD, full_name="", role=Role.ADMIN, now=NOW)
        login = logins.begin(session, user, dt.datetime.now(tz=dt.UTC))
    guarded.cookies.set(COOKIE, login.token)
    harmless = {"POST /coba", "POST /v1/suggestions", "POST /v1/suggestions/batch"}  # they store nothing
    for endpoint, need in NEEDS.items():
        if not endpoint.startswith("GET ") and endpoint not in NOT_ASKED | harmless and need is not EVERYBODY:
            assert _refused(guarded, endpoint, {}), endpoint
            assert _refused(guarded, endpoint, {CSRF_HEADER: "salah"}, csrf="salah"), endpoint
