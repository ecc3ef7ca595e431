from __future__ import annotations

import datetime as dt
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from fastapi.testclient import TestClient

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"


def _post(client: TestClient, **about: Any) -> dict[str, Any]:
    response = client.post("/v1/complaints", json={"text": LAMP} | about)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_complaint_sent_twice_is_stored_once(local_client: TestClient) -> None:
    body = {"text": LAMP, "sender_id": "7", "channel": "whatsapp", "received_at": "2026-01-02T08:15:00+07:00"}
    first, second = local_client.post("/v1/complaints", json=body), local_client.post("/v1/complaints", json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.headers["location"] == f"/v1/complaints/{first.json()['id']}"
    other = local_client.post("/v1/complaints", json=body | {"text": "Sampah menumpuk"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:disposisi:problem:sender-conflict")


def test_a_complaint_is_read_decided_and_undone(local_client: TestClient) -> None:
    complaint = _post(local_client)
    assert complaint["suggestion"]["agencies"][0]["code"] == "dishub"
    path = f"/v1/complaints/{complaint['id']}"
    decided = local_client.post(
        f"{path}/decisions",
        json={"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Diteruskan ke Dinas Perhubungan."},
    )
    assert decided.status_code == 201, decided.text
    assert (decided.json()["status"], decided.json()["version"]) == ("terdisposisi", 2)
    shown = local_client.get(path).json()
    assert [entry["action"] for entry in shown["history"]] == ["receive", "forward"]
    assert shown["history"][1]["suggested"]["agencies"][0] == "dishub"
    assert (shown["undoable"], shown["messages"][0]["direction"]) == (True, "out")
    stale = local_client.post(f"{path}/decisions", json={"action": "finish", "version": 1})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:disposisi:problem:conflict")
    undone = local_client.post(f"{path}/decisions", json={"action": "undo", "version": 2})
    assert undone.json()["status"] == "perlu-verifikasi"
    assert local_client.get(path).json()["messages"] == []


def test_the_queue_is_listed_page_by_page_and_counted(local_client: TestClient) -> None:
    for text in (LAMP, "Sampah menumpuk bau sekali di Tambun Selatan", "Air PDAM mati tiga hari"):
        _post(local_client, text=text)
    first = local_client.get("/v1/complaints", params={"size": 2}).json()
    second = local_client.get("/v1/complaints", params={"size": 2, "cursor": first["next"]}).json()
    assert len({c["id"] for c in first["complaints"] + second["complaints"]}) == 3
    assert second["next"] is None
    assert [c["text"] for c in local_client.get("/v1/complaints?q=lampu sukadami").json()["complaints"]] == [LAMP]
    counts = local_client.get("/v1/complaints/counts?kecamatan=Tambun Selatan").json()
    assert (counts["total"], counts["overdue"]) == (1, 0)


def test_claims_are_taken_renewed_and_given_up(local_client: TestClient) -> None:
    path = f"/v1/complaints/{_post(local_client)['id']}"
    assert local_client.put(f"{path}/claim").json()["by"] == "demo"
    assert local_client.get(path).json()["claimed_by"] == "demo"
    assert local_client.delete(f"{path}/claim").status_code == 204
    assert local_client.get(path).json()["claimed_by"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/complaints/999", None, 404),
        ("GET", "/v1/complaints/99999999999999999999999", None, 404),
        ("GET", "/v1/complaints?cursor=x", None, 422),
        ("GET", f"/v1/complaints?cursor={urlsafe_b64encode(b'[' * 30_000).decode()}", None, 422),
        ("GET", "/v1/complaints?size=0", None, 422),
        ("GET", "/v1/complaints?status=apa", None, 422),
        ("GET", "/v1/complaints?agency=%00", None, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "not-complaint", "version": 1, "why": "\u0000"}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "not-complaint", "version": 1, "reply": "\ud800"}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "not-complaint", "version": 1, "key": "\u0000"}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "not-complaint", "version": 1, "key": ""}, 422),
        ("POST", "/v1/complaints", {"text": "😀"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "channel": "Whats App"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "received_at": "2026-01-01T00:00:00"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "received_at": 1_700_000_000}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "received_at": "1700000000"}, 422),
        ("GET", "/v1/complaints?received_from=1700000000", None, 422),
        ("GET", "/v1/complaints?size=1_0", None, 422),
        ("GET", "/v1/replies?size=%201", None, 422),
        ("GET", "/v1/complaints/1_0", None, 422),
        ("GET", "/v1/events?after=1_0", None, 422),
        ("PUT", "/v1/complaints/1_0/claim", None, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "latitude": True, "longitude": 1}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "latitude": "-6.2", "longitude": "107.1"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "latitude": -6.2}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "longitude": 107.1}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "secret": "no"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "anonymous": 1}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "finish", "version": True}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "merge", "version": 1, "into": "1"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "sender_id": "a\u0000"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "sender_id": ""}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "sender_id": " \n"}, 422),
        ("POST", "/v1/complaints", {"text": LAMP, "reporter_name": "a\u0000"}, 422),
        ("POST", "/v1/complaints/999/decisions", {"action": "finish", "version": 1}, 404),
        ("POST", "/v1/complaints/1/decisions", {"action": "forward", "version": 1}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "explode", "version": 1}, 422),
        ("POST", "/v1/complaints/1/decisions", {"action": "mark", "version": 1, "tags": ["a" * 201]}, 422),
        ("PUT", "/v1/complaints/999/claim", None, 404),
        ("GET", "/v1/replies?channel=%00", None, 422),
        ("GET", "/v1/replies?cursor=x", None, 422),
    ],
)
def test_bad_requests_are_problem_documents(
    local_client: TestClient, method: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    sent = None if body is None else json.dumps(body)
    response = local_client.request(method, path, content=sent, headers={"content-type": "application/json"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert LAMP not in response.text


@pytest.mark.parametrize("about", [{"channel": "Whats App"}, {"received_at": "1999-12-31T00:00:00Z"}])
def test_what_is_wrong_about_a_complaint_is_not_called_its_text(
    local_client: TestClient, about: dict[str, str]
) -> None:
    refused = local_client.post("/v1/complaints", json={"text": LAMP} | about).json()
    assert (refused["type"], refused["title"]) == ("urn:disposisi:problem:complaint", "Aduan tidak dapat dipakai")


def test_a_field_that_cannot_be_read_is_told_by_what_to_write_and_not_in_the_words_of_a_library(
    local_client: TestClient,
) -> None:
    told = local_client.get("/v1/overview", params={"received_from": "2026"}).json()["errors"]
    assert told == [{"where": "received_from", "what": "write a timestamp like 2026-01-31T08:15:00+07:00"}]


def test_what_the_store_alone_decides_is_refused_with_what_else_to_send(local_client: TestClient) -> None:
    local_client.post("/v1/complaints", json={"text": LAMP})
    refused = local_client.post("/v1/complaints/1/decisions", json={"action": "erase", "version": 1})
    assert refused.status_code == 422
    assert "Pilih tindakan lain" in refused.json()["detail"]
    assert "Lengkapi" not in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/complaints", "/v1/complaints/counts", "/v1/overview", "/v1/overview.xlsx"])
def test_a_period_that_ends_before_it_begins_is_refused(local_client: TestClient, path: str) -> None:
    first, second = "2026-01-31T08:15:00+07:00", "2026-01-31T02:15:00Z"  # an hour later
    refused = local_client.get(path, params={"received_from": second, "received_to": first})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:disposisi:problem:invalid-input")
    assert "received_to" in refused.json()["detail"]
    for start in (first, second):
        assert local_client.get(path, params={"received_from": start, "received_to": second}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/complaints?cursor=x", "/v1/complaints?agency=%00", "/v1/replies?cursor=x"])
def test_a_question_that_cannot_be_read_is_called_no_decision(local_client: TestClient, path: str) -> None:
    told = local_client.get(path).json()
    assert (told["type"], told["title"]) == ("urn:disposisi:problem:invalid-input", "Isian tidak sah")


def test_a_channel_fetches_its_replies_and_marks_them_as_sent(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.store.messages.UNDO_WINDOW", dt.timedelta(0))
    for sender in ("wa-1", "wa-2"):
        number = _post(local_client, channel="whatsapp", sender_id=sender)["id"]
        order = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": f"Halo {sender}"}
        assert local_client.post(f"/v1/complaints/{number}/decisions", json=order).status_code == 201
    wanted: dict[str, str | int] = {"channel": "whatsapp", "size": 1}
    first = local_client.get("/v1/replies", params=wanted).json()
    second = local_client.get("/v1/replies", params=wanted | {"cursor": first["next"]}).json()
    listed = first["replies"] + second["replies"]
    assert [(r["channel"], r["sender_id"], r["text"]) for r in listed] == [
        ("whatsapp", sender, f"Halo {sender}") for sender in ("wa-1", "wa-2")
    ]
    assert second["next"] is None
    assert local_client.get("/v1/replies?channel=sms").json() == {"replies": [], "next": None}
    assert local_client.post("/v1/replies/sent", json=[r["id"] for r in listed]).json() == 2
    assert local_client.get("/v1/replies").json()["replies"] == []


def test_a_decision_sent_again_under_its_key_is_put_on_record_once(local_client: TestClient) -> None:
    number = local_client.post("/v1/complaints", json={"text": "lampu jalan mati di desa Sukadami"}).json()["id"]
    body = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Sudah diteruskan.", "key": "k-1"}
    for _ in range(2):
        answer = local_client.post(f"/v1/complaints/{number}/decisions", json=body)
        assert answer.status_code == 201
    shown = local_client.get(f"/v1/complaints/{number}").json()
    assert [entry["action"] for entry in shown["history"]] == ["receive", "forward"]
    assert len(shown["messages"]) == 1
    other = local_client.post(f"/v1/complaints/{number}/decisions", json=body | {"key": "k-2"})
    assert other.status_code == 409


def test_another_decision_under_a_key_that_stands_for_one_is_refused_and_not_taken_for_done(
    local_client: TestClient,
) -> None:
    path = f"/v1/complaints/{_post(local_client)['id']}/decisions"
    forward = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Diteruskan.", "key": "wa-17"}
    assert local_client.post(path, json=forward).status_code == 201
    for other in ({"action": "finish", "version": 2, "key": "wa-17"}, forward | {"reply": "Sabar."}):
        refused = local_client.post(path, json=other)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:disposisi:problem:key-conflict")
    assert local_client.post(path, json=forward | {"version": 7}).json()["status"] == "terdisposisi"
