"""Middleware that rejects request bodies that are too large, or arrive too slowly, before reading them to the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.numerals import thousands
from serve.api import SMALL_BYTES
from serve.api.problems import error_response, problem_response
from serve.errors import LoginRequiredError

MOST_LARGE: Final = 16  # bodies over SMALL_BYTES in flight at once, so that connections cannot exhaust memory
MOST_PIECES: Final = 400_000  # JSON values in a large body: in 16 MiB of complaints, one comma every 42 letters
_PIECES: Final = b",[{"  # every JSON value but the first is preceded by one of these
_RETRY_SECONDS: Final = 5


def again(message: Message, receive: Receive) -> Receive:
    """Return a ``receive`` that replays a message that was already received, then continues with ``receive``."""
    messages = [message]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


class BodyLimit:
    """ASGI middleware that answers 413 to bodies of more than ``max_bytes``, 408 to those slower than ``seconds``.

    Only a limited number of large bodies may arrive at once: more get 503, and one from an unknown sender gets 401. A
    large body with very many values also gets 413: parsing 5 million empty lists blocks all other answers for seconds,
    even from a thread; as many bytes of text take a tenth of a second. An incomplete body is dropped, because a
    truncated form parses like a complete one. A request with both ``Content-Length`` and ``Transfer-Encoding`` gets 400
    and its connection is closed, against request smuggling (RFC 9112, 6.1).

    Parameters
    ----------
    knows
        Called in a thread; tells whether a request comes from a known sender.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, seconds: float, knows: Callable[[Request], bool]) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.seconds = seconds
        self._knows = knows
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400, 401, 408, 413 or 503, or pass the request on with its body read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        if b"content-length" in headers and b"transfer-encoding" in headers:
            await self._ambiguous()(scope, receive, send)
            return
        if announced.isdigit() and int(announced) > self.max_bytes:
            await self._too_large()(scope, receive, send)
            return
        body = bytearray()
        try:
            try:
                async with asyncio.timeout(self.seconds):
                    refusal = await self._read(scope, receive, body)
            except TimeoutError:
                refusal = self._too_slow()
            except ClientDisconnect:
                return  # nobody is left to answer
            if refusal is None:
                whole = again({"type": "http.request", "body": bytes(body), "more_body": False}, receive)
                del body[SMALL_BYTES + 1 :]  # frees memory, but still shows below that it was a large one
                await self.app(scope, whole, send)
            else:
                await refusal(scope, receive, send)
        finally:
            if len(body) > SMALL_BYTES:
                self._large -= 1

    async def _read(self, scope: Scope, receive: Receive, body: bytearray) -> Response | None:
        """Append the received chunks to ``body``; return an error response if a limit is exceeded, else ``None``.

        Raises
        ------
        ClientDisconnect
            If the client disconnects before the end of the body.
        """
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            was_small = len(body) <= SMALL_BYTES
            body += message.get("body", b"")
            if was_small and len(body) > SMALL_BYTES:
                self._large += 1
                if self._large > MOST_LARGE:
                    return self._too_many()
                if not await run_in_threadpool(self._knows, Request(scope)):
                    return self._unknown()
            if len(body) > self.max_bytes:
                return self._too_large()
            if not message.get("more_body", False):
                return self._too_many_pieces() if _has_many_pieces(body) else None

    def _ambiguous(self) -> Response:
        return problem_response(
            400,
            "Permintaan tidak dapat dibaca",
            "Panjang isi disebut dua kali: Content-Length dan Transfer-Encoding. Kirim salah satu saja.",
            "http",
            headers={"Connection": "close"},
        )

    def _too_slow(self) -> Response:
        return problem_response(
            408,
            "Permintaan terlalu lambat",
            f"Isi permintaan belum lengkap setelah {self.seconds:g} detik. Periksa sambungan, lalu kirim lagi.",
            "request-too-slow",
            headers={"Connection": "close"},
        )

    def _too_large(self) -> Response:
        return problem_response(
            413,
            "Permintaan terlalu besar",
            f"Permintaan lebih dari {thousands(self.max_bytes)} byte. Kirim dalam beberapa bagian.",
            "request-too-large",
        )

    def _too_many_pieces(self) -> Response:
        return problem_response(
            413,
            "Permintaan terlalu besar",
            f"Permintaan terdiri atas lebih dari {thousands(MOST_PIECES)} nilai. Kirim dalam beberapa bagian.",
            "request-too-large",
        )

    def _unknown(self) -> Response:
        error = LoginRequiredError("Permintaan sebesar ini perlu kunci API.", mend="Kirim Authorization: Bearer KUNCI.")
        return error_response(error)

    def _too_many(self) -> Response:
        return problem_response(
            503,
            "Terlalu banyak permintaan sekaligus",
            f"Terlalu banyak permintaan besar sekaligus. Kirim lagi setelah {_RETRY_SECONDS} detik.",
            "overloaded",
            headers={"Retry-After": str(_RETRY_SECONDS)},
        )


def _has_many_pieces(body: bytearray) -> bool:
    """Tell whether a large body may hold too many JSON values: an upper bound, as it counts inside strings, too."""
    return len(body) > SMALL_BYTES and len(body) - len(body.translate(None, _PIECES)) > MOST_PIECES
