"""A real server that waits only briefly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from serve.timeouts import OPTIONS, TimeoutProtocol


class ShortTimeouts(TimeoutProtocol):
    """The server's protocol, with timeouts short enough for a test."""

    header_seconds = 2.0
    answer_seconds = 1.0


@contextmanager
def serving_briefly(app: FastAPI) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    options = OPTIONS | {"http": ShortTimeouts}
    server = uvicorn.Server(uvicorn.Config(app, backlog=2048, **options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def small_app() -> FastAPI:
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    return app
