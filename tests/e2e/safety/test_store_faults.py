"""If the store isn't writable, the error is clear, nothing is partly stored, and everything else works."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from serve.store import audit
from serve.store.database import Database
from tests.e2e.safety.server import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.faults]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def server(folder: Path, model_folder: Path) -> Iterator[Server]:
    with serving(model_folder, f"sqlite:///{folder / 'store.sqlite3'}", folder / "server.log") as running:
        yield running


def _send(server: Server, sender: str) -> int:
    body = {"channel": "uji", "sender_id": sender, "text": f"Lampu jalan mati {sender} " + "gelap sekali " * 300}
    return server.ask("POST", "/v1/complaints", body).status


def test_on_a_full_disk_it_says_so_reads_on_and_writes_again_when_there_is_room(server: Server, folder: Path) -> None:
    assert server.process is not None
    assert _send(server, "awal") == 201
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    size = max(path.stat().st_size for path in folder.glob("store.sqlite3*"))
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + 100_000, unlimited[1]))
    acknowledged = []
    for number in range(200):
        sender = f"penuh-{number}"
        status = _send(server, sender)
        if status != 201:
            break
        acknowledged.append(sender)
    assert status == 503
    told = server.ask("POST", "/v1/complaints", {"text": "jalan rusak " * 300})
    assert "penyimpanan" in told.json()["detail"]
    assert told.headers["retry-after"]
    assert server.ask("GET", "/healthz").status == 200
    assert server.ask("GET", "/v1/complaints").status == 200
    assert server.ask("GET", "/").status == 200
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    assert _send(server, sender) == 201
    database = Database(f"sqlite:///{folder / 'store.sqlite3'}")
    with database.reading() as session:
        assert list(audit.doubts(session)) == []
    database.close()
    with closing(sqlite3.connect(folder / "store.sqlite3")) as connection:
        stored = {row[0] for row in connection.execute("SELECT sender_id FROM complaints")}
    assert {*acknowledged, sender, "awal"} <= stored


def test_while_another_process_locks_the_store_it_says_so_and_reads_on(server: Server, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "store.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = server.ask("POST", "/v1/complaints", {"text": "jalan rusak di Cibitung"}, timeout=60)
        assert told.status == 503
        assert "dikunci" in told.json()["detail"]
        assert server.ask("GET", "/v1/complaints").status == 200
        assert server.ask("GET", "/readyz").status == 200
        other.execute("ROLLBACK")
    assert server.ask("POST", "/v1/complaints", {"text": "jalan rusak di Cibitung"}).status == 201
