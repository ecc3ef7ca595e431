"""Cache headers of API responses."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.special_paths import PROGRAMS

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class NoStoreMiddleware:
    """ASGI middleware that marks API responses ``no-store``, because most contain citizens' words.

    Without cache headers, HTTP lets proxies and browsers cache responses to ``GET``. Shared caches leave out requests
    with an ``Authorization`` header, but Open311 passes its key in the URL.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, adding the headers to the response."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PROGRAMS):
            await self.app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, marked)
