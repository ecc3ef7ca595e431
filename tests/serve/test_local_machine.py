"""The demo user is only who sits at the machine; other sites and machines are not."""

from __future__ import annotations

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from serve.bind_address import check_bind
from serve.errors import StoreError
from serve.store import accounts
from serve.store.accounts import Role
from serve.store.database import Database

NOW = dt.datetime.now(tz=dt.UTC)
COMPLAINT = {"text": "Lampu jalan mati total sudah seminggu"}
PASSWORD = "empat kata yang acak"  # noqa: S105


def _store(client: TestClient) -> Database:
    store: Database = client.app.state.database  # type: ignore[attr-defined]
    return store


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "jahat.example"}, 401),
        ({"X-Forwarded-For": "10.0.0.7"}, 401),
        ({"Authorization": "Bearer dsp_salah"}, 401),
    ],
)
def test_the_demo_user_is_only_who_sits_at_the_machine(
    local_client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert local_client.get("/v1/complaints", headers=headers).status_code == status


def test_another_site_cannot_make_the_demo_user_act(local_client: TestClient) -> None:
    form = {"service_code": "umum", "description": "jalan rusak", "address_string": "Cibitung"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert local_client.post("/open311/v2/requests.json", data=form, headers=foreign).status_code == 403
    assert local_client.post("/open311/v2/requests.json", data=form).status_code == 200


def test_a_machine_of_the_network_is_no_demo_user(local_client: TestClient) -> None:
    other = TestClient(local_client.app, base_url="http://127.0.0.1", client=("10.0.0.7", 5000))
    assert other.get("/v1/complaints").status_code == 401


def test_listening_to_the_network_needs_an_account(local_client: TestClient) -> None:
    store = _store(local_client)
    check_bind(store, "127.0.0.1")
    check_bind(store, "::1")
    for host in ("0.0.0.0", "10.0.0.5", "::", "desk.example"):  # noqa: S104 (what is refused)
        with pytest.raises(StoreError, match="disposisi user add"):
            check_bind(store, host)
    with store.writing() as session:
        accounts.add_user(session, "ani", PASSWORD, full_name="Ani", role=Role.ADMIN, now=NOW)
    check_bind(store, "0.0.0.0")  # noqa: S104


@pytest.mark.parametrize("host", ["[", "[::1", "[]:8000"])
def test_a_host_that_cannot_be_is_not_this_machine(local_client: TestClient, host: str) -> None:
    assert local_client.get("/v1/complaints", headers={"Host": host}).status_code == 401


def test_an_origin_that_cannot_be_is_another_site(local_client: TestClient) -> None:
    foreign = local_client.post("/v1/complaints", json=COMPLAINT, headers={"Origin": "http://["})
    assert (foreign.status_code, foreign.json()["type"]) == (403, "urn:disposisi:problem:forbidden")
