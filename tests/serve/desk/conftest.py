"""Fixtures for a desk used from its own machine, and its pages as fetched without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, literal, select

from serve.app import create_app
from serve.settings import Settings
from serve.store import models

LAMP = "lampu jalan <b>mati</b> di desa Sukadami sudah seminggu"


@pytest.fixture(scope="module")
def client(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a desk with its own store, shared by the tests of one file."""
    store = tmp_path_factory.mktemp("desk") / "store.sqlite3"
    app = create_app(Settings(model=model_folder, database_url=f"sqlite:///{store}"))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client


def post(client: TestClient, text: str = LAMP, **about: Any) -> int:
    """Post a complaint, and return its number."""
    number: int = client.post("/v1/complaints", json={"text": text, "channel": "web", **about}).json()["id"]
    return number


def decide(client: TestClient, number: int, order: dict[str, Any]) -> None:
    """Decide on a complaint, by the API."""
    answer = client.post(f"/v1/complaints/{number}/decisions", json=order)
    assert answer.status_code == 201, answer.text


def repeat(client: TestClient, number: int, times: int) -> None:
    """Store a complaint once more for each time, as if it had come in so often."""
    columns = [column for column in models.Complaint.__table__.columns if column.name not in {"id", "sender_id"}]
    same = select(*columns, literal(None)).where(models.Complaint.id == number)
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        for _ in range(times):
            session.execute(insert(models.Complaint).from_select([*columns, models.Complaint.sender_id], same))


def fields_of(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of the form that contains these words."""
    found = next(part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if form in part)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))


def opened_number(html: str) -> str:
    """Return the number of the opened complaint."""
    found = re.search(r'<article class="complaint" data-id="(\d+)"', html)
    assert found
    return found[1]


def article_of(html: str) -> str:
    """Return the opened complaint of a page."""
    return html[html.index("<article") :]
