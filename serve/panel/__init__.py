"""Embeddable suggestion panel for other applications: its script, and CORS for the origins that may use it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.special_paths import SUGGESTIONS

_SCRIPT = Path(__file__).with_name("panel.js")
_PREFLIGHT_SECONDS = 3600

pages = APIRouter(include_in_schema=False)


@pages.get("/panel.js")
async def script() -> FileResponse:
    """Serve the panel's script to any origin: it holds no secret, and uses the caller's own key."""
    headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(_SCRIPT, media_type="text/javascript", headers=headers)


class OtherOrigins:
    """ASGI middleware that allows CORS for the given origins, for suggestions only.

    Without credentials: a page of another origin authenticates with a key, never with the login of its viewer.

    Parameters
    ----------
    origins
        For example ``https://lapor.example.go.id``.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=tuple(origins),
            allow_methods=("POST",),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=("Retry-After",),
            max_age=_PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; for suggestions through the CORS middleware."""
        is_open = scope["type"] == "http" and scope["path"].startswith(SUGGESTIONS)
        await (self._open if is_open else self._app)(scope, receive, send)
