"""A real server that waits only briefly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from serve.timeouts import TimeoutProtocol
from tests.serve.serving import serving


class ShortTimeouts(TimeoutProtocol):
    """The server's protocol, with timeouts short enough for a test."""

    header_seconds = 2.0
    answer_seconds = 1.0


@contextmanager
def serving_briefly(app: FastAPI) -> Iterator[int]:
    """Serve ``app`` with short timeouts, and yield its port."""
    with serving(app, http=ShortTimeouts) as address:
        yield int(address.rpartition(":")[2])


def small_app() -> FastAPI:
    app = FastAPI()

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    return app
