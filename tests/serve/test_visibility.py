"""Secret (*rahasia*) complaints and reporters are visible only to those who handle complaints."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from serve.desk.desk import Desk
from serve.identity import Identity
from serve.store import accounts, keys
from serve.store.accounts import Role, Scope
from tests.serve.test_security import NOW, PASSWORD

SECRET = {
    "text": "Pungli di kantor desa Sukadami oleh kepala dusun", "sender_id": "r-1", "secret": True,
    "reporter_name": "Penandawati", "reporter_contact": "0812-3456-7890",
}  # fmt: skip
OPEN = {
    "text": "Lampu jalan di Desa Sukadami mati", "sender_id": "t-1", "reporter_name": "Penandawati",
    "reporter_contact": "0812-3456-7890",
}  # fmt: skip
Headers = dict[str, str]


@pytest.fixture
def numbers(local_client: TestClient) -> tuple[int, int]:
    secret, known = (local_client.post("/v1/complaints", json=body).json()["id"] for body in (SECRET, OPEN))
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        accounts.add_user(session, "ani", PASSWORD, full_name="Ani", role=Role.ADMIN, now=NOW)
    local_client.app.state.door._without_accounts_until = 0.0  # type: ignore[attr-defined]
    return secret, known


def _key(client: TestClient, *scopes: Scope) -> Headers:
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        key = keys.add_key(session, "-".join(scopes), scopes, now=NOW)
    return {"Authorization": f"Bearer {key}"}


def test_who_may_not_see_reporters_finds_no_secret_complaint_anywhere(
    local_client: TestClient, numbers: tuple[int, int]
) -> None:
    secret, known = numbers
    reader = _key(local_client, Scope.READ, Scope.DECIDE)
    listed = local_client.get("/v1/complaints", headers=reader).json()["complaints"]
    assert [item["id"] for item in listed] == [known]
    found = local_client.get("/v1/complaints?any_status=true&q=sukadami", headers=reader).json()["complaints"]
    assert [item["id"] for item in found] == [known]
    assert local_client.get("/v1/complaints/counts", headers=reader).json()["total"] == 1
    assert local_client.get(f"/v1/complaints/{secret}", headers=reader).status_code == 404
    order = {"action": "not-complaint", "version": 1}
    assert local_client.post(f"/v1/complaints/{secret}/decisions", json=order, headers=reader).status_code == 404
    for absent in (secret, 999):
        merging = {"action": "merge", "version": 1, "into": absent}
        told = local_client.post(f"/v1/complaints/{known}/decisions", json=merging, headers=reader)
        assert (told.status_code, str(absent) in told.json()["detail"]) == (404, True)
    for method in ("PUT", "DELETE"):
        assert local_client.request(method, f"/v1/complaints/{secret}/claim", headers=reader).status_code == 404
    detail = local_client.get(f"/v1/complaints/{known}", headers=reader).json()
    assert (detail["reporter_name"], detail["reporter_contact"]) == (None, None)


def test_who_may_see_reporters_sees_both(local_client: TestClient, numbers: tuple[int, int]) -> None:
    secret, known = numbers
    handler = _key(local_client, Scope.READ, Scope.IDENTITY)
    listed = local_client.get("/v1/complaints", headers=handler).json()["complaints"]
    assert sorted(item["id"] for item in listed) == [secret, known]
    assert local_client.get(f"/v1/complaints/{secret}", headers=handler).json()["reporter_name"] == "Penandawati"


def test_into_which_secret_complaint_one_was_merged_is_told_to_nobody_who_may_not_see_it(
    local_client: TestClient, numbers: tuple[int, int]
) -> None:
    secret, known = numbers
    path, scopes = f"/v1/complaints/{known}", (Scope.READ, Scope.DECIDE)
    handler, reader, sender = (
        _key(local_client, *each) for each in ((*scopes, Scope.IDENTITY), scopes, [Scope.INTAKE])
    )
    marks = {"action": "mark", "version": 1, "tags": ["lampu"], "key": "k"}
    assert local_client.post(f"{path}/decisions", json=marks, headers=reader).json()["merged_into"] is None
    merging = {"action": "merge", "version": 2, "into": secret}
    assert local_client.post(f"{path}/decisions", json=merging, headers=handler).json()["merged_into"] == secret
    # What is sent again is answered with the complaint as it stands.
    told = [local_client.post(f"{path}/decisions", json=marks, headers=reader).json()]
    for headers, into in ((reader, None), (handler, secret)):
        told += local_client.get("/v1/complaints?status=digabung", headers=headers).json()["complaints"]
        told.append(local_client.get(path, headers=headers).json())
        assert [(one["id"], one["merged_into"]) for one in told] == [(known, into)] * len(told)
        assert [entry["into"] for entry in told.pop()["history"]] == [None, None, into]
        told.clear()
    sent_again = local_client.post("/v1/complaints", json=OPEN, headers=sender).json()
    assert (sent_again["id"], sent_again["merged_into"]) == (known, None)


def test_into_which_complaint_one_was_merged_is_told_where_that_is_no_secret(
    local_client: TestClient, numbers: tuple[int, int]
) -> None:
    reader, other = _key(local_client, Scope.READ, Scope.DECIDE), OPEN | {"sender_id": "t-2"}
    into = local_client.post("/v1/complaints", json=other, headers=_key(local_client, Scope.INTAKE)).json()["id"]
    path, merging = f"/v1/complaints/{numbers[1]}", {"action": "merge", "version": 1, "into": into}
    assert local_client.post(f"{path}/decisions", json=merging, headers=reader).json()["merged_into"] == into
    detail = local_client.get(path, headers=reader).json()
    assert (detail["merged_into"], detail["history"][1]["into"]) == (into, into)


def test_a_senders_identifier_is_told_only_to_who_may_see_reporters(
    local_client: TestClient, numbers: tuple[int, int]
) -> None:
    scopes = (Scope.READ, Scope.DECIDE)
    path, keyed = f"/v1/complaints/{numbers[1]}", ((*scopes, Scope.IDENTITY), scopes)
    for version, headers in enumerate([_key(local_client, *each) for each in keyed], start=1):
        order = {"action": "mark", "version": version, "tags": ["lampu"]}
        decided = local_client.post(f"{path}/decisions", json=order, headers=headers).json()
        complaints = local_client.get("/v1/complaints", headers=headers).json()["complaints"]
        listed = next(complaint for complaint in complaints if complaint["id"] == numbers[1])
        detail = local_client.get(path, headers=headers).json()
        sheet = load_workbook(BytesIO(local_client.get("/v1/overview.xlsx", headers=headers).content))["Aduan"]
        row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == numbers[1])
        for told in (decided, listed, detail, row):
            assert ("t-1" in str(told)) is (version == 1)


def test_whom_a_reply_is_for_is_told_only_to_who_may_see_reporters(
    local_client: TestClient, numbers: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.store.messages.UNDO_WINDOW", dt.timedelta(0))
    order = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Diteruskan."}
    decider = _key(local_client, Scope.DECIDE)
    sent = local_client.post(f"/v1/complaints/{numbers[1]}/decisions", json=order, headers=decider)
    assert sent.status_code == 201, sent.text
    for scopes, sender in (((Scope.INTAKE,), None), ((Scope.INTAKE, Scope.IDENTITY), "t-1")):
        (reply,) = local_client.get("/v1/replies", headers=_key(local_client, *scopes)).json()["replies"]
        assert (reply["complaint_id"], reply["sender_id"]) == (numbers[1], sender)


def test_figures_of_who_may_not_see_secrets_are_those_of_the_other_complaints(
    local_client: TestClient, numbers: tuple[int, int]
) -> None:
    handler, reader = _key(local_client, Scope.READ, Scope.IDENTITY, Scope.DECIDE), _key(local_client, Scope.READ)
    for number, agency in zip(numbers, ("inspektorat", "dishub"), strict=True):
        order = {"action": "forward", "version": 1, "agencies": [agency]}
        sent = local_client.post(f"/v1/complaints/{number}/decisions", json=order, headers=handler)
        assert sent.status_code == 201, sent.text

    def figures(headers: Headers) -> tuple[list[str], int]:
        told = local_client.get("/v1/overview", headers=headers).json()
        return sorted(row["name"] for row in told["agencies"]), sum(week["decided"] for week in told["agreement"])

    assert figures(handler) == (["dishub", "inspektorat"], 2)
    assert figures(reader) == (["dishub"], 1)
    for headers, seen in ((handler, True), (reader, False), (handler, True)):
        page = local_client.get("/ringkasan", headers=headers).text
        assert "Dinas Perhubungan" in page
        assert ("Inspektorat" in page) is seen


def test_weeks_that_the_desk_remembers_are_apart_by_who_sees_secrets(local_client: TestClient) -> None:
    state = local_client.app.state  # type: ignore[attr-defined]
    desk = Desk(state.suggester, state.review)
    roles = (Role.ANALIS, Role.PETUGAS, Role.PENYELIA)
    analyst, handler, head = (desk.past_weeks(Identity("x", "X", role, role.scopes)) for role in roles)
    assert handler is head
    assert handler is not analyst


@pytest.mark.slow
@pytest.mark.parametrize(("role", "sees"), [(Role.ANALIS, False), (Role.PETUGAS, True), (Role.PENYELIA, True)])
def test_the_desk_shows_an_analyst_no_reporter_and_nothing_secret(
    local_client: TestClient, numbers: tuple[int, int], role: Role, sees: bool
) -> None:
    secret, known = numbers
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        accounts.add_user(session, "budi", PASSWORD, full_name="Budi", role=role, now=NOW)
    form = {"nama": "budi", "sandi": PASSWORD, "ke": "/"}
    assert local_client.post("/masuk", data=form, follow_redirects=False).status_code == 303
    assert local_client.get("/baru").status_code == (200 if sees else 403)
    queue = local_client.get("/?status=semua").text
    assert ("Pungli di kantor" in queue) is sees
    assert local_client.get(f"/aduan/{secret}").status_code == (200 if sees else 404)
    merging = {"action": "merge", "version": 1, "into": secret}
    handler = _key(local_client, Scope.DECIDE, Scope.IDENTITY)
    assert local_client.post(f"/v1/complaints/{known}/decisions", json=merging, headers=handler).status_code == 201
    for headers in ({}, {"x-bagian": "aduan"}):
        page = local_client.get(f"/aduan/{known}?batal={known}:2", headers=headers).text
        assert "Sukadami" in page
        assert (f"ke aduan {secret}" in page) is sees
        assert ("Penandawati" in page) is sees
        assert ("t-1" in page) is sees
