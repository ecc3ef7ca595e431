"""Too many, too slow or too large requests are refused or dropped, while all others are answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from starlette.types import Message

from serve.api import SMALL_BYTES
from serve.body_limit import MOST_LARGE, BodyLimit
from serve.load_shedding import LoadShedding
from tests.serve.impatience import serving_briefly, small_app
from tests.serve.serving import serving


def _anybody(_: object) -> bool:
    return True


def _run_many(app: Any, paths: list[str], hold: asyncio.Event) -> list[int]:
    """Send requests concurrently; return their statuses in order. Accepted ones are answered once ``hold`` is set."""

    async def one(path: str) -> int:
        statuses: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await app({"type": "http", "path": path, "headers": [], "method": "GET"}, receive, send)
        return statuses[0]

    async def all_of_them() -> list[int]:
        tasks = [asyncio.create_task(one(path)) for path in paths]
        await asyncio.sleep(0.01)
        hold.set()
        return await asyncio.gather(*tasks)

    return asyncio.run(all_of_them())


def test_under_overload_the_api_sheds_while_health_and_the_desk_are_answered() -> None:
    hold, registry = asyncio.Event(), CollectorRegistry()

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await hold.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = LoadShedding(slow, most=3, most_suggestions=4, most_streams=2, registry=registry)
    paths = ["/v1/complaints"] * 5 + ["/v1/events"] * 3 + ["/v1/suggestions"] * 5
    paths += ["/healthz", "/readyz", "/", "/aduan/1"] * 3
    statuses = _run_many(app, paths, hold)
    assert sorted(statuses[:5]) == [200, 200, 200, 503, 503]
    assert sorted(statuses[5:8]) == [200, 200, 503]
    assert sorted(statuses[8:13]) == [200, 200, 200, 200, 503]
    assert set(statuses[13:]) == {200}
    assert registry.get_sample_value("disposisi_requests_shed_total") == 4
    assert registry.get_sample_value("disposisi_requests_open") == 0


def test_who_is_shed_is_told_when_to_come_again() -> None:
    app = FastAPI()
    app.add_middleware(LoadShedding, most=0, most_suggestions=0, most_streams=0, registry=CollectorRegistry())
    answer = TestClient(app).get("/v1/agencies")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/v1/complaints", "*/*", "application/problem+json"),
        ("/", "application/json", "application/problem+json"),
        ("/", "text/html", "text/html; charset=utf-8"),
    ],
)
def test_where_all_connections_to_the_store_are_taken_it_is_said_when_to_come_again(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, accept: str, kind: str
) -> None:
    engine = local_client.app.state.database.engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    with contextlib.ExitStack() as taken:
        for _ in range(engine.pool.size() + engine.pool._max_overflow):
            taken.enter_context(engine.connect())
        answer = local_client.get(path, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (503, kind)
    assert "html" in kind or answer.json()["type"] == "urn:disposisi:problem:store-unavailable"
    assert int(answer.headers["retry-after"]) > 0


def test_a_body_that_trickles_in_is_given_up() -> None:
    sent: list[Message] = []

    async def never(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("a request without its body reached the application")

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "path": "/v1/complaints", "headers": [], "method": "POST"}
    asyncio.run(BodyLimit(never, max_bytes=1_000_000, seconds=0.1, knows=_anybody)(scope, receive, send))
    assert sent[0]["status"] == 408


def test_a_request_that_tells_its_length_in_two_ways_is_refused_and_nothing_after_it_is_read() -> None:
    app = small_app()
    app.add_middleware(BodyLimit, max_bytes=1000, seconds=10.0, knows=_anybody)
    lengths = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with serving_briefly(app) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"".join(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + rest for rest in (lengths, b"\r\n")))
        answers = b"".join(iter(lambda: client.recv(65536), b""))
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1


def test_only_so_many_large_bodies_are_held_at_once_and_small_ones_go_on() -> None:
    hold = asyncio.Event()

    async def answered(_scope: Any, receive: Any, send: Any) -> None:
        assert len((await receive())["body"]) > 0
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def status_of(app: BodyLimit, body: bytes) -> int:
        pieces, sent = [body[:-1], body[-1:]], list[Message]()

        async def receive() -> Message:
            if len(pieces) == 1:
                await hold.wait()
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: Message) -> None:
            sent.append(message)

        scope: Any = {"type": "http", "path": "/v1/suggestions/batch", "headers": [], "method": "POST"}
        await app(scope, receive, send)
        return int(sent[0]["status"])

    async def statuses(app: BodyLimit) -> list[int]:
        large = [asyncio.create_task(status_of(app, b"a" * (SMALL_BYTES + 2))) for _ in range(MOST_LARGE + 2)]
        small = [asyncio.create_task(status_of(app, b"a" * SMALL_BYTES)) for _ in range(2 * MOST_LARGE)]
        await asyncio.sleep(0.01)
        hold.set()
        return sorted(await asyncio.gather(*large)) + await asyncio.gather(*small)

    async def twice() -> list[list[int]]:
        app = BodyLimit(answered, max_bytes=16 * 1024 * 1024, seconds=10, knows=_anybody)
        found = [await statuses(app)]
        hold.clear()  # the slots are free again
        return [*found, await statuses(app)]

    assert asyncio.run(twice()) == [[200] * MOST_LARGE + [503] * 2 + [200] * 2 * MOST_LARGE] * 2


def test_a_form_that_breaks_off_is_not_taken_for_a_whole_one(
    local_client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    form = b"service_code=umum&address_string=Cibitung&description=Lampu+jalan+mati%2C+kabelnya+menyentuh+pagar"
    head = (
        b"POST /open311/v2/requests.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(form)
    )
    with caplog.at_level(logging.INFO, "disposisi.requests"), serving(cast(FastAPI, local_client.app)) as address:
        server = ("127.0.0.1", int(address.rpartition(":")[2]))
        with socket.create_connection(server) as connection:
            connection.sendall(head + form[:-20])
        with socket.create_connection(server) as connection:
            connection.sendall(head + form)
            assert b"200 OK" in connection.makefile("rb").read()
    assert [row["text"] for row in local_client.get("/v1/complaints").json()["complaints"]] == [
        "Lampu jalan mati, kabelnya menyentuh pagar"
    ]
    broken_off, whole = caplog.messages[:2]
    assert " 499 " in broken_off
    assert " 200 " in whole
