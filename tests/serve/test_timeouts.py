"""Connections that are idle, slow or never end hinder nobody."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import threading
import time
import urllib.request
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse

from serve.special_paths import EVENTS
from tests.serve.impatience import ShortTimeouts, serving_briefly, small_app

IDLE = 1_000


def _answered(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
        return bool(answer.status == 200)


def _closed(connection: socket.socket) -> bool:
    connection.settimeout(20)
    with contextlib.suppress(ConnectionResetError):
        return connection.recv(1) == b""
    return True


@pytest.mark.slow
@pytest.mark.faults
def test_a_thousand_idle_and_slow_connections_hinder_nobody_and_are_let_go() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (max(hard[0], 4 * IDLE) if hard[1] < 0 else min(hard[1], 4 * IDLE), hard[1])
    )
    with serving_briefly(small_app()) as port, contextlib.ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(IDLE)]
        for connection in opened[::2]:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert _answered(port)
        began = time.monotonic()
        while time.monotonic() - began < ShortTimeouts.header_seconds / 2:
            for connection in opened[::20]:  # slowloris: one more byte now and then
                with contextlib.suppress(OSError):
                    connection.sendall(b"a")
            time.sleep(0.1)
        assert all(_closed(connection) for connection in opened)
        assert _answered(port)
    resource.setrlimit(resource.RLIMIT_NOFILE, hard)


def test_a_request_after_an_answer_has_its_time_again() -> None:
    with serving_briefly(small_app()) as port, socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(2):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            answer = b""
            while not answer.endswith(b'"ok"'):
                answer += connection.recv(4096)
            assert b"200 OK" in answer


def test_who_takes_no_answer_is_let_go_and_holds_no_place() -> None:
    ended = threading.Event()

    async def long_answer(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(1000):
                await send({"type": "http.response.body", "body": b"a" * 100_000, "more_body": True})
        finally:
            ended.set()

    with (
        serving_briefly(cast(FastAPI, long_answer)) as port,
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert ended.wait(5)


def test_who_takes_an_answer_slowly_gets_all_of_it() -> None:
    app, size = FastAPI(), 12_000_000  # larger than the kernel's buffers of a connection

    @app.get("/")
    async def long_answer() -> Response:
        return Response(b"a" * size)

    with serving_briefly(app) as port, socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        taken = 0
        while piece := connection.recv(1_000_000):
            taken += len(piece)
            time.sleep(0.1)
    assert taken > size


def test_a_server_that_stops_waits_for_no_page_that_listens_for_events(caplog: pytest.LogCaptureFixture) -> None:
    app = small_app()

    @app.get(EVENTS)
    async def events() -> StreamingResponse:
        async def endless() -> AsyncIterator[str]:
            while True:
                yield ": still here\n\n"
                await asyncio.sleep(0.01)

        return StreamingResponse(endless(), media_type="text/event-stream")

    with contextlib.ExitStack() as pages, serving_briefly(app) as port:
        page = pages.enter_context(socket.create_connection(("127.0.0.1", port)))
        page.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert b"200 OK" in page.recv(4096)
    assert not caplog.messages
