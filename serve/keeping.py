"""What proxies and browsers may do with the API's answers."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.addresses import PROGRAMS

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class NoKeeping:
    """ASGI middleware that lets no proxy or browser keep an answer of the API: most hold citizens' words.

    HTTP lets them keep an answer to ``GET`` that says nothing about it. What serves several people may keep none to a
    request with a header ``Authorization``, but Open311's key is in the address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
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
