"""Server or database are killed at random moments: what was acknowledged is stored exactly once.

``DISPOSISI_KILLS=2000 pytest -m faults tests/e2e/safety/test_kills.py -s`` runs longer and prints the figures.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from serve.store import accounts, keys, migrate
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from tests.e2e.safety.clients import Crowd
from tests.e2e.safety.server import Server, serving
from tests.ports import free_port
from tests.serve import postgres

pytestmark = [pytest.mark.slow, pytest.mark.faults]
KILLS = int(os.environ.get("DISPOSISI_KILLS", "200"))
MAX_SECONDS = 1.2 * KILLS  # a busy machine gets through fewer kills
POSTGRES_KILLS = max(5, KILLS // 40)
ROOT = Path(__file__).parents[3]


class Forked:
    """A server whose process can be killed and restarted within a moment."""

    def __init__(self, model: Path, url: str, folder: Path) -> None:
        self.server = Server(free_port(), folder / "server.log")
        with self.server.log.open("ab") as log:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.safety.forking", model, url, str(self.server.port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=ROOT, text=True,
            )  # fmt: skip

    def start(self) -> int:
        """Fork a child, and return its process id once it answers."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("serve\n")
        self._parent.stdin.flush()
        child = int(self._parent.stdout.readline())
        self.server.wait()
        return child

    def kill(self, child: int) -> None:
        assert self._parent.stdout is not None
        os.kill(child, signal.SIGKILL)
        self._parent.stdout.readline()

    def end(self) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait()


@contextmanager
def _forked(model: Path, url: str, folder: Path) -> Iterator[Forked]:
    forked = Forked(model, url, folder)
    try:
        yield forked
    finally:
        forked.end()


def test_what_was_acknowledged_survives_kills_of_the_server(tmp_path: Path, model_folder: Path) -> None:
    url, chance = f"sqlite:///{tmp_path / 'store.sqlite3'}", random.Random(10)
    kills, began = 0, time.monotonic()
    with _forked(model_folder, url, tmp_path) as forked:
        child = forked.start()
        with Crowd(forked.server) as crowd:
            while kills < KILLS and time.monotonic() - began < MAX_SECONDS and not crowd.failed:
                # Measured in answers, so that kills hit random moments of the clients' work on any machine.
                crowd.wait_for(chance.randint(1, 8))
                time.sleep(chance.uniform(0.0, 0.05))
                forked.kill(child)
                kills += 1
                child = forked.start()
        forked.kill(child)
    received, decided = crowd.check(url)
    broken = sum(client.broken for client in crowd.clients)
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{kills} kills in {seconds:.0f} s: {received} complaints, {decided} decisions, {broken} lines cut\n"
    )
    assert kills == KILLS or seconds >= MAX_SECONDS
    assert kills >= 20
    assert received >= kills
    assert broken >= kills


@pytest.mark.postgres
@pytest.mark.skipif(not postgres.BINARIES.exists(), reason="PostgreSQL 15 is not installed")
def test_what_was_acknowledged_survives_kills_of_postgresql(tmp_path: Path, model_folder: Path) -> None:
    chance = random.Random(11)
    with TemporaryDirectory(prefix="disposisi-postgres-") as folder, postgres.own_server(Path(folder)) as own:
        with postgres.new_database(own, "faults") as url:
            database = Database(url)
            migrate.upgrade(database)
            with database.writing() as session:
                now = dt.datetime.now(tz=dt.UTC)
                accounts.add_user(session, "ani", "empat kata yang acak", full_name="", role=Role.ADMIN, now=now)
                key = keys.add_key(session, "uji", list(Scope), now=now, per_minute=1_000_000)
            database.close()
        with serving(model_folder, url, tmp_path / "server.log") as server:
            server.headers = {"Authorization": f"Bearer {key}"}
            with Crowd(server, size=2) as crowd:
                for _ in range(POSTGRES_KILLS):
                    time.sleep(chance.uniform(0.3, 1.2))
                    postgres.kill(Path(folder))
                    assert server.ask("GET", "/healthz").status == 200
                    postgres.restart(Path(folder), own)
                time.sleep(1)
            assert server.ask("GET", "/readyz").status == 200
        received, decided = crowd.check(url)
    refused = sum(sum(client.refused.values()) for client in crowd.clients)
    sys.stdout.write(
        f"{POSTGRES_KILLS} kills: {received} complaints, {decided} decisions, {refused} told to try again\n"
    )
    assert received > POSTGRES_KILLS
    assert refused > 0
