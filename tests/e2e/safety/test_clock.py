"""The system clock jumps by days and years, forward and back: nothing is lost, and nobody is locked out afterwards.

libfaketime (Debian's package ``faketime``) gives the server's process the time written in a file; the monotonic clock
is unaffected, as when a machine's clock is set.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from serve.store import accounts, keys, migrate
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from tests.e2e.safety.clients import Crowd
from tests.e2e.safety.server import Server, serving

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(not LIBRARY.exists(), reason="Debian's package faketime is not installed"),
]
JUMPS = ("+1d", "-1d", "+400d", "-400d", "+0", "-300", "+0")


class Clock:
    """Fake clock of a server's process, as an offset from the real time: ``+1d``, ``-300`` seconds."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump("+0")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # a workaround for an old glibc, which makes Python's locks spin
            "NO_FAKE_STAT": "1",
        }

    def jump(self, offset: str) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(offset)
        new.replace(self._file)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock") / "offset")


@pytest.fixture(scope="module")
def running(
    clock: Clock, tmp_path_factory: pytest.TempPathFactory, model_folder: Path
) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server used with one key, and the headers for a second key."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'store.sqlite3'}"
    database = Database(url)
    migrate.upgrade(database)
    now = dt.datetime.now(tz=dt.UTC)
    with database.writing() as session:
        accounts.add_user(session, "ani", "empat kata yang acak", full_name="", role=Role.ADMIN, now=now)
        made = [keys.add_key(session, name, list(Scope), now=now, per_minute=1_000_000) for name in ("satu", "dua")]
    database.close()
    with serving(model_folder, url, folder / "server.log", **clock.environment) as started:
        started.headers = _bearer(made[0])
        yield started, _bearer(made[1])


@pytest.fixture
def server(running: tuple[Server, dict[str, str]]) -> Server:
    return running[0]


@pytest.fixture
def other(running: tuple[Server, dict[str, str]]) -> dict[str, str]:
    return running[1]


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _received(server: Server, sender: str) -> dict[str, object]:
    told = server.ask("POST", "/v1/complaints", {"channel": "uji", "sender_id": sender, "text": "Lampu jalan mati"})
    assert told.status == 201, told.body
    complaint: dict[str, object] = told.json()
    return complaint


def _when(server: Server) -> dt.datetime:
    """Return the server's current time."""
    received = _received(server, f"jam-{time.monotonic_ns()}")
    return dt.datetime.fromisoformat(str(received["received_at"]))


def test_the_server_goes_by_the_clock_that_is_set(server: Server, clock: Clock) -> None:
    for offset, days in (("+400d", 400), ("-1d", -1), ("+0", 0)):
        clock.jump(offset)
        expected = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=days)
        assert abs(_when(server) - expected) < dt.timedelta(minutes=1)


def test_what_was_acknowledged_while_the_clock_jumped_is_there(server: Server, clock: Clock) -> None:
    with Crowd(server) as crowd:
        for offset in JUMPS:
            clock.jump(offset)
            crowd.wait_for(12)
            for path in ("/readyz", "/v1/complaints", "/v1/overview", "/metrics"):
                assert server.ask("GET", path).status == 200, path
    received, decided = crowd.check(f"sqlite:///{server.log.parent / 'store.sqlite3'}")
    assert received + decided >= 12 * len(JUMPS)
    assert sum(sum(client.refused.values()) + client.broken for client in crowd.clients) == 0


def test_a_claim_from_a_clock_that_ran_ahead_holds_nobody_up(
    server: Server, other: dict[str, str], clock: Clock
) -> None:
    number = _received(server, "klaim")["id"]
    clock.jump("+400d")
    assert server.ask("PUT", f"/v1/complaints/{number}/claim").status == 200
    assert server.ask("PUT", f"/v1/complaints/{number}/claim", headers=other).status == 409
    clock.jump("+0")
    assert server.ask("PUT", f"/v1/complaints/{number}/claim", headers=other).status == 200


def test_a_decision_from_a_clock_that_ran_ahead_can_be_undone(server: Server, clock: Clock) -> None:
    number = _received(server, "batal")["id"]
    clock.jump("+400d")
    order = {"action": "forward", "version": 1, "agencies": ["dishub"]}
    assert server.ask("POST", f"/v1/complaints/{number}/decisions", order).status == 201
    clock.jump("+0")
    undone = server.ask("POST", f"/v1/complaints/{number}/decisions", {"action": "undo", "version": 2})
    assert undone.status == 201, undone.body
