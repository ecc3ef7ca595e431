"""A real server in a thread of the test process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from serve.timeouts import OPTIONS


@contextmanager
def serving(app: FastAPI, **options: Any) -> Iterator[str]:
    """Serve ``app`` on this machine, and yield its address; doesn't run its lifespan."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:  # some tests open very many connections
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", **OPTIONS | options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
