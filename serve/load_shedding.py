"""Load shedding: refuses API requests beyond capacity, so that health checks and the desk stay responsive."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.api.problems import problem_response
from serve.special_paths import EVENTS, PROGRAMS, SUGGESTIONS

RETRY_SECONDS: Final = 2


class LoadShedding:
    """ASGI middleware that answers 503 with ``Retry-After`` to API requests over the concurrency limits.

    Endpoints run in a pool of 40 threads. The API may use only some of them, so that a flood of API requests never
    starves the desk, where dispatchers work. Single suggestions use no thread; their limit leaves room for those that
    queue up while another model is loaded.

    Parameters
    ----------
    most
        Maximum number of concurrent API requests.
    most_suggestions
        Maximum number of concurrent requests for a single suggestion.
    most_streams
        Maximum number of open event streams.
    """

    def __init__(
        self, app: ASGIApp, most: int, most_suggestions: int, most_streams: int, registry: CollectorRegistry
    ) -> None:
        self.app = app
        self._most = {"": most, SUGGESTIONS: most_suggestions, EVENTS: most_streams}  # streams are mostly idle
        self._now = dict.fromkeys(self._most, 0)
        self._shed = Counter("disposisi_requests_shed", "API requests refused because of overload", registry=registry)
        self._open = Gauge(
            "disposisi_requests_open",
            "API requests being answered",
            registry=registry,
            multiprocess_mode="livesum",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it at once."""
        if scope["type"] != "http" or not scope["path"].startswith(PROGRAMS):
            await self.app(scope, receive, send)
            return
        kind = scope["path"] if scope["path"] in self._most else ""
        if self._now[kind] >= self._most[kind]:
            self._shed.inc()
            response = problem_response(
                503,
                "Terlalu banyak permintaan sekaligus",
                f"Server sedang penuh. Kirim lagi setelah {RETRY_SECONDS} detik; yang sudah diterima tidak hilang.",
                "overloaded",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
            await response(scope, receive, send)
            return
        self._count(kind, 1)
        try:
            await self.app(scope, receive, send)
        finally:
            self._count(kind, -1)

    def _count(self, kind: str, step: int) -> None:
        self._now[kind] += step
        self._open.set(self._now[""] + self._now[SUGGESTIONS])
