"""The queue page: list, search, and which complaint is opened first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from serve.desk import queue_view
from serve.store import claims, queue
from tests.serve.desk.conftest import article_of, decide, fields_of, opened_number, post, repeat


@pytest.mark.parametrize(
    "damaged", ['{"agencies": [{"PENANDA', '["PENANDA"]', "7", "\udc80", '{"agencies": "PENANDA", "kind": "PENANDA"}']
)
def test_a_suggestion_that_cannot_be_read_stops_nobody(
    local_client: TestClient, caplog: pytest.LogCaptureFixture, damaged: str
) -> None:
    number, other = post(local_client, "kabel listrik putus, ada warga tersetrum"), post(local_client)
    broken = damaged.encode(errors="surrogateescape")
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        about = {"body": broken, "number": number}
        session.execute(text("UPDATE suggestions SET body = CAST(:body AS TEXT) WHERE complaint_id = :number"), about)
    html = local_client.get("/").text
    assert opened_number(html) == str(number)  # the most urgent still comes first
    assert f'data-id="{other}"' in html
    article = article_of(html)
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
    sent = fields_of(article, 'value="forward"') | {"instansi": "dishub"}
    decided = local_client.post(f"/aduan/{number}/keputusan", data=sent, headers={"sec-fetch-site": "same-origin"})
    assert f"Aduan {number} diteruskan ke Dinas Perhubungan." in decided.text


def test_a_complaint_whose_suggestion_is_gone_stays_in_the_queue_and_is_decided(local_client: TestClient) -> None:
    number = post(local_client, "kabel listrik putus, ada warga tersetrum")
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        session.execute(text("DELETE FROM suggestions WHERE complaint_id = :number"), {"number": number})
    for path in ("/", "/?cari=tersetrum", f"/?cari={number}", f"/aduan/{number}"):
        html = local_client.get(path).text
        assert f'<li data-id="{number}"' in html, path
        assert "Usulan yang tersimpan tidak terbaca" in article_of(html), path
    assert [one["id"] for one in local_client.get("/v1/complaints").json()["complaints"]] == [number]
    assert local_client.get(f"/v1/complaints/{number}").json()["suggestion"] is None
    sent = fields_of(article_of(html), 'value="forward"') | {"instansi": "dishub"}
    decided = local_client.post(f"/aduan/{number}/keputusan", data=sent, headers={"sec-fetch-site": "same-origin"})
    assert f"Aduan {number} diteruskan ke Dinas Perhubungan." in decided.text


def test_the_queue_shows_urgency_clock_office_and_the_opened_complaint(client: TestClient) -> None:
    number = post(client)
    html = client.get(f"/aduan/{number}").text
    assert 'class="clock' in html
    assert "hari kerja" in html
    assert "Dinas Perhubungan" in html
    assert "lampu penerangan jalan umum" in html  # the problems that the office handles
    assert "<b>mati" not in html


def test_no_alarm_is_drawn_where_nothing_is_urgent_or_late(local_client: TestClient) -> None:
    drawn = r'<a class="(level-darurat|late)"[^>]*><b data-zero>0</b>'
    assert re.findall(drawn, local_client.get("/").text) == ["level-darurat", "late"]
    post(local_client, "Rumah kebakaran, ada orang terjebak", received_at="2019-01-07T08:00Z")
    assert re.findall(drawn, local_client.get("/").text) == []


def test_filters_and_search_narrow_the_queue_and_foreign_cursors_are_refused(client: TestClient) -> None:
    number = post(client, "kucing liar berkeliaran di pasar Serang Baru")
    listed = client.get("/", params={"cari": "kucing liar"}, headers={"x-bagian": "daftar"}).text
    assert re.findall(r'<li data-id="(\d+)"', listed) == [str(number)]
    assert client.get("/", params={"lanjut": "bukan-penanda"}).status_code == 422
    assert client.get("/aduan/999999").status_code == 404


def test_a_search_and_a_filter_tell_how_many_they_found(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [post(client, f"rusa kutub masuk pasar {kind}") for kind in ("pagi", "siang", f"sore {'x' * 20}")]

    def told(**asked: str) -> str:
        html = client.get("/", params=asked, headers={"x-bagian": "daftar"}).text
        found = re.search(r'<span class="found">(.*?)</span>', html)
        return re.sub(r"<.*?>", "", found[1]) if found else ""

    assert told(cari="rusa kutub") == "3 aduan ditemukan"
    page = client.get("/", params={"cari": "rusa kutub"}).text
    assert "<title>Antrean: 3 aduan ditemukan ·" in page, "screen readers announce the title first"
    page = client.get("/", params={"cari": "rusa kutub mars"}).text
    assert "<title>Antrean: tidak ada yang cocok ·" in page
    assert told(cari=str(numbers[0])) == "1 aduan ditemukan"
    assert told(cari="rusa kutub", status="selesai") == told(cari="rusa kutub mars") == told() == ""
    total = client.get("/v1/complaints/counts", params={"channel": "web"}).json()["total"]
    assert told(kanal="web") == f"{total} aduan ditemukan"
    assert told(status="semua") == ""  # the status's counts show it
    monkeypatch.setattr(queue_view, "MOST_COUNTED", 2)
    assert told(cari="rusa kutub") == "lebih dari 2 aduan ditemukan"
    assert "<title>Antrean: lebih dari 2 aduan ditemukan ·" in client.get("/", params={"cari": "rusa kutub"}).text


def test_a_list_that_does_not_begin_with_the_most_urgent_says_so(client: TestClient) -> None:
    old = post(client, "Rumah kebakaran di dekat kandang burung unta, ada orang terjebak")
    new = post(client, "Kandang burung unta berbau")

    def listed(**asked: str) -> tuple[list[str], bool, list[str]]:
        html = client.get("/", params=asked, headers={"x-bagian": "daftar"}).text
        first_order = re.findall(r'<select name="urutan">\s*<option value="">(.*?)</option>', html)
        return re.findall(r'<li data-id="(\d+)"', html), "Yang terbaru lebih dahulu" in html, first_order

    for asked in ({"cari": "burung unta"}, {"status": "semua", "cari": "burung unta"}):
        assert listed(**asked) == ([str(new), str(old)], True, ["Terbaru dahulu"])
    assert listed(status="semua")[1:] == (True, ["Terbaru dahulu"])
    assert listed()[1:] == listed(kanal="web")[1:] == (False, ["Urgensi, lalu tenggat"])
    assert listed(cari="burung unta mars")[:2] == ([], False)


def test_the_newest_are_listed_first_where_somebody_wants_it_so_page_by_page(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = queue.page
    monkeypatch.setattr(queue, "page", lambda session, wanted, cursor=None, _=None: page(session, wanted, cursor, 2))
    texts = ("Rumah kebakaran, ada orang terjebak", "Bagaimana cara membuat KTP?", "Kandang unta berbau", "Got mampet")
    numbers = [post(local_client, text) for text in texts]
    query, listed = "urutan=baru", []
    for _ in range(2):
        html = local_client.get(f"/?{query}", headers={"x-bagian": "daftar"}).text
        listed += [int(number) for number in re.findall(r'<li data-id="(\d+)"', html)]
        query = html.partition('id="following" href="/?')[2].partition('"')[0].replace("&amp;", "&")
    assert (listed, query) == (numbers[::-1], "")
    assert '<option value="baru" selected>Terbaru dahulu</option>' in html
    assert 'href="/">Kembali ke urutan urgensi</a>' in html
    filtered = local_client.get("/?urutan=baru&kanal=web", headers={"x-bagian": "daftar"}).text
    assert 'href="/?kanal=web">Kembali ke urutan urgensi</a>' in filtered
    assert opened_number(local_client.get("/?urutan=baru").text) == str(numbers[-1])
    form = fields_of(local_client.get(f"/aduan/{numbers[-1]}?urutan=baru").text, 'value="not-complaint"')
    path, site = f"/aduan/{numbers[-1]}/keputusan?urutan=baru", {"sec-fetch-site": "same-origin"}
    assert local_client.post(path, data=form, headers=site).url.path == f"/aduan/{numbers[-2]}"
    for asked in ("cari=unta", "status=semua", "cari=unta&urutan=baru", "urutan=lain"):
        other = local_client.get(f"/?{asked}", headers={"x-bagian": "daftar"}).text
        assert 'value="baru"' not in other or asked == "urutan=lain", "it is so already"
        assert "Kembali ke urutan" not in other


def test_a_number_is_found_whatever_its_status_and_reporters_by_who_may_see_them(client: TestClient) -> None:
    number = post(client, "pohon tumbang menutup jalan", reporter_name="Penandawati", reporter_contact="0812-777-3456")
    order = {"action": "forward", "version": 1, "agencies": ["dishub"]}
    decide(client, number, order)

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


def test_what_comes_next_is_nothing_that_somebody_else_is_working_on(client: TestClient) -> None:
    path = "cari=kelinci"
    numbers = [post(client, f"kelinci liar masuk kebun warga di RT {n}") for n in range(3)]
    first = int(opened_number(client.get(f"/?{path}").text))
    held, last = (number for number in numbers if number != first)
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        claims.claim(session, held, by="siti", now=dt.datetime.now(dt.UTC))
    assert f'<li data-id="{held}" data-held>' in client.get(f"/?{path}").text
    form = fields_of(client.get(f"/aduan/{first}").text, 'value="not-complaint"')
    response = client.post(f"/aduan/{first}/keputusan?{path}", data=form, headers={"sec-fetch-site": "same-origin"})
    assert response.url.path == f"/aduan/{last}"
    assert opened_number(client.get(f"/?{path}").text) == str(last)


def test_on_the_first_day_nothing_is_said_to_be_decided_and_no_heading_stands_alone(local_client: TestClient) -> None:
    first = local_client.get("/").text
    empty = re.findall(r'<div class="empty">(.*?)</div>', first)
    assert 'href="/baru"' in empty[0]
    assert "sudah diputuskan" not in first
    statuses = local_client.get("/ringkasan").text.partition("<h2>Menurut status</h2>")[2]
    assert statuses.startswith("<p>Tidak ada aduan dalam masa ini.</p>")


def test_numbers_of_the_queue_have_a_point_after_the_thousands(local_client: TestClient) -> None:
    number = post(local_client, "Rumah kebakaran, ada orang terjebak", received_at="2019-01-07T08:00Z")
    repeat(local_client, number, 1233)
    html = local_client.get("/", params={"kanal": "web"}).text
    told = re.sub(r"<.*?>", "", html.partition('id="counts"')[2].partition("</p>")[0])
    assert re.findall(r"[\d.]+ [a-z]+", told) == [
        "1.000 aduan", "1.234 aduan", "1.234 darurat", "0 baca", "1.234 terlambat",
    ]  # fmt: skip
    options = re.findall(r"\(([\d.]+)\)</option>", html)
    assert {"1.234"} < set(options) <= {"1.234", "0"}
    late = re.findall(r"terlambat ([\d.]+) hari kerja", html)
    assert late
    assert all(re.fullmatch(r"[12]\.\d{3}", each) for each in late)
    assert re.search(r">2\.\d{3} hari lalu<", html)
