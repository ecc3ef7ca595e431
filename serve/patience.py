"""A server that waits for nobody for ever: connections that send no request, send it too slowly or take no answer."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from serve.addresses import EVENTS
from serve.whole_address import WholeAddressProtocol

ANSWER_SECONDS: Final = 30.0  # in which somebody takes nothing of an answer
HEADER_SECONDS: Final = 10.0  # from the first moment of a connection, or the end of the last answer, to whole headers


class PatientProtocol(WholeAddressProtocol):
    """The server's HTTP protocol: uvicorn's, with an end to its patience.

    uvicorn limits how long a connection may be idle after an answer, but not how long the first headers may take
    (*slowloris*), nor how long it waits for somebody to take an answer: some connections on which nobody reads would
    hold all the places that requests have. A body that trickles in is :class:`serve.body_limit.BodyLimit`'s matter.
    """

    answer_seconds: float = ANSWER_SECONDS
    header_seconds: float = HEADER_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came, and stop waiting once a request is whole enough to be answered."""
        super().data_received(data)
        self._watch()

    def shutdown(self) -> None:
        """Let a request be answered before the server stops, but for a page that listens: it would do so for ever.

        Its browser asks again, and finds the server that comes next.
        """
        super().shutdown()
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete and cycle.scope["path"] == EVENTS:
            self.transport.close()

    def pause_writing(self) -> None:
        """Begin to wait for somebody to take what was written."""
        super().pause_writing()
        self._wait_for_taking()

    def resume_writing(self) -> None:
        """Stop waiting: it was taken."""
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        self._go_on()
        super().connection_lost(exc)

    def _watch(self) -> None:
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.header_seconds, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.close()

    def _wait_for_taking(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(self.answer_seconds, self._look_again, left)

    def _look_again(self, before: int) -> None:
        if self.transport.get_write_buffer_size() < before:
            self._wait_for_taking()
        else:
            self.transport.abort()

    def _go_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


# How uvicorn runs, alone or in each of several workers.
OPTIONS: Final[dict[str, Any]] = {
    "http": PatientProtocol,
    "log_config": None,
    "access_log": False,  # serve.logs.RequestLog does it
    "server_header": False,
    # Longer than clients and proxies keep an idle connection (5 to 60 s): if the server is the first to close, it may
    # do so under a request that has just been sent.
    "timeout_keep_alive": 65,
    # Requests that are being answered end first; 1,000 suggestions at once may take longer than a restart should.
    "timeout_graceful_shutdown": 5,
}
