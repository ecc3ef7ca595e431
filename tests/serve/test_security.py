"""Authentication and authorisation."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from threading import BoundedSemaphore
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.testclient import TestClient

from serve import security
from serve.api import SMALL_BYTES
from serve.bind_address import check_bind
from serve.desk.account_page import _set_cookie
from serve.errors import TooManyRequestsError
from serve.rate_limit import RateLimit
from serve.security import COOKIE, CSRF_HEADER, Door
from serve.store import accounts, keys, logins, passwords
from serve.store.accounts import Role, Scope
from serve.store.database import Database

NOW = dt.datetime.now(tz=dt.UTC)
COMPLAINT = {"text": "Lampu jalan mati total sudah seminggu"}
PASSWORD = "empat kata yang acak"  # noqa: S105


@pytest.fixture
def guarded(local_client: TestClient) -> TestClient:
    """A client of an application with an account, so that everybody must log in."""
    with _store(local_client).writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name="Ani", role=Role.PETUGAS, now=NOW)
    local_client.app.state.door._without_accounts_until = 0  # type: ignore[attr-defined]
    return local_client


def _store(client: TestClient) -> Database:
    store: Database = client.app.state.database  # type: ignore[attr-defined]
    return store


def _door(client: TestClient) -> Door:
    door: Door = client.app.state.door  # type: ignore[attr-defined]
    return door


def _key(client: TestClient, *scopes: Scope, per_minute: int = 600) -> dict[str, str]:
    with _store(client).writing() as session:
        key = keys.add_key(session, "-".join(scopes), scopes, now=NOW, per_minute=per_minute)
    return {"Authorization": f"Bearer {key}"}


def _log_in(client: TestClient) -> logins.Login:
    with _store(client).writing() as session:
        login = logins.begin(session, accounts.user_named(session, "ani"), dt.datetime.now(tz=dt.UTC))
    client.cookies.set(COOKIE, login.token)
    return login


def test_with_an_account_nothing_is_told_without_login(guarded: TestClient) -> None:
    for method, path in (
        ("GET", "/v1/complaints"), ("POST", "/v1/complaints"), ("GET", "/v1/overview"), ("GET", "/v1/events"),
        ("POST", "/v1/suggestions"), ("GET", "/v1/replies"), ("GET", "/v1/overview.xlsx"),
    ):  # fmt: skip
        response = guarded.request(method, path, json=COMPLAINT if method == "POST" else None)
        assert response.status_code == 401, path
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert guarded.get("/open311/v2/requests.json").status_code == 403
    assert guarded.get("/healthz").status_code == 200


def test_a_key_opens_what_its_scopes_say_and_nothing_after_it_is_revoked(guarded: TestClient) -> None:
    intake, read = _key(guarded, Scope.INTAKE), _key(guarded, Scope.READ, Scope.SUGGEST)
    assert guarded.post("/v1/complaints", json=COMPLAINT, headers=intake).status_code == 201
    assert guarded.get("/v1/complaints", headers=intake).status_code == 403
    assert guarded.get("/v1/complaints", headers=read).status_code == 200
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=read).status_code == 200
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=intake).status_code == 403
    with _store(guarded).writing() as session:
        keys.revoke_key(session, "intake", NOW)
    assert guarded.post("/v1/complaints", json=COMPLAINT, headers=intake).status_code == 401


def test_a_key_that_opened_suggestions_is_believed_for_a_second_at_most(
    guarded: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(security, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    key = _key(guarded, Scope.READ, Scope.SUGGEST, per_minute=4)
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 200
    with _store(guarded).writing() as session:
        keys.revoke_key(session, "read-suggest", NOW)
    asked = [guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    clock[0] += 1
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 401


def test_a_key_that_opened_suggestions_opens_nothing_else_and_once_it_is_refused_nothing(guarded: TestClient) -> None:
    key = _key(guarded, Scope.READ, Scope.SUGGEST)
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 200
    with _store(guarded).writing() as session:
        keys.revoke_key(session, "read-suggest", NOW)
    assert guarded.get("/v1/complaints", headers=key).status_code == 401
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 401


@pytest.mark.parametrize("with_key", [True, False])
def test_while_requests_come_none_waits_until_it_is_asked_again_whether_they_may(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch, with_key: bool
) -> None:
    clock, asked = [1000.0], list[str]()
    monkeypatch.setattr(security, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    headers = {}
    if with_key:
        headers = _key(local_client, Scope.SUGGEST)
        monkeypatch.setattr(local_client.app.state.door, "is_open", lambda: False)  # type: ignore[attr-defined]

    def told(find: Any) -> Any:
        def found(*args: Any) -> Any:
            asked.append(threading.current_thread().name)
            return find(*args)

        return found

    monkeypatch.setattr(keys, "find_key", told(keys.find_key))
    monkeypatch.setattr(accounts, "accounts_exist", told(accounts.accounts_exist))

    def ask() -> int:
        return local_client.post("/v1/suggestions", json=COMPLAINT, headers=headers).status_code

    assert ask() == 200
    for _ in range(3):
        clock[0] += 0.6
        assert [ask(), ask()] == [200, 200]
        _door(local_client)._asker.submit(int).result(10)  # queued after the lookup, so the result is cached by then
    assert ["door" in thread for thread in asked] == [False, True, True, True]


def test_a_key_that_is_believed_asks_no_database(guarded: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    key = _key(guarded, Scope.SUGGEST)
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 200
    monkeypatch.setattr(_store(guarded), "reading", None)
    assert guarded.post("/v1/suggestions", json=COMPLAINT, headers=key).status_code == 200


def test_a_key_is_not_in_the_database(guarded: TestClient, tmp_path: Path) -> None:
    key = _key(guarded, Scope.READ)["Authorization"].removeprefix("Bearer ")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert key.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_a_large_body_is_read_of_somebody_known_alone(guarded: TestClient) -> None:
    body, kind = b"[" + b" " * SMALL_BYTES, {"content-type": "application/json"}
    batch = "/v1/suggestions/batch"
    for headers in ({}, {"Authorization": "Bearer dsp_salah"}, {"Cookie": f"{COOKIE}=salah"}):
        answer = guarded.post(batch, content=body, headers=kind | headers)
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
    known = kind | _key(guarded, Scope.SUGGEST, per_minute=1)
    assert guarded.post(batch, content=body, headers=known).status_code == 400  # invalid JSON, so the body was read
    assert guarded.post(batch, json={"complaints": [COMPLAINT]}, headers=known).status_code == 200
    token = {CSRF_HEADER: _log_in(guarded).csrf_token}
    assert guarded.post(batch, content=body, headers=kind | token).status_code == 400


def test_a_key_that_is_used_too_often_is_told_when_to_come_back(guarded: TestClient) -> None:
    key = _key(guarded, Scope.READ, per_minute=2)
    answers = [guarded.get("/v1/complaints", headers=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30


def test_who_listens_goes_on_when_the_key_is_used_too_often_and_not_when_it_is_revoked(guarded: TestClient) -> None:
    header = _key(guarded, Scope.READ, per_minute=1)["Authorization"]
    request = Request({"type": "http", "method": "GET", "headers": [(b"authorization", header.encode())]})
    door = _door(guarded)
    identity = door.let_in(request, Scope.READ)
    with pytest.raises(TooManyRequestsError):
        door.who(request)
    assert door.still_lets_in(request, identity)
    with _store(guarded).writing() as session:
        keys.revoke_key(session, "read", NOW)
    assert not door.still_lets_in(request, identity)


def test_who_listens_with_a_login_goes_on_until_it_ends(guarded: TestClient) -> None:
    cookie = f"{COOKIE}={_log_in(guarded).token}"
    request = Request({"type": "http", "method": "GET", "headers": [(b"cookie", cookie.encode())]})
    door = _door(guarded)
    identity = door.let_in(request, Scope.READ)
    assert door.still_lets_in(request, identity)
    with _store(guarded).writing() as session:
        accounts.set_password(session, "ani", PASSWORD + "!")
    assert not door.still_lets_in(request, identity)


def test_who_listens_for_hours_uses_up_one_request_of_the_keys_limit(guarded: TestClient) -> None:
    header = _key(guarded, Scope.READ, per_minute=2)["Authorization"]
    request = Request({"type": "http", "method": "GET", "headers": [(b"authorization", header.encode())]})
    door = _door(guarded)
    identity = door.let_in(request, Scope.READ)
    assert all(door.still_lets_in(request, identity) for _ in range(5))
    assert guarded.get("/v1/complaints", headers={"Authorization": header}).status_code == 200


def test_a_cookie_is_kept_longer_than_its_login_so_that_a_desk_left_open_is_told_that_it_ended() -> None:
    response = Response()
    login: Any = SimpleNamespace(token="secret")  # noqa: S106
    for scheme in ("http", "https"):
        request = Request({"type": "http", "scheme": scheme, "path": "/", "headers": [(b"host", b"desk.example")]})
        _set_cookie(response, request, login)
    plain, secured = (set(told.lower().split("; ")) for told in response.headers.getlist("set-cookie"))
    assert {"httponly", "samesite=lax"} <= plain
    assert secured - plain == {"secure"}
    (age,) = (int(part.removeprefix("max-age=")) for part in plain if part.startswith("max-age="))
    assert age >= logins.LOGIN_TIME.total_seconds() + 12 * 3600  # at least a night longer


def test_a_limit_fills_again_with_time() -> None:
    limit = RateLimit()
    for _ in range(60):
        limit.take(1, 60, now=0)
    with pytest.raises(TooManyRequestsError):
        limit.take(1, 60, now=0.5)
    limit.take(1, 60, now=1.5)
    limit.take(2, 60, now=1.5)


@pytest.mark.parametrize("waited", [0.0, 0.9, 7.6, 11.9])
def test_who_comes_back_when_told_to_is_let_in(waited: float) -> None:
    limit = RateLimit()
    for _ in range(5):
        limit.take(1, 5, now=0.0)
    with pytest.raises(TooManyRequestsError) as told:
        limit.take(1, 5, now=waited)
    limit.take(1, 5, now=waited + told.value.retry_after)


def test_a_desk_whose_last_account_is_disabled_stays_closed(guarded: TestClient) -> None:
    with _store(guarded).writing() as session:
        accounts.disable_user(session, "ani", NOW)
    assert guarded.get("/v1/complaints").status_code == 401
    assert guarded.post("/v1/suggestions", json=COMPLAINT).status_code == 401
    check_bind(_store(guarded), "0.0.0.0")  # noqa: S104


def test_a_login_may_change_things_only_with_its_token_and_from_its_own_page(guarded: TestClient) -> None:
    login = _log_in(guarded)
    assert guarded.get("/v1/complaints").status_code == 200
    assert guarded.post("/v1/complaints", json=COMPLAINT).status_code == 403
    token = {CSRF_HEADER: login.csrf_token}
    assert guarded.post("/v1/complaints", json=COMPLAINT, headers=token).status_code == 201
    foreign = token | {"Sec-Fetch-Site": "cross-site"}
    assert guarded.post("/v1/complaints", json=COMPLAINT, headers=foreign).status_code == 403
    elsewhere = token | {"Origin": "https://jahat.example"}
    assert guarded.post("/v1/complaints", json=COMPLAINT, headers=elsewhere).status_code == 403
    with _store(guarded).writing() as session:
        accounts.disable_user(session, "ani", NOW)
        accounts.add_user(session, "budi", PASSWORD, full_name="", role=Role.ADMIN, now=NOW)
    assert guarded.get("/v1/complaints").status_code == 401


def test_who_cannot_log_in_for_now_is_told_when_to_come_again(
    guarded: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"nama": "ani", "sandi": PASSWORD}
    monkeypatch.setattr(passwords, "_room", BoundedSemaphore(0))
    answer = guarded.post("/masuk", data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(passwords.RETRY_SECONDS))
    assert "Terlalu banyak yang masuk sekaligus." in answer.text
    monkeypatch.undo()
    assert guarded.post("/masuk", data=form, follow_redirects=False).status_code == 303


def test_who_reads_the_sessions_table_cannot_log_in_with_it(guarded: TestClient) -> None:
    login = _log_in(guarded)
    guarded.cookies.set(COOKIE, logins.hashed(login.token))
    assert guarded.get("/v1/complaints").status_code == 401


@pytest.mark.parametrize("token", ["é", "\xff", ""])
def test_a_token_that_cannot_be_is_another_sites(guarded: TestClient, token: str) -> None:
    _log_in(guarded)
    order = {"action": "finish", "version": 1}
    answer = guarded.post(
        "/v1/complaints/1/decisions", json=order, headers={CSRF_HEADER.encode(): token.encode("latin-1")}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:disposisi:problem:foreign-form")


@pytest.mark.parametrize(
    "path", ["/v1/complaints", "/v1/complaints/1", "/v1/overview.xlsx", "/v1/nothing", "/open311/v2/requests.xml"]
)
def test_no_answer_of_the_api_is_kept_by_who_passes_it_on(local_client: TestClient, path: str) -> None:
    headers = local_client.get(path).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
