"""Refusing requests that are too large, or come too slowly, before they are read to the end."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.api.problems import problem_response


def again(message: Message, receive: Receive) -> Receive:
    """Return what receives a message that was received already, and then what comes after it."""
    messages = [message]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


class BodyLimit:
    """ASGI middleware that answers 413 to bodies of more than ``max_bytes``, 408 to those slower than ``seconds``.

    A body that breaks off reaches nobody: a form cut short reads like a whole one.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, seconds: float) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 or 408, or hand the request on with its body read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.max_bytes:
            await self._refuse(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._read(receive)
        except TimeoutError:
            await self._give_up(scope, receive, send)
            return
        except ClientDisconnect:
            return  # nobody is left to answer
        if body is None:
            await self._refuse(scope, receive, send)
            return
        await self.app(scope, again({"type": "http.request", "body": body, "more_body": False}, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, ``None`` if it is too large.

        Raises
        ------
        ClientDisconnect
            If the sender is gone before its end.
        """
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > self.max_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)

    async def _give_up(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(
            408,
            "Permintaan terlalu lambat",
            f"Isi permintaan belum lengkap setelah {self.seconds:g} detik. Periksa sambungan, lalu kirim lagi.",
            "request-too-slow",
            headers={"Connection": "close"},
        )
        await response(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(
            413,
            "Permintaan terlalu besar",
            f"Permintaan lebih dari {self.max_bytes:,} byte. Kirim dalam beberapa bagian.",
            "request-too-large",
        )
        await response(scope, receive, send)
