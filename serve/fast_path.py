"""Fast path for single suggestions: bypasses FastAPI when there is nothing to refuse, look up or wait for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.errors import DisposisiError
from serve.api.suggestion_schema import ComplaintIn
from serve.api.suggestions import answer, fits_inline
from serve.body_limit import again
from serve.media_type import media_type
from serve.security import Door
from serve.special_paths import SUGGESTIONS
from serve.store.suggester import Suggester

_ROUTE: Final = SimpleNamespace(path=SUGGESTIONS)  # the route that RequestLog logs


class FastPath:
    """ASGI middleware that answers requests for one suggestion itself if FastAPI would give the same answer.

    FastAPI takes a tenth of a request's time: each suggestion evicts FastAPI's code from the CPU cache, so that it runs
    several times slower than for an empty endpoint.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != SUGGESTIONS or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        scope["route"] = _ROUTE
        message = await receive()  # the whole body: BodyLimit has read it
        response = _straight(Request(scope), message["body"])
        if response is None:
            await self.app(scope, again(message, receive), send)
        else:
            await response(scope, receive, send)


def _straight(request: Request, body: bytes) -> Response | None:
    """Return the response; ``None`` if the request needs the full path, such as to describe an error."""
    if media_type(request) != "application/json":
        return None
    door: Door = request.app.state.door
    suggester: Suggester = request.app.state.suggester
    try:
        complaint = ComplaintIn.model_validate_json(body).complaint()
        if fits_inline(complaint) and door.is_remembered(request):
            return answer(suggester.suggest(complaint))
    except (ValidationError, DisposisiError):
        pass
    return None
