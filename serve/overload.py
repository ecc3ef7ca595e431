"""Refusing what other systems ask beyond what can be answered, so that health checks and the desk stay alive."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.api.problems import problem_response

RETRY_SECONDS: Final = 2
_SHED: Final = ("/v1/", "/open311/")
_STREAMS: Final = "/v1/events"  # open for hours; they wait more than they work


class LoadShedding:
    """ASGI middleware that answers 503 with ``Retry-After`` to API requests beyond ``most`` at once.

    Endpoints run in a pool of 40 threads. The API may take only some of them, so that a flood of complaints never
    leaves the desk, on which dispatchers work by hand, without one.

    Parameters
    ----------
    most
        API requests answered at the same time.
    most_streams
        Pages that may listen for events at the same time.
    """

    def __init__(self, app: ASGIApp, most: int, most_streams: int, registry: CollectorRegistry) -> None:
        self.app = app
        self._most = {False: most, True: most_streams}
        self._now = {False: 0, True: 0}
        self._shed = Counter("disposisi_requests_shed", "API requests refused because of overload", registry=registry)
        self._open = Gauge("disposisi_requests_open", "API requests being answered", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it at once."""
        if scope["type"] != "http" or not scope["path"].startswith(_SHED):
            await self.app(scope, receive, send)
            return
        is_stream = scope["path"] == _STREAMS
        if self._now[is_stream] >= self._most[is_stream]:
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
        self._count(is_stream, 1)
        try:
            await self.app(scope, receive, send)
        finally:
            self._count(is_stream, -1)

    def _count(self, is_stream: bool, step: int) -> None:
        self._now[is_stream] += step
        self._open.set(self._now[False])
