"""Properties of all pages of the desk, as fetched without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.region import Region
from serve.desk import queue_page
from serve.desk.forms import MAX_FIELDS
from serve.security import COOKIE
from serve.store import accounts, logins
from serve.store.accounts import Role
from tests.serve.desk.conftest import LAMP, fields_of, post


def test_pages_cannot_be_cached_framed_or_scripted_from_elsewhere(client: TestClient) -> None:
    for path in ("/", "/coba", "/ringkasan", "/bantuan", "/kelola", "/baru", "/periksa", "/model", "/masuk"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.headers["cache-control"] == "no-store"
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r'(src|href)="https?:', response.text), path
        assert not re.search(r'<script(?! type="module" src="/static/)|style="| on\w+="', response.text), path


@pytest.mark.parametrize("path", ["/static/desk.js", "/static/queue.css"])
def test_after_an_upgrade_no_browser_goes_on_with_the_script_of_before(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"  # without it, browsers guess how long a file is fresh
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_a_form_with_more_fields_than_may_be_is_refused_on_a_page(client: TestClient) -> None:
    for path in ("/masuk", "/coba", "/aduan/1/keputusan"):
        response = client.post(path, data={f"isian{n}": "x" for n in range(MAX_FIELDS + 1)})
        assert response.status_code == 422, path
        assert f"Formulir berisi lebih dari {MAX_FIELDS} isian." in response.text


def test_a_crash_is_told_on_a_page_and_its_message_never_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "PENANDA lampu jalan di gang mati"

    def crash(*_: Any) -> None:
        raise ValueError(words)

    monkeypatch.setattr(queue_page, "opened", crash)
    response = client.get(f"/aduan/{post(client)}")
    assert response.status_code == 500
    assert "Kesalahan di dalam sistem" in response.text
    assert "<html" in response.text
    assert "ValueError" in caplog.text
    assert "PENANDA" not in caplog.text


def test_a_form_without_its_token_changes_nothing(client: TestClient) -> None:
    number = post(client)
    response = client.post(
        f"/aduan/{number}/keputusan", data={"tindakan": "accept", "instansi": "dishub", "versi": "1", "csrf": "x"}
    )
    assert response.status_code == 403
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 1


def test_the_desks_script_learns_that_its_page_is_older_than_the_login(client: TestClient) -> None:
    number = post(client)
    response = client.post(
        f"/aduan/{number}/keputusan", data={"tindakan": "accept", "csrf": "x"}, headers={"accept": "application/json"}
    )
    assert (response.status_code, response.json()["type"]) == (403, "urn:disposisi:problem:foreign-form")


@pytest.mark.parametrize(
    ("path", "sent"), [("/coba", {"text": "😀"}), ("/baru", {"teks": "😀"}), ("/masuk", {"nama": "x"})]
)
def test_why_a_form_is_refused_is_told_with_the_field_that_has_the_cursor(
    client: TestClient, path: str, sent: dict[str, str]
) -> None:
    csrf = fields_of(client.get("/kelola").text, "tambah-akun")["csrf"]
    html = client.post(path, data=sent | {"csrf": csrf}).text
    assert re.search(r'<p class="error" role="alert" id="ditolak">', html)
    field = re.search(r'<(?:input|textarea)[^>]* autofocus aria-describedby="ditolak"[^>]*>', html)
    assert field
    assert ('aria-invalid="true"' in field[0]) == (path != "/masuk"), "where the name may be what is wrong"


def test_what_was_done_has_the_focus_of_the_page_that_comes_after_it(client: TestClient) -> None:
    number = post(client)
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"') | {"instansi": "dishub"}
    decided = client.post(f"/aduan/{number}/keputusan", data=form, headers={"sec-fetch-site": "same-origin"}).text
    csrf = fields_of(client.get("/kelola").text, "tambah-kunci")["csrf"]
    key = {"csrf": csrf, "perintah": "tambah-kunci", "nama": f"kanal-{number}", "cakupan": "intake"}
    for html, told in ((decided, f"Aduan {number} diteruskan"), (client.post("/kelola", data=key).text, "Kunci kanal")):
        assert re.search(rf'class="told" role="status" tabindex="-1" autofocus>(<span>)?{told}', html)


def test_a_browser_is_told_on_a_page_that_there_is_nothing_here(client: TestClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path in ("/tidak-ada", "/aduan/abc"):
        response = client.get(path, headers=browser)
        assert response.status_code == 404, path
        assert "Halaman ini tidak ada" in response.text
        assert response.headers["content-type"].startswith("text/html")
    assert client.get("/v1/tidak-ada", headers=browser).json()["status"] == 404
    assert client.get("/tidak-ada").json()["status"] == 404
    assert client.head("/healthz").status_code == client.head("/readyz").status_code == 200


def test_who_may_not_see_a_page_is_told_so_as_the_one_who_is_logged_in(local_client: TestClient) -> None:
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    now = dt.datetime.now(dt.UTC)
    with state.database.writing() as session:
        user = accounts.add_user(session, "ani", "x" * 12, full_name="Ani W.", role=Role.PETUGAS, now=now)
        local_client.cookies.set(COOKIE, logins.begin(session, user, now).token)
    refused = local_client.get("/kelola")
    assert (refused.status_code, "Tidak berwenang" in refused.text) == (403, True)
    assert '<span class="who"' in refused.text
    assert '<a href="/masuk">' not in refused.text, "logging in again would not help"


@pytest.mark.parametrize("path", ["/aduan/1/keputusan", "/batal", "/keluar"])
def test_the_address_of_a_form_opened_by_itself_is_answered_by_a_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "Halaman ini tidak ada" in answer.text
    assert client.get(path).json()["status"] == 405


def test_places_are_told_in_the_words_of_the_region(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Region, "kind_name", lambda _, kind: {"kecamatan": "Distrik", "desa": "Kampung"}[kind])
    number = post(client, "lampu jalan mati di desa Sukadami sudah seminggu", channel="sms")
    pages = [client.get(path).text for path in (f"/aduan/{number}", "/ringkasan")]
    pages.append(client.post("/coba", data={"text": LAMP}).text)
    told = [" ".join(re.sub(r"<[^>]*>", " ", html).split()) for html in pages]
    assert "Kampung Sukadami, Distrik Cikarang Selatan" in told[0]
    assert "Semua distrik" in told[0]
    assert "Per distrik" in told[1]
    assert "Kampung Sukadami, Distrik Cikarang Selatan" in told[2]
    assert not [text for text in told if "Kecamatan Cikarang" in text]


def test_signs_that_turn_letters_around_turn_none_on_a_page(client: TestClient) -> None:
    number = post(
        client, "lampu jalan \u202emati\u202c di <Sukadami>, hubungi \u2066+62 812 3456 7890\u2069 sudah seminggu"
    )
    for path in (f"/aduan/{number}", "/"):
        html = client.get(path).text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
        assert "&lt;Sukadami&gt;" in html
        assert "&amp;lt;" not in html
    assert "\u202e" in client.get(f"/v1/complaints/{number}").json()["text"], "what was written is kept"


@pytest.mark.parametrize("number", ["1" * 5000, "1_0"])
@pytest.mark.parametrize("path", ["/aduan/{}", "/aduan/{}/keputusan", "/aduan/{}/gabung", "/periksa/{}"])
def test_an_address_with_what_is_no_number_is_refused(local_client: TestClient, path: str, number: str) -> None:
    for method in ("GET", "POST"):
        assert 400 <= local_client.request(method, path.format(number)).status_code < 500
