"""Connection timeouts: closes connections that send no request, send one too slowly, or don't read the answer."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from serve.absolute_form import AbsoluteFormProtocol
from serve.special_paths import EVENTS

ANSWER_SECONDS: Final = 30.0  # without progress in writing the response
HEADER_SECONDS: Final = 10.0  # from connecting, or from the end of the last response, to complete headers


class TimeoutProtocol(AbsoluteFormProtocol):
    """uvicorn's HTTP protocol with timeouts for reading headers and writing the response.

    uvicorn limits how long a connection may be idle after a response, but not how long the first headers may take
    (*slowloris*), nor how long it waits for a client to read the response: a few clients that never read could occupy
    all request slots. Slow bodies are handled by :class:`serve.body_limit.BodyLimit`.
    """

    answer_seconds: float = ANSWER_SECONDS
    header_seconds: float = HEADER_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the header timeout."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Pass the data on, and stop the header timeout once a request is being answered."""
        super().data_received(data)
        self._watch()

    def shutdown(self) -> None:
        """Let a request finish before the server stops, but close an event stream, which would never finish.

        Its browser reconnects, and reaches the next server.
        """
        super().shutdown()
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete and cycle.scope["path"] == EVENTS:
            self.transport.close()

    def pause_writing(self) -> None:
        """Start the write timeout: the client doesn't keep up with reading."""
        super().pause_writing()
        self._wait_for_taking()

    def resume_writing(self) -> None:
        """Stop the write timeout: the client has caught up."""
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both timeouts."""
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


# uvicorn's options, for a single process and for each of several workers.
OPTIONS: Final[dict[str, Any]] = {
    "http": TimeoutProtocol,
    "log_config": None,
    "access_log": False,  # serve.logs.RequestLog logs requests
    "server_header": False,
    # Longer than clients and proxies keep an idle connection (5 to 60 s): if the server closes first, it may do so just
    # as a request is being sent.
    "timeout_keep_alive": 65,
    # Requests in progress may finish, but a batch of 1,000 suggestions may take longer than a restart should.
    "timeout_graceful_shutdown": 5,
}
