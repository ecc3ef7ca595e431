"""The pages *Masuk* (login) and *Kelola* (accounts and keys)."""

from __future__ import annotations

import datetime as dt
import re

from fastapi.testclient import TestClient

from serve.security import COOKIE
from serve.store import accounts, keys, logins
from serve.store.accounts import Role, Scope
from tests.serve.desk.conftest import LAMP, fields_of


def test_an_account_or_key_that_is_refused_is_shown_as_it_was_typed(client: TestClient) -> None:
    csrf = fields_of(client.get("/kelola").text, "tambah-akun")["csrf"]
    account = {"perintah": "tambah-akun", "nama": "Ani", "lengkap": "Ani W.", "peran": "admin", "sandi": "x" * 12}
    refused = client.post("/kelola", data=account | {"csrf": csrf})
    assert refused.status_code == 422
    for shown in ('name="nama" value="Ani"', 'name="lengkap" value="Ani W."', "<option selected>admin</option>"):
        assert refused.text.count(shown) == 1
    assert "x" * 12 not in refused.text
    refused = client.post("/kelola", data={"csrf": csrf, "perintah": "tambah-kunci", "nama": "bot"})
    assert refused.text.count('value="bot"') == 1
    assert 'value="intake" checked' not in refused.text


def test_why_an_account_or_key_is_refused_stands_in_its_form_and_the_cursor_with_it(client: TestClient) -> None:
    csrf = fields_of(client.get("/kelola").text, "tambah-akun")["csrf"]
    for command, word in (
        ("tambah-akun", "Nama pengguna"),
        ("tambah-kunci", "Kunci butuh nama, cakupan, dan batas. Isi"),
    ):
        html = client.post("/kelola", data={"csrf": csrf, "perintah": command, "nama": "Ani", "sandi": "x" * 12}).text
        form = next(part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'value="{command}"' in part)
        assert re.search(rf'<p class="error" role="alert" id="ditolak">{word}', form)
        assert re.search(r'name="nama"[^>]* autofocus aria-describedby="ditolak"', form)
        assert html.count('class="error"') == html.count("autofocus") == 1


def test_what_a_key_or_a_person_may_do_is_told_in_indonesian(local_client: TestClient) -> None:
    csrf = fields_of(local_client.get("/kelola").text, "tambah-kunci")["csrf"]
    new = {"csrf": csrf, "perintah": "tambah-kunci", "nama": "bot", "cakupan": ["read", "intake"]}
    html = local_client.post("/kelola", data=new).text
    assert "<td>bot</td><td>mengirim aduan, membaca aduan</td>" in html
    offered = re.findall(r'name="cakupan" value="(\w+)"[^>]*> ([\w ]+)</label>', html)
    assert {code for code, _ in offered} == set(Scope)
    assert not {told for _, told in offered} & set(Scope)
    key = re.findall(r'<code class="secret">(\w+[^<]*)</code>', html)[0]
    order, bearer = {"action": "finish", "version": 1}, {"authorization": f"Bearer {key}"}
    refused = local_client.post("/v1/complaints/1/decisions", json=order, headers=bearer)
    assert "“decide”" in refused.json()["detail"]
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        now = dt.datetime.now(dt.UTC)
        user = accounts.add_user(session, "ani", "x" * 12, full_name="Ani W.", role=Role.PETUGAS, now=now)
        local_client.cookies.set(COOKIE, logins.begin(session, user, now).token)
    assert "tidak punya izin “mengelola”" in local_client.get("/kelola").text


def test_an_account_or_key_is_closed_by_a_second_press_that_says_it_is_for_good(local_client: TestClient) -> None:
    page = local_client.get("/kelola").text
    assert "<option selected>admin</option>" in page, "the first account, or nobody could make the second"
    csrf = fields_of(page, "tambah-akun")["csrf"]
    key = {"perintah": "tambah-kunci", "nama": "bot", "cakupan": "intake", "csrf": csrf}
    html = local_client.post("/kelola", data=key).text
    sure = re.search(r"<details[^>]*><summary[^>]*>Cabut</summary>(.*?)</details>", html, re.DOTALL)
    assert sure
    assert "Ya, cabut bot untuk seterusnya" in sure[1]
    told = local_client.post(
        "/kelola", data=fields_of(html, "cabut-kunci"), headers={"sec-fetch-site": "same-origin"}
    ).text
    assert "Kunci bot dicabut." in told


def test_who_is_not_logged_in_is_sent_to_the_login_and_back(local_client: TestClient) -> None:
    csrf = fields_of(local_client.get("/kelola").text, "tambah-akun")["csrf"]
    account = {"perintah": "tambah-akun", "nama": "siti", "sandi": "sepuluh-huruf", "peran": "admin"}
    assert "Akun siti dibuat" in local_client.post("/kelola", data=account | {"csrf": csrf}).text
    local_client.app.state.door._without_accounts_until = 0.0  # type: ignore[attr-defined]
    response = local_client.get("/ringkasan?hari=7")
    assert response.url.path == "/masuk"
    assert "<nav" not in response.text, "all pages would lead back here"
    assert "berakhir" not in response.text, "nobody was logged in"
    workbook = local_client.get("/ringkasan.xlsx?hari=7")
    assert (workbook.url.path, workbook.url.params["ke"]) == ("/masuk", "/ringkasan?hari=7")
    wrong = local_client.post("/masuk", data={"nama": "siti", "sandi": "salah-sekali", "ke": "//evil.example"})
    assert wrong.status_code == 401
    right = local_client.post("/masuk", data={"nama": "siti", "sandi": "sepuluh-huruf", "ke": "/ringkasan?hari=7"})
    assert right.url.path == "/ringkasan"
    local_client.cookies.clear()
    local_client.cookies.set(COOKIE, "of-yesterday")
    for ended in (local_client.post("/baru", data={"teks": LAMP}), local_client.get("/baru")):
        assert ended.url.params["ke"] == "/baru"
        assert "Sesi Anda berakhir. Silakan masuk lagi" in ended.text


def test_a_key_of_another_year_is_listed_with_its_year(local_client: TestClient) -> None:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        keys.add_key(session, "bot", [Scope.INTAKE], now=dt.datetime.fromisoformat("2024-12-03T08:15:00+07:00"))
    assert ">3 Des 2024 08.15<" in local_client.get("/kelola").text
