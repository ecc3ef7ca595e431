"""Malicious payloads in everything that citizens and clients can send."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from serve.security import COOKIE
from serve.store import accounts
from serve.store.accounts import Role
from tests.serve.test_security import NOW, PASSWORD

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SQL = ("'; DROP TABLE complaints; --", '" OR 1=1 --', "%' UNION SELECT password_hash FROM users --", "\\'; --")


def _receive(client: TestClient, **about: object) -> int:
    body = {"text": f"Lampu jalan mati {SCRIPT}", "address": SCRIPT, "reporter_name": SCRIPT, **about}
    number: int = client.post("/v1/complaints", json=body).json()["id"]
    return number


def test_html_in_a_complaint_stays_text_on_every_page(local_client: TestClient) -> None:
    number = _receive(local_client, sender_id="<b>1</b>", reporter_contact=SCRIPT)
    decision = {"action": "mark", "version": 1, "tags": [SCRIPT], "why": SCRIPT, "reply": SCRIPT}
    assert local_client.post(f"/v1/complaints/{number}/decisions", json=decision).status_code == 201
    for path in ("/", f"/aduan/{number}", f"/?cari={SCRIPT}", f"/?kecamatan={SCRIPT}", f"/masuk?ke={SCRIPT}"):
        page = local_client.get(path, headers={"Accept": "text/html"})
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path
        assert "script-src 'self'" in page.headers["content-security-policy"], path
    sent = local_client.post("/coba", data={"text": f"lampu mati {SCRIPT}", "address": SCRIPT})
    assert "<script>alert" not in sent.text


@pytest.mark.parametrize("payload", SQL)
def test_sql_in_every_field_is_only_text(local_client: TestClient, payload: str) -> None:
    number = _receive(local_client, text=f"jalan rusak {payload}", sender_id=payload, address=payload)
    for name in ("q", "agency", "kecamatan", "channel", "cursor"):
        answer = local_client.get("/v1/complaints", params={name: payload, "any_status": True})
        assert answer.status_code in {200, 422}, name
        assert "argon2" not in answer.text
    for path in ("/?cari=", "/?instansi=", "/?kecamatan=", "/?kanal="):
        assert local_client.get(path + payload.replace("%", "%25")).status_code == 200
    assert local_client.get(f"/v1/complaints/{number}").json()["text"] == f"jalan rusak {payload}"


@pytest.mark.parametrize("path", ["/masuk", "/kelola", "/open311/v2/requests.json"])
def test_a_form_with_a_character_that_no_database_holds_is_refused(local_client: TestClient, path: str) -> None:
    page = local_client.post(path, data={"nama": "ani\0", "sandi": PASSWORD, "perintah": "tutup-akun"})
    assert page.status_code in {400, 422}
    assert "karakter" in page.text


def test_a_line_break_in_an_address_writes_no_line_into_the_log(
    local_client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="disposisi.requests"):
        local_client.get("/aduan/1%0aERROR%20palsu")
        local_client.get("/palsu%0d%0aERROR%20palsu")
    assert len(caplog.records) == 2
    assert "palsu" not in caplog.text


def test_a_login_gets_a_token_of_its_own_whatever_the_browser_brought(local_client: TestClient) -> None:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        accounts.add_user(session, "ani", PASSWORD, full_name="", role=Role.PETUGAS, now=NOW)
    local_client.cookies.set(COOKIE, "dipilih-penyerang")
    form = {"nama": "ani", "sandi": PASSWORD, "ke": "//jahat.example/"}
    answer = local_client.post("/masuk", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "dipilih-penyerang" not in cookie
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    fresh = answer.cookies[COOKIE]
    local_client.cookies.clear()
    stolen = {"Cookie": f"{COOKIE}=dipilih-penyerang"}
    assert local_client.get("/v1/complaints", headers=stolen).status_code == 401
    assert local_client.get("/v1/complaints", headers={"Cookie": f"{COOKIE}={fresh}"}).status_code == 200


def test_a_body_nested_without_end_is_refused(local_client: TestClient) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    answer = local_client.post("/v1/complaints", content=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}


def test_a_body_of_millions_of_values_is_refused_unread_and_a_long_text_is_not(local_client: TestClient) -> None:
    kind = {"content-type": "application/json"}
    lists = b'{"complaints": [{"text": "Sampah", "x": [' + b"[]," * 450_000 + b"[]]}]}"
    refused = local_client.post("/v1/suggestions/batch", content=lists, headers=kind)
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:disposisi:problem:request-too-large")
    listed = "jalan, selokan, lampu, " * 700
    many = {"complaints": [{"text": "?!", "address": listed}] * 100}  # each is refused on its own, as it has no letters
    assert local_client.post("/v1/suggestions/batch", json=many).status_code == 200


@pytest.mark.parametrize("path", ["/open311/v2/requests.json", "/masuk", "/baru"])
def test_a_form_that_would_take_seconds_to_read_is_refused(local_client: TestClient, path: str) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert local_client.post(path, content=b"description=" + b"%" * 300_000, headers=kind).status_code == 413
    whole = "description=" + quote("\N{FIRE}" * 20_000)  # the largest text that a citizen may send
    assert local_client.post(path, content=whole, headers=kind).status_code != 413


def test_numbers_that_fit_into_no_database_are_refused(local_client: TestClient) -> None:
    huge = 2**63
    assert local_client.post("/v1/replies/sent", json=[huge]).status_code == 422
    assert local_client.post("/v1/replies/sent", json=[True]).status_code == 422
    assert local_client.delete(f"/v1/complaints/{huge}/claim").status_code == 404
    assert local_client.get(f"/v1/events?after={huge}").status_code == 422


def test_years_from_which_nothing_can_be_counted_back_are_refused(local_client: TestClient) -> None:
    for year in ("0001", "9999"):
        moment = f"{year}-01-01T00:00:00+14:00" if year == "0001" else f"{year}-12-31T23:59:59-12:00"
        for path in ("/v1/overview", "/v1/overview.xlsx", "/v1/complaints", "/v1/complaints/counts"):
            for name in ("received_from", "received_to"):
                assert local_client.get(path, params={name: moment}).status_code == 422, (path, name)
        for name in ("start_date", "end_date"):
            assert local_client.get("/open311/v2/requests.json", params={name: moment}).status_code in {200, 400}
