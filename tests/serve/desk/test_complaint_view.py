"""The opened complaint: information and actions shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.complaint import Level
from serve import live
from serve.desk import queue_page
from serve.desk.complaint_view import opened
from serve.security import COOKIE
from serve.store import accounts, claims, decisions, keys, logins, models
from serve.store.accounts import Role, Scope
from serve.store.lifecycle import Action
from serve.store.orders import Order
from tests.serve.desk.conftest import article_of, decide, fields_of, post


@pytest.mark.parametrize(("decision", "first"), [("suggest", 2), ("choose", 0), ("read", 0)])
def test_only_a_clear_suggestion_is_put_forward_beside_the_text_and_under_the_thumb(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, decision: str, first: int
) -> None:
    monkeypatch.setattr(queue_page, "opened", lambda *about: replace(opened(*about), decision=decision))
    html = article_of(client.get(f"/aduan/{post(client)}").text)
    assert html.count("choice first") == first
    assert ("thumb unsure" in html) == (not first)


def test_why_it_is_urgent_is_told_of_alarms_alone(client: TestClient) -> None:
    quiet, alarm = "Bagaimana cara mengurus KTP yang hilang di kecamatan Setu?", "Rumah kebakaran di Sukadami, tolong"
    shown = {"opened": article_of(client.get(f"/aduan/{post(client, quiet)}").text)}
    shown |= {
        said: client.post("/coba", data={"text": said}).text.split('class="legend"')[0] for said in (quiet, alarm)
    }
    reasons = re.compile(r'class="why"|>karena |<mark class="[^"]*urgent')
    assert {name: len(set(reasons.findall(html))) for name, html in shown.items()} == {"opened": 0, quiet: 0, alarm: 2}


def test_of_a_complaint_with_two_places_none_is_told_to_be_missing(client: TestClient) -> None:
    two = "Lampu jalan di Desa Sukadami mati. Sampah di Desa Sumberjaya Tambun Selatan menumpuk."
    shown = client.get(f"/aduan/{post(client, two)}").text, client.post("/coba", data={"text": two}).text
    for html in shown:
        assert re.search(r"<dt>Tempat</dt><dd>\s*(<[^>]+>)?belum diketahui", html)


def test_why_an_office_returned_a_complaint_is_told_in_its_own_words(client: TestClient) -> None:
    number = post(client)
    orders: tuple[dict[str, Any], ...] = (
        {"action": "forward", "agencies": ["dishub", "dlh"]},
        {"action": "return", "agency": "dishub", "why": "Lampunya milik pengembang."},
        {"action": "return", "agency": "dlh", "why": "Bukan sampah"},
    )
    for version, order in enumerate(orders, start=1):
        decide(client, number, order | {"version": version})
        told = re.search(r'<p class="notice warn">(Dikembalikan.*?)</p>', client.get(f"/aduan/{number}").text)
        assert (told is not None) == (version > 1)
    assert told
    assert told[1] == (
        "Dikembalikan oleh Dinas Perhubungan: “Lampunya milik pengembang”; Dinas Lingkungan Hidup: “Bukan sampah”. "
        '<span class="of-screen">'
        "Usulan di bawah tidak memuat instansi itu; persentasenya hanya membandingkan yang tersisa.</span>"
    )


def test_the_offices_that_a_complaint_lies_with_are_offered_with_the_leading_one_first(client: TestClient) -> None:
    number = post(client)
    order = {"action": "forward", "version": 1, "agencies": ["satpolpp", "bpbd"]}
    decide(client, number, order)
    assert re.findall(r'<option value="([\w-]+)"[^>]* selected', client.get(f"/aduan/{number}").text)[:2] == [
        "satpolpp",
        "bpbd",
    ]


def test_a_suggested_body_outside_the_regions_authority_is_marked_wherever_it_is_listed(client: TestClient) -> None:
    html = client.get(f"/aduan/{post(client, 'Sertifikat tanah belum jadi, listrik padam, maling motor')}").text
    offered = re.findall(r'name="instansi" value="([\w-]+)" class="choice[^>]*>(.*?)</button>', html, re.DOTALL)
    codes = [code for code, _ in offered]
    assert any(code.startswith("luar-") for code in codes[3:])
    for code, button in offered[: codes.index(codes[0], 1)]:  # the last is the first again, within a thumb's reach
        assert (code.startswith("luar-")) == ("luar kewenangan" in button), code


def test_a_secret_complaint_is_called_so_wherever_its_words_are_read(client: TestClient) -> None:
    text = "Kepala dusun di desa Sindangmulya kecamatan Cibarusah meminta uang untuk surat tanah"
    secret, public = post(client, text, secret=True), post(client, text + " sejak bulan lalu")
    tag = '<span class="tag warn">Rahasia</span>'
    html = client.get(f"/aduan/{secret}").text
    assert tag in article_of(html).partition("</header>")[0]
    rows = {number: html.partition(f'<li data-id="{number}"')[2].partition("</li>")[0] for number in (secret, public)}
    assert {number: tag in row for number, row in rows.items()} == {secret: True, public: False}
    beside = article_of(client.get(f"/aduan/{public}").text)
    assert tag not in beside.partition("</header>")[0]
    assert tag in beside.partition('class="same"')[2].partition("</details>")[0]
    order = {"action": "forward", "version": 1, "agencies": ["inspektorat"]}
    decide(client, secret, order)
    earlier = article_of(client.get(f"/aduan/{public}").text).partition('<ul class="earlier">')[2].partition("</ul>")[0]
    assert tag in earlier


def test_a_moment_of_another_year_is_told_with_its_year(client: TestClient) -> None:
    old = client.get(f"/aduan/{post(client, received_at='2024-12-03T08:15:00+07:00')}").text
    assert "3 Des 2024 08.15 · Web" in old
    assert f"{dt.datetime.now(dt.UTC):%Y} 08.15" not in old


def test_the_clock_of_a_settled_complaint_has_stopped(client: TestClient) -> None:
    told = {}
    for action in ("forward", "finish", "not-complaint"):
        number = post(client, received_at="2025-03-03T08:15:00+07:00")
        if action == "finish":
            client.post(
                f"/v1/complaints/{number}/decisions", json={"action": "forward", "version": 1, "agencies": ["dishub"]}
            )
        order = {"action": action, "version": 2 if action == "finish" else 1, "agencies": ["dishub"]}
        if action != "forward":
            del order["agencies"]
        decide(client, number, order)
        page = client.get(f"/aduan/{number}?status=semua").text
        told[action] = set(re.findall(r'<span class="clock[ a-z]*">([^<]*)</span>', article_of(page)))
        assert "Ada pada <b>Dinas Perhubungan</b>" in page or action != "forward"
        assert "Ada pada" not in page or action == "forward"
    (running,), (stopped,) = told["forward"], told["finish"]
    assert re.fullmatch(r"terlambat \d+ hari kerja", running)
    assert re.fullmatch(r"selesai, terlambat \d+ hari kerja", stopped)
    assert told["not-complaint"] == set()


def test_an_earlier_complaint_names_the_office_that_settled_it(client: TestClient) -> None:
    lamp = "penerangan jalan umum padam total di perumahan Grand Wisata blok Z"
    number = post(client, lamp)
    for version, order in ((1, {"action": "forward", "agencies": ["dishub"]}), (2, {"action": "finish"})):
        decide(client, number, order | {"version": version})
    html = client.get(f"/aduan/{post(client, lamp + ' sejak kemarin')}").text
    assert f'<a href="/aduan/{number}"><b>Dinas Perhubungan</b> <span class="soft">Selesai ·' in html


def test_what_a_colleague_decided_is_not_taken_back_with_one_press(client: TestClient) -> None:
    mine, theirs = post(client), post(client)
    order = Order(Action.FORWARD, agencies=("dishub",))
    state: Any = client.app.state  # type: ignore[attr-defined]
    for number, by in ((mine, "demo"), (theirs, "budi")):
        about: dict[str, Any] = {"by": by, "now": dt.datetime.now(dt.UTC), "expected_version": 1}
        with state.database.writing() as session:
            decisions.decide(session, state.suggester, number, order, **about)
    assert "<kbd>z</kbd> Batalkan keputusan terakhir" in article_of(client.get(f"/aduan/{mine}").text)
    for number, buttons in ((mine, 1), (theirs, 0)):  # a link that a colleague may have shared
        told = client.get(f"/?batal={number}:2").text.partition("<article")[0]
        assert f"Aduan {number} diteruskan" in told
        assert told.count(f'name="aduan" value="{number}:2"') == buttons
    html = article_of(client.get(f"/aduan/{theirs}").text)
    assert "data-own" not in html
    asked = re.search(r"<summary>Batalkan keputusan budi</summary>(.*?)</details>", html, re.DOTALL)
    assert asked
    assert "diteruskan ke Dinas Perhubungan" in asked[1]
    undone = client.post("/batal", data=fields_of(asked[1], "Ya, batalkan"), headers={"sec-fetch-site": "same-origin"})
    assert undone.url.path == f"/aduan/{theirs}"
    assert "Batalkan keputusan" not in article_of(undone.text)


def test_a_split_that_was_undone_is_told_by_the_history_alone(client: TestClient) -> None:
    number = post(client, "Lampu jalan mati. Sampah menumpuk di ujung gang.")
    parts = ["Lampu jalan mati.", "Sampah menumpuk di ujung gang."]
    orders: tuple[dict[str, Any], ...] = ({"action": "split", "parts": parts}, {"action": "undo"})
    told = []
    for version, order in enumerate(orders, start=1):
        decide(client, number, order | {"version": version})
        told.append(article_of(client.get(f"/aduan/{number}").text).count("ipecah menjadi"))
    assert told == [2, 1]  # in notice and history, then only in the history


def test_colleagues_are_called_by_their_full_names(local_client: TestClient) -> None:
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    now = dt.datetime.now(dt.UTC)
    decided, held = post(local_client), post(local_client)
    with state.database.writing() as session:
        accounts.add_user(session, "ani", "x" * 12, full_name="Ani Wulandari", role=Role.PETUGAS, now=now)
        budi = accounts.add_user(session, "budi", "x" * 12, full_name="", role=Role.PETUGAS, now=now)
        order = Order(Action.URGENCY, urgency=Level.SEDANG)
        decisions.decide(session, state.suggester, decided, order, by="ani", now=now, expected_version=1)
        claims.claim(session, held, by="ani", now=now)
        login = logins.begin(session, budi, now)
        (told,) = [change.name for change in live.changes(session, 0) if change.by == "ani"]
    assert told == "Ani Wulandari"
    local_client.cookies.set(COOKIE, login.token)
    html = local_client.get(f"/aduan/{decided}").text
    assert "· Ani Wulandari</span><br>urgensi menjadi sedang" in html
    assert "· demo</span><br>diterima" in html  # no account with this name
    assert "Batalkan keputusan Ani Wulandari" in html
    assert "dikerjakan Ani Wulandari" in html
    assert "<b>Ani Wulandari</b> sedang mengerjakan" in local_client.get(f"/aduan/{held}").text
    headers = {"x-csrf-token": login.csrf_token}
    taken = local_client.put(f"/v1/complaints/{held}/claim", headers=headers).json()["detail"]
    assert taken.startswith("Ani Wulandari sedang mengerjakan")
    late = {"action": "urgency", "urgency": "rendah", "version": 1}
    refused = local_client.post(f"/v1/complaints/{decided}/decisions", json=late, headers=headers).json()["detail"]
    assert refused.startswith("Ani Wulandari sudah mengubah")
    assert not re.search(r">\s*ani\b|\bani sedang|keputusan ani\b", html)


def test_a_system_is_called_by_the_name_of_its_key(local_client: TestClient) -> None:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        key = keys.add_key(session, "jembatan", [Scope.INTAKE], now=dt.datetime.now(dt.UTC))
    sent = {"text": "Lampu jalan di Desa Setu mati", "channel": "web"}
    answer = local_client.post("/v1/complaints", json=sent, headers={"authorization": f"Bearer {key}"})
    html = local_client.get(f"/aduan/{answer.json()['id']}").text
    assert "· Kunci API jembatan</span><br>diterima" in html
    assert "kunci:" not in html


def _end_dishub(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """End Dinas Perhubungan, so that it no longer exists."""
    state: Any = client.app.state  # type: ignore[attr-defined]
    agencies = state.suggester.region.agencies
    ended = agencies["dishub"].model_copy(update={"valid_to": dt.date(2020, 12, 31)})
    monkeypatch.setitem(agencies, "dishub", ended)
    monkeypatch.setattr(state, "desk", None, raising=False)  # discards the cached offices


def test_an_office_that_is_no_more_is_named_and_can_have_returned_what_it_holds(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post(client)
    order = {"action": "forward", "version": 1, "agencies": ["dishub"]}
    decide(client, number, order)
    _end_dishub(client, monkeypatch)
    html = article_of(client.get(f"/aduan/{number}").text)
    assert "Ada pada <b>Dinas Perhubungan</b>." in html
    returned, forwarded = (
        html.partition(f'data-action="{name}"')[2].partition("</form>")[0] for name in ("kembali", "lain")
    )
    assert '<option value="dishub">Dinas Perhubungan</option>' in returned
    assert '"dishub"' not in forwarded  # it can no longer be chosen
    assert 'value="dinkes"' in forwarded
    sent = fields_of(html, 'value="return"') | {"instansi": "dishub", "alasan": "Instansinya sudah dilebur."}
    client.post(f"/aduan/{number}/keputusan", data=sent)
    shown = client.get(f"/v1/complaints/{number}").json()
    assert (shown["status"], shown["agencies"]) == ("perlu-verifikasi", [])


def test_what_was_clear_is_to_be_chosen_when_the_suggested_office_is_no_more(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post(client)
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        suggestion = session.get_one(models.StoredSuggestion, session.get_one(models.Complaint, number).suggestion_id)
        suggestion.body = {**suggestion.body, "decision": "suggest", "notes": []}
    before = article_of(client.get(f"/aduan/{number}").text)
    assert re.search(r"<h3>Usulan jelas\s*</h3>", before)
    assert before.count("choice first") == 2
    _end_dishub(client, monkeypatch)
    html = article_of(client.get(f"/aduan/{number}").text)
    assert re.search(r'<h3>Perlu dipilih <span class="soft">Dinas Perhubungan sudah tidak ada\.</span></h3>', html)
    assert "choice first" not in html
    thumb = html.partition('<div class="thumb')[2]
    assert "Dinas Perhubungan" not in thumb
    assert "Lewati" in thumb


def test_an_office_that_is_no_more_is_not_offered_though_it_was_suggested(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post(client)
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"')
    _end_dishub(client, monkeypatch)
    html = article_of(client.get(f"/aduan/{number}").text)
    buttons = re.findall(r'<button [^>]*value="dishub"[^>]*>', html)
    assert buttons
    assert all("disabled" in button for button in buttons)
    assert 'Dinas Perhubungan <span class="tag">sudah tidak ada</span>' in html
    about: dict[str, Any] = {"data": form | {"instansi": "dishub"}, "headers": {"accept": "application/json"}}
    refused = client.post(f"/aduan/{number}/keputusan", **about)
    assert refused.status_code == 422
    assert "Dinas Perhubungan sudah tidak ada" in refused.json()["detail"]
    assert "Instansi lain" in refused.json()["detail"]
