"""Other complaints beside the opened one, and which of them are ticked for merging."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.serve.desk.conftest import article_of, decide, post


def test_what_others_report_too_stands_below_the_offices_and_is_announced_above_them(client: TestClient) -> None:
    text = "banjir setinggi lutut di desa Sumberjaya kecamatan Tambun Selatan, air masuk rumah"
    number, *_ = [post(client, text + ending) for ending in ("", " sejak subuh", " mohon bantuan")]
    html = client.get(f"/aduan/{number}").text
    assert html.index("2 warga lain") < html.index('class="choices"') < html.index('class="same"')


def test_what_is_more_urgent_or_suggested_to_another_office_is_merged_by_nobody_who_did_not_choose_it(
    client: TestClient,
) -> None:
    text = "Banjir di desa Pantaimekar kecamatan Muaragembong, jalan tidak bisa dilewati"
    number, same, urgent, elsewhere = [post(client, text + end) for end in ("", " motor", " sama sekali", " pak")]
    office = client.get(f"/v1/complaints/{elsewhere}").json()["agency"]
    orders: tuple[tuple[int, dict[str, Any]], ...] = (
        (number, {"action": "urgency", "version": 1, "urgency": "sedang"}),
        (same, {"action": "urgency", "version": 1, "urgency": "rendah"}),
        (urgent, {"action": "urgency", "version": 1, "urgency": "darurat"}),
        (elsewhere, {"action": "urgency", "version": 1, "urgency": "sedang"}),
        (elsewhere, {"action": "forward", "version": 2, "agencies": [office]}),
        (elsewhere, {"action": "return", "version": 3, "agency": office, "why": "Bukan kami."}),
    )
    for of, order in orders:
        decide(client, of, order)
    shown = re.search(r'<details class="same".*?</details>', client.get(f"/aduan/{number}").text, re.DOTALL)
    assert shown
    boxes = dict(re.findall(r'name="aduan" value="(\d+):\d+"([^>]*)>', shown[0]))
    assert {int(other): "checked" in box for other, box in boxes.items()} == {
        same: True,
        urgent: False,
        elsewhere: False,
    }
    assert re.findall(r'class="level level-\w+">(\w+)<', shown[0]) == ["Darurat"]
    names = {known["code"]: known["name"] for known in client.get("/v1/agencies").json()}
    other_office = client.get(f"/v1/complaints/{elsewhere}").json()["agency"]
    assert re.findall(r"usulan ([^<]+)<", shown[0]) == [names[other_office]]
    assert "belum dicentang" in shown[0]


@pytest.mark.parametrize(
    ("text", "place", "others"),
    [
        (
            "Sampah menumpuk tidak diangkut dua minggu di",
            "Desa Sukamekar Sukawangi",
            {"Desa Sukamekar Sukawangi": True},
        ),
        ("Got mampet dan bau bangkai di", "Desa Karangsegar Pebayuran", {"": False, "Kecamatan Pebayuran": False}),
        ("Pos ronda roboh kena angin, mohon diperbaiki,", "", {"": True}),
        ("Tolong evakuasi, kami terjebak banjir sedada,", "Desa Karangrahayu", {"Desa Karangrahayu": True}),
        ("Ada orang hanyut di kali, mohon dicari,", "Kecamatan Setu", {"Kecamatan Setu": False}),
        ("Ada rumah kebakaran, orangnya terjebak di dalam,", "", {"": False}),
    ],
    ids=[
        "one desa",
        "perhaps another",
        "the same words",
        "danger in one desa",
        "danger somewhere in one kecamatan",
        "danger somewhere",
    ],
)
def test_what_may_lie_in_another_place_is_merged_by_nobody_who_did_not_choose_it(
    client: TestClient, text: str, place: str, others: dict[str, bool]
) -> None:
    number, *found = [post(client, f"{text} kampung kami", address=where or None) for where in (place, *others)]
    level = client.get(f"/v1/complaints/{number}").json()["urgency"]
    assert (level == "darurat") == (" orang" in text or "terjebak" in text)
    same = article_of(client.get(f"/aduan/{number}").text).partition('class="same"')[2].partition("</details>")[0]
    boxes = dict(re.findall(r'name="aduan" value="(\d+):\d+"([^>]*)>', same))
    assert {int(other): "checked" in box for other, box in boxes.items()} == dict(
        zip(found, others.values(), strict=True)
    )
    assert ("belum dicentang" in same) == (not all(others.values()))


def test_how_long_others_have_reported_the_same_is_told_from_today(client: TestClient) -> None:
    hour, now = dt.timedelta(hours=1), dt.datetime.now(dt.UTC)
    told = "Got bau di belakang pasar Serang Baru tersumbat bangkai ayam"
    for ago in (30 * 24 * hour - hour, 29 * 24 * hour):
        number = post(client, told, received_at=(now - ago).isoformat())
    assert "melaporkan hal yang sama dalam 30 hari terakhir" in client.get(f"/aduan/{number}").text


def test_merging_is_offered_only_where_something_can_be_ticked(client: TestClient) -> None:
    sent, number = [post(client, f"Papan reklame di Desa Setu Kecamatan Setu {word} miring") for word in ("itu", "ini")]
    offered = "Gabungkan yang dicentang"
    assert offered in client.get(f"/aduan/{number}").text
    decide(client, sent, {"action": "forward", "version": 1, "agencies": ["dpmptsp"]})
    html = client.get(f"/aduan/{number}").text
    assert f'href="/aduan/{sent}" aria-label="Buka aduan {sent}"' in html
    assert offered not in html
