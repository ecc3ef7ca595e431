"""Several worker processes on one port share store and metrics, and a worker that dies is replaced."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from pipeline.champion import Standing, write_standing
from pipeline.manifest import MANIFEST
from serve.store import models
from serve.store.database import Database
from tests.e2e.safety.server import Server, serving
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.faults]
WORKERS = 2
SENT = 60
SOON = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Path:
    """Return a folder of two models that differ only in name; the champion is ``first``."""
    made = tmp_path_factory.mktemp("workers")
    for name in ("first", "second"):
        model = Path(shutil.copytree(model_folder, made / "models" / name))
        manifest = json.loads((model / MANIFEST).read_text())
        (model / MANIFEST).write_text(json.dumps(manifest | {"name": name}))
    write_standing(made / "models", Standing(champion="first"))
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    database = f"sqlite:///{folder / 'store.sqlite3'}"
    with serving(folder / "models", database, folder / "server.log", DISPOSISI_WORKERS=str(WORKERS)) as server:
        yield server
    assert server.process is not None
    assert server.process.returncode == 0


def test_workers_share_the_memory_of_what_was_loaded_before_they_started(server: Server) -> None:
    time.sleep(3)  # until each has warmed up the first page
    own = [worker.memory_full_info().uss / 2**20 for worker in _workers(server)]
    assert len(own) == WORKERS
    assert min(own) < 16, own  # MB of private memory of a worker with few requests or none


def test_a_killed_worker_loses_nothing_and_is_replaced(server: Server, folder: Path) -> None:
    before = _workers(server)
    with ThreadPoolExecutor(8) as clients:
        sent = [clients.submit(_stored, server, number) for number in range(SENT)]
        before[0].kill()
        for complaint in sent:
            complaint.result()
    database = Database(f"sqlite:///{folder / 'store.sqlite3'}")
    with database.reading() as session:
        stored = Counter(sender for (sender,) in session.query(models.Complaint.sender_id))
    database.close()
    assert stored == dict.fromkeys(map(str, range(SENT)), 1)
    wait_until(lambda: len(_workers(server)) == WORKERS, SOON)
    assert before[0] not in _workers(server)


def test_all_workers_switch_to_a_new_champion(server: Server, folder: Path) -> None:
    write_standing(folder / "models", Standing(champion="second"))
    wait_until(lambda: _told(server, "disposisi_champion_changes_total") == WORKERS, SOON)
    assert {_answering(server) for _ in range(20)} == {"second"}


def test_any_worker_returns_the_combined_metrics_of_all(folder: Path) -> None:
    database = f"sqlite:///{folder / 'shedding.sqlite3'}"
    settings = {"DISPOSISI_WORKERS": str(WORKERS), "DISPOSISI_MAX_SUGGESTIONS": "0"}
    with serving(folder / "models", database, folder / "shedding.log", **settings) as server:
        with ThreadPoolExecutor(8) as clients:
            refused = [clients.submit(server.ask, "POST", "/v1/suggestions", {"text": "lampu mati"}) for _ in range(99)]
        assert {answer.result().status for answer in refused} == {503}
        before = _workers(server)
        for worker in before:
            assert _told(server, "disposisi_requests_shed_total") == len(refused)
            worker.kill()  # its counts are kept
        wait_until(lambda: len(set(_workers(server)) - set(before)) == WORKERS, SOON)
        assert _told(server, "disposisi_requests_shed_total") == len(refused)


def _workers(server: Server) -> list[psutil.Process]:
    assert server.process is not None
    return [child for child in psutil.Process(server.process.pid).children() if child.status() != psutil.STATUS_ZOMBIE]


def _stored(server: Server, number: int) -> None:
    """Send a complaint, and retry until it is acknowledged, as a client must."""
    body = {"text": f"Lampu jalan nomor {number} mati", "channel": "web", "sender_id": str(number)}
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            if server.ask("POST", "/v1/complaints", body).status in {200, 201}:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    raise AssertionError(f"Complaint {number} was never acknowledged.")


def _answering(server: Server) -> str:
    return str(server.ask("POST", "/v1/suggestions", {"text": "lampu jalan mati"}).json()["model"])


def _told(server: Server, metric: str) -> float:
    lines = server.ask("GET", "/metrics").body.decode().splitlines()
    (value,) = (line.rsplit(" ", 1)[1] for line in lines if line.startswith(f"{metric} "))
    return float(value)
