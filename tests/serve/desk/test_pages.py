"""The desk's pages as a browser without JavaScript gets them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from pipeline.complaint import Level
from pipeline.numerals import percent
from pipeline.region import Region
from serve import live
from serve.app import create_app
from serve.desk import queue_page, queue_view, wording
from serve.desk.complaint_view import opened
from serve.desk.html import MAX_FIELDS
from serve.security import COOKIE
from serve.settings import Settings
from serve.store import accounts, bursts, claims, decisions, keys, logins
from serve.store.accounts import Role, Scope
from serve.store.bursts import Burst
from serve.store.lifecycle import Action
from serve.store.orders import Order

LAMP = "lampu jalan <b>mati</b> di desa Sukadami sudah seminggu"


@pytest.fixture(scope="module")
def client(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("desk") / "store.sqlite3"
    app = create_app(Settings(model=model_folder, database_url=f"sqlite:///{store}"))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client


def _post(client: TestClient, text: str = LAMP, **about: Any) -> int:
    number: int = client.post("/v1/complaints", json={"text": text, "channel": "web", **about}).json()["id"]
    return number


def _fields(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of the form that has these words in it."""
    found = next(part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if form in part)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))


def _opened(html: str) -> str:
    """Return the number of the opened complaint."""
    found = re.search(r'<article class="complaint" data-id="(\d+)"', html)
    assert found
    return found[1]


def _article(html: str) -> str:
    """Return the opened complaint of a page."""
    return html[html.index("<article") :]


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
    assert first.headers["cache-control"] == "no-cache"  # without it browsers guess for how long a file stays the same
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_a_pasted_complaint_is_answered_with_marked_words(client: TestClient) -> None:
    response = client.post("/coba", data={"text": LAMP, "address": ""})
    assert response.status_code == 200
    assert "Dinas Perhubungan" in response.text
    assert re.search(r'<mark class="place( urgent)?">Sukadami</mark>', response.text)
    assert "<b>mati" not in response.text


def test_who_cannot_be_written_to_is_to_be_told_by_the_dispatcher(client: TestClient) -> None:
    order = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Diteruskan."}
    for about, told in (({}, "tidak dikirim, sampaikan sendiri"), ({"sender_id": "w-7"}, "dikirim sesudah masa")):
        number = _post(client, **about)
        assert client.post(f"/v1/complaints/{number}/decisions", json=order).status_code == 201
        assert told in client.get(f"/aduan/{number}").text
    form = _fields(client.get(f"/aduan/{number}").text, 'value="return"')
    form |= {"instansi": "dishub", "alasan": "Bukan kewenangan kami."}
    headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
    returned = client.post(f"/aduan/{number}/keputusan", data=form, headers=headers).json()
    assert returned["sentence"] == f"Aduan {number} dikembalikan Dinas Perhubungan."
    html = client.get(f"/aduan/{number}").text
    assert "tidak dikirim: aduannya sudah tidak pada instansi itu" in html
    assert "Dikembalikan oleh Dinas Perhubungan: “Bukan kewenangan kami”. <" in html


def test_before_anything_is_said_it_is_told_who_cannot_be_written_to(client: TestClient) -> None:
    counter, mobile = (
        _article(client.get(f"/aduan/{_post(client, **about)}").text) for about in ({}, {"sender_id": "w-7"})
    )
    assert counter.count('class="reply"') == counter.count("Balasan kepada pelapor <span")
    assert "tidak dapat dibalas lewat kanalnya" in counter
    assert "Kirim pertanyaan" not in counter
    assert "sampaikan sendiri" not in mobile
    assert "Kirim pertanyaan" in mobile


def test_a_form_with_more_fields_than_may_be_is_refused_on_a_page(client: TestClient) -> None:
    for path in ("/masuk", "/coba", "/aduan/1/keputusan"):
        response = client.post(path, data={f"isian{n}": "x" for n in range(MAX_FIELDS + 1)})
        assert response.status_code == 422, path
        assert f"Formulir berisi lebih dari {MAX_FIELDS} isian." in response.text


def test_an_empty_complaint_is_answered_with_what_to_do(client: TestClient) -> None:
    response = client.post("/coba", data={"text": "😀"})
    assert response.status_code == 422
    assert "Tidak ada satu huruf pun" in response.text


def test_a_crash_is_told_on_a_page_and_its_message_never_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "PENANDA lampu jalan di gang mati"

    def crash(*_: Any) -> None:
        raise ValueError(words)

    monkeypatch.setattr(queue_page, "opened", crash)
    response = client.get(f"/aduan/{_post(client)}")
    assert response.status_code == 500
    assert "Kesalahan di dalam sistem" in response.text
    assert "<html" in response.text
    assert "ValueError" in caplog.text
    assert "PENANDA" not in caplog.text


@pytest.mark.parametrize(
    "damaged", ['{"agencies": [{"PENANDA', '["PENANDA"]', "7", "\udc80", '{"agencies": "PENANDA", "kind": "PENANDA"}']
)
def test_a_suggestion_that_cannot_be_read_stops_nobody(
    local_client: TestClient, caplog: pytest.LogCaptureFixture, damaged: str
) -> None:
    number, other = _post(local_client, "kabel listrik putus, ada warga tersetrum"), _post(local_client)
    broken = damaged.encode(errors="surrogateescape")
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        about = {"body": broken, "number": number}
        session.execute(text("UPDATE suggestions SET body = CAST(:body AS TEXT) WHERE complaint_id = :number"), about)
    html = local_client.get("/").text
    assert _opened(html) == str(number)  # the most urgent still comes first
    assert f'data-id="{other}"' in html
    article = _article(html)
    assert "ada warga tersetrum" in article
    assert "Usulan yang tersimpan tidak terbaca" in article
    assert re.search(r'data-shortcut="l" open>.*?<option value="dishub"', article, re.DOTALL)
    assert 'class="choice"' not in article
    assert 'class="marks"' not in article
    assert f"suggestion of complaint {number} cannot be read" in caplog.text
    assert "PENANDA" not in caplog.text
    told = {one["id"]: one for one in local_client.get("/v1/complaints").json()["complaints"]}
    assert told[number]["text"] == "kabel listrik putus, ada warga tersetrum"
    assert told[other]["suggestion"]["agencies"]
    for path in (
        f"/v1/complaints/{number}",
        "/?cari=warga",
        "/ringkasan",
        "/ringkasan.xlsx",
        "/open311/v2/requests.json",
    ):
        assert local_client.get(path).status_code == 200, path
    sent = _fields(article, 'value="forward"') | {"instansi": "dishub"}
    decided = local_client.post(f"/aduan/{number}/keputusan", data=sent, headers={"sec-fetch-site": "same-origin"})
    assert f"Aduan {number} diteruskan: Dinas Perhubungan." in decided.text


def test_a_complaint_whose_suggestion_is_gone_stays_in_the_queue_and_is_decided(local_client: TestClient) -> None:
    number = _post(local_client, "kabel listrik putus, ada warga tersetrum")
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        session.execute(text("DELETE FROM suggestions WHERE complaint_id = :number"), {"number": number})
    for path in ("/", "/?cari=tersetrum", f"/?cari={number}", f"/aduan/{number}"):
        html = local_client.get(path).text
        assert f'<li data-id="{number}"' in html, path
        assert "Usulan yang tersimpan tidak terbaca" in _article(html), path
    assert [one["id"] for one in local_client.get("/v1/complaints").json()["complaints"]] == [number]
    assert local_client.get(f"/v1/complaints/{number}").json()["suggestion"] is None
    sent = _fields(_article(html), 'value="forward"') | {"instansi": "dishub"}
    decided = local_client.post(f"/aduan/{number}/keputusan", data=sent, headers={"sec-fetch-site": "same-origin"})
    assert f"Aduan {number} diteruskan: Dinas Perhubungan." in decided.text


def test_the_queue_shows_urgency_clock_office_and_the_opened_complaint(client: TestClient) -> None:
    number = _post(client)
    html = client.get(f"/aduan/{number}").text
    assert 'class="clock' in html
    assert "hari kerja" in html
    assert "Dinas Perhubungan" in html
    assert "lampu penerangan jalan umum" in html  # what the office handles
    assert "<b>mati" not in html


@pytest.mark.parametrize(("decision", "first"), [("suggest", 2), ("choose", 0), ("read", 0)])
def test_only_a_clear_suggestion_is_put_forward_beside_the_text_and_under_the_thumb(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, decision: str, first: int
) -> None:
    monkeypatch.setattr(queue_page, "opened", lambda *about: replace(opened(*about), decision=decision))
    html = _article(client.get(f"/aduan/{_post(client)}").text)
    assert html.count("choice first") == first
    assert ("thumb unsure" in html) == (not first)


def test_why_it_is_urgent_is_told_of_alarms_alone(client: TestClient) -> None:
    quiet, alarm = "Bagaimana cara mengurus KTP yang hilang di kecamatan Setu?", "Rumah kebakaran di Sukadami, tolong"
    shown = {"opened": _article(client.get(f"/aduan/{_post(client, quiet)}").text)}
    shown |= {
        said: client.post("/coba", data={"text": said}).text.split('class="legend"')[0] for said in (quiet, alarm)
    }
    reasons = re.compile(r'class="why"|>karena |<mark class="[^"]*urgent')
    assert {name: len(set(reasons.findall(html))) for name, html in shown.items()} == {"opened": 0, quiet: 0, alarm: 2}


def test_what_stands_in_braces_in_a_reply_is_explained_where_there_is_any(client: TestClient) -> None:
    forms = re.findall(r'data-action="(\w+)"(.*?)</form>', client.get(f"/aduan/{_post(client)}").text, re.DOTALL)
    explained = {name: ("{" in form, "terisi sendiri" in form) for name, form in forms if "balasan_baku" in form}
    assert explained["terima"] == explained["bukan"] == (False, False)
    assert explained["lain"] == explained["luar"] == (True, True)


def test_of_a_complaint_with_two_places_none_is_told_to_be_missing(client: TestClient) -> None:
    two = "Lampu jalan di Desa Sukadami mati. Sampah di Desa Sumberjaya Tambun Selatan menumpuk."
    shown = client.get(f"/aduan/{_post(client, two)}").text, client.post("/coba", data={"text": two}).text
    for html in shown:
        assert re.search(r"<dt>Tempat</dt><dd>\s*(<[^>]+>)?belum diketahui", html)


def test_a_complaint_is_accepted_by_a_plain_form_and_can_be_undone(client: TestClient) -> None:
    number = _post(client)
    form = _fields(client.get(f"/aduan/{number}").text, 'value="accept"')
    response = client.post(
        f"/aduan/{number}/keputusan", data=form | {"instansi": "dishub"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert response.url.params["batal"] == f"{number}:2"
    assert f"Aduan {number} diteruskan: Dinas Perhubungan" in response.text
    shown = client.get(f"/v1/complaints/{number}").json()
    assert shown["status"] == "terdisposisi"
    assert "Dinas Perhubungan" in shown["messages"][0]["text"]
    undone = client.post("/batal", data={"csrf": form["csrf"], "aduan": f"{number}:2"})
    assert undone.url.path == f"/aduan/{number}"
    assert client.get(f"/v1/complaints/{number}").json()["status"] == "perlu-verifikasi"


def test_a_body_outside_the_authority_is_named_to_the_citizen_not_sent_to(client: TestClient) -> None:
    number = _post(client, "meteran listrik PLN rusak dan berbunyi")
    form = _fields(client.get(f"/aduan/{number}").text, 'value="accept"')
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-pln"})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert shown["status"] == "luar-kewenangan"
    assert "telepon PLN 123" in shown["messages"][0]["text"]


def test_an_edited_reply_is_kept_and_its_placeholders_filled(client: TestClient) -> None:
    number = _post(client)
    form = _fields(client.get(f"/aduan/{number}").text, 'value="accept"')
    answer = form | {"instansi": "dishub", "balasan": "Hatur nuhun. {instansi} menangani nomor {nomor}."}
    client.post(f"/aduan/{number}/keputusan", data=answer)
    message = client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]
    assert message == f"Hatur nuhun. Dinas Perhubungan menangani nomor {number}."


def test_an_edited_reply_names_the_office_that_was_decided(client: TestClient) -> None:
    number = _post(client)
    html = client.get(f"/aduan/{number}").text
    form = _fields(html, 'value="accept"')
    shown, written = form["balasan_baku"], form["balasan_baku"] + " Mohon kirim foto."
    assert "Dinas Perhubungan" in shown
    other = re.findall(r'name="instansi" value="(\w+)" class="choice', html)[1]
    name = next(o["name"] for o in client.get("/instansi.json").json() if o["code"] == other)
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": other, "balasan": written})
    decided = client.get(f"/v1/complaints/{number}").json()
    message = decided["messages"][0]["text"]
    assert decided["agencies"] == [other]
    assert name in message
    assert "Dinas Perhubungan" not in message
    assert message.endswith("Mohon kirim foto.")


def test_an_edited_reply_about_another_office_than_the_decided_one_is_refused(client: TestClient) -> None:
    number = _post(client)
    html = client.get(f"/aduan/{number}").text
    form = _fields(html, 'value="accept"')
    written = form["balasan_baku"] + " Mohon kirim foto."
    outside = client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-pln", "balasan": written})
    assert outside.status_code == 422
    assert "Balasan yang Anda ubah ditulis untuk Dinas Perhubungan" in outside.text
    pln = re.search(r'value="luar-pln" data-reply="([^"]+)"', html)
    assert pln
    form = _fields(html, 'value="outside"') | {"balasan_baku": pln[1], "balasan": pln[1] + " Terima kasih."}
    other = client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-polisi"})
    assert other.status_code == 422
    assert "PLN" in other.text
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 1


def test_no_reply_promises_a_deadline_that_is_past(client: TestClient) -> None:
    number = _post(client, received_at="2026-01-05T08:00:00+07:00")
    html = client.get(f"/aduan/{number}").text
    form = _fields(html, 'value="accept"')
    assert "paling lambat" not in html
    assert "Mohon maaf" in form["balasan_baku"]
    promising = form | {"instansi": "dishub", "balasan": "{instansi} menanganinya paling lambat {tenggat}."}
    refused = client.post(f"/aduan/{number}/keputusan", data=promising)
    assert refused.status_code == 422
    assert "sudah lewat" in refused.text
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "dishub"})
    message = client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]
    assert "Mohon maaf" in message
    assert "Dinas Perhubungan" in message
    assert "2026" not in message


def test_a_form_that_is_sent_again_is_answered_as_before_and_does_nothing_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _post(client, received_at=dt.datetime.now(tz=dt.UTC).isoformat())
    form = _fields(client.get(f"/aduan/{number}").text, 'value="accept"') | {"instansi": "dishub"}
    form |= {"balasan": "{instansi} menanganinya paling lambat {tenggat}."}
    asked = {"accept": "application/json"}
    first = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked)
    monkeypatch.setattr("serve.desk.replies.ReplyWriter.is_past", lambda *_: True)  # it came back online days later
    again = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked)
    assert (again.status_code, again.json()) == (200, first.json())
    other = client.post(f"/aduan/{number}/keputusan", data=form | {"tindakan": "finish"}, headers=asked)
    assert other.status_code == 409
    assert "belum disimpan" in other.json()["detail"]
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 2


def test_who_reported_the_same_hears_of_the_merger_and_of_what_becomes_of_it(client: TestClient) -> None:
    kept, merged, secret = _post(client), _post(client), _post(client, secret=True)
    form = _fields(client.get(f"/aduan/{kept}").text, 'value="accept"')
    client.post(f"/aduan/{kept}/gabung", data={"csrf": form["csrf"], "kunci": "k", "aduan": f"{merged}:1"})
    client.post(f"/aduan/{kept}/keputusan", data=form | {"instansi": "dishub"})
    told = [message["text"] for message in client.get(f"/v1/complaints/{merged}").json()["messages"]]
    assert f"nomor {merged}" in told[0]
    assert f"nomor {kept}" in told[0]
    assert f"nomor {merged} sudah kami teruskan ke Dinas Perhubungan" in told[1]
    client.post("/batal", data={"csrf": form["csrf"], "aduan": f"{kept}:2"})
    assert len(client.get(f"/v1/complaints/{merged}").json()["messages"]) == 1
    client.post(
        f"/aduan/{kept}/keputusan", data=form | {"versi": "3", "kunci": "", "tindakan": "merge", "ke": str(secret)}
    )
    told = [message["text"] for message in client.get(f"/v1/complaints/{kept}").json()["messages"]]
    assert f"nomor {kept}" in told[0]
    assert not re.search(rf"\b{secret}\b", told[0])


def test_why_an_office_returned_a_complaint_is_told_in_its_own_words(client: TestClient) -> None:
    number = _post(client)
    orders: tuple[dict[str, Any], ...] = (
        {"action": "forward", "agencies": ["dishub", "dlh"]},
        {"action": "return", "agency": "dishub", "why": "Lampunya milik pengembang."},
        {"action": "return", "agency": "dlh", "why": "Bukan sampah"},
    )
    for version, order in enumerate(orders, start=1):
        client.post(f"/v1/complaints/{number}/decisions", json=order | {"version": version})
        told = re.search(r'<p class="notice warn">(Dikembalikan.*?)</p>', client.get(f"/aduan/{number}").text)
        assert (told is not None) == (version > 1)
    assert told
    assert told[1] == (
        "Dikembalikan oleh Dinas Perhubungan: “Lampunya milik pengembang”; Dinas Lingkungan Hidup: “Bukan sampah”. "
        '<span class="of-screen">'
        "Usulan di bawah tidak memuat instansi itu; persentasenya hanya membandingkan yang tersisa.</span>"
    )


def test_situation_and_tags_are_shown_and_changed_and_an_agency_begins(client: TestClient) -> None:
    number = _post(client)
    path = f"/aduan/{number}"
    form = _fields(client.get(path).text, 'value="mark"')
    client.post(f"{path}/keputusan", data=form | {"situasi": "berpengawasan", "tanda": "Tol, tol , Viral"})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert (shown["situation"], shown["tags"]) == ("berpengawasan", ["tol", "viral"])
    html = client.get(path).text
    assert '<span class="tag">viral</span>' in html
    assert "ditandai: Berpengawasan, tol, viral" in html
    before = shown["due_at"]
    form = _fields(html, 'value="mark"')
    client.post(f"{path}/keputusan", data=form | {"situasi": "berpengawasan", "tanda": ""})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert (shown["situation"], shown["tags"], shown["due_at"]) == ("berpengawasan", [], before)
    order = {"action": "forward", "version": shown["version"], "agencies": ["dishub"]}
    client.post(f"/v1/complaints/{number}/decisions", json=order)
    client.post(f"{path}/keputusan", data=_fields(client.get(path).text, 'value="start"'))
    assert client.get(f"/v1/complaints/{number}").json()["status"] == "diproses"


def test_a_form_without_its_token_changes_nothing(client: TestClient) -> None:
    number = _post(client)
    response = client.post(
        f"/aduan/{number}/keputusan", data={"tindakan": "accept", "instansi": "dishub", "versi": "1", "csrf": "x"}
    )
    assert response.status_code == 403
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 1


def test_the_desks_script_learns_that_its_page_is_older_than_the_login(client: TestClient) -> None:
    number = _post(client)
    response = client.post(
        f"/aduan/{number}/keputusan", data={"tindakan": "accept", "csrf": "x"}, headers={"accept": "application/json"}
    )
    assert (response.status_code, response.json()["type"]) == (403, "urn:disposisi:problem:foreign-form")


def test_filters_and_search_narrow_the_queue_and_foreign_cursors_are_refused(client: TestClient) -> None:
    number = _post(client, "kucing liar berkeliaran di pasar Serang Baru")
    listed = client.get("/", params={"cari": "kucing liar"}, headers={"x-bagian": "daftar"}).text
    assert re.findall(r'<li data-id="(\d+)"', listed) == [str(number)]
    assert client.get("/", params={"lanjut": "bukan-penanda"}).status_code == 422
    assert client.get("/aduan/999999").status_code == 404


def test_a_search_and_a_filter_tell_how_many_they_found(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [_post(client, f"rusa kutub masuk pasar {kind}") for kind in ("pagi", "siang", f"sore {'x' * 20}")]

    def told(**asked: str) -> str:
        html = client.get("/", params=asked, headers={"x-bagian": "daftar"}).text
        found = re.search(r'<span class="found">(.*?)</span>', html)
        return re.sub(r"<.*?>", "", found[1]) if found else ""

    assert told(cari="rusa kutub") == "3 aduan ditemukan"
    page = client.get("/", params={"cari": "rusa kutub"}).text
    assert "<title>Antrean: 3 aduan ditemukan ·" in page, "what a screen reader tells first"
    assert told(cari=str(numbers[0])) == "1 aduan ditemukan"
    assert told(cari="rusa kutub", status="selesai") == told(cari="rusa kutub mars") == told() == ""
    total = client.get("/v1/complaints/counts", params={"channel": "web"}).json()["total"]
    assert told(kanal="web") == f"{total} aduan ditemukan"
    assert told(status="semua") == ""  # the counts of that status tell it
    monkeypatch.setattr(queue_view, "MOST_COUNTED", 2)
    assert told(cari="rusa kutub") == "lebih dari 2 aduan ditemukan"


def test_a_complaint_typed_in_at_the_counter_is_stored_with_a_receipt(client: TestClient) -> None:
    csrf = _fields(client.get("/baru").text, "teks")["csrf"]
    response = client.post(
        "/baru", data={"csrf": csrf, "teks": LAMP, "kanal": "loket", "tanda_terima": "1", "pelapor": "Warga"}
    )
    number = int(response.url.path.rsplit("/", 1)[1])
    assert str(number) in client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]


def test_what_was_ticked_is_ticked_again_after_a_refusal(client: TestClient) -> None:
    form = _fields(client.get("/baru").text, "teks") | {"teks": "...", "anonim": "1", "rahasia": "1"}
    refused = client.post("/baru", data=form)
    ticked = dict(re.findall(r'type="checkbox" name="(\w+)" value="1"( checked)?', refused.text))
    assert (refused.status_code, ticked) == (422, {"anonim": " checked", "rahasia": " checked", "tanda_terima": ""})
    assert 'name="tanda_terima" value="1" checked' in client.get("/baru").text


def test_an_account_or_key_that_is_refused_is_shown_as_it_was_typed(client: TestClient) -> None:
    csrf = _fields(client.get("/kelola").text, "tambah-akun")["csrf"]
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
    csrf = _fields(client.get("/kelola").text, "tambah-akun")["csrf"]
    for command, word in (
        ("tambah-akun", "Nama pengguna"),
        ("tambah-kunci", "Kunci butuh nama, cakupan dan batas. Isi"),
    ):
        html = client.post("/kelola", data={"csrf": csrf, "perintah": command, "nama": "Ani", "sandi": "x" * 12}).text
        form = next(part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'value="{command}"' in part)
        assert re.search(rf'<p class="error" role="alert" id="ditolak">{word}', form)
        assert re.search(r'name="nama"[^>]* autofocus aria-describedby="ditolak"', form)
        assert html.count('class="error"') == html.count("autofocus") == 1


@pytest.mark.parametrize(
    ("path", "sent"), [("/coba", {"text": "😀"}), ("/baru", {"teks": "😀"}), ("/masuk", {"nama": "x"})]
)
def test_why_a_form_is_refused_is_told_with_the_field_that_has_the_cursor(
    client: TestClient, path: str, sent: dict[str, str]
) -> None:
    csrf = _fields(client.get("/kelola").text, "tambah-akun")["csrf"]
    html = client.post(path, data=sent | {"csrf": csrf}).text
    assert re.search(r'<p class="error" role="alert" id="ditolak">', html)
    field = re.search(r'<(?:input|textarea)[^>]* autofocus aria-describedby="ditolak"[^>]*>', html)
    assert field
    assert ('aria-invalid="true"' in field[0]) == (path != "/masuk"), "where the name may be what is wrong"


def test_what_was_done_has_the_focus_of_the_page_that_comes_after_it(client: TestClient) -> None:
    number = _post(client)
    form = _fields(client.get(f"/aduan/{number}").text, 'value="accept"') | {"instansi": "dishub"}
    decided = client.post(f"/aduan/{number}/keputusan", data=form, headers={"sec-fetch-site": "same-origin"}).text
    csrf = _fields(client.get("/kelola").text, "tambah-kunci")["csrf"]
    key = {"csrf": csrf, "perintah": "tambah-kunci", "nama": f"kanal-{number}", "cakupan": "intake"}
    for html, told in ((decided, f"Aduan {number} diteruskan"), (client.post("/kelola", data=key).text, "Kunci kanal")):
        assert re.search(rf'class="told" role="status" tabindex="-1" autofocus>(<span>)?{told}', html)


def test_what_a_key_or_a_person_may_do_is_told_in_indonesian(local_client: TestClient) -> None:
    csrf = _fields(local_client.get("/kelola").text, "tambah-kunci")["csrf"]
    new = {"csrf": csrf, "perintah": "tambah-kunci", "nama": "bot", "cakupan": ["read", "intake"]}
    html = local_client.post("/kelola", data=new).text
    assert "<td>bot</td><td>kirim aduan, baca aduan</td>" in html
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
    csrf = _fields(page, "tambah-akun")["csrf"]
    key = {"perintah": "tambah-kunci", "nama": "bot", "cakupan": "intake", "csrf": csrf}
    html = local_client.post("/kelola", data=key).text
    sure = re.search(r"<details[^>]*><summary[^>]*>Cabut</summary>(.*?)</details>", html, re.DOTALL)
    assert sure
    assert "Ya, cabut bot untuk seterusnya" in sure[1]
    told = local_client.post(
        "/kelola", data=_fields(html, "cabut-kunci"), headers={"sec-fetch-site": "same-origin"}
    ).text
    assert "Kunci bot dicabut." in told


def test_the_offices_that_a_complaint_lies_with_are_offered_with_the_leading_one_first(client: TestClient) -> None:
    number = _post(client)
    order = {"action": "forward", "version": 1, "agencies": ["satpolpp", "bpbd"]}
    client.post(f"/v1/complaints/{number}/decisions", json=order)
    assert re.findall(r'<option value="([\w-]+)"[^>]* selected', client.get(f"/aduan/{number}").text)[:2] == [
        "satpolpp",
        "bpbd",
    ]


def test_a_complaint_that_is_sent_twice_by_the_same_form_is_stored_once(client: TestClient) -> None:
    form = _fields(client.get("/baru").text, "teks") | {"teks": LAMP, "kanal": "loket", "tanda_terima": "1"}
    first, again = (client.post("/baru", data=form).url.path for _ in range(2))
    assert first == again
    assert len(client.get(f"/v1{first.replace('aduan', 'complaints')}").json()["messages"]) == 1
    assert client.post("/baru", data=form | {"teks": LAMP + " lebih"}).url.path != first  # gone back to, and rewritten


def test_a_number_is_found_whatever_its_status_and_reporters_by_who_may_see_them(client: TestClient) -> None:
    number = _post(client, "pohon tumbang menutup jalan", reporter_name="Penandawati", reporter_contact="0812-777-3456")
    order = {"action": "forward", "version": 1, "agencies": ["dishub"]}
    client.post(f"/v1/complaints/{number}/decisions", json=order)

    def listed(**asked: str) -> list[str]:
        html = client.get("/", params=asked, headers={"x-bagian": "daftar"}).text
        return re.findall(r'<li data-id="(\d+)"', html)

    for words in (str(number), f"#{number}", f"nomor {number}"):
        assert listed(cari=words) == [str(number)]
    assert f'<article class="complaint" data-id="{number}"' in client.get("/", params={"cari": str(number)}).text
    assert listed(cari="penandawati") == []
    nothing = client.get("/", params={"cari": "penandawati"}).text
    assert 'href="/?cari=penandawati&amp;status=semua">Cari di semua status' in nothing
    assert listed(cari="penandawati", status="semua") == [str(number)]
    assert listed(cari="0812-777-3456", status="semua") == [str(number)]


def test_hot_spots_and_statuses_link_to_as_many_complaints_as_they_tell(client: TestClient) -> None:
    text = "lampu jalan mati di desa Sukadami"
    for days in (1, 20):
        received = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=days)
        _post(client, text, received_at=received.isoformat(), address="Desa Sukadami, Cikarang Selatan")
    html = client.get("/ringkasan?hari=7").text
    tile = re.search(r'class="shade-\d"><a href="([^"]+kecamatan=Cikarang%20Selatan[^"]*)"[^>]*>(\d+)<', html)
    status = re.search(r'<a href="([^"]+)">Perlu Verifikasi <b>(\d+)</b>', html)
    for found in (tile, status):
        assert found
        listed = client.get(found[1].replace("&amp;", "&"), headers={"x-bagian": "daftar"}).text
        assert len(re.findall(r'<li data-id="', listed)) == int(found[2])


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


def test_the_overview_offers_the_workbook_and_links_into_the_queue(client: TestClient) -> None:
    html = client.get("/ringkasan?hari=7").text
    assert re.search(r'<p class="of-paper">Kabupaten Bekasi, 7 hari sampai \d+ \w+ 20\d\d pukul \d\d\.\d\d\.</p>', html)
    link = re.search(r'href="([^"]+)">Unduh Excel', html)
    assert link
    assert client.get(link[1]).content[:2] == b"PK"


def test_of_many_bursts_the_largest_are_listed_and_the_others_folded_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [4, 30, 7, *range(10, 20)]  # the least likely first, as they are told
    monkeypatch.setattr(bursts, "bursts", lambda *_: [Burst("dishub", "Setu", n, 0.5, 0.001) for n in found])
    section = re.search(r"<h2>Lonjakan.*?</section>", client.get("/ringkasan").text, re.DOTALL)
    assert section
    listed, _, folded = section[0].partition("<details><summary>3 lonjakan lain</summary>")
    numbers = [[int(n) for n in re.findall(r"<b>(\d+) aduan</b>", part)] for part in (listed, folded)]
    assert numbers == [[30, *range(19, 10, -1)], [10, 7, 4]]
    del found[10:]
    assert "lonjakan lain" not in client.get("/ringkasan").text


def test_who_is_not_logged_in_is_sent_to_the_login_and_back(local_client: TestClient) -> None:
    csrf = _fields(local_client.get("/kelola").text, "tambah-akun")["csrf"]
    account = {"perintah": "tambah-akun", "nama": "siti", "sandi": "sepuluh-huruf", "peran": "admin"}
    assert "Akun siti dibuat" in local_client.post("/kelola", data=account | {"csrf": csrf}).text
    local_client.app.state.door._without_accounts_until = 0.0  # type: ignore[attr-defined]
    response = local_client.get("/ringkasan?hari=7")
    assert response.url.path == "/masuk"
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


def test_what_comes_next_is_nothing_that_somebody_else_is_working_on(client: TestClient) -> None:
    path = "cari=kelinci"
    numbers = [_post(client, f"kelinci liar masuk kebun warga di RT {n}") for n in range(3)]
    first = int(_opened(client.get(f"/?{path}").text))
    held, last = (number for number in numbers if number != first)
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        claims.claim(session, held, by="siti", now=dt.datetime.now(dt.UTC))
    assert f'<li data-id="{held}" data-held>' in client.get(f"/?{path}").text
    form = _fields(client.get(f"/aduan/{first}").text, 'value="not-complaint"')
    response = client.post(f"/aduan/{first}/keputusan?{path}", data=form, headers={"sec-fetch-site": "same-origin"})
    assert response.url.path == f"/aduan/{last}"
    assert _opened(client.get(f"/?{path}").text) == str(last)


def test_what_others_report_too_stands_below_the_offices_and_is_announced_above_them(client: TestClient) -> None:
    text = "banjir setinggi lutut di desa Sumberjaya kecamatan Tambun Selatan, air masuk rumah"
    number, *_ = [_post(client, text + ending) for ending in ("", " sejak subuh", " mohon bantuan")]
    html = client.get(f"/aduan/{number}").text
    assert html.index("2 warga lain") < html.index('class="choices"') < html.index('class="same"')


def test_a_moment_of_another_year_is_told_with_its_year(client: TestClient) -> None:
    old = client.get(f"/aduan/{_post(client, received_at='2024-12-03T08:15:00+07:00')}").text
    assert "3 Des 2024 08.15 · Web" in old
    assert f"{dt.datetime.now(dt.UTC):%Y} 08.15" not in old


def test_a_key_of_another_year_is_listed_with_its_year(local_client: TestClient) -> None:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        keys.add_key(session, "bot", [Scope.INTAKE], now=dt.datetime.fromisoformat("2024-12-03T08:15:00+07:00"))
    assert ">3 Des 2024 08.15<" in local_client.get("/kelola").text


def test_on_the_first_day_nothing_is_said_to_be_decided_and_no_heading_stands_alone(local_client: TestClient) -> None:
    first = local_client.get("/").text
    empty = re.findall(r'<div class="empty">(.*?)</div>', first)
    assert 'href="/baru"' in empty[0]
    assert "sudah diputuskan" not in first
    statuses = local_client.get("/ringkasan").text.partition("<h2>Menurut status</h2>")[2]
    assert statuses.startswith("<p>Tidak ada aduan dalam masa ini.</p>")


def test_the_clock_of_a_settled_complaint_has_stopped(client: TestClient) -> None:
    told = {}
    for action in ("forward", "finish", "not-complaint"):
        number = _post(client, received_at="2025-03-03T08:15:00+07:00")
        if action == "finish":
            client.post(
                f"/v1/complaints/{number}/decisions", json={"action": "forward", "version": 1, "agencies": ["dishub"]}
            )
        order = {"action": action, "version": 2 if action == "finish" else 1, "agencies": ["dishub"]}
        if action != "forward":
            del order["agencies"]
        assert client.post(f"/v1/complaints/{number}/decisions", json=order).status_code == 201
        page = client.get(f"/aduan/{number}?status=semua").text
        told[action] = set(re.findall(r'<span class="clock[ a-z]*">([^<]*)</span>', _article(page)))
        assert "Ada pada <b>Dinas Perhubungan</b>" in page or action != "forward"
        assert "Ada pada" not in page or action == "forward"
    (running,), (stopped,) = told["forward"], told["finish"]
    assert re.fullmatch(r"terlambat \d+ hari kerja", running)
    assert re.fullmatch(r"selesai, terlambat \d+ hari kerja", stopped)
    assert told["not-complaint"] == set()


def test_an_earlier_complaint_names_the_office_that_settled_it(client: TestClient) -> None:
    lamp = "penerangan jalan umum padam total di perumahan Grand Wisata blok Z"
    number = _post(client, lamp)
    for version, order in ((1, {"action": "forward", "agencies": ["dishub"]}), (2, {"action": "finish"})):
        assert client.post(f"/v1/complaints/{number}/decisions", json=order | {"version": version}).status_code == 201
    html = client.get(f"/aduan/{_post(client, lamp + ' sejak kemarin')}").text
    assert f'<a href="/aduan/{number}"><b>Dinas Perhubungan</b> <span class="soft">Selesai ·' in html


def test_what_a_colleague_decided_is_not_taken_back_with_one_press(client: TestClient) -> None:
    mine, theirs = _post(client), _post(client)
    order = Order(Action.FORWARD, agencies=("dishub",))
    state: Any = client.app.state  # type: ignore[attr-defined]
    for number, by in ((mine, "demo"), (theirs, "budi")):
        about: dict[str, Any] = {"by": by, "now": dt.datetime.now(dt.UTC), "expected_version": 1}
        with state.database.writing() as session:
            decisions.decide(session, state.suggester, number, order, **about)
    assert "<kbd>z</kbd> Batalkan keputusan terakhir" in _article(client.get(f"/aduan/{mine}").text)
    for number, buttons in ((mine, 1), (theirs, 0)):  # an address that a colleague may have passed on
        told = client.get(f"/?batal={number}:2").text.partition("<article")[0]
        assert f"Aduan {number} diteruskan" in told
        assert told.count(f'name="aduan" value="{number}:2"') == buttons
    html = _article(client.get(f"/aduan/{theirs}").text)
    assert "data-own" not in html
    asked = re.search(r"<summary>Batalkan keputusan budi</summary>(.*?)</details>", html, re.DOTALL)
    assert asked
    assert "diteruskan: Dinas Perhubungan" in asked[1]
    undone = client.post("/batal", data=_fields(asked[1], "Ya, batalkan"), headers={"sec-fetch-site": "same-origin"})
    assert undone.url.path == f"/aduan/{theirs}"
    assert "Batalkan keputusan" not in _article(undone.text)


def test_who_may_not_see_a_page_is_told_so_as_the_one_who_is_logged_in(local_client: TestClient) -> None:
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    now = dt.datetime.now(dt.UTC)
    with state.database.writing() as session:
        user = accounts.add_user(session, "ani", "x" * 12, full_name="Ani W.", role=Role.PETUGAS, now=now)
        local_client.cookies.set(COOKIE, logins.begin(session, user, now).token)
    refused = local_client.get("/kelola")
    assert (refused.status_code, "Tidak berwenang" in refused.text) == (403, True)
    assert '<span class="who"' in refused.text
    assert '<a href="/masuk">' not in refused.text, "or one logs in again, to no avail"


def test_a_split_that_was_undone_is_told_by_the_history_alone(client: TestClient) -> None:
    number = _post(client, "Lampu jalan mati. Sampah menumpuk di ujung gang.")
    parts = ["Lampu jalan mati.", "Sampah menumpuk di ujung gang."]
    orders: tuple[dict[str, Any], ...] = ({"action": "split", "parts": parts}, {"action": "undo"})
    told = []
    for version, order in enumerate(orders, start=1):
        assert client.post(f"/v1/complaints/{number}/decisions", json=order | {"version": version}).status_code == 201
        told.append(_article(client.get(f"/aduan/{number}").text).count("ipecah menjadi"))
    assert told == [2, 1]  # notice and history, then the history


def test_a_refusal_leads_back_to_the_complaint_that_it_is_about(client: TestClient) -> None:
    number = _post(client)
    form = _fields(client.get(f"/aduan/{number}").text, 'value="forward"')
    refused = client.post(f"/aduan/{number}/keputusan", data=form, headers={"sec-fetch-site": "same-origin"})
    assert refused.status_code == 422
    assert f'href="/aduan/{number}">Kembali ke aduan {number}</a>' in refused.text
    assert "Kembali ke aduan" not in client.get("/aduan/999999", headers={"accept": "text/html"}).text


@pytest.mark.parametrize("path", ["/aduan/1/keputusan", "/batal", "/keluar"])
def test_the_address_of_a_form_opened_by_itself_is_answered_by_a_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "Halaman ini tidak ada" in answer.text
    assert client.get(path).json()["status"] == 405


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("ask", ": pelapor ditanya."),
        ("not-complaint", ": bukan aduan."),
        ("urgency", ": urgensi menjadi tinggi."),
        ("split", " dipecah"),
    ],
)
def test_what_was_done_is_told_in_a_whole_sentence(client: TestClient, action: str, told: str) -> None:
    number = _post(client, "Pohon di tepi jalan desa perlu dirapikan")
    form = _fields(client.get(f"/aduan/{number}").text, f'value="{action}"')
    sent = form | {"balasan": "Di mana?", "urgensi": "tinggi", "bagian": ["Pohon di tepi jalan", "Ranting di parit"]}
    for kind in ("text/html", "application/json"):
        answer = client.post(f"/aduan/{number}/keputusan", data=sent, headers={"accept": kind})
        assert f"Aduan {number}{told}" in answer.text


def test_help_has_every_key_of_the_list_that_the_desk_opens(client: TestClient) -> None:
    lists = [re.findall(r"<dt>(.*?)</dt>", client.get(path).text.split("keylist")[1]) for path in ("/", "/bantuan")]
    assert "<kbd>Ctrl</kbd> <kbd>Enter</kbd>" in lists[0]
    assert set(lists[0]) <= set(lists[1])


def test_a_percentage_is_never_torn_at_the_end_of_a_line() -> None:
    told = [percent(0.995), percent(0.004), percent(0.5), wording.share(1)]
    assert told == [">99\xa0%", "<1\xa0%", "50\xa0%", "100\xa0%"]


def test_colleagues_are_called_by_their_full_names(local_client: TestClient) -> None:
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    now = dt.datetime.now(dt.UTC)
    decided, held = _post(local_client), _post(local_client)
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
    assert "· demo</span><br>diterima" in html  # no account of this name
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


def test_places_are_told_in_the_words_of_the_region(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Region, "kind_name", lambda _, kind: {"kecamatan": "Distrik", "desa": "Kampung"}[kind])
    number = _post(client, "lampu jalan mati di desa Sukadami sudah seminggu", channel="sms")
    pages = [client.get(path).text for path in (f"/aduan/{number}", "/ringkasan")]
    pages.append(client.post("/coba", data={"text": LAMP}).text)
    told = [" ".join(re.sub(r"<[^>]*>", " ", html).split()) for html in pages]
    assert "Kampung Sukadami, Distrik Cikarang Selatan" in told[0]
    assert "Semua distrik" in told[0]
    assert "Per distrik" in told[1]
    assert "Kampung Sukadami, Distrik Cikarang Selatan" in told[2]
    assert not [text for text in told if "Kecamatan Cikarang" in text]


def test_signs_that_turn_letters_around_turn_none_on_a_page(client: TestClient) -> None:
    number = _post(
        client, "lampu jalan \u202emati\u202c di <Sukadami>, hubungi \u2066+62 812 3456 7890\u2069 sudah seminggu"
    )
    for path in (f"/aduan/{number}", "/"):
        html = client.get(path).text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
        assert "&lt;Sukadami&gt;" in html
        assert "&amp;lt;" not in html
    assert "\u202e" in client.get(f"/v1/complaints/{number}").json()["text"], "what was written is kept"
