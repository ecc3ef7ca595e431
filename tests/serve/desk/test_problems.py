"""For a message with two problems the desk offers to split it and route each part separately."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

WATER = "Air PDAM di rumah kami mati sudah empat hari"
WASTE = "Sekalian lapor juga, sampah di ujung gang menumpuk dan bau"


@pytest.fixture
def client(
    default_model_folder: Path, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    store = shutil.copy(migrated_file, tmp_path_factory.mktemp("problems") / "store.sqlite3")
    settings = Settings(model=default_model_folder, database_url=f"sqlite:///{store}")
    with TestClient(create_app(settings), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client


def test_one_button_splits_two_problems_and_each_is_suggested_to_its_own_office(client: TestClient) -> None:
    number = client.post("/v1/complaints", json={"text": f"{WATER}. {WASTE}.", "channel": "web"}).json()["id"]
    form = re.search(r'<form[^>]*class="problems".*?</form>', client.get(f"/aduan/{number}").text, re.DOTALL)
    assert form
    assert re.findall(r"<b>(.*?)</b>", form[0]) == ["Perumda Tirta Bhagasasi", "Dinas Lingkungan Hidup"]
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    data = {name: [value for other, value in fields if other == name] for name, _ in fields}
    client.post(f"/aduan/{number}/keputusan", data=data)
    entry = client.get(f"/v1/complaints/{number}").json()["history"][-1]
    parts = [client.get(f"/v1/complaints/{part}").json() for part in entry["parts"]]
    assert [part["text"] for part in parts] == [WATER, WASTE]
    assert [part["suggestion"]["agencies"][0]["code"] for part in parts] == ["pdam", "dlh"]


def test_a_message_of_one_problem_is_not_offered_to_be_split(client: TestClient) -> None:
    number = client.post("/v1/complaints", json={"text": f"{WATER}.", "channel": "web"}).json()["id"]
    assert 'class="problems"' not in client.get(f"/aduan/{number}").text
