"""The short way to a suggestion, for requests in which there is nothing to refuse, look up or wait for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import ComplaintError
from serve.api.suggestion_schema import ComplaintIn
from serve.media_type import media_type
from serve.security import Door
from serve.store.suggester import Suggester

MAX_INLINE_CHARS: Final = 1500  # 97 of 100 real complaints are shorter
# Made by this program and typed: to have it validated by its own schema again would cost more than to make it.
_written = TypeAdapter(Suggestion).dump_json


class StraightRoute(APIRoute):
    """An endpoint for one suggestion that leaves out FastAPI's way to it where both lead to the same answer.

    That way is a tenth of what a request costs: a suggestion displaces its code from the processor's cache each time,
    so that it takes several times as long as beside an empty endpoint.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        usual = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await _straight(request) or await usual(request)

        return handle


def answer(suggestion: Suggestion) -> Response:
    """Return a suggestion as a response."""
    return Response(_written(suggestion), media_type="application/json")


def fits_inline(complaint: Complaint) -> bool:
    """Tell whether to hand a complaint to a thread takes longer than to answer it; a long one keeps others waiting."""
    return len(complaint.full_text) <= MAX_INLINE_CHARS


async def _straight(request: Request) -> Response | None:
    """Return the answer; ``None`` if it takes more than that to find out what it is."""
    if media_type(request) != "application/json":
        return None
    try:
        complaint = ComplaintIn.model_validate_json(await request.body()).complaint()
    except (ValidationError, ComplaintError):
        return None
    door: Door = request.app.state.door
    suggester: Suggester = request.app.state.suggester
    if not fits_inline(complaint) or not door.is_remembered(request):
        return None
    return answer(suggester.suggest(complaint))
