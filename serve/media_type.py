"""The media type of a request's body."""

from __future__ import annotations

from starlette.requests import Request


def media_type(request: Request) -> str:
    """Return the request's media type in lower case, without parameters; empty without a ``Content-Type``."""
    kind: str = request.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()
