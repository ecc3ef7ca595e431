"""Clients that send complaints and decisions, retry until acknowledged, and record what was acknowledged."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from serve.store import audit, models
from serve.store.database import Database
from tests.e2e.safety.server import Answer, Server

GIVE_UP_SECONDS = 120


@dataclass
class Client:
    """A client that repeats each request until it is acknowledged, as clients should."""

    name: str
    server: Server
    stop: threading.Event
    received: dict[str, int] = field(default_factory=dict)  # sender's identifier -> complaint's number
    decided: dict[str, int] = field(default_factory=dict)  # idempotency key -> complaint's number
    refused: Counter[int] = field(default_factory=Counter)
    broken: int = 0

    def work(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            sender = f"{self.name}-{number}"
            told = self._until_known(
                "/v1/complaints", {"channel": "uji", "sender_id": sender, "text": f"Lampu jalan mati {sender}"}
            )
            complaint = told.json()
            self.received[sender] = complaint["id"]
            key = f"k-{sender}"
            order = {"action": "forward", "version": 1, "agencies": ["dishub"], "key": key}
            self._until_known(f"/v1/complaints/{complaint['id']}/decisions", order)
            self.decided[key] = complaint["id"]

    def _until_known(self, path: str, body: dict[str, object]) -> Answer:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.server.ask("POST", path, body)
            except (OSError, http.client.HTTPException):
                self.broken += 1
                time.sleep(0.01)
                continue
            if answer.status in {200, 201}:
                return answer
            self.refused[answer.status] += 1
            assert answer.status == 503, answer.body  # may be retried; anything else is a bug
            time.sleep(0.05)
        raise AssertionError(f"{path} was not acknowledged in {GIVE_UP_SECONDS} s")


@dataclass
class Crowd:
    """Several clients at work until the block ends."""

    server: Server
    size: int = 3

    def __enter__(self) -> Crowd:
        self.stop = threading.Event()
        self.clients = [Client(f"c{n}", self.server, self.stop) for n in range(self.size)]
        self.failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(client,)) for client in self.clients]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, number: int) -> None:
        """Wait for ``number`` more answers, or until the time limit."""
        known = self._answers()
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while self._answers() < known + number and not self.failed and time.monotonic() < deadline:
            time.sleep(0.002)

    def _answers(self) -> int:
        return sum(len(client.received) + len(client.decided) for client in self.clients)

    def _run(self, client: Client) -> None:
        try:
            client.work()
        except BaseException as error:  # reported by the test, not lost in a thread
            self.failed.append(error)

    def check(self, url: str) -> tuple[int, int]:
        """Compare acknowledged complaints and decisions with the store; return their numbers."""
        assert not self.failed, self.failed
        received = {sender: number for client in self.clients for sender, number in client.received.items()}
        decided = {key: number for client in self.clients for key, number in client.decided.items()}
        check_acknowledged(url, received, decided)
        return len(received), len(decided)


def check_acknowledged(url: str, received: dict[str, int], decided: dict[str, int]) -> None:
    """Check that each acknowledged complaint (by sender) and decision (by key) is stored exactly once."""
    database = Database(url)
    with database.reading() as session:
        rows = session.execute(select(models.Complaint.sender_id, models.Complaint.id)).all()
        keys = [
            (row.body["key"], row.complaint_id)
            for row in session.scalars(select(models.Decision).where(models.Decision.action == "forward"))
        ]
        assert list(audit.doubts(session)) == []
    database.close()
    assert max(Counter(sender for sender, _ in rows).values()) == 1
    assert max(Counter(key for key, _ in keys).values()) == 1
    stored, recorded = {str(sender): number for sender, number in rows}, dict(keys)
    assert {sender: stored.get(sender) for sender in received} == received
    assert {key: recorded.get(key) for key in decided} == decided
