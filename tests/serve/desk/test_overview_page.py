"""The overview page, *Ringkasan*."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from fastapi.testclient import TestClient

from serve.store import bursts
from serve.store.bursts import Burst
from tests.serve.desk.conftest import post, repeat


def test_hot_spots_and_statuses_link_to_as_many_complaints_as_they_tell(client: TestClient) -> None:
    text = "lampu jalan mati di desa Sukadami"
    for days in (1, 20):
        received = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=days)
        post(client, text, received_at=received.isoformat(), address="Desa Sukadami, Cikarang Selatan")
    html = client.get("/ringkasan?hari=7").text
    tile = re.search(r'class="shade-\d"><a href="([^"]+kecamatan=Cikarang%20Selatan[^"]*)"[^>]*>(\d+)<', html)
    status = re.search(r'<a href="([^"]+)">Perlu Verifikasi <b>(\d+)</b>', html)
    for found in (tile, status):
        assert found
        listed = client.get(found[1].replace("&amp;", "&"), headers={"x-bagian": "daftar"}).text
        assert len(re.findall(r'<li data-id="', listed)) == int(found[2])


def test_the_overview_offers_the_workbook_and_links_into_the_queue(client: TestClient) -> None:
    html = client.get("/ringkasan?hari=7").text
    assert re.search(r'<p class="of-paper">Kabupaten Bekasi, 7 hari sampai \d+ \w+ 20\d\d pukul \d\d\.\d\d\.</p>', html)
    link = re.search(r'href="([^"]+)">Unduh Excel', html)
    assert link
    assert client.get(link[1]).content[:2] == b"PK"


def test_of_many_bursts_the_largest_are_listed_and_the_others_folded_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [4, 30, 7, *range(10, 20)]  # the least likely burst first, as on the page
    monkeypatch.setattr(bursts, "bursts", lambda *_: [Burst("dishub", "Setu", n, 0.5, 0.001) for n in found])
    section = re.search(r"<h2>Lonjakan.*?</section>", client.get("/ringkasan").text, re.DOTALL)
    assert section
    listed, _, folded = section[0].partition("<details><summary>3 lonjakan lain</summary>")
    numbers = [[int(n) for n in re.findall(r"<b>(\d+) aduan</b>", part)] for part in (listed, folded)]
    assert numbers == [[30, *range(19, 10, -1)], [10, 7, 4]]
    del found[10:]
    assert "lonjakan lain" not in client.get("/ringkasan").text


def test_how_many_are_usual_is_told_in_whole_complaints(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = [0.05, 0.94, 1.0, 2.5, 3.6, 1204.2]
    monkeypatch.setattr(bursts, "bursts", lambda *_: [Burst("dishub", "Setu", 5000, n, 0.001) for n in usual])
    told = re.findall(r"Kecamatan Setu</a>; biasanya ([^<]*)\.</li>", client.get("/ringkasan").text)
    assert told == ["kurang dari 1", "kurang dari 1", "sekitar 1", "sekitar 2", "sekitar 4", "sekitar 1.204"]


def test_numbers_of_the_overview_have_a_point_after_the_thousands(local_client: TestClient) -> None:
    number = post(local_client, "lampu jalan mati di desa Sukadami", address="Desa Sukadami, Cikarang Selatan")
    repeat(local_client, number, 1233)
    html = local_client.get("/ringkasan?hari=7").text
    hot = html.partition("<h2>Titik panas</h2>")[2].partition("</section>")[0]
    assert re.search(r'aria-label="1\.234 aduan [^"]+">1\.234</a>', hot)
    assert not re.search(r"[^/=\d]\d{4,} (aduan|hari)|>\s*\d{4,}\s*<", html)
