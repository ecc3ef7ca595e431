"""Decisions made with the desk's forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.complaint import Level
from serve.store import decisions
from serve.store.lifecycle import Action
from serve.store.orders import Order
from tests.serve.desk.conftest import article_of, decide, fields_of, post


def test_a_complaint_is_accepted_by_a_plain_form_and_can_be_undone(client: TestClient) -> None:
    number = post(client)
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"')
    response = client.post(
        f"/aduan/{number}/keputusan", data=form | {"instansi": "dishub"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert response.url.params["batal"] == f"{number}:2"
    assert f"Aduan {number} diteruskan ke Dinas Perhubungan" in response.text
    shown = client.get(f"/v1/complaints/{number}").json()
    assert shown["status"] == "terdisposisi"
    assert "Dinas Perhubungan" in shown["messages"][0]["text"]
    undone = client.post("/batal", data={"csrf": form["csrf"], "aduan": f"{number}:2"})
    assert undone.url.path == f"/aduan/{number}"
    assert client.get(f"/v1/complaints/{number}").json()["status"] == "perlu-verifikasi"


def test_a_body_outside_the_authority_is_named_to_the_citizen_not_sent_to(client: TestClient) -> None:
    number = post(client, "meteran listrik PLN rusak dan berbunyi")
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"')
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-pln"})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert shown["status"] == "luar-kewenangan"
    assert "telepon PLN 123" in shown["messages"][0]["text"]


def test_a_form_that_is_sent_again_is_answered_as_before_and_does_nothing_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post(client, received_at=dt.datetime.now(tz=dt.UTC).isoformat())
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"') | {"instansi": "dishub"}
    form |= {"balasan": "{instansi} menanganinya paling lambat {tenggat}."}
    asked = {"accept": "application/json"}
    first = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked)
    monkeypatch.setattr("serve.desk.replies.ReplyWriter.is_past", lambda *_: True)  # as if sent days later
    again = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked)
    assert (again.status_code, again.json()) == (200, first.json())
    other = client.post(f"/aduan/{number}/keputusan", data=form | {"tindakan": "finish"}, headers=asked)
    assert other.status_code == 409
    assert "belum disimpan" in other.json()["detail"]
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 2


def test_a_form_that_is_sent_again_after_a_colleague_decided_takes_back_its_own_decision_alone(
    client: TestClient,
) -> None:
    number = post(client)
    asked = {"accept": "application/json"}
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"') | {"instansi": "dishub"}
    first = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked).json()
    state: Any = client.app.state  # type: ignore[attr-defined]
    order, now = Order(Action.URGENCY, urgency=Level.DARURAT), dt.datetime.now(dt.UTC)
    with state.database.writing() as session:
        decisions.decide(session, state.suggester, number, order, by="budi", now=now, expected_version=2)
    again = client.post(f"/aduan/{number}/keputusan", data=form, headers=asked).json()
    assert again == first
    undone = client.post("/batal", data={"csrf": form["csrf"], "aduan": again["undo"]}, headers=asked)
    assert undone.status_code == 409
    assert client.get(f"/v1/complaints/{number}").json()["urgency"] == "darurat"


def test_complaints_are_merged_again_after_an_undo_by_a_form_without_a_key(client: TestClient) -> None:
    into, other = post(client), post(client)
    csrf = fields_of(client.get(f"/aduan/{into}").text, 'value="accept"')["csrf"]
    statuses = []
    for version in (1, 3):
        client.post(f"/aduan/{into}/gabung", data={"csrf": csrf, "aduan": f"{other}:{version}"})
        statuses.append(client.get(f"/v1/complaints/{other}").json()["status"])
        client.post("/batal", data={"csrf": csrf, "aduan": f"{other}:{version + 1}"})
    assert statuses == ["digabung", "digabung"]


@pytest.mark.parametrize("way", ["gabung", "keputusan"])
def test_an_emergency_that_is_merged_into_something_calmer_is_not_forgotten(client: TestClient, way: str) -> None:
    into, other = post(client, "Banjir di jalan desa Sukadami"), post(client, "Banjir, ada anak terjebak di rumah")

    def urge(number: int, level: str) -> None:
        version = client.get(f"/v1/complaints/{number}").json()["version"]
        order = {"action": "urgency", "version": version, "urgency": level}
        decide(client, number, order)

    urge(into, "sedang")
    urge(other, "darurat")
    told = f"Aduan {other} (darurat) lebih mendesak daripada aduan {into} (sedang): naikkan urgensi aduan {into}"
    form = fields_of(client.get(f"/aduan/{other}").text, 'value="merge"')
    merged = {"gabung": (into, {"aduan": f"{other}:2"}), "keputusan": (other, {"ke": str(into)})}
    at, chosen = merged[way]
    answer = client.post(f"/aduan/{at}/{way}", data=form | chosen, headers={"accept": "application/json"})
    assert told in answer.json()["sentence"]
    assert told in client.get(f"/aduan/{into}").text
    urge(into, "darurat")
    assert f"lebih mendesak daripada aduan {into}" not in client.get(f"/aduan/{into}").text


def test_situation_and_tags_are_shown_and_changed_and_an_agency_begins(client: TestClient) -> None:
    number = post(client)
    path = f"/aduan/{number}"
    form = fields_of(client.get(path).text, 'value="mark"')
    client.post(f"{path}/keputusan", data=form | {"situasi": "berpengawasan", "tanda": "Tol, tol , Viral"})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert (shown["situation"], shown["tags"]) == ("berpengawasan", ["tol", "viral"])
    html = client.get(path).text
    assert '<span class="tag">viral</span>' in html
    assert "ditandai: Berpengawasan, tol, viral" in html
    before = shown["due_at"]
    form = fields_of(html, 'value="mark"')
    client.post(f"{path}/keputusan", data=form | {"situasi": "berpengawasan", "tanda": ""})
    shown = client.get(f"/v1/complaints/{number}").json()
    assert (shown["situation"], shown["tags"], shown["due_at"]) == ("berpengawasan", [], before)
    assert "<br>tidak lagi bertanda</li>" in client.get(path).text
    order = {"action": "forward", "version": shown["version"], "agencies": ["dishub"]}
    decide(client, number, order)
    client.post(f"{path}/keputusan", data=fields_of(client.get(path).text, 'value="start"'))
    assert client.get(f"/v1/complaints/{number}").json()["status"] == "diproses"


def test_the_service_that_a_sender_chose_is_told_by_name_and_kept_when_tags_change(client: TestClient) -> None:
    asked = {"service_code": "dishub", "description": "Marka jalan hilang", "address_string": "Desa Setu"}
    number = client.post("/open311/v2/requests.json", data=asked).json()[0]["service_request_id"]
    path = f"/aduan/{number}"
    for tags, told in (("viral", "ditandai: viral"), ("", "tidak lagi bertanda")):
        html = article_of(client.get(path).text)
        assert '<dt>Layanan</dt><dd>Dinas Perhubungan <span class="soft">' in html
        assert html.count("layanan:dishub") == 1  # in the form's hidden field
        form = fields_of(html, 'value="mark"') | {"situasi": "tidak-berpengawasan", "tanda": tags}
        client.post(f"{path}/keputusan", data=form)
        assert f"<br>{told}</li>" in client.get(path).text
        kept = client.get(f"/v1/complaints/{number}").json()["tags"]
        assert kept == ["layanan:dishub", *filter(None, [tags])]


def test_a_refusal_leads_back_to_the_complaint_that_it_is_about(client: TestClient) -> None:
    number = post(client)
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="forward"')
    refused = client.post(f"/aduan/{number}/keputusan", data=form, headers={"sec-fetch-site": "same-origin"})
    assert refused.status_code == 422
    assert f'href="/aduan/{number}">Kembali ke aduan {number}</a>' in refused.text
    assert "Kembali ke aduan" not in client.get("/aduan/999999", headers={"accept": "text/html"}).text


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("ask", ": pelapor ditanya."),
        ("not-complaint", ": bukan aduan."),
        ("urgency", ": urgensi menjadi tinggi."),
        ("split", " dipecah menjadi"),
        ("forward", " diteruskan ke Dinas Perhubungan."),
        ("outside", " dinyatakan di luar kewenangan: PLN"),
        ("mark", " tidak lagi bertanda."),
    ],
)
def test_what_was_done_is_told_in_a_whole_sentence(client: TestClient, action: str, told: str) -> None:
    number = post(client, "Pohon di tepi jalan desa perlu dirapikan")
    form = fields_of(client.get(f"/aduan/{number}").text, f'value="{action}"')
    sent = form | {"balasan": "Di mana?", "urgensi": "tinggi", "bagian": ["Pohon di tepi jalan", "Ranting di parit"]}
    sent["instansi"] = {"forward": "dishub", "outside": "luar-pln"}.get(action, "")
    for kind in ("text/html", "application/json"):
        answer = client.post(f"/aduan/{number}/keputusan", data=sent, headers={"accept": kind})
        assert f"Aduan {number}{told}" in answer.text
