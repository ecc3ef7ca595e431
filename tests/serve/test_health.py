"""Whether a server is alive and ready, and what it says where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from pipeline.errors import ModelNotFoundError
from serve.app import create_app
from serve.settings import Settings

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"


@pytest.fixture(scope="module")
def client(model_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(model=model_folder)), raise_server_exceptions=False) as client:
        yield client


def test_agencies_model_and_health_are_told(client: TestClient) -> None:
    agencies = client.get("/v1/agencies").json()
    assert {"code": "dishub", "name": "Dinas Perhubungan", "kind": "dinas"}.items() <= next(
        agency.items() for agency in agencies if agency["code"] == "dishub"
    )
    assert client.get("/v1/model").json()["region"] == {"code": "32.16", "name": "Kabupaten Bekasi"}
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"


def test_whether_a_silent_store_is_ready_again_may_be_asked_in_a_while(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(client.app.state.database, "reading", silent)  # type: ignore[attr-defined]
    response = client.get("/readyz")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    described = client.get("/openapi.json").json()["paths"]["/readyz"]["get"]["responses"]["503"]["content"]
    assert response.headers["content-type"] in described


def test_a_server_that_can_record_nothing_is_alive_and_not_ready(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise OperationalError("PRAGMA", {}, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(client.app.state.database, "check_recording", refused)  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "hanya dapat dibaca" in answer.json()["detail"]
    assert client.get("/healthz").status_code == client.post("/v1/suggestions", json={"text": LAMP}).status_code == 200


def test_a_server_without_model_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError):
        create_app(Settings(model=tmp_path))
